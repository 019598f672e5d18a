"""Random graphs of slices, gathers, broadcasts, reductions, products and writes agree with PyTensor's evaluation."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytensor.tensor as pt
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .corpus import Case
from .test_density import assert_agrees

SIZE = 12


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """A density built step by step from a pool of expressions of small values."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    q = pt.vector("q", shape=(SIZE,), dtype="float64")
    data: dict[Any, np.ndarray] = {}

    def given_array(value: np.ndarray) -> Any:
        variable = pt.tensor(f"data{len(data)}", dtype=str(value.dtype), shape=value.shape)
        data[variable] = value
        return variable

    pool: list[Any] = [q, q[:4], q[4], q.reshape((3, 4)), q[2:11].reshape((3, 3)), given_array(rng.normal(size=4))]

    def pick(rank: int | None = None) -> Any:
        fitting = [x for x in pool if rank is None or x.ndim == rank]
        return draw(st.sampled_from(fitting)) if fitting else q

    for _ in range(draw(st.integers(2, 9))):
        step = draw(st.sampled_from(STEPS))
        made = step(draw, rng, pick, given_array)
        if made is not None and 0 < np.prod(made.type.shape, dtype=int) <= 200:
            pool.append(made)
    chosen = draw(st.lists(st.sampled_from(pool), min_size=1, max_size=4))
    return q, sum((pt.sum(pt.tanh(x)) for x in [*chosen, pool[-1]]), start=-0.1 * pt.sum(q**2)), data


def unary(draw: Any, rng: Any, pick: Any, given_array: Any) -> Any:
    functions = (pt.exp, pt.tanh, pt.softplus, pt.sigmoid, pt.sqr, pt.neg, pt.log1p, pt.abs)
    function = draw(st.sampled_from(functions))
    x = pick()
    return pt.log1p(pt.sqr(x)) if function is pt.log1p else function(pt.tanh(x))


def binary(draw: Any, rng: Any, pick: Any, given_array: Any) -> Any:
    x, y = pick(), pick()
    function = draw(st.sampled_from((pt.add, pt.sub, pt.mul, pt.maximum, lambda a, b: a / (1 + pt.sqr(b)))))
    try:
        shape = np.broadcast_shapes(x.type.shape, y.type.shape)
    except ValueError:
        return None
    return function(x, y) if np.prod(shape, dtype=int) <= 200 else None


def outer(draw: Any, rng: Any, pick: Any, given_array: Any) -> Any:
    return pick(1)[:, None] * pick(1)[None, :]


def reduction(draw: Any, rng: Any, pick: Any, given_array: Any) -> Any:
    x = pick()
    if x.ndim == 0:
        return None
    axis = draw(st.one_of(st.none(), st.integers(0, x.ndim - 1)))
    return draw(st.sampled_from((pt.sum, pt.mean, pt.max, pt.logsumexp)))(x, axis=axis)


def gather(draw: Any, rng: Any, pick: Any, given_array: Any) -> Any:
    x = pick()
    if x.ndim == 0:
        return None
    size = x.type.shape[0]
    shape = draw(st.sampled_from(((5,), (2, 3), (1,))))
    return x[given_array(rng.integers(-size, size, size=shape))]


def gather_pairs(draw: Any, rng: Any, pick: Any, given_array: Any) -> Any:
    x = pick(2)
    if x.ndim != 2:
        return None
    rows, columns = x.type.shape
    return x[given_array(rng.integers(0, rows, 6)), given_array(rng.integers(0, columns, 6))]


def piece(draw: Any, rng: Any, pick: Any, given_array: Any) -> Any:
    x = pick()
    if x.ndim == 0:
        return None
    first = draw(st.integers(0, x.type.shape[0] - 1))
    step = draw(st.sampled_from((1, 1, 2, -1)))
    return x[first::step] if step > 0 else x[::-1]


def element(draw: Any, rng: Any, pick: Any, given_array: Any) -> Any:
    x = pick()
    return x[draw(st.integers(0, x.type.shape[0] - 1))] if x.ndim else None


def turned(draw: Any, rng: Any, pick: Any, given_array: Any) -> Any:
    x = pick()
    if x.ndim < 2:
        return x[:, None] if x.ndim == 1 else None
    return x.T if draw(st.booleans()) else x.reshape((-1,))


def product(draw: Any, rng: Any, pick: Any, given_array: Any) -> Any:
    x, y = pick(2), pick(draw(st.sampled_from((1, 2))))
    return x @ y if x.ndim == 2 and y.ndim in (1, 2) and x.type.shape[1] == y.type.shape[0] else None


def join(draw: Any, rng: Any, pick: Any, given_array: Any) -> Any:
    return pt.concatenate([pick(1), pick(1)])


def stack(draw: Any, rng: Any, pick: Any, given_array: Any) -> Any:
    return pt.stack([pick(0) if pick(0).ndim == 0 else pt.sum(pick()), pt.sum(pick())])


def write(draw: Any, rng: Any, pick: Any, given_array: Any) -> Any:
    x = pick(1)
    size = x.type.shape[0]
    first = draw(st.integers(0, size - 1))
    value = pt.sum(pick()) if draw(st.booleans()) else x[first:] * 0.5
    change = pt.set_subtensor if draw(st.booleans()) else pt.inc_subtensor
    return change(x[first:], value)


def scatter(draw: Any, rng: Any, pick: Any, given_array: Any) -> Any:
    x = pick()
    if x.ndim == 0:
        return None
    index = rng.integers(0, x.type.shape[0], 4)
    if draw(st.booleans()):
        return pt.inc_subtensor(x[given_array(index)], pt.tanh(x[:1]) if x.ndim == 1 else 0.5)
    return pt.set_subtensor(x[given_array(np.unique(index))], 0.25 * pt.sum(pick()))


def running(draw: Any, rng: Any, pick: Any, given_array: Any) -> Any:
    return pt.cumsum(pick(1))


def chosen(draw: Any, rng: Any, pick: Any, given_array: Any) -> Any:
    x = pick()
    return pt.switch(x > 0.1, pt.exp(-x), x * 2)


STEPS = (
    unary, binary, outer, reduction, gather, gather_pairs, piece, element, turned, product, join, stack, write,
    scatter, running, chosen,
)  # fmt: skip


@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(cases())
def test_random_graphs_agree(case: Case) -> None:
    assert_agrees(case)
