"""Bessel functions, and Lambert's W."""

from __future__ import annotations

from ..definitions import Tensor
from ..domains import unless_nan, where
from ..graph import np, pt
from ..kernels import bessel_order, lambert
from ..special import Special
from ..supports import Number, Real
from ._axes import ELEMENTWISE, ELEMENTWISE_2, elementwise, within

EXP_MINUS_1 = 0.36787944117144233
ORDER_AND_POINT = "(int, real) => real elementwise"

_log_bessel_i = Special(bessel_order.log_bessel_i_value, bessel_order.log_bessel_i_v, bessel_order.log_bessel_i_x)
_lambert_w0 = Special(lambert.lambert_w0, lambert.lambert_w0_slope)
_lambert_wm1 = Special(lambert.lambert_wm1, lambert.lambert_wm1_slope)


@elementwise(ORDER_AND_POINT, reference="scipy.special.jv(n, x)", domain=where(x=Number()))
def bessel_first_kind(n: Tensor, x: Tensor) -> Tensor:
    """J of order n."""
    far = pt.isinf(x)
    return pt.switch(far, 0.0, pt.jv(n, pt.switch(far, 1.0, x)))


@elementwise(ORDER_AND_POINT, reference="scipy.special.yv(n, x)", domain=unless_nan(x=Real(above=0)))
def bessel_second_kind(n: Tensor, x: Tensor) -> Tensor:
    """Y of order n."""
    from ..ops.bessel import yv

    far = pt.eq(x, np.inf)
    return within(pt.gt(x, 0), pt.switch(far, 0.0, yv(n, pt.switch(far, 1.0, x))))


@elementwise(ORDER_AND_POINT, reference="scipy.special.iv(n, x)", domain=where(x=Number()))
def modified_bessel_first_kind(n: Tensor, x: Tensor) -> Tensor:
    """I of order n."""
    return pt.ive(n, x) * pt.exp(pt.abs(x))


@elementwise(ORDER_AND_POINT, reference="scipy.special.kv(n, x)", domain=unless_nan(x=Real(above=0)))
def modified_bessel_second_kind(n: Tensor, x: Tensor) -> Tensor:
    """K of order n."""
    far = pt.gt(x, 1000)  # where exp(-x) is 0 and the other factor, further out, is not computed
    x = pt.switch(far, 1.0, x)
    return pt.switch(far, 0.0, pt.kve(n, x) * pt.exp(-x))


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
