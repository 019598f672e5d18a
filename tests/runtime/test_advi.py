"""ADVI recovers normals exactly and knows when it cannot approximate the target."""

from __future__ import annotations

import numpy as np
import pytest
from hand_written import correlated_normal, funnel, independent_normal, slow_normal, target, truncated_normal
from pplc.runtime.drivers import SettingsError, drivers
from pplc.runtime.expansion import expand_draws
from pplc.runtime.groups import to_datatree
from pplc.runtime.psis import pareto_k
from pplc.runtime.summary import summarise
from pplc.runtime.warnings import find_problems

ADVI = drivers()["advi"]
SCALES = np.array([1e-3, 0.5, 1.0, 30.0, 1e4])


def fit(density, seed=1, chains=2, **settings):
    return ADVI.run(density, ADVI.settings(**settings), chains=chains, seed=seed)


@pytest.mark.parametrize("rank", ["mean-field", "full-rank"])
@pytest.mark.parametrize("start", ["path", "random"])
def test_independent_normal(rank, start):
    result = fit(independent_normal(SCALES.tolist(), mean=3.0), rank=rank, start=start)
    assert result.report["converged"].all()
    np.testing.assert_allclose(result.scale / SCALES, 1.0, rtol=0.02)
    means = result.sample.positions.mean(axis=1) - 3.0
    np.testing.assert_allclose(means / SCALES, 0.0, atol=5 / np.sqrt(1000))
    # The normalising constant that the density lacks is all that separates bound and truth.
    exact = np.log(SCALES).sum() + 2.5 * np.log(2 * np.pi)
    np.testing.assert_allclose(result.report["elbo"], exact, atol=0.01)
    assert (result.report["pareto_k"] < 0.7).all()


def covariance(neighbours=0.8):
    correlation = neighbours ** np.abs(np.subtract.outer(np.arange(4), np.arange(4)))
    scale = np.array([0.1, 1.0, 5.0, 20.0])
    return correlation * np.outer(scale, scale)


def test_full_rank_learns_the_covariance():
    result = fit(correlated_normal(covariance()), rank="full-rank", draws=20_000)
    deviations = np.sqrt(np.diag(covariance()))
    np.testing.assert_allclose(result.scale, np.broadcast_to(deviations, (2, 4)), rtol=0.02)
    for draws in result.sample.positions:
        np.testing.assert_allclose(
            np.cov(draws.T) / np.outer(deviations, deviations),
            covariance() / np.outer(deviations, deviations),
            atol=0.05,
        )
    assert (result.report["pareto_k"] < 0.7).all()


def test_mean_field_has_the_conditional_scales():
    """The best independent normal has the precision matrix's diagonal, so it is too narrow."""
    result = fit(correlated_normal(covariance()))
    expected = 1 / np.sqrt(np.diag(np.linalg.inv(covariance())))
    np.testing.assert_allclose(result.scale, np.broadcast_to(expected, (2, 4)), rtol=0.1)
    assert (fit(correlated_normal(covariance(0.97))).report["pareto_k"] > 0.5).all()


def test_funnel_is_flagged():
    assert (fit(funnel(10), seed=2).report["pareto_k"] > 0.7).all()


def test_same_seed_same_fit():
    density = independent_normal([1.0, 2.0])
    reference = fit(density, seed=3)
    for options in ({"threads": 1}, {"chunk": 7}):
        again = ADVI.run(density, chains=2, seed=3, **options)
        np.testing.assert_array_equal(again.sample.positions, reference.sample.positions)
        np.testing.assert_array_equal(again.report["elbo_trace"], reference.report["elbo_trace"])
    assert (fit(density, seed=4).sample.positions != reference.sample.positions).all()


def test_log_densities_of_draws():
    result = fit(independent_normal([2.0, 0.5]), draws=50)
    z = result.sample.positions / [2.0, 0.5]
    np.testing.assert_allclose(result.sample.statistics["lp"], -0.5 * (z**2).sum(axis=2), rtol=1e-10)


def test_iterations_are_limited():
    result = fit(independent_normal([1.0]), iterations=50)
    assert not result.report["converged"].any()
    assert result.report["elbo_trace"].shape == (2, 50)


def test_time_limit_still_gives_draws():
    result = ADVI.run(
        slow_normal(2, 300),
        ADVI.settings(draws=10, iterations=10**6, last_rate=1e-30),
        chains=1,
        seed=1,
        time_limit=0.3,
    )
    assert not result.complete
    assert np.isfinite(result.sample.positions).all()


def test_starts_outside_the_support_shrink_back():
    """Draws above the bound are nan; the approximation stays where most draws are finite."""
    result = fit(truncated_normal(5.0), initial_scale=50.0, start="random")
    assert result.scale == pytest.approx(1.0, rel=0.1)


def test_fits_far_below_the_best_are_left_out():
    """Peaks at -30 and, 20 nats higher, at 30."""

    def two_peaks(position, gradient):
        low = position[0] < 0
        z = position[0] + 30 if low else position[0] - 30
        gradient[0] = -z
        return -0.5 * z * z + (0 if low else 20)

    density = target(two_peaks, 1)
    result = ADVI.run(density, chains=3, seed=1, starts=np.array([[-31.0], [29.0], [-28.0]]))
    assert list(result.sample.lengths) == [0, 1000, 0]
    np.testing.assert_allclose(result.sample.rectangle().positions.mean(), 30, atol=0.2)
    assert "2 of 3" in findings(result, density)["left-out"].message


def test_no_parameters():
    result = fit(target(lambda position, gradient: -1.5, 0), draws=10)
    assert result.sample.positions.shape == (2, 10, 0)
    np.testing.assert_allclose(result.report["elbo"], -1.5)


def test_full_rank_has_a_limit():
    with pytest.raises(SettingsError, match="at most 3000"):
        fit(independent_normal([1.0] * 3001), rank="full-rank")


@pytest.mark.parametrize("shape", [-0.3, 0.1, 0.5, 0.9, 1.5])
def test_pareto_k_agrees_with_arviz(shape):
    from arviz_stats.base import array_stats

    log_weights = np.log(np.random.default_rng(1).pareto(1 / abs(shape), 2000) + 1) * np.sign(shape)
    assert pareto_k(log_weights) == pytest.approx(float(array_stats.psislw(-log_weights)[1]), rel=1e-6)


def test_pareto_k_of_hopeless_weights():
    assert pareto_k(np.full(100, -np.inf)) == np.inf
    assert pareto_k(np.array([1.0, np.nan])) == np.inf
    assert pareto_k(np.zeros(100)) == -np.inf


def test_report_reaches_the_datatree():
    density = independent_normal([1.0, 2.0])
    tree = to_datatree(result := fit(density, draws=50), density)
    assert tree.fit["elbo_trace"].dims == ("chain", "iteration")
    np.testing.assert_array_equal(tree.fit["pareto_k"], result.report["pareto_k"])
    assert set(tree.sample_stats) == {"lp", "log_q"}


def findings(result, density):
    posterior = expand_draws(result.sample.rectangle(), density, result.seed).values
    return {finding.code: finding for finding in find_problems(result, posterior, summarise(posterior))}


def test_findings():
    good = independent_normal([1.0, 2.0])
    assert findings(fit(good), good) == {}
    found = findings(fit(funnel(10), seed=2, iterations=150), funnel(10))
    assert "<method=nuts>" in found["pareto-k"].advice
    assert "2 of 2" in found["not-converged"].message
