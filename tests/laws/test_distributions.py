"""Laws that every univariate distribution obeys, checked over the registry: a new file there is tested here.

Graphs are evaluated by PyTensor's Python machine and draws are run as Python, so that nothing is compiled;
the slow tests at the end compile them.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytensor
import pytensor.tensor as pt
import pytest
import scipy
import scipy.special
import scipy.stats
from pplc.compiler.library.definitions import Distribution
from pplc.compiler.library.densities import align, parameters_of, pointwise
from pplc.compiler.library.kernels.native import compile_kernel
from pplc.compiler.library.registry import distributions
from pplc.compiler.types import Array, Int, Real, RowVector, Type, Vector
from univariate import (
    PYTHON,
    REFERRED,
    UNIVARIATE,
    cases,
    compiled,
    each,
    evaluate,
    gradients,
    has,
    reference,
    rng_for,
    settings,
    value_in,
)

# Values -------------------------------------------------------------------------------------------


@each(REFERRED)
def test_log_density_is_that_of_the_reference(distribution: Distribution) -> None:
    for parameters, at, frozen in cases(distribution):
        expected = frozen.logpmf(at) if distribution.discrete else frozen.logpdf(at)
        np.testing.assert_allclose(
            evaluate(distribution, "log_density", at, parameters),
            expected,
            rtol=1e-8,
            atol=1e-8,
            err_msg=f"{parameters}",
        )


@each(has("log_cdf"))
def test_log_cdf_is_that_of_the_reference(distribution: Distribution) -> None:
    for parameters, at, frozen in cases(distribution):
        lower = evaluate(distribution, "log_cdf", at, parameters)
        np.testing.assert_allclose(np.exp(lower), frozen.cdf(at), rtol=1e-6, atol=1e-10, err_msg=f"{parameters}")
        upper = evaluate(distribution, "log_ccdf", at, parameters)
        np.testing.assert_allclose(np.exp(upper), frozen.sf(at), rtol=1e-6, atol=1e-10, err_msg=f"{parameters}")


@each([d for d in REFERRED if d.cdf is not None])
def test_cdf_is_that_of_the_reference(distribution: Distribution) -> None:
    for parameters, at, frozen in cases(distribution):
        np.testing.assert_allclose(evaluate(distribution, "cdf", at, parameters), frozen.cdf(at), rtol=1e-9)


@each([d for d in REFERRED if not d.discrete])
def test_density_has_mass_one(distribution: Distribution) -> None:
    """Between neighbouring quantiles of the reference, so that every piece has its share."""
    nodes, weights = np.polynomial.legendre.leggauss(12)
    for parameters, _, frozen in cases(distribution, 2):
        shares = scipy.special.expit(np.linspace(-6.0, 6.0, 60))
        edges = frozen.ppf(shares)
        middle, half = (edges[1:] + edges[:-1]) / 2, (edges[1:] - edges[:-1]) / 2
        at = middle[:, None] + half[:, None] * nodes
        density = np.exp(evaluate(distribution, "log_density", at.ravel(), parameters)).reshape(at.shape)
        np.testing.assert_allclose(half * (density @ weights), np.diff(shares), rtol=1e-3, err_msg=f"{parameters}")
        np.testing.assert_allclose(np.sum(half * (density @ weights)), shares[-1] - shares[0], rtol=1e-4)


@each([d for d in has("log_cdf") if d.discrete])
def test_masses_add_up_to_the_cdf(distribution: Distribution) -> None:
    for parameters in settings(distribution):
        lowest = int(distribution.outcome.lower if distribution.outcome.lower is not None else parameters[0])
        highest = 25 if distribution.outcome.upper is None else int(distribution.outcome.upper)
        at = np.arange(lowest, highest + 1)
        logarithms = evaluate(distribution, "log_density", at, parameters)
        if distribution.name == "binomial":  # more successes than trials have no mass, in Stan they are an error
            assert np.isnan(logarithms[at > parameters[0]]).all()
            logarithms = np.where(at > parameters[0], -np.inf, logarithms)
        masses = np.exp(logarithms)
        lower = np.exp(evaluate(distribution, "log_cdf", at, parameters))
        np.testing.assert_allclose(np.cumsum(masses), lower, rtol=1e-10, err_msg=f"{parameters}")
        upper = np.exp(evaluate(distribution, "log_ccdf", at, parameters))
        np.testing.assert_allclose(lower + upper, 1.0, rtol=1e-10)
        below = np.array([lowest - 1, lowest - 7])
        assert np.all(evaluate(distribution, "log_cdf", below, parameters) == -np.inf)
        assert np.all(evaluate(distribution, "log_ccdf", below, parameters) == 0)


@each([d for d in has("log_cdf") if not d.discrete])
def test_slope_of_the_cdf_is_the_density(distribution: Distribution) -> None:
    for parameters, at, _ in cases(distribution):
        density = np.exp(evaluate(distribution, "log_density", at, parameters))
        for part, sign in (("log_cdf", 1), ("log_ccdf", -1)):
            log_value, slope = (
                evaluate(distribution, part, at, parameters),
                gradients(distribution, part, at, parameters),
            )
            np.testing.assert_allclose(sign * slope[0] * np.exp(log_value), density, rtol=1e-7, err_msg=f"{parameters}")


# Gradients ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", ["log_density", "log_cdf", "log_ccdf"])
@each([d for d in REFERRED if not all(p.support.integer for p in parameters_of(d))])
def test_gradient_is_the_slope(distribution: Distribution, part: str) -> None:
    """Against a five-point difference quotient, at one outcome after the other."""
    if getattr(distribution, part) is None:
        pytest.skip(f"{distribution.name} has no {part}")
    for parameters, at, _ in cases(distribution, 3):
        for outcome in at[2:-1:2]:
            arguments = [np.array([outcome]), *parameters]
            analytic = gradients(distribution, part, np.array([outcome]), parameters)
            real = [i for i, a in enumerate(arguments) if np.asarray(a).dtype == np.float64]
            for i, gradient in zip(real, analytic, strict=True):
                numeric = difference_quotient(distribution, part, arguments, i)
                scale = max(1.0, float(np.max(np.abs(gradient))))
                np.testing.assert_allclose(
                    np.ravel(gradient) / scale,
                    np.ravel(numeric) / scale,
                    atol=2e-6,
                    err_msg=f"{arguments}, argument {i}",
                )


def difference_quotient(distribution: Distribution, part: str, arguments: list[Any], which: int) -> np.ndarray:
    base = np.atleast_1d(np.asarray(arguments[which], float))
    slopes = []
    for k in range(base.size):
        step = 3e-5 * min(max(abs(base[k]), 1e-3), 1.0)
        support = parameters_of(distribution)[which].support
        for bound in (support.lower, support.upper):
            step = step if bound is None else min(step, 1e-3 * abs(base[k] - bound))

        def value(offset: float, k: int = k, step: float = step) -> float:
            moved = base.copy()
            moved[k] += offset * step
            changed = [*arguments]
            changed[which] = moved if np.ndim(arguments[which]) else float(moved[0])
            return float(evaluate(distribution, part, changed[0], tuple(changed[1:]))[0])

        slopes.append((value(-2) - 8 * value(-1) + 8 * value(1) - value(2)) / (12 * step))
    return np.array(slopes)


@each([d for d in UNIVARIATE if not any(p.support.core for p in d.parameters)])
def test_density_and_gradient_are_stans(distribution: Distribution) -> None:
    stanli = pytest.importorskip("stanli")
    rng = rng_for(distribution)
    suffix = "lpmf" if distribution.discrete else "lpdf"
    everything = parameters_of(distribution)
    integer = [p.support.integer for p in everything]
    names = [f"a{i}" for i in range(len(everything))]
    program = (
        f"data {{ {''.join(f'int {n};' for n, i in zip(names, integer, strict=True) if i)} }}"
        f"parameters {{ {''.join(f'real {n};' for n, i in zip(names, integer, strict=True) if not i)} real z; }}"
        f"model {{ target += {distribution.name}_{suffix}({names[0]} | {', '.join(names[1:])}) + 0 * z; }}"
    )
    compared = 0
    for _ in range(60):
        if compared == 6:
            break
        values = [value_in(p.support, rng) for p in everything]
        data = {n: v for n, v, i in zip(names, values, integer, strict=True) if i}
        position = np.array([v for v, i in zip(values, integer, strict=True) if not i] + [0.0])
        try:
            expected, slope = stanli.Model(stan_code=program, data=data).log_prob_grad(position)
        except RuntimeError as failure:
            if "undeclared identifier" in str(failure):
                pytest.skip("not a distribution of Stan")
            continue  # the point is not in the domain
        if not np.isfinite(expected):
            continue
        ours = compiled(distribution, "log_density")(np.array([values[0]]), *values[1:])
        scale = max(1.0, float(np.max(np.abs(slope))))
        np.testing.assert_allclose(np.ravel(ours[0])[0], expected, rtol=1e-9, atol=1e-9, err_msg=f"{values}")
        np.testing.assert_allclose(np.array([np.ravel(g)[0] for g in ours[1:]]), slope[:-1], atol=1e-9 * scale)
        compared += 1
    assert compared == 6


# Shapes -------------------------------------------------------------------------------------------


@each(
    [d for d in REFERRED if all(p.vectorised for p in d.parameters) and not any(p.support.core for p in d.parameters)]
)
@pytest.mark.parametrize("batched", [0, 1])
def test_vectorised_calls_are_scalar_calls(distribution: Distribution, batched: int) -> None:
    """Any argument may be a container, the others hold for all of it; with and without a batch axis."""
    rng = rng_for(distribution)
    chosen = [cases(distribution)[i % 5] for i in range(6)]
    rows = [(rng.choice(at), *parameters) for parameters, at, _ in chosen]
    for vector in range(len(rows[0])):
        # a batch of two calls of length three, in which only the argument `vector` is a container
        arguments, types = [], []
        for i, support in enumerate(p.support for p in parameters_of(distribution)):
            table = np.array([row[i] for row in rows]).reshape(2, 3)
            table = table if i == vector else table[:, 0]
            arguments.append(pt.as_tensor(table if batched else table[0]))
            kind: Type = Array(Int()) if support.integer else (Vector(), RowVector(), Array(Real()))[i % 3]
            types.append(kind if i == vector else Int() if support.integer else Real())
        suffix = "lpmf" if distribution.discrete else "lpdf"
        terms = pointwise(distribution, suffix, arguments, types, batched)
        assert terms.ndim == batched + 1
        aligned = np.broadcast_arrays(*(a.eval(mode=PYTHON) for a in align(distribution, arguments, types, batched)))
        expected = [
            float(evaluate(distribution, "log_density", np.array([row[0]]), tuple(v.item() for v in row[1:]))[0])
            for row in zip(*(a.ravel() for a in aligned), strict=True)
        ]
        np.testing.assert_allclose(np.ravel(terms.eval(mode=PYTHON)), expected, rtol=1e-12)


@pytest.mark.parametrize("name", ["categorical", "categorical_logit"])
def test_categories_of_one_vector(name: str) -> None:
    """Many outcomes share one vector; a batch has one vector per row."""
    distribution, rng = distributions()[name], np.random.default_rng(1)
    tables, picked = rng.dirichlet(np.ones(4), size=2), rng.integers(1, 5, size=(2, 3))
    log_odds = np.log(tables)
    expected = np.take_along_axis(log_odds, picked - 1, axis=1)
    values = tables if name == "categorical" else log_odds
    types: list[Type] = [Array(Int()), Vector()]
    batch = pointwise(distribution, "lpmf", [pt.as_tensor(picked), pt.as_tensor(values)], types, 1)
    np.testing.assert_allclose(batch.eval(mode=PYTHON), expected)
    single = pointwise(distribution, "lpmf", [pt.as_tensor(picked[0]), pt.as_tensor(values[0])], types, 0)
    np.testing.assert_allclose(single.eval(mode=PYTHON), expected[0])


@pytest.mark.parametrize("name", ["ordered_logistic", "ordered_probit"])
def test_ordered_categories_with_cuts_of_their_own(name: str) -> None:
    distribution, rng = distributions()[name], np.random.default_rng(2)
    eta, cuts, k = rng.normal(size=3), np.sort(rng.normal(size=(3, 4)), axis=1), np.array([1, 3, 5])
    types: list[Type] = [Array(Int()), Vector(), Array(Vector())]
    terms = pointwise(distribution, "lpmf", [pt.as_tensor(a) for a in (k, eta, cuts)], types, 0)
    expected = [reference(distribution, (e, c)).logpmf(n) for n, e, c in zip(k, eta, cuts, strict=True)]
    np.testing.assert_allclose(terms.eval(mode=PYTHON), expected, rtol=1e-9)


# Draws --------------------------------------------------------------------------------------------


def assert_drawn_from(draws: np.ndarray, frozen: Any, discrete: bool) -> None:
    """Kolmogorov-Smirnov or chi-square; a correct draw fails once in 1e5 runs, and the seeds are fixed."""
    if not discrete:
        assert scipy.stats.kstest(draws, frozen.cdf).pvalue > 1e-5
        return
    edges = int(frozen.support()[0]) + np.array([0, 1, 2, 3, 4, 6, 8, 11, 15, 20, 30])
    probabilities = np.maximum(np.diff([0.0, *frozen.cdf(edges), 1.0]), 0.0)
    counts = np.histogram(draws, bins=[-np.inf, *(edges + 0.5), np.inf])[0]
    assert np.all(counts[probabilities < 1e-9] == 0)
    likely = len(draws) * probabilities > 5  # the rest counts as one class
    expected = np.append(probabilities[likely], 1e-9 + np.sum(probabilities[~likely])) * len(draws)
    found = np.append(counts[likely], np.sum(counts[~likely]))
    assert scipy.stats.chisquare(found, expected * len(draws) / np.sum(expected)).pvalue > 1e-5


@each([d for d in REFERRED if d.draw])
def test_draws_follow_the_reference(distribution: Distribution) -> None:
    rng = rng_for(distribution)
    for parameters, _, frozen in cases(distribution, 2):
        draws = np.array([distribution.draw(rng, *parameters) for _ in range(2000)])
        assert not distribution.discrete or np.issubdtype(draws.dtype, np.integer)
        assert_drawn_from(draws, frozen, distribution.discrete)


@pytest.mark.slow
@each([d for d in REFERRED if d.draw])
def test_compiled_draws_follow_the_reference(distribution: Distribution) -> None:
    import numba

    draw, rng = compile_kernel(distribution.draw), rng_for(distribution)

    @numba.njit
    def many(rng: Any, count: int, *parameters: Any) -> Any:
        return [draw(rng, *parameters) for _ in range(count)]

    parameters, _, frozen = cases(distribution)[0]
    draws = np.array(many(rng, 4000, *parameters))
    assert_drawn_from(draws, frozen, distribution.discrete)


@pytest.mark.slow
@each(has("log_cdf"))
def test_compiled_graphs_are_the_interpreted_ones(distribution: Distribution) -> None:
    """Through Numba, where kernels are compiled and fused: values and gradients stay the same."""
    function = compiled(distribution, "log_cdf")
    native = pytensor.function(
        [i.variable for i in function.maker.inputs],
        [o.variable for o in function.maker.outputs],
        mode="NUMBA",
        on_unused_input="ignore",
    )
    parameters, at, _ = cases(distribution)[0]
    for ours, expected in zip(native(at, *parameters), function(at, *parameters), strict=True):
        np.testing.assert_allclose(ours, expected, rtol=1e-10, atol=1e-12)
