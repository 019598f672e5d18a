"""Programs of the kinds that users write and posteriordb lacks, with data: name -> (text, function of a generator)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

type Make = Callable[[np.random.Generator], dict[str, Any]]

PROGRAMS: dict[str, tuple[str, Make]] = {}


def program(name: str, text: str) -> Callable[[Make], Make]:
    def add(make: Make) -> Make:
        PROGRAMS[name] = text, make
        return make

    return add


@program(
    "multinomial logit",
    """
data { int N; int D; int K; matrix[N, D] X; array[N] int<lower=1, upper=K> y; }
parameters { vector[K] a; matrix[D, K] B; }
model { a ~ normal(0, 1); to_vector(B) ~ normal(0, 1); y ~ categorical_logit_glm(X, a, B); }
""",
)
def _(random: np.random.Generator) -> dict[str, Any]:
    return {"N": 1000, "D": 12, "K": 4, "X": random.normal(size=(1000, 12)), "y": random.integers(1, 5, 1000)}


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


def areas(random: np.random.Generator) -> dict[str, Any]:
    pairs = [(a, b) for a in range(1, 401) for b in (a + 1, a + 20) if b <= 400]
    first, second = np.array(pairs).T
    return {"N": 400, "E": len(pairs), "node1": first, "node2": second, "y": random.poisson(3, 400),
            "e": random.normal(size=400), "x": random.normal(size=400)}  # fmt: skip


program(
    "ICAR",
    """
data { int N; int E; array[E] int node1; array[E] int node2; array[N] int y; vector[N] e; vector[N] x; }
parameters { real a; real b; vector[N] phi; real<lower=0> s; }
model {
  target += -0.5 * dot_self(phi[node1] - phi[node2]);
  sum(phi) ~ normal(0, 0.001 * N);
  a ~ normal(0, 1); b ~ normal(0, 1); s ~ normal(0, 1);
  y ~ poisson_log(e + a + b * x + s * phi);
}
""",
)(areas)
program(
    "BYM2",
    """
data { int N; int E; array[E] int node1; array[E] int node2; array[N] int y; vector[N] e; vector[N] x; }
parameters { real a; real b; vector[N] phi; vector[N] theta; real<lower=0> s; real<lower=0, upper=1> rho; }
transformed parameters { vector[N] mix = sqrt(1 - rho) * theta + sqrt(rho / 0.7) * phi; }
model {
  target += -0.5 * dot_self(phi[node1] - phi[node2]);
  sum(phi) ~ normal(0, 0.001 * N);
  theta ~ std_normal(); a ~ normal(0, 1); b ~ normal(0, 1); s ~ normal(0, 1); rho ~ beta(0.5, 0.5);
  y ~ poisson_log(e + a + b * x + s * mix);
}
""",
)(areas)


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


@program(
    "negative binomial",
    """
data { int N; int D; int J; matrix[N, D] X; array[N] int y; array[N] int<lower=1, upper=J> g; }
parameters { real a; vector[D] b; vector[J] z; real<lower=0> tau; real<lower=0> phi; }
model {
  a ~ normal(0, 2); b ~ normal(0, 1); z ~ std_normal(); tau ~ exponential(1); phi ~ gamma(2, 0.1);
  y ~ neg_binomial_2_log(a + X * b + tau * z[g], phi);
}
""",
)
def _(random: np.random.Generator) -> dict[str, Any]:
    return {"N": 1000, "D": 6, "J": 30, "X": random.normal(size=(1000, 6)), "y": random.poisson(4, 1000),
            "g": random.integers(1, 31, 1000)}  # fmt: skip


@program(
    "zero-inflated Poisson",
    """
data { int N; int D; matrix[N, D] X; array[N] int y; }
parameters { real a; vector[D] b; real<lower=0, upper=1> theta; }
model {
  vector[N] eta = a + X * b;
  a ~ normal(0, 2); b ~ normal(0, 1);
  for (n in 1:N) {
    if (y[n] == 0)
      target += log_sum_exp(bernoulli_lpmf(1 | theta), bernoulli_lpmf(0 | theta) + poisson_log_lpmf(0 | eta[n]));
    else target += bernoulli_lpmf(0 | theta) + poisson_log_lpmf(y[n] | eta[n]);
  }
}
""",
)
def _(random: np.random.Generator) -> dict[str, Any]:
    return {
        "N": 1000,
        "D": 4,
        "X": random.normal(size=(1000, 4)),
        "y": random.poisson(2, 1000) * random.integers(0, 2, 1000),
    }


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
for states in (3, 10):
    program(f"hidden Markov, {states} states", HMM)(
        lambda random, states=states: {"T": 300, "K": states, "y": random.normal(size=300)}  # type: ignore[misc]
    )


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
    "penalised splines",
    """
data { int N; int K; matrix[N, K] B; vector[N] y; }
parameters { vector[K] z; real<lower=0> tau; real a; real<lower=0> s; }
transformed parameters {
  vector[K] w;
  w[1] = z[1];
  for (k in 2:K) w[k] = w[k - 1] + z[k] * tau;
}
model { z ~ std_normal(); tau ~ exponential(1); s ~ exponential(1); a ~ normal(0, 1); y ~ normal(a + B * w, s); }
""",
)
def _(random: np.random.Generator) -> dict[str, Any]:
    return {"N": 500, "K": 20, "B": random.uniform(size=(500, 20)), "y": random.normal(size=500)}


GP = """
data { int N; array[N] real x; vector[N] y; }
parameters { real<lower=0> rho; real<lower=0> alpha; real<lower=0> sigma; }
model {
  matrix[N, N] K = add_diag(gp_exp_quad_cov(x, alpha, rho), square(sigma) + 1e-6);
  rho ~ inv_gamma(5, 5); alpha ~ std_normal(); sigma ~ std_normal();
  y ~ multi_normal_cholesky(rep_vector(0, N), cholesky_decompose(K));
}
"""
LATENT_GP = """
data { int N; array[N] real x; array[N] int y; }
parameters { real<lower=0> rho; real<lower=0> alpha; vector[N] eta; real a; }
model {
  matrix[N, N] L = cholesky_decompose(add_diag(gp_exp_quad_cov(x, alpha, rho), 1e-6));
  rho ~ inv_gamma(5, 5); alpha ~ std_normal(); eta ~ std_normal(); a ~ normal(0, 1);
  y ~ poisson_log(a + L * eta);
}
"""
for size in (50, 200, 500):
    program(f"Gaussian process, {size}", GP)(
        lambda random, size=size: {"N": size, "x": np.sort(random.normal(size=size)), "y": random.normal(size=size)}  # type: ignore[misc]
    )
program("latent Gaussian process, 100", LATENT_GP)(
    lambda random: {"N": 100, "x": np.sort(random.normal(size=100)), "y": random.poisson(2, 100)}
)


@program(
    "regularised horseshoe",
    """
data { int N; int D; matrix[N, D] X; vector[N] y; }
parameters { vector[D] z; vector<lower=0>[D] lambda; real<lower=0> tau; real<lower=0> c2; real a; real<lower=0> s; }
transformed parameters {
  vector[D] shrunk = sqrt(c2 * square(lambda) ./ (c2 + square(tau) * square(lambda)));
  vector[D] b = z .* shrunk * tau;
}
model {
  z ~ std_normal(); lambda ~ cauchy(0, 1); tau ~ cauchy(0, 0.1); c2 ~ inv_gamma(2, 8);
  a ~ normal(0, 1); s ~ exponential(1);
  y ~ normal_id_glm(X, a, b, s);
}
""",
)
def _(random: np.random.Generator) -> dict[str, Any]:
    return {"N": 100, "D": 200, "X": random.normal(size=(100, 200)), "y": random.normal(size=100)}


@program(
    "beta regression in a loop",
    """
data { int N; int D; matrix[N, D] X; vector<lower=0, upper=1>[N] y; }
parameters { real a; vector[D] b; real<lower=0> phi; }
model {
  a ~ normal(0, 1); b ~ normal(0, 1); phi ~ gamma(2, 0.1);
  for (n in 1:N) y[n] ~ beta_proportion(inv_logit(a + dot_product(X[n], b)), phi);
}
""",
)
def _(random: np.random.Generator) -> dict[str, Any]:
    return {"N": 500, "D": 5, "X": random.normal(size=(500, 5)), "y": random.uniform(0.05, 0.95, 500)}


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


@program(
    "Gaussian process in 3 dimensions, 100",
    """
data { int N; int D; array[N] vector[D] x; vector[N] y; }
parameters { real<lower=0> rho; real<lower=0> alpha; real<lower=0> sigma; }
model {
  matrix[N, N] K = add_diag(gp_matern32_cov(x, alpha, rho), square(sigma) + 1e-6);
  rho ~ inv_gamma(5, 5); alpha ~ std_normal(); sigma ~ std_normal();
  y ~ multi_normal(rep_vector(0, N), K);
}
""",
)
def _(random: np.random.Generator) -> dict[str, Any]:
    return {"N": 100, "D": 3, "x": random.normal(size=(100, 3)), "y": random.normal(size=100)}


@program(
    "factor analysis, 20 of 3",
    """
data { int N; int P; int K; array[N] vector[P] y; }
parameters { matrix[P, K] L; vector<lower=0>[P] psi; vector[P] mu; }
model {
  matrix[P, P] S = add_diag(tcrossprod(L), psi);
  to_vector(L) ~ normal(0, 1); psi ~ inv_gamma(2, 1); mu ~ normal(0, 1);
  y ~ multi_normal(mu, S);
}
""",
)
def _(random: np.random.Generator) -> dict[str, Any]:
    return {"N": 200, "P": 20, "K": 3, "y": random.normal(size=(200, 20))}


@program(
    "latent factors, 200 by 20 of 3",
    """
data { int N; int P; int K; matrix[N, P] y; }
parameters { matrix[N, K] F; matrix[K, P] L; vector<lower=0>[P] s; row_vector[P] mu; }
model {
  matrix[N, P] m = rep_matrix(mu, N) + F * L;
  to_vector(F) ~ std_normal(); to_vector(L) ~ normal(0, 1); s ~ exponential(1); mu ~ normal(0, 1);
  for (p in 1:P) y[, p] ~ normal(m[, p], s[p]);
}
""",
)
def _(random: np.random.Generator) -> dict[str, Any]:
    return {"N": 200, "P": 20, "K": 3, "y": random.normal(size=(200, 20))}


@program(
    "correlated outcomes, 30",
    """
data { int N; int K; matrix[N, K] y; }
parameters { cholesky_factor_corr[K] L; vector<lower=0>[K] tau; vector[K] mu; }
model {
  matrix[K, K] S = diag_pre_multiply(tau, L);
  L ~ lkj_corr_cholesky(1); tau ~ exponential(1); mu ~ normal(0, 1);
  for (n in 1:N) y[n] ~ multi_normal_cholesky(mu, S);
}
""",
)
def _(random: np.random.Generator) -> dict[str, Any]:
    return {"N": 200, "K": 30, "y": random.normal(size=(200, 30))}


@program(
    "ordinal probit in a loop",
    """
data { int N; int D; int K; matrix[N, D] X; array[N] int<lower=1, upper=K> y; }
parameters { vector[D] b; ordered[K - 1] c; }
model {
  b ~ normal(0, 1); c ~ normal(0, 3);
  for (n in 1:N) {
    real eta = X[n] * b;
    vector[K] theta;
    theta[1] = 1 - Phi(eta - c[1]);
    for (k in 2:(K - 1)) theta[k] = Phi(eta - c[k - 1]) - Phi(eta - c[k]);
    theta[K] = Phi(eta - c[K - 1]);
    y[n] ~ categorical(theta);
  }
}
""",
)
def _(random: np.random.Generator) -> dict[str, Any]:
    return {"N": 300, "D": 3, "K": 4, "X": random.normal(size=(300, 3)), "y": random.integers(1, 5, 300)}


@program(
    "neural network with two layers",
    """
data { int N; int D; int H; matrix[N, D] X; vector[N] y; }
parameters { matrix[D, H] A; row_vector[H] a; matrix[H, H] B; row_vector[H] b; vector[H] w; real<lower=0> s; }
model {
  matrix[N, H] first = tanh(X * A + rep_matrix(a, N));
  matrix[N, H] second = tanh(first * B + rep_matrix(b, N));
  to_vector(A) ~ std_normal(); a ~ std_normal(); to_vector(B) ~ std_normal(); b ~ std_normal(); w ~ std_normal();
  s ~ exponential(1);
  y ~ normal(second * w, s);
}
""",
)
def _(random: np.random.Generator) -> dict[str, Any]:
    return {"N": 400, "D": 8, "H": 10, "X": random.normal(size=(400, 8)), "y": random.normal(size=400)}


@program(
    "softmax regression in a loop",
    """
data { int N; int D; int K; matrix[N, D] X; array[N] int<lower=1, upper=K> y; }
parameters { matrix[D, K] B; }
model {
  matrix[N, K] eta = X * B;
  to_vector(B) ~ normal(0, 1);
  for (n in 1:N) y[n] ~ categorical_logit(eta[n]');
}
""",
)
def _(random: np.random.Generator) -> dict[str, Any]:
    return {"N": 500, "D": 100, "K": 10, "X": random.normal(size=(500, 100)), "y": random.integers(1, 11, 500)}


@program(
    "exact Gaussian process prediction by mdivide",
    """
data { int N; array[N] real x; vector[N] y; }
parameters { real<lower=0> rho; real<lower=0> alpha; real<lower=0> sigma; }
model {
  matrix[N, N] K = add_diag(gp_exp_quad_cov(x, alpha, rho), square(sigma) + 1e-6);
  matrix[N, N] L = cholesky_decompose(K);
  vector[N] z = mdivide_left_tri_low(L, y);
  rho ~ inv_gamma(5, 5); alpha ~ std_normal(); sigma ~ std_normal();
  target += -0.5 * dot_self(z) - sum(log(diagonal(L)));
}
""",
)
def _(random: np.random.Generator) -> dict[str, Any]:
    return {"N": 100, "x": np.sort(random.normal(size=100)), "y": random.normal(size=100)}
