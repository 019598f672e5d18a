"""Vectors whose lengths differ between iterations, by element and once per length: Stan's density both ways."""

# ruff: noqa: E501  (program texts read better on one line)
from __future__ import annotations

import numpy as np
import pytest
from pplc.compiler.lower import ragged, ragged_elements

import pplc

from .against_stan import assert_agrees

LENGTHS = np.array([3, 1, 4, 0, 2, 3])
ENDS = np.cumsum(LENGTHS)
TOTAL = int(ENDS[-1])
_random = np.random.default_rng(3)
DATA = {
    "N": len(LENGTHS), "M": TOTAL, "n": LENGTHS, "s": ENDS - LENGTHS + 1, "e": ENDS, "order": _random.permutation(TOTAL) + 1,
    "y": _random.normal(size=TOTAL), "x": _random.normal(size=TOTAL), "w": _random.lognormal(size=TOTAL), "X": _random.normal(size=(TOTAL, 2)),
    "k": _random.integers(0, 5, size=TOTAL), "A": _random.normal(size=(len(LENGTHS), 4)),
}  # fmt: skip
HEAD = """
functions {
  real score_lpdf(vector v, real m, real t) { return normal_lpdf(v | m, t) + sum(v) * t; }
  real half(vector v) { return 0.5 * sum(v); }
  real halves(vector v, real m) {
    int n = num_elements(v); vector[n] h; real u = 0;
    if (n == 0) return m;
    for (j in 1:n) { h[j] = v[j] * m; u += h[j]; }
    return normal_lpdf(h | m, 2) + u + size(h);
  }
  vector line(vector v, real b) { return b * v; }
  vector twice(vector v, real b) { return line(line(v, b) + b, 2) .* v; }
  vector again(vector v, int k) { return k == 0 ? v : again(2 * v, k - 1); }
}
data {
  int N; int M; array[N] int n; array[N] int s; array[N] int e; array[M] int order;
  vector[M] y; vector[M] x; vector<lower=0>[M] w; matrix[M, 2] X; array[M] int k; array[N, 4] real A;
}
"""


def program(model: str) -> str:
    parameters = "vector[N] a; vector[N] b; array[N] vector[2] B; vector[M] z; real<lower=0> t; ordered[4] c;"
    prior = "a ~ normal(0, 1); b ~ normal(0, 1); z ~ normal(0, 1); t ~ exponential(1); c ~ normal(0, 1); for (i in 1:N) B[i] ~ normal(0, 1);"
    return f"{HEAD} parameters {{ {parameters} }} model {{ {prior} {model} }}"


PROGRAMS = {
    "slices": "for (i in 1:N) y[s[i]:e[i]] ~ normal(a[i] + b[i] * x[s[i]:e[i]], t);",
    "of parameters": "for (i in 1:N) z[s[i]:e[i]] ~ normal(a[i], exp(b[i]));",
    "of an array's rows": "for (i in 1:N) A[i, 1:n[i]] ~ normal(a[i], t);",
    "to the end": "for (i in 1:N) A[i, (n[i] + 1):] ~ normal(a[i], t);",
    "truncated": "for (i in 1:N) w[s[i]:e[i]] ~ logistic(a[i], t) T[0, ];",
    "segment and head": "for (i in 1:N) segment(y, s[i], n[i]) ~ normal(head(x, n[i]) * a[i], t);",
    "a position that moves": "int p = 1; for (i in 1:N) { segment(y, p, n[i]) ~ student_t(4, a[i], t); p += n[i]; }",
    "listed": "for (i in 1:N) y[order[s[i]:e[i]]] ~ normal(a[i] * z[order[s[i]:e[i]]], t);",
    "rows of a matrix": "for (i in 1:N) y[s[i]:e[i]] ~ normal(X[s[i]:e[i]] * B[i] + a[i], t);",
    "rows and columns": "for (i in 1:N) y[s[i]:e[i]] ~ normal(X[s[i]:e[i], 1:2] * B[i] + X[s[i]:e[i], 2], t);",
    "functions": "for (i in 1:N) y[s[i]:e[i]] ~ normal(-exp(-square(z[s[i]:e[i]]) / (1 + t)) .* x[s[i]:e[i]] + log1p_exp(a[i]), rep_vector(t, n[i]));",
    "conditional": "for (i in 1:N) y[s[i]:e[i]] ~ normal(n[i] > 2 ? z[s[i]:e[i]] : -z[s[i]:e[i]], t);",
    "in a branch": "for (i in 1:N) { if (n[i] > 1) y[s[i]:e[i]] ~ normal(a[i], t); else y[s[i]:e[i]] ~ normal(b[i], 2 * t); }",
    "nested": "for (j in 1:2) for (i in 1:N) y[s[i]:e[i]] ~ normal(a[i] * j, t);",
    "density": "for (i in 1:N) target += normal_lpdf(y[s[i]:e[i]] | a[i], t);",
    "vector added": "for (i in 1:N) target += -square(z[s[i]:e[i]] - a[i]);",
    "mixture": "for (i in 1:N) target += log_mix(inv_logit(a[i]), normal_lpdf(y[s[i]:e[i]] | b[i], t), normal_lpdf(y[s[i]:e[i]] | -b[i], 1));",
    "densities kept": "vector[N] l; for (i in 1:N) l[i] = normal_lpdf(y[s[i]:e[i]] | a[i], t) - 1; target += log_sum_exp(l);",
    "sums": "for (i in 1:N) target += -square(sum(z[s[i]:e[i]]) - dot_product(z[s[i]:e[i]], x[s[i]:e[i]]) * dot_self(z[s[i]:e[i]]));",
    "sum of integers": "for (i in 1:N) { int q = sum(k[s[i]:e[i]]); target += -square(a[i] * q); }",
    "position from a sum": "for (i in 1:N) { int p = sum(n[1:(i - 1)]) + 1; segment(y, p, n[i]) ~ normal(a[i], t); }",
    "parts assigned": "vector[M] m; for (i in 1:N) m[s[i]:e[i]] = a[i] + b[i] * x[s[i]:e[i]]; y ~ normal(m, t);",
    "parts added to": "vector[M] m = z; for (i in 1:N) m[s[i]:e[i]] += a[i] + b[i] * x[s[i]:e[i]]; y ~ normal(m, t);",
    "added to the same": "vector[4] m = rep_vector(0, 4); for (i in 1:N) m[1:n[i]] += z[s[i]:e[i]] * b[i]; m ~ normal(0, t);",
    "shifted": "vector[M + 1] m = rep_vector(0.5, M + 1); for (i in 1:N) { m[s[i]:e[i]] = z[s[i]:e[i]]; m[s[i] + 1:e[i] + 1] = m[s[i]:e[i]]; } m ~ normal(a[1], t);",
    "local": "for (i in 1:N) { vector[n[i]] m = a[i] + b[i] * x[s[i]:e[i]]; y[s[i]:e[i]] ~ normal(m, t); }",
    "local, set later": "for (i in 1:N) { row_vector[n[i]] m; m = a[i] + b[i] * x[s[i]:e[i]]'; m = 2 * m; y[s[i]:e[i]] ~ normal(m, t); }",
    "local, by element": "for (i in 1:N) { vector[n[i]] m; for (j in 1:n[i]) m[j] = a[i] + b[i] * x[s[i] + j - 1]; y[s[i]:e[i]] ~ normal(m, t); target += sum(m); }",
    "local, added to": "for (i in 1:N) { vector[n[i]] m = rep_vector(0, n[i]); for (j in 1:n[i]) for (h in 1:2) m[j] += B[i, h] * X[s[i] + j - 1, h]; target += -dot_self(m); }",
    "local, shifted": "for (i in 1:N) { vector[n[i]] m = z[s[i]:e[i]]; m[2:n[i]] = m[1:n[i] - 1]; target += -dot_self(m - a[i]); }",
    "local, in part": "for (i in 1:N) { vector[n[i]] m = z[s[i]:e[i]]; if (n[i] > 1) { m[1] = a[i]; m[2:] ~ normal(m[1], t); } }",
    "local, recurrence": "for (i in 1:N) { vector[n[i]] m; if (n[i] > 0) m[1] = a[i]; for (j in 2:n[i]) m[j] = sin(m[j - 1]) + x[s[i] + j - 1]; target += -dot_self(m); }",
    "local, size": "for (i in 1:N) { vector[n[i]] m = z[s[i]:e[i]]; for (j in 1:size(m)) target += -square(m[j] * a[i]); }",
    "local, of a local": "for (i in 1:N) { vector[n[i]] m = z[s[i]:e[i]] * a[i]; vector[n[i]] q = exp(m) + m; target += -dot_self(q); }",
    "local, no element by element": "for (i in 1:N) { vector[n[i]] m = z[s[i]:e[i]]; target += log_sum_exp(append_row(m, a[i])); }",
    "user's density": "for (i in 1:N) y[s[i]:e[i]] ~ score(a[i], t);",
    "user's function of lengths": "for (i in 1:N) target += halves(z[s[i]:e[i]], a[i]);",
    "user's functions": "for (i in 1:N) { target += half(z[s[i]:e[i]]) * a[i]; y[s[i]:e[i]] ~ normal(line(x[s[i]:e[i]], b[i]), t); }",
    "user's functions of functions": "for (i in 1:N) y[s[i]:e[i]] ~ normal(twice(x[s[i]:e[i]], b[i]) + line(z[s[i]:e[i]], t), t);",
    "a function that calls itself": "for (i in 1:N) y[s[i]:e[i]] ~ normal(again(x[s[i]:e[i]], 2) * a[i], t);",
    "matrices": "for (i in 1:N) if (n[i] > 0) y[s[i]:e[i]] ~ multi_normal(rep_vector(a[i], n[i]), add_diag(rep_matrix(0.1, n[i], n[i]), t));",
}  # fmt: skip

# What stanli does not compile, and the same without it.
SPELT_OUT = {
    "integers": ("k[s[i]:e[i]] ~ poisson_log(a[i] + b[i] * x[s[i]:e[i]]);", "for (j in s[i]:e[i]) k[j] ~ poisson_log(a[i] + b[i] * x[j]);"),
    "a vector for every outcome": ("array[n[i]] int g = rep_array(2, n[i]); g ~ ordered_logistic(z[s[i]:e[i]], c[1:3]);", "for (j in s[i]:e[i]) 2 ~ ordered_logistic(z[j], c[1:3]);"),
    "local integers": ("array[n[i]] int g = k[s[i]:e[i]]; target += a[i] * sum(g); g ~ poisson(t);", "for (j in s[i]:e[i]) { target += a[i] * k[j]; k[j] ~ poisson(t); }"),
    "sum of no integers": ("target += a[i] * sum(k[s[i]:e[i]]);", "for (j in s[i]:e[i]) target += a[i] * k[j];"),
}  # fmt: skip


@pytest.mark.parametrize("off", ["", "ragged"])
@pytest.mark.parametrize("name", PROGRAMS)
def test_agrees_with_stan(name: str, off: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PPLC_REWRITES_OFF", off)
    assert_agrees(program(PROGRAMS[name]), DATA, tolerance=1e-11)


@pytest.mark.parametrize("name", SPELT_OUT)
def test_agrees_with_a_loop(name: str) -> None:
    model, same = (pplc.compile_model(program(f"for (i in 1:N) {{ {text} }}"), DATA) for text in SPELT_OUT[name])
    position = np.random.default_rng(4).uniform(-1, 1, model.n_unconstrained)
    (value, gradient), (other, expected) = model.logp_dlogp(position), same.logp_dlogp(position)
    assert value == pytest.approx(other, rel=1e-12)
    assert gradient == pytest.approx(expected, rel=1e-12, abs=1e-12)


_PER_LENGTH = {"shifted", "local, shifted", "local, no element by element", "a function that calls itself", "matrices"}


@pytest.mark.parametrize("name", [name for name in PROGRAMS if name not in _PER_LENGTH])
def test_is_lowered_once(name: str) -> None:
    statements = 6 + PROGRAMS[name].count("~") + PROGRAMS[name].count("target +=")
    assert _terms(PROGRAMS[name]) <= 2 + statements  # the Jacobians of two parameters


def test_few_lengths_with_many_elements_are_lowered_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    once = _terms(PROGRAMS["slices"])
    monkeypatch.setattr(ragged, "LONG", 2)
    assert _terms(PROGRAMS["slices"]) == once + 4
    monkeypatch.setattr(ragged, "MOST_NODES", 20)
    assert _terms(PROGRAMS["slices"]) == once


def test_long_products_are_lowered_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ragged_elements, "MOST_PAIRS", 20)
    assert _terms(PROGRAMS["rows of a matrix"]) == _terms(PROGRAMS["slices"]) + 4


def _terms(text: str) -> int:
    return len(pplc.compile_model(program(text), DATA).lowered.terms)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("y[s[i]:e[i]] ~ normal(x[s[i]:M], t);", "about 0 values of outcome and 5 of mu"),
        ("y[s[i]:e[i] + 1] ~ normal(a[i], t);", "this is 14 when i = 6; allowed is 1 to 13"),
        ("vector[n[i]] m = z[s[i]:M]; m ~ normal(0, t);", "m"),
        ("vector[n[i]] m = z[s[i]:e[i]]; m[4] ~ normal(0, t);", "this is 4 when i = 4; allowed is nothing"),
        ("vector[n[i] - 1] m; target += sum(m);", "-1"),
    ],
)  # fmt: skip
def test_a_mistake_is_described_as_in_a_loop_over_equal_lengths(text: str, said: str) -> None:
    with pytest.raises(pplc.ProgramError) as error:
        _ = pplc.compile_model(program(f"for (i in 1:N) {{ {text} }}"), DATA).lowered
    assert said in str(error.value)
