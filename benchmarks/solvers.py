"""Functions that take functions beside stanli, closed forms and differences: values, gradients, time, compilation.

    python -m benchmarks.solvers [--only PART ...] [--not PART ...]

For every program of `benchmarks.solver_problems`, at three points: how far our value and gradient are from stanli's
and from those of the closed form, and how far our gradient is from differences of our own value, all relative to
the norm of the gradient and one; then the time per gradient beside stanli's and the CPU time of compilation with an
empty cache. A line ends with what is beyond the tolerance of its problem.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import tempfile
import time
import warnings
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor

import numpy as np
import stanli

import pplc
from benchmarks.gradients import Loops, time_gradients
from benchmarks.solver_problems import CASES, Case
from pplc.model import Model

POINTS = 3
GLOBAL_ERROR = 1e4  # what errors of single steps may add up to, in tolerances
STEP = 2e-3  # of differences


def measure(case: Case) -> str:
    """A line about one program."""
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["PPLC_CACHE_DIR"] = folder
        _ = pplc.compile_model("parameters { real x; } model { x ~ normal(0, 1); }").logp_dlogp_address  # loads it all
        started = time.process_time()
        model = pplc.compile_model(case.text, {})
        address = model.logp_dlogp_address
        compiled = time.process_time() - started
        peer = None if case.alone else stanli.Model(stan_code=case.text, data={})
        exact = pplc.compile_model(case.exact_text, {}) if case.exact else None
        apart = distances(model, peer, exact)
    ode = "ode" in case.name or "dae" in case.name
    allowed = case.tolerance * GLOBAL_ERROR if ode else case.tolerance
    limits = {"stan": allowed, "exact": allowed, "differences": max(allowed / STEP, 1e-6)}
    wrong = [name for name, distance in apart.items() if not distance <= limits[name]]
    found = "  ".join(f"{name} {apart[name]:.0e}" if name in apart else " " * (len(name) + 6) for name in limits)
    line = f"{case.name:55} {found}  compile {compiled:4.1f} s"
    if peer is not None and "stan" not in apart:
        line += "   Stan's solver stops"
    elif peer is not None:
        ours, theirs = time_gradients(Loops(), address, peer, model.n_unconstrained)
        line += f" {ours / 1000:9.1f} us {theirs / 1000:9.1f} us ratio {theirs / ours:6.2f}"
    return line + (f"   BEYOND: {', '.join(wrong)}" if wrong else "")


def distances(model: Model, peer: stanli.Model | None, exact: Model | None) -> dict[str, float]:
    """How far values and gradients are from those of the others, and gradients from differences, at worst."""
    random = np.random.default_rng(3)
    found: dict[str, float] = {}
    offsets: dict[str, float] = {}
    for _ in range(POINTS):
        point = random.uniform(-0.5, 0.5, model.n_unconstrained)
        value, gradient = model.logp_dlogp(point)
        for name, other in (("stan", peer and peer.log_prob_grad), ("exact", exact and exact.logp_dlogp)):
            if other:
                try:
                    theirs, slope = other(point)
                except RuntimeError:  # Stan's solver has no answer
                    continue
                offset = offsets.setdefault(name, value - theirs)  # stanli drops constants
                size = 1 + np.linalg.norm(slope)
                apart = abs(value - theirs - offset) / size, np.linalg.norm(gradient - slope) / size
                found[name] = _max(found.get(name, 0), *apart)
        along = random.choice([-1.0, 1.0], point.size)
        apart = abs(_slope(lambda q: model.logp_dlogp(q)[0], point, along) - along @ gradient)
        found["differences"] = _max(found.get("differences", 0), apart / (1 + np.linalg.norm(gradient)))
    return found


def _max(*numbers: float) -> float:
    """The largest; nan if one is."""
    return float(np.max(numbers))


def _slope(density: Callable[[np.ndarray], float], point: np.ndarray, along: np.ndarray) -> float:
    near = density(point + STEP * along) - density(point - STEP * along)
    far = density(point + 2 * STEP * along) - density(point - 2 * STEP * along)
    return (8 * near - far) / (12 * STEP)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", default=[""], help="parts of the programs' names")
    parser.add_argument("--not", nargs="+", default=[], dest="without", help="parts of names that are left out")
    options = parser.parse_args()
    chosen = [
        case for case in CASES
        if any(part in case.name for part in options.only) and not any(part in case.name for part in options.without)
    ]  # fmt: skip
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(1, context)
    for case in chosen:
        try:
            print(pool.submit(measure, case).result(), flush=True)
        except Exception as problem:
            print(f"{case.name:55} {type(problem).__name__}: {str(problem).strip()[:300]}", flush=True)
            pool = ProcessPoolExecutor(1, context)  # the process may have ended


if __name__ == "__main__":
    main()
