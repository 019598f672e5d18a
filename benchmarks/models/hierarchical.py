"""Models of groups and of persons."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.models.programs import program


@program(
    "hierarchical ordinal",
    """
data { int N; int J; int K; int D; array[N] int<lower=1, upper=J> g; matrix[N, D] X; array[N] int<lower=1, upper=K> y; }
parameters { vector[D] b; vector[J] z; real<lower=0> tau; ordered[K - 1] c; }
model {
  vector[N] eta = X * b + tau * z[g];
  b ~ normal(0, 1); z ~ std_normal(); tau ~ exponential(1); c ~ normal(0, 3);
  for (n in 1:N) y[n] ~ ordered_logistic(eta[n], c);
}
""",
)
def _(random: np.random.Generator) -> dict[str, Any]:
    return {"N": 2000, "J": 50, "K": 5, "D": 4, "g": random.integers(1, 51, 2000), "X": random.normal(size=(2000, 4)),
            "y": random.integers(1, 6, 2000)}  # fmt: skip


@program(
    "ordered_logistic, vectorised",
    """
data { int N; int K; vector[N] x; array[N] int<lower=1, upper=K> y; }
parameters { real b; ordered[K - 1] c; }
model { b ~ normal(0, 1); c ~ normal(0, 3); y ~ ordered_logistic(b * x, c); }
""",
)
def _(random: np.random.Generator) -> dict[str, Any]:
    return {"N": 1000, "K": 4, "x": random.normal(size=1000), "y": random.integers(1, 5, 1000)}


@program(
    "multi_normal_cholesky by group",
    """
data { int J; int K; array[J] vector[K] y; }
parameters { vector[K] mu; vector<lower=0>[K] tau; cholesky_factor_corr[K] L; array[J] vector[K] b; real<lower=0> s; }
model {
  mu ~ normal(0, 2); tau ~ exponential(1); L ~ lkj_corr_cholesky(2); s ~ exponential(1);
  for (j in 1:J) {
    b[j] ~ multi_normal_cholesky(mu, diag_pre_multiply(tau, L));
    y[j] ~ normal(b[j], s);
  }
}
""",
)
def _(random: np.random.Generator) -> dict[str, Any]:
    return {"J": 100, "K": 3, "y": random.normal(size=(100, 3))}


@program(
    "varying slopes",
    """
data { int N; int J; int K; array[N] int<lower=1, upper=J> g; matrix[N, K] X; vector[N] y; }
parameters { matrix[K, J] z; vector[K] mu; vector<lower=0>[K] tau; cholesky_factor_corr[K] L; real<lower=0> s; }
transformed parameters { matrix[J, K] b = rep_matrix(mu', J) + (diag_pre_multiply(tau, L) * z)'; }
model {
  to_vector(z) ~ std_normal(); mu ~ normal(0, 1); tau ~ exponential(1); L ~ lkj_corr_cholesky(2); s ~ exponential(1);
  y ~ normal(rows_dot_product(b[g], X), s);
}
""",
)
def _(random: np.random.Generator) -> dict[str, Any]:
    return {"N": 2000, "J": 100, "K": 5, "g": random.integers(1, 101, 2000), "X": random.normal(size=(2000, 5)),
            "y": random.normal(size=2000)}  # fmt: skip


@program(
    "varying slopes, in a loop",
    """
data { int N; int J; int K; array[N] int<lower=1, upper=J> g; matrix[N, K] X; array[N] int<lower=0, upper=1> y; }
parameters { matrix[K, J] z; vector[K] mu; vector<lower=0>[K] tau; cholesky_factor_corr[K] L; }
model {
  matrix[K, J] b = rep_matrix(mu, J) + diag_pre_multiply(tau, L) * z;
  to_vector(z) ~ std_normal(); mu ~ normal(0, 1); tau ~ exponential(1); L ~ lkj_corr_cholesky(2);
  for (n in 1:N) y[n] ~ bernoulli_logit(X[n] * b[, g[n]]);
}
""",
)
def _(random: np.random.Generator) -> dict[str, Any]:
    return {"N": 1000, "J": 40, "K": 4, "g": random.integers(1, 41, 1000), "X": random.normal(size=(1000, 4)),
            "y": random.integers(0, 2, 1000)}  # fmt: skip


@program(
    "mixture by log_mix",
    """
data { int N; vector[N] y; }
parameters { ordered[2] mu; vector<lower=0>[2] s; real<lower=0, upper=1> p; }
model {
  mu ~ normal(0, 2); s ~ normal(0, 2); p ~ beta(2, 2);
  for (n in 1:N) target += log_mix(p, normal_lpdf(y[n] | mu[1], s[1]), normal_lpdf(y[n] | mu[2], s[2]));
}
""",
)
def _(random: np.random.Generator) -> dict[str, Any]:
    return {"N": 1000, "y": random.normal(size=1000)}


@program(
    "item response 3PL",
    """
data { int I; int J; int N; array[N] int<lower=1, upper=I> item; array[N] int<lower=1, upper=J> person;
       array[N] int<lower=0, upper=1> y; }
parameters { vector[J] theta; vector[I] b; vector<lower=0>[I] a; vector<lower=0, upper=1>[I] c; }
model {
  theta ~ std_normal(); b ~ normal(0, 2); a ~ lognormal(0, 0.5); c ~ beta(5, 23);
  for (n in 1:N) {
    int i = item[n];
    y[n] ~ bernoulli(c[i] + (1 - c[i]) * inv_logit(a[i] * (theta[person[n]] - b[i])));
  }
}
""",
)
def _(random: np.random.Generator) -> dict[str, Any]:
    item, person = (part.ravel() + 1 for part in np.meshgrid(np.arange(20), np.arange(200)))
    return {"I": 20, "J": 200, "N": 4000, "item": item, "person": person, "y": random.integers(0, 2, 4000)}


@program(
    "Dirichlet-multinomial",
    """
data { int N; int K; array[N, K] int y; }
parameters { simplex[K] p; real<lower=0> kappa; }
model {
  vector[K] alpha = kappa * p;
  kappa ~ lognormal(2, 1);
  for (n in 1:N) y[n] ~ dirichlet_multinomial(alpha);
}
""",
)
def _(random: np.random.Generator) -> dict[str, Any]:
    return {"N": 200, "K": 8, "y": random.multinomial(30, np.ones(8) / 8, 200)}
