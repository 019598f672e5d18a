"""NUTS and static HMC sample what they should, whatever the metric, and say where they fail."""

from __future__ import annotations

import numpy as np
import pytest
from hand_written import correlated_normal, funnel, independent_normal, target, truncated_normal
from pplc.runtime.drivers import SettingsError, drivers
from pplc.runtime.dynamics.plan import FISHER, fisher_schedule, new_plan
from pplc.runtime.dynamics.run import ADVANCE
from pplc.runtime.dynamics.state import CURRENT, STATISTICS, new_chain

NUTS, HMC = drivers()["nuts"], drivers()["hmc"]
SCALES = [1e-3, 0.5, 1.0, 30.0, 1e4]


def sample(density, driver=NUTS, seed=1, chains=4, **settings):
    return driver.run(density, driver.settings(**settings), chains=chains, seed=seed)


@pytest.mark.parametrize("driver", [NUTS, HMC], ids=lambda driver: driver.name)
@pytest.mark.parametrize("metric", ["fisher", "diag", "dense"])
def test_moments_of_an_ill_scaled_normal(driver, metric):
    # Short trajectories cannot learn extreme scales from the identity, as Stan's windows begin.
    scales = np.array(SCALES if driver is NUTS or metric == "fisher" else [0.2, 0.5, 1.0, 2.0, 5.0])
    result = sample(independent_normal(scales, mean=2.0), driver, metric=metric, warmup=1000)
    draws = result.sample.positions.reshape(-1, len(scales)) - 2.0
    # At least 1000 of the 4000 draws count: 5 standard errors.
    np.testing.assert_allclose(draws.mean(axis=0) / scales, 0.0, atol=5 / np.sqrt(1000))
    np.testing.assert_allclose(draws.std(axis=0) / scales, 1.0, atol=5 / np.sqrt(2000))
    assert result.complete
    assert not result.sample.statistics["diverging"].any()


@pytest.mark.parametrize("metric", ["fisher", "diag", "dense"])
def test_correlated_normal(metric):
    correlation = 0.95 ** np.abs(np.subtract.outer(np.arange(6), np.arange(6)))
    scale = np.geomspace(0.1, 10, 6)
    covariance = correlation * np.outer(scale, scale)
    result = sample(correlated_normal(covariance), metric=metric, warmup=1000, draws=2000)
    estimate = np.cov(result.sample.positions.reshape(-1, 6).T)
    np.testing.assert_allclose(estimate / np.outer(scale, scale), correlation, atol=0.12)
    if metric == "dense":  # whitened exactly, so trajectories are short
        assert result.sample.statistics["n_steps"].mean() < 10


def test_fisher_metric_is_exact_early():
    """Gradients of a normal tell its scales at once, however far the chain has to travel."""
    density = independent_normal(SCALES).log_density
    chain = new_chain(density.size, seed=1, chain=0, max_depth=10, dense=False)
    plan = new_plan(
        warmup=1000, target_accept=0.9, initial_step=0.1, max_depth=10, max_energy_error=1000.0, keep_from=1000,
        thin=1, adaptation=FISHER, **fisher_schedule(1000),
    )  # fmt: skip
    start = np.full(density.size, 2.0)
    chain.trajectory.position[CURRENT, : density.size] = start
    chain.scalars["log_density"], chain.trajectory.gradient[CURRENT, : density.size] = density(start)
    rows = np.empty((0, density.size)), np.empty(0, STATISTICS)
    ADVANCE(density.address, plan, chain, *rows, 50, np.zeros(1, np.int64))
    np.testing.assert_allclose(chain.metric.scale[: density.size], SCALES, rtol=1e-6)


def test_fisher_metric_approaches_standard_deviations():
    """Also where strong correlations make the gradients large."""
    result = sample(independent_normal(SCALES))
    np.testing.assert_allclose(result.scale, np.broadcast_to(SCALES, (4, 5)), rtol=0.2)
    result = sample(correlated_normal(np.array([[1.0, 0.99], [0.99, 1.0]])), warmup=2000)
    np.testing.assert_allclose(result.scale, 1.0, rtol=0.3)  # the Fisher scale is (1 - 0.99**2)**(1/4) = 0.38


def test_distribution_of_energy_and_log_density():
    """-2 lp of a 10-dimensional normal is chi-square with 10 degrees of freedom; the kinetic energy adds 10 more."""
    result = sample(independent_normal([1.0] * 10), draws=2500)
    lp, energy = result.sample.statistics["lp"], result.sample.statistics["energy"]
    assert np.mean(-2 * lp) == pytest.approx(10, abs=0.5)
    assert np.var(-2 * lp) == pytest.approx(20, rel=0.2)
    assert np.mean(2 * energy) == pytest.approx(20, abs=0.6)
    assert np.var(2 * energy) == pytest.approx(40, rel=0.2)
    np.testing.assert_allclose(lp, -0.5 * (result.sample.positions**2).sum(axis=2), rtol=1e-12)


def test_acceptance_reaches_its_target():
    for target_accept in (0.6, 0.8, 0.95):
        result = sample(independent_normal([1.0] * 20), seed=2, metric="diag", warmup=1000, target_accept=target_accept)
        # The mean of the logarithms of fluctuating step sizes is a little cautious.
        assert target_accept - 0.04 < result.sample.statistics["acceptance_rate"].mean() < target_accept + 0.13


def test_antithetic_draws_beat_independent_ones():
    """The mean of a normal's draws is known better from NUTS than from as many independent draws."""
    result = sample(independent_normal([1.0] * 5), draws=2000)
    means = result.sample.positions.reshape(4, 20, 100, 5).mean(axis=2)
    assert (means.var(axis=(0, 1)) * 100 < 1.0).all()


def test_one_dimension_quantiles():
    draws = np.sort(sample(independent_normal([1.0]), draws=5000).sample.positions.ravel())
    quantiles = np.quantile(draws, [0.025, 0.25, 0.5, 0.75, 0.975])
    np.testing.assert_allclose(quantiles, [-1.96, -0.674, 0, 0.674, 1.96], atol=0.08)


@pytest.mark.parametrize("driver", [NUTS, HMC], ids=lambda driver: driver.name)
@pytest.mark.parametrize("metric", ["fisher", "dense"])
def test_no_parameters(driver, metric):
    result = sample(target(lambda position, gradient: -1.5, 0), driver, metric=metric, draws=50)
    assert result.sample.positions.shape == (4, 50, 0)
    assert (result.sample.statistics["lp"] == -1.5).all()
    assert result.complete


def test_funnel_reports_divergences_at_its_neck():
    result = sample(funnel(10), seed=2, metric="diag", warmup=0, draws=4000, step_size=0.5)
    diverging = result.sample.statistics["diverging"]
    assert diverging.sum() > 10
    neck = result.sample.positions[:, :, 0]
    assert neck[diverging].mean() < neck.mean()


def test_nan_is_outside_the_support():
    result = sample(truncated_normal(0.5), draws=5000, target_accept=0.95)
    draws = result.sample.positions
    assert draws.max() < 0.5
    assert np.isfinite(result.sample.statistics["lp"]).all()
    # E[x | x < 0.5] = -phi(0.5) / Phi(0.5)
    assert draws.mean() == pytest.approx(-0.5092, abs=0.06)


def test_tree_depth_is_limited():
    result = sample(independent_normal([1.0] * 3), max_depth=2, warmup=0, step_size=1e-3, draws=20)
    assert (result.sample.statistics["tree_depth"] == 2).all()
    assert (result.sample.statistics["n_steps"] == 3).all()


def test_static_trajectories_have_the_given_length():
    result = sample(independent_normal([1.0] * 3), HMC, steps=7, draws=20)
    assert (result.sample.statistics["n_steps"] == 7).all()


def test_warmup_and_thinning():
    density = independent_normal([1.0] * 3)
    full = sample(density, warmup=100, draws=90, save_warmup=True)
    assert full.warmup.positions.shape == (4, 100, 3)
    plain = sample(density, warmup=100, draws=90)
    np.testing.assert_array_equal(full.sample.positions, plain.sample.positions)
    thinned = sample(density, warmup=100, draws=30, thin=3)
    np.testing.assert_array_equal(thinned.sample.positions, plain.sample.positions[:, ::3])


@pytest.mark.parametrize("warmup", [0, 1, 5, 19, 20, 60, 149, 150, 151])
@pytest.mark.parametrize("metric", ["fisher", "diag", "dense"])
def test_any_length_of_warmup(warmup, metric):
    result = sample(independent_normal([1.0, 2.0]), metric=metric, warmup=warmup, draws=10, chains=1)
    assert result.complete
    assert np.isfinite(result.sample.positions).all()
    assert (result.step_size > 0).all()


def test_all_wrong_settings_are_reported_at_once():
    with pytest.raises(SettingsError) as caught:
        sample(independent_normal([1.0]), draws=-1, target_accept=1.0, metric="round", chains=0)
    assert len(caught.value.problems) == 4
    assert "<metric> must be one of fisher, diag, dense, not 'round'" in caught.value.problems
