"""Random vectors and matrices: draws and densities belong together, densities are SciPy's, invalid matrices have none.

Draws are tested by a fact about any regular density: the mean over draws of its gradient in each parameter is zero.
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
from pplc.compiler.library.definitions import Parameter
from pplc.compiler.library.densities import checked_arguments, parameters_of
from pplc.compiler.library.kernels.native import compile_kernel
from pplc.compiler.library.registry import distributions
from pplc.compiler.types import Array, Int, Matrix, Real, Vector
from pytensor.compile.mode import Mode

INTERPRETED = Mode(linker="py", optimizer=None)
MU = np.array([0.5, -1.0, 2.0])
COVARIANCE = np.array([[2.0, 0.6, -0.3], [0.6, 1.0, 0.2], [-0.3, 0.2, 0.5]])
FACTOR = np.linalg.cholesky(COVARIANCE)
ROW, BETA = np.array([0.5, -1.0]), np.array([0.8, 0.3])

PARAMETERS: dict[str, tuple[Any, ...]] = {
    "multi_normal": (MU, COVARIANCE),
    "multi_normal_prec": (MU, COVARIANCE),
    "multi_normal_cholesky": (MU, FACTOR),
    "multi_student_t": (7.5, MU, COVARIANCE),
    "multi_student_t_cholesky": (7.5, MU, FACTOR),
    "multi_gp": (COVARIANCE, np.array([0.5, 2.0])),
    "multi_gp_cholesky": (FACTOR, np.array([0.5, 2.0])),
    "dirichlet": (np.array([0.3, 1.0, 4.0]),),
    "multinomial": (np.array([0.2, 0.5, 0.3]),),
    "multinomial_logit": (MU,),
    "dirichlet_multinomial": (np.array([0.7, 1.0, 4.0]),),
    "lkj_corr": (1.7,),
    "lkj_corr_cholesky": (1.7,),
    "lkj_cov": (MU, np.array([0.2, 0.5, 0.3]), 1.7),
    "wishart": (6.5, COVARIANCE),
    "wishart_cholesky": (6.5, FACTOR),
    "inv_wishart": (9.5, COVARIANCE),
    "inv_wishart_cholesky": (9.5, FACTOR),
    "normal_id_glm": (ROW, 0.3, BETA, 1.5),
    "bernoulli_logit_glm": (ROW, 0.3, BETA),
    "binomial_logit_glm": (7, ROW, 0.3, BETA),
    "poisson_log_glm": (ROW, 0.3, BETA),
    "neg_binomial_2_log_glm": (ROW, 0.3, BETA, 2.5),
    "ordered_logistic_glm": (ROW, BETA, np.array([-1.0, 0.5, 1.0])),
    "categorical_logit_glm": (ROW, np.array([0.1, 0.5, -0.2]), np.array([[0.3, 0.1, -0.5], [1.0, 0.2, 0.4]])),
}
NEEDED = {"size": 3, "total": 11}


def constant(value: Any) -> Any:
    """A constant in double precision, or a 64-bit integer."""
    return pt.constant(np.asarray(value), dtype="int64" if np.asarray(value).dtype.kind == "i" else "float64")


def draw_arguments(name: str) -> tuple[Any, ...]:
    needs = distributions()[name].draw_needs
    before, after = ((NEEDED[needs],) if needs == kind else () for kind in ("size", "total"))
    return (*before, *PARAMETERS[name], *after)


def draws(name: str, count: int) -> list[Any]:
    rng = np.random.default_rng(11)
    return [distributions()[name].draw(rng, *draw_arguments(name)) for _ in range(count)]


def test_every_distribution_of_vectors_is_tested() -> None:
    drawn = {name for name, found in distributions().items() if found.draw and (found.outcome.core or "glm" in name)}
    assert drawn - {"hmm_latent"} == set(PARAMETERS)


def tangent(slope: Any, parameter: Parameter) -> Any:
    """The part of a gradient along which the parameter can move."""
    text = parameter.support.text
    if "simplex" in text:
        return slope - slope.mean(axis=-1, keepdims=True)
    if "Cholesky" in text:
        return pt.tril(slope)
    return slope + slope.mT if "symmetric" in text else slope


@pytest.mark.parametrize("name", PARAMETERS)
def test_the_mean_score_of_draws_is_zero(name: str) -> None:
    """Every draw is one position of a batch, with parameters of its own, so one gradient holds all scores."""
    distribution = distributions()[name]
    count = 250
    sample = pt.constant(np.stack(draws(name, count)))
    values = [np.broadcast_to(np.float64(p), (count, *np.shape(p))) for p in PARAMETERS[name]]
    inputs = [pt.tensor(shape=value.shape, dtype="float64") for value in values]
    slopes = pt.grad(pt.sum(distribution.log_density(sample, *inputs)), inputs, disconnected_inputs="ignore")
    free = [tangent(slope, p) for slope, p in zip(slopes, distribution.parameters, strict=True)]
    flat = pt.concatenate([slope.reshape((count, -1)) for slope in free], axis=1)
    scores = pytensor.function(inputs, flat, mode=INTERPRETED, on_unused_input="ignore")(*values)
    error = scores.std(axis=0) / np.sqrt(count)
    assert np.isfinite(scores).all()
    assert (np.abs(scores.mean(axis=0)) < 4.5 * error + 1e-12).all()


@pytest.mark.parametrize("name", PARAMETERS)
def test_draws_lie_in_the_support(name: str) -> None:
    distribution = distributions()[name]
    for x in draws(name, 20):
        if distribution.outcome.holds is not None:
            assert distribution.outcome.holds(pt.constant(x)).eval(mode=INTERPRETED)


@pytest.mark.parametrize("name", [name for name in PARAMETERS if distributions()[name].reference])
def test_the_density_is_that_of_scipy(name: str) -> None:
    distribution = distributions()[name]
    names = [parameter.name for parameter in distribution.parameters]
    scope = dict(zip(names, PARAMETERS[name], strict=True)) | {"total": NEEDED["total"], "scipy": scipy, "numpy": np}
    if distribution.reference.startswith("ordered("):
        pytest.skip("agreement with Stan is tested")
    reference = eval(distribution.reference, scope)
    log_density = reference.logpmf if distribution.discrete else reference.logpdf
    for x in draws(name, 5):
        constants = [constant(value) for value in (x, *PARAMETERS[name])]
        found = distribution.log_density(*constants).eval(mode=INTERPRETED)
        np.testing.assert_allclose(found, log_density(x), rtol=1e-10)


@pytest.mark.parametrize("eta", [0.6, 1.0, 4.0])
def test_correlations_of_the_lkj_distribution_are_beta(eta: float) -> None:
    """Every correlation has the same marginal: 2 beta(a, a) - 1 with a = eta + (K - 2) / 2."""
    size = 4
    rng = np.random.default_rng(2)
    sample = np.array([distributions()["lkj_corr"].draw(rng, size, eta) for _ in range(1500)])
    shape = eta + (size - 2) / 2
    for i, j in zip(*np.tril_indices(size, -1), strict=True):
        test = scipy.stats.kstest((sample[:, i, j] + 1) / 2, scipy.stats.beta(shape, shape).cdf)
        assert test.pvalue > 1e-4


@pytest.mark.slow
@pytest.mark.parametrize("name", PARAMETERS)
def test_draws_compile(name: str) -> None:
    compiled = compile_kernel(distributions()[name].draw)
    ours, theirs = np.random.default_rng(5), np.random.default_rng(5)
    arguments = [np.float64(a) if isinstance(a, float) else a for a in draw_arguments(name)]
    np.testing.assert_allclose(
        compiled(ours, *arguments), distributions()[name].draw(theirs, *arguments), rtol=1e-12, atol=1e-13
    )


# Rejected points --------------------------------------------------------------------------------

INDEFINITE = np.array([[1.0, 2.0, 0.0], [2.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
LOPSIDED = COVARIANCE + np.array([[0.0, 1e-3, 0.0], [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]])
NOT_TRIANGULAR = FACTOR + np.triu(np.full((3, 3), 0.1), 1)
NEGATIVE_DIAGONAL = FACTOR * np.array([1.0, 1.0, -1.0])


def accepted(name: str, values: list[Any]) -> bool:
    """Whether all checks hold and the density is a number."""
    distribution = distributions()[name]
    suffix = "lpmf" if distribution.discrete else "lpdf"
    kinds = {0: Int() if distribution.discrete else Real(), 1: Vector(), 2: Matrix()}
    types = [kinds[np.ndim(value)] for value in values]
    if distribution.discrete and distribution.outcome.core:
        types[0] = Array(Int())
    constants = [constant(value) for value in values]
    checked = checked_arguments(distribution, suffix, constants, types, 0)
    checks = [support.holds(argument).eval(mode=INTERPRETED) for _, support, argument in checked]
    return all(map(np.all, checks)) and bool(np.isfinite(distribution.log_density(*constants).eval(mode=INTERPRETED)))


@pytest.mark.parametrize(
    ("parameter", "broken"),
    [
        ("Sigma", INDEFINITE), ("Sigma", LOPSIDED), ("Omega", INDEFINITE), ("L", NOT_TRIANGULAR),
        ("L", NEGATIVE_DIAGONAL), ("L_S", NEGATIVE_DIAGONAL), ("nu", -1.0), ("mu", MU * np.nan), ("eta", 0.0),
        ("alpha", np.array([1.0, 0.0, 1.0])), ("theta", np.array([0.2, 0.5, 0.4])), ("w", np.array([1.0, -1.0])),
        ("gamma", MU * np.inf), ("sigma", np.array([0.2, -0.5, 0.3])), ("c", np.array([0.0, 0.0, 1.0])),
        ("beta", BETA * np.nan), ("x", ROW * np.inf), ("phi", 0.0),
    ],
)  # fmt: skip
def test_invalid_parameters_reject_the_point(parameter: str, broken: Any) -> None:
    tried = 0
    for name in PARAMETERS:
        names = [found.name for found in parameters_of(distributions()[name])]
        if parameter not in names or (parameter == "alpha" and "glm" in name):
            continue
        values = [draws(name, 1)[0], *PARAMETERS[name]]
        if np.shape(values[names.index(parameter)]) != np.shape(broken):
            continue
        tried += 1
        assert accepted(name, values)
        values[names.index(parameter)] = broken
        assert not accepted(name, values), name
    assert tried


def test_too_few_degrees_of_freedom_reject_the_point() -> None:
    for name in ("wishart", "inv_wishart"):
        assert not accepted(name, [COVARIANCE, 2.0, COVARIANCE])
        assert accepted(name, [COVARIANCE, 2.1, COVARIANCE])
