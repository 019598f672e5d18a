"""The normal distribution function on the log scale, and its hazard, in both tails.

Let r be erfcx(|x| / sqrt(2)): the tail beyond |x| is exp(-x^2 / 2) r / 2.
"""

# ruff: noqa: F821
from ..language import exact, strict


@exact
def log_ndtr(x: float) -> float:
    """log P(Z <= x) for a standard normal Z within 2 ulp."""
    tail = _tail_beyond(x)
    u = 1.0 - tail
    lost = (1.0 - u) - tail
    upper = x > 0.0
    result = log(u if upper else 0.5 * _tail_ratio(x)) + (lost * (1.0 + tail) if upper else -0.5 * x * x)
    return result if x == x else x


@exact
def log_ndtr_slope(x: float) -> float:
    """Density over cdf. At -infinity 0: the limit is infinite, but nothing depends on x where the cdf is zero."""
    tail = _tail_beyond(x)
    upper = x > 0.0
    result = (0.7978845608028654 * (tail if upper else 1.0)) / (_tail_ratio(x) * ((1.0 - tail) if upper else 1.0))
    return (0.0 if x == -inf else result) if x == x else x


@exact
def log_tail_rest(x: float) -> float:
    """log P(Z > x), where x >= 0 without its main part -x^2 / 2."""
    tail = _tail_beyond(x)
    u = 1.0 - tail
    lost = (1.0 - u) - tail
    lower = x < 0.0
    result = log(u if lower else 0.5 * _tail_ratio(x)) + (lost * (1.0 + tail) if lower else 0.0)
    return result if x == x else x


@exact
def log_tail_rest_slope(x: float) -> float:
    """Minus the hazard, which is density over P(Z > x); where x >= 0, x less the hazard."""
    tail = _tail_beyond(x)
    ratio = _tail_ratio(x)
    lower = x < 0.0
    hazard = (0.7978845608028654 * (tail if lower else 1.0)) / (ratio * ((1.0 - tail) if lower else 1.0))
    # The difference cancels as x grows. Near, the product of x and r in two floats; far, the series of the hazard.
    a = fabs(x)
    first = normal_ratio(1e300 if a > 1e300 else a, 4.666904755832408, False)
    product = a * first
    rest = fma(a, first, -product) + a * normal_ratio(1e300 if a > 1e300 else a, 4.666904755832408, True)
    near = ((product - 0.7978845608028654) + (rest + 4.984654404555487e-17)) / ratio
    u = 1.0 / a
    s = u * u
    far = -u * (1.0 + s * (-2.0 + s * (10.0 + s * (-74.0 + s * (706.0 + s * (-8162.0 + s * 110410.0))))))
    return (-hazard if lower else (near if a < 40.0 else far)) if x == x else x


@strict
def _tail_ratio(x: float) -> float:
    """r, also where x is infinite."""
    a = fabs(x)
    a = 1e300 if a > 1e300 else a
    return normal_ratio(a, 4.666904755832408, False) + normal_ratio(a, 4.666904755832408, True)


@strict
def _tail_beyond(x: float) -> float:
    """P(Z > |x|)."""
    a = fabs(x)
    z = 40.0 if a > 40.0 else a
    square = 0.5 * z * z
    a = 1e300 if a > 1e300 else a
    first = normal_ratio(a, 4.666904755832408, False)
    rest = normal_ratio(a, 4.666904755832408, True)
    return 0.5 * _exp_of_sum(-square, -fma(0.5 * z, z, -square), first, rest)
