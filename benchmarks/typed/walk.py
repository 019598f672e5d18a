"""Walking the tree of a typed program: control flow, scopes and calls, whatever its values are kept as.

Independent of the compiler but for its typed programs. Who inherits says how values are indexed, written and promoted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, ClassVar

import numpy as np
from pplc.compiler import ir
from pplc.compiler.types import Matrix, Void


class _Break(Exception):
    pass


class _Continue(Exception):
    pass


class _Return(Exception):
    def __init__(self, value: Any) -> None:
        self.value = value


class Walk:
    """The variables of one activation and the target of the program."""

    library: ClassVar[Mapping[str, Callable[..., Any]]]

    def __init__(self, values: Mapping[ir.Variable, Any]) -> None:
        self.values = dict(values)
        self.target: Any = 0.0

    # What depends on how values are kept --------------------------------------------------------

    def unset(self, sized: ir.SizedType) -> Any:
        """A variable before its first assignment."""
        raise NotImplementedError

    def assign(self, place: ir.Place, value: Any) -> None:
        """`place = value`, of which nobody else holds the memory."""
        raise NotImplementedError

    # Statements -----------------------------------------------------------------------------

    def run(self, statements: Sequence[ir.Statement]) -> None:
        for node in statements:
            self.statement(node)

    def statement(self, node: ir.Statement) -> None:
        match node:
            case ir.Declare(variable, sized, initial):
                self.values[variable] = copied(self.value(initial)) if initial is not None else self.unset(sized)
            case ir.Assign(place, value):
                self.assign(place, copied(self.value(value)))
            case ir.Unpack(places, value):
                self.unpack(places, copied(self.value(value)))
            case ir.TargetIncrement(value):
                increment = total(self.value(value))  # which may itself change the target
                self.target = self.target + increment
            case ir.CallStatement(call):
                self.value(call)
            case ir.If(test, then, otherwise):
                if self.value(test):
                    self.statement(then)
                elif otherwise is not None:
                    self.statement(otherwise)
            case ir.For(variable, lower, upper, body):
                self.loop(variable, range(self.value(lower), self.value(upper) + 1), body)
            case ir.ForEach(variable, container, body):
                self.each(variable, container, body)
            case ir.While(test, body):
                with suppress(_Break):
                    while self.value(test):
                        with suppress(_Continue):
                            self.statement(body)
            case ir.Break():
                raise _Break
            case ir.Continue():
                raise _Continue
            case ir.Return(value):
                raise _Return(copied(self.value(value)) if value is not None else None)
            case ir.Block(statements):
                self.run(statements)
            case _:
                raise NotImplementedError(type(node).__name__)

    def loop(self, variable: ir.Variable, items: Any, body: ir.Statement) -> None:
        with suppress(_Break):
            for item in items:
                self.values[variable] = item
                with suppress(_Continue):
                    self.statement(body)

    def each(self, variable: ir.Variable, container: ir.Expression, body: ir.Statement) -> None:
        """Over a variable the loop sees what its body changes, over anything else it does not."""
        start = copied(self.value(container))

        def current() -> Any:
            return self.value(container) if isinstance(container, ir.Reference) else start

        if isinstance(container.type, Matrix):
            for row in range(len(start)):
                self.loop(variable, (current()[row, column] for column in range(start.shape[1])), body)
        else:
            self.loop(variable, (copied(current()[position]) for position in range(len(start))), body)

    def unpack(self, places: Any, value: Any) -> None:
        for place, part in zip(places, value, strict=True):
            if isinstance(place, tuple):
                self.unpack(place, part)
            else:
                self.assign(place, part)

    # Expressions ----------------------------------------------------------------------------

    def value(self, node: Any) -> Any:
        match node:
            case ir.IntegerLiteral(value) | ir.RealLiteral(value):
                return value
            case ir.Reference(variable):
                return self.values[variable]
            case ir.Conditional(test, then, otherwise):
                return self.value(then) if self.value(test) else self.value(otherwise)
            case ir.And(left, right):
                return int(bool(self.value(left)) and bool(self.value(right)))
            case ir.Or(left, right):
                return int(bool(self.value(left)) or bool(self.value(right)))
            case ir.LibraryCall(name, arguments):
                return self.library[name](*map(self.value, arguments))
            case ir.UserCall(function, arguments):
                return self.call(function, [copied(self.value(argument)) for argument in arguments])
            case ir.TupleElement(base, number):
                return self.value(base)[number - 1]
            case ir.RowVectorLiteral(elements) | ir.MatrixLiteral(elements):
                return np.array([self.value(element) for element in elements])
            case ir.TupleLiteral(elements):
                return tuple(map(self.value, elements))
            case _:
                raise NotImplementedError(type(node).__name__)

    def call(self, function: ir.Function, arguments: list[Any]) -> Any:
        inner = type(self)(dict(zip(function.parameters, arguments, strict=True)))
        inner.target = self.target
        try:
            assert function.body is not None
            inner.statement(function.body)
            result = None
        except _Return as returned:
            result = returned.value
        self.target = inner.target
        assert result is not None or function.result == Void()
        return result


def copied(value: Any) -> Any:
    """The value in memory of its own."""
    if isinstance(value, tuple):
        return tuple(map(copied, value))
    if isinstance(value, list):
        return list(map(copied, value))
    return value.copy() if isinstance(value, np.ndarray) else value


def total(value: Any) -> Any:
    """The sum of all numbers of a number, array, vector or matrix."""
    return sum(map(total, value), 0) if isinstance(value, list) else np.sum(value)


def between(walk: Walk, index: ir.Between, size: int) -> range:
    """The positions, from 0, of a slice of an axis."""
    low = walk.value(index.lower) if index.lower is not None else 1
    high = walk.value(index.upper) if index.upper is not None else size
    return range(low - 1, max(high, low - 1))
