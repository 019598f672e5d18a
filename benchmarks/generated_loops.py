"""Time per gradient of programs whose loops must run in order, beside stanli, and the CPU time of compiling them.

Run: python -m benchmarks.generated_loops [--only NAME ...]
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import tempfile
import time
import warnings
from typing import Any

import numpy as np
import stanli

import pplc
from benchmarks.gradients import Loops, time_gradients

KALMAN = """
data {{ int T; int D; int K; array[T] vector[D] y; matrix[D, K] H; }}
parameters {{ vector<lower=0>[K] q; vector<lower=0>[D] r; real<lower=-1, upper=1> a; }}
model {{
  matrix[K, K] F = add_diag(rep_matrix(0.05, K, K), a);
  vector[K] m = rep_vector(0, K);
  matrix[K, K] P = identity_matrix(K);
  for (t in 1:T) {{
    m = F * m;
    P = quad_form_sym(P, F') + diag_matrix(square(q));
    {update}
  }}
  q ~ normal(0, 1);
  r ~ normal(0, 1);
}}
"""
OCCUPANCY = """
data { int S; int T; int V; array[S, T, V] int<lower=0, upper=1> y; }
parameters { real<lower=0, upper=1> psi1; vector<lower=0, upper=1>[T] p; vector<lower=0, upper=1>[T - 1] phi;
             vector<lower=0, upper=1>[T - 1] gamma; }
model {
  for (s in 1:S) {
    array[2] real acc;
    vector[2] gam = [psi1, 1 - psi1]';
    for (t in 1:T) {
      int seen = max(y[s, t]);
      vector[2] new;
      if (t > 1) {
        new[1] = gam[1] * phi[t - 1] + gam[2] * gamma[t - 1];
        new[2] = gam[1] * (1 - phi[t - 1]) + gam[2] * (1 - gamma[t - 1]);
        gam = new;
      }
      gam[1] *= exp(bernoulli_lpmf(y[s, t] | p[t]));
      gam[2] *= 1 - seen;
    }
    target += log(sum(gam));
  }
}
"""
BEKK = """
data { int T; int K; array[T] vector[K] y; }
parameters { cholesky_factor_cov[K] C; matrix<lower=-1, upper=1>[K, K] A; matrix<lower=-1, upper=1>[K, K] B; }
model {
  matrix[K, K] H = identity_matrix(K);
  for (t in 1:T) {
    if (t > 1) H = tcrossprod(C) + quad_form_sym(tcrossprod(to_matrix(y[t - 1])), A) + quad_form_sym(H, B);
    y[t] ~ multi_normal(rep_vector(0, K), H);
  }
  to_vector(A) ~ normal(0, 0.3);
  to_vector(B) ~ normal(0, 0.3);
}
"""
SORTING = """
data { int T; int K; array[T] vector[K] y; }
parameters { vector[K] x; real<lower=0> s; }
model {
  vector[K] state = x;
  for (t in 1:T) {
    state = 0.9 * sort_asc(state + 0.1 * y[t]) + 0.1 * x[sort_indices_desc(state)];
    target += normal_lpdf(y[t] | state, s) - 0.1 * rank(state, 1) * s;
  }
  x ~ normal(0, 1);
}
"""
EXPONENTIALS = """
data { int T; int K; array[T] vector[K] y; vector<lower=0>[T] dt; }
parameters { matrix[K, K] A; real<lower=0> s; }
model {
  vector[K] state = y[1];
  for (t in 2:T) {
    state = matrix_exp(dt[t] * A) * state;
    y[t] ~ normal(state, s);
  }
  to_vector(A) ~ normal(0, 1);
}
"""
UPDATES = {
    "mdivide_right_spd": "matrix[D, D] S = quad_form_sym(P, H') + diag_matrix(square(r)); "
    "matrix[K, D] G = mdivide_right_spd(P * H', S); vector[D] e = y[t] - H * m; "
    "y[t] ~ multi_normal(H * m, S); m += G * e; P -= G * H * P;",
    "inverse": "matrix[D, D] S = quad_form_sym(P, H') + diag_matrix(square(r)); "
    "matrix[D, D] V = inverse(S); vector[D] e = y[t] - H * m; matrix[K, D] G = P * H' * V; "
    "target += -0.5 * (log_determinant(S) + quad_form(V, e)); m += G * e; P -= G * H * P;",
    "cholesky_decompose": "matrix[D, D] L = cholesky_decompose(quad_form_sym(P, H') + diag_matrix(square(r))); "
    "vector[D] z = mdivide_left_tri_low(L, y[t] - H * m); matrix[D, K] W = mdivide_left_tri_low(L, H * P); "
    "target += -sum(log(diagonal(L))) - 0.5 * dot_self(z); m += W' * z; P -= crossprod(W);",
    "inverse_spd": "matrix[D, D] S = quad_form_sym(P, H') + diag_matrix(square(r)); "
    "matrix[D, D] V = inverse_spd(S); matrix[K, D] G = P * H' * V; "
    "y[t] ~ multi_normal_prec(H * m, V); m += G * (y[t] - H * m); P -= G * H * P;",
}


def series(T: int, K: int) -> dict[str, Any]:
    random = np.random.default_rng(5)
    return {"T": T, "K": K, "y": random.normal(size=(T, K)), "dt": random.uniform(0.1, 1, size=T)}


def kalman(T: int, D: int, K: int) -> dict[str, Any]:
    random = np.random.default_rng(6)
    y, H = np.cumsum(random.normal(size=(T, D)), axis=0), random.normal(size=(D, K))
    return {"T": T, "D": D, "K": K, "y": y, "H": H}


def occupancy(S: int, T: int, V: int) -> dict[str, Any]:
    random = np.random.default_rng(7)
    return {"S": S, "T": T, "V": V, "y": random.integers(0, 2, size=(S, T, V)) * random.integers(0, 2, size=(S, T, 1))}


PROGRAMS: dict[str, tuple[str, dict[str, Any]]] = {
    **{
        f"Kalman filter, {name}, {D} of {K}, {T} steps": (KALMAN.format(update=update), kalman(T, D, K))
        for name, update in UPDATES.items()
        for D, K, T in ((2, 2, 100), (2, 4, 500))
    },
    "BEKK, 2 series, 300 steps": (BEKK, series(300, 2)),
    "BEKK, 4 series, 300 steps": (BEKK, series(300, 4)),
    "occupancy, 200 sites, 5 seasons": (OCCUPANCY, occupancy(200, 5, 4)),
    **{f"sorting, {K} of {T} steps": (SORTING, series(T, K)) for K, T in ((5, 100), (30, 100), (100, 100), (1000, 20))},
    "matrix exponentials, 3 of 50 steps": (EXPONENTIALS, series(50, 3)),
}


def measure(name: str) -> str:
    """A program's line, measured in a process of its own with an empty cache."""
    warnings.simplefilter("ignore")
    text, data = PROGRAMS[name]
    with tempfile.TemporaryDirectory() as folder:
        os.environ["PPLC_CACHE_DIR"] = folder
        _ = pplc.compile_model("parameters { real x; } model { x ~ normal(0, 1); }").logp_dlogp_address  # loads it all
        started = time.process_time()
        model = pplc.compile_model(text, data)
        address = model.logp_dlogp_address
        compiled = time.process_time() - started
        peer = stanli.Model(stan_code=text, data=data)
        position = np.random.default_rng(3).uniform(-0.5, 0.5, model.n_unconstrained)
        gradient, expected = model.logp_dlogp(position)[1], peer.log_prob_grad(position)[1]
        apart = np.linalg.norm(gradient - expected) / np.linalg.norm(expected)
        ours, theirs = time_gradients(Loops(), address, peer, model.n_unconstrained)
    times = f"{ours:12.0f} ns {theirs:12.0f} ns ratio {theirs / ours:6.2f}   compile {compiled:5.1f} s"
    return f"{name:55} {times}   apart {apart:.0e}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", default=[""], help="parts of the programs' names")
    options = parser.parse_args()
    context = multiprocessing.get_context("spawn")
    for name in PROGRAMS:
        if any(part in name for part in options.only):
            with context.Pool(1) as pool:
                print(pool.apply(measure, (name,)), flush=True)


if __name__ == "__main__":
    main()
