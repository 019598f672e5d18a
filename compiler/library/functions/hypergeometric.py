"""Hypergeometric functions."""

from __future__ import annotations

from typing import Any

from .. import elementary
from ..definitions import Function, Tensor, function
from ..domains import where
from ..graph import np, pt
from ..kernels import hypergeometric
from ..supports import Real
from ._axes import align, frozen, real, within

LINE = "vector|row_vector|array[] real"


def _series(a: Tensor, b: Tensor, z: Tensor) -> Any:
    from ..ops.array_kernel import array_kernel

    operation = array_kernel(hypergeometric.value, hypergeometric.gradient, "(p),(q),()->()")
    return operation(real(a), real(b), real(z))


@function("(real, real) => real", reference="(1 - z) ** -a", domain=where(z=Real(above=-1, below=1)))
def hypergeometric_1F0(a: Tensor, z: Tensor) -> Tensor:
    """(1 - z)^(-a) for -1 < z < 1."""
    a, z = align(a, z)
    return within(pt.lt(pt.abs(z), 1), pt.exp(-a * pt.log1p(-z)))


@function(
    "(real, real, real, real) => real", reference="scipy.special.hyp2f1(a, b, c, z)", domain=where(z=Real(upper=1))
)
def hypergeometric_2F1(a: Tensor, b: Tensor, c: Tensor, z: Tensor) -> Tensor:
    """Gauss' hypergeometric function for z <= 1; a negative z is mapped to z / (z - 1) (DLMF 15.8.1)."""
    a, b, c, z = map(real, align(a, b, c, z))
    at_end = pt.eq(z, 1) & pt.gt(a, 0) & pt.gt(b, 0) & pt.gt(c, a + b)
    inside = [pt.switch(at_end, 0.5, argument) for argument in (a, b, c, z)]
    at_one = [pt.switch(at_end, argument, 0.5 + place) for place, argument in enumerate((a, b, c, z))]
    return pt.switch(at_end, _at_one(*at_one), _inside(*inside))


def _at_one(a: Tensor, b: Tensor, c: Tensor, z: Tensor) -> Tensor:
    """For z = 1, 0 < a, 0 < b and a + b < c, by Gauss' theorem (DLMF 15.4.20), with its slope where that is finite."""

    def value(a: Tensor, b: Tensor, c: Tensor) -> Tensor:
        above = elementary.log_gamma(c) + elementary.log_gamma(c - a - b)
        return pt.exp(above - elementary.log_gamma(c - a) - elementary.log_gamma(c - b))

    slope = pt.switch(pt.gt(c - a - b, 1), a * b / c * value(a + 1, b + 1, c + 1), np.inf)
    return value(a, b, c) + (z - frozen(z)) * frozen(slope)


def _inside(a: Tensor, b: Tensor, c: Tensor, z: Tensor) -> Tensor:
    negative = pt.lt(z, 0)
    reflected = pt.stack([a, pt.switch(negative, c - b, b)], axis=-1)
    factor = pt.exp(-a * pt.log1p(pt.switch(negative, -z, 0.0)))
    series = _series(reflected, c[..., None], pt.switch(negative, z / (z - 1), z))
    return factor * series


hypergeometric_series = tuple(
    Function(name, (f"({LINE}, {LINE}, real) => real",), _series, summary="The generalised hypergeometric series.")
    for name in ("hypergeometric_3F2", "hypergeometric_pFq")
)
