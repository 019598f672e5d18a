"""Time per gradient of programs that are one matrix operation each, beside stanli, for matrices of several sizes.

Run: python -m benchmarks.linear_algebra [--sizes N ...] [--only NAME ...]
"""

from __future__ import annotations

import argparse
import time
import warnings

import numpy as np
import stanli

import pplc
from benchmarks.gradients import Loops, time_gradients

HEAD = "data { int N; matrix[N, N] D; matrix[N, N] S; vector[N] y; } "
PROGRAMS = {
    "multiply": "parameters { matrix[N, N] A; } model { target += -sum(square(A * D)); }",
    "matrix vector": "parameters { vector[N] b; } model { target += -dot_self(y - D * b); }",
    "mdivide_left": "parameters { vector[N] b; } model { target += -dot_self(mdivide_left(S, b)); }",
    "mdivide_left_tri_low": "parameters { vector[N] b; } "
    "model { target += -dot_self(mdivide_left_tri_low(cholesky_decompose(S), b)); }",
    "cholesky": "parameters { real<lower=0> s; } "
    "model { target += sum(log(diagonal(cholesky_decompose(add_diag(s * S, 0.1))))); }",
    "gaussian process": "parameters { real<lower=0> a; real<lower=0> r; real<lower=0> s; } "
    "model { matrix[N, N] L = cholesky_decompose(add_diag(a * exp(-r * D), s)); "
    "y ~ multi_normal_cholesky(rep_vector(0, N), L); }",
    "eigenvectors_sym": "parameters { real<lower=0> r; } model { matrix[N, N] K = add_diag(exp(-r * D), 0.1); "
    "target += -dot_product(square(eigenvectors_sym(K)' * y), inv(eigenvalues_sym(K))); }",
    "gp_exp_quad_cov": "transformed data { array[N] real x; for (n in 1:N) x[n] = n * 5.0 / N; } "
    "parameters { real<lower=0> a; real<lower=0> r; real<lower=0> s; } "
    "model { y ~ multi_normal(rep_vector(0, N), add_diag(gp_exp_quad_cov(x, a, r), s)); }",
}


def data(size: int) -> dict[str, object]:
    random = np.random.default_rng(4)
    position = np.linspace(0, 5, size)
    distance = np.abs(position[:, None] - position)
    return {"N": size, "D": distance, "S": np.exp(-distance) + 0.1 * np.eye(size), "y": random.normal(size=size)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", nargs="+", type=int, default=[10, 50, 200, 1000])
    parser.add_argument("--only", nargs="+", default=[])
    options = parser.parse_args()
    loops = Loops()
    warnings.simplefilter("ignore")
    for name, text in PROGRAMS.items():
        for size in options.sizes:
            if options.only and name not in options.only:
                continue
            values = data(size)
            started = time.process_time()
            model = pplc.compile_model(HEAD + text, values)
            address = model.logp_dlogp_address
            compiled = time.process_time() - started
            peer = stanli.Model(stan_code=HEAD + text, data=values)
            ours, theirs = time_gradients(loops, address, peer, model.n_unconstrained)
            print(f"{name:24} {size:5} {ours:14.0f} ns {theirs:14.0f} ns ratio {theirs / ours:6.2f}   "
                  f"compile {compiled:5.2f} s", flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
