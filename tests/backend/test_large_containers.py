"""Containers of a million elements: right results, and code that does not grow with them."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special

import pplc

MILLION = 1_000_000
SUMS = """
    data { int N; vector[N] y; }
    parameters { vector[N] x; array[8] real f; }
    model {
      target += f[1] * sum(x) + f[2] * log_sum_exp(x) + f[3] * dot_product(cumulative_sum(x), y);
      target += f[4] * dot_product(sort_asc(x), y) + f[5] * dot_product(softmax(x), y) + f[6] * dot_product(x, y);
      target += f[7] * sd(x) + f[8] * max(x);
    }"""
FACTORS = np.array([0.5, 1.25, 1e-3, 0.75, 2.0, -1.0, 3.0, 0.1])


def model_of(size: int) -> pplc.Model:
    return pplc.compile_model(SUMS, {"N": size, "y": np.random.default_rng(1).normal(size=size)})


def test_a_million_elements() -> None:
    x, y = np.random.default_rng(2).normal(size=MILLION), np.random.default_rng(1).normal(size=MILLION)
    value, gradient = model_of(MILLION).logp_dlogp(np.concatenate([x, FACTORS]))
    weights = special.softmax(x)
    calls = np.array([x.sum(), special.logsumexp(x), np.cumsum(x) @ y, np.sort(x) @ y, weights @ y, x @ y,
                      x.std(ddof=1), x.max()])  # fmt: skip
    assert value == pytest.approx(FACTORS @ calls, rel=1e-10)
    np.testing.assert_allclose(gradient[MILLION:], calls, rtol=1e-9)
    ranks = np.empty(MILLION, dtype=int)
    ranks[np.argsort(x)] = np.arange(MILLION)
    slopes = [np.ones(MILLION), weights, np.cumsum(y[::-1])[::-1], y[ranks], weights * (y - weights @ y), y,
              (x - x.mean()) / (x.std(ddof=1) * (MILLION - 1)), (x == x.max()).astype(float)]  # fmt: skip
    np.testing.assert_allclose(gradient[:MILLION], FACTORS @ np.array(slopes), rtol=1e-9, atol=1e-12)


def test_the_code_is_the_same_for_every_size() -> None:
    texts = [model_of(size).generated_source for size in (1_000, 100_000)]
    lengths = [len("".join(character for character in text if not character.isdigit())) for text in texts]
    assert lengths[0] == lengths[1]


@pytest.mark.parametrize(
    ("declaration", "prior", "count"),
    [
        ("vector<lower=0>[100000] p;", "p ~ exponential(1);", 100_000),
        ("ordered[100000] p;", "p ~ normal(0, 1);", 100_000),
        ("sum_to_zero_vector[100000] p;", "p ~ normal(0, 1);", 99_999),
        ("array[1000] simplex[50] p;", "for (i in 1:1000) p[i] ~ dirichlet(rep_vector(2, 50));", 49_000),
    ],
)
def test_many_parameters(declaration: str, prior: str, count: int) -> None:
    """At zero everything is known: each term is the same number again and again."""
    model = pplc.compile_model(f"parameters {{ {declaration} }} model {{ {prior} }}", {})
    value, gradient = model.logp_dlogp(np.zeros(count))
    assert gradient.shape == (count,)
    assert np.isfinite(gradient).all()
    match declaration.split("[")[0]:
        case "vector<lower=0>":
            assert value == pytest.approx(-count)
        case "ordered":
            p = np.arange(count)
            assert value == pytest.approx(-0.5 * (p @ p) - 0.5 * count * np.log(2 * np.pi))
        case "sum_to_zero_vector":
            assert value == pytest.approx(-0.5 * (count + 1) * np.log(2 * np.pi))
        case _:
            of_one = special.gammaln(100) + 50 * np.log(1 / 50) + 50 * np.log(1 / 50) + 0.5 * np.log(50)
            assert value == pytest.approx(1000 * of_one)


def test_a_recurrence_of_a_hundred_thousand_steps() -> None:
    text = """
        parameters { vector[100000] e; }
        model { real h = 0; for (i in 1:100000) { h = 0.5 * h + e[i]; target += h * h; } }"""
    value, gradient = pplc.compile_model(text, {}).logp_dlogp(np.ones(100_000))
    h = 2 - 0.5 ** np.arange(100_000)  # the geometric series
    assert value == pytest.approx(h @ h)
    assert gradient[-1] == pytest.approx(2 * h[-1])
    assert gradient[50_000] == pytest.approx(8.0)
