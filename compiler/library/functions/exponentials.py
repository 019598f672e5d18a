"""Exponentials, logarithms and powers."""

from __future__ import annotations

from ..definitions import Tensor
from ..domains import unless_nan
from ..graph import np, pt
from ..supports import Real
from ._axes import ELEMENTWISE, ELEMENTWISE_2, elementwise, frozen

LOG_2 = 0.6931471805599453
LOG_10 = 2.302585092994046
SMALLEST_SCALE = 1e-290  # its reciprocal is finite


@elementwise(ELEMENTWISE, reference="numpy.exp(x)")
def exp(x: Tensor) -> Tensor:
    """e to the power x."""
    return pt.exp(x)


@elementwise(ELEMENTWISE, reference="numpy.exp2(x)")
def exp2(x: Tensor) -> Tensor:
    """2 to the power x."""
    return pt.exp2(x)


@elementwise(ELEMENTWISE, reference="numpy.expm1(x)")
def expm1(x: Tensor) -> Tensor:
    """exp(x) - 1, exact near 0."""
    return pt.expm1(x)


@elementwise(ELEMENTWISE, reference="numpy.log(x)")
def log(x: Tensor) -> Tensor:
    """The natural logarithm."""
    return pt.log(x)


@elementwise(ELEMENTWISE, reference="numpy.log1p(x)", domain=unless_nan(x=Real(lower=-1)))
def log1p(x: Tensor) -> Tensor:
    """log(1 + x), exact near 0."""
    return pt.log1p(x)


@elementwise(ELEMENTWISE, reference="numpy.log1p(-x)", domain=unless_nan(x=Real(upper=1)))
def log1m(x: Tensor) -> Tensor:
    """log(1 - x), exact near 0."""
    return pt.log1p(-x)


@elementwise(ELEMENTWISE, reference="numpy.logaddexp(0, x)")
def log1p_exp(x: Tensor) -> Tensor:
    """log(1 + exp(x)), without overflow."""
    return pt.softplus(x)


@elementwise(ELEMENTWISE, reference="numpy.log(-numpy.expm1(x))")
def log1m_exp(x: Tensor) -> Tensor:
    """log(1 - exp(x)) for x < 0, exact near 0 and far below it."""
    return pt.log1mexp(x)


@elementwise(ELEMENTWISE, reference="numpy.log2(x)")
def log2(x: Tensor) -> Tensor:
    """The logarithm to base 2."""
    return pt.log2(x)


@elementwise(ELEMENTWISE, reference="numpy.log10(x)")
def log10(x: Tensor) -> Tensor:
    """The logarithm to base 10."""
    return pt.log10(x)


@elementwise(ELEMENTWISE, reference="numpy.sqrt(x)")
def sqrt(x: Tensor) -> Tensor:
    """The square root."""
    return pt.sqrt(x)


@elementwise(ELEMENTWISE, reference="numpy.cbrt(x)")
def cbrt(x: Tensor) -> Tensor:
    """The cube root, negative for negative x."""
    size = pt.abs(x)
    whole = pt.eq(size, 0) | pt.isinf(size)
    inside = pt.switch(whole, 1.0, size)
    root = inside ** (1 / 3)  # 1 / 3 is rounded: one step of Newton's method gives the digits that costs
    return pt.sign(x) * pt.switch(whole, size, root - (root * root * root - inside) / (3 * root * root))


@elementwise(ELEMENTWISE, reference="x * x")
def square(x: Tensor) -> Tensor:
    """x * x."""
    return pt.sqr(x)


@elementwise(ELEMENTWISE, reference="1 / x")
def inv(x: Tensor) -> Tensor:
    """1 / x."""
    return pt.reciprocal(x)


@elementwise(ELEMENTWISE, reference="x ** -0.5")
def inv_sqrt(x: Tensor) -> Tensor:
    """1 / sqrt(x)."""
    return pt.reciprocal(pt.sqrt(x))


@elementwise(ELEMENTWISE, reference="x ** -2.0")
def inv_square(x: Tensor) -> Tensor:
    """1 / x^2."""
    return x**-2.0


@elementwise(ELEMENTWISE_2, reference="numpy.hypot(x, y)")
def hypot(x: Tensor, y: Tensor) -> Tensor:
    """sqrt(x^2 + y^2), without overflow."""
    infinite = pt.isinf(x) | pt.isinf(y)
    x, y = pt.switch(infinite, 1.0, x), pt.switch(infinite, 1.0, y)
    largest = pt.maximum(pt.abs(x), pt.abs(y))
    scale = frozen(pt.maximum(largest, SMALLEST_SCALE))  # the result does not depend on it
    return pt.switch(infinite, np.inf, scale * pt.sqrt(pt.sqr(x / scale) + pt.sqr(y / scale)))
