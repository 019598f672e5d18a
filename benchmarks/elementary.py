"""Accuracy and speed of elementary functions in compiled code, as a table.

    python -m benchmarks.elementary [--write docs/elementary_functions.md] [--only NAME ...]

Errors are against mpmath, in units in the last place of the exact result, at random points all over the stated range
(and its magnitudes down to tiny ones). Nanoseconds are per element of an array that fits the first cache.
"""

from __future__ import annotations

import argparse
import ctypes
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import mpmath as mp
import numpy as np
import pytensor.tensor as pt
from pplc.compiler import types
from pplc.compiler.backend.functions import CompiledFunction, compile_function
from pplc.compiler.library.expand import implementation
from scipy.special import ndtri

POINTS = 2000
ELEMENTS = 1000
SECONDS = 0.3
SMALLEST = 1e-290  # results nearer to zero have fewer digits themselves


@dataclass(frozen=True)
class Entry:
    """A function of the language, its exact value, and where each argument is drawn from (magnitudes where log)."""

    name: str
    exact: Callable[..., Any]
    ranges: tuple[tuple[float, float], ...]
    log: bool = False

    @property
    def domain(self) -> str:
        return ", ".join(f"{low:g} to {high:g}" for low, high in self.ranges)


def _phi(x: Any) -> Any:
    return mp.erfc(-x / mp.sqrt(2)) / 2


def _phi_approx(x: Any) -> Any:
    return 1 / (1 + mp.exp(-(mp.mpf(0.07056) * x**3 + mp.mpf(1.5976) * x)))


def _inv_phi(p: Any) -> Any:
    z = mp.mpf(float(ndtri(float(p))))
    for _ in range(2):  # Newton's method on the logarithm, from sixteen digits
        cdf = mp.erfc(-z / mp.sqrt(2)) / 2
        z -= (mp.log(cdf) - mp.log(p)) * cdf / mp.npdf(z)
    return z


ENTRIES = (
    Entry("exp", mp.exp, ((-660, 709),)),
    Entry("expm1", mp.expm1, ((-40, 700),)),
    Entry("expm1", mp.expm1, ((1e-300, 1),), log=True),
    Entry("exp2", lambda x: mp.mpf(2) ** x, ((-960, 1023),)),
    Entry("log", mp.log, ((1e-300, 1e300),), log=True),
    Entry("log", mp.log, ((0.5, 2),)),
    Entry("log2", lambda x: mp.log(x) / mp.log(2), ((1e-300, 1e300),), log=True),
    Entry("log10", lambda x: mp.log(x) / mp.log(10), ((1e-300, 1e300),), log=True),
    Entry("log1p", mp.log1p, ((-0.999, 3),)),
    Entry("log1p", mp.log1p, ((1e-280, 1e300),), log=True),
    Entry("log1m", lambda x: mp.log1p(-x), ((-3, 0.999),)),
    Entry("log1m_exp", lambda x: mp.log(-mp.expm1(x)), ((-40, -1e-3),)),
    Entry("log1p_exp", lambda x: mp.log1p(mp.exp(x)), ((-600, 600),)),
    Entry("log_sum_exp", lambda x, y: mp.log(mp.exp(x) + mp.exp(y)), ((-40, 40), (-40, 40))),
    Entry("log_diff_exp", lambda x, y: mp.log(mp.exp(x) - mp.exp(y)), ((1, 40), (-40, 0.5))),
    Entry("inv_logit", lambda x: 1 / (1 + mp.exp(-x)), ((-600, 40),)),
    Entry("log_inv_logit", lambda x: -mp.log1p(mp.exp(-x)), ((-600, 600),)),
    Entry("logit", lambda x: mp.log(x) - mp.log1p(-x), ((1e-280, 0.4),), log=True),
    Entry("pow", mp.power, ((0.01, 100), (-100, 100))),
    Entry("pow", mp.power, ((0.99, 1.01), (-5000, 5000))),
    Entry("sqrt", mp.sqrt, ((1e-300, 1e300),), log=True),
    Entry("cbrt", mp.cbrt, ((1e-300, 1e300),), log=True),
    Entry("sin", mp.sin, ((-100, 100),)),
    Entry("cos", mp.cos, ((-100, 100),)),
    Entry("tan", mp.tan, ((-100, 100),)),
    Entry("asin", mp.asin, ((-1, 1),)),
    Entry("acos", mp.acos, ((-1, 1),)),
    Entry("atan", mp.atan, ((-50, 50),)),
    Entry("atan2", mp.atan2, ((-5, 5), (-5, 5))),
    Entry("sinh", mp.sinh, ((-700, 700),)),
    Entry("cosh", mp.cosh, ((-700, 700),)),
    Entry("tanh", mp.tanh, ((-20, 20),)),
    Entry("asinh", mp.asinh, ((-100, 100),)),
    Entry("acosh", mp.acosh, ((1.001, 100),)),
    Entry("atanh", mp.atanh, ((-0.999, 0.999),)),
    Entry("hypot", mp.hypot, ((-5, 5), (-5, 5))),
    Entry("erf", mp.erf, ((-6, 6),)),
    Entry("erfc", mp.erfc, ((-6, 25),)),
    Entry("Phi", _phi, ((-35, 8),)),
    Entry("Phi_approx", _phi_approx, ((-15, 15),)),
    Entry("inv_Phi", _inv_phi, ((1e-280, 0.49),), log=True),
    Entry("lgamma", mp.loggamma, ((1e-10, 0.9),), log=True),
    Entry("lgamma", mp.loggamma, ((2.1, 1e6),), log=True),
    Entry("tgamma", mp.gamma, ((0.1, 170),)),
    Entry("digamma", mp.digamma, ((0.01, 1.4),)),
    Entry("digamma", mp.digamma, ((1.52, 1e6),), log=True),
    Entry("trigamma", lambda x: mp.polygamma(1, x), ((0.01, 1e4),), log=True),
)


def compiled(name: str, arguments: int, size: int) -> CompiledFunction:
    """The function over vectors of one length."""
    inputs = [pt.tensor(f"x{number}", dtype="float64", shape=(size,)) for number in range(arguments)]
    function = implementation(name, (types.Vector(),) * arguments)
    return compile_function(inputs, [function.build(*inputs)], {})


def draw(entry: Entry, count: int) -> list[np.ndarray]:
    random = np.random.default_rng(3)
    found = []
    for low, high in entry.ranges:
        bounds = np.log([low, high]) if entry.log else (low, high)
        points = random.uniform(*bounds, count)
        found.append(np.exp(points) if entry.log else points)
    return found


def worst_error(entry: Entry) -> tuple[float, tuple[float, ...]]:
    """The largest error in ulp, and where it is."""
    points = draw(entry, POINTS)
    (results,) = compiled(entry.name, len(points), POINTS)(*points)
    worst, at = 0.0, (0.0,)
    with mp.workprec(200):
        for *arguments, result in zip(*points, results, strict=True):
            truth = entry.exact(*(mp.mpf(float(x)) for x in arguments))
            if abs(truth) < SMALLEST:
                continue
            error = float(abs(mp.mpf(float(result)) - truth) / mp.mpf(float(np.spacing(abs(float(truth))))))
            if not error <= worst:
                worst, at = error, tuple(map(float, arguments))
    return worst, at


def nanoseconds(entry: Entry) -> float:
    """Per element; the fixed cost of a call is taken off."""
    function = compiled(entry.name, len(entry.ranges), ELEMENTS)
    points = [np.ascontiguousarray(x) for x in draw(entry, ELEMENTS)]
    result = np.empty(ELEMENTS)
    pointers = [array.ctypes.data for array in (*points, result)]
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
    parser.add_argument("--only", nargs="+", default=[])
    options = parser.parse_args()
    lines = ["| function | arguments | largest error, ulp | at | ns per element |", "|---|---|---|---|---|"]
    for entry in ENTRIES:
        if options.only and entry.name not in options.only:
            continue
        error, at = worst_error(entry)
        where = ", ".join(f"{x:.4g}" for x in at)
        lines.append(f"| `{entry.name}` | {entry.domain} | {error:.2f} | {where} | {nanoseconds(entry):.1f} |")
        print(lines[-1], flush=True)
    if options.write:
        head = options.write.read_text(encoding="utf-8").partition("| function |")[0]
        options.write.write_text(head + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
