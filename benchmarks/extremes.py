"""Log densities at huge and tiny arguments, value and gradient beside the formulas in 680 digits and Stan's.

    python -m benchmarks.extremes                    every distribution of numbers
    python -m benchmarks.extremes --names NAME ...   these only
    python -m benchmarks.extremes --points N         as many for each program (default 300)
    python -m benchmarks.extremes --decades N        from 1e-N to 1eN (default 145: squares can be written)

A value is right to 1e-10, or to 1e-8 where it is small; a slope to 1e-8, or so that the change with its argument is as
right as a value. Where the exact number is beyond 1e290 nothing is asked. A point at which we are wrong is printed,
with what Stan has.
"""

from __future__ import annotations

import argparse
import math
import warnings
import zlib
from collections import Counter
from collections.abc import Iterator
from itertools import product
from typing import Any

import numpy as np
import stanli
from pplc.compiler.library.definitions import Distribution, Support
from pplc.compiler.library.densities import parameters_of
from pplc.compiler.library.registry import distributions

import pplc
from benchmarks import formulas

VALUE, SMALL_VALUE, SLOPE = 1e-10, 1e-8, 1e-8
LARGEST = 1e290
SIZES = (0, 1, 3, 5, 8, 10, 12, 15, 20, 50, 100, 140, 200, 300)
EXPONENTS = sorted({*SIZES, *(-size for size in SIZES)})
COUNTS = (0, 1, 3, 40, 100_000, 2_000_000_000)
PROGRAMS = 8  # of a distribution with integers, each with others

type Arguments = tuple[float | int, ...]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--names", nargs="+", default=sorted(formulas.LOG_DENSITIES))
    parser.add_argument("--points", type=int, default=300)
    parser.add_argument("--decades", type=float, default=145)
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    for name in options.names:
        counts: Counter[str] = Counter()
        for arguments, ours, theirs in compared(distributions()[name], options.points, options.decades):
            wanted = expected(name, arguments)
            if wanted is None:
                continue
            wrong, stans = (mistakes(arguments, found, wanted) for found in (ours, theirs))
            counts["points"] += 1
            counts["wrong"] += bool(wrong)
            counts["of which Stan is right"] += bool(wrong and not stans)
            if wrong:
                print(f"    {name}{arguments}: {wrong}; Stan: {stans or 'right'}", flush=True)
        print(f"{name:26} {dict(counts)}", flush=True)


def compared(distribution: Distribution, count: int, decades: float) -> Iterator[tuple[Arguments, Any, Any]]:
    """Points and what we and Stan have there: (value, slopes)."""
    random = np.random.default_rng(zlib.crc32(distribution.name.encode()))
    everything = parameters_of(distribution)
    integer = [p.support.integer for p in everything]
    names = [f"a{i}" for i in range(len(everything))]
    ints = "".join(f"int {n}; " for n, i in zip(names, integer, strict=True) if i)
    reals = "".join(f"real {n}; " for n, i in zip(names, integer, strict=True) if not i)
    bar = f"{names[0]} | {', '.join(names[1:])}" if names[1:] else names[0]
    suffix = "lpmf" if distribution.discrete else "lpdf"
    text = f"data {{ {ints}}} parameters {{ {reals}}} model {{ target += {distribution.name}_{suffix}({bar}); }}"
    for whole in integers(distribution, random):
        data = dict(zip([n for n, i in zip(names, integer, strict=True) if i], whole, strict=True))
        ours, theirs = pplc.compile_model(text, data=data), stanli.Model(stan_code=text, data=data)
        for _ in range(count if not all(integer) else 1):
            position = np.array([point(p.support, random, decades) for p in everything if not p.support.integer])
            numbers, rest = iter(position.tolist()), iter(whole)
            arguments = tuple(next(rest) if i else next(numbers) for i in integer)
            yield arguments, result(ours.logp_dlogp, position, integer), result(theirs.log_prob_grad, position, integer)


def integers(distribution: Distribution, random: np.random.Generator) -> list[tuple[int, ...]]:
    supports = [p.support for p in parameters_of(distribution) if p.support.integer]
    ranges = [
        [n for n in COUNTS if n >= (s.lower or 0) and not (s.upper is not None and n > s.upper)] for s in supports
    ]
    choices = [c for c in product(*ranges) if formula_holds(distribution.name, c)]
    return [choices[i] for i in random.permutation(len(choices))[:PROGRAMS]] if len(choices) > PROGRAMS else choices


def formula_holds(name: str, whole: tuple[int, ...]) -> bool:
    match name, whole:
        case (("binomial" | "binomial_logit" | "beta_binomial"), (n, trials)):
            return n <= trials
        case "hypergeometric", (n, drawn, a, b):
            return n <= min(a, drawn) and drawn - n <= b
        case "discrete_range", (n, low, high):
            return low <= n <= high
    return True


def point(support: Support, random: np.random.Generator, decades: float) -> float:
    """A power of ten times something, half of them moderate."""
    exponent = (
        random.choice([e for e in EXPONENTS if abs(e) <= decades])
        if random.random() < 0.6
        else random.uniform(-1.5, 1.5)
    )
    size = float(random.uniform(1, 9)) * 10.0**exponent if random.random() < 0.8 else 10.0**exponent
    if support.lower == 0 and support.upper == 1:
        size = size if size < 1 else 1 / size
        return size if random.random() < 0.5 or size < 1e-16 else 1 - size
    if support.lower is not None:
        return float(support.lower) + size
    return size if random.random() < 0.5 else -size


def result(function: Any, position: np.ndarray, integer: list[bool]) -> tuple[float, list[float | None]]:
    try:
        value, gradient = function(position)
    except RuntimeError:
        return math.nan, [None if i else math.nan for i in integer]
    slopes = iter(np.asarray(gradient).tolist())
    return float(value), [None if i else next(slopes) for i in integer]


def expected(name: str, arguments: Arguments) -> tuple[float, list[float | None]] | None:
    try:
        value, slopes = formulas.log_density(name, *arguments), formulas.slopes(name, *arguments)
        numbers = float(value), [None if s is None else float(s) for s in slopes]
    except (ArithmeticError, ValueError, TypeError):  # outside the support, or beyond what can be written
        return None
    wanted = [numbers[0], *(s for s in numbers[1] if s is not None)]
    return numbers if all(abs(x) < LARGEST for x in wanted) else None


def mistakes(arguments: Arguments, found: Any, wanted: tuple[float, list[float | None]]) -> str:
    value, slopes = found
    exact, derivatives = wanted
    wrong = []
    if not abs(value - exact) <= max(VALUE * abs(exact), SMALL_VALUE):
        wrong.append(f"value {value:.15g} for {exact:.15g}")
    for place, (argument, slope, derivative) in enumerate(zip(arguments, slopes, derivatives, strict=True)):
        if derivative is None:
            continue
        error = abs(slope - derivative)
        if not (error <= SLOPE * abs(derivative) or error * abs(argument) <= max(VALUE * abs(exact), SMALL_VALUE)):
            wrong.append(f"slope {place} {slope:.10g} for {derivative:.10g}")
    return ", ".join(wrong)


if __name__ == "__main__":
    main()
