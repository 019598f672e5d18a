"""Compiled draws from the prior and of new data: against moments that are known, in every shape of statement."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

import pplc

COUNT = 4000


def prior(text: str, data: dict[str, object] | None = None) -> dict[str, np.ndarray]:
    parameters, observed = pplc.compile_model(text, data).predictor.prior(COUNT, 1)
    return parameters | observed


def predicted(text: str, data: dict[str, object], **parameters: object) -> dict[str, np.ndarray]:
    """New data for parameters that are the same in every draw."""
    values = {name: np.broadcast_to(value, (COUNT, *np.shape(value))) for name, value in parameters.items()}
    return pplc.compile_model(text, data).predictor.posterior_predictive(values, 1)


def assert_mean(draws: np.ndarray, mean: object, deviation: object) -> None:
    """Means of independent draws, within five standard errors."""
    error = 5 * np.asarray(deviation) / np.sqrt(COUNT)
    assert (np.abs(draws.mean(axis=0) - mean) < error + 1e-12).all()


def test_declared_bounds_truncate_each_element() -> None:
    text = """
    data { vector[3] low; }
    parameters {
      vector<lower=low>[3] a;
      array[2] vector<lower=rep_array(low, 2), upper=rep_array(low + 1, 2)>[3] b;
      real<upper=a[1]> c;
    }
    model { a ~ normal(0, 1); for (i in 1:2) b[i] ~ normal(low, 2); c ~ normal(0, 1); }
    """
    low = np.array([-1.0, 0.0, 2.0])
    draws = prior(text, {"low": low})
    assert (draws["a"] >= low).all()
    reference = stats.truncnorm(low, np.inf)
    assert_mean(draws["a"], reference.mean(), reference.std())
    assert (draws["b"] >= low).all()
    assert (draws["b"] <= low + 1).all()
    inside = stats.truncnorm(0, 0.5, low, 2)
    assert_mean(draws["b"], inside.mean(), inside.std())
    assert (draws["c"] <= draws["a"][:, 0]).all()


def test_truncated_statements() -> None:
    text = """
    data { int N; vector[N] y; array[N] int k; vector[N] low; }
    parameters { real mu; }
    model {
      mu ~ normal(0, 1) T[1, ];
      for (n in 1:N) y[n] ~ normal(mu, 1) T[low[n], low[n] + 2];
      for (n in 1:N) k[n] ~ poisson(3) T[, n + 1];
    }
    """
    low = np.array([-1.0, 0.0, 2.5])
    data = {"N": 3, "y": low + 1, "k": [1, 1, 1], "low": low}
    assert prior(text, data)["mu"].min() >= 1
    draws = predicted(text, data, mu=1.0)
    inside = stats.truncnorm(low - 1, low + 1, 1.0)
    assert_mean(draws["y"], inside.mean(), inside.std())
    for n in range(3):
        values = np.arange(n + 3)
        weights = stats.poisson.pmf(values, 3) / stats.poisson.cdf(n + 2, 3)
        mean = values @ weights
        assert draws["k"][:, n].max() <= n + 2
        assert_mean(draws["k"][:, n], mean, np.sqrt((values - mean) ** 2 @ weights))


def test_distributions_of_vectors_and_categories() -> None:
    text = """
    data { int N; array[N] vector[2] y; array[N] int c; array[N] int o; vector[N] x; }
    parameters { vector[2] mu; cov_matrix[2] S; simplex[3] p; ordered[2] cut; }
    model {
      for (n in 1:N) y[n] ~ multi_normal(mu * x[n], S);
      c ~ categorical(p);
      for (n in 1:N) o[n] ~ ordered_logistic(x[n], cut);
    }
    """
    x = np.array([-1.0, 0.0, 2.0])
    data = {"N": 3, "y": np.zeros((3, 2)), "c": [1, 2, 3], "o": [1, 2, 3], "x": x}
    mu, sigma, p = np.array([1.0, -2.0]), np.array([[2.0, 0.6], [0.6, 0.5]]), np.array([0.2, 0.5, 0.3])
    draws = predicted(text, data, mu=mu, S=sigma, p=p, cut=[-0.5, 1.0])
    assert_mean(draws["y"], np.outer(x, mu), np.sqrt(np.diag(sigma)))
    for n in range(3):
        np.testing.assert_allclose(np.cov(draws["y"][:, n].T), sigma, atol=0.2)
    at_most = stats.logistic.cdf(np.array([-0.5, 1.0])[:, None] - x)
    for k in range(1, 4):
        assert_mean(draws["c"] == k, p[k - 1], np.sqrt(p[k - 1]))
    assert_mean(draws["o"] == 1, at_most[0], 0.5)
    assert_mean(draws["o"] == 3, 1 - at_most[1], 0.5)


def test_slices_of_different_lengths() -> None:
    text = """
    data { int N; array[N] int s; array[N] int e; vector[6] y; }
    parameters { vector[N] mu; }
    model {
      mu ~ normal(0, 1);
      for (i in 1:N) { int n = e[i] - s[i] + 1; vector[n] m = rep_vector(mu[i], n); y[s[i]:e[i]] ~ normal(m, i); }
    }
    """
    data = {"N": 3, "s": [1, 2, 4], "e": [1, 3, 6], "y": np.zeros(6)}
    draws = predicted(text, data, mu=[1.0, -2.0, 5.0])["y"]
    assert_mean(draws, [1, -2, -2, 5, 5, 5], [1, 2, 2, 3, 3, 3])


def test_vectorised_arguments_and_nested_loops() -> None:
    text = """
    data { int N; int K; matrix[N, K] y; array[N] int g; array[K] real s; }
    parameters { vector[2] a; }
    model { for (n in 1:N) for (k in 1:K) y[n, k] ~ normal(a[g[n]] * k, s[k]); a ~ normal([10, 20]', [1, 2]'); }
    """
    s, g = np.array([0.5, 1.0]), np.array([1, 2, 2])
    data = {"N": 3, "K": 2, "y": np.zeros((3, 2)), "g": g, "s": s}
    a = np.array([3.0, -1.0])
    assert_mean(predicted(text, data, a=a)["y"], np.outer(a[g - 1], [1, 2]), s)
    assert_mean(prior(text, data)["a"], [10, 20], [1, 2])


@pytest.mark.parametrize(
    "model",
    [
        "for (t in 2:T) y[t] ~ normal(a * y[t - 1], 1);",
        "vector[T] m; m[1] = 0; for (t in 2:T) m[t] = 0.5 * m[t - 1] + y[t - 1]; y ~ normal(a * m, 1);",
    ],
)
def test_data_given_their_own_past(model: str) -> None:
    text = f"data {{ int T; vector[T] y; }}\nparameters {{ real a; }}\nmodel {{ a ~ normal(0, 1); {model} }}"
    predictor = pplc.compile_model(text, {"T": 3, "y": [1.0, 2.0, 3.0]}).predictor
    parameters, data = predictor.prior(10, 1)
    assert list(parameters) == ["a"]
    assert data == {}
    assert "`y` depends on itself" in predictor.left_out
    draws = predictor.posterior_predictive({"a": np.full(COUNT, 2.0)}, 1)["y"]
    assert_mean(draws[:, 1], 2.0, 1.0)  # one step ahead


def test_impossible_parameters_give_nan() -> None:
    text = """
    data { array[2] real y; array[2] int k; }
    parameters { real s; vector[2] m; }
    model { y ~ normal(0, s); k ~ poisson(m); s ~ normal(0, 1); m ~ normal(0, 1); }
    """
    draws = prior(text, {"y": [0, 0], "k": [0, 0]})
    assert (np.isnan(draws["y"]).all(axis=1) == (draws["s"] <= 0)).all()
    assert (np.isnan(draws["k"]) == (draws["m"] < 0)).all()
    assert np.isfinite(draws["s"]).all()


@pytest.mark.parametrize(
    ("declared", "distribution", "words"),
    [
        ("ordered[3]", "normal(0, 1)", "declared `ordered`, which draws from `normal` are not"),
        ("simplex[3]", "normal(0, 1)", "declared `simplex`"),
        ("unit_vector[3]", "normal(0, 1)", "declared `unit_vector`"),
        ("vector<lower=0>[3]", "multi_normal(zeros_vector(3), identity_matrix(3))", "cannot be kept within the bounds"),
    ],
)
def test_constraints_that_draws_do_not_satisfy(declared: str, distribution: str, words: str) -> None:
    model = pplc.compile_model(f"parameters {{ {declared} x; }}\nmodel {{ x ~ {distribution}; }}")
    with pytest.raises(pplc.NotGenerative, match=words):
        model.predictor.prior(10, 1)
    assert len(model.free_RVs) == 1


def test_draws_depend_on_the_seed_alone() -> None:
    model = pplc.compile_model("parameters { real a; vector[2] b; }\nmodel { a ~ normal(0, 1); b ~ normal(a, 1); }")
    first, again, other = (model.predictor.prior(5, seed)[0]["b"] for seed in (1, 1, 2))
    assert (first == again).all()
    assert (first != other).all()
    assert len(np.unique(first)) == 10


def test_variables_of_the_graph_can_be_evaluated() -> None:
    model = pplc.compile_model("parameters { real<lower=2> a; }\nmodel { a ~ normal(0, 1); }")
    assert float(model["a"].eval()) >= 2
