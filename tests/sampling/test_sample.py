"""Sampling from Python: what comes back, where chains start, and what is said when they cannot."""

from __future__ import annotations

import json
import warnings

import numpy as np
import pytest

import pplc
from pplc.initial_values import positions

PROGRAM = """
data {
  int J;
  vector[J] y;
  vector<lower=0>[J] sigma;
}
parameters {
  real mu;
  real<lower=0> tau;
  vector<offset=mu, multiplier=tau>[J] theta;
}
model {
  mu ~ normal(0, 5);
  tau ~ exponential(0.2);
  theta ~ normal(mu, tau);
  y ~ normal(theta, sigma);
}
generated quantities {
  real largest = max(theta);
}
"""
DATA = {"J": 3, "y": [4.0, -1.0, 2.5], "sigma": [1.0, 2.0, 1.5]}
BOUNDS = """
parameters {
  real low;
  real<lower=low> high;
  simplex[3] p;
  tuple(real, array[2] real<lower=0>) t;
}
model {
  low ~ normal(0, 1);
  high ~ normal(low, 1);
  t.1 ~ std_normal();
  t.2 ~ exponential(1);
}
"""


@pytest.fixture(scope="module")
def model():
    return pplc.compile_model(PROGRAM, DATA)


@pytest.fixture(scope="module")
def bounds():
    return pplc.compile_model(BOUNDS)


def sample(model, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", pplc.SamplingWarning)
        return model.sample(**{"draws": 30, "warmup": 40, "seed": 1, "progress": False, **options})


def test_groups_and_labels(model):
    tree = sample(model, coords={"J": ["a", "b", "c"]}, chains=2, predict=True)
    assert set(tree.children) == {
        "posterior", "sample_stats", "observed_data", "constant_data",
        "posterior_predictive", "log_likelihood", "prior", "prior_predictive",
    }  # fmt: skip
    assert tree["posterior"]["theta"].dims == ("chain", "draw", "J")
    assert list(tree["posterior"]["J"].values) == ["a", "b", "c"]
    np.testing.assert_array_equal(tree["posterior"]["largest"], tree["posterior"]["theta"].max("J"))
    np.testing.assert_array_equal(tree["observed_data"]["y"], DATA["y"])
    assert "y" not in tree["constant_data"]
    assert tree["prior_predictive"]["y"].shape == (1, 1000, 3)
    assert tree["posterior_predictive"]["y"].shape == (2, 30, 3)


def test_seed_decides_everything(model):
    first, again, other = (sample(model, seed=seed)["posterior"]["theta"].values for seed in (5, 5, 6))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


def test_log_likelihood_of_each_observation(model):
    tree = sample(model)
    found = model.log_likelihood(tree)["log_likelihood"]["y"].values
    sigma = np.array(DATA["sigma"])
    expected = (
        -0.5 * ((DATA["y"] - tree["posterior"]["theta"].values) / sigma) ** 2 - np.log(sigma) - np.log(2 * np.pi) / 2
    )
    np.testing.assert_allclose(found, expected, rtol=1e-10)


def test_posterior_predictive_has_the_moments_of_its_distribution(model):
    tree = sample(model, draws=2000)
    found = model.sample_posterior_predictive(tree, seed=2)["posterior_predictive"]["y"].values
    residual = (found - tree["posterior"]["theta"].values) / np.array(DATA["sigma"])
    assert residual.mean() == pytest.approx(0, abs=0.02)
    assert residual.std() == pytest.approx(1, abs=0.02)


def test_prior_respects_bounds_and_moments(model):
    prior = model.sample_prior_predictive(4000, seed=3)["prior"]
    assert (prior["tau"] > 0).all()
    assert float(prior["tau"].mean()) == pytest.approx(5, abs=0.4)
    assert float(prior["mu"].std()) == pytest.approx(5, abs=0.3)


def test_given_values_are_where_chains_start(bounds):
    given = {"low": 2.0, "high": 3.5, "p": [0.2, 0.3, 0.5], "t": (0.5, [1.0, 2.0])}
    [start] = positions(bounds, given, 1, 0, 2.0)
    values = bounds.constrain(start)
    assert values["high"] == pytest.approx(3.5)
    np.testing.assert_allclose(values["p"], given["p"])
    np.testing.assert_allclose(values["t.2"], [1.0, 2.0])


def test_partial_values_leave_the_others_random(bounds):
    starts = positions(bounds, {"high": 7.0, "t": (0.5, [1.0, 2.0])}, 3, 0, 2.0)
    values = [bounds.constrain(start) for start in starts]
    assert [float(v["high"]) for v in values] == pytest.approx([7.0] * 3)  # whatever its bound is in that chain
    assert len({float(v["low"]) for v in values}) == 3
    assert all(abs(float(v["low"])) < 2 for v in values)
    assert len({float(v["p"][0]) for v in values}) == 3


def test_values_for_each_chain_from_a_file_or_an_earlier_result(model, tmp_path):
    per_chain = positions(model, [{"tau": 1.0}, {"tau": 2.0}], 2, 0, 2.0)
    assert [float(model.constrain(p)["tau"]) for p in per_chain] == pytest.approx([1.0, 2.0])
    (tmp_path / "start.json").write_text(json.dumps({"mu": 3.0}))
    [start] = positions(model, tmp_path / "start.json", 1, 0, 2.0)
    assert model.constrain(start)["mu"] == pytest.approx(3.0)
    tree = sample(model, chains=2)
    again = positions(model, tree, 3, 0, 2.0)
    last = tree["posterior"]["theta"].values[:, -1]
    np.testing.assert_allclose([model.constrain(p)["theta"] for p in again], last[[0, 1, 0]], rtol=1e-8)


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"inits": {"tua": 1.0}}, pplc.InitialValuesError, "did you mean `tau`"),
        ({"inits": {"tau": -1.0}}, pplc.InitialValuesError, "must be at least 0"),
        ({"inits": {"theta": [1.0]}}, pplc.InitialValuesError, "shape"),
        ({"inits": {"mu": "high"}}, pplc.InitialValuesError, "`mu`"),
        ({"inits": [{}]}, pplc.InitialValuesError, "1 chains, but 4 chains"),
        ({"inits": 3}, pplc.InitialValuesError, "not a int"),
        ({"method": "nut"}, pplc.OptionError, "the methods are"),
        ({"draw": 5}, pplc.OptionError, "did you mean draws"),
        ({"draws": -1}, pplc.OptionError, "at least 0"),
        ({"chains": 0}, pplc.OptionError, "at least 1"),
        ({"coords": {"J": ["a"]}}, pplc.OptionError, "1 labels for the dimension J"),
    ],
)
def test_mistakes(model, options, error, message):
    with pytest.raises(error, match=message):
        sample(model, **options)


def test_no_start_names_the_statement_and_the_values():
    model = pplc.compile_model("parameters {\n  real x;\n}\nmodel {\n  x ~ uniform(100, 101);\n}\n")
    with pytest.raises(pplc.InitialisationFailed, match=r"line 5: `x ~ uniform\(100, 101\);` is -inf\nwith x = "):
        sample(model)


def test_a_gradient_that_is_not_finite_is_told_from_a_density() -> None:
    model = pplc.compile_model("parameters { vector[2] x; real y; } model { target += -sqrt(y) - sum(square(x)); }")
    sentence = r"the log density is finite, but not its derivatives by `y`\n *with x = \[1., 1.\], y = 0.\nhelp: "
    with pytest.raises(pplc.InitialisationFailed, match=sentence):
        sample(model, inits={"x": [1, 1], "y": 0})
    assert model.explain(np.ones(3)) == ""


def test_doubts_are_warnings(model):
    with pytest.warns(pplc.SamplingWarning, match="effective draws"):
        model.sample(draws=10, warmup=30, seed=1, progress=False)


def test_prior_of_a_program_that_is_not_generative():
    model = pplc.compile_model("parameters {\n  real x;\n}\nmodel {\n  target += -x^2;\n}\n")
    with pytest.raises(pplc.NotGenerative):
        model.sample_prior_predictive(10)


def test_result_of_another_program(model, bounds):
    tree = sample(bounds)
    with pytest.raises(pplc.OptionError, match="no parameter `mu`"):
        model.log_likelihood(tree)


def test_expanded_integers_that_could_not_be_computed_are_nan() -> None:
    model = pplc.compile_model(
        "parameters { real x; } generated quantities { array[2] int k = {3, 4}; if (x > 1) reject(x); }"
    )
    found = model.expand(np.array([[0.0], [2.0]]))
    np.testing.assert_array_equal(found["k"], [[3, 4], [np.nan, np.nan]])
    assert model.constrain(np.zeros(1), generated=True)["k"].dtype.kind == "i"
