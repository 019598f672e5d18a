"""Accuracy and speed of elementary functions in compiled code, as a table.

    python -m benchmarks.elementary [--write docs/elementary_functions.md] [--only NAME ...] [--points COUNT]

Errors of a function and of its derivatives are against mpmath, in units in the last place of the exact result; which
points are compared says `exact_functions`. Nanoseconds are per element of an array that fits the first cache, of
numbers from -5 to 5 as far as they are in the range: for the value, and for value and derivative.
"""

from __future__ import annotations

import argparse
import ctypes
import time
from pathlib import Path
from typing import Any

import mpmath as mp
import numpy as np
import pytensor
import pytensor.tensor as pt
from pplc.compiler import types
from pplc.compiler.backend.functions import CompiledFunction, compile_function
from pplc.compiler.library.expand import implementation

from benchmarks.exact_functions import ENTRIES, LARGEST, SMALLEST_NORMAL, Entry, points_of

POINTS = 4000
ELEMENTS = 1000
SECONDS = 0.3
HEAD = """\
| function | arguments | largest error, ulp | at | of the derivative, ulp | at | ns | ns with derivative |
|---|---|---|---|---|---|---|---|"""
BITS = 200


def compiled(name: str, arguments: int, size: int, derivatives: bool) -> CompiledFunction:
    """The function over vectors of one length, and its derivative in each argument."""
    inputs = [pt.tensor(f"x{number}", dtype="float64", shape=(size,)) for number in range(arguments)]
    value = implementation(name, (types.Vector(),) * arguments).build(*inputs)
    return compile_function(inputs, [value, *(pytensor.grad(value.sum(), inputs) if derivatives else ())], {})


def ulps(result: float, truth: Any) -> float:
    """How far a result is off, in units in the last place of the truth."""
    nearest = float(mp.re(truth))
    if not np.isfinite(nearest):
        return 0.0 if result == nearest else np.inf
    error = abs(mp.mpf(float(result)) - truth) / mp.mpf(float(np.spacing(abs(nearest))))
    return float(error) if error == error else np.inf


def errors(entry: Entry, count: int) -> list[tuple[float, tuple[float, ...]]]:
    """The largest error of the value and of the derivatives, in ulp, and where it is."""
    points = points_of(entry, count)
    value, *slopes = compiled(entry.name, len(points), count, True)(*points)
    worst: list[tuple[float, tuple[float, ...]]] = [(0.0, ()), (0.0, ())]

    def compare(part: int, result: float, truth: Any, at: tuple[float, ...]) -> None:
        error = 0.0 if part == 1 and not SMALLEST_NORMAL < abs(truth) < LARGEST else ulps(result, truth)
        if error > worst[part][0]:
            worst[part] = error, at

    with mp.workprec(BITS):
        for number, at in enumerate(zip(*points, strict=True)):
            exact = tuple(mp.mpf(float(x)) for x in at)
            try:
                compare(0, value[number], entry.exact(*exact), at)
                for place, slope in enumerate(slopes):
                    compare(1, slope[number], entry.slopes[place](*exact), at)
            except (ValueError, ZeroDivisionError):  # a pole, or a derivative that is infinite
                continue
    return worst


def nanoseconds(entry: Entry, derivatives: bool) -> float:
    """Per element; the fixed cost of a call is taken off."""
    function = compiled(entry.name, len(entry.ranges), ELEMENTS, derivatives)
    random = np.random.default_rng(4)
    points = [random.uniform(max(low, -5.0), min(high, 5.0), ELEMENTS) for low, high in entry.ranges]
    results = [np.empty(ELEMENTS) for _ in range(1 + derivatives * len(points))]
    pointers = [array.ctypes.data for array in (*points, *results)]
    call = ctypes.CFUNCTYPE(None, ctypes.c_int64, *[ctypes.c_void_p] * len(pointers))(
        function.bound.addresses["over_draws"]
    )

    def best(times: int) -> float:
        end, found = time.perf_counter() + SECONDS, np.inf
        while time.perf_counter() < end:
            begun = time.perf_counter()
            call(times, *pointers)
            found = min(found, time.perf_counter() - begun)
        return found

    return (best(1) - best(0)) / ELEMENTS * 1e9


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", type=Path)
    parser.add_argument("--only", nargs="+", default=[], help="other rows stay as they are")
    parser.add_argument("--points", type=int, default=POINTS)
    options = parser.parse_args()
    rows = {}
    for entry in ENTRIES:
        if options.only and entry.name not in options.only:
            continue
        cells = [f"`{entry.name}`", entry.domain]
        for error, at in errors(entry, options.points):
            cells += [f"{error:.2f}", ", ".join(f"{x:.4g}" for x in at)]
        cells += [f"{nanoseconds(entry, derivatives):.1f}" for derivatives in (False, True)]
        rows[_start(entry)] = f"| {' | '.join(cells)} |"
        print(rows[_start(entry)], flush=True)
    if options.write:
        head, _, table = options.write.read_text(encoding="utf-8").partition(HEAD)
        for line in table.splitlines():  # of functions that were not asked for
            rows.setdefault("|".join(line.split("|")[:3]), line)
        lines = [rows[start] for start in map(_start, ENTRIES) if start in rows]
        options.write.write_text("\n".join([head + HEAD, *lines]) + "\n", encoding="utf-8")


def _start(entry: Entry) -> str:
    """How the function's row begins."""
    return f"| `{entry.name}` | {entry.domain} "


if __name__ == "__main__":
    main()
