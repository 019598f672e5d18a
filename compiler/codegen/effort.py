"""How much work a piece of program is, roughly."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeGuard

import numpy as np
from numpy.typing import NDArray

from .. import ir
from ..types import Int
from ..walk import children

UNKNOWN_TRIPS = 1000  # of a loop whose bounds are not known before it runs


def effort(statements: Sequence[ir.Statement], values: Mapping[ir.Variable, Any]) -> float:
    """About how many expressions are evaluated when the statements run once with these values."""
    return sum(_effort(node, values, ()) for node in statements)


def _effort(node: ir.Node | None, values: Mapping[ir.Variable, Any], callers: tuple[ir.Function, ...]) -> float:
    match node:
        case ir.For(counter, lower, upper, body):
            first, last = _integer(lower, values), _integer(upper, values)
            if first is None or last is None:
                return 1 + UNKNOWN_TRIPS * _effort(body, values, callers)
            middle = {**values, counter: (first + last) // 2}
            return 1 + max(last - first + 1, 0) * _effort(body, middle, callers)
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
    """The value of an integer, or about what it is: elements of an array are taken to be their mean."""
    match expression:
        case ir.IntegerLiteral(value):
            return value
        case ir.Reference(variable) if variable in values and not np.ndim(values[variable]):
            return int(values[variable])
        case ir.Indexed(ir.Reference(variable)) if _is_array(array := values.get(variable)):
            return round(float(np.mean(array))) if array.size else 0
        case ir.LibraryCall(name, (ir.Reference(variable),)) if name in _SIZES and _is_array(values.get(variable)):
            return int(_SIZES[name](values[variable]))
        case ir.LibraryCall(name, arguments) if name in _ARITHMETIC:
            numbers = [_integer(argument, values) for argument in arguments]
            try:
                return None if None in numbers else int(_ARITHMETIC[name](*numbers))
            except (TypeError, ZeroDivisionError):
                return None
        case _:
            return None


def _is_array(value: Any) -> TypeGuard[NDArray[Any]]:
    return isinstance(value, np.ndarray) and value.ndim > 0


_SIZES: dict[str, Callable[[Any], int]] = {
    "size": len, "rows": len, "cols": lambda x: np.shape(x)[-1], "num_elements": np.size
}  # fmt: skip
_ARITHMETIC: dict[str, Callable[..., int]] = {
    "add": operator.add, "subtract": operator.sub, "multiply": operator.mul, "divide": operator.floordiv,
    "minus": operator.neg, "max": max, "min": min,
}  # fmt: skip
