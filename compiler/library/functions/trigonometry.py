"""Trigonometric and hyperbolic functions and their inverses."""

from __future__ import annotations

from .. import elementary
from ..definitions import Tensor
from ..domains import unless_nan, where
from ..graph import pt
from ..supports import Real
from ._axes import ELEMENTWISE, ELEMENTWISE_2, elementwise


@elementwise(ELEMENTWISE, reference="numpy.cos(x)")
def cos(x: Tensor) -> Tensor:
    return pt.cos(x)


@elementwise(ELEMENTWISE, reference="numpy.sin(x)")
def sin(x: Tensor) -> Tensor:
    return pt.sin(x)


@elementwise(ELEMENTWISE, reference="numpy.tan(x)")
def tan(x: Tensor) -> Tensor:
    return pt.tan(x)


@elementwise(ELEMENTWISE, reference="numpy.arccos(x)")
def acos(x: Tensor) -> Tensor:
    return pt.arccos(x)


@elementwise(ELEMENTWISE, reference="numpy.arcsin(x)")
def asin(x: Tensor) -> Tensor:
    return pt.arcsin(x)


@elementwise(ELEMENTWISE, reference="numpy.arctan(x)")
def atan(x: Tensor) -> Tensor:
    return pt.arctan(x)


@elementwise(ELEMENTWISE_2, reference="numpy.arctan2(y, x)")
def atan2(y: Tensor, x: Tensor) -> Tensor:
    """The angle of the point (x, y)."""
    return elementary.atan2(y, x)


@elementwise(ELEMENTWISE, reference="numpy.cosh(x)")
def cosh(x: Tensor) -> Tensor:
    return pt.cosh(x)


@elementwise(ELEMENTWISE, reference="numpy.sinh(x)")
def sinh(x: Tensor) -> Tensor:
    return pt.sinh(x)


@elementwise(ELEMENTWISE, reference="numpy.tanh(x)")
def tanh(x: Tensor) -> Tensor:
    return pt.tanh(x)


@elementwise(ELEMENTWISE, reference="numpy.arccosh(x)", domain=where(x=Real(lower=1)))
def acosh(x: Tensor) -> Tensor:
    return elementary.acosh(x)


@elementwise(ELEMENTWISE, reference="numpy.arcsinh(x)")
def asinh(x: Tensor) -> Tensor:
    return elementary.asinh(x)


@elementwise(ELEMENTWISE, reference="numpy.arctanh(x)", domain=unless_nan(x=Real(lower=-1, upper=1)))
def atanh(x: Tensor) -> Tensor:
    return pt.arctanh(x)
