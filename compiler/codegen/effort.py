"""How much work a piece of program is, roughly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from .. import ir
from ..types import Int
from ..walk import children

UNKNOWN_TRIPS = 1000  # of a loop whose bounds are not known before it runs


def effort(statements: Sequence[ir.Statement], values: Mapping[ir.Variable, Any]) -> float:
    """About how many expressions are evaluated when the statements run once with these values."""
    return sum(_effort(node, values, ()) for node in statements)


def _effort(node: ir.Node | None, values: Mapping[ir.Variable, Any], callers: tuple[ir.Function, ...]) -> float:
    match node:
        case ir.For(_, lower, upper, body):
            first, last = _integer(lower, values), _integer(upper, values)
            trips = UNKNOWN_TRIPS if first is None or last is None else max(last - first + 1, 0)
            return 1 + trips * _effort(body, values, callers)
        case ir.ForEach(_, _, body) | ir.While(_, body):
            return UNKNOWN_TRIPS * (1 + _effort(body, values, callers))
        case ir.UserCall(function, arguments):
            pairs = zip(function.parameters, arguments, strict=True)
            integers = {parameter: _integer(one, values) for parameter, one in pairs if isinstance(parameter.type, Int)}
            known = {parameter: number for parameter, number in integers.items() if number is not None}
            inside = UNKNOWN_TRIPS if function in callers else _effort(function.body, known, (*callers, function))
            return inside + sum(_effort(argument, values, callers) for argument in arguments)
        case ir.Node():
            return 1 + sum(_effort(child, values, callers) for child in children(node))
        case _:
            return 0


def _integer(expression: ir.Expression, values: Mapping[ir.Variable, Any]) -> int | None:
    match expression:
        case ir.IntegerLiteral(value):
            return value
        case ir.Reference(variable) if variable in values and not np.ndim(values[variable]):
            return int(values[variable])
        case _:
            return None
