"""Univariate distributions beside their references: parameters and outcomes to test at, values and gradients there.

Graphs are evaluated by PyTensor's Python machine, so that nothing is compiled.
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
from pplc.compiler.library.registry import distributions
from pplc.compiler.library.supports import Ordered, Simplex
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
