"""Loops that run in order, with and without what is taken out of them: the same density as Stan's both ways."""

# ruff: noqa: E501  (program texts read better on one line)
from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from pplc.compiler.lower import generated

import pplc

from .against_stan import assert_agrees
from .programs import DATA, program

PROGRAMS = {
    # data parts
    "counts before": program("real b;", "vector[N] c; c[1] = 0; for (i in 2:N) { c[i] = c[i - 1] + n[i]; target += -square(b * c[i] - y[i]); }"),
    "overwritten number": program("real b;", "real c = 0; for (i in 1:N) { c = c * 0.5 + y[i]; target += -square(b - c); c += 1; } target += b * c;"),
    "read before and after": program("real b;", "real c = 1; for (i in 1:N) { target += b * c; c = -c * y[i]; target += -square(b) * square(c); }"),
    "inner loop": program("vector[K] b;", "matrix[N, K] c; for (i in 1:N) { c[i, 1] = 0; for (k in 2:K) c[i, k] = c[i, k - 1] + n[i]; for (k in 1:K) target += -square(b[k] * c[i, k] - y[i]); }"),
    "ragged": program("real b;", "real c = 0; for (i in 1:N) for (j in 2:n[i]) { c = c * 0.5 + y[j]; target += -square(b - c); }"),
    "branch": program("real b;", "real c = 0; for (i in 1:N) { if (c > 0.5) { c -= 1; target += -square(b - i); } else { c += n[i] * 0.4; target += -b * c; } } target += -b^4;"),
    "guarded look": program("real b;", "vector[N] c; for (i in 1:N) { c[i] = i > 1 ? c[i - 1] + y[i] : 0; target += -square(b * (i > 1 ? c[i - 1] : b) - 1); }"),
    "vector": program("vector[K] b;", "vector[K] c = w; for (i in 1:N) { c = c * 0.5 + w * y[i]; target += -dot_self(b - c); }"),
    "mixed with a recurrence": program("real b;", "real c = 0; real s = b; for (i in 1:N) { c += y[i]; s = tanh(s + c * b); target += -square(s - c); }"),
    "index from data": program("vector[N] b;", "int k = 1; for (i in 1:N) { k = 1 + (k + n[i]) % N; target += -square(b[k] - y[i]); }"),
    "index from parameters": program("vector[N] b;", "int k = 1; vector[N] c; c[1] = 0; for (i in 2:N) { c[i] = c[i - 1] + y[i]; k = b[i] > 0 ? 1 : i; target += -square(b[i] - c[k]); }"),
    "looked at where parameters decide": program("vector[K] a; real b;", "vector[K] v = rep_vector(0, K); int c = 1; for (i in 1:N) { c = 1 + (c + n[i]) % K; real e = y[i] - v[c]; if (e >= b) v[c] += inv_logit(a[1]) * e; else v[c] += inv_logit(a[2]) * e; target += -square(v[c] - b); }"),
    "known where parameters decide": program("vector[K] a;", "real s = 0.2; for (i in 1:N) { if (s > a[1]) { int c = 1 + n[i] % K; s += a[c] * 0.3; } else s -= 0.5; s = tanh(s + a[2] * y[i]); target += -square(s); }"),
    # beforehand
    "hidden states": program("vector[K] m; matrix<lower=0>[K, K] p;", "matrix[N, K] h; array[K] real acc; for (k in 1:K) h[1, k] = normal_lpdf(y[1] | m[k], 1); for (i in 2:N) for (k in 1:K) { for (j in 1:K) acc[j] = h[i - 1, j] + log(p[j, k] + 1) + normal_lpdf(y[i] | m[k], 1); h[i, k] = log_sum_exp(acc); } target += log_sum_exp(h[N]); to_vector(p) ~ exponential(1);"),
    "shifted counters": program("vector[N] a;", "real s = 0; for (i in 3:N) { for (k in 0:2) s = sin(s + exp(a[i - k]) * log1p(k)); } target += s;"),
    "row of a product": program("vector[2] b;", "vector[N] s; s[1] = 0; for (i in 2:N) s[i] = tanh(s[i - 1] + x[i] * b); target += -dot_self(s - y);"),
    "guarded": program("vector[K] a;", "real s = 0; for (i in 1:N) s = tanh(s + (n[i] > 0 ? log(square(a[n[i]])) : 0.1)); target += s;"),
    "user function": program("vector[K] a;", "real s = 0; for (i in 1:N) s = cos(s + f(a[g[i]], y[i])); target += s;", functions="real f(real u, real v) { real r = exp(u); for (k in 1:3) r = sin(r * v); return r; }"),
    "in a loop of differing length": program("vector[N] a;", "real s = 0; for (i in 1:N) for (k in 1:n[i]) s = sin(s + exp(a[i] * y[k]) + log1p(k) + square(expm1(a[i]))); target += s;"),
    "in a triangle": program("vector[N] a;", "real s = 0; for (i in 1:N) for (k in i:N) s = sin(s + exp(a[i] * y[k]) + tanh(a[k])); target += s;"),
    "under a known condition": program("vector[N] a;", "real s = 0; for (i in 1:N) { real u; if (y[i] > 0.2) u = pow(y[i], a[i]); else if (n[i] > 1) u = -exp(a[i] * log(n[i] - 1)); else u = 1; s = tanh(s * a[1] + u); } target += s;"),
    "under conditions in loops of differing length": program("vector<lower=0>[N] a;", "real s = 0; for (i in 1:N) { if (n[i] > 1) for (k in 2:n[i]) { if (y[k] > 0) s = sin(s + log(a[n[i] - 1] * y[k])); else s += exp(a[k]); s *= inv_logit(a[i]); } } target += s;"),
    "where a loop is empty throughout": program("vector[N] a;", "real s = 0; for (i in 1:N) { s = cos(s + a[i]); for (k in n[i]:0) s += exp(a[N + k]); } target += s;"),
    # afterwards
    "errors of a moving average": program("real m; real t; real<lower=0> s;", "real e = 0; for (i in 1:N) { real nu = m + t * e; e = y[i] - nu; y[i] ~ normal(nu, s); } s ~ exponential(1);"),
    "state after the loop": program("real a; real b;", "real s = a; for (i in 1:N) { s = tanh(s * b + y[i]); target += normal_lpdf(y[i] | s, exp(s)); s += b; } target += -square(s);"),
    "array looked at whole": program("vector[K] a;", "array[K] real t = rep_array(0.1, K); for (i in 1:N) { for (k in 1:K) t[k] = tanh(t[k] * a[k] + y[i]); target += log_sum_exp(t); }"),
    "declared inside": program("real a;", "real s = a; for (i in 1:N) { vector[2] v = [s, a]'; s = sin(v[1] + v[2] * y[i]); target += log_sum_exp(v) + normal_lpdf(s | 0, 1); }"),
    "learning": program("vector[N] a; real b;", "for (i in 1:N) { vector[K] v = rep_vector(0, K); array[2] vector[K] u; u[1] = v; for (k in 1:n[i]) { u[2] = v * a[i]; g[k] ~ categorical_logit(v * b); target += log_sum_exp(u[2]) + dot_self(softmax(u[1])); v[1 + n[k] % K] += a[i] * (y[k] - v[1 + n[k] % K]); u[1] = sin(v); } }"),
    "sizes that differ": program("real b;", "for (i in 1:N) { vector[n[i]] v = rep_vector(b, n[i]); for (k in 1:n[i]) { v[k] = sin(v[1] + b); target += log_sum_exp(v); } }"),
    "truncated by parameters": program("real<lower=-3, upper=3> a;", "real s = a; for (i in 1:N) { s = tanh(s + y[i]); if (i > 1) target += -square(s); y[i] ~ normal(s, 1) T[a - 4, ]; s += 0.1; }"),
    "under a branch": program("real a;", "real s = a; for (i in 1:N) { s = sin(s + y[i]); if (y[i] > 0) y[i] ~ normal(s, 1); }"),
}  # fmt: skip


@pytest.mark.parametrize("off", ["", "data_part,beforehand,afterwards"])
@pytest.mark.parametrize("name", PROGRAMS)
def test_agrees_with_stan(name: str, off: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PPLC_REWRITES_OFF", off)
    assert_agrees(PROGRAMS[name], DATA)


@pytest.mark.parametrize("name", ["counts before", "inner loop", "ragged", "overwritten number", "index from data"])
def test_loops_over_known_recurrences_need_no_generated_code(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generated, "_as_operation", None)
    model = pplc.compile_model(PROGRAMS[name], DATA)
    assert np.isfinite(model.logp_dlogp(np.full(model.n_unconstrained, 0.1))[0])


def test_densities_taken_out_of_a_loop_have_pointwise_terms() -> None:
    model = pplc.compile_model(PROGRAMS["errors of a moving average"], DATA)
    assert "y" in {draw.variable.name for draw in model.lowered.draws if draw.variable is not None}


def test_a_forward_pass_is_run_once_where_data_decide_what_runs() -> None:
    from pytensor.graph.traversal import ancestors

    for name, once in (("hidden states", True), ("row of a product", True), ("index from parameters", False)):
        model = pplc.compile_model(PROGRAMS[name], DATA)
        graph = ancestors([model.lowered.log_density()])
        kept = [v.owner.op.code.kept for v in graph if v.owner is not None and hasattr(v.owner.op, "code")]
        assert [passes is not None for passes in kept] == [once] * len(kept)
        assert kept


def test_new_data_of_the_same_shape_need_no_compilation(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PPLC_CACHE_DIR", str(tmp_path))
    other = DATA | {"y": [-value for value in DATA["y"]], "w": [0.4, 1.2, 0.9]}
    names = ("hidden states", "vector")
    for name in names:
        pplc.compile_model(PROGRAMS[name], DATA).logp_dlogp_address  # noqa: B018
    monkeypatch.setattr("pplc.compiler.backend.program.assemble", None)
    for name in names:
        assert_agrees(PROGRAMS[name], other)


def test_densities_of_a_tuple_that_is_declared_inside_stay_in_the_loop() -> None:
    """It is no array with one element per iteration."""
    loop = "real s = 0; for (i in 1:N) {{ {} s = 0.5 * s + u; target += normal_lpdf(u | 0, v); }}"
    apart = program("real a;", loop.format("real u = sin(s + a); real v = exp(y[i]);"))
    joined = program("real a;", loop.format("tuple(real, real) t = (sin(s + a), exp(y[i]));"))
    joined = joined.replace("s + u;", "s + t.1;").replace("(u | 0, v)", "(t.1 | 0, t.2)")
    value, gradient = pplc.compile_model(joined, DATA).logp_dlogp(np.array([0.3]))
    expected, slope = pplc.compile_model(apart, DATA).logp_dlogp(np.array([0.3]))
    assert value == pytest.approx(expected, rel=1e-14)
    np.testing.assert_allclose(gradient, slope, rtol=1e-13)
