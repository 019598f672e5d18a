"""Quantiles of the normal, beta and Student t distributions, with their derivatives."""

from __future__ import annotations

import math

from .beta import incomplete_beta, log_inc_beta, log_inc_beta_x
from .normal import log_ndtr, log_ndtr_slope

LOG_HALF = math.log(0.5)


# Normal: algorithm AS 241 (Wichura 1988), to 1e-16 -------------------------------------------------


def normal_quantile(p):
    """The z with P(Z <= z) = p; infinite for p = 0 and 1, nan outside."""
    q = p - 0.5
    if abs(q) <= 0.425:
        return q * central_ratio(0.180625 - q * q)
    tail = p if q < 0 else 1 - p
    if not tail >= 0:
        return math.nan
    if tail == 0:
        return math.copysign(math.inf, q)
    return math.copysign(tail_quantile(math.sqrt(-math.log(tail))), q)


def central_ratio(r):
    numerator = (((((((
        2.5090809287301226727e3 * r + 3.3430575583588128105e4) * r + 6.7265770927008700853e4) * r
        + 4.5921953931549871457e4) * r + 1.3731693765509461125e4) * r + 1.9715909503065514427e3) * r
        + 1.3314166789178437745e2) * r + 3.3871328727963666080e0)  # fmt: skip
    denominator = (((((((
        5.2264952788528545610e3 * r + 2.8729085735721942674e4) * r + 3.9307895800092710610e4) * r
        + 2.1213794301586595867e4) * r + 5.3941960214247511077e3) * r + 6.8718700749205790830e2) * r
        + 4.2313330701600911252e1) * r + 1.0)  # fmt: skip
    return numerator / denominator


def tail_quantile(r):
    """|z| where the tail's probability is exp(-r^2)."""
    if r <= 5:
        r -= 1.6
        numerator = (((((((
            7.74545014278341407640e-4 * r + 2.27238449892691845833e-2) * r + 2.41780725177450611770e-1) * r
            + 1.27045825245236838258e0) * r + 3.64784832476320460504e0) * r + 5.76949722146069140550e0) * r
            + 4.63033784615654529590e0) * r + 1.42343711074968357734e0)  # fmt: skip
        denominator = (((((((
            1.05075007164441684324e-9 * r + 5.47593808499534494600e-4) * r + 1.51986665636164571966e-2) * r
            + 1.48103976427480074590e-1) * r + 6.89767334985100004550e-1) * r + 1.67638483018380384940e0) * r
            + 2.05319162663775882187e0) * r + 1.0)  # fmt: skip
        return numerator / denominator
    r -= 5
    numerator = (((((((
        2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r + 1.24266094738807843860e-3) * r
        + 2.65321895265761230930e-2) * r + 2.96560571828504891230e-1) * r + 1.78482653991729133580e0) * r
        + 5.46378491116411436990e0) * r + 6.65790464350110377720e0)  # fmt: skip
    denominator = (((((((
        2.04426310338993978564e-15 * r + 1.42151175831644588870e-7) * r + 1.84631831751005468180e-5) * r
        + 7.86869131145613259100e-4) * r + 1.48753612908506148525e-2) * r + 1.36929880922735805310e-1) * r
        + 5.99832206555887937690e-1) * r + 1.0)  # fmt: skip
    return numerator / denominator


def normal_log_quantile(log_p):
    """The z with log P(Z <= z) = log_p, also where exp(log_p) is 0 or 1 to double precision."""
    if not log_p <= 0:
        return math.nan
    if log_p > LOG_HALF:
        return -normal_quantile(-math.expm1(log_p))
    if log_p > -25:  # tail_quantile is exact down to exp(-27^2); stay where exp(log_p) is too
        return normal_quantile(math.exp(log_p))
    if log_p == -math.inf:
        return -math.inf
    z = -math.sqrt(-2 * log_p)
    for _ in range(8):  # Newton's method on a nearly straight, concave function
        z -= (log_ndtr(z) - log_p) / log_ndtr_slope(z)
    return z


# Beta -------------------------------------------------------------------------------------------


def beta_lower_quantile(a, b, p, q):
    """The x in (0, 1/2] with I_x(a, b) = p = 1 - q: Newton's method in log x, kept in a shrinking bracket.

    The smaller of p and q is matched, on the log scale, so that neither tail loses digits.
    """
    low, high = -745.0, LOG_HALF
    from_below = p <= q
    target = math.log(p) if from_below else -math.log(q)
    u = max(low, min(high, (math.log(p) + math.log(a) - 0.5 * (a + b)) / a))
    for _ in range(200):
        x = math.exp(u)
        if from_below:
            error = log_inc_beta(a, b, x, 1 - x) - target
            slope = x * log_inc_beta_x(a, b, x, 1 - x)
        else:
            error = -log_inc_beta(b, a, 1 - x, x) - target
            slope = x * log_inc_beta_x(b, a, 1 - x, x)
        if error == 0:
            break
        if error > 0:
            high = u
        else:
            low = u
        proposal = u - error / slope if slope > 0 else low - 1
        if not low < proposal < high:
            proposal = 0.5 * (low + high)
        if abs(proposal - u) <= 1e-16 * abs(u):
            break
        u = proposal
    return math.exp(u)


def beta_quantile(a, b, p, q):
    """(x, 1 - x) with I_x(a, b) = p = 1 - q, found from the nearer end."""
    if p <= 0:
        return 0.0, 1.0
    if q <= 0:
        return 1.0, 0.0
    if math.log(p) <= log_inc_beta(a, b, 0.5, 0.5):
        x = beta_lower_quantile(a, b, p, q)
        return x, 1 - x
    complement = beta_lower_quantile(b, a, q, p)
    return 1 - complement, complement


def inv_inc_beta(a, b, p):
    if not (a > 0 and b > 0 and 0 <= p <= 1):
        return math.nan
    return beta_quantile(a, b, p, 1 - p)[0]


def inv_inc_beta_a(a, b, p):
    x, complement = beta_quantile(a, b, p, 1 - p)
    slope = log_inc_beta_x(a, b, x, complement)
    return -incomplete_beta(a, b, x, complement)[1] / slope if slope > 0 else 0.0


def inv_inc_beta_b(a, b, p):
    x, complement = beta_quantile(a, b, p, 1 - p)
    slope = log_inc_beta_x(a, b, x, complement)
    return -incomplete_beta(a, b, x, complement)[2] / slope if slope > 0 else 0.0


def inv_inc_beta_p(a, b, p):
    x, complement = beta_quantile(a, b, p, 1 - p)
    log_value = log_inc_beta(a, b, x, complement)
    return 1 / (math.exp(log_value) * log_inc_beta_x(a, b, x, complement))


# Student t --------------------------------------------------------------------------------------


def student_t_quantile(p, nu):
    """The t with P(T <= t) = p for nu degrees of freedom: nu / (nu + t^2) is a beta quantile."""
    if not (nu > 0 and 0 <= p <= 1):
        return math.nan
    tail = min(p, 1 - p)
    if tail == 0:
        return math.copysign(math.inf, p - 0.5)
    x, complement = beta_quantile(0.5 * nu, 0.5, 2 * tail, 1 - 2 * tail)
    return math.copysign(math.sqrt(nu * complement / x), p - 0.5)


def student_t_density(t, nu):
    log_scale = math.lgamma(0.5 * (nu + 1)) - math.lgamma(0.5 * nu) - 0.5 * math.log(math.pi * nu)
    return math.exp(log_scale - 0.5 * (nu + 1) * math.log1p(t * t / nu))


def student_t_quantile_p(p, nu):
    return 1 / student_t_density(student_t_quantile(p, nu), nu)


def student_t_quantile_nu(p, nu):
    """Minus the cdf's derivative in nu over the density."""
    t = student_t_quantile(p, nu)
    x, complement = nu / (nu + t * t), t * t / (nu + t * t)
    log_value, in_a, _, in_x = incomplete_beta(0.5 * nu, 0.5, x, complement)
    tail_slope = 0.5 * math.exp(log_value) * (0.5 * in_a + in_x * complement / (nu + t * t))
    return (tail_slope if p > 0.5 else -tail_slope) / student_t_density(t, nu)
