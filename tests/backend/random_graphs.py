"""Random log densities: a graph is built from a recipe, a list of steps each with a seed of its own choices.

A recipe is plain data, so a failing one can be shortened step by step and kept.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from math import prod
from typing import Any

import numpy as np
import pytensor.tensor as pt
from pytensor.compile.builders import OpFromGraph
from pytensor.graph.basic import Constant, Variable
from pytensor.graph.traversal import toposort

from .corpus import Case

type Recipe = tuple[int, tuple[tuple[str, int], ...]]

SIZES = (0, 1, 1, 2, 3, 3, 5, 7, 8, 9, 33, 70, 200)
LARGEST = 700  # elements of an array
STEPS: dict[str, Callable[[Pool], Any]] = {}


def step(function: Callable[[Pool], Any]) -> Callable[[Pool], Any]:
    STEPS[function.__name__] = function
    return function


def evaluate(outputs: Sequence[Variable], known: dict[Variable, np.ndarray]) -> list[np.ndarray]:
    """Values by running each op's own Python code; `known` holds the inputs' values and gets all others."""
    with np.errstate(all="ignore"):
        for node in toposort(outputs, blockers=list(known)):
            if all(output in known for output in node.outputs):
                continue
            values = [np.asarray(v.data) if isinstance(v, Constant) else known[v] for v in node.inputs]
            for output, value in zip(node.outputs, _performed(node, values), strict=True):
                known[output] = np.asarray(value, dtype=getattr(output.type, "dtype", None))
    return [np.asarray(v.data) if isinstance(v, Constant) else known[v] for v in outputs]


def _performed(node: Any, values: list[np.ndarray]) -> list[Any]:
    if isinstance(node.op, OpFromGraph):
        graph = node.op.fgraph
        return list(evaluate(graph.outputs, dict(zip(graph.inputs, values, strict=True))))
    storage: list[list[Any]] = [[None] for _ in node.outputs]
    node.op.perform(node, [v.copy() for v in values], storage)
    return [cell[0] for cell in storage]


class Refused(Exception):
    """A step that does not fit what there is."""


class Pool:
    """Expressions made so far, with their values."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.numbers = np.random.default_rng(seed)
        self.values: dict[Variable, np.ndarray] = {}
        self.data: dict[Variable, np.ndarray] = {}
        self.floats: list[Any] = []
        self.size = self.rng.choice((5, 12, 12, 40, 300))
        self.sizes = [self.rng.choice(SIZES) for _ in range(3)]
        self.position = pt.vector("q", shape=(self.size,), dtype="float64")
        self.point = self.numbers.normal(size=self.size)
        self.values[self.position] = self.point
        self.floats.append(self.position)
        for _ in range(4):
            self.add(self.piece_of_position())

    def piece_of_position(self) -> Any:
        shape = self.shape()
        if prod(shape) > self.size or self.rng.random() < 0.1:
            return self.position[self.rng.randrange(-self.size, self.size)]
        first = self.rng.randrange(self.size - prod(shape) + 1)
        piece = self.position[first : first + prod(shape)]
        return piece if len(shape) == 1 else piece.reshape(shape)

    def shape(self) -> tuple[int, ...]:
        rank = self.rng.choice((0, 1, 1, 1, 2, 2, 3))
        return tuple(1 if self.rng.random() < 0.15 else self.rng.choice(self.sizes) for _ in range(rank))

    def add(self, variable: Any) -> None:
        """Keep an expression of moderate size and values."""
        if not variable.type.dtype.startswith("float"):
            variable = pt.cast(variable, "float64")
        if None in variable.type.shape or prod(variable.type.shape) > LARGEST or variable.type.ndim > 4:
            raise Refused
        [value] = evaluate([variable], self.values)
        if not np.all(np.isfinite(value)) or np.any(np.abs(value) > 1e5):
            raise Refused
        self.floats.append(variable)

    def some(self, *ranks: int, fit: Callable[[Any], bool] = lambda x: True) -> Any:
        """An expression of one of these ranks (none: any), late ones more often."""
        found = [x for x in self.floats if (not ranks or x.type.ndim in ranks) and fit(x)]
        if not found:
            raise Refused
        return found[max(self.rng.randrange(len(found)) for _ in range(self.rng.choice((1, 2))))]

    def partner(self, x: Any) -> Any:
        """Something that broadcasts with x."""

        def fits(y: Any) -> bool:
            try:
                return prod(np.broadcast_shapes(x.type.shape, y.type.shape)) <= LARGEST
            except ValueError:
                return False

        return self.some(fit=fits)

    def value_for(self, target: Any) -> Any:
        """Something that can be written to a part of an array."""
        shape = target.type.shape

        def fits(y: Any) -> bool:
            try:
                return y.type.ndim <= len(shape) and np.broadcast_shapes(y.type.shape, shape) == shape
            except ValueError:
                return False

        return self.some(fit=fits)

    def given(self, value: Any) -> Any:
        """Data, or a constant of the graph."""
        value = np.asarray(value)
        if self.rng.random() < 0.3:
            return pt.constant(value)
        variable = pt.tensor(f"data{len(self.data)}", dtype=str(value.dtype), shape=value.shape)
        self.data[variable] = self.values[variable] = value
        return variable

    def normal(self, shape: tuple[int, ...]) -> Any:
        return self.given(self.numbers.normal(size=shape))

    def integers(self, low: int, high: int, shape: tuple[int, ...]) -> Any:
        if high <= low and prod(shape):
            raise Refused
        kind = self.rng.choice(("int64", "int64", "int32"))
        return self.given(self.numbers.integers(low, max(high, low + 1), size=shape).astype(kind))

    def axis(self, x: Any) -> int:
        return self.rng.randrange(x.type.ndim)

    def index(self, size: int) -> Any:
        """An array of indices into an axis: repeated, negative, sometimes found from parameters."""
        shape = self.rng.choice(((), (self.rng.choice(SIZES),), (2, 3), (1,), (self.rng.choice(self.sizes), 2)))
        if prod(shape) > 100:
            raise Refused
        if self.rng.random() < 0.15 and size:
            x = self.some(0, 1, 2)
            return pt.cast(pt.floor(pt.sigmoid(x) * (size * 0.999)), "int64")
        return self.integers(-size, size, shape)

    def slice(self, size: int) -> slice:
        def bound() -> int | None:
            return None if self.rng.random() < 0.5 else self.rng.randint(-size - 1, size + 1)

        return slice(bound(), bound(), self.rng.choice((None, None, None, 1, 2, 3, -1, -1, -2)))

    def entries(self, x: Any) -> tuple[Any, ...]:
        """An indexing expression for x."""
        found: list[Any] = []
        kinds = self.rng.choice((("slice",), ("slice", "integer"), ("array", "slice"), ("array", "integer", "slice")))
        length = None
        for size in x.type.shape[: self.rng.randint(1, x.type.ndim)]:
            kind = self.rng.choice(kinds)
            if kind == "slice" or not size:
                found.append(self.slice(size))
            elif kind == "integer":
                found.append(self.rng.randrange(-size, size))
            else:
                index = self.index(size)
                if length is not None and index.type.ndim:
                    index = self.integers(-size, size, length)
                elif index.type.ndim:
                    length = index.type.shape
                found.append(index)
        return tuple(found)


# Steps ------------------------------------------------------------------------------------------


@step
def piece(pool: Pool) -> Any:
    return pool.piece_of_position()


@step
def data(pool: Pool) -> Any:
    return pool.normal(pool.shape())


@step
def unary(pool: Pool) -> Any:
    functions = (
        pt.exp, pt.tanh, pt.softplus, pt.sigmoid, pt.sqr, pt.neg, pt.abs, pt.sin, pt.expm1, pt.sign, pt.floor,
        lambda x: pt.log1p(pt.sqr(x)), lambda x: pt.log(pt.abs(x) + 0.5), lambda x: pt.sqrt(x * x + 1),
        lambda x: 1 / (1 + pt.abs(x)), lambda x: pt.gammaln(pt.exp(pt.tanh(x))), lambda x: x**3, lambda x: x * 2 - 1,
        lambda x: (x * x + 0.1) ** 0.3, lambda x: pt.clip(x, -0.5, 0.5), lambda x: pt.erf(x), lambda x: x + x,
    )  # fmt: skip
    return pool.rng.choice(functions)(pool.some())


@step
def binary(pool: Pool) -> Any:
    x = pool.some()
    functions = (
        pt.add, pt.sub, pt.mul, pt.mul, pt.maximum, pt.minimum, lambda a, b: a / (1 + pt.sqr(b)), pt.logaddexp,
        lambda a, b: (a * a + 0.5) ** pt.tanh(b), lambda a, b: a * pt.gt(a, b), 
        lambda a, b: pt.cast(pt.le(a, b), "float64"), lambda a, b: pt.cast(pt.eq(a, b), "float64") - a,
    )  # fmt: skip
    return pool.rng.choice(functions)(x, pool.partner(x))


@step
def ternary(pool: Pool) -> Any:
    x = pool.some()
    y = pool.partner(x)
    return x * y + pool.partner(x + y)


@step
def chosen(pool: Pool) -> Any:
    """A branch that is nan where it is not chosen."""
    x = pool.some()
    y = pool.partner(x)
    level = pool.rng.choice((0.0, 0.1, 5.0))
    otherwise = pool.rng.choice((lambda: y, lambda: pt.exp(-x), lambda: 0.0, lambda: x * 2))()
    return pt.switch(x > level, pool.rng.choice((lambda: pt.log(x - level), lambda: y * x, lambda: -x))(), otherwise)


@step
def chosen_by_data(pool: Pool) -> Any:
    x = pool.some()
    flags = pool.integers(0, 2, x.type.shape)
    return pt.switch(pt.eq(flags, 1), x, pool.partner(x))


@step
def reduction(pool: Pool) -> Any:
    x = pool.some(1, 2, 3, 4)
    axes = [axis for axis in range(x.type.ndim) if pool.rng.random() < 0.5]
    functions = [pt.sum, pt.sum, pt.sum, pt.prod]
    if all(x.type.shape):
        functions += [pt.mean, pt.max, pt.min, pt.logsumexp, pt.var]
    function = pool.rng.choice(functions)
    return function(x, axis=axes or None, keepdims=pool.rng.random() < 0.3)


@step
def truth(pool: Pool) -> Any:
    x = pool.some(1, 2, 3)
    function = pool.rng.choice((pt.any, pt.all, pt.sum))
    return function(pt.gt(x, pool.rng.choice((-1.0, 0.0, 0.5))), axis=pool.rng.choice((None, pool.axis(x))))


@step
def largest(pool: Pool) -> Any:
    x = pool.some(1, 2, 3, fit=lambda x: all(x.type.shape))
    axis = pool.rng.choice((None, pool.axis(x)))
    return pt.argmax(x, axis=axis)


@step
def indexed(pool: Pool) -> Any:
    x = pool.some(1, 2, 3, 4)
    return x[pool.entries(x)]


@step
def gathered(pool: Pool) -> Any:
    x = pool.some(1, 2, 3)
    return x[pool.index(x.type.shape[0])]


@step
def by_group(pool: Pool) -> Any:
    """Effects of groups, for many rows."""
    x = pool.some(1, fit=lambda x: x.type.shape[0] > 0)
    rows = pool.rng.choice((33, 70, 200))
    return x[pool.integers(0, x.type.shape[0], (rows,))] * pool.normal((rows,))


@step
def written(pool: Pool) -> Any:
    """A chain of writes, of which later ones cover parts of earlier ones."""
    x = pool.some(1, 2, 3)
    for _ in range(pool.rng.choice((1, 1, 2, 3))):
        target = x[pool.entries(x)]
        if None in target.type.shape:
            raise Refused
        kind = pool.rng.randrange(3)
        value = target * 0.5 if kind == 0 else pool.some(0) if kind == 1 else pool.value_for(target)
        x = pool.rng.choice((pt.inc_subtensor, pt.set_subtensor))(target, value)
    return x


@step
def filled(pool: Pool) -> Any:
    """Rows of an empty array set one after the other."""
    x = pool.some(0, 1)
    number = pool.rng.choice((1, 2, 4))
    result = pt.zeros((number, *x.type.shape)) if pool.rng.random() < 0.5 else pt.empty((number, *x.type.shape))
    for row in range(number):
        result = pt.set_subtensor(result[row], x * row + pool.some(0))
    return result


@step
def joined(pool: Pool) -> Any:
    x = pool.some(1, 2, 3)
    axis = pool.axis(x)

    def fits(y: Any) -> bool:
        return y.type.ndim == x.type.ndim and all(
            a == b for k, (a, b) in enumerate(zip(x.type.shape, y.type.shape, strict=True)) if k != axis
        )

    return pt.concatenate([x, *(pool.some(fit=fits) for _ in range(pool.rng.choice((1, 1, 2))))], axis=axis)


@step
def stacked(pool: Pool) -> Any:
    x = pool.some(0, 0, 1, 2)
    others = [pool.some(fit=lambda y: y.type.shape == x.type.shape) for _ in range(pool.rng.choice((1, 2, 4)))]
    return pt.stack([x, *others], axis=pool.rng.randint(0, x.type.ndim))


@step
def vector_of_numbers(pool: Pool) -> Any:
    return pt.stack([pool.some(0) for _ in range(pool.rng.choice((1, 2, 3, 6)))])


@step
def reshaped(pool: Pool) -> Any:
    x = pool.some(1, 2, 3, 4, fit=lambda x: 0 not in x.type.shape)
    size = prod(x.type.shape)
    divisors = [d for d in range(1, size + 1) if size % d == 0]
    first = pool.rng.choice(divisors)
    second = pool.rng.choice([d for d in divisors if (size // first) % d == 0])
    shapes = (
        (size,),
        (first, size // first),
        (first, second, size // first // second),
        (first, -1),
        (1, size),
        (-1, 1),
    )
    return x.reshape(pool.rng.choice(shapes))


@step
def transposed(pool: Pool) -> Any:
    x = pool.some(2, 3, 4)
    order = list(range(x.type.ndim))
    pool.rng.shuffle(order)
    return x.transpose(order)


@step
def with_axis(pool: Pool) -> Any:
    x = pool.some(0, 1, 2)
    return pt.expand_dims(x, pool.rng.randint(0, x.type.ndim))


@step
def without_axis(pool: Pool) -> Any:
    x = pool.some(1, 2, 3, fit=lambda x: 1 in x.type.shape)
    return pt.squeeze(x, axis=x.type.shape.index(1))


@step
def repeated(pool: Pool) -> Any:
    x = pool.some(0, 1, 2)
    return pt.broadcast_to(x, (pool.rng.choice((1, 2, 3, 33)), *x.type.shape))


@step
def product(pool: Pool) -> Any:
    x = pool.some(1, 2)
    inner = x.type.shape[-1]
    return pt.dot(x, pool.some(1, 2, fit=lambda y: y.type.shape[0] == inner))


@step
def product_with_data(pool: Pool) -> Any:
    x = pool.some(1, 2)
    rows = pool.rng.choice((1, 3, 8, 33, 70))
    matrix = pool.normal((rows, x.type.shape[0]))
    return pt.dot(matrix, x) if pool.rng.random() < 0.7 else pt.dot(x.T, matrix.T)


@step
def product_with_transpose(pool: Pool) -> Any:
    x = pool.some(2)
    other = pool.some(2, fit=lambda y: y.type.shape[1] == x.type.shape[1])
    return pt.dot(x, other.T)


@step
def batched_product(pool: Pool) -> Any:
    x = pool.some(3)
    batch, _, inner = x.type.shape
    return x @ pool.some(
        2, 3, fit=lambda y: y.type.shape[-2] == inner and (y.type.ndim == 2 or y.type.shape[0] == batch)
    )


@step
def outer(pool: Pool) -> Any:
    return pt.outer(pool.some(1), pool.some(1))


@step
def running(pool: Pool) -> Any:
    x = pool.some(1, 2, 3)
    return pool.rng.choice((pt.cumsum, pt.cumsum, pt.cumprod))(pt.tanh(x), axis=pool.axis(x))


@step
def differences(pool: Pool) -> Any:
    x = pool.some(1, 2, fit=lambda x: x.type.shape[-1] > 1)
    return x[..., 1:] - x[..., :-1]


@step
def recurrence(pool: Pool) -> Any:
    """A vector filled element by element from its own earlier elements."""
    x = pool.some(1, fit=lambda x: 2 <= x.type.shape[0] <= 9)
    total = pt.set_subtensor(pt.zeros_like(x)[0], x[0])
    for k in range(1, x.type.shape[0]):
        total = pt.set_subtensor(total[k], pt.tanh(total[k - 1]) * 0.5 + x[k])
    return total


@step
def diagonal(pool: Pool) -> Any:
    x = pool.some(1, 2, 3, fit=lambda x: x.type.ndim == 1 or 0 not in x.type.shape)
    offset = pool.rng.choice((0, 0, 1, -1))
    if x.type.ndim == 1:
        return pt.diag(x, offset)
    return pt.diagonal(x, offset=offset, axis1=x.type.ndim - 2, axis2=x.type.ndim - 1)


@step
def triangle(pool: Pool) -> Any:
    x = pool.some(2)
    return pool.rng.choice((pt.tril, pt.triu))(x, pool.rng.choice((-1, 0, 1)))


def _positive(pool: Pool) -> Any:
    x = pool.some(2, fit=lambda x: 0 < x.type.shape[0] <= 9 and x.type.shape[1])
    a = pt.tanh(x)
    return pt.dot(a, a.T) / x.type.shape[1] + pt.eye(x.type.shape[0])


@step
def factor(pool: Pool) -> Any:
    return pt.linalg.cholesky(_positive(pool))


@step
def solution(pool: Pool) -> Any:
    matrix = _positive(pool)
    b = pool.some(1, 2, fit=lambda y: y.type.shape[0] == matrix.type.shape[0] and all(y.type.shape))
    kind = pool.rng.choice(("general", "triangular", "upper", "inverse"))
    match kind:
        case "general":
            return pt.linalg.solve(matrix, b, b_ndim=b.type.ndim)
        case "triangular":
            return pt.linalg.solve_triangular(pt.linalg.cholesky(matrix), b, lower=True, b_ndim=b.type.ndim)
        case "upper":
            return pt.linalg.solve_triangular(pt.linalg.cholesky(matrix).T, b, lower=False, b_ndim=b.type.ndim)
        case _:
            return pt.linalg.inv(matrix) @ b


@step
def log_determinant(pool: Pool) -> Any:
    return pt.linalg.slogdet(_positive(pool))[1]


@step
def counts(pool: Pool) -> Any:
    """Integer arithmetic on data."""
    shape = pool.shape()
    a, b = pool.integers(-5, 20, shape), pool.integers(1, 4, shape)
    function = pool.rng.choice(
        (lambda: a // b, lambda: a % b, lambda: a + b * 2, lambda: pt.maximum(a, b), lambda: pt.abs(a))
    )
    x = pool.some()
    try:
        np.broadcast_shapes(shape, x.type.shape)
    except ValueError:
        raise Refused from None
    return pt.cast(function(), "float64") * x


@step
def mixture(pool: Pool) -> Any:
    x = pool.some(1)
    return pt.logsumexp(pt.stack([x, pool.some(0) - x], axis=pool.rng.choice((0, -1))), axis=pool.rng.choice((0, -1)))


@step
def wrapped(pool: Pool) -> Any:
    """An op that is a graph, used twice."""
    x = pool.some(0, 1, 2)
    inner = x.type()
    op = OpFromGraph([inner], [pt.tanh(inner) * inner + 1], inline=True)
    return op(x) * op(-x)


# Recipes ----------------------------------------------------------------------------------------


def recipe(seed: int, longest: int = 14) -> Recipe:
    """A random recipe."""
    rng = random.Random(seed)
    names = list(STEPS)
    return seed, tuple((rng.choice(names), rng.randrange(10**6)) for _ in range(rng.randint(2, longest)))


def build(what: Recipe) -> tuple[Case, np.ndarray, dict[Variable, np.ndarray]]:
    """The density of a recipe, a point, and the values of all expressions there. Steps that do not fit are left out."""
    seed, steps = what
    pool = Pool(seed)
    for name, choices in steps:
        pool.rng.seed(choices)
        pool.numbers = np.random.default_rng(choices)
        try:
            pool.add(STEPS[name](pool))
        except Refused:
            continue
    pool.rng.seed(seed)
    pool.numbers = np.random.default_rng(seed)
    roots = [pool.floats[-1], *(pool.some() for _ in range(pool.rng.randint(0, 3)))]
    total = -0.1 * pt.sum(pool.position**2) if pool.rng.random() < 0.7 else pt.as_tensor(0.0)
    for x in roots:
        match pool.rng.randrange(4):
            case 0:
                total = total + pt.sum(x)
            case 1:
                total = total + pt.sum(pt.tanh(x))
            case 2:
                total = total + pt.sum(x * pool.normal(x.type.shape))
            case _:
                total = total + pt.sum(pt.switch(pt.gt(x, -1e6), -0.5 * pt.sqr(x - 0.3), -np.inf))
    return (pool.position, total, pool.data), pool.point, pool.values
