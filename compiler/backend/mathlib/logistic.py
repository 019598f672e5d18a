"""Functions of the exponential family's links: sigmoid, softplus, log1mexp and powers."""

# ruff: noqa: F821
from ..language import exact


@exact
def sigmoid(x: float) -> float:
    """1 / (1 + exp(-x)), without overflow on either side."""
    e = exp(-fabs(x))
    return (1.0 if x >= 0.0 else e) / (1.0 + e)


@exact
def softplus(x: float) -> float:
    """log(1 + exp(x)) = max(x, 0) + log1p(exp(-|x|))."""
    return (x if x > 0.0 else 0.0 * x) + log1p(exp(-fabs(x)))


@exact
def log1mexp(x: float) -> float:
    """log(1 - exp(x)) for x <= 0; the switch at -log 2 keeps all digits (Maechler 2012)."""
    return log(-expm1(x)) if x > -0.6931471805599453 else log1p(-exp(x))


@exact
def power(x: float, y: float) -> float:
    """x ** y."""
    return pow(x, y)
