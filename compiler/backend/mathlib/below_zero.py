"""log gamma and digamma below 0, by reflection: gamma(x) gamma(1 - x) = pi / sin(pi x).

Between two whole numbers both have zeros, near which terms of the reflection cancel. There they are computed again,
with pairs of floats (`pairs`).
"""

# ruff: noqa: F821
from ..language import aside, strict


@aside
@strict
def log_gamma_below(x: float) -> float:
    """log |gamma(x)| within 2 ulp for x <= 0."""
    f = x - rint(x)
    if isnan(x) or x == -inf or f == 0.0:
        return x if isnan(x) else inf
    a = -x
    if a < 1.0:
        product = a * (1.0 - a)
        return (_log_gamma_near(1.0 - a, -a) - long_log(product, True)) - long_log(product, False)
    ratio = sine_ratio(f)
    sine = f * ratio
    product = a * sine
    lost = (fma(a, sine, -product) + a * fma(f, ratio, -sine)) / product
    gamma_part = log_gamma_above(a, False)
    sine_part = long_log(fabs(product), False)
    both = gamma_part + sine_part
    added = both - gamma_part
    rest = (gamma_part - (both - added)) + (sine_part - added) + log_gamma_above(a, True)
    result = (1.1447298858494002 - both) - (rest + (long_log(fabs(product), True) + lost))
    return _log_gamma_near_zeros(x) if fabs(result) < 1.0 else result


@aside
@strict
def _log_gamma_near_zeros(x):
    """log |gamma(x)| for a float from -18 to -1, by 1 / gamma(x) = x (x + 1) ... (x + n) / gamma(1 + x + n)."""
    d = (x + 2.4570247382208006) + 3.7075610815513266e-17
    if fabs(d) < 1e-5:  # two floats beside this zero are nearer to it than pairs can tell
        return d * (1.5156034480216574 + d * (4.8583209516339965 + d * (1.41129114307798 + d * 8.721782583815346)))
    n = -rint(x) if x > -20.0 else 0.0  # others come here, too, where several are computed together
    f = x + n
    product = product_of_pairs((fabs(f), 0.0), reciprocal_gamma_of_next(f))
    for k in range(int(n)):
        product = product_of_pairs(product, pair_of_sum(float(k + 1), -f))
    return -(product[1] / product[0] + log(product[0]))


@aside
@strict
def digamma_below(x: float) -> float:
    """d/dx log |gamma(x)| within 2 ulp for x <= 0; nan at the poles."""
    f = x - rint(x)
    if isnan(x) or x == -inf or f == 0.0:
        return nan
    if x > -1e-20:
        return -1.0 / x
    g = 0.5 - fabs(f)
    ratio = long_sine_ratio(f, False)
    sine = f * ratio
    sine_rest = fma(f, long_sine_ratio(f, True), fma(f, ratio, -sine))
    ratio = long_sine_ratio(g, False)
    cosine = g * ratio
    cosine_rest = fma(g, long_sine_ratio(g, True), fma(g, ratio, -cosine))
    quotient = cosine / sine
    quotient_rest = (fma(-quotient, sine, cosine) + (cosine_rest - quotient * sine_rest)) / sine
    term = 3.141592653589793 * quotient
    term_rest = fma(3.141592653589793, quotient, -term) + (
        1.2246467991473532e-16 * quotient + 3.141592653589793 * quotient_rest
    )
    other = digamma_above(1.0 - x)
    result = (other - term_rest) - term
    return _digamma_near_zeros(x, f) if fabs(result) < 1.0 + 2.0 * fabs(other) else result


@aside
@strict
def _digamma_near_zeros(x, f):
    """digamma(1 - x) - pi / tan(pi x) for a float whose distance to the nearest whole number is f."""
    d = (x + 0.5040830082644554) + 8.15428206243813e-18
    if fabs(d) < 1e-5:  # likewise
        return d * (8.939798558792134 + d * (-0.8093454625306507 + d * (32.258572064915505 + d * -2.761011648790828)))
    cosine = sine_of_pi_times(0.5 - fabs(f))
    quotient = quotient_of_pairs(cosine, sine_of_pi_times(f))
    term = product_of_pairs((-3.141592653589793, -1.2246467991473532e-16), quotient)
    return sum_of_pairs(digamma_of_pair(pair_of_sum(1.0, -x)), term)[0]
