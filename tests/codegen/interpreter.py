"""The meaning of typed programs by walking the tree, over numbers that may be complex.

For tests only: slow, and small enough to be read beside the language's definition. Derivatives come from a step
in the imaginary direction, exact to rounding; comparisons look at real parts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from pplc.compiler import ir
from pplc.compiler.types import Int, is_discrete

from benchmarks.typed.walk import Walk, between, copied

STEP = 1e-30


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


class Machine(Walk):
    """A program whose arrays of any kind are NumPy arrays."""

    library = LIBRARY

    def statement(self, node: ir.Statement) -> None:
        if isinstance(node, ir.Reject):
            raise Rejected
        super().statement(node)

    def unset(self, sized: ir.SizedType) -> Any:
        assert isinstance(sized, ir.Sized)
        shape = tuple(self.value(size) for size in (*sized.array_sizes, *sized.inner_sizes))
        if shape:
            return np.full(shape, -1) if is_discrete(sized.type) else np.full(shape, np.nan, complex)
        return -1 if sized.type == Int() else complex(np.nan)

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
                case ir.Between():
                    lists.append(np.array(between(self, index, size), int))
                case ir.All():
                    lists.append(np.arange(size))
        lists += [np.arange(size) for size in np.shape(whole)[len(lists) :]]
        for index, size in zip(lists, np.shape(whole), strict=True):
            assert np.all((np.asarray(index) >= 0) & (np.asarray(index) < size))
        many = [index for index in lists if np.ndim(index)]
        grids = iter(np.ix_(*many)) if many else iter(())
        return tuple(next(grids) if np.ndim(index) else index for index in lists)

    def value(self, node: Any) -> Any:
        match node:
            case ir.Promote(value):
                return self.value(value)
            case ir.LibraryCall("multiply", (left, right)):
                return _product(self.value(left), self.value(right))
            case ir.Indexed(base, indices):
                whole = self.value(base)
                return copied(whole[self.positions(indices, whole)])
            case ir.ArrayLiteral(elements):
                return np.array([self.value(element) for element in elements])
            case _:
                return super().value(node)


def gradient(run: Callable[[Any], Any], at: np.ndarray) -> tuple[float, np.ndarray]:
    """The value of a function of a vector, and its derivatives by imaginary steps."""
    value = float(np.real(run(at.astype(complex))))
    found = np.empty(at.size)
    for number in range(at.size):
        moved = at.astype(complex)
        moved[number] += STEP * 1j
        found[number] = np.imag(run(moved)) / STEP
    return value, found
