"""Diagnostics agree with ArviZ; results become groups with names; findings say what is wrong."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from hand_written import funnel, independent_normal, target
from pplc.runtime import diagnostics
from pplc.runtime.contract import Variable
from pplc.runtime.drivers import drivers
from pplc.runtime.expansion import expand_draws
from pplc.runtime.groups import to_datatree
from pplc.runtime.results import Draws
from pplc.runtime.summary import element_names, summarise
from pplc.runtime.warnings import find_problems, r_hat_text

NUTS = drivers()["nuts"]


def autoregressive(coefficient, chains=4, draws=500, seed=1):
    random = np.random.default_rng(seed)
    x = random.normal(size=(chains, draws))
    for i in range(1, draws):
        x[:, i] += coefficient * x[:, i - 1]
    return x


CASES = {
    "independent": autoregressive(0.0),
    "sticky": autoregressive(0.95),
    "antithetic": autoregressive(-0.6),
    "odd length": autoregressive(0.5, draws=501),
    "one chain": autoregressive(0.3, chains=1),
    "short": autoregressive(0.3, draws=8),
    "apart": autoregressive(0.1) + np.arange(4)[:, None],
    "ties": np.round(autoregressive(0.4)),
    "constant": np.ones((4, 100)),
    "heavy tails": np.random.default_rng(3).standard_cauchy((4, 400)),
}


@pytest.mark.parametrize("draws", CASES.values(), ids=CASES.keys())
def test_diagnostics_agree_with_arviz(draws):
    from arviz_stats.base import array_stats

    block = draws[:, :, None]
    for ours, method in ((diagnostics.ess_bulk, "bulk"), (diagnostics.ess_mean, "mean")):
        np.testing.assert_allclose(ours(block)[0], array_stats.ess(draws, 0, 1, method=method), rtol=1e-8)
    np.testing.assert_allclose(
        diagnostics.ess_tail(block)[0], array_stats.ess(draws, 0, 1, method="tail", prob=(0.05, 0.95)), rtol=1e-8
    )
    if len(draws) > 1:  # ArviZ does not compare the halves of a single chain
        np.testing.assert_allclose(diagnostics.r_hat(block)[0], array_stats.rhat(draws, 0, 1, method="rank"), rtol=1e-8)
    error = summarise({"x": draws}).column("mcse_mean")[0]
    np.testing.assert_allclose(error, array_stats.mcse(draws, 0, 1, method="mean"), rtol=1e-8)


def test_parameters_do_not_disturb_each_other():
    draws = np.stack([CASES["independent"], CASES["sticky"], np.full((4, 500), np.nan)], axis=2)
    for function in (diagnostics.ess_bulk, diagnostics.ess_tail, diagnostics.r_hat):
        together = function(draws)
        alone = [function(draws[:, :, i : i + 1])[0] for i in range(2)]
        np.testing.assert_allclose(together[:2], alone, rtol=1e-10)  # reductions may add in another order
        assert np.isnan(together[2])


def test_ebfmi_of_independent_energies():
    energy = np.random.default_rng(1).normal(size=(3, 10_000))
    np.testing.assert_allclose(diagnostics.ebfmi(energy), 2.0, rtol=0.05)


def test_summary():
    random = np.random.default_rng(1)
    values = {
        "a": random.normal(5, 2, (4, 500)),
        "b": random.normal(size=(4, 500, 2, 3)),
        "none": np.empty((4, 500, 0)),
    }
    summary = summarise(values)
    assert summary.names == ("a", "b[1,1]", "b[1,2]", "b[1,3]", "b[2,1]", "b[2,2]", "b[2,3]")
    assert summary.column("mean")[3] == pytest.approx(values["b"][:, :, 0, 2].mean())
    assert summary.column("q95")[0] == pytest.approx(np.quantile(values["a"], 0.95))
    assert summary.column("sd")[0] == pytest.approx(2.0, rel=0.1)
    assert list(element_names("x", (2,))) == ["x[1]", "x[2]"]


def two_variables(density):
    """`y` has named dimensions, `z` none, `noise` is random."""

    def expand(positions):
        return {"y": positions[:, :4].reshape(-1, 2, 2), "z": positions[:, 4:]}

    def generate(values, count, rng):
        return {"noise": rng.normal(size=count), "n": np.zeros(count, np.int64)}, None

    variables = (
        Variable("y", (2, 2), ("K", "K")),
        Variable("z", (2,)),
        Variable("noise", ()),
        Variable("n", (), dtype="int64"),
    )
    return replace(density, variables=variables, expand=expand, generate=generate, generated=("noise", "n"))


def test_datatree():
    density = two_variables(independent_normal([1.0] * 6))
    result = NUTS.run(density, NUTS.settings(draws=50, warmup=60, save_warmup=True), chains=3, seed=4)
    tree = to_datatree(
        result,
        density,
        observed_data={"y_obs": [1.0, 2.0]},
        constant_data={"N": 2},
        data_dims={"y_obs": ["obs"]},
        coords={"K": ["a", "b"], "obs": [1987, 1988]},
        attributes={"source": "test"},
    )
    assert set(tree.children) == {
        "posterior", "sample_stats", "warmup_posterior", "warmup_sample_stats", "observed_data", "constant_data",
    }  # fmt: skip
    assert tree.posterior["y"].dims == ("chain", "draw", "K", "K_bis")
    assert list(tree.posterior["K"].values) == ["a", "b"]
    assert tree.posterior["z"].dims == ("chain", "draw", "z_dim_0")
    assert tree.posterior["n"].dtype == np.int64
    assert tree.observed_data["y_obs"].sel(obs=1988) == 2.0
    assert dict(tree.warmup_posterior.sizes)["draw"] == 60
    assert set(tree.sample_stats) == {
        "lp", "energy", "acceptance_rate", "step_size", "tree_depth", "n_steps", "diverging",
    }  # fmt: skip
    assert json.loads(tree.attrs["settings"])["target_accept"] == 0.9
    assert tree.attrs["seed"] == 4
    assert tree.attrs["source"] == "test"
    assert len(set(tree.posterior["noise"].values.ravel())) == 150  # chains do not share their noise
    again = expand_draws(result.sample, density, result.seed).values
    np.testing.assert_array_equal(again["noise"], tree.posterior["noise"])


def test_datatree_survives_netcdf(tmp_path):
    import xarray

    pytest.importorskip("h5py", reason="h5netcdf writes through h5py")
    density = two_variables(independent_normal([1.0] * 6))
    tree = to_datatree(NUTS.run(density, NUTS.settings(draws=20, warmup=20), chains=2, seed=4), density)
    tree.to_netcdf(tmp_path / "result.nc", engine="h5netcdf")
    with xarray.open_datatree(tmp_path / "result.nc", engine="h5netcdf") as read:
        np.testing.assert_array_equal(read.posterior["y"], tree.posterior["y"])


def test_draws_are_not_copied():
    density = independent_normal([1.0] * 6)
    result = NUTS.run(density, NUTS.settings(draws=20, warmup=20), chains=2, seed=4)
    posterior = expand_draws(result.sample.rectangle(), density, result.seed).values
    assert np.shares_memory(result.sample.rectangle().positions, result.sample.positions)
    assert np.shares_memory(to_datatree(result, density, posterior=posterior).posterior["x"].values, posterior["x"])


def test_wrong_number_of_labels():
    density = two_variables(independent_normal([1.0] * 6))
    result = NUTS.run(density, NUTS.settings(draws=5, warmup=5), chains=1, seed=4)
    with pytest.raises(ValueError, match="3 labels for the dimension K, whose length is 2"):
        to_datatree(result, density, coords={"K": [1, 2, 3]})


def test_rectangle_of_ragged_chains():
    draws = Draws(np.arange(24.0).reshape(3, 4, 2), np.zeros((3, 4), [("lp", float)]), np.array([3, 0, 2]))
    part = draws.rectangle()
    assert part.positions.shape == (2, 2, 2)
    np.testing.assert_array_equal(part.positions[1], draws.positions[2, :2])
    none = replace(draws, lengths=np.zeros(3, int)).rectangle()
    assert none.positions.shape[1] == 0


def findings(density, **settings):
    result = NUTS.run(density, NUTS.settings(**settings), chains=4, seed=2)
    posterior = expand_draws(result.sample.rectangle(), density, result.seed).values
    return {finding.code: finding for finding in find_problems(result, posterior, summarise(posterior))}


def test_nothing_to_say_about_a_good_run():
    assert findings(independent_normal([1.0] * 3)) == {}


def test_funnel_is_found_out():
    found = findings(funnel(10), metric="diag", warmup=0, draws=4000, step_size=0.5)
    assert "low values of x[1]" in found["divergences"].message
    assert "target_accept" in found["divergences"].advice


def test_divergences_are_not_where_something_constant_or_nan_is_low():
    settings = NUTS.settings(metric="diag", warmup=0, draws=1000, step_size=0.5)
    result = NUTS.run(funnel(10), settings, chains=4, seed=2)
    posterior = {"constant": np.ones((4, 1000)), "nothing": np.full((4, 1000), np.nan)}
    [finding] = [f for f in find_problems(result, posterior, summarise(posterior)) if f.code == "divergences"]
    assert "mostly" not in finding.message


def test_heavy_tails_are_found_out():
    def heavier_than_cauchy(position, gradient):
        gradient[0] = -1.5 * position[0] / (0.5 + position[0] ** 2)
        return -0.75 * np.log1p(2.0 * position[0] ** 2)

    assert "E-BFMI is below 0.3" in findings(target(heavier_than_cauchy, 1))["e-bfmi"].message


def test_chains_in_different_modes_are_told_apart():
    def two_wells(position, gradient):
        x = position[0]
        gradient[0] = -(x - 4 * np.sign(x)) * 400
        return -200 * (abs(x) - 4) ** 2 - (60 if x < 0 else 0)

    assert "the log density stays lower in chain" in findings(target(two_wells, 1))["apart"].message


def test_chains_that_never_move():
    found = findings(independent_normal([1.0] * 2), warmup=0, step_size=1e200, draws=100)
    assert found["unmoved"].message == "no chain moved: all draws are the same point"
    assert "step_size" in found["unmoved"].advice


def test_r_hat_has_the_decimals_that_matter():
    assert [r_hat_text(value) for value in (1.0104, 3.5, 6e15)] == ["1.010", "3.500", "> 100"]


def test_short_and_stuck_runs_are_found_out():
    found = findings(independent_normal([1.0] * 3), warmup=0, step_size=1e-3, max_depth=2, draws=100, init_radius=9.0)
    assert set(found) == {"tree-depth", "apart", "r-hat", "ess"}
    assert "3 of 3 quantities" in found["ess"].message
    assert "no-draws" in findings(independent_normal([1.0]), draws=0)
