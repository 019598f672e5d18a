"""Nanoseconds per log density and gradient, ours and stanli's, for every posterior of posteriordb.

    python -m benchmarks.gradients PATH [--only NAME ...] [--json FILE] [--plot FILE] [--models]

Both are called through their C entry points from one compiled loop, in one process and thread, at the same point,
interleaved. Rounds are short and many, and the best one counts: another process on the machine disturbs some of them,
not all. Each posterior has a process of its own. `cold` is the CPU time from text and data to the first gradient with
an empty cache (the compiler itself being loaded), `warm` the same once more with what that has left there, `memory`
the highest resident size up to then, stanli not yet used.
"""

from __future__ import annotations

import argparse
import ctypes
import gc
import json
import multiprocessing
import os
import resource
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import llvmlite.binding as llvm
import numpy as np
import stanli

import pplc
from benchmarks.checkout import Posterior, one_per_model, posteriors

ROUND_SECONDS = 0.001
SECONDS = 1.0  # per posterior
LONGEST_SECONDS = 600.0  # until a posterior is given up

LOOPS = """
define void @ours(i64 %times, ptr %f, ptr %q, ptr %g) {
entry:
  br label %body
body:
  %i = phi i64 [0, %entry], [%next, %body]
  %r = call double %f(ptr %q, ptr %g)
  %next = add i64 %i, 1
  %more = icmp slt i64 %next, %times
  br i1 %more, label %body, label %end
end:
  ret void
}
define void @stanli(i64 %times, ptr %f, ptr %model, ptr %q, ptr %lp, ptr %g) {
entry:
  br label %body
body:
  %i = phi i64 [0, %entry], [%next, %body]
  %r = call i32 %f(ptr %model, ptr %q, ptr %lp, ptr %g)
  %next = add i64 %i, 1
  %more = icmp slt i64 %next, %times
  br i1 %more, label %body, label %end
end:
  ret void
}
"""


@dataclass
class Timing:
    """One posterior: nanoseconds per gradient and seconds of preparation, ours and stanli's; megabytes of ours."""

    posterior: str
    size: int
    ours: float
    stanli: float
    cold: float
    warm: float
    prepare_stanli: float
    memory: float

    @property
    def ratio(self) -> float:
        return self.stanli / self.ours


class Loops:
    """The two compiled loops."""

    def __init__(self) -> None:
        llvm.initialize_native_target()
        llvm.initialize_native_asmprinter()
        machine = llvm.Target.from_default_triple().create_target_machine()
        self._engine = llvm.create_mcjit_compiler(llvm.parse_assembly(LOOPS), machine)
        self._engine.finalize_object()
        pointer, number = ctypes.c_void_p, ctypes.c_int64
        address = self._engine.get_function_address
        self.ours = ctypes.CFUNCTYPE(None, number, *[pointer] * 3)(address("ours"))
        self.stanli = ctypes.CFUNCTYPE(None, number, *[pointer] * 5)(address("stanli"))


def measure(posterior: Posterior, loops: Loops) -> Timing:
    """Time one posterior at a random point."""
    data = posterior.data()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["PPLC_CACHE_DIR"] = folder
        prepared = []
        for _ in ("cold", "warm"):
            started = time.process_time()
            model = pplc.compile_model(posterior.text, data)
            size = model.n_unconstrained
            address = model.logp_dlogp_address
            prepared.append(time.process_time() - started)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024.0**2 if sys.platform == "darwin" else 1024.0)
    gc.collect()
    started = time.perf_counter()
    peer = stanli.Model(stan_code=posterior.text, data=data)
    prepared_peer = time.perf_counter() - started
    ours, theirs = time_gradients(loops, address, peer, size)
    return Timing(posterior.name, size, ours, theirs, *prepared, prepared_peer, peak)


def time_gradients(
    loops: Loops, address: int, peer: stanli.Model, size: int, seconds: float = SECONDS
) -> tuple[float, float]:
    """Nanoseconds per gradient of the function at `address` and of stanli's, at a random point.

    Time is that of the processor, so that other processes matter little.
    """
    position = _point(peer, size)
    gradient, log_density = np.empty(size), np.empty(1)
    entry = ctypes.cast(stanli._lib.stanli_grad, ctypes.c_void_p).value

    def ours(times: int) -> None:
        loops.ours(times, address, position.ctypes.data, gradient.ctypes.data)

    def theirs(times: int) -> None:
        loops.stanli(times, entry, peer._m, position.ctypes.data, log_density.ctypes.data, gradient.ctypes.data)

    counts = [_count(ours), _count(theirs)]
    best = [np.inf, np.inf]
    end = time.process_time() + seconds
    while time.process_time() < end:
        for k, run in enumerate((ours, theirs)):
            begun = time.process_time()
            run(counts[k])
            best[k] = min(best[k], (time.process_time() - begun) / counts[k] * 1e9)
    return best[0], best[1]


def _count(run: Callable[[int], None]) -> int:
    """How many calls fill a round."""
    times = 1
    while True:
        begun = time.process_time()
        run(times)
        spent = time.process_time() - begun
        if spent > ROUND_SECONDS / 4:
            return max(1, int(times * ROUND_SECONDS / spent))
        times *= 4


def _point(peer: stanli.Model, size: int) -> np.ndarray:
    """A random point where Stan's density is finite: near zero, or else where Stan looks for initial values."""
    random = np.random.default_rng(1)
    near = [0.5 * 0.95**attempt for attempt in range(100)]
    for width in [*near, *[2.0] * 1000]:
        point = random.uniform(-width, width, size)
        try:
            if np.isfinite(peer.log_prob_grad(point)[0]):
                return point
        except RuntimeError:
            continue
    raise RuntimeError("no point with a finite density was found")


def timings(chosen: Iterator[Posterior], only: list[str]) -> Iterator[Timing]:
    """Time posteriors one by one, telling of those that cannot be."""
    for posterior in chosen:
        if only and posterior.name not in only and posterior.model not in only:
            continue
        try:
            timing = _apart(posterior)
        except Exception as problem:
            print(f"{posterior.name:60} {type(problem).__name__}: {str(problem).strip()[:100]}", flush=True)
            continue
        print(
            f"{timing.posterior:60} {timing.size:6} {timing.ours:12.0f} ns {timing.stanli:12.0f} ns "
            f"ratio {timing.ratio:6.2f}   cold {timing.cold:6.2f} s  warm {timing.warm:5.2f} s  "
            f"stanli {timing.prepare_stanli:5.2f} s   {timing.memory:4.0f} MB",
            flush=True,
        )
        yield timing


def _apart(posterior: Posterior) -> Timing:
    """Measure in a process of its own, which has a peak of memory and caches of its own."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(1) as pool:
        return pool.apply_async(_alone, (posterior,)).get(LONGEST_SECONDS)


def _alone(posterior: Posterior) -> Timing:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pplc.compile_model("parameters { real x; } model { x ~ normal(0, 1); }").logp_dlogp(np.zeros(1))  # loads it
        return measure(posterior, Loops())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkout", type=Path)
    parser.add_argument("--only", nargs="+", default=[])
    parser.add_argument("--models", action="store_true", help="one posterior per model")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--plot", type=Path)
    options = parser.parse_args()
    chosen = one_per_model(options.checkout) if options.models else posteriors(options.checkout)
    found = list(timings(chosen, options.only))
    if not found:
        return
    ratios = np.array([timing.ratio for timing in found])
    print(f"{len(found)} posteriors, geometric mean of stanli/pplc: {np.exp(np.log(ratios).mean()):.2f}")
    print("worst:", ", ".join(f"{t.posterior} {t.ratio:.2f}" for t in sorted(found, key=lambda t: t.ratio)[:10]))
    for word in ("cold", "warm", "memory"):
        worst = max(found, key=lambda t: getattr(t, word))
        median = np.median([getattr(t, word) for t in found])
        print(f"{word}: median {median:.2f}, worst {getattr(worst, word):.2f} ({worst.posterior})")
    if options.json:
        rows = [asdict(timing) | {"ratio": timing.ratio} for timing in found]
        options.json.write_text(json.dumps(rows, indent=1), encoding="utf-8")
    if options.plot:
        _plot(found, options.plot)


def _plot(found: list[Timing], path: Path) -> None:
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots()
    axes.loglog([t.size for t in found], [t.ratio for t in found], "o")
    axes.axhline(1, color="grey")
    axes.set_xlabel("unconstrained parameters")
    axes.set_ylabel("time of stanli / time of pplc")
    figure.savefig(path)


if __name__ == "__main__":
    main()
