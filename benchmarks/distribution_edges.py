"""Univariate distributions at their edges, value and gradient against Stan's: bounds, infinities, nan, far tails.

    python -m benchmarks.distribution_edges                    every distribution
    python -m benchmarks.distribution_edges --names NAME ...   these only
    python -m benchmarks.distribution_edges --compiled         through the whole compiler: slower
    python -m benchmarks.distribution_edges --json FILE        results as JSON

Every argument takes each of its edges while the others are moderate, then all take edges at random. Outcomes of a
call: agrees, rejected (by both), differs, `stan nan` (a gradient that Stan has no number for, ours finite), exact
(Stan differs from what the formula is worth in thirty digits, ours does not; see exact_densities.py).
"""

from __future__ import annotations

import argparse
import json
import math
import warnings
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytensor
import pytensor.tensor as pt
import stanli
from pplc.compiler.library.definitions import Distribution, Parameter, Support
from pplc.compiler.library.densities import checked_arguments, parameters_of, pointwise
from pplc.compiler.library.expand import is_library_name
from pplc.compiler.library.registry import distributions
from pplc.compiler.types import Int, Real
from pytensor.compile.mode import Mode

import pplc
from benchmarks.exact_densities import exact

TOLERANCE = 1e-8
RANDOM_POINTS = 60
PARTS = ("lpdf", "lpmf", "cdf", "lcdf", "lccdf")
type Arguments = tuple[float | int, ...]
type Evaluate = Callable[[Arguments, np.ndarray], tuple[float, np.ndarray]]


@dataclass
class Outcome:
    function: str
    arguments: list[float | int]
    status: str
    message: str = ""


def is_univariate(distribution: Distribution) -> bool:
    return not any(p.support.core for p in parameters_of(distribution))


# Points -----------------------------------------------------------------------------------------


def moderate(support: Support, random: np.random.Generator) -> float | int:
    lower, upper = support.lower, support.upper
    if support.integer:
        return int(random.integers(0 if lower is None else lower, 8 if upper is None else upper + 1))
    if lower is not None and upper is not None:
        return float(lower + (upper - lower) * random.uniform(0.1, 0.9))
    return float(random.normal()) if lower is None else float(lower + math.exp(random.normal(scale=0.6)))


def edges(support: Support) -> list[float | int]:
    lower, upper = support.lower, support.upper
    if support.integer:
        low, high = int(lower or 0), None if upper is None else int(upper)
        values = [low - 1, low, low + 1, 3, 40, 300] if high is None else [low - 1, low, high, high + 1]
        return sorted(set(values))
    found: list[float] = [math.nan, math.inf, -math.inf]
    for bound in (lower, upper):
        if bound is not None:
            found += [bound, bound - 1e-7, bound + 1e-7, bound - 1.0, bound + 1.0]
    if lower is not None and upper is not None:
        return [*found, lower + 1e-3, upper - 1e-3]
    sides = (1.0,) if lower is not None else (1.0, -1.0)
    base = lower or 0.0
    return found + [base + side * size for side in sides for size in (1e-5, 0.3, 5.0, 12.0, 40.0, 1e3, 1e6, 1e9)]


def points(distribution: Distribution) -> Iterator[Arguments]:
    random = np.random.default_rng(zlib.crc32(distribution.name.encode()))
    everything = parameters_of(distribution)

    for _ in range(2):
        base = [moderate(p.support, random) for p in everything]
        yield tuple(base)
        for place, parameter in enumerate(everything):
            for value in edges(parameter.support):
                yield (*base[:place], value, *base[place + 1 :])
    for _ in range(RANDOM_POINTS):
        yield tuple(_either(p, random) for p in everything)


def _either(parameter: Parameter, random: np.random.Generator) -> float | int:
    values = edges(parameter.support)
    return moderate(parameter.support, random) if random.random() < 0.4 else values[int(random.integers(len(values)))]


# Comparison -------------------------------------------------------------------------------------


class Both:
    """One function of a distribution in both compilers.

    A real argument is a quotient of parameters, of which nothing is known beforehand. Each choice of integers is a
    program of its own, too many to compile, so those functions are always evaluated by PyTensor.
    """

    def __init__(self, distribution: Distribution, part: str, compiled: bool) -> None:
        self.distribution, self.part = distribution, part
        self.name = f"{distribution.name}_{part}"
        self.integer = [p.support.integer for p in parameters_of(distribution)]
        names = [f"a{i}" for i in range(len(self.integer))]
        ints = "".join(f"int {n}; " for n, i in zip(names, self.integer, strict=True) if i)
        reals = "".join(f"real {n}; " for n, i in zip(names, self.integer, strict=True) if not i)
        first, *rest = [n if i else f"{n} / one" for n, i in zip(names, self.integer, strict=True)]
        bar = f"{first} | {', '.join(rest)}" if rest else first
        self.text = f"data {{ {ints}}} parameters {{ {reals}real one; }} model {{ target += {self.name}({bar}); }}"
        self.ours = self._compiled() if compiled and not any(self.integer) else self._interpreted()
        self.theirs = cache(lambda ints: stanli.Model(stan_code=self.text, data=self._data(ints)))

    def __call__(self, arguments: Arguments) -> tuple[Any, Any]:
        ints = tuple(a for a, i in zip(arguments, self.integer, strict=True) if i)
        position = np.array([a for a, i in zip(arguments, self.integer, strict=True) if not i] + [1.0])
        try:
            expected, slopes = self.theirs(ints).log_prob_grad(position)
        except RuntimeError:
            expected, slopes = math.nan, position
        return self.ours(ints, position), (expected, slopes[:-1])

    def _data(self, ints: Arguments) -> dict[str, Any]:
        places = [place for place, integer in enumerate(self.integer) if integer]
        return {f"a{place}": value for place, value in zip(places, ints, strict=True)}

    def _compiled(self) -> Evaluate:
        model = pplc.compile_model(self.text)

        def evaluate(ints: Arguments, position: np.ndarray) -> tuple[float, np.ndarray]:
            value, gradient = model.logp_dlogp(position)
            return value, gradient[:-1]

        return evaluate

    def _interpreted(self) -> Evaluate:
        variables = [pt.lscalar() if i else pt.dscalar() for i in self.integer]
        types = [Int() if i else Real() for i in self.integer]
        value = pointwise(self.distribution, self.part, variables, types, 0)
        for _, support, argument in checked_arguments(self.distribution, self.part, variables, types, 0):
            value = pt.switch(support.holds(argument), value, -np.inf)
        reals = [v for v, i in zip(variables, self.integer, strict=True) if not i]
        slopes = pt.grad(value, reals, disconnected_inputs="ignore") if reals else []
        function = pytensor.function(variables, [value, *slopes], mode=Mode("py", None), on_unused_input="ignore")

        def evaluate(ints: Arguments, position: np.ndarray) -> tuple[float, np.ndarray]:
            rest, whole = iter(position), iter(ints)
            value, *gradient = function(*(next(whole) if i else next(rest) for i in self.integer))
            return float(value), np.array(gradient, float)

        return evaluate


def judge(ours: Any, theirs: Any) -> tuple[str, str]:
    value, gradient = ours
    expected, slopes = theirs
    text = f"ours {value:.12g} {_short(gradient)}"
    if math.isnan(expected):
        return ("rejected", "") if not math.isfinite(value) else ("differs", f"{text}, Stan rejects")
    text += f", Stan {expected:.12g} {_short(slopes)}"
    if math.isinf(expected):
        return ("agrees", "") if value == expected or (expected < 0 and math.isnan(value)) else ("differs", text)
    if not abs(value - expected) <= TOLERANCE * max(1.0, abs(expected)):
        return "differs", text
    if not np.isfinite(slopes).all():
        return ("both nan" if not np.isfinite(gradient).all() else "stan nan"), text
    if not np.isfinite(gradient).all():
        return "differs", text
    scale = max(1e-3, float(np.linalg.norm(slopes)))
    return ("agrees", "") if np.linalg.norm(gradient - slopes) <= TOLERANCE * scale else ("gradient differs", text)


def _short(numbers: np.ndarray) -> str:
    return np.array2string(np.asarray(numbers), precision=10, max_line_width=10**6)


def examine(distribution: Distribution, compiled: bool) -> Iterator[Outcome]:
    for part in PARTS:
        if not is_library_name(f"{distribution.name}_{part}"):
            continue
        both = Both(distribution, part, compiled)
        for arguments in points(distribution):
            ours, theirs = both(arguments)
            status, message = judge(ours, theirs)
            if "differs" in status and is_exact(distribution, part, arguments, ours):
                status = "exact"
            yield Outcome(both.name, list(arguments), status, message)


def is_exact(distribution: Distribution, part: str, arguments: Arguments, ours: tuple[float, np.ndarray]) -> bool:
    """Whether value and gradient are those of the formula without rounding."""
    value, gradient = ours
    if not np.isfinite([value, *gradient, *arguments]).all():
        return False
    try:
        expected, slopes = exact(distribution, part, arguments)
        slopes = np.array([float(slope) for slope in slopes])
        right = abs(value - float(expected)) <= TOLERANCE * max(1.0, abs(float(expected)))
    except (ArithmeticError, ValueError, KeyError, TypeError, NotImplementedError):
        return False
    return bool(right and np.linalg.norm(gradient - slopes) <= TOLERANCE * max(1e-3, float(np.linalg.norm(slopes))))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--names", nargs="+", default=sorted(distributions()))
    parser.add_argument("--compiled", action="store_true", help="compile the programs instead of evaluating graphs")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    everything: list[Outcome] = []
    for name in options.names:
        distribution = distributions()[name]
        if not is_univariate(distribution):
            continue
        found = list(examine(distribution, options.compiled))
        everything += found
        print(f"{name:28} {dict(Counter(o.status for o in found))}", flush=True)
        for outcome in found:
            if "differs" in outcome.status:
                print(
                    f"    {outcome.status} {outcome.function}{tuple(outcome.arguments)}: {outcome.message}", flush=True
                )
    print(dict(Counter(o.status for o in everything)))
    if options.json:
        options.json.write_text(json.dumps([asdict(o) for o in everything], indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
