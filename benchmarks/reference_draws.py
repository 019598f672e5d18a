"""Compares NUTS with the reference draws of posteriordb.

    python -m benchmarks.reference_draws PATH             PATH: a checkout of stan-dev/posteriordb
    python -m benchmarks.reference_draws PATH --only NAME ... --seeds 1 2 3 --metric diag --target-accept 0.8

For every parameter: the means may differ by 4 combined Monte Carlo standard errors, standard deviations by 10 %, and
R-hat may be 1.01. Where a parameter's tails are so heavy that the standard deviation has no standard error of its own
(no fourth moment: Pareto k of the reference draws above 1/4), the width of the central 90 % stands in for it. The
largest of each over the parameters is shown; with hundreds of parameters one of them lies beyond 4 standard errors by
chance now and then.
"""

from __future__ import annotations

import argparse
import json
import time
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pplc.runtime.contract import Target
from pplc.runtime.drivers import drivers
from pplc.runtime.expansion import expand_draws
from pplc.runtime.psis import pareto_k
from pplc.runtime.summary import COLUMNS, summarise

import pplc
from benchmarks.checkout import Posterior, posteriors

CHAINS = 4
LARGEST_K = 0.25

type Reference = dict[str, NDArray[np.float64]]


@dataclass
class Comparison:
    """The worst of each over the parameters of one posterior, with one seed."""

    posterior: str
    seed: int
    parameters: int
    mean: float  # difference of means in combined standard errors
    spread: float  # ratio of standard deviations (or widths), less 1
    r_hat: float
    divergences: int
    min_ess: float
    gradients: int
    seconds: float

    @property
    def passed(self) -> bool:
        return self.mean <= 4 and self.spread <= 0.1 and self.r_hat <= 1.01


def compare(posterior: Posterior, seeds: Sequence[int], settings: Any) -> Iterator[Comparison]:
    """Sample one posterior, once per seed, and compare."""
    reference = posterior.reference()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        target = pplc.compile_model(posterior.text, posterior.data()).target()
    for seed in seeds:
        yield _compare(posterior.name, target, reference, seed, settings)


def _compare(name: str, target: Target, reference: Reference, seed: int, settings: Any) -> Comparison:
    started = time.perf_counter()
    result = drivers()["nuts"].run(target, settings, chains=CHAINS, seed=seed)
    seconds = time.perf_counter() - started
    sample = result.sample.rectangle()
    wanted = {name.split("[")[0] for name in reference}
    values = {name: array for name, array in expand_draws(sample, target, seed).values.items() if name in wanted}
    summary = summarise(values)
    rows = [
        (dict(zip(COLUMNS, row, strict=True)), reference[name])
        for name, row in zip(summary.names, summary.table, strict=True)
        if name in reference
    ]
    varying = [(row, expected) for row, expected in rows if row["sd"] > 0]
    return Comparison(
        name,
        seed,
        len(rows),
        max(_mean_error(row, expected) for row, expected in varying),
        max(_spread_error(row, expected) for row, expected in varying),
        max(row["r_hat"] for row, _ in varying),
        int(sample.statistics["diverging"].sum()),
        min(row["ess_bulk"] for row, _ in varying),
        result.gradients,
        seconds,
    )


def _mean_error(row: dict[str, float], expected: NDArray[np.float64]) -> float:
    error = np.hypot(row["mcse_mean"], expected.std(ddof=1) / np.sqrt(len(expected)))
    return float(abs(row["mean"] - expected.mean()) / error)


def _spread_error(row: dict[str, float], expected: NDArray[np.float64]) -> float:
    if pareto_k(np.log(np.abs(expected - np.median(expected)))) > LARGEST_K:
        width = float(np.diff(np.quantile(expected, [0.05, 0.95]))[0])
        return abs((row["q95"] - row["q5"]) / width - 1)
    return float(abs(row["sd"] / expected.std(ddof=1) - 1))


def main() -> None:
    defaults = drivers()["nuts"].settings()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkout", type=Path)
    parser.add_argument("--only", nargs="+", default=[])
    parser.add_argument("--seeds", type=int, nargs="+", default=[1])
    for name in ("draws", "warmup", "metric", "target_accept"):
        default = getattr(defaults, name)
        parser.add_argument(f"--{name.replace('_', '-')}", type=type(default), default=default)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    settings = drivers()["nuts"].settings(
        draws=options.draws, warmup=options.warmup, metric=options.metric, target_accept=options.target_accept
    )
    found: list[Comparison] = []
    for posterior in posteriors(options.checkout):
        if posterior.draws_file is None or (options.only and posterior.name not in options.only):
            continue
        try:
            for c in compare(posterior, options.seeds, settings):
                found.append(c)
                print(
                    f"{c.posterior:48} seed {c.seed} {'ok  ' if c.passed else 'FAIL'} {c.parameters:4} parameters  "
                    f"mean {c.mean:5.2f} se  sd {100 * c.spread:5.1f} %  R-hat {c.r_hat:.4f}  {c.divergences:4} "
                    f"divergences  ESS {c.min_ess:6.0f}  {c.gradients / c.min_ess:7.1f} gradients each  "
                    f"{c.seconds:6.2f} s",
                    flush=True,
                )
        except (pplc.PplcError, FileNotFoundError) as problem:
            print(f"{posterior.name:48} refused: {str(problem).strip().splitlines()[0]}", flush=True)
    print(f"{sum(c.passed for c in found)} of {len(found)} runs pass")
    if options.json:
        options.json.write_text(json.dumps([asdict(c) for c in found], indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
