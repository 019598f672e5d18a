"""Sums and quotients in which a program's own terms cancel: x - x and x / x are nan where x is not finite, as in Stan.

PyTensor takes away whatever stands on both sides, and 0 / 0 with it. In derivatives and densities that is welcome.
Where a program writes it out, the terms that will be taken away are looked at beforehand.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..definitions import Tensor
from ..graph import np, pt

MOST = 12  # terms or factors that are compared with each other; longer sums are not written to cancel


def sum_of(x: Tensor, y: Tensor) -> Tensor:
    """x + y."""
    return _unless_cancelled(x + y, _terms)


def difference_of(x: Tensor, y: Tensor) -> Tensor:
    """x - y."""
    return _unless_cancelled(x - y, _terms)


def unless_divided_out(result: Tensor) -> Tensor:
    """A product or quotient, nan where a factor that stands above and below the line is 0 or not finite."""
    return _unless_cancelled(result, _factors)


def _unless_cancelled(result: Tensor, parts: Any) -> Tensor:
    if result.type.dtype != "float64":
        return result
    found: list[tuple[Tensor, bool]] = []
    for part in parts(result, False):
        found.append(part)
        if len(found) > MOST:
            return result
    zero_matters = parts is _factors
    for number, (term, below) in enumerate(found):
        if any(other_below is not below and _same(term, other) for other, other_below in found[:number]):
            size = pt.abs(term)
            fine = pt.lt(size, np.inf) & pt.gt(size, 0) if zero_matters else pt.lt(size, np.inf)
            result = pt.switch(fine, result, np.nan)
    return result


def _terms(x: Tensor, negative: bool) -> Iterator[tuple[Tensor, bool]]:
    """The terms of a sum that are not constant, and whether they are subtracted."""
    match _operation(x):
        case "Add":
            for term in x.owner.inputs:
                yield from _terms(term, negative)
        case "Sub":
            yield from _terms(x.owner.inputs[0], negative)
            yield from _terms(x.owner.inputs[1], not negative)
        case "Neg":
            yield from _terms(x.owner.inputs[0], not negative)
        case _ if not hasattr(x, "data"):
            yield x, negative


def _factors(x: Tensor, below: bool) -> Iterator[tuple[Tensor, bool]]:
    """The factors of a product that are not constant, and whether they stand below the line."""
    match _operation(x):
        case "Mul":
            for factor in x.owner.inputs:
                yield from _factors(factor, below)
        case "TrueDiv":
            yield from _factors(x.owner.inputs[0], below)
            yield from _factors(x.owner.inputs[1], not below)
        case "Reciprocal":
            yield from _factors(x.owner.inputs[0], not below)
        case "Neg":
            yield from _factors(x.owner.inputs[0], below)
        case _ if not hasattr(x, "data"):
            yield x, below


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
