"""Conditions under which a log density is not -inf or nan, taken out of its terms.

switch(c, x, -inf) + y = switch(c, x + y, -inf), and nan instead rejects a point as well. Once all conditions stand at
the root, the gradient is that of the terms alone. Where a condition fails the log density is -inf and its gradient is
of no use to anybody, so the loops over the data need not wait for the conditions. Where x is nan itself if a condition
fails, that is left out (`library/zeros.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytensor.scalar as ps
import pytensor.tensor as pt
from pytensor.graph.basic import Constant
from pytensor.tensor.elemwise import DimShuffle, Elemwise
from pytensor.tensor.math import Sum
from pytensor.tensor.shape import Reshape, SpecifyShape

from ..library.zeros import is_undefined, shows_by_itself


def lift_conditions(value: Any) -> tuple[Any, list[Any]]:
    """The value where all conditions hold, and the conditions (arrays of truth values), each once."""
    known: dict[tuple[Any, bool], tuple[Any, list[Any]]] = {}  # terms may share terms

    def lifted(value: Any, only_nan: bool) -> tuple[Any, list[Any]]:
        if (value, only_nan) not in known:
            inner, conditions = _lifted(value, only_nan, lifted)
            known[value, only_nan] = inner, list(dict.fromkeys(conditions))
        return known[value, only_nan]

    return lifted(value, only_nan=False)


def _lifted(value: Any, only_nan: bool, inside: Callable[[Any, bool], tuple[Any, list[Any]]]) -> tuple[Any, list[Any]]:
    """What `inside` gives for a value whose operands it is asked about.

    A product is nan where a factor is, but may be any infinity where one is -inf: `only_nan` leaves such conditions.
    """
    node = value.owner
    match None if node is None else node.op:
        case Elemwise(scalar_op=ps.Switch()) if (otherwise := _rejecting(node.inputs[2])) is not None:
            if only_nan and not is_undefined(otherwise):
                return value, []
            condition, then, _ = node.inputs
            if then.type.ndim != value.type.ndim or then.type.broadcastable != value.type.broadcastable:
                return value, []  # a stretched term would lose its shape
            inner, conditions = inside(then, only_nan)
            return inner, conditions if shows_by_itself(otherwise) else [condition, *conditions]
        case Elemwise(scalar_op=ps.Add()):
            places = range(len(node.inputs))
        case Elemwise(scalar_op=ps.Mul()):
            places, only_nan = range(len(node.inputs)), True
        case Elemwise(scalar_op=ps.Sub()) | Sum() | DimShuffle() | Reshape() | SpecifyShape():
            places = range(1)
        case _:
            return value, []
    inputs, conditions = list(node.inputs), []
    for place in places:
        inputs[place], found = inside(inputs[place], only_nan)
        conditions += found
    return (value if inputs == node.inputs else node.op(*inputs)), conditions


def gate(value: Any, conditions: list[Any]) -> Any:
    """-inf unless all conditions hold."""
    if not conditions:
        return value
    tests = [pt.all(condition) if condition.ndim else condition for condition in conditions]
    unique = list(dict.fromkeys(tests))
    holds = unique[0]
    for test in unique[1:]:
        holds = pt.and_(holds, test)
    return pt.switch(holds, value, -np.inf)


def _rejecting(variable: Any) -> Any:
    """The constant behind a variable if it is -inf, or the nan of an undefined density."""
    while variable.owner is not None and isinstance(variable.owner.op, DimShuffle):
        variable = variable.owner.inputs[0]
    if not isinstance(variable, Constant):
        return None
    return variable if is_undefined(variable) or np.all(np.isneginf(variable.data)) else None
