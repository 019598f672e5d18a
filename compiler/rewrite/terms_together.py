"""f(a1, b) + f(a2, b) + ... = sum(f(a, b)) with a = (a1, a2, ...), for many terms of one form.

A program of two hundred statements is two hundred times as much to differentiate, to rewrite and to compile as one of
one statement. Where many statements are the same but for their operands, they are one statement about vectors.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from typing import Any

import numpy as np
import pytensor.scalar as ps
import pytensor.tensor as pt
from pytensor.graph.basic import Constant, Variable
from pytensor.graph.traversal import toposort
from pytensor.tensor.elemwise import DimShuffle, Elemwise
from pytensor.tensor.math import Sum
from pytensor.tensor.subtensor import Subtensor, get_constant_idx

from ..library.graph import added
from .pipeline import is_off

FEWEST = 16  # terms of one form that are put together
DEEPEST = 100  # operations from a term to its operands; what is below is an operand
LONGEST = 100  # elements of an array in a term; for longer ones the loops take the time, which run best as they stand


def together(value: Any) -> Any:
    """The same sum, with terms of one form as one sum over vectors."""
    terms = _terms(value)
    if len(terms) < FEWEST or is_off("terms_together"):
        return value
    known = _Known(terms)
    groups: dict[int, list[Variable]] = {}
    for term in terms:
        groups.setdefault(known.forms[term], []).append(term)
    found: list[Any] = []
    for group in groups.values():
        if len(group) < FEWEST or known.is_operand(group[0]):
            found += group
        else:
            stacked = _Stack(known).of(tuple(group))
            found.append(stacked.sum() if stacked.ndim else stacked * float(len(group)))
    return value if len(found) == len(terms) else added(found)


def _terms(value: Any) -> Sequence[Any]:
    """What is added up to a number."""
    match None if value.ndim or value.owner is None else value.owner.op:
        case Elemwise(scalar_op=ps.Add()):
            terms: Sequence[Any] = value.owner.inputs
            return terms
        case _:
            return ()


class _Known:
    """Numbers for all variables that terms are made of.

    `forms` are the same for two that differ in their operands only, `values` for two that do not differ.
    """

    def __init__(self, terms: Sequence[Variable]) -> None:
        self.forms: dict[Variable, int] = {}
        self.values: dict[Variable, int] = {}
        self._numbers: dict[Hashable, int] = {}
        self._depths: dict[int, int] = {}  # of forms: 0 for operands
        for node in toposort(terms):
            for variable in node.inputs:
                if variable not in self.values:
                    self._operand(variable, variable.signature() if isinstance(variable, Constant) else variable)
            inner = [self.forms[variable] for variable in node.inputs]
            depth = 1 + max((self._depths[form] for form in inner), default=0)
            made = (node.op, *(self.values[variable] for variable in node.inputs))
            for place, output in enumerate(node.outputs):
                self._operand(output, (*made, place))
                if _is_inner(output) and depth <= DEEPEST:
                    self._form(output, (node.op, *inner), depth)
        for term in terms:
            if term not in self.values:
                self._operand(term, term)

    def is_operand(self, variable: Variable) -> bool:
        """Whether it is what a term is about, whatever it is made of."""
        return self._depths[self.forms[variable]] == 0

    def _operand(self, variable: Variable, value: Hashable) -> None:
        self.values[variable] = self._numbers.setdefault(("value", value), len(self._numbers))
        self._form(variable, (variable.type.dtype, variable.type.shape), 0)

    def _form(self, variable: Variable, form: Hashable, depth: int) -> None:
        self.forms[variable] = self._numbers.setdefault(("form", form), len(self._numbers))
        self._depths[self.forms[variable]] = depth


def _is_inner(variable: Variable) -> bool:
    """Whether a variable is made by an operation that has a counterpart for stacks of its operands."""
    node = variable.owner
    if node is None or len(node.outputs) > 1:
        return False
    known = isinstance(node.op, Elemwise | Sum) or (isinstance(node.op, DimShuffle) and not node.op.drop)
    return known and all(None not in v.type.shape and math.prod(v.type.shape) <= LONGEST for v in node.inputs)


class _Stack:
    """Variables of one form on top of each other, along a first axis; without it where all are the same."""

    def __init__(self, known: _Known) -> None:
        self.known = known
        self.done: dict[tuple[int, ...], Any] = {}

    def of(self, members: tuple[Variable, ...]) -> Any:
        key = tuple(self.known.values[member] for member in members)
        if key not in self.done:
            self.done[key] = members[0] if len(set(key)) == 1 else self._of(members)
        return self.done[key]

    def _of(self, members: tuple[Variable, ...]) -> Any:
        first = members[0]
        if self.known.is_operand(first):
            return _stacked(members)
        nodes = [member.owner for member in members]
        operands = [self.of(tuple(column)) for column in zip(*(node.inputs for node in nodes), strict=True)]
        match nodes[0].op:
            case DimShuffle(new_order=order):
                return operands[0].dimshuffle([0, *(axis if axis == "x" else axis + 1 for axis in order)])
            case Sum(axis=axes):
                axes = range(first.owner.inputs[0].type.ndim) if axes is None else axes
                return pt.sum(operands[0], axis=[axis + 1 for axis in axes])
            case elementwise:
                return elementwise(*operands)


def _stacked(members: Sequence[Any]) -> Any:
    """Operands of one type along a first axis: known ones as an array, neighbouring elements as a slice."""
    if all(isinstance(member, Constant) for member in members):
        return pt.constant(np.stack([member.data for member in members]))
    neighbours = _neighbours(members)
    return pt.stack(list(members)) if neighbours is None else neighbours


def _neighbours(members: Sequence[Any]) -> Any:
    """The elements of one vector that stand beside each other in order; None if they do not."""
    places = [place for member in members if (place := _place(member)) is not None]
    if len(places) < len(members) or len({vector for vector, _ in places}) > 1:
        return None
    vector, start = places[0]
    end = start + len(places)
    return vector[start:end] if [place for _, place in places] == list(range(start, end)) else None


def _place(variable: Any) -> tuple[Any, int] | None:
    """The vector of which a number is an element, and where it stands; None for any other."""
    node = variable.owner
    if node is None or variable.type.ndim or not isinstance(node.op, Subtensor) or node.inputs[0].type.ndim != 1:
        return None
    [entry] = get_constant_idx(node.op.idx_list, node.inputs, allow_partial=True)
    if not isinstance(entry, int | np.integer) or entry < 0:
        return None
    return node.inputs[0], int(entry)
