"""The `_rng` functions in generated quantities, against the library's own cdfs and masses, which tests hold to SciPy's.

    python -m benchmarks.draws                    every univariate distribution
    python -m benchmarks.draws --names NAME ...   these only
    python -m benchmarks.draws --draws 5000       draws per setting of the parameters

Kolmogorov-Smirnov for reals, chi-square for integers, at several settings and at the edges of the parameters; the
vectorised call at the same settings; the same seed must give the same draws. The p-values of all tests together
should look uniform: those below 1e-6 are reported. Matrices and vectors: `tests/laws/test_multivariate_draws.py`.
"""

from __future__ import annotations

import argparse
import math
import warnings
import zlib
from collections.abc import Callable
from typing import Any

import numpy as np
import pytensor
import pytensor.tensor as pt
import scipy.stats
from pplc.compiler.library.definitions import Distribution, Support
from pplc.compiler.library.densities import parameters_of, pointwise
from pplc.compiler.library.expand import is_library_name, signatures_of
from pplc.compiler.library.registry import distributions
from pplc.compiler.types import Array, Int, Real
from pytensor.compile.mode import Mode

import pplc

SETTINGS = 4
SMALLEST = 1e-6
type Values = list[list[float | int]]


def is_drawn(distribution: Distribution) -> bool:
    scalar = not any(p.support.core for p in parameters_of(distribution))
    return scalar and distribution.draw is not None and is_library_name(f"{distribution.name}_rng")


def is_vectorised(distribution: Distribution) -> bool:
    return any(isinstance(s.result, Array) for s in signatures_of(f"{distribution.name}_rng"))


def settings(distribution: Distribution) -> Values:
    """Values of each parameter: moderate ones, then its closed bounds."""
    random = np.random.default_rng(zlib.crc32(distribution.name.encode()))
    found: Values = []
    for _ in range(SETTINGS):
        found.append([_moderate(p.support, random) for p in distribution.parameters])
    for place, parameter in enumerate(distribution.parameters):
        support = parameter.support
        for bound in (support.lower, support.upper):
            if bound is not None and ("at least" in support.text or "at most" in support.text):
                edge = [_moderate(p.support, random) for p in distribution.parameters]
                edge[place] = int(bound) if support.integer else float(bound)
                found.append(edge)
    return [_fitting(distribution.name, values) for values in found]


def _moderate(support: Support, random: np.random.Generator) -> float | int:
    lower, upper = support.lower, support.upper
    if support.integer:
        return int(random.integers(2, 9)) + int(lower or 0)
    if lower is not None and upper is not None:
        return float(lower + (upper - lower) * random.uniform(0.1, 0.9))
    return float(random.normal()) if lower is None else float(lower + math.exp(random.normal(scale=0.6)))


def _fitting(name: str, values: list[float | int]) -> list[float | int]:
    """Parameters that must fit each other, made so."""
    if name in ("uniform", "discrete_range"):
        return sorted(values) if values[0] != values[1] else [values[0], values[1] + 1]
    if name == "hypergeometric":
        return [min(values[0], values[1] + values[2]), *values[1:]]
    return values


def program(distribution: Distribution) -> str:
    names = [f"a{i}" for i in range(len(distribution.parameters))]
    kinds = ["int" if p.support.integer else "real" for p in distribution.parameters]
    data = " ".join(f"array[S] {kind} {name};" for kind, name in zip(kinds, names, strict=True))
    outcome = "int" if distribution.discrete else "real"
    many = f"array[S] {outcome} v = {distribution.name}_rng({', '.join(names)});" if is_vectorised(distribution) else ""
    call = f"{distribution.name}_rng({', '.join(f'{name}[s]' for name in names)})"
    return (
        f"data {{ int S; int N; {data} }} parameters {{ real unused; }} model {{ unused ~ std_normal(); }}"
        f"generated quantities {{ array[S, N] {outcome} y; for (s in 1:S) for (n in 1:N) y[s, n] = {call}; {many} }}"
    )


def own(distribution: Distribution, kind: str) -> Callable[..., np.ndarray]:
    """`NAME_kind` at many outcomes for one setting of the parameters."""
    outcome = pt.lvector() if distribution.discrete else pt.dvector()
    inputs = [outcome, *(pt.lscalar() if p.support.integer else pt.dscalar() for p in distribution.parameters)]
    types = [Array(Int() if distribution.discrete else Real())]
    types += [Int() if p.support.integer else Real() for p in distribution.parameters]
    value = pointwise(distribution, kind, inputs, types, 0)
    function = pytensor.function(inputs, value, mode=Mode("py", None), on_unused_input="ignore")
    return lambda at, *parameters: np.broadcast_to(function(at, *parameters), at.shape)


def p_value(distribution: Distribution, draws: np.ndarray, parameters: list[float | int], law: Any) -> float:
    """How likely draws like these are."""
    if not distribution.discrete:
        if np.isinf(draws).all():
            return 1.0  # an edge where there is no density
        return float(scipy.stats.kstest(draws, lambda x: law(x, *parameters)).pvalue)
    lowest = int(distribution.outcome.lower) if distribution.outcome.lower is not None else int(draws.min()) - 1
    values = np.arange(lowest, lowest + 400)
    if distribution.outcome.upper is not None:
        values = values[values <= distribution.outcome.upper]
    with np.errstate(all="ignore"):
        masses = np.nan_to_num(np.exp(law(values, *parameters)))
    found = np.array([np.count_nonzero(draws == v) for v in values])
    if found[masses == 0].any():
        return 0.0  # what cannot be was drawn
    likely = masses * len(draws) > 5
    expected = np.append(masses[likely] * len(draws), max(0.0, 1 - masses[likely].sum()) * len(draws))
    counts = np.append(found[likely], len(draws) - found[likely].sum())
    if expected[-1] < 1e-6 * len(draws):
        if counts[-1] > 3:
            return 0.0
        expected, counts = expected[:-1], counts[:-1]
    if len(counts) < 2:
        return 1.0
    return float(scipy.stats.chisquare(counts, expected * counts.sum() / expected.sum()).pvalue)


def examine(distribution: Distribution, count: int) -> tuple[list[float], list[str]]:
    """The p-values, and what is wrong."""
    chosen = settings(distribution)
    data: dict[str, Any] = {"S": len(chosen), "N": count}
    data |= {f"a{i}": [values[i] for values in chosen] for i in range(len(distribution.parameters))}
    model = pplc.compile_model(program(distribution), data)
    seed = zlib.crc32(distribution.name.encode())  # its own: inverted from the same numbers, draws would look alike
    drawn = model.constrain(np.zeros(1), generated=True, seed=seed)
    problems = []
    again = model.constrain(np.zeros(1), generated=True, seed=seed)
    if not all(np.array_equal(drawn[k], v) for k, v in again.items()):
        problems.append("the same seed gives other draws")
    if is_vectorised(distribution) and np.shape(drawn["v"]) != (len(chosen),):
        problems.append(f"the vectorised call has shape {np.shape(drawn['v'])}")
    law = own(distribution, "lpmf" if distribution.discrete else "cdf")
    found = []
    for values, draws in zip(chosen, drawn["y"], strict=True):
        found.append(p_value(distribution, np.asarray(draws), values, law))
        if found[-1] < SMALLEST:
            problems.append(f"p = {found[-1]:.1e} at {values}")
    return found, problems


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--names", nargs="+", default=sorted(n for n, d in distributions().items() if is_drawn(d)))
    parser.add_argument("--draws", type=int, default=5000)
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    everything: list[float] = []
    wrong = 0
    for name in options.names:
        found, problems = examine(distributions()[name], options.draws)
        everything += found
        wrong += bool(problems)
        print(f"{name:28} {len(found)} settings, smallest p {min(found):.2g} {'; '.join(problems)}", flush=True)
    share = np.mean(np.array(everything) < 0.05)
    print(f"{len(options.names)} distributions, {len(everything)} tests, {wrong} wrong; {share:.1%} below 0.05")


if __name__ == "__main__":
    main()
