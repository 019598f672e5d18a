"""Bessel functions, and Lambert's W."""

from __future__ import annotations

from ..definitions import Tensor
from ..domains import unless_nan, where
from ..graph import pt
from ..kernels import bessel_order, bessel_whole, lambert
from ..special import Slope, Special
from ..supports import Number, Real
from ._axes import ELEMENTWISE, ELEMENTWISE_2, elementwise, within

EXP_MINUS_1 = 0.36787944117144233
ORDER_AND_POINT = "(int, real) => real elementwise"

_j: Special = Special(
    bessel_whole.bessel_j, bessel_whole.no_slope, Slope(lambda n, x: 0.5 * (_j(n - 1, x) - _j(n + 1, x)))
)
_y: Special = Special(
    bessel_whole.bessel_y, bessel_whole.no_slope, Slope(lambda n, x: 0.5 * (_y(n - 1, x) - _y(n + 1, x)))
)
_i: Special = Special(
    bessel_whole.bessel_i, bessel_whole.no_slope, Slope(lambda n, x: 0.5 * (_i(n - 1, x) + _i(n + 1, x)))
)
_k: Special = Special(
    bessel_whole.bessel_k, bessel_whole.no_slope, Slope(lambda n, x: -0.5 * (_k(n - 1, x) + _k(n + 1, x)))
)
_log_bessel_i = Special(bessel_order.log_bessel_i_value, bessel_order.log_bessel_i_v, bessel_order.log_bessel_i_x)
_lambert_w0 = Special(lambert.lambert_w0, lambert.lambert_w0_slope)
_lambert_wm1 = Special(lambert.lambert_wm1, lambert.lambert_wm1_slope)


@elementwise(ORDER_AND_POINT, reference="scipy.special.jv(n, x)", domain=where(x=Number()))
def bessel_first_kind(n: Tensor, x: Tensor) -> Tensor:
    """J of order n."""
    return _j(n, x)


@elementwise(ORDER_AND_POINT, reference="scipy.special.yv(n, x)", domain=unless_nan(x=Real(above=0)))
def bessel_second_kind(n: Tensor, x: Tensor) -> Tensor:
    """Y of order n."""
    return within(pt.gt(x, 0), _y(n, x))


@elementwise(ORDER_AND_POINT, reference="scipy.special.iv(n, x)", domain=where(x=Number()))
def modified_bessel_first_kind(n: Tensor, x: Tensor) -> Tensor:
    """I of order n."""
    return _i(n, x)


@elementwise(ORDER_AND_POINT, reference="scipy.special.kv(n, x)", domain=unless_nan(x=Real(above=0)))
def modified_bessel_second_kind(n: Tensor, x: Tensor) -> Tensor:
    """K of order n."""
    return _k(n, x)


@elementwise(
    ELEMENTWISE_2, reference="numpy.log(scipy.special.ive(v, x)) + x", domain=where(v=Real(lower=-1), x=Real(lower=0))
)
def log_modified_bessel_first_kind(v: Tensor, x: Tensor) -> Tensor:
    """log of I of any order v >= -1."""
    return _log_bessel_i(v, x)


@elementwise(ELEMENTWISE, reference="scipy.special.lambertw(x).real", domain=where(x=Real(lower=-EXP_MINUS_1)))
def lambert_w0(x: Tensor) -> Tensor:
    """The w >= -1 with w exp(w) = x."""
    return _lambert_w0(x)


@elementwise(
    ELEMENTWISE, reference="scipy.special.lambertw(x, -1).real", domain=where(x=Real(lower=-EXP_MINUS_1, upper=0))
)
def lambert_wm1(x: Tensor) -> Tensor:
    """The w <= -1 with w exp(w) = x."""
    return _lambert_wm1(x)
