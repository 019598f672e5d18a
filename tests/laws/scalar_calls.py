"""Calls of distributions whose outcome and parameters are single numbers, as texts, at a moderate point."""

from __future__ import annotations

import numpy as np
from pplc.compiler.library.definitions import Distribution, Parameter
from pplc.compiler.library.densities import parameters_of
from pplc.compiler.library.expand import is_library_name
from pplc.compiler.library.registry import distributions

from benchmarks.calls.arguments import DOMAINS, INTEGERS

PARTS = ("lpdf", "lpmf", "cdf", "lcdf", "lccdf")


def takes_numbers(distribution: Distribution) -> bool:
    return all(p.support.core == 0 and p.vectorised for p in parameters_of(distribution))


NUMBERS = [d for d in distributions().values() if takes_numbers(d)]


def parts_of(distribution: Distribution) -> list[str]:
    """The density or mass, then the cdfs if there are any."""
    return [part for part in PARTS if is_library_name(f"{distribution.name}_{part}")]


def reals_of(distribution: Distribution) -> list[int]:
    """The places of the arguments that are not whole numbers."""
    return [place for place, p in enumerate(parameters_of(distribution)) if not p.support.integer]


def number(distribution: Distribution, place: int, parameter: Parameter) -> str:
    """An argument as text: a whole number stands for itself, others are the parameters of a program."""
    if not parameter.support.integer:
        return f"x{place}"
    choices = INTEGERS.get(distribution.name, (2,))
    return str(choices[min(place, len(choices) - 1)])


def numbers(distribution: Distribution) -> list[str]:
    return [number(distribution, place, p) for place, p in enumerate(parameters_of(distribution))]


def declared(distribution: Distribution) -> str:
    """The program's block of parameters."""
    return f"parameters {{ {' '.join(f'real x{place};' for place in reals_of(distribution))} }}"


def call(name: str, arguments: list[str]) -> str:
    first, *rest = arguments
    return f"{name}({first}{' | ' if rest else ''}{', '.join(rest)})"


def point(distribution: Distribution) -> np.ndarray:
    """Moderate values of the parameters."""
    return np.array([_inside(distribution, place) for place in reals_of(distribution)])


def _inside(distribution: Distribution, place: int) -> float:
    intervals = DOMAINS.get(distribution.name)
    if intervals is not None and not isinstance(intervals[0], float):
        low, high = intervals[min(place, len(intervals) - 1)]
        return 0.4 * low + 0.6 * high
    support = parameters_of(distribution)[place].support
    match support.lower, support.upper:
        case None, None:
            return 0.6
        case lower, None:
            return lower + 0.8
        case None, upper:
            return upper - 0.8
        case lower, upper:
            return 0.4 * lower + 0.6 * upper
