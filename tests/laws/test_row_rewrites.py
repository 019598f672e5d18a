"""Sums over fewer rows keep value and gradient, and are taken wherever rows repeat or residuals are linear."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytensor.tensor as pt
import pytest
from pplc.compiler.backend.density import CompiledDensity, compile_log_density, load_cached
from pplc.compiler.rewrite.rows import specialise
from pplc.compiler.rewrite.rows.pipeline import ROW_REWRITES

type Example = tuple[Any, Any, dict[Any, np.ndarray]]

RNG = np.random.default_rng(3)
GROUP = RNG.integers(0, 4, 90)


def gaussian_by_group() -> Example:
    """Intercept, slope and scale of each of four groups."""
    q = pt.vector("q", shape=(12,))
    x, y, group = pt.vector("x", shape=(90,)), pt.vector("y", shape=(90,)), pt.lvector("group", shape=(90,))
    residual = (y - q[group] - q[4:8][group] * x) / pt.exp(q[8:12][group])
    density = pt.sum(-0.5 * residual**2 - q[8:12][group])
    return q, density, {x: RNG.normal(size=90), y: RNG.normal(size=90), group: GROUP}


def far_from_zero() -> Example:
    """Outcomes and predictors with means that dwarf their spread."""
    q = pt.vector("q", shape=(3,))
    x, y = pt.vector("x", shape=(300,)), pt.vector("y", shape=(300,))
    values = RNG.normal(2000.0, 1.0, 300)
    density = pt.sum(-0.5 * ((y - (q[0] + q[1] * x)) / pt.exp(q[2])) ** 2) - 300 * q[2]
    return q, density, {x: values, y: 1e5 + 3 * values + RNG.normal(size=300)}


def known_scales() -> Example:
    """Each row has its own known scale, and the mean a product of two parameters."""
    q = pt.vector("q", shape=(8,))
    y, scale = pt.vector("y", shape=(90,)), pt.vector("scale", shape=(90,))
    group = pt.lvector("group", shape=(90,))
    mean = q[4] + pt.exp(q[5]) * q[:4][group]
    return q, pt.sum(-0.5 * ((y - mean) / scale) ** 2), {
        y: RNG.normal(size=90), scale: RNG.uniform(0.5, 2, 90), group: GROUP - 4
    }  # fmt: skip


def table_of_counts() -> Example:
    """Rows in two axes, with a parameter for each row of the table."""
    q = pt.vector("q", shape=(5,))
    x, y = pt.matrix("x", shape=(4, 30)), pt.lmatrix("y", shape=(4, 30))
    eta = q[:4].dimshuffle(0, "x") + q[4] * x
    density = pt.sum(pt.switch(y > 0, -pt.softplus(-eta), -pt.softplus(eta)))
    return q, density, {x: RNG.integers(0, 3, (4, 30)).astype(float), y: RNG.integers(0, 2, (4, 30))}


def some_terms_repeat() -> Example:
    """A sum of which one term repeats and another does not."""
    q = pt.vector("q", shape=(5,))
    x, group = pt.vector("x", shape=(90,)), pt.lvector("group", shape=(90,))
    return q, pt.sum(pt.exp(q[group]) - pt.cos(q[4] * x)), {x: RNG.normal(size=90), group: GROUP}


def conditions() -> Example:
    """Density -inf where a probability leaves (0, 1)."""
    q = pt.vector("q", shape=(2,))
    x = pt.vector("x", shape=(60,))
    p = q[0] + q[1] * x
    return q, pt.switch(pt.all((p > 0) & (p < 1)), pt.sum(pt.log(p)), -np.inf), {x: np.repeat([0.1, 0.2, 0.3], 20)}


def behind_a_new_axis() -> Example:
    """Rows with an axis of length 1 behind those of the expression they come from, which is used elsewhere too."""
    q = pt.vector("q", shape=(6,))
    x = pt.matrix("x", shape=(6, 6))
    inner = pt.exp(q[:, None] * x)
    return q, pt.sum(pt.tanh(inner[:, :, None])) + pt.sum(pt.sin(inner)), {x: RNG.integers(0, 2, (6, 6)).astype(float)}


def between_two_axes() -> Example:
    """The same with the axis between two others."""
    q = pt.vector("q", shape=(6,))
    x = pt.matrix("x", shape=(6, 6))
    inner = pt.exp(q[:, None] * x)
    return q, pt.sum(pt.tanh(inner[:, None, :])) + pt.sum(pt.sin(inner)), {x: RNG.integers(0, 2, (6, 6)).astype(float)}


EXAMPLES: list[Callable[[], Example]] = [
    gaussian_by_group, far_from_zero, known_scales, table_of_counts, some_terms_repeat, conditions, behind_a_new_axis,
    between_two_axes,
    *(rewrite.example for rewrite in ROW_REWRITES),
]  # fmt: skip


def both(example: Callable[[], Example], monkeypatch: pytest.MonkeyPatch) -> tuple[CompiledDensity, CompiledDensity]:
    case = example()
    with_it = compile_log_density(*case)
    monkeypatch.setenv("PPLC_REWRITES_OFF", ",".join(rewrite.name for rewrite in ROW_REWRITES))
    return with_it, compile_log_density(*case)


@pytest.mark.parametrize("example", EXAMPLES)
def test_value_and_gradient_stay(example: Callable[[], Example], monkeypatch: pytest.MonkeyPatch) -> None:
    short, long = both(example, monkeypatch)
    rng = np.random.default_rng(0)
    for scale in (0.0, 0.3, 1.0, 3.0):
        point = np.abs(rng.normal(size=short.size)) * scale
        (value, gradient), (expected, slope) = short(point), long(point)
        np.testing.assert_allclose(value, expected, rtol=1e-11)
        if np.isfinite(expected):
            np.testing.assert_allclose(gradient, slope, rtol=1e-9, atol=1e-10 * np.abs(slope).max())


@pytest.mark.parametrize("example", EXAMPLES)
def test_reads_fewer_rows(example: Callable[[], Example]) -> None:
    _, density, data = example()
    _, _, new = specialise(density, [], data)
    longest = max(np.size(value) for value in data.values())
    assert new
    assert max(value.shape[0] for value in new.values()) < longest


@pytest.mark.parametrize("rewrite", ROW_REWRITES, ids=lambda rewrite: rewrite.name)
def test_each_changes_its_example(rewrite: Any) -> None:
    _, density, data = rewrite.example()
    assert rewrite.name
    assert specialise(density, [], data)[2]


def test_rows_that_differ_are_left_alone() -> None:
    q, x = pt.vector("q", shape=(1,)), pt.vector("x", shape=(50,))
    assert not specialise(pt.sum(pt.exp(q[0] * x)), [], {x: np.arange(50.0)})[2]


def test_a_stored_program_is_for_its_data_only(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PPLC_CACHE_DIR", str(tmp_path))
    q, density, data = far_from_zero()
    compiled = compile_log_density(q, density, data)
    assert compiled.store("rows")
    named = {str(variable.name): value for variable, value in data.items()}
    again = load_cached("rows", named)
    assert again is not None
    point = np.array([1.0, 2.0, 0.5])
    assert again(point)[0] == compiled(point)[0]
    assert load_cached("rows", named | {"y": named["y"] + 1}) is None


def regression(matrix: np.ndarray, outcome: np.ndarray) -> Example:
    """A Gaussian linear model; the last parameter is the log scale."""
    rows, columns = matrix.shape
    q = pt.vector("q", shape=(columns + 1,))
    x, y = pt.matrix("x", shape=(rows, columns)), pt.vector("y", shape=(rows,))
    return q, pt.sum(-0.5 * ((y - pt.dot(x, q[:columns])) / pt.exp(q[columns])) ** 2), {x: matrix, y: outcome}


def design(rows: int = 400) -> np.ndarray:
    return np.column_stack([np.ones(rows), RNG.normal(size=(rows, 3))])


BETA = np.array([1.0, 2.0, -1.0, 0.5])
UNITS = np.array([1.0, 1e9, 1e-12, 1e-20])
NOISE = RNG.normal(size=400)
HARD: dict[str, Callable[[], tuple[Example, np.ndarray, float]]] = {  # model, coefficients, scale of the residuals
    "units far apart": lambda: (regression((x := design()) * UNITS, x @ BETA + NOISE), BETA / UNITS, 1.0),
    "a large mean": lambda: (regression(np.ones((400, 1)), 1e6 + 1e-3 * NOISE), np.array([1e6]), 1e-3),
    "a small slope on a large mean": lambda: (
        regression((x := design()) * [1, 1, 1e-9, 1], 1e8 + x @ BETA + NOISE), np.array([1e8, 2, -1e9, 0.5]), 1.0
    ),
    "little noise": lambda: (regression(x := design(), x @ BETA + 1e-6 * NOISE), BETA, 1e-6),
    "hardly any noise": lambda: (regression(x := design(), x @ BETA + 1e-10 * NOISE), BETA, 1e-10),
    "none": lambda: (regression(x := np.round(design() * 4), x @ BETA), BETA, 1.0),
    "the same column twice": lambda: (regression((x := design())[:, [0, 1, 2, 2]], x @ BETA + NOISE), BETA, 1.0),
    "almost the same column twice": lambda: (
        regression((x := design())[:, [0, 1, 2, 2]] + 1e-9 * x[:, [3]] * [0, 0, 0, 1], x @ BETA + NOISE), BETA, 1.0
    ),
    "columns of zeros": lambda: (regression(design() * [1, 0, 0, 1], NOISE), BETA, 1.0),
}  # fmt: skip


@pytest.mark.parametrize("name", HARD)
def test_gradients_keep_their_digits(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Measured by what one standard deviation off the fit adds to each element of the gradient."""
    (q, density, data), beta, scale = HARD[name]()
    short, long = both(lambda: (q, density, data), monkeypatch)
    matrix = next(value for variable, value in data.items() if variable.type.ndim == 2)
    lengths = np.sqrt((matrix**2).sum(axis=0))
    steps = np.divide(scale, lengths, out=np.zeros_like(lengths), where=lengths > 0)
    for off in (0.0, 1.0, -3.0):
        point = np.append(beta + off * steps, np.log(scale))
        (value, gradient), (expected, slope) = short(point), long(point)
        size = np.append(lengths / scale * np.sqrt(len(matrix)), len(matrix))
        assert np.all(np.abs(gradient - slope) <= 1e-8 * size)
        np.testing.assert_allclose(value, expected, rtol=1e-8)
