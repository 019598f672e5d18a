"""How the time of a gradient grows with the number of observations N, beside stanli; compilation must not grow.

    python -m benchmarks.scaling [--largest N] [--json FILE] [--plot FILE]

A linear and a logistic regression with three predictors and a model of 50 groups, with data made up here, for N from
100 to 1,000,000. Gradients are timed as in `benchmarks.gradients`. `bind` is the time in which the data are checked,
`compile` that from there to a callable gradient: every N is a new shape, so nothing of it is found in the cache
(which is an empty one, warmed by one more program).
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import stanli

import pplc
from benchmarks.gradients import Loops, time_gradients

LINEAR = """
data { int N; matrix[N, 3] x; vector[N] y; }
parameters { real alpha; vector[3] beta; real<lower=0> sigma; }
model {
  alpha ~ normal(0, 5);
  beta ~ normal(0, 5);
  sigma ~ exponential(1);
  y ~ normal(alpha + x * beta, sigma);
}
"""
LOGISTIC = """
data { int N; matrix[N, 3] x; array[N] int<lower=0, upper=1> y; }
parameters { real alpha; vector[3] beta; }
model {
  alpha ~ normal(0, 5);
  beta ~ normal(0, 5);
  y ~ bernoulli_logit(alpha + x * beta);
}
"""
HIERARCHICAL = """
data { int N; int J; array[N] int<lower=1, upper=J> group; vector[N] x; vector[N] y; }
parameters { real mu; real beta; real<lower=0> tau; real<lower=0> sigma; vector[J] z; }
model {
  mu ~ normal(0, 5);
  beta ~ normal(0, 5);
  tau ~ normal(0, 1);
  sigma ~ normal(0, 1);
  z ~ std_normal();
  for (n in 1:N)
    y[n] ~ student_t(4, mu + tau * z[group[n]] + beta * x[n], sigma);
}
"""
PROGRAMS = {"linear": LINEAR, "logistic": LOGISTIC, "hierarchical": HIERARCHICAL}
GROUPS = 50


@dataclass
class Point:
    """One program at one N: seconds of preparation, nanoseconds per gradient."""

    program: str
    observations: int
    bind: float
    compile: float
    ours: float
    stanli: float


def make_data(program: str, observations: int) -> dict[str, Any]:
    random = np.random.default_rng(observations)
    x = random.normal(size=(observations, 3))
    mean = 0.5 + x @ [1.0, -0.5, 0.2]
    if program == "linear":
        return {"N": observations, "x": x, "y": random.normal(mean)}
    if program == "logistic":
        return {"N": observations, "x": x, "y": random.binomial(1, 1 / (1 + np.exp(-mean)))}
    group = random.integers(1, GROUPS + 1, observations)
    y = random.normal(0.3 * x[:, 0] + np.sin(group), 1.0)
    return {"N": observations, "J": GROUPS, "group": group, "x": x[:, 0], "y": y}


def measure(program: str, observations: int, loops: Loops) -> Point:
    data = make_data(program, observations)
    text = PROGRAMS[program]
    started = time.perf_counter()
    model = pplc.compile_model(text, data)
    bound = time.perf_counter()
    address = model.logp_dlogp_address
    compiled = time.perf_counter()
    peer = stanli.Model(stan_code=text, data={name: np.asarray(value).tolist() for name, value in data.items()})
    ours, theirs = time_gradients(loops, address, peer, model.n_unconstrained)
    return Point(program, observations, bound - started, compiled - bound, ours, theirs)


def points(largest: int) -> Iterator[Point]:
    """All programs at growing N."""
    loops = Loops()
    for program in PROGRAMS:
        measure(program, 50, loops)  # imports, and kernels that do not depend on N
        observations = 100
        while observations <= largest:
            yield measure(program, observations, loops)
            observations *= 10


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--largest", type=int, default=1_000_000, metavar="N")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--plot", type=Path)
    options = parser.parse_args()
    print(
        f"{'':12} {'N':>9} {'bind s':>8} {'compile s':>10} {'ns/gradient':>12} {'stanli':>12} {'ratio':>7} {'ns/N':>8}"
    )
    found = []
    with tempfile.TemporaryDirectory() as cache:
        os.environ["PPLC_CACHE_DIR"] = cache
        for p in points(options.largest):
            found.append(p)
            print(
                f"{p.program:12} {p.observations:9} {p.bind:8.3f} {p.compile:10.3f} {p.ours:12.0f} {p.stanli:12.0f} "
                f"{p.stanli / p.ours:7.2f} {p.ours / p.observations:8.3f}",
                flush=True,
            )
    for program in PROGRAMS:
        ours, theirs = (_slope([p for p in found if p.program == program], side) for side in ("ours", "stanli"))
        print(f"{program}: time grows as N^{ours:.2f} (stanli: N^{theirs:.2f}) from 10,000 on")
    if options.json:
        options.json.write_text(json.dumps([asdict(p) for p in found], indent=1), encoding="utf-8")
    if options.plot:
        _plot(found, options.plot)


def _slope(found: list[Point], side: str) -> float:
    """Of the logarithm of time on that of N, where N is large enough to matter."""
    large = [p for p in found if p.observations >= 10_000]
    if len(large) < 2:
        return np.nan
    return float(np.polyfit(np.log([p.observations for p in large]), np.log([getattr(p, side) for p in large]), 1)[0])


def _plot(found: list[Point], path: Path) -> None:
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots()
    for number, program in enumerate(PROGRAMS):
        those = [p for p in found if p.program == program]
        observations = [p.observations for p in those]
        axes.loglog(observations, [p.ours for p in those], "o-", color=f"C{number}", label=f"{program}, pplc")
        axes.loglog(observations, [p.stanli for p in those], "o--", color=f"C{number}", label=f"{program}, stanli")
    axes.set_xlabel("observations")
    axes.set_ylabel("nanoseconds per log density and gradient")
    axes.legend()
    figure.savefig(path)


if __name__ == "__main__":
    main()
