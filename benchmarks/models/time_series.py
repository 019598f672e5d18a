"""Models of what follows in time: states, volatility, survival and recapture."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.models.programs import Make, program


@program(
    "state space, arrays of vectors",
    """
data { int T; int K; array[T] vector[K] y; }
parameters { array[T] vector[K] x; matrix[K, K] A; vector<lower=0>[K] q; real<lower=0> r; }
model {
  x[1] ~ normal(0, 1);
  for (t in 2:T) x[t] ~ normal(A * x[t - 1], q);
  for (t in 1:T) y[t] ~ normal(x[t], r);
  to_vector(A) ~ normal(0, 0.5); q ~ exponential(1); r ~ exponential(1);
}
""",
)
def _(random: np.random.Generator) -> dict[str, Any]:
    return {"T": 200, "K": 3, "y": random.normal(size=(200, 3))}


@program(
    "local linear trend",
    """
data { int T; vector[T] y; }
parameters { vector[T] u; vector[T] w; real<lower=0> su; real<lower=0> sw; real<lower=0> s; }
model {
  vector[T] level; vector[T] slope;
  level[1] = u[1]; slope[1] = w[1];
  for (t in 2:T) { slope[t] = slope[t - 1] + sw * w[t]; level[t] = level[t - 1] + slope[t - 1] + su * u[t]; }
  u ~ std_normal(); w ~ std_normal(); su ~ exponential(1); sw ~ exponential(1); s ~ exponential(1);
  y ~ normal(level, s);
}
""",
)
def _(random: np.random.Generator) -> dict[str, Any]:
    return {"T": 300, "y": random.normal(size=300)}


@program(
    "Weibull survival with branches",
    """
data { int N; int D; matrix[N, D] X; vector<lower=0>[N] t; array[N] int<lower=0, upper=1> event; }
parameters { real a; vector[D] b; real<lower=0> k; }
model {
  a ~ normal(0, 2); b ~ normal(0, 1); k ~ gamma(2, 1);
  for (n in 1:N) {
    real sigma = exp(-(a + X[n] * b) / k);
    if (event[n] == 1) target += weibull_lpdf(t[n] | k, sigma);
    else target += weibull_lccdf(t[n] | k, sigma);
  }
}
""",
)
def _(random: np.random.Generator) -> dict[str, Any]:
    return {"N": 1000, "D": 5, "X": random.normal(size=(1000, 5)), "t": random.exponential(size=1000) + 0.01,
            "event": random.integers(0, 2, 1000)}  # fmt: skip


HMM = """
data { int T; int K; vector[T] y; }
parameters { array[K] simplex[K] G; ordered[K] mu; real<lower=0> s; }
model {
  array[K] real acc; array[K] real gamma;
  for (k in 1:K) gamma[k] = -log(K) + normal_lpdf(y[1] | mu[k], s);
  for (t in 2:T) {
    array[K] real new;
    for (k in 1:K) {
      for (j in 1:K) acc[j] = gamma[j] + log(G[j, k]) + normal_lpdf(y[t] | mu[k], s);
      new[k] = log_sum_exp(acc);
    }
    gamma = new;
  }
  target += log_sum_exp(gamma);
  mu ~ normal(0, 2); s ~ exponential(1);
}
"""


def series(states: int) -> Make:
    return lambda random: {"T": 300, "K": states, "y": random.normal(size=300)}


for states in (3, 10):
    program(f"hidden Markov, {states} states", HMM)(series(states))


@program(
    "capture-recapture (CJS)",
    """
data { int I; int T; array[I, T] int<lower=0, upper=1> y; }
transformed data {
  array[I] int first; array[I] int last;
  for (i in 1:I) {
    first[i] = T; last[i] = 0;
    for (t in 1:T) if (y[i, t]) { last[i] = t; first[i] = min(first[i], t); }
  }
}
parameters { vector<lower=0, upper=1>[T - 1] phi; vector<lower=0, upper=1>[T - 1] p; }
model {
  vector[T] chi;
  chi[T] = 1;
  for (s in 1:(T - 1)) { int t = T - s; chi[t] = 1 - phi[t] + phi[t] * (1 - p[t]) * chi[t + 1]; }
  for (i in 1:I) if (last[i] > 0) {
    for (t in (first[i] + 1):last[i]) { 1 ~ bernoulli(phi[t - 1]); y[i, t] ~ bernoulli(p[t - 1]); }
    1 ~ bernoulli(chi[last[i]]);
  }
}
""",
)
def _(random: np.random.Generator) -> dict[str, Any]:
    return {"I": 300, "T": 8, "y": random.integers(0, 2, (300, 8))}


@program(
    "stochastic volatility",
    """
data { int T; vector[T] y; }
parameters { real mu; real<lower=-1, upper=1> phi; real<lower=0> sigma; vector[T] z; }
transformed parameters {
  vector[T] h = z * sigma;
  h[1] /= sqrt(1 - phi * phi);
  h += mu;
  for (t in 2:T) h[t] += phi * (h[t - 1] - mu);
}
model { phi ~ uniform(-1, 1); sigma ~ cauchy(0, 5); mu ~ cauchy(0, 10); z ~ std_normal(); y ~ normal(0, exp(h / 2)); }
""",
)
def _(random: np.random.Generator) -> dict[str, Any]:
    return {"T": 500, "y": random.normal(size=500)}


@program(
    "vector autoregression",
    """
data { int T; int K; array[T] vector[K] y; }
parameters { vector[K] a; matrix[K, K] A; cholesky_factor_corr[K] L; vector<lower=0>[K] tau; }
model {
  array[T - 1] vector[K] mu;
  for (t in 2:T) mu[t - 1] = a + A * y[t - 1];
  a ~ normal(0, 1); to_vector(A) ~ normal(0, 0.5); L ~ lkj_corr_cholesky(2); tau ~ exponential(1);
  y[2:T] ~ multi_normal_cholesky(mu, diag_pre_multiply(tau, L));
}
""",
)
def _(random: np.random.Generator) -> dict[str, Any]:
    return {"T": 200, "K": 4, "y": random.normal(size=(200, 4))}
