"""Compares NUTS with the reference draws of posteriordb.

    python benchmarks/reference_draws.py PATH             PATH: a checkout of stan-dev/posteriordb
    python benchmarks/reference_draws.py PATH --only NAME ... --draws 2000 --metric diag

For every parameter: the means may differ by 4 combined Monte Carlo standard errors, standard deviations by 10 %, and
R-hat may be 1.01. The largest of each over the parameters is shown; with hundreds of parameters one of them lies
beyond 4 standard errors by chance now and then.
"""

from __future__ import annotations

import argparse
import json
import time
import warnings
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from pplc.runtime.drivers import drivers
from pplc.runtime.expansion import expand_draws
from pplc.runtime.summary import summarise

import pplc
from benchmarks.checkout import Posterior, posteriors

CHAINS = 4


@dataclass
class Comparison:
    """The worst of each over the parameters of one posterior."""

    posterior: str
    parameters: int
    mean: float  # difference of means in combined standard errors
    deviation: float  # ratio of standard deviations, less 1
    r_hat: float
    divergences: int
    min_ess: float
    seconds: float

    @property
    def passed(self) -> bool:
        return self.mean <= 4 and self.deviation <= 0.1 and self.r_hat <= 1.01


def compare(posterior: Posterior, draws: int, warmup: int, metric: str, seed: int) -> Comparison:
    """Sample one posterior and compare it."""
    reference = posterior.reference()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = pplc.compile_model(posterior.text, posterior.data())
    target = model.target()
    nuts = drivers()["nuts"]
    settings = nuts.settings(draws=draws, warmup=warmup, metric=metric)
    started = time.perf_counter()
    result = nuts.run(target, settings, chains=CHAINS, seed=seed)
    seconds = time.perf_counter() - started
    sample = result.sample.rectangle()
    wanted = {name.split("[")[0] for name in reference}
    values = {name: array for name, array in expand_draws(sample, target, seed).values.items() if name in wanted}
    summary = summarise(values)
    rows = [(row, reference[name]) for name, row in zip(summary.names, summary.table, strict=True) if name in reference]
    columns = dict(zip(("mean", "sd", "q5", "q50", "q95", "mcse", "bulk", "tail", "r_hat"), range(9), strict=True))
    means, deviations = [0.0], [0.0]
    for row, expected in rows:
        if row[columns["sd"]] == 0:
            continue
        error = np.hypot(row[columns["mcse"]], expected.std(ddof=1) / np.sqrt(len(expected)))
        means.append(abs(row[columns["mean"]] - expected.mean()) / error)
        deviations.append(abs(row[columns["sd"]] / expected.std(ddof=1) - 1))
    table = np.array([row for row, _ in rows])
    return Comparison(
        posterior.name,
        len(rows),
        max(means),
        max(deviations),
        float(np.nanmax(table[:, columns["r_hat"]])),
        int(sample.statistics["diverging"].sum()),
        float(np.nanmin(table[:, columns["bulk"]])),
        seconds,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkout", type=Path)
    parser.add_argument("--only", nargs="+", default=[])
    parser.add_argument("--draws", type=int, default=2000)
    parser.add_argument("--warmup", type=int, default=1000)
    parser.add_argument("--metric", default="fisher")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    found = []
    for posterior in posteriors(options.checkout):
        if posterior.draws_file is None or (options.only and posterior.name not in options.only):
            continue
        try:
            comparison = compare(posterior, options.draws, options.warmup, options.metric, options.seed)
        except (pplc.PplcError, FileNotFoundError) as problem:
            print(f"{posterior.name:55} refused: {str(problem).strip().splitlines()[0]}", flush=True)
            continue
        found.append(comparison)
        c = comparison
        print(
            f"{c.posterior:55} {'ok  ' if c.passed else 'FAIL'} {c.parameters:4} parameters  mean {c.mean:5.2f} se  "
            f"sd {100 * c.deviation:5.1f} %  R-hat {c.r_hat:.4f}  {c.divergences:4} divergences  "
            f"ESS {c.min_ess:6.0f}  {c.seconds:6.2f} s",
            flush=True,
        )
    print(f"{sum(c.passed for c in found)} of {len(found)} pass")
    if options.json:
        options.json.write_text(json.dumps([asdict(c) for c in found], indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
