"""Modes are found, and normals around them are right for normals."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hand_written import correlated_normal, funnel, independent_normal, nothing_finite, target, truncated_normal
from pplc.runtime.drivers import SettingsError, drivers
from pplc.runtime.groups import to_datatree
from pplc.runtime.initial import InitialisationError
from pplc.runtime.psis import pareto_k, smoothed

OPTIMIZE, LAPLACE, PATHFINDER = (drivers()[name] for name in ("optimize", "laplace", "pathfinder"))
SCALES = np.array([1e-3, 0.5, 1.0, 30.0, 1e4])


def covariance(neighbours=0.8):
    correlation = neighbours ** np.abs(np.subtract.outer(np.arange(4), np.arange(4)))
    scale = np.array([0.1, 1.0, 5.0, 20.0])
    return correlation * np.outer(scale, scale)


def rosenbrock(position, gradient):
    a, b = 1.0 - position[0], position[1] - position[0] ** 2
    gradient[0] = 2.0 * a + 400.0 * b * position[0]
    gradient[1] = -200.0 * b
    return -(a**2) - 100.0 * b**2


def two_peaks(position, gradient):
    """Peaks at -3 and, 5 nats higher, at 3."""
    x = position[0]
    low, high = np.exp(-0.5 * (x + 3) ** 2), np.exp(5 - 0.5 * (x - 3) ** 2)
    gradient[0] = (-(x + 3) * low - (x - 3) * high) / (low + high)
    return np.log(low + high)


def mode(density, **settings):
    result = OPTIMIZE.run(density, OPTIMIZE.settings(**settings), chains=3, seed=1)
    assert result.report["converged"].all()
    return result.sample.positions[0, 0]


def test_mode_of_an_ill_scaled_normal():
    np.testing.assert_allclose((mode(independent_normal(SCALES.tolist(), mean=3.0)) - 3) / SCALES, 0.0, atol=1e-3)


def test_mode_at_the_end_of_a_curved_valley():
    np.testing.assert_allclose(mode(target(rosenbrock, 2)), 1.0, atol=1e-5)


def test_mode_next_to_the_edge_of_the_support():
    np.testing.assert_allclose(mode(truncated_normal(0.1)), 0.0, atol=1e-5)


def test_the_best_of_several_modes_counts():
    result = OPTIMIZE.run(target(two_peaks, 1), chains=2, seed=1, starts=np.array([[-4.0], [4.0]]))
    assert result.sample.positions == pytest.approx(3.0, abs=1e-2)
    assert result.report["modes"] == pytest.approx([0.0, 5.0], abs=1e-2)


def test_jacobian_or_not():
    """x = exp(q) with density exp(-x): the mode of x is at 0, that of q at x = 1."""

    def exponential(position, gradient):
        gradient[0] = -np.exp(position[0]) + 1.0
        return -np.exp(position[0]) + position[0]

    def shifted(position, gradient):
        gradient[0] = -2.0 * (position[0] - 5.0)
        return -((position[0] - 5.0) ** 2)

    both = replace(target(exponential, 1), without_jacobian=lambda: target(shifted, 1).log_density)
    assert mode(both, jacobian=True) == pytest.approx(0.0, abs=1e-4)
    assert mode(both) == pytest.approx(5.0, abs=1e-4)


def test_a_limit_on_steps_is_reported():
    result = OPTIMIZE.run(target(rosenbrock, 2), OPTIMIZE.settings(iterations=3), chains=2, seed=1)
    assert not result.report["converged"].any()
    assert (result.report["iterations"] == 3).all()


def test_no_start():
    with pytest.raises(InitialisationError):
        OPTIMIZE.run(nothing_finite(), chains=1, seed=1)


@pytest.mark.parametrize("driver", [OPTIMIZE, LAPLACE, PATHFINDER], ids=lambda driver: driver.name)
def test_same_seed_same_result(driver):
    density = correlated_normal(covariance())
    reference = driver.run(density, chains=3, seed=3).sample.positions
    for options in ({"threads": 1}, {"chunk": 2}):
        np.testing.assert_array_equal(driver.run(density, chains=3, seed=3, **options).sample.positions, reference)


@pytest.mark.parametrize("driver", [LAPLACE, PATHFINDER], ids=lambda driver: driver.name)
def test_no_parameters(driver):
    result = driver.run(target(lambda position, gradient: -1.5, 0), driver.settings(draws=10), chains=2, seed=1)
    assert result.sample.positions.shape == (1, 10, 0)


@pytest.mark.parametrize("driver", [LAPLACE, PATHFINDER], ids=lambda driver: driver.name)
def test_moments_of_a_normal(driver):
    result = driver.run(correlated_normal(covariance()), driver.settings(draws=20_000), chains=4, seed=1)
    draws = result.sample.positions.reshape(-1, 4)
    deviations = np.sqrt(np.diag(covariance()))
    np.testing.assert_allclose(draws.mean(axis=0) / deviations, 0.0, atol=0.06)
    outer = np.outer(deviations, deviations)
    np.testing.assert_allclose(np.cov(draws.T) / outer, covariance() / outer, atol=0.08)
    assert result.report["pareto_k"] < 0.7


def test_laplace_is_exact_for_a_normal():
    result = LAPLACE.run(independent_normal(SCALES.tolist()), chains=1, seed=1)
    difference = result.sample.statistics["lp"] - result.sample.statistics["log_q"]
    exact = np.log(SCALES).sum() + 2.5 * np.log(2 * np.pi)
    np.testing.assert_allclose(difference, exact, atol=2e-3)


@pytest.mark.parametrize("driver", [OPTIMIZE, LAPLACE, PATHFINDER], ids=lambda driver: driver.name)
def test_report_reaches_the_datatree(driver):
    density = independent_normal([1.0, 2.0])
    tree = to_datatree(result := driver.run(density, chains=3, seed=1), density)
    np.testing.assert_array_equal(tree.fit["modes"], result.report["modes"])
    assert tree.posterior["x"].shape[0] == 1


def test_laplace_needs_a_peak():
    flat = target(lambda position, gradient: 0.0, 0)

    def ridge(position, gradient):
        gradient[0], gradient[1] = -position[0], 0.0
        return -0.5 * position[0] ** 2

    result = LAPLACE.run(target(ridge, 2), chains=1, seed=1)
    assert not result.complete
    assert "does not fall in every direction" in result.reason
    assert LAPLACE.run(flat, chains=1, seed=1).complete


def test_laplace_has_a_limit():
    with pytest.raises(SettingsError, match="at most 3000"):
        LAPLACE.run(independent_normal([1.0] * 3001), chains=1, seed=1)


def test_pathfinder_densities_are_those_of_its_draws():
    """For a normal, the ratio of target and approximation would be constant were the approximation perfect."""
    result = PATHFINDER.run(independent_normal([2.0, 0.5]), PATHFINDER.settings(resample="none"), chains=2, seed=1)
    assert result.sample.positions.shape == (2, 1000, 2)
    difference = result.sample.statistics["lp"] - result.sample.statistics["log_q"]
    # Averaged over draws of the approximation, the ratio is the target's integral whatever the approximation is.
    np.testing.assert_allclose(np.exp(difference).mean(axis=1), 2 * np.pi, rtol=0.1)


def test_pathfinder_weighs_its_paths():
    """Both peaks are found, and importance gives the lower one its share, exp(-5)."""
    starts = np.array([[-4.0], [4.0]])
    result = PATHFINDER.run(target(two_peaks, 1), PATHFINDER.settings(draws=4000), chains=2, seed=1, starts=starts)
    share = (result.sample.positions < 0).mean()
    assert 0.001 < share < 0.02


def test_pathfinder_flags_a_funnel():
    assert PATHFINDER.run(funnel(10), chains=2, seed=1).report["pareto_k"] > 0.7


@pytest.mark.parametrize("shape", [0.2, 0.9])
def test_smoothing_agrees_with_arviz(shape):
    from arviz_stats.base import array_stats

    log_weights = np.log(np.random.default_rng(1).pareto(1 / shape, 2000) + 1)
    expected, k = array_stats.psislw(-log_weights)
    ours = smoothed(log_weights)
    np.testing.assert_allclose(ours - np.log(np.exp(ours).sum()), expected, atol=1e-8)
    assert pareto_k(log_weights) == pytest.approx(float(k), rel=1e-6)
