"""Regressions: several outcomes, penalties, families of their own, networks."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.models.programs import program


def wide(rows: int, columns: int) -> None:
    """Logistic and robust regression with many columns."""

    def data(random: np.random.Generator) -> dict[str, Any]:
        x = random.normal(size=(rows, columns))
        return {"N": rows, "D": columns, "X": x, "y": random.integers(0, 2, rows), "z": random.normal(size=rows)}

    for name, likelihood in {
        "logistic": "y ~ bernoulli_logit(a + X * b);",
        "robust": "z ~ student_t(4, a + X * b, sigma);",
    }.items():
        text = f"""
data {{ int N; int D; matrix[N, D] X; array[N] int y; vector[N] z; }}
parameters {{ real a; vector[D] b; real<lower=0> sigma; }}
model {{ a ~ normal(0, 1); b ~ normal(0, 1); sigma ~ exponential(1); {likelihood} }}
"""
        program(f"{name} regression, {rows} x {columns}", text)(data)


for size in ((300, 40), (517, 41), (2000, 50), (1000, 64), (1000, 100), (400, 150), (2000, 200), (500, 500)):
    wide(*size)


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
