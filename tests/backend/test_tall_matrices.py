"""Loops over the rows of a data matrix with few columns read columns that are contiguous, from one copy."""

from __future__ import annotations

import numpy as np
import pytest
from pplc.compiler.backend.arrays import Elementwise, Reduction, Reindex, Source, in_order, variable
from pplc.compiler.backend.program import function_text, split_off_data, write
from scipy.special import expit, log_expit

import pplc

ROWS, COLUMNS = 100, 4


def test_the_product_and_its_gradient_share_a_turned_copy() -> None:
    stretched = Source((ROWS, COLUMNS, 1), "float", "d0")
    plain = Source((ROWS, COLUMNS), "float", "d0")
    weights = Source((1, COLUMNS, 1), "float", "q")
    terms = Elementwise(stretched.shape, "float", "{0} * {1}", (stretched, weights), 1.0)
    product = Reduction((ROWS, 1), "float", "sum", terms, (1,), (0, 1, 2))
    column = Reindex((ROWS, COLUMNS), "float", product, (variable(0), variable(1) * 0))
    total = Elementwise((ROWS, COLUMNS), "float", "{0} * {1}", (plain, column), 1.0)
    gradient = Reduction((COLUMNS,), "float", "sum", total, (0,), (1, 0))
    split, _ = split_off_data([gradient], {"q"})
    assert [source.shape for _, source in split.prepared] == [(COLUMNS, ROWS)]
    read = {array.buffer for array in in_order(split.roots) if isinstance(array, Source)}
    assert read == {"p0", "q"}
    body = write([(split.roots[0], Source((COLUMNS,), "float", "out"))])
    assert f"{COLUMNS} * i0" not in function_text("def f(q: floats, out: floats) -> None:", body, [])


@pytest.mark.parametrize("statement", ["y ~ bernoulli_logit_glm(X, a, b);", "y ~ bernoulli_logit(a + X * b);"])
def test_logistic_regression(statement: str) -> None:
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=(ROWS, COLUMNS)), rng.integers(0, 2, ROWS)
    program = (
        f"data {{ int N; matrix[N, {COLUMNS}] X; array[N] int<lower=0, upper=1> y; }}"
        f"parameters {{ real a; vector[{COLUMNS}] b; }} model {{ {statement} }}"
    )
    model = pplc.compile_model(program, {"N": ROWS, "X": x, "y": y})
    position = rng.normal(size=1 + COLUMNS)
    value, gradient = model.logp_dlogp(position)
    linear = position[0] + x @ position[1:]
    residual = y - expit(linear)
    np.testing.assert_allclose(value, log_expit((2 * y - 1) * linear).sum(), rtol=1e-13)
    np.testing.assert_allclose(gradient, [residual.sum(), *(x.T @ residual)], rtol=1e-11)
