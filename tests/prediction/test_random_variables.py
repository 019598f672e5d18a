"""The graph of random variables: which it has, what they are, and what stands in the way of drawing them."""

from __future__ import annotations

import numpy as np
import pytest
from pplc.compiler.lower.library_rv import LibraryRV
from pytensor.compile.mode import Mode

import pplc

SCHOOLS = """
data { int<lower=0> J; array[J] real y; array[J] real<lower=0> sigma; }
parameters { vector[J] z; real mu; real<lower=0> tau; }
transformed parameters { vector[J] theta = mu + tau * z; }
model { z ~ normal(0, 1); mu ~ normal(0, 5); tau ~ normal(0, 5); y ~ normal(theta, sigma); }
"""
DATA = {"J": 3, "y": [28.0, 8.0, -3.0], "sigma": [15.0, 10.0, 16.0]}


def draws_of(model: pplc.Model, count: int = 400) -> dict[str, np.ndarray]:
    """Draws from the generative graph, in Python."""
    import pytensor

    graph = model.predictor.graph
    assert not graph.obstacles, [o.text for o in graph.obstacles]
    data = model.lowered.table.values
    function = pytensor.function(
        list(data),
        list(graph.generative.values()),
        mode=Mode(linker="py", optimizer=None),
        on_unused_input="ignore",
        updates=updates(graph.generative.values()),
    )
    results = [function(*data.values()) for _ in range(count)]
    return {name: np.array([r[k] for r in results]) for k, name in enumerate(graph.generative)}


def updates(outputs: object) -> dict[object, object]:
    from pytensor.graph.traversal import ancestors

    nodes = {v.owner for v in ancestors(list(outputs)) if v.owner is not None and isinstance(v.owner.op, LibraryRV)}  # type: ignore[call-overload]
    return {node.inputs[0]: node.outputs[0] for node in nodes}


def test_roles() -> None:
    model = pplc.compile_model(SCHOOLS, DATA)
    assert [v.name for v in model.free_RVs] == ["z", "mu", "tau"]
    assert [v.name for v in model.observed_RVs] == ["y"]
    assert len(model.deterministics) == 1
    assert model.potentials == []
    assert model.missing_values == []
    assert {"z", "mu", "tau", "theta", "y"} == set(model.named_vars)
    assert model["mu"].owner.op.distribution.name == "normal"
    assert model["tau"].owner.op.truncated
    assert not model["mu"].owner.op.truncated


def test_logp_of_a_random_variable_is_a_graph() -> None:
    model = pplc.compile_model("parameters { real z; } model { z ~ normal(0, 5); 5 ~ normal(z, 1); }")
    assert pplc.logp(model["z"], 2.5).eval() == pytest.approx(-2.65337645)
    assert model.logp({"z": [2.5]}) == pytest.approx(-6.6973152, abs=1e-6)
    assert len(model.potentials) == 1
    with pytest.raises(TypeError, match="not a random variable"):
        pplc.logp(model.lowered.position, 0.0)


def test_prior_draws_have_the_prior_moments() -> None:
    draws = draws_of(pplc.compile_model(SCHOOLS, DATA))
    assert draws["z"].shape == (400, 3)
    assert draws["mu"].std() == pytest.approx(5, rel=0.2)
    assert draws["tau"].min() >= 0
    assert draws["tau"].mean() == pytest.approx(5 * np.sqrt(2 / np.pi), rel=0.2)
    theta = draws["mu"][:, None] + draws["tau"][:, None] * draws["z"]
    residual = (draws["y"] - theta) / np.array(DATA["sigma"])
    assert residual.std() == pytest.approx(1, rel=0.1)
    assert abs(residual.mean()) < 0.1


def test_loops_and_parts() -> None:
    text = """
    data { int N; int K; array[N] int g; vector[N] x; array[N] int n; }
    parameters { vector[K] a; real b; matrix[2, K] m; }
    model {
      b ~ normal(100, 0.001);
      for (k in 1:K) a[k] ~ normal(10 * k, 0.001);
      for (k in 1:K) for (j in 1:2) m[j, k] ~ normal(a[k] + j, 0.001);
      for (i in 1:N) n[i] ~ poisson(a[g[i]] * x[i]);
    }
    """
    data = {"N": 4, "K": 2, "g": [1, 2, 2, 1], "x": [1.0, 2.0, 3.0, 4.0], "n": [0, 0, 0, 0]}
    draws = draws_of(pplc.compile_model(text, data), 200)
    assert draws["a"].mean(axis=0) == pytest.approx([10, 20], abs=0.01)
    assert draws["m"].mean(axis=0) == pytest.approx(np.array([[11, 21], [12, 22]]), abs=0.01)
    assert draws["n"].mean(axis=0) == pytest.approx([10, 40, 60, 40], rel=0.1)
    assert draws["n"].dtype.kind == "i"


def test_multivariate() -> None:
    text = """
    data { int N; array[N] vector[2] y; array[3] int c; }
    parameters { cholesky_factor_corr[2] L; simplex[3] p; array[N] vector[2] e; }
    model {
      L ~ lkj_corr_cholesky(2); p ~ dirichlet(rep_vector(50, 3)); c ~ multinomial(p);
      e ~ multi_normal(rep_vector(3, 2), identity_matrix(2)); y ~ multi_normal_cholesky(e[1], L);
    }
    """
    draws = draws_of(pplc.compile_model(text, {"N": 3, "y": [[0, 0]] * 3, "c": [3, 2, 5]}), 150)
    assert draws["L"].shape == (150, 2, 2)
    assert (draws["L"] ** 2).sum(axis=2) == pytest.approx(np.ones((150, 2)))
    assert draws["p"].sum(axis=1) == pytest.approx(np.ones(150))
    assert (draws["c"].sum(axis=1) == 10).all()
    assert draws["e"].mean(axis=(0, 1)) == pytest.approx([3, 3], abs=0.2)
    assert draws["y"].shape == (150, 3, 2)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("parameters { real a; }\nmodel { target += -a^2; }", 2, "without naming a distribution"),
        ("parameters { real a;\nreal b; }\nmodel { a ~ normal(0, 1); }", 2, "no distribution"),
        (
            "parameters { vector[3] a; }\nmodel { for (i in 2:3) a[i] ~ normal(a[i - 1], 1); a[1] ~ normal(0, 1); }",
            2,
            "itself",
        ),
        ("parameters { vector[3] a; }\nmodel { a[1:2] ~ normal(0, 1); }", 2, "parts of `a`"),
        ("parameters { real a; }\nmodel { a ~ normal(0, 1); a ~ normal(1, 1); }", 2, "twice"),
        ("parameters { real a; }\nmodel { a^2 ~ normal(0, 1); a ~ normal(0, 1); }", 2, "neither a parameter nor data"),
    ],
)
def test_programs_that_are_not_generative_say_why(text: str, line: int, words: str) -> None:
    model = pplc.compile_model(text)
    with pytest.raises(pplc.NotGenerative) as caught:
        model.predictor.prior(10, 1)
    assert f"line {line}" in str(caught.value)
    assert words in str(caught.value)


def test_log_likelihood_is_pointwise() -> None:
    from scipy import stats

    model = pplc.compile_model(SCHOOLS, DATA)
    positions = np.random.default_rng(3).normal(size=(5, model.n_unconstrained))
    values = model.expand(positions)
    found = model.predictor.log_likelihood(values)
    expected = stats.norm.logpdf(DATA["y"], values["theta"], DATA["sigma"])
    assert found["y"] == pytest.approx(expected)


def test_log_likelihood_of_vectors_has_one_number_each() -> None:
    text = """
    data { int N; array[N] vector[2] y; }
    parameters { vector[2] m; }
    model { for (i in 1:N) y[i] ~ multi_normal(m, identity_matrix(2)); m ~ normal(0, 1); }
    """
    model = pplc.compile_model(text, {"N": 3, "y": [[0, 1], [2, 3], [4, 5]]})
    found = model.predictor.log_likelihood({"m": np.zeros((1, 2))})
    squares = np.array([1, 13, 41])
    assert found["y"] == pytest.approx((-np.log(2 * np.pi) - squares / 2)[None])


def test_posterior_predictive_follows_the_draws() -> None:
    model = pplc.compile_model(SCHOOLS, DATA)
    values = {"z": np.zeros((300, 3)), "mu": np.full(300, 7.0), "tau": np.ones(300)}
    found = model.predictor.posterior_predictive(values, seed=1)["y"]
    assert found.shape == (300, 3)
    assert found.mean(axis=0) == pytest.approx([7, 7, 7], abs=4)
    assert found.std(axis=0) == pytest.approx(DATA["sigma"], rel=0.2)
    again = model.predictor.posterior_predictive(values, seed=1)["y"]
    assert (found == again).all()


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda model: model.logp({}), "no value is given for z"),
        (lambda model: model.logp({"z": 1, "w": 2}), "no parameter is called w; there are z"),
        (lambda model: model.logp([1, 2]), r"a position has shape \(1,\), not \(2,\)"),
        (lambda model: model.logp([1], part="priors"), "there is no part 'priors'; the parts are all, data"),
        (lambda model: model["w"], "the graph has no variable 'w'; it has z"),
    ],
)
def test_mistakes_in_questions_to_a_model(call: object, words: str) -> None:
    model = pplc.compile_model("parameters { real z; }\nmodel { z ~ normal(0, 5); }")
    with pytest.raises((KeyError, ValueError), match=words):
        call(model)  # type: ignore[operator]


def test_log_densities_of_many_values_at_once() -> None:
    text = "data { real x; } parameters { real z; } model { z ~ normal(0, 5); x ~ normal(z, 1); }"
    model = pplc.compile_model(text, {"x": 5})
    assert model.logp({"z": 2.5}) == pytest.approx(-6.6973152, abs=1e-6)
    assert model.logp([2.5], part="data") == pytest.approx(-4.0439386, abs=1e-6)
    assert model.d2logp([2.5]) == pytest.approx(np.array([[-1.04]]))
    assert pplc.logp(model["z"], np.array([2.5, 0.0])).eval() == pytest.approx([-2.65337645, -2.52837645])
