"""Gaussian processes and models of areas."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.models.programs import Make, program


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


def outcomes(size: int) -> Make:
    return lambda random: {"N": size, "x": np.sort(random.normal(size=size)), "y": random.normal(size=size)}


for size in (50, 200, 500):
    program(f"Gaussian process, {size}", GP)(outcomes(size))


program("latent Gaussian process, 100", LATENT_GP)(
    lambda random: {"N": 100, "x": np.sort(random.normal(size=100)), "y": random.poisson(2, 100)}
)


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
