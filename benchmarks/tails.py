"""Logarithms of cdfs and of their complements from one tail to the other, value and slopes beside 80 digits.

    python -m benchmarks.tails                    every distribution of numbers that has a cdf
    python -m benchmarks.tails --names NAME ...   these only
    python -m benchmarks.tails --points N         as many for each function (default 30)

Parameters lie between 1e-3 and 1e3, probabilities also near 0 and 1. A logarithm is right to 1e-8 of itself, also where
it is nearly 0: it then is the other tail. So is a slope times its argument, or to 1e-13 of the largest. Asked is where
the logarithm is between -700 and -1e-60. A point at which we are wrong is printed.
"""

from __future__ import annotations

import argparse
import math
import warnings
import zlib
from collections import Counter

import mpmath as mp
import numpy as np
from pplc.compiler.library.definitions import Distribution, Support
from pplc.compiler.library.densities import parameters_of
from pplc.compiler.library.expand import is_library_name
from pplc.compiler.library.registry import distributions

from benchmarks import exact_densities
from benchmarks.distribution_edges import Both, is_univariate

TOLERANCE, LEAST_SLOPE = 1e-8, 1e-5
DECADES, NEAREST = 3, 8  # of numbers; of probabilities to 0 or 1
MOST_COUNTS = 300
type Arguments = tuple[float | int, ...]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--names", nargs="+", default=sorted(distributions()))
    parser.add_argument("--points", type=int, default=30)
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    exact_densities.DIGITS = 80
    for name in options.names:
        distribution = distributions()[name]
        if is_univariate(distribution) and distribution.log_cdf:
            print(f"{name:26} {dict(examine(distribution, options.points))}", flush=True)


def examine(distribution: Distribution, points: int) -> Counter[str]:
    random = np.random.default_rng(zlib.crc32(distribution.name.encode()))
    counts: Counter[str] = Counter()
    for part in ("lcdf", "lccdf"):
        if not is_library_name(f"{distribution.name}_{part}"):
            continue
        both = Both(distribution, part, compiled=False)
        for _ in range(points):
            arguments = tuple(number(p.support, random) for p in parameters_of(distribution))
            wrong = mistake(both, distribution, part, arguments)
            if wrong is None:
                continue
            counts["points"] += 1
            counts["wrong"] += bool(wrong)
            if wrong:
                print(f"    {both.name}{arguments}: {wrong}", flush=True)
    return counts


def number(support: Support, random: np.random.Generator) -> float | int:
    lower, upper = support.lower, support.upper
    if support.integer:
        low = int(lower or 0)
        if upper is not None:
            return int(random.integers(low, int(upper) + 1))
        return low + int(10 ** random.uniform(0, math.log10(MOST_COUNTS))) - 1
    if lower is not None and upper is not None:
        share = 10 ** random.uniform(-NEAREST, -0.3)
        return float(lower + (upper - lower) * (share if random.random() < 0.5 else 1 - share))
    size = float(10 ** random.uniform(-DECADES, DECADES))
    return float(lower) + size if lower is not None else size * float(random.choice([-1, 1]))


def mistake(both: Both, distribution: Distribution, part: str, arguments: Arguments) -> str | None:
    """What is wrong, if anything; None where nothing is asked or the formula has no number."""
    whole = tuple(a for a, integer in zip(arguments, both.integer, strict=True) if integer)
    reals = np.array([a for a, integer in zip(arguments, both.integer, strict=True) if not integer])
    value, gradient = both.ours(whole, np.append(reals, 1.0))
    if not -700 < value < -1e-60:
        return None
    try:
        expected, derivatives = exact_densities.exact(distribution, part, arguments)
    except (ArithmeticError, ValueError, TypeError):
        return None
    if not mp.isfinite(expected):
        return None
    wrong = []
    if abs(mp.mpf(value) - expected) > TOLERANCE * abs(expected):
        wrong.append(f"value {value:.15g} for {mp.nstr(expected, 15)}")
    slopes = np.array([float(d) for d in derivatives])
    sizes = np.abs(slopes * reals)
    allowed = TOLERANCE * np.maximum(sizes, LEAST_SLOPE * max(sizes, default=0.0))
    if not np.all(np.abs((gradient[: len(reals)] - slopes) * reals) <= allowed):
        wrong.append(f"slopes {gradient[: len(reals)]} for {slopes}")
    return ", ".join(wrong)


if __name__ == "__main__":
    main()
