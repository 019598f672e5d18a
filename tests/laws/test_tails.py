"""Far tails and ends of supports of every univariate distribution: against thirty digits, and as Stan has them."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from typing import Any

import mpmath as mp
import numpy as np
import pytensor
import pytensor.tensor as pt
import pytest
from pplc.compiler.library.definitions import Distribution
from pplc.compiler.library.densities import checked_arguments, parameters_of, pointwise
from pplc.compiler.library.kernels import counts
from pplc.compiler.library.kernels.plain import plain
from pplc.compiler.library.registry import distributions
from pplc.compiler.types import Int, Real
from pytensor.compile.mode import Mode
from univariate import each, rng_for, settings, value_in

from benchmarks.exact_densities import exact

PYTHON = Mode(linker="py", optimizer=None)
SCALAR = [d for d in distributions().values() if not any(p.support.core for p in parameters_of(d))]
WITH_CDF = [d for d in SCALAR if d.log_cdf]
CONTINUOUS = [d for d in WITH_CDF if not d.discrete]
PARTS = {"log_cdf": "lcdf", "log_ccdf": "lccdf"}
FAR = (8.0, 300.0)


@cache
def compiled(distribution: Distribution, kind: str) -> Any:
    """(value, whether the arguments are valid, slope in each real argument) of a call with scalars."""
    everything = parameters_of(distribution)
    variables = [pt.lscalar() if p.support.integer else pt.dscalar() for p in everything]
    types = [Int() if p.support.integer else Real() for p in everything]
    value = pointwise(distribution, kind, variables, types, 0)
    checks = [s.holds(argument) for _, s, argument in checked_arguments(distribution, kind, variables, types, 0)]
    valid = pt.all(pt.stack(checks or [pt.constant(True)]))
    real = [v for v in variables if v.dtype == "float64"]
    slopes = pt.grad(value, real, disconnected_inputs="ignore") if real else []
    return pytensor.function(variables, [value, valid, *slopes], mode=PYTHON, on_unused_input="ignore")


def parameters(distribution: Distribution) -> list[Any]:
    if distribution.reference:
        return list(settings(distribution)[0])
    rng = rng_for(distribution)
    return [value_in(p.support, rng) for p in distribution.parameters]


def far_outcomes(distribution: Distribution) -> list[float | int]:
    support = distribution.outcome
    if support.integer:
        return [int(support.lower or 0), 25, 120] if support.upper is None else [int(support.upper)]
    if distribution.name == "von_mises":
        return [-3.1, 0.5, 3.0]
    if support.lower is not None and support.upper is not None:
        return [support.lower + 1e-6, support.upper - 1e-6]
    if support.lower is not None:
        return [support.lower + x for x in (1e-6, *FAR)]
    signs = (1.0,) if distribution.cdf_domain else (-1.0, 1.0)  # which says that a parameter is the lower end
    return [sign * x for x in FAR for sign in signs]


@pytest.mark.parametrize("kind", ["density", "lcdf", "lccdf"])
@each(WITH_CDF)
def test_tails_have_all_their_digits(distribution: Distribution, kind: str) -> None:
    kind = {"density": "lpmf" if distribution.discrete else "lpdf"}.get(kind, kind)
    settled = parameters(distribution)
    for outcome in far_outcomes(distribution):
        value, valid, *slopes = compiled(distribution, kind)(outcome, *settled)
        expected, derivatives = exact(distribution, kind, (outcome, *settled))
        assert valid
        if not math.isfinite(float(expected)):
            np.testing.assert_equal(float(value), float(expected), str((outcome, settled)))
            continue
        np.testing.assert_allclose(float(value), float(expected), rtol=1e-10, atol=1e-13, err_msg=f"{outcome, settled}")
        scale = max((abs(float(d)) for d in derivatives), default=1.0)
        for slope, derivative in zip(slopes, derivatives, strict=True):
            np.testing.assert_allclose(slope, float(derivative), rtol=1e-8, atol=1e-9 * scale + 1e-14)


@pytest.mark.parametrize("kind", ["cdf", "lcdf", "lccdf"])
@each([d for d in CONTINUOUS if not any(a.name == "outcome" for a in d.cdf_arguments)])
def test_cdfs_are_known_at_the_ends_of_the_support(distribution: Distribution, kind: str) -> None:
    """`T[0, ]` of a positive outcome, or an infinite bound, takes nothing off and has no slope."""
    support = distribution.outcome
    ends = (-np.inf if support.lower is None else support.lower, np.inf if support.upper is None else support.upper)
    expected = {"cdf": (0.0, 1.0), "lcdf": (-np.inf, 0.0), "lccdf": (0.0, -np.inf)}[kind]
    for end, value in zip(ends, expected, strict=True):
        found, valid, *slopes = compiled(distribution, kind)(end, *parameters(distribution))
        assert valid
        assert found == value
        assert not any(slopes)


@pytest.mark.parametrize("kind", ["lcdf", "lccdf"])
@each(CONTINUOUS)
def test_nan_is_never_a_probability(distribution: Distribution, kind: str) -> None:
    arguments = [0.5, *parameters(distribution)]
    for place in range(len(arguments)):
        if isinstance(arguments[place], float):
            value, valid, *_ = compiled(distribution, kind)(*arguments[:place], np.nan, *arguments[place + 1 :])
            assert not valid or math.isnan(value), place


@pytest.mark.parametrize(
    ("name", "outcome", "settled"),
    [
        ("exp_mod_normal", -0.1, (1.0, 1e9, 2.6)),
        ("exp_mod_normal", -0.1, (1.0, 0.9, 1e9)),
        ("exp_mod_normal", -0.1, (1.0, 1e-5, 2.6)),
        ("neg_binomial_2", 3, (3.4, 1e10)),
        ("beta_binomial", 3, (4, 1e10, 1.3)),
    ],
)
@pytest.mark.parametrize("kind", ["density", "lcdf", "lccdf"])
def test_large_and_small_parameters(name: str, outcome: float, settled: tuple[Any, ...], kind: str) -> None:
    distribution = distributions()[name]
    kind = {"density": "lpmf" if distribution.discrete else "lpdf"}.get(kind, kind)
    value = compiled(distribution, kind)(outcome, *settled)[0]
    np.testing.assert_allclose(
        float(value), float(exact(distribution, kind, (outcome, *settled))[0]), rtol=1e-11, atol=1e-15
    )


@pytest.mark.parametrize(
    ("name", "kind", "arguments", "rest"),
    [
        ("cauchy", "lcdf", (1e10, 0.0, 1.0), lambda: mp.mpf(10) ** -10 / mp.pi),
        ("von_mises", "lcdf", (3.1, -0.177, 15.93), lambda: von_mises_mass(3.1, mp.pi, -0.177, 15.93)),
        ("von_mises", "lccdf", (-3.14, 0.3, 2.9), lambda: von_mises_mass(-mp.pi, -3.14, 0.3, 2.9)),
    ],
)
def test_logarithms_near_0_keep_the_digits_of_the_other_tail(
    name: str, kind: str, arguments: tuple[float, ...], rest: Callable[[], Any]
) -> None:
    found = compiled(distributions()[name], kind)(*arguments)[0]
    np.testing.assert_allclose(float(found), float(mp.log1p(-rest())), rtol=1e-9)


def von_mises_mass(start: Any, end: Any, mu: float, kappa: float) -> Any:
    density = lambda angle: mp.exp(kappa * mp.cos(angle - mu))  # noqa: E731
    return mp.quad(density, [start, end]) / (2 * mp.pi * mp.besseli(0, kappa))


def test_slopes_of_von_mises_near_0_keep_the_digits_of_the_other_tail() -> None:
    """Those of log(1 - q) are the slopes of -q, of which the density and the changes at both ends are parts."""
    y, mu, kappa = 3.1, -0.177, 15.93
    slopes = compiled(distributions()["von_mises"], "lcdf")(y, mu, kappa)[2:]
    with mp.workdps(40):
        expected = [-mp.diff(lambda *x: von_mises_mass(x[0], mp.pi, *x[1:]), (y, mu, kappa), n)
                    for n in ((1, 0, 0), (0, 1, 0), (0, 0, 1))]  # fmt: skip
    np.testing.assert_allclose(np.array(slopes, float), np.array(expected, float), rtol=1e-8)


@pytest.mark.parametrize(("n", "trials"), [(3, 10), (7, 10), (1, 100000)])
@pytest.mark.parametrize(("alpha", "beta"), [(1e16, 3e16), (1e300, 1e299), (1e300, 1e300)])
def test_beta_binomial_tails_become_those_of_the_binomial(n: int, trials: int, alpha: float, beta: float) -> None:
    """The two differ by as much as the variance of the probability says."""
    with mp.workdps(40):
        share = mp.mpf(alpha) / (mp.mpf(alpha) + mp.mpf(beta))
        terms = (mp.binomial(trials, k) * share**k * (1 - share) ** (trials - k) for k in range(n + 1))
        expected = float(mp.log(mp.fsum(terms)))
    found = float(compiled(distributions()["beta_binomial"], "lcdf")(n, trials, alpha, beta)[0])
    np.testing.assert_allclose(found, expected, rtol=1e-12 + trials**2 / (alpha + beta))


def test_slopes_of_beta_binomial_tails_with_a_large_parameter() -> None:
    _, in_alpha, in_beta = counts.beta_binomial_tail(3, 4, 1e9, 1.2584848656158505)
    np.testing.assert_allclose(in_alpha, -9.99999995353788e-10, rtol=1e-12)  # by sums in sixty digits
    np.testing.assert_allclose(in_beta, 0.794606295376011, rtol=1e-12)


def test_kernels_give_nan_where_python_raises() -> None:
    """Explaining a rejected point evaluates its densities without compiling them."""
    assert math.isnan(plain(counts.log_rising_ratio)(-1.0, 3.0))
    assert plain(counts.log_rising_ratio)(0.0, 3.0) == -math.inf or math.isnan(plain(counts.log_rising_ratio)(0.0, 3.0))
