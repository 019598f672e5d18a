"""Absolute values, rounding, remainders, and the smaller or larger of two."""

from __future__ import annotations

from ..definitions import Condition, Tensor, function
from ..domains import not_zero
from ..graph import pt
from ..kernels import remainder
from ..special import Special
from ._axes import ELEMENTWISE, ELEMENTWISE_2, align, elementwise

_fmod = Special(remainder.fmod, remainder.fmod_x, remainder.fmod_y)


@function(
    "(int) => int elementwise", "(real) => real elementwise",
    name="abs", reference="numpy.abs(x)",
)  # fmt: skip
def absolute(x: Tensor) -> Tensor:
    """The absolute value."""
    return pt.abs(x)


@elementwise(ELEMENTWISE_2, reference="numpy.maximum(x - y, 0.0)")
def fdim(x: Tensor, y: Tensor) -> Tensor:
    """x - y where that is positive, else 0."""
    return pt.switch(pt.le(x, y), 0.0, x - y)


@elementwise(ELEMENTWISE_2, reference="numpy.fmin(x, y)")
def fmin(x: Tensor, y: Tensor) -> Tensor:
    """The smaller of the two; a number rather than a nan."""
    return pt.switch(pt.isnan(y) | pt.lt(x, y), x, y)


@elementwise(ELEMENTWISE_2, reference="numpy.fmax(x, y)")
def fmax(x: Tensor, y: Tensor) -> Tensor:
    """The larger of the two; a number rather than a nan."""
    return pt.switch(pt.isnan(y) | pt.gt(x, y), x, y)


@elementwise(ELEMENTWISE_2, reference="numpy.fmod(x, y)")
def fmod(x: Tensor, y: Tensor) -> Tensor:
    """The remainder of x / y, with the sign of x."""
    return _fmod(x, y)


@elementwise(ELEMENTWISE, reference="numpy.floor(x)")
def floor(x: Tensor) -> Tensor:
    """The largest whole number that is not larger."""
    return pt.floor(x)


@elementwise(ELEMENTWISE, reference="numpy.ceil(x)")
def ceil(x: Tensor) -> Tensor:
    """The smallest whole number that is not smaller."""
    return pt.ceil(x)


@elementwise(ELEMENTWISE, reference="numpy.trunc(x + numpy.copysign(0.5, x))", name="round")
def round_(x: Tensor) -> Tensor:
    """The nearest whole number, halves away from zero."""
    return pt.round(x, mode="half_away_from_zero")


@elementwise(ELEMENTWISE, reference="numpy.trunc(x)")
def trunc(x: Tensor) -> Tensor:
    """The whole number next to x towards zero."""
    return pt.trunc(x)


def _is_int(x: Tensor) -> Tensor:
    return (x > -(2.0**31) - 1) & (x < 2.0**31)


@function(
    "(data int) => int elementwise",
    "(data real) => int elementwise",
    reference="numpy.trunc(x).astype(int)",
    domain=(Condition(("x",), "fit into an int of 32 bits", _is_int, nan=False),),
)
def to_int(x: Tensor) -> Tensor:
    """x without its fraction, as an int."""
    return pt.cast(x if x.dtype.startswith("int") else pt.trunc(x), "int64")


@elementwise("(real, int) => real elementwise", reference="numpy.ldexp(x, y)")
def ldexp(x: Tensor, y: Tensor) -> Tensor:
    """x times 2 to the power y."""
    return x * pt.exp2(y)


@function("(int, int) => int", reference="numpy.fmod(x, y)", domain=(not_zero("y"),))
def modulus(x: Tensor, y: Tensor) -> Tensor:
    """x % y, with the sign of x as in C."""
    x, y = align(x, y)
    return pt.sign(x) * pt.mod(pt.abs(x), pt.abs(y))
