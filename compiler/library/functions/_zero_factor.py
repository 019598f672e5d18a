"""Products and quotients with a zero known beforehand: 0 * nan, 0 * inf and 0 / 0 are nan, as in Stan.

PyTensor takes them for zero whatever the other number is. Derivatives and densities, where terms with a factor zero are
to vanish, rely on it; a product that a program writes out must not.
"""

from __future__ import annotations

from typing import Any

from ..definitions import Tensor
from ..graph import np, pt


def times(x: Tensor, y: Tensor) -> Tensor:
    """x * y."""
    product = x * y
    if product.type.dtype == "float64":
        for factor, other in ((x, y), (y, x)):
            if is_always(factor, 0):
                return pt.switch(pt.lt(pt.abs(other), np.inf), product, np.nan)
    return product


def over(x: Tensor, y: Tensor) -> Tensor:
    """x / y."""
    quotient = x / y
    return pt.switch(pt.gt(pt.abs(y), 0), quotient, np.nan) if is_always(x, 0) else quotient


def is_always(x: Any, value: float) -> bool:
    """Whether all elements of a graph are this number, which has nothing to do with data or parameters."""
    found = pt.get_underlying_scalar_constant_value(x, raise_not_constant=False)
    return not hasattr(found, "owner") and bool(found == value)
