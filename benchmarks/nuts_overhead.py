"""What NUTS costs per leapfrog step beyond the log density, for 1 to 10,000 parameters.

The density is a standard normal, timed alone in a compiled loop and then inside the sampler, whose step size is
fixed: large for short trees, small for long ones. What a draw costs besides its steps, above all its normal variates,
is part of the overhead; one draw in a hundred is kept, so that memory which the system hands out for them is not.
Seconds are of the processor, the best of several runs, so that other processes matter little. An entry's target is
50 ns and 1 ns per parameter. Run: python -m benchmarks.nuts_overhead
"""

from __future__ import annotations

import time

import numba
import numpy as np
from pplc.runtime.contract import LogDensity, Target, Variable
from pplc.runtime.density import log_density_at
from pplc.runtime.drivers import drivers

REPEATS = 7
STEPS = 60_000_000  # leapfrog steps of a run, times the number of parameters plus 30
THIN = 100


def standard_normal(size: int) -> LogDensity:
    @numba.cfunc("float64(CPointer(float64), CPointer(float64))", fastmath={"reassoc", "contract", "nsz"})
    def function(position, gradient):
        total = 0.0
        for i in range(size):
            total += position[i] * position[i]
            gradient[i] = -position[i]
        return -0.5 * total

    return LogDensity(function.address, size, function)


@numba.njit
def call_repeatedly(address, position, gradient, times):
    total = 0.0
    for _ in range(times):
        total += log_density_at(address, position, gradient)
    return total


def density_time(density: LogDensity) -> float:
    """Nanoseconds per call."""
    position, gradient = np.ones(density.size), np.empty(density.size)
    times = STEPS // (density.size + 30)
    call_repeatedly(density.address, position, gradient, 1)
    best = np.inf
    for _ in range(REPEATS):
        began = time.process_time()
        call_repeatedly(density.address, position, gradient, times)
        best = min(best, time.process_time() - began)
    return best / times * 1e9


def step_time(density: LogDensity, step_size: float) -> tuple[float, float]:
    """Nanoseconds per leapfrog step inside NUTS, and the mean number of steps of a transition."""
    target = Target(density, (Variable("x", (density.size,)),), lambda q: {"x": q}, lambda q: "")
    nuts = drivers()["nuts"]
    best, mean, draws = np.inf, 10.0, 1
    for repeat in range(REPEATS + 1):
        settings = nuts.settings(draws=draws, thin=THIN, warmup=0, step_size=step_size, metric="diag")  # the identity
        began = time.process_time()
        result = nuts.run(target, settings, chains=1, seed=1)
        spent = time.process_time() - began
        mean = result.gradients / (draws * THIN)
        if repeat > 0:  # the first run only finds out how long trees are
            best = min(best, spent / result.gradients)
        draws = max(1, int(STEPS / (density.size + 30) / mean / THIN))
    return best * 1e9, mean


def main() -> None:
    columns = ("size", "steps/draw", "density ns", "step ns", "overhead ns", "target")
    print(" ".join(f"{column:>13}" for column in columns))
    for size in (1, 3, 10, 30, 100, 300, 1000, 3000, 10_000):
        density = standard_normal(size)
        alone = density_time(density)
        for step_size in (0.9, 0.2):
            inside, steps = step_time(density, step_size * size**-0.25)
            over = inside - alone
            values = (steps, alone, inside, over, 50 + size)
            print(f"{size:13} " + " ".join(f"{value:13.2f}" for value in values), flush=True)


if __name__ == "__main__":
    main()
