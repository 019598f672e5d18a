"""Laws that every univariate distribution obeys, checked over the registry: a new file there is tested here.

Graphs are evaluated by PyTensor's Python machine and draws are run as Python, so that nothing is compiled;
the slow tests at the end compile them.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import numpy as np
import pytensor
import pytensor.tensor as pt
import pytest
import scipy
import scipy.special
import scipy.stats
from pplc.compiler.library.definitions import Distribution, Support
from pplc.compiler.library.densities import align, parameters_of, pointwise, validity
from pplc.compiler.library.kernels.native import compile_kernel
from pplc.compiler.library.registry import distributions
from pplc.compiler.library.supports import Ordered, Simplex
from pplc.compiler.types import Array, Int, Real, RowVector, Type, Vector
from pytensor.compile.mode import Mode

PYTHON = Mode(linker="py", optimizer=None)
Values = tuple[Any, ...]


def is_univariate(distribution: Distribution) -> bool:
    """Scalar outcomes, parameters no larger than vectors: not the regressions, which have a matrix."""
    return distribution.outcome.core == 0 and all(p.support.core <= 1 for p in distribution.parameters)


UNIVARIATE = [d for d in distributions().values() if is_univariate(d)]
REFERRED = [d for d in UNIVARIATE if d.reference]


def each(chosen: Sequence[Distribution]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("distribution", chosen, ids=lambda d: d.name)


def rng_for(distribution: Distribution) -> np.random.Generator:
    return np.random.default_rng(zlib.crc32(distribution.name.encode()))


# Points to test at ------------------------------------------------------------------------------


def value_in(support: Support, rng: np.random.Generator) -> Any:
    """A moderate value of a parameter."""
    if support.core == 1:
        if support.text == Simplex().text:
            return rng.dirichlet(np.full(4, 2.0))
        return np.sort(rng.normal(size=4)) if support.text == Ordered().text else rng.normal(size=4)
    lower, upper = support.lower, support.upper
    if support.integer:
        return int(rng.integers(0 if lower is None else lower, 12 if upper is None else upper + 1))
    if lower is not None and upper is not None:
        return float(lower + (upper - lower) * rng.uniform(0.03, 0.97))
    return float(rng.normal(scale=2)) if lower is None else float(lower + math.exp(rng.normal(scale=0.8)))


def reference(distribution: Distribution, parameters: Values) -> Any:
    """The frozen SciPy distribution that the definition names."""
    names = {p.name + "_" * (p.name == "lambda"): v for p, v in zip(distribution.parameters, parameters, strict=True)}
    assert distribution.reference is not None
    return eval(distribution.reference, {"scipy": scipy, "numpy": np, **HELPERS}, names)


def ordered(latent: Any, eta: float, cuts: np.ndarray) -> Any:
    """The category of a latent variable around eta among its cut points."""
    probabilities = np.diff([0.0, *latent.cdf(cuts - eta), 1.0])
    return scipy.stats.rv_discrete(values=(np.arange(1, len(cuts) + 2), probabilities))


class _BetaNegativeBinomial(scipy.stats.rv_discrete):
    """SciPy's own takes only integers for r."""

    def _pmf(self, n: Any, r: Any, alpha: Any, beta: Any) -> Any:
        betaln, gammaln = scipy.special.betaln, scipy.special.gammaln
        log_mass = betaln(n + r, alpha + beta) - betaln(r, alpha) + gammaln(n + beta) - gammaln(n + 1) - gammaln(beta)
        return np.exp(log_mass)

    def _cdf(self, n: Any, r: Any, alpha: Any, beta: Any) -> Any:
        return np.vectorize(lambda n, *p: np.sum(self._pmf(np.arange(int(n) + 1), *p)))(n, r, alpha, beta)


class _CutCircle(scipy.stats.rv_continuous):
    """The von Mises distribution with all angles in [-pi, pi]; SciPy's is centred on mu."""

    def _argcheck(self, mu: Any, kappa: Any) -> Any:
        return kappa >= 0

    def _logpdf(self, y: Any, mu: Any, kappa: Any) -> Any:
        return scipy.stats.vonmises.logpdf(y - mu, kappa)

    def _cdf(self, y: Any, mu: Any, kappa: Any) -> Any:
        return scipy.stats.vonmises.cdf(y - mu, kappa) - scipy.stats.vonmises.cdf(-np.pi - mu, kappa)


HELPERS = {
    "ordered": ordered,
    "beta_negative_binomial": _BetaNegativeBinomial(name="beta_negative_binomial"),
    "cut_circle": _CutCircle(a=-np.pi, b=np.pi, name="cut_circle", shapes="mu, kappa"),
}


@cache
def settings(distribution: Distribution) -> list[Values]:
    """Parameter values for which the reference exists."""
    rng = rng_for(distribution)
    found: list[Values] = []
    for _ in range(100):
        parameters = tuple(value_in(p.support, rng) for p in distribution.parameters)
        frozen = reference(distribution, parameters)
        lowest, highest = frozen.support()
        if lowest < highest:  # nan where SciPy refuses the parameters
            found.append(parameters)
        if len(found) == 5:
            return found
    raise ValueError(f"the reference of {distribution.name} refuses most parameters")


QUANTILES = np.array([1e-6, 1e-3, 0.05, 0.2, 0.45, 0.7, 0.9, 0.99, 1 - 1e-4])
COUNTS = np.array([0, 1, 2, 3, 5, 8, 13, 30])


@cache
def cases(distribution: Distribution, count: int = 5) -> list[tuple[Values, np.ndarray, Any]]:
    """(parameters, outcomes from one tail to the other, the reference) for some parameters."""
    found = []
    for parameters in settings(distribution)[:count]:
        frozen = reference(distribution, parameters)
        if distribution.discrete:
            at = int(frozen.support()[0]) + COUNTS
            found.append((parameters, at[frozen.pmf(at) > 0], frozen))
        else:
            at = np.unique(frozen.ppf(QUANTILES))
            found.append((parameters, at[np.isfinite(frozen.logpdf(at))], frozen))
    return found


# Evaluation ---------------------------------------------------------------------------------------


@cache
def compiled(distribution: Distribution, part: str, in_outcome: bool = False) -> Callable[..., np.ndarray]:
    """A function of (outcomes, *parameters) that returns (values, gradient of the sum in each real argument)."""
    variables = [pt.lvector() if distribution.discrete else pt.dvector()]
    for p in distribution.parameters:
        if p.support.core:
            variables.append(pt.dvector())
        else:
            variables.append(pt.lscalar() if p.support.integer else pt.dscalar())
    values = getattr(distribution, part)(*variables[:1], *(_with_axis(v) for v in variables[1:]))
    real = [v for v in variables if v.dtype == "float64"]
    gradient = pytensor.grad(pt.sum(values), real, disconnected_inputs="ignore")
    return pytensor.function(variables, [values, *gradient], mode=PYTHON, on_unused_input="ignore")


def _with_axis(parameter: Any) -> Any:
    return pt.expand_dims(parameter, 0)


def evaluate(distribution: Distribution, part: str, at: np.ndarray, parameters: Values) -> np.ndarray:
    values = compiled(distribution, part)(at, *parameters)[0]
    return np.broadcast_to(values, at.shape)


def gradients(distribution: Distribution, part: str, at: np.ndarray, parameters: Values) -> list[np.ndarray]:
    return [np.asarray(g) for g in compiled(distribution, part)(at, *parameters)[1:]]


def has(part: str) -> list[Distribution]:
    return [d for d in REFERRED if getattr(d, part) is not None]


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
        masses = np.exp(evaluate(distribution, "log_density", at, parameters))
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
        except RuntimeError:  # the point is not in the domain
            continue
        if not np.isfinite(expected):
            continue
        ours = compiled(distribution, "log_density")(np.array([values[0]]), *values[1:])
        scale = max(1.0, float(np.max(np.abs(slope))))
        np.testing.assert_allclose(np.ravel(ours[0])[0], expected, rtol=1e-9, atol=1e-9, err_msg=f"{values}")
        np.testing.assert_allclose(np.array([np.ravel(g)[0] for g in ours[1:]]), slope[:-1], atol=1e-9 * scale)
        compared += 1
    assert compared == 6


# Edges --------------------------------------------------------------------------------------------

EDGES = [
    ("beta", "log_density", 0.0, (1.0, 2.0), math.log(2)),
    ("beta", "log_density", 1.0, (2.0, 1.0), math.log(2)),
    ("beta", "log_density", 0.0, (2.0, 2.0), -math.inf),
    ("beta", "log_cdf", 0.0, (2.0, 2.0), -math.inf),
    ("beta", "log_ccdf", 1.0, (2.0, 2.0), -math.inf),
    ("bernoulli", "log_density", 1, (1.0,), 0.0),
    ("bernoulli", "log_density", 0, (0.0,), 0.0),
    ("bernoulli", "log_density", 1, (0.0,), -math.inf),
    ("bernoulli_logit", "log_density", 0, (800.0,), -800.0),
    ("binomial", "log_density", 0, (5, 0.0), 0.0),
    ("binomial", "log_density", 5, (5, 1.0), 0.0),
    ("binomial", "log_density", 1, (5, 0.0), -math.inf),
    ("binomial", "log_density", 6, (5, 0.3), -math.inf),
    ("binomial", "log_cdf", 6, (5, 0.3), 0.0),
    ("beta_binomial", "log_density", 6, (5, 0.3, 2.0), -math.inf),
    ("poisson", "log_density", 0, (0.0,), 0.0),
    ("poisson", "log_density", 2, (0.0,), -math.inf),
    ("categorical", "log_density", 5, (np.array([0.1, 0.2, 0.3, 0.4]),), -math.inf),
    ("categorical", "log_density", 1, (np.array([0.0, 0.2, 0.4, 0.4]),), -math.inf),
    ("exponential", "log_density", 0.0, (2.0,), math.log(2)),
    ("weibull", "log_density", 0.0, (1.0, 2.0), -math.log(2)),
    ("weibull", "log_density", 0.0, (2.0, 2.0), -math.inf),
    ("chi_square", "log_density", 0.0, (2.0,), -math.log(2)),
    ("lognormal", "log_density", 0.0, (0.0, 1.0), -math.inf),
    ("inv_gamma", "log_density", 0.0, (2.0, 1.0), -math.inf),
    ("gamma", "log_cdf", 0.0, (2.0, 1.0), -math.inf),
    ("uniform", "log_density", 2.0, (0.0, 1.0), -math.inf),
    ("uniform", "log_density", 1.0, (0.0, 1.0), 0.0),
    ("uniform", "log_cdf", -1.0, (0.0, 1.0), -math.inf),
    ("uniform", "log_cdf", 3.0, (0.0, 1.0), 0.0),
    ("pareto", "log_density", 1.0, (2.0, 1.0), -math.inf),
    ("pareto", "log_cdf", 1.0, (2.0, 1.0), -math.inf),
    ("discrete_range", "log_density", 7, (2, 6), -math.inf),
    ("neg_binomial_2", "log_density", 3, (1.0, 1e13), -1 - math.log(6)),
    ("neg_binomial_2_log", "log_density", 3, (0.0, 1e13), -1 - math.log(6)),
    ("ordered_probit", "log_density", 2, (40.0, np.array([-1.0, 0.5, 2.0])), -784.72087910431757),
    ("ordered_logistic", "log_density", 1, (40.0, np.array([-1.0, 0.5, 2.0])), -41.0),
    # tails, by mpmath
    ("normal", "log_cdf", -40.0, (0.0, 1.0), -804.6084420137538),
    ("normal", "log_ccdf", 40.0, (0.0, 1.0), -804.6084420137538),
    ("normal", "log_cdf", 9.0, (0.0, 1.0), -1.1285884059538406e-19),
    ("student_t", "log_cdf", -1e8, (3.0, 0.0, 1.0), -55.164318792812497),
    ("cauchy", "log_cdf", -1e20, (0.0, 1.0), -math.log(math.pi) - 20 * math.log(10)),
    ("gamma", "log_ccdf", 100.0, (7.0, 1.0), -78.88701866038465),
    ("gamma", "log_cdf", 0.07, (7.0, 1.0), -27.201201740786402),
    ("beta", "log_ccdf", 1 - 2**-40, (2.0, 3.0), -81.791367306074229),
    ("logistic", "log_ccdf", 60.0, (0.0, 1.0), -60.0),
    ("double_exponential", "log_ccdf", 700.0, (0.0, 1.0), -700 - math.log(2)),
]


@pytest.mark.parametrize(("name", "part", "outcome", "parameters", "expected"), EDGES)
def test_edges_and_tails(name: str, part: str, outcome: float, parameters: Values, expected: float) -> None:
    distribution = distributions()[name]
    at = np.array([outcome])
    np.testing.assert_allclose(evaluate(distribution, part, at, parameters)[0], expected, rtol=1e-11)


@pytest.mark.parametrize(
    ("name", "part", "outcome", "parameters", "expected"),
    [
        ("bernoulli", "log_density", 0, (0.0,), [-1.0]),
        ("bernoulli", "log_density", 1, (1.0,), [1.0]),
        ("binomial", "log_density", 0, (5, 0.0), [-5.0]),
        ("binomial", "log_density", 5, (5, 1.0), [5.0]),
        ("bernoulli_logit", "log_density", 1, (-800.0,), [1.0]),
        ("gamma", "log_density", 2.0, (1.0, 3.0), [-3.0, math.log(6) + 0.5772156649015329, 1 / 3 - 2]),
        ("exponential", "log_density", 0.0, (2.0,), [-2.0, 0.5]),
        ("student_t", "log_ccdf", 0.0, (2.0, 0.0, 1.0), [-(2**-0.5), 0.0, 2**-0.5, 0.0]),
        ("uniform", "log_density", 3.0, (0.0, 1.0), [0.0, 0.0, 0.0]),
        ("neg_binomial_2", "log_density", 3, (1.0, 1e12), [2.0, 0.0]),
        ("normal", "log_cdf", -1e5, (0.0, 1.0), [1e5 + 1e-5, -1e5 - 1e-5, 1e10 + 1]),
    ],
)
def test_gradient_at_edges(name: str, part: str, outcome: float, parameters: Values, expected: list[float]) -> None:
    found = gradients(distributions()[name], part, np.array([outcome]), parameters)
    np.testing.assert_allclose([float(np.ravel(g)[0]) for g in found], expected, rtol=1e-9, atol=1e-9)


@each(REFERRED)
def test_supports_reject_what_is_outside(distribution: Distribution) -> None:
    """Each bound of each scalar parameter is checked, and valid arguments pass."""
    parameters, at, _ = cases(distribution)[0]
    outcome = at[len(at) // 2]
    suffix = "lpmf" if distribution.discrete else "lpdf"
    assert failed(distribution, suffix, (outcome, *parameters)) == set()
    for i, parameter in enumerate(parameters_of(distribution)):
        wrong = {
            "lower": None if parameter.support.lower is None else parameter.support.lower - 1,
            "upper": None if parameter.support.upper is None else parameter.support.upper + 1,
        }
        for value in wrong.values():
            if value is not None and not parameter.support.core:
                arguments = [outcome, *parameters]
                arguments[i] = type(arguments[i])(value)
                assert failed(distribution, suffix, tuple(arguments)) == {parameter.name}


def failed(distribution: Distribution, kind: str, arguments: Values) -> set[str]:
    types: list[Type] = [Vector() if p.support.core else Real() for p in parameters_of(distribution)]
    checks = validity(distribution, kind, [pt.as_tensor(a) for a in arguments], types, 0)
    return {name for name, _, holds in checks if not holds.eval(mode=PYTHON)}


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
