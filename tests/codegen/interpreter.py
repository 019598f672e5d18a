"""The meaning of typed programs by walking the tree, over numbers that may be complex.

For tests only: slow, and small enough to be read beside the language's definition. Derivatives come from a step
in the imaginary direction, exact to rounding; comparisons look at real parts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

import numpy as np
from pplc.compiler import ir
from pplc.compiler.types import Int, Matrix, Void, is_discrete

STEP = 1e-30


class _Break(Exception):
    pass


class _Continue(Exception):
    pass


class _Return(Exception):
    def __init__(self, value: Any) -> None:
        self.value = value


class Rejected(Exception):
    """The program rejected the point."""


LIBRARY: dict[str, Callable[..., Any]] = {
    "add": lambda x, y: x + y,
    "subtract": lambda x, y: x - y,
    "elt_multiply": lambda x, y: x * y,
    "elt_divide": lambda x, y: x / y,
    "divide": lambda x, y: x / y,
    "minus": lambda x: -x,
    "modulus": lambda x, y: int(np.fmod(x, y)),
    "sin": np.sin,
    "cos": np.cos,
    "exp": np.exp,
    "tanh": np.tanh,
    "inv_logit": lambda x: 1 / (1 + np.exp(-x)),
    "square": lambda x: x * x,
    "sum": lambda x: np.sum(x),
    "dot_product": lambda x, y: np.sum(x * y),
    "log_sum_exp": lambda x: np.log(np.sum(np.exp(x - np.max(x.real)))) + np.max(x.real),
    "transpose": lambda x: x.T,
    "rep_vector": lambda x, n: np.full(n, x, complex),
    "head": lambda x, n: x[:n],
    "tail": lambda x, n: x[len(x) - n :],
    "segment": lambda x, i, n: x[i - 1 : i - 1 + n],
    "append_row": lambda x, y: np.concatenate((np.atleast_1d(x), np.atleast_1d(y))),
    "row": lambda m, i: m[i - 1],
    "col": lambda m, i: m[:, i - 1],
    "to_vector": lambda m: m.T.reshape(-1),
    "size": len,
    "rows": len,
    "num_elements": np.size,
    "logical_lt": lambda x, y: int(np.real(x) < np.real(y)),
    "logical_lte": lambda x, y: int(np.real(x) <= np.real(y)),
    "logical_gt": lambda x, y: int(np.real(x) > np.real(y)),
    "logical_gte": lambda x, y: int(np.real(x) >= np.real(y)),
    "logical_eq": lambda x, y: int(np.real(x) == np.real(y)),
    "normal_lpdf": lambda y, m, s: np.sum(-0.5 * ((y - m) / s) ** 2 - np.log(s) - 0.5 * np.log(2 * np.pi)),
}


def _product(x: Any, y: Any) -> Any:
    return x * y if np.ndim(x) == 0 or np.ndim(y) == 0 else x @ y


class Machine:
    """The variables of one activation and the target of the program."""

    def __init__(self, values: Mapping[ir.Variable, Any]) -> None:
        self.values = dict(values)
        self.target: Any = 0.0

    def run(self, statements: Sequence[ir.Statement]) -> None:
        for node in statements:
            self.statement(node)

    # Statements -----------------------------------------------------------------------------

    def statement(self, node: ir.Statement) -> None:
        match node:
            case ir.Declare(variable, sized, initial):
                self.values[variable] = _copy(self.value(initial)) if initial is not None else self.unset(sized)
            case ir.Assign(place, value):
                self.assign(place, _copy(self.value(value)))
            case ir.Unpack(places, value):
                self.unpack(places, _copy(self.value(value)))
            case ir.TargetIncrement(value):
                self.target = self.target + np.sum(self.value(value))
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
                try:
                    while self.value(test):
                        with suppress(_Continue):
                            self.statement(body)
                except _Break:
                    pass
            case ir.Break():
                raise _Break
            case ir.Continue():
                raise _Continue
            case ir.Return(value):
                raise _Return(_copy(self.value(value)) if value is not None else None)
            case ir.Block(statements):
                self.run(statements)
            case ir.Reject():
                raise Rejected
            case _:
                raise NotImplementedError(type(node).__name__)

    def loop(self, variable: ir.Variable, items: Any, body: ir.Statement) -> None:
        try:
            for item in items:
                self.values[variable] = item
                with suppress(_Continue):
                    self.statement(body)
        except _Break:
            pass

    def each(self, variable: ir.Variable, container: ir.Expression, body: ir.Statement) -> None:
        start = np.array(self.value(container))

        def current() -> Any:
            return self.value(container) if isinstance(container, ir.Reference) else start

        if isinstance(container.type, Matrix):
            for row in range(len(start)):
                self.loop(variable, (current()[row, column] for column in range(start.shape[1])), body)
        else:
            self.loop(variable, (np.array(current()[position])[()] for position in range(len(start))), body)

    def unset(self, sized: ir.SizedType) -> Any:
        assert isinstance(sized, ir.Sized)
        shape = tuple(self.value(size) for size in (*sized.array_sizes, *sized.inner_sizes))
        if shape:
            return np.full(shape, -1) if is_discrete(sized.type) else np.full(shape, np.nan, complex)
        return -1 if sized.type == Int() else complex(np.nan)

    def unpack(self, places: Any, value: Any) -> None:
        for place, part in zip(places, value, strict=True):
            if isinstance(place, tuple):
                self.unpack(place, part)
            else:
                self.assign(place, part)

    def assign(self, place: ir.Place, value: Any) -> None:
        self.values[place.variable] = self.written(self.values[place.variable], list(place.path), value)

    def written(self, whole: Any, path: list[Any], value: Any) -> Any:
        if not path:
            return value
        first, *rest = path
        if isinstance(first, int):
            parts = list(whole)
            parts[first - 1] = self.written(parts[first - 1], rest, value)
            return tuple(parts)
        positions = self.positions(first, whole)
        inner = value
        if rest:
            inner = self.written(whole[positions].copy(), rest, value)
        whole = whole.copy() if whole.dtype.kind == "i" else whole.astype(complex)
        if np.ndim(inner):  # element by element, so that of repeated positions the last stays
            for at in np.ndindex(np.shape(inner)):
                single = np.empty(np.shape(whole), bool)
                single[...] = False
                target = np.arange(whole.size).reshape(whole.shape)[positions][at]
                whole.flat[target] = inner[at]
        else:
            whole[positions] = inner
        return whole

    def positions(self, indices: Sequence[ir.Index], whole: Any) -> Any:
        """A NumPy index: outer product of arrays of positions, single indices dropped."""
        lists: list[Any] = []
        for index, size in zip(indices, np.shape(whole), strict=False):
            match index:
                case ir.Single(value):
                    lists.append(int(self.value(value)) - 1)
                case ir.Multiple(value):
                    lists.append(np.real(self.value(value)).astype(int) - 1)
                case ir.Between(lower, upper):
                    low = self.value(lower) if lower is not None else 1
                    high = self.value(upper) if upper is not None else size
                    lists.append(np.arange(low - 1, max(high, low - 1)))
                case ir.All():
                    lists.append(np.arange(size))
        lists += [np.arange(size) for size in np.shape(whole)[len(lists) :]]
        for index, size in zip(lists, np.shape(whole), strict=True):
            assert np.all((np.asarray(index) >= 0) & (np.asarray(index) < size))
        many = [index for index in lists if np.ndim(index)]
        grids = iter(np.ix_(*many)) if many else iter(())
        return tuple(next(grids) if np.ndim(index) else index for index in lists)

    # Expressions ----------------------------------------------------------------------------

    def value(self, node: Any) -> Any:
        match node:
            case ir.IntegerLiteral(value) | ir.RealLiteral(value):
                return value
            case ir.Reference(variable):
                return self.values[variable]
            case ir.Promote(value):
                return self.value(value)
            case ir.Conditional(test, then, otherwise):
                return self.value(then) if self.value(test) else self.value(otherwise)
            case ir.And(left, right):
                return int(bool(self.value(left)) and bool(self.value(right)))
            case ir.Or(left, right):
                return int(bool(self.value(left)) or bool(self.value(right)))
            case ir.LibraryCall("multiply", (left, right)):
                return _product(self.value(left), self.value(right))
            case ir.LibraryCall(name, arguments):
                return LIBRARY[name](*map(self.value, arguments))
            case ir.UserCall(function, arguments):
                return self.call(function, [self.value(argument) for argument in arguments])
            case ir.Indexed(base, indices):
                whole = self.value(base)
                return _copy(whole[self.positions(indices, whole)])
            case ir.TupleElement(base, number):
                return self.value(base)[number - 1]
            case ir.ArrayLiteral(elements) | ir.RowVectorLiteral(elements) | ir.MatrixLiteral(elements):
                return np.array([self.value(element) for element in elements])
            case ir.TupleLiteral(elements):
                return tuple(map(self.value, elements))
            case _:
                raise NotImplementedError(type(node).__name__)

    def call(self, function: ir.Function, arguments: list[Any]) -> Any:
        inner = Machine(dict(zip(function.parameters, arguments, strict=True)))
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


def _copy(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(map(_copy, value))
    return value.copy() if isinstance(value, np.ndarray) else value


def gradient(run: Callable[[Any], Any], at: np.ndarray) -> tuple[float, np.ndarray]:
    """The value of a function of a vector, and its derivatives by imaginary steps."""
    value = float(np.real(run(at.astype(complex))))
    found = np.empty(at.size)
    for number in range(at.size):
        moved = at.astype(complex)
        moved[number] += STEP * 1j
        found[number] = np.imag(run(moved)) / STEP
    return value, found
