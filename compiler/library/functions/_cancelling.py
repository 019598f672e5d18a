"""Sums and quotients in which a program's own terms cancel: x - x and x / x are nan where x is not finite, as in Stan.

PyTensor takes away whatever stands on both sides, and 0 / 0 with it. In derivatives and densities that is welcome.
Where a program writes it out, the terms that will be taken away are looked at beforehand.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice

from ..definitions import Tensor
from ..graph import np, pt

type Operations = Mapping[str, tuple[bool, ...]]

MOST = 12  # terms or factors that are compared with each other; longer sums are not written to cancel


# Operations whose arguments are parts of the same sum or product: which of these change sides, the last word for all
# further ones.
_SUMS = {"Add": (False,), "Sub": (False, True), "Neg": (True,)}
_PRODUCTS = {"Mul": (False,), "TrueDiv": (False, True), "Reciprocal": (True,), "Neg": (False,)}


def sum_of(x: Tensor, y: Tensor) -> Tensor:
    """x + y."""
    return _unless_cancelled(x + y, _SUMS)


def difference_of(x: Tensor, y: Tensor) -> Tensor:
    """x - y."""
    return _unless_cancelled(x - y, _SUMS)


def unless_divided_out(result: Tensor) -> Tensor:
    """A product or quotient, nan where a factor that stands above and below the line is 0 or not finite."""
    return _unless_cancelled(result, _PRODUCTS)


def _unless_cancelled(result: Tensor, operations: Operations) -> Tensor:
    if result.type.dtype != "float64":
        return result
    found = list(islice(_parts(result, False, operations), MOST + 1))
    if len(found) > MOST:
        return result
    for number, (part, turned) in enumerate(found):
        if any(other_turned is not turned and _same(part, other) for other, other_turned in found[:number]):
            size = pt.abs(part)
            fine = pt.lt(size, np.inf) & pt.gt(size, 0) if operations is _PRODUCTS else pt.lt(size, np.inf)
            result = pt.switch(fine, result, np.nan)
    return result


def _parts(x: Tensor, turned: bool, operations: Operations) -> Iterator[tuple[Tensor, bool]]:
    """The terms or factors that are not constant, and whether they are subtracted or stand below the line."""
    changes = operations.get(_operation(x))
    if changes is not None:
        for place, part in enumerate(x.owner.inputs):
            yield from _parts(part, turned is not changes[min(place, len(changes) - 1)], operations)
    elif not hasattr(x, "data"):
        yield x, turned


def _operation(x: Tensor) -> str:
    """The name of the operation on numbers that makes x element by element."""
    from pytensor.tensor.elemwise import Elemwise

    if x.owner is None or not isinstance(x.owner.op, Elemwise):  # a sum over elements is of another shape
        return ""
    return type(x.owner.op.scalar_op).__name__


def _same(x: Tensor, y: Tensor, known: set[tuple[Tensor, Tensor]] | None = None) -> bool:
    """Whether two graphs compute the same from the same; `known` are pairs that do."""
    known = set() if known is None else known
    if x is y or (x, y) in known:
        return True
    if hasattr(x, "data") and hasattr(y, "data"):
        return x.type == y.type and bool(np.array_equal(x.data, y.data))
    if x.owner is None or y.owner is None or x.owner.op != y.owner.op:
        return False
    if x.owner.outputs.index(x) != y.owner.outputs.index(y) or len(x.owner.inputs) != len(y.owner.inputs):
        return False
    if not all(_same(one, other, known) for one, other in zip(x.owner.inputs, y.owner.inputs, strict=True)):
        return False
    known.add((x, y))
    return True
