"""Bounds that may be infinite: known at once when they are constants, decided elementwise when they are not."""

from __future__ import annotations

from ..definitions import Tensor
from ..graph import np, pt


def no_lower(bound: Tensor) -> Tensor | bool:
    """Whether a lower bound is -inf, which binds nothing: a bool where the graph is constant, else a boolean tensor."""
    return _is(bound, -np.inf)


def no_upper(bound: Tensor) -> Tensor | bool:
    """The same of an upper bound and inf."""
    return _is(bound, np.inf)


def _is(bound: Tensor, infinity: float) -> Tensor | bool:
    if isinstance(bound, int | float):
        return bound == infinity
    value = pt.get_underlying_scalar_constant_value(bound, raise_not_constant=False)
    if not isinstance(value, np.ndarray | np.generic | int | float):
        value = getattr(bound, "data", None)  # a constant container, or None
    if value is not None:
        infinite = np.asarray(value) == infinity
        if infinite.all() or not infinite.any():
            return bool(infinite.any())
    return pt.eq(bound, infinity)


def select(test: Tensor | bool, then: Tensor, otherwise: Tensor) -> Tensor:
    """`then` where the test holds; a known test leaves no trace in the graph."""
    if isinstance(test, bool):
        return then if test else otherwise
    return pt.switch(test, then, otherwise)


def real(bound: Tensor) -> Tensor:
    """The bound in double precision: PyTensor keeps the constants 1 and 1.0 in the smallest type that holds them."""
    return pt.cast(bound, "float64")


def finite(bound: Tensor, infinite: Tensor | bool) -> Tensor:
    """The bound with 0 in place of an infinite one, so that a branch not taken has finite derivatives."""
    bound = real(bound)
    return select(infinite, pt.zeros_like(bound), bound)


def either(first: Tensor | bool, second: Tensor | bool) -> Tensor | bool:
    """Logical or of two tests, known where one decides it."""
    if isinstance(first, bool):
        return True if first else second
    if isinstance(second, bool):
        return True if second else first
    return pt.or_(first, second)
