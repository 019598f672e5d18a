"""What typed programs compute, by walking the tree: for the random programs that stanli does not run.

Small enough to be read beside the language's definition. Arrays are lists, vectors and matrices NumPy arrays, tuples
tuples. Constants of densities count.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from pplc.compiler import ir
from pplc.compiler.types import Array, Complex, Int, Real, Tuple, Type, element_of, is_discrete
from scipy import stats
from scipy.special import ndtr

from benchmarks.typed.certain import CERTAIN
from benchmarks.typed.solutions import SOLUTIONS
from benchmarks.typed.walk import Walk, between, copied, total


def _each(of: Callable[..., Any]) -> Callable[..., Any]:
    """A function of numbers also of lists, element by element."""

    def on(*arguments: Any) -> Any:
        if any(isinstance(a, list) for a in arguments):
            count = next(len(a) for a in arguments if isinstance(a, list))
            return [on(*(a[i] if isinstance(a, list) else a for a in arguments)) for i in range(count)]
        return of(*arguments)

    return on


def _vector(x: Any) -> Any:
    return np.asarray(x).T.reshape(-1)


def _normal(y: Any, mean: Any, scale: Any) -> Any:
    return np.sum(stats.norm.logpdf(np.asarray(y), np.asarray(mean), np.asarray(scale)))


def _quotient(x: Any, y: Any) -> Any:
    return int(x / y) if isinstance(x, int) and isinstance(y, int) else x / y


def _softmax(x: Any) -> Any:
    e = np.exp(x - np.max(x))
    return e / np.sum(e)


def _complex(x: Any, y: Any = 0.0) -> Any:
    return complex(x, y) if np.ndim(x) == 0 else np.asarray(x) + 1j * np.asarray(y)


def _compare(of: Callable[[Any, Any], bool]) -> Callable[[Any, Any], int]:
    return lambda x, y: int(of(x, y))


LIBRARY: dict[str, Callable[..., Any]] = {
    "add": _each(lambda x, y: x + y), "subtract": _each(lambda x, y: x - y), "elt_multiply": _each(lambda x, y: x * y),
    "elt_divide": lambda x, y: x / y, "divide": _quotient,
    "minus": _each(lambda x: -x), "sin": _each(np.sin), "exp": _each(np.exp), "square": _each(lambda x: x * x),
    "inv_logit": _each(lambda x: 1 / (1 + np.exp(-x))), "pow": lambda x, y: x**y, "sum": total, "mean": np.mean,
    "dot_product": lambda x, y: np.sum(np.conj(x) * y), "fmax": max, "size": len, "rows": lambda x: np.shape(x)[0],
    "log_sum_exp": lambda x: np.logaddexp.reduce(x), "transpose": lambda x: x.T,
    "rep_vector": lambda x, n: np.full(n, x), "rep_row_vector": lambda x, n: np.full(n, x),
    "rep_array": lambda x, n: [x] * n, "identity_matrix": np.eye, "cos": _each(np.cos),
    "rep_matrix": lambda x, r, c: np.full((r, c), x), "head": lambda x, n: x[:n], "cumulative_sum": np.cumsum,
    "softmax": _softmax, "to_vector": _vector, "to_row_vector": _vector, "to_complex": _complex, "get_real": np.real,
    "get_imag": np.imag, "norm": lambda z: abs(z) ** 2, "conj": np.conj, "modulus": lambda x, y: int(math.fmod(x, y)),
    "logical_lt": _compare(lambda x, y: x < y), "logical_gt": _compare(lambda x, y: x > y),
    "logical_eq": _compare(lambda x, y: x == y), "normal_lpdf": _normal, "normal_lupdf": _normal,
    "cauchy_lpdf": lambda y, m, s: np.sum(stats.cauchy.logpdf(y, m, s)), "std_normal_lpdf": lambda y: _normal(y, 0, 1),
    **CERTAIN,
}  # fmt: skip


def _product(x: Any, y: Any, row_first: bool) -> Any:
    if np.ndim(x) == 0 or np.ndim(y) == 0:
        return x * y
    if np.ndim(x) == 1 and np.ndim(y) == 1 and not row_first:
        return np.outer(x, y)
    return x @ y


class Machine(Walk):
    """A program without Jacobians."""

    library = LIBRARY

    def statement(self, node: ir.Statement) -> None:
        match node:
            case ir.JacobianIncrement():
                pass
            case ir.Tilde():
                self.tilde(node)
            case _:
                super().statement(node)

    def tilde(self, node: ir.Tilde) -> None:
        outcome, arguments = self.value(node.outcome), [self.value(a) for a in node.arguments]
        if node.function is not None:
            self.target = self.target + self.call(node.function, [outcome, *arguments])
            return
        self.target = self.target + LIBRARY[f"{node.distribution}_lpdf"](outcome, *arguments)
        if node.truncation is not None:
            mean, scale = arguments
            low = self.value(node.truncation.lower) if node.truncation.lower is not None else -np.inf
            high = self.value(node.truncation.upper) if node.truncation.upper is not None else np.inf
            mass = ndtr((high - mean) / scale) - ndtr((low - mean) / scale)
            self.target = self.target - np.log(mass) if low <= outcome <= high else -np.inf

    def unset(self, sized: ir.SizedType) -> Any:
        sizes = [self.value(size) for size in sized.array_sizes]
        if isinstance(sized, ir.SizedTuple):
            return _filled(sizes, lambda: tuple(self.unset(element) for element in sized.elements))
        inner = tuple(self.value(size) for size in sized.inner_sizes)
        element = element_of(sized.type) if isinstance(sized.type, Array) else sized.type
        if inner:
            return _filled(sizes, lambda: np.full(inner, np.nan, complex if "complex" in str(element) else float))
        return _filled(sizes, lambda: -(2**31) if is_discrete(element) else np.nan)

    def assign(self, place: ir.Place, value: Any) -> None:
        path: list[Any] = []
        for step in place.path:
            path += [step] if isinstance(step, int) else list(step)
        self.values[place.variable] = self.written(self.values[place.variable], path, value)

    def written(self, whole: Any, path: list[Any], value: Any) -> Any:
        if not path:
            return value
        first, *rest = path
        if isinstance(whole, tuple):
            parts = list(whole)
            parts[first - 1] = self.written(parts[first - 1], rest, value)
            return tuple(parts)
        if isinstance(whole, list):
            parts = list(whole)
            at = self.positions(first, len(whole))
            if isinstance(at, int):
                parts[at] = self.written(parts[at], rest, value)
            else:
                assert len(at) == len(value)
                for number, position in enumerate(at):
                    parts[position] = self.written(parts[position], rest, value[number])
            return parts
        lists = [self.positions(index, size) for index, size in zip(path, whole.shape, strict=False)]
        lists += [list(range(size)) for size in whole.shape[len(lists) :]]
        whole = whole.copy()
        shape = tuple(len(at) for at in lists if not isinstance(at, int))
        assert shape == np.shape(value), (shape, np.shape(value))
        for at in np.ndindex(*shape):  # of repeated positions the last stays
            rests = iter(at)
            whole[tuple(p if isinstance(p, int) else p[next(rests)] for p in lists)] = value[at] if shape else value
        return whole

    def positions(self, index: ir.Index, size: int) -> int | list[int]:
        match index:
            case ir.Single(value):
                at: int | list[int] = int(self.value(value)) - 1
            case ir.Multiple(value):
                at = [int(position) - 1 for position in self.value(value)]
            case ir.Between():
                at = list(between(self, index, size))
            case _:
                at = list(range(size))
        assert all(0 <= position < size for position in ([at] if isinstance(at, int) else at))
        return at

    def value(self, node: Any) -> Any:
        match node:
            case ir.ImaginaryLiteral(value):
                return complex(0, value)
            case ir.Promote(value):
                return _promoted(self.value(value), node.type)
            case ir.LibraryCall(name, (ir.FunctionReference(function), *arguments)):
                assert function is not None
                values = [self.value(argument) for argument in arguments]
                return SOLUTIONS[name](lambda *given: self.call(function, [copied(g) for g in given]), *values)
            case ir.LibraryCall("multiply", (left, right)):
                return _product(self.value(left), self.value(right), "row_vector" in str(left.type))
            case ir.Indexed(base, indices):
                return self.read(self.value(base), list(indices))
            case ir.ArrayLiteral(elements):
                return [copied(self.value(element)) for element in elements]
            case _:
                return super().value(node)

    def read(self, whole: Any, indices: list[Any]) -> Any:
        if not indices:
            return copied(whole)
        if isinstance(whole, list):
            at = self.positions(indices[0], len(whole))
            if isinstance(at, int):
                return self.read(whole[at], indices[1:])
            return [self.read(whole[position], indices[1:]) for position in at]
        for axis in reversed(range(len(indices))):
            whole = np.take(whole, np.asarray(self.positions(indices[axis], whole.shape[axis]), int), axis=axis)
        return whole


def _promoted(value: Any, kind: Type) -> Any:
    match kind:
        case Tuple(elements):
            return tuple(_promoted(part, element) for part, element in zip(value, elements, strict=True))
        case Array():
            return [_promoted(part, element_of(kind)) for part in value]
        case Real():
            return float(value)
        case Complex():
            return complex(value)
        case _:
            return value.astype(complex) if "complex" in str(kind) else value


def _filled(sizes: list[int], one: Callable[[], Any]) -> Any:
    return [_filled(sizes[1:], one) for _ in range(sizes[0])] if sizes else one()


def as_value(given: Any, kind: Type) -> Any:
    """A value of the model's (arrays are NumPy arrays, arrays of tuples tuples of arrays) as the machine keeps it."""
    match kind:
        case Tuple(elements):
            return tuple(as_value(part, element) for part, element in zip(given, elements, strict=True))
        case Array():
            return [as_value(_element(given, position), element_of(kind)) for position in range(_length(given))]
        case Int():
            return int(given)
        case Real():
            return float(given)
        case Complex():
            return complex(given)
        case _:
            return np.array(given)


def _element(given: Any, position: int) -> Any:
    return tuple(_element(part, position) for part in given) if isinstance(given, tuple) else given[position]


def _length(given: Any) -> int:
    return _length(given[0]) if isinstance(given, tuple) else len(given)


def numbers(value: Any) -> list[complex]:
    """All numbers of a value, in order."""
    if isinstance(value, list | tuple):
        return [number for part in value for number in numbers(part)]
    return list(np.asarray(value).astype(complex).reshape(-1))
