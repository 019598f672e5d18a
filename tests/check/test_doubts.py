"""Programs that run and are not meant: parameters that nothing holds, that leave a range, that lack a derivative."""

from __future__ import annotations

import pytest
from pplc.compiler.frontend import read_program
from pplc.grammar.source import Source


def doubts(parameters: str, model: str, transformed: str = "") -> list[str]:
    text = (
        "data { int N; int K; vector[N] y; array[N] int n; real top; }\n"
        f"parameters {{ {parameters} }}\ntransformed parameters {{ {transformed} }}\nmodel {{ {model} }}\n"
    )
    program, found = read_program(Source("model.ppl", text))
    assert program is not None, found
    return [f"{d.code}: {d.help}" for d in found]


def needs(parameters: str, model: str) -> list[str]:
    return [text.split("declare it ")[1].split(", so that")[0] for text in doubts(parameters, model)]


@pytest.mark.parametrize(
    ("parameters", "model", "declared"),
    [
        ("real s;", "y ~ normal(0, s);", "with `<lower=0>`"),
        ("vector<upper=1>[N] s;", "y ~ normal(0, s);", "with `<lower=0>`"),
        ("real<offset=1> s;", "y ~ normal(0, s);", "with `<lower=0>`"),
        ("array[K] real s;", "for (k in 1:K) target += gamma_lpdf(s[k] | 1, 2);", "with `<lower=0>`"),
        ("real<lower=0> p;", "n ~ bernoulli(p);", "with `<upper=1>`"),
        ("real p;", "p ~ uniform(-1, top);", "with `<lower=-1, upper=top>`"),
        ("real p;", "p ~ normal(0, 1) T[0, ];", "with `<lower=0>`"),
        ("vector[K] p;", "p ~ dirichlet(rep_vector(1, K));", "as `simplex`"),
        ("matrix[N, N] S;", "y ~ multi_normal(rep_vector(0, N), S);", "as `cov_matrix`"),
    ],
)
def test_bounds_that_are_missing(parameters, model, declared):
    assert needs(parameters, model) == [declared]


@pytest.mark.parametrize(
    "model", ["if (K > 1) s ~ gamma(1, 2);", "target += K > 1 ? gamma_lpdf(s | 1, 2) : -square(s);"]
)
def test_a_branch_may_not_be_taken(model):
    assert doubts("real s;", model) == []


@pytest.mark.parametrize(
    ("parameters", "model"),
    [
        ("real<lower=0> s;", "y ~ normal(0, s);"),
        ("real s;", "y ~ normal(0, exp(s));"),
        ("vector[2] b;", "b[1] ~ uniform(0, 1); b[2] ~ uniform(-1, 0);"),
        ("real a; real b;", "a ~ std_normal(); b ~ uniform(a, a + 1);"),
        ("simplex[K] p;", "p ~ dirichlet(rep_vector(1, K));"),
        ("positive_ordered[K] p;", "p ~ gamma(1, 1);"),
        ("cholesky_factor_cov[N] L;", "y ~ multi_normal_cholesky(rep_vector(0, N), L);"),
        ("real<lower=0> s;", "s ~ normal(0, 1) T[0, ];"),
        ("real m;", "y ~ normal(m, 1);"),
    ],
)
def test_declarations_that_fit(parameters, model):
    assert doubts(parameters, model) == []


@pytest.mark.parametrize(
    ("parameters", "model", "transformed", "unused"),
    [
        ("real a; real b;", "a ~ std_normal();", "", 1),
        ("real a; real b;", "a ~ std_normal();", "real c = b;", 1),
        ("real a; real b;", "a ~ normal(c, 1);", "real d = b; real c = d;", 0),
        ("real a; real b;", "a ~ std_normal();", "if (b > 1) reject(b);", 0),
        ("real a; real<lower=a> b;", "b ~ std_normal();", "", 0),
        ("real a; real<lower=0, upper=1> b; simplex[K] s;", "a ~ std_normal();", "", 0),
        ("real a; real<lower=0> b;", "a ~ std_normal();", "", 1),
        ("real a;", "", "", 0),
    ],
)
def test_parameters_that_are_not_used(parameters, model, transformed, unused):
    assert len(doubts(parameters, model, transformed)) == unused


@pytest.mark.parametrize(
    ("model", "transformed", "help"),
    [
        ("log(s) ~ normal(0, 1);", "", "`s ~ lognormal(...)`, or add the derivative, `target += -log(s);`"),
        ("ls ~ normal(0, 1);", "real ls = log(s);", "`s ~ lognormal(...)`"),
        ("ls ~ normal(0, 1);", "real ls; ls = log(s);", "`s ~ lognormal(...)`"),
        ("inv(s) ~ gamma(1, 1);", "", "`target += -2 * log(abs(s));`"),
        ("log(s) ~ normal(0, 1); target += -log(s);", "", None),
        ("ls ~ normal(0, 1);", "real ls = log(s); jacobian += -ls;", None),
        ("log(s) ~ normal(0, 1); s ~ gamma(1, 1);", "", None),
        ("2 * s ~ normal(0, 1);", "", None),
        ("ls ~ normal(0, 1);", "real ls = log(s); ls += 1;", None),
    ],
)
def test_derivatives_that_are_missing(model, transformed, help):
    found = doubts("real<lower=0> s;", model, transformed)
    assert [text for text in found if help is None or help not in text] == []
    assert len(found) == (help is not None)


@pytest.mark.parametrize(
    ("quotient", "whole"),
    [
        ("N * (N - 1) / 2", True),
        ("((N+1) * (N)) / 2", True),
        ("(n[1] - 1) * n[1] / 2", True),
        ("N * (K - 1) / 2", False),
        ("N * (N - 1) / 3", False),
        ("N * (N + 2) / 2", False),
        ("N / 2", False),
    ],
)
def test_quotients_that_may_drop_a_fraction(quotient, whole):
    found = doubts("real x;", f"x ~ normal({quotient}, 1);")
    assert [text.split(":")[0] for text in found] == [] if whole else ["integer-division"]
