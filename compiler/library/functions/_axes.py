"""Tools for graph-building functions: sizes that stay static, and shapes that line up under batching."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..definitions import Function, Tensor, function
from ..graph import np, pt

ELEMENTWISE = "(int|real) => real elementwise"
ELEMENTWISE_2 = "(int|real, int|real) => real elementwise"


def real(x: Tensor) -> Tensor:
    """x as floating point; complex stays complex."""
    return x if x.dtype.startswith(("float", "complex")) else x.astype("float64")


def align(*arguments: Tensor) -> tuple[Tensor, ...]:
    """Give scalars the axes of containers: lower ranks get length-one axes at the end.

    Elementwise functions take scalars and containers of one shape, so the ranks differ exactly where a scalar
    meets a container, whether batch axes lie in front or not.
    """
    arguments = tuple(map(pt.as_tensor, arguments))
    rank = max(argument.ndim for argument in arguments)
    return tuple(pt.shape_padright(a, rank - a.ndim) if a.ndim < rank else a for a in arguments)


def elementwise(*signatures: str, **facts: Any) -> Callable[[Callable[..., Tensor]], Function]:
    """A library function that works element by element; `build` sees aligned floating-point (or complex) tensors."""

    def wrap(build: Callable[..., Tensor]) -> Function:
        def aligned(*arguments: Tensor) -> Tensor:
            return build(*map(real, align(*arguments)))

        aligned.__name__, aligned.__doc__ = build.__name__, build.__doc__
        aligned.__wrapped__ = build  # type: ignore[attr-defined]  # the names that `reference` is written in
        return function(*signatures, **facts)(aligned)

    return wrap


def size(n: Tensor) -> Any:
    """A size or index as a Python int where its value is known while the graph is built, so that shapes are static."""
    if isinstance(n, int):
        return n
    from pytensor.tensor.basic import get_underlying_scalar_constant_value
    from pytensor.tensor.exceptions import NotScalarConstantError

    try:
        return int(get_underlying_scalar_constant_value(n))
    except NotScalarConstantError:
        return pt.as_tensor(n)


def length(x: Tensor, axis: int) -> Any:
    """The length of an axis: an int where it is static."""
    known = x.type.shape[axis]
    return known if known is not None else x.shape[axis]


def matrix_transpose(x: Tensor) -> Tensor:
    """x with its last two axes swapped."""
    return pt.swapaxes(x, -1, -2)


def constant(value: float) -> Tensor:
    return pt.constant(np.float64(value))
