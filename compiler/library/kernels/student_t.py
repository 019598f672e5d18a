"""The cdf of the standard Student t distribution on the log scale: half an incomplete beta function per tail."""

from __future__ import annotations

import math

from .beta import incomplete_beta, log_beta
from .gamma import rest_of


def lower(z, nu):
    """(log P(T <= z), its derivatives in z and nu)."""
    if math.isnan(z) or not 0 < nu < math.inf:
        return math.nan, math.nan, math.nan
    square = z * z
    if square == math.inf:
        return (0.0 if z > 0 else -math.inf), 0.0, 0.0
    if square == 0:
        return -math.log(2), 2 * math.exp(-log_beta(nu / 2, 0.5)) / math.sqrt(nu), 0.0
    x, complement = nu / (nu + square), square / (nu + square)
    log_value, slope_a, _, slope_x = incomplete_beta(nu / 2, 0.5, x, complement)
    log_tail = log_value - math.log(2)
    # as nu grows, x grows by x (1 - x) / nu, and as z grows, by -2 x (1 - x) / z
    moved = slope_x * x * complement
    slope_z, slope_nu = -2 * moved / z, 0.5 * slope_a + moved / nu
    if z < 0:
        return log_tail, slope_z, slope_nu
    log_rest, odds = rest_of(log_tail)
    return log_rest, -odds * slope_z, -odds * slope_nu


def log_student_t_cdf(z, nu):
    return lower(z, nu)[0]


def log_student_t_cdf_z(z, nu):
    return lower(z, nu)[1]


def log_student_t_cdf_nu(z, nu):
    return lower(z, nu)[2]
