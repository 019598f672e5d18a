"""Outcomes that are correlated, and factors behind them."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.models.programs import program


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
