"""Recurrences inside independent loops, step by step and as generated code: Stan's density both ways."""

# ruff: noqa: E501  (program texts read better on one line)
from __future__ import annotations

import pytest
from pplc.compiler.codegen.loop_op import GeneratedLoop
from pplc.compiler.lower import in_turn
from pytensor.graph.traversal import toposort

import pplc

from .against_stan import assert_agrees
from .programs import DATA, program

PROGRAMS = {
    "as many steps": program("real b;", "for (i in 1:N) { real s = b; for (k in 1:K) s = tanh(s * w[k] + y[i]); target += -square(s - b); }"),
    "ragged": program("real b;", "for (i in 1:N) { real s = b; for (k in 1:n[i]) s = sin(s + y[i] * k); target += -square(s); }"),
    "bounds that differ": program("real b;", "for (i in 1:N) { real s = b; for (k in n[i]:g[i]) s = sin(s + y[k + 1]) * k; target += -square(s); }"),
    "branch inside": program("real b;", "for (i in 1:N) { real s = b; for (k in 1:K) { if (k > n[i]) s += b; else s *= y[i] * b; } target += -square(s); }"),
    "inside a branch": program("real b;", "for (i in 1:N) { real s = b; if (n[i] > 0) { for (k in 1:n[i]) s = cos(s) * y[i]; target += s; } target += -square(s); }"),
    "leaves a step": program("real b;", "for (i in 1:N) { real s = b; for (k in 1:K) { if (k == g[i]) continue; s = cos(s * k); } target += -square(s + b); }"),
    "vector": program("vector[K] a; matrix[K, K] m;", "for (i in 1:N) { vector[K] s = a; for (k in 1:n[i]) { vector[K] t; for (j in 1:K) t[j] = log_sum_exp(s + m[, j]) + y[i]; s = t; } target += -dot_self(s); }"),
    "parts of a vector": program("vector[K] a;", "for (i in 1:N) { vector[K] s; s[1] = a[1]; for (k in 2:K) s[k] = s[k - 1] * a[k] + y[i]; target += -dot_self(s); }"),
    "element chosen by data": program("vector[K] a;", "for (i in 1:N) { vector[K] s = a; for (k in 1:K) { int j = (k + n[i]) % K + 1; s[j] += sin(s[k]) * y[i]; } target += -dot_self(s); }"),
    "matrix from outside": program("vector[K] a;", "matrix[N, K + 1] s; for (i in 1:N) { s[i, 1] = y[i]; for (k in 1:K) s[i, k + 1] = sin(s[i, k] * a[k]); } target += -sum(square(s));"),
    "rows from outside": program("vector[K] a;", "matrix[N, K] s = rep_matrix(a', N); for (i in 1:N) for (k in 1:n[i]) s[i] = s[i] * 0.5 + cos(s[i]) * y[i]; target += -sum(square(s));"),
    "function": program("real b;", "for (i in 1:N) target += f(g[i], b * y[i]);", functions="real f(int n, real b) { real s = b; for (k in 1:n) { s = log_sum_exp(s, b - k); } if (n == 2) return s; return 2 * s; }"),
    "function of a function": program("real b;", "for (i in 1:N) target += h(g[i], b * y[i]);", functions="real f(int n, real b) { real s = b; for (k in 1:n) s = log_sum_exp(s, b - k); return s; } real h(int n, real b) { real e = exp(f(n, b)); return n == 2 ? log(e + 1) : -e; }"),
    "nested": program("real b;", "for (i in 1:N) { real s = b; for (k in 1:K) { for (j in k:n[i]) s = cos(s * y[j]); s += b; } target += -square(s); }"),
    "densities inside": program("real b; real<lower=0> t;", "for (i in 1:N) { real s = b; for (k in 1:g[i]) { y[k] ~ normal(s, t); s = s * 0.5 + b; target += normal_lpdf(s | 0, k); } }"),
    "the last step's value": program("real b;", "real z = 0; for (i in 1:N) { real s = b; for (k in 1:g[i]) { s = cos(s); z = s; } target += -square(s); } target += z;"),
    "integers": program("vector[K] a;", "for (i in 1:N) { int j = g[i]; real s = 0; for (k in 1:K) { s = s * 0.5 + a[j]; j = j % K + 1; } target += -square(s); }"),
}  # fmt: skip


@pytest.mark.parametrize("off", ["", "in_turn"])
@pytest.mark.parametrize("name", PROGRAMS)
def test_agrees_with_stan(name: str, off: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PPLC_REWRITES_OFF", off)
    monkeypatch.setattr(in_turn, "FEWEST_LANES", 2)
    assert_agrees(PROGRAMS[name], DATA, tolerance=1e-11)


@pytest.mark.parametrize("name", [name for name in PROGRAMS if name != "the last step's value"])
def test_needs_no_generated_code(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(in_turn, "FEWEST_LANES", 2)
    assert not _is_generated(name)


def test_few_lanes_and_many_steps_are_generated_code(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _is_generated("as many steps")
    monkeypatch.setattr(in_turn, "FEWEST_LANES", 2)
    monkeypatch.setattr(in_turn, "MOST_NODES", 20)
    assert _is_generated("as many steps")


def _is_generated(name: str) -> bool:
    density = pplc.compile_model(PROGRAMS[name], DATA).lowered.log_density()
    return any(isinstance(node.op, GeneratedLoop) for node in toposort([density]))
