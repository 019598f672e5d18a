"""A user's function of known sizes as graphs of numbers: one per element of its result, over one symbol per element
of its arguments.

Serves the numerical methods that call such a function again and again. What its integers decide is decided here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
import pytensor.tensor as pt
from pytensor.graph.traversal import graph_inputs

from .. import ir
from ..types import is_discrete
from .accesses import Dependent
from .calls import applied
from .elements import NoElements, constants, elements
from .scope import LoweringError, Ragged, Scope, map_leaves
from .values import AnyValue, DataTable, Value, leaves

LARGEST_JACOBIAN = 4000  # entries, whether zero or not
MOST_DERIVATIVES = 600  # that are not zero whatever the arguments: some 3 s to compile
MOST_ARGUMENTS = 400  # numbers


@dataclass(frozen=True, slots=True, eq=False)
class NumberGraphs:
    """An array of symbols for each leaf of the arguments (empty where its numbers are integers), and the elements of
    the result."""

    arguments: tuple[Any, ...]
    results: tuple[Any, ...]


def number_graphs(
    function: ir.Function, own: Sequence[AnyValue], passed: Sequence[AnyValue], shape: tuple[int, ...]
) -> NumberGraphs | None:
    """The function applied to arguments of these shapes; the numbers of real ones do not matter.

    Derivatives will be taken by its `own` arguments, like the state, and by what is `passed` on to it and is no data.
    None where it is too large to write out, its result has not this `shape`, it needs checks while running, or is no
    arithmetic on numbers.
    """
    inner, outer = _real_leaves(own), _real_leaves(passed)
    columns = _size(inner) + _size([leaf for leaf in outer if not leaf.concrete])
    if _size(inner + outer) > MOST_ARGUMENTS or prod(shape) * columns > LARGEST_JACOBIAN:
        return None
    symbols: list[Any] = []
    active: set[Any] = set()
    known: dict[Any, Any] = {}

    def symbolic(leaf: Value, is_active: bool) -> Value:
        if is_discrete(leaf.type):
            symbols.append(np.empty(0, object))
            return leaf
        whole = pt.TensorType("float64", leaf.shape)(f"x{len(symbols)}")
        numbers = np.empty(leaf.shape, object)
        for at in np.ndindex(leaf.shape):
            numbers[at] = pt.scalar("_".join([whole.name, *map(str, at)]), dtype="float64")
        symbols.append(numbers)
        if is_active:
            active.update(numbers.flat)
        known[whole] = numbers
        return Value(whole, leaf.type)

    given = [map_leaves(value, lambda leaf: symbolic(leaf, True)) for value in own]
    given += [map_leaves(value, lambda leaf: symbolic(leaf, not leaf.concrete)) for value in passed]
    scope = Scope(DataTable())
    try:
        result = applied(function, given, function.span, scope)
        if scope.checks or result.shape != shape:
            return None
        tensor = scope.table.tensor(result).astype("float64")
        known |= {source: constants(array) for source, array in scope.table.values.items()}
        [numbers] = elements([tensor], known)
    except (Dependent, LoweringError, Ragged, NoElements):
        return None
    if sum(len(active.intersection(graph_inputs([number]))) for number in numbers.flat) > MOST_DERIVATIVES:
        return None
    return NumberGraphs(tuple(symbols), tuple(numbers.flat))


def _real_leaves(values: Sequence[AnyValue]) -> list[Value]:
    return [leaf for value in values for leaf in leaves(value) if not is_discrete(leaf.type)]


def _size(values: Sequence[Value]) -> int:
    return sum(prod(value.shape) for value in values)
