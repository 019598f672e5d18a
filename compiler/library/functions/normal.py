"""The normal distribution function, its inverse and relatives."""

from __future__ import annotations

from ..definitions import Tensor
from ..graph import pt
from ._axes import ELEMENTWISE, elementwise

SQRT_2 = 1.4142135623730951
SQRT_HALF = 0.7071067811865476


@elementwise(ELEMENTWISE, reference="scipy.special.erf(x)")
def erf(x: Tensor) -> Tensor:
    """2 / sqrt(pi) times the integral of exp(-t^2) from 0 to x."""
    return pt.erf(x)


@elementwise(ELEMENTWISE, reference="scipy.special.erfc(x)")
def erfc(x: Tensor) -> Tensor:
    """1 - erf(x), exact in the upper tail."""
    return pt.erfc(x)


@elementwise(ELEMENTWISE, reference="scipy.special.erfcinv(x)")
def inv_erfc(x: Tensor) -> Tensor:
    """The inverse of erfc."""
    return pt.erfcinv(x)


@elementwise(ELEMENTWISE, name="Phi", reference="scipy.special.ndtr(x)")
def phi(x: Tensor) -> Tensor:
    """The standard normal cumulative distribution function."""
    return 0.5 * pt.erfc(-SQRT_HALF * x)


@elementwise(ELEMENTWISE, name="Phi_approx", reference="scipy.special.expit(0.07056 * x**3 + 1.5976 * x)")
def phi_approx(x: Tensor) -> Tensor:
    """A logistic approximation of Phi."""
    return pt.sigmoid(x * (0.07056 * pt.sqr(x) + 1.5976))


def _quantile(p: Tensor) -> Tensor:
    return -SQRT_2 * pt.erfcinv(2 * p)


@elementwise(ELEMENTWISE, name="inv_Phi", reference="scipy.special.ndtri(p)")
def inverse_phi(p: Tensor) -> Tensor:
    """The standard normal quantile function."""
    return _quantile(p)


@elementwise(ELEMENTWISE, reference="scipy.special.ndtri(p)")
def std_normal_qf(p: Tensor) -> Tensor:
    """The standard normal quantile function."""
    return _quantile(p)
