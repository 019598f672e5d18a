"""The cdf of the standard Student t distribution on the log scale: half an incomplete beta function per tail."""

from __future__ import annotations

import math

from .beta import incomplete_beta, log_beta, log_beta_weight
from .gamma import log1mexp


def lower(z, nu):
    """(log P(T <= z), its derivative in nu)."""
    if math.isnan(z) or not 0 < nu < math.inf:
        return math.nan, math.nan
    square = z * z
    if square == math.inf:
        return (0.0 if z > 0 else -math.inf), 0.0
    if z == 0:
        return -math.log(2), 0.0
    x, complement = nu / (nu + square), square / (nu + square)
    log_value, slope_a, _ = incomplete_beta(nu / 2, 0.5, x, complement)
    log_tail = log_value - math.log(2)
    # as nu grows, x grows by x (1 - x) / nu
    slope = 0.5 * slope_a + math.exp(log_beta_weight(nu / 2, 0.5, x, complement) - log_value) / nu
    if z < 0:
        return log_tail, slope
    log_rest = log1mexp(log_tail)
    return log_rest, -math.exp(log_tail - log_rest) * slope


def log_student_t_cdf(z, nu):
    return lower(z, nu)[0]


def log_student_t_cdf_z(z, nu):
    """The density over the cdf."""
    if z * z == math.inf:
        return 0.0
    log_density = -log_beta(nu / 2, 0.5) - 0.5 * math.log(nu) - (nu + 1) / 2 * math.log1p(z * z / nu)
    return math.exp(log_density - lower(z, nu)[0])


def log_student_t_cdf_nu(z, nu):
    return lower(z, nu)[1]
