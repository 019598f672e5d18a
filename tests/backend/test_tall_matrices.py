"""Loops over the rows of a data matrix with few columns read columns that are contiguous, from one copy."""

from __future__ import annotations

import numpy as np
import pytest
from pplc.compiler.backend.arrays import Elementwise, Reduction, Reindex, Source, in_order, variable
from pplc.compiler.backend.data_parts import split_off_data
from pplc.compiler.backend.loops import write
from pplc.compiler.backend.program import function_text
from scipy.special import expit, log_expit
from scipy.stats import t

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


@pytest.mark.parametrize(("rows", "columns"), [(ROWS, COLUMNS), (64, 6), (1000, 13), (167, 32), (500, 40), (70, 160)])
@pytest.mark.parametrize("statement", ["y ~ bernoulli_logit_glm(X, a, b);", "y ~ bernoulli_logit(a + X * b);"])
def test_logistic_regression(statement: str, rows: int, columns: int) -> None:
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=(rows, columns)), rng.integers(0, 2, rows)
    program = (
        f"data {{ int N; matrix[N, {columns}] X; array[N] int<lower=0, upper=1> y; }}"
        f"parameters {{ real a; vector[{columns}] b; }} model {{ {statement} }}"
    )
    model = pplc.compile_model(program, {"N": rows, "X": x, "y": y})
    position = rng.normal(size=1 + columns) / 4
    value, gradient = model.logp_dlogp(position)
    linear = position[0] + x @ position[1:]
    residual = y - expit(linear)
    np.testing.assert_allclose(value, log_expit((2 * y - 1) * linear).sum(), rtol=1e-13)
    np.testing.assert_allclose(gradient, [residual.sum(), *(x.T @ residual)], rtol=1e-11)


def test_matrices_of_different_widths_meet_each_row_together() -> None:
    """One loop has both products, each by columns, and needs no transposes: the copies have blocks by columns."""
    rng = np.random.default_rng(2)
    rows, widths = 300, (20, 45)
    x = [rng.normal(size=(rows, width)) for width in widths]
    program = (
        f"data {{ matrix[{rows}, {widths[0]}] A; matrix[{rows}, {widths[1]}] B; vector[{rows}] y; }}"
        f"parameters {{ vector[{widths[0]}] a; vector[{widths[1]}] b; }}"
        "model { y ~ student_t(3, (A * a) .* (1 + B * b), 1); }"
    )
    y = rng.normal(size=rows)
    model = pplc.compile_model(program, {"A": x[0], "B": x[1], "y": y})
    position = rng.normal(size=sum(widths)) / 4
    a, b = x[0] @ position[: widths[0]], 1 + x[1] @ position[widths[0] :]
    residual = y - a * b
    slope = 4 * residual / (3 + residual**2)
    value, gradient = model.logp_dlogp(position)
    np.testing.assert_allclose(value, t(3).logpdf(residual).sum(), rtol=1e-13)
    np.testing.assert_allclose(gradient, [*(x[0].T @ (slope * b)), *(x[1].T @ (slope * a))], rtol=1e-10, atol=1e-12)
