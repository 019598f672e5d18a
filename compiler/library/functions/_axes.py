"""Tools for graph-building functions: sizes that stay static, and shapes that line up under batching."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from ..definitions import Function, Tensor, function
from ..domains import same_sizes
from ..graph import np, pt

ELEMENTWISE = "(int|real) => real elementwise"
ELEMENTWISE_2 = "(int|real, int|real) => real elementwise"


# Declarations -----------------------------------------------------------------------------------


def elementwise(*signatures: str, **facts: Any) -> Callable[[Callable[..., Tensor]], Function]:
    """A library function that works element by element; `build` sees aligned floating-point tensors."""

    def wrap(build: Callable[..., Tensor]) -> Function:
        def aligned(*arguments: Tensor) -> Tensor:
            return build(*map(real, align(*arguments)))

        aligned.__name__, aligned.__doc__ = build.__name__, build.__doc__
        aligned.__wrapped__ = build  # type: ignore[attr-defined]  # its argument names are those of `reference`
        first, *others = inspect.signature(build).parameters
        facts["domain"] = (*(same_sizes(other, first) for other in others), *facts.get("domain", ()))
        return function(*signatures, **facts)(aligned)

    return wrap


def of_depth(axes: int, complex: bool = False, lowest: int = 1, highest: int = 7) -> str:
    """The types with so many axes and `lowest` to `highest` array dimensions, as alternatives of the shorthand.

    A complex number's parts do not count as an axis.
    """
    prefix = "complex_" if complex else ""
    containers = [("complex",) if complex else ("int", "real"), ("vector", "row_vector"), ("matrix",)]
    found = []
    for inside, names in enumerate(containers):
        dimensions = axes - inside
        if lowest <= dimensions <= highest:
            array = f"array[{dimensions}:{dimensions}] " if dimensions else ""
            found += [f"{array}{prefix if inside else ''}{name}" for name in names]
    return "|".join(found)


# Sizes ------------------------------------------------------------------------------------------


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


def count(n: Any) -> Tensor:
    """A size as a value of the language."""
    return pt.constant(n, dtype="int64") if isinstance(n, int) else pt.cast(n, "int64")


# Axes -------------------------------------------------------------------------------------------


def real(x: Tensor) -> Tensor:
    """x as floating point; complex stays complex."""
    return x if x.dtype.startswith(("float", "complex")) else x.astype("float64")


def align(*arguments: Tensor) -> tuple[Tensor, ...]:
    """Give scalars the axes of containers: lower ranks get length-one axes at the end.

    Elementwise functions take scalars and containers of one shape, so the ranks differ exactly where a scalar
    meets a container, whether batch axes lie in front or not.
    """
    tensors = tuple(map(pt.as_tensor, arguments))
    rank = max(tensor.ndim for tensor in tensors)
    return tuple(pt.shape_padright(t, rank - t.ndim) if t.ndim < rank else t for t in tensors)


def same_batch(*pairs: tuple[Tensor, int]) -> list[Tensor]:
    """Tensors, given with their numbers of core axes, with batch axes of length 1 stretched to the common length."""
    batches = [length(x, 0) for x, core in pairs if x.ndim > core]
    longest = next((batch for batch in batches if batch != 1), 1)
    return [
        pt.alloc(x, longest, *(length(x, axis) for axis in range(1, x.ndim)))
        if x.ndim > core and length(x, 0) == 1 and longest != 1
        else x
        for x, core in pairs
    ]


def along(axes: int, index: Any) -> tuple[Any, ...]:
    """The index that applies `index` to the first of the last `axes` axes."""
    return (Ellipsis, index, *(slice(None),) * (axes - 1))


def matrix_transpose(x: Tensor) -> Tensor:
    """x with its last two axes swapped."""
    return pt.swapaxes(x, -1, -2)


def within(domain: Tensor, value: Tensor) -> Tensor:
    """The value where the arguments are in a function's domain, elsewhere nan, which no sampler accepts."""
    return pt.switch(domain, value, np.nan)


def frozen(x: Tensor) -> Tensor:
    """x as a constant: no gradient flows through it."""
    from pytensor.gradient import disconnected_grad

    return disconnected_grad(x)


def constant(value: float) -> Tensor:
    return pt.constant(np.float64(value))
