"""Steps of random graphs: each makes one more expression from those in the pool, or is refused.

Recipes name steps in the order of this file; those drawn from a seed change when it does.
"""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import Any

import numpy as np
import pytensor.tensor as pt
from pytensor.compile.builders import OpFromGraph

from .random_pool import Pool, Refused

STEPS: dict[str, Callable[[Pool], Any]] = {}


def step(function: Callable[[Pool], Any]) -> Callable[[Pool], Any]:
    STEPS[function.__name__] = function
    return function


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
