"""Compiles every model of posteriordb and compares log density and gradient with Stan's own, through stanli.

    python -m benchmarks.posteriordb PATH                 PATH: a checkout of stan-dev/posteriordb
    python -m benchmarks.posteriordb PATH --only NAME ... these models (or posteriors, with --posteriors) only
    python -m benchmarks.posteriordb PATH --json FILE     results also as JSON

At three random unconstrained points: the gradient's error relative to its norm, and the error of differences of
log density between the points (Stan drops constants, so values themselves differ). At the first of them parameters,
transformed parameters and generated quantities that no random number decides are compared, too (see `quantities`),
which is reported apart. The others have to be below 1e-8. Where they are not, and Stan's gradient is not that of Stan's
own density (see `points`), other points are taken, which the output says.
"""

from __future__ import annotations

import argparse
import json
import time
import traceback
import warnings
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import stanli

import pplc
from benchmarks import points
from benchmarks.checkout import Posterior, one_per_model, posteriors
from benchmarks.quantities import disagreement

TOLERANCE = 1e-8
POINTS = 3


@dataclass
class Outcome:
    """How one model fared; `status` is agrees, differs, refused, failed, no data or no point."""

    model: str
    posterior: str
    status: str
    size: int = 0
    gradient_error: float = float("nan")
    density_error: float = float("nan")
    quantities_error: float = float("nan")
    worst_quantity: str = ""
    seconds: float = float("nan")  # to compile
    message: str = ""


def examine(posterior: Posterior, seed: int = 1, radius: float = 0.5) -> Outcome:
    """Compile one posterior and compare it."""
    outcome = Outcome(posterior.model, posterior.name, "agrees")
    try:
        data = posterior.data()
    except FileNotFoundError:
        outcome.status = "no data"
        return outcome
    started = time.perf_counter()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model = pplc.compile_model(posterior.text, data)
            outcome.size = model.n_unconstrained
            model.logp_dlogp(np.zeros(outcome.size))
    except pplc.PplcError as problem:
        outcome.status, outcome.message = "refused", str(problem).strip().splitlines()[0]
        return outcome
    except Exception as problem:
        frame = traceback.extract_tb(problem.__traceback__)[-1]
        outcome.status = "failed"
        outcome.message = f"{type(problem).__name__}: {str(problem)[:120]} ({Path(frame.filename).name}:{frame.lineno})"
        return outcome
    outcome.seconds = time.perf_counter() - started
    peer = stanli.Model(stan_code=posterior.text, data=data)
    random = np.random.default_rng(seed)
    try:
        chosen = points.usable(peer, outcome.size, random, radius, POINTS)
    except RuntimeError as problem:
        outcome.status, outcome.message = "no point", f"stanli: {problem}"
        return outcome
    _compare(outcome, model, peer, chosen)
    worst = disagreement(model, peer, chosen[0])
    outcome.quantities_error, outcome.worst_quantity = worst.error, worst.variable
    if outcome.status == "differs" and not all(points.has_its_gradient(peer, point, random) for point in chosen):
        others = points.consistent(peer, outcome.size, random, radius, POINTS)
        if len(others) == POINTS:
            outcome.message = (
                f"farther away; near zero {outcome.gradient_error:.1e}, Stan's gradient is not exact there"
            )
            _compare(outcome, model, peer, others)
    return outcome


def _compare(outcome: Outcome, model: pplc.Model, peer: stanli.Model, chosen: list[np.ndarray]) -> None:
    """Set the errors and the status."""
    ours = [model.logp_dlogp(point) for point in chosen]
    theirs = [peer.log_prob_grad(point) for point in chosen]
    pairs = list(zip(ours, theirs, strict=True))
    outcome.gradient_error = max(
        float(np.linalg.norm(g - h) / max(np.linalg.norm(h), 1e-300)) for (_, g), (_, h) in pairs
    )
    differences = [(a[0] - ours[0][0], b[0] - theirs[0][0]) for a, b in pairs[1:]]
    outcome.density_error = max(abs(a - b) / max(1.0, abs(b)) for a, b in differences)
    agrees = outcome.gradient_error <= TOLERANCE and outcome.density_error <= TOLERANCE
    outcome.status = "agrees" if agrees else "differs"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkout", type=Path)
    parser.add_argument("--only", nargs="+", default=[])
    parser.add_argument("--posteriors", action="store_true", help="every posterior, not one per model")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    chosen = posteriors(options.checkout) if options.posteriors else one_per_model(options.checkout)
    outcomes = []
    for posterior in chosen:
        if options.only and posterior.model not in options.only and posterior.name not in options.only:
            continue
        outcome = examine(posterior)
        outcomes.append(outcome)
        numbers = (
            f"gradient {outcome.gradient_error:.1e}  density {outcome.density_error:.1e}  "
            f"quantities {outcome.quantities_error:.1e}  {outcome.seconds:6.2f} s"
        )
        detail = f"{numbers} {outcome.message}" if outcome.status in ("agrees", "differs") else outcome.message
        print(f"{outcome.model:50} {outcome.status:8} {detail}", flush=True)
    counts = {status: sum(o.status == status for o in outcomes) for status in dict.fromkeys(o.status for o in outcomes)}
    seconds = [o.seconds for o in outcomes if np.isfinite(o.seconds)]
    print(", ".join(f"{count} {status}" for status, count in counts.items()))
    others = [o for o in outcomes if o.quantities_error > TOLERANCE]
    print("quantities differ in", ", ".join(f"{o.model} (`{o.worst_quantity}`)" for o in others) or "none")
    if seconds:
        print(f"compile time: median {np.median(seconds):.2f} s, worst {max(seconds):.2f} s")
    if options.json:
        options.json.write_text(json.dumps([asdict(o) for o in outcomes], indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
