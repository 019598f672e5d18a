"""The logarithm of the beta function, gamma(x) gamma(y) / gamma(x + y), and its derivatives.

Let a <= b be the arguments and c = a + b. Stirling's formula for the three gamma functions leaves

    (a + s - 1/2) log(a + s) + (b - 1/2) log(b / c) - a log(c) - s + log(2 pi) / 2

where large logarithms cancel, with s = 0; log(b / c) is log1p(-a / c). It holds from 3 on. An `a` below that is raised
by s = 3, by the recurrence; a `b` below that is as well, and c with it, so that c - b stays a.
"""

# ruff: noqa: F821
from ..language import aside, exact


@exact
def log_beta(x: float, y: float) -> float:
    """The error is an ulp of the terms. Below 0, of the absolute values of the gamma functions."""
    a = x if x < y else y
    b = y if x < y else x
    beyond = log_beta_beyond(nan if a >= 1e-300 else x, y)
    low = a < 3.0
    both = b < 3.0
    A = a + 3.0 if low else a
    B = b + 3.0 if both else b
    c = a + b
    C = c + 3.0 if both else c
    raised = (_rising(c) / _rising(b) if both else 1.0) * (A * A * A / _rising(a) if low else 1.0) / sqrt(A)
    main = (B - 0.5) * log1p(-a / C) + (
        a * log(A / C) + (log(raised) + (-2.0810614667953272 if low else 0.9189385332046728))
    )
    return main + (_stirling(A) + (_stirling(B) - _stirling(C))) if a >= 1e-300 else beyond


@exact
def log_beta_x(x: float, y: float) -> float:
    """The derivative by x: digamma(x) - digamma(x + y)."""
    beyond = log_beta_x_beyond(nan if (x if x < y else y) >= 1e-300 else x, y)
    inside = log_beta_below(x, y) if x < y else log_beta_above(x, y)
    return inside if (x if x < y else y) >= 1e-300 else beyond


@exact
def log_beta_y(x: float, y: float) -> float:
    """The derivative by y."""
    beyond = log_beta_x_beyond(nan if (x if x < y else y) >= 1e-300 else y, x)
    inside = log_beta_above(x, y) if x < y else log_beta_below(x, y)
    return inside if (x if x < y else y) >= 1e-300 else beyond


@exact
def log_beta_below(x: float, y: float) -> float:
    """digamma(a) - digamma(c)."""
    a = x if x < y else y
    b = y if x < y else x
    low = a < 3.0
    both = b < 3.0
    A = a + 3.0 if low else a
    c = a + b
    C = c + 3.0 if both else c
    return log(A / C) + (
        (_less_log(C) - _less_log(A)) + ((_inverses(c) if both else 0.0) - (_inverses(a) if low else 0.0))
    )


@exact
def log_beta_above(x: float, y: float) -> float:
    """digamma(b) - digamma(c)."""
    a = x if x < y else y
    b = y if x < y else x
    both = b < 3.0
    B = b + 3.0 if both else b
    c = a + b
    C = c + 3.0 if both else c
    return log1p(-a / C) + ((_less_log(C) - _less_log(B)) + (_inverses(c) - _inverses(b) if both else 0.0))


@exact
def _rising(x: float) -> float:
    """x (x + 1) (x + 2)."""
    return x * ((x + 1.0) * (x + 2.0))


@exact
def _inverses(x: float) -> float:
    """1 / x + 1 / (x + 1) + 1 / (x + 2)."""
    return ((x + 1.0) * (x + 2.0) + x * (x + x + 3.0)) / _rising(x)


@exact
def _less_log(x: float) -> float:
    """log(x) - digamma(x), for x >= 3."""
    u = 1.0 / x
    s = u * u
    s = s if s < 0.112 else 0.112
    return 0.5 * u + s * _digamma_far(s)


@aside
@exact
def log_beta_beyond(x: float, y: float) -> float:
    """Where an argument is not above 0, or subnormal."""
    a = x if x < y else y
    b = y if x < y else x
    return log1p(a / b) - log(a) if a >= 0.0 else log_gamma(x) + log_gamma(y) - log_gamma(x + y)


@aside
@exact
def log_beta_x_beyond(x: float, y: float) -> float:
    """Its derivative by x."""
    return digamma(x) - digamma(x + y)
