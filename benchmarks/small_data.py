"""Time per gradient of one statement `y ~ distribution(...)` with few rows, for every distribution, beside stanli.

    python -m benchmarks.small_data [--names NAME ...] [--rows N ...] [--parts lpdf lcdf lccdf]

Parameters are numbers, or vectors with an element for each row. What is slower than `--below` times stanli's speed is
listed again in the end.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import stanli
from pplc.compiler.library.definitions import Distribution, Parameter
from pplc.compiler.library.densities import parameters_of
from pplc.compiler.library.registry import distributions

import pplc
from benchmarks.gradients import Loops, time_gradients

SECONDS = 0.15  # per program

# Bounds of parameters whose support depends on the outcome.
BOUNDS = {
    "uniform": {"alpha": "<upper=-1>", "beta": "<lower=5>"},
    "pareto": {"y_min": "<lower=0, upper=0.1>"},
    "wiener": {"tau": "<lower=0, upper=0.1>"},
    "pareto_type_2": {"mu": "<upper=0.1>"},
}

# Distributions of vectors and matrices, 3 wide: declarations of data and parameters, and the statement.
WIDE = {
    "categorical": ("", "simplex[3] theta;", "y ~ categorical(theta);"),
    "categorical_logit": ("", "vector[3] beta;", "y ~ categorical_logit(beta);"),
    "ordered_logistic": ("", "vector[N] eta; ordered[2] c;", "y ~ ordered_logistic(eta, c);"),
    "ordered_probit": ("", "vector[N] eta; ordered[2] c;", "y ~ ordered_probit(eta, c);"),
    "bernoulli_logit_glm": ("", "real alpha; vector[3] beta;", "b ~ bernoulli_logit_glm(x, alpha, beta);"),
    "binomial_logit_glm": ("", "real alpha; vector[3] beta;", "b ~ binomial_logit_glm(y, x, alpha, beta);"),
    "poisson_log_glm": ("", "real alpha; vector[3] beta;", "y ~ poisson_log_glm(x, alpha, beta);"),
    "neg_binomial_2_log_glm": (
        "",
        "real alpha; vector[3] beta; real<lower=0> phi;",
        "y ~ neg_binomial_2_log_glm(x, alpha, beta, phi);",
    ),
    "normal_id_glm": (
        "",
        "real alpha; vector[3] beta; real<lower=0> sigma;",
        "r ~ normal_id_glm(x, alpha, beta, sigma);",
    ),
    "categorical_logit_glm": ("", "vector[3] a; matrix[3, 3] beta;", "y ~ categorical_logit_glm(x, a, beta);"),
    "ordered_logistic_glm": ("", "vector[3] beta; ordered[2] c;", "y ~ ordered_logistic_glm(x, beta, c);"),
    "dirichlet": ("array[N] simplex[3] s;", "vector<lower=0>[3] alpha;", "s ~ dirichlet(alpha);"),
    "multinomial": ("array[N, 3] int k;", "simplex[3] theta;", "for (n in 1 : N) k[n] ~ multinomial(theta);"),
    "multinomial_logit": (
        "array[N, 3] int k;",
        "vector[3] beta;",
        "for (n in 1 : N) k[n] ~ multinomial_logit(beta);",
    ),
    "dirichlet_multinomial": (
        "array[N, 3] int k;",
        "vector<lower=0>[3] alpha;",
        "for (n in 1 : N) k[n] ~ dirichlet_multinomial(alpha);",
    ),
    "multi_normal": ("", "vector[3] mu; cov_matrix[3] S;", "v ~ multi_normal(mu, S);"),
    "multi_normal_cholesky": (
        "",
        "vector[3] mu; cholesky_factor_cov[3] L;",
        "v ~ multi_normal_cholesky(mu, L);",
    ),
    "multi_normal_prec": ("", "vector[3] mu; cov_matrix[3] S;", "v ~ multi_normal_prec(mu, S);"),
    "multi_student_t": (
        "",
        "real<lower=0> nu; vector[3] mu; cov_matrix[3] S;",
        "v ~ multi_student_t(nu, mu, S);",
    ),
    "multi_student_t_cholesky": (
        "",
        "real<lower=0> nu; vector[3] mu; cholesky_factor_cov[3] L;",
        "v ~ multi_student_t_cholesky(nu, mu, L);",
    ),
    "wishart": ("", "array[N] cov_matrix[3] S;", "for (n in 1 : N) S[n] ~ wishart(5, I);"),
    "inv_wishart": ("", "array[N] cov_matrix[3] S;", "for (n in 1 : N) S[n] ~ inv_wishart(5, I);"),
    "wishart_cholesky": (
        "",
        "array[N] cholesky_factor_cov[3] L;",
        "for (n in 1 : N) L[n] ~ wishart_cholesky(5, I);",
    ),
    "inv_wishart_cholesky": (
        "",
        "array[N] cholesky_factor_cov[3] L;",
        "for (n in 1 : N) L[n] ~ inv_wishart_cholesky(5, I);",
    ),
    "lkj_corr": ("", "array[N] corr_matrix[3] S;", "for (n in 1 : N) S[n] ~ lkj_corr(2);"),
    "lkj_corr_cholesky": (
        "",
        "array[N] cholesky_factor_corr[3] L;",
        "for (n in 1 : N) L[n] ~ lkj_corr_cholesky(2);",
    ),
}
WIDE_DATA = """
  int N;
  array[N] int y;
  array[N] int b;
  vector[N] r;
  matrix[N, 3] x;
  array[N] vector[3] v;
  matrix[3, 3] I;"""


@dataclass(frozen=True)
class Case:
    name: str
    text: str
    data: dict[str, Any]


def cases(distribution: Distribution, part: str, rows: int) -> Iterator[Case]:
    """Programs about one function of a distribution; none if it lacks that or parameters that are no data."""
    random = np.random.default_rng(rows)
    if distribution.name in WIDE:
        if part == "lpdf":
            declared, parameters, statement = WIDE[distribution.name]
            text = f"data {{{WIDE_DATA}\n  {declared}\n}} parameters {{ {parameters} }} model {{ {statement} }}"
            yield Case(f"{distribution.name}, {rows} rows", text, _wide_data(rows, random))
        return
    fields = {"lpdf": "log_density", "lcdf": "log_cdf", "lccdf": "log_ccdf"}
    if getattr(distribution, fields[part]) is None or any(p.support.core for p in parameters_of(distribution)):
        return
    if not any(not p.support.integer for p in distribution.parameters) or distribution.name == "hypergeometric":
        return
    known = [Parameter("y", distribution.outcome), *(p for p in distribution.parameters if p.support.integer)]
    free = [p for p in distribution.parameters if not p.support.integer]
    data: dict[str, Any] = {"rows": rows} | {p.name: _values(distribution, p, rows, random) for p in known}
    declared = " ".join(f"array[rows] int {p.name};" if p.support.integer else f"vector[rows] {p.name};" for p in known)
    given = ", ".join(p.name for p in distribution.parameters)
    call = f"{distribution.name}_{part}(y | {given})"
    statement = f"y ~ {distribution.name}({given});" if part == "lpdf" else f"target += {call};"
    for kind in ("numbers", "vectors") if rows > 1 and any(p.vectorised for p in free) else ("numbers",):
        parameters = " ".join(
            f"vector{_bounds(distribution, p)}[rows] {p.name};"
            if kind == "vectors" and p.vectorised
            else f"real{_bounds(distribution, p)} {p.name};"
            for p in free
        )
        yield Case(
            f"{distribution.name}{'' if part == 'lpdf' else '_' + part}, {rows} rows, {kind}",
            f"data {{ int rows; {declared} }} parameters {{ {parameters} }} model {{ {statement} }}",
            data,
        )


def _bounds(distribution: Distribution, parameter: Parameter) -> str:
    given = BOUNDS.get(distribution.name, {}).get(parameter.name)
    if given:
        return given
    lower, upper = parameter.support.lower, parameter.support.upper
    bounds = [f"lower={lower}"] if lower is not None else []
    bounds += [f"upper={upper}"] if upper is not None else []
    return f"<{', '.join(bounds)}>" if bounds else ""


def _values(distribution: Distribution, parameter: Parameter, rows: int, random: np.random.Generator) -> list[Any]:
    lower, upper = parameter.support.lower, parameter.support.upper
    if parameter.support.integer:
        if parameter.name != "y":
            return random.integers(8, 20, rows).tolist()
        return random.integers(lower or 0, 8 if upper is None else upper + 1, rows).tolist()
    if lower is not None and upper is not None:
        return random.uniform(lower + 0.1 * (upper - lower), upper - 0.1 * (upper - lower), rows).tolist()
    if lower is not None:
        return (lower + 0.3 + random.exponential(size=rows)).tolist()
    return random.uniform(-0.9, 4.5, rows).tolist()


def _wide_data(rows: int, random: np.random.Generator) -> dict[str, Any]:
    return {
        "N": rows,
        "y": random.integers(1, 4, rows).tolist(),
        "b": random.integers(0, 2, rows).tolist(),
        "r": random.normal(size=rows).tolist(),
        "x": random.normal(size=(rows, 3)).tolist(),
        "v": random.normal(size=(rows, 3)).tolist(),
        "k": random.integers(0, 6, (rows, 3)).tolist(),
        "s": random.dirichlet(np.ones(3), rows).tolist(),
        "I": np.eye(3).tolist(),
    }


def compare(case: Case, loops: Loops) -> tuple[float, float, float]:
    """Nanoseconds of ours and of stanli's, and the gradients' distance."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["PPLC_CACHE_DIR"] = folder
        model = pplc.compile_model(case.text, case.data)
        address = model.logp_dlogp_address
    peer = stanli.Model(stan_code=case.text, data=case.data)
    point = np.random.default_rng(1).uniform(-0.3, 0.3, model.n_unconstrained)
    theirs = np.asarray(peer.log_prob_grad(point)[1])
    distance = float(np.linalg.norm(np.asarray(model.logp_dlogp(point)[1]) - theirs) / np.linalg.norm(theirs))
    return *time_gradients(loops, address, peer, model.n_unconstrained, SECONDS), distance


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--names", nargs="+", default=sorted(distributions()))
    parser.add_argument("--rows", nargs="+", type=int, default=[1, 4, 20, 200])
    parser.add_argument("--parts", nargs="+", default=["lpdf"], choices=["lpdf", "lcdf", "lccdf"])
    parser.add_argument("--below", type=float, default=1.5)
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    loops, found = Loops(), []
    chosen = (
        case
        for name in options.names
        for part in options.parts
        for rows in options.rows
        for case in cases(distributions()[name], part, rows)
    )
    for case in chosen:
        try:
            ours, theirs, distance = compare(case, loops)
        except Exception as problem:
            print(f"{case.name:50} {type(problem).__name__}: {str(problem).strip()[:100]}", flush=True)
            continue
        found.append((theirs / ours, case.name))
        print(
            f"{case.name:50} {ours:9.0f} ns {theirs:9.0f} ns ratio {theirs / ours:6.2f}   "
            f"gradients {distance:.0e} apart",
            flush=True,
        )
    ratios = np.array([ratio for ratio, _ in found])
    print(f"{len(found)} programs, geometric mean {np.exp(np.log(ratios).mean()):.2f}, least {ratios.min():.2f}")
    for ratio, name in sorted(found):
        if ratio < options.below:
            print(f"{ratio:6.2f}  {name}")


if __name__ == "__main__":
    main()
