"""How much work a piece of program is, roughly, and which variables it reads: walks over the typed program."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

from .. import ir

UNKNOWN_TRIPS = 1000  # of a loop whose bounds are not known before it runs


def effort(statements: Sequence[ir.Statement], values: Mapping[ir.Variable, Any]) -> float:
    """About how many expressions are evaluated when the statements run once with these values."""
    return sum(_effort(node, values, ()) for node in statements)


def _effort(node: Any, values: Mapping[ir.Variable, Any], callers: tuple[ir.Function, ...]) -> float:
    match node:
        case ir.For(_, lower, upper, body):
            first, last = _integer(lower, values), _integer(upper, values)
            trips = UNKNOWN_TRIPS if first is None or last is None else max(last - first + 1, 0)
            return 1 + trips * _effort(body, values, callers)
        case ir.ForEach(_, _, body) | ir.While(_, body):
            return UNKNOWN_TRIPS * (1 + _effort(body, values, callers))
        case ir.UserCall(function, arguments):
            inside = UNKNOWN_TRIPS if function in callers else _effort(function.body, values, (*callers, function))
            return inside + sum(_effort(argument, values, callers) for argument in arguments)
        case ir.Variable() | ir.Function():
            return 0
        case _ if is_dataclass(node):
            return 1 + sum(_effort(getattr(node, part.name), values, callers) for part in _parts(node))
        case tuple():
            return sum(_effort(part, values, callers) for part in node)
        case _:
            return 0


def _parts(node: Any) -> Iterator[Any]:
    return (part for part in fields(node) if part.name not in ("span", "type", "level"))


def _integer(expression: ir.Expression, values: Mapping[ir.Variable, Any]) -> int | None:
    match expression:
        case ir.IntegerLiteral(value):
            return value
        case ir.Reference(variable) if variable in values and not np.ndim(values[variable]):
            return int(values[variable])
        case _:
            return None


def references(node: Any) -> Iterator[ir.Variable]:
    """Every variable that an expression or statement mentions, user functions' bodies aside."""
    match node:
        case ir.Variable():
            yield node
        case ir.Function():
            return
        case tuple():
            for part in node:
                yield from references(part)
        case _ if is_dataclass(node):
            for part in _parts(node):
                yield from references(getattr(node, part.name))
