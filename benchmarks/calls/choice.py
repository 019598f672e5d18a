"""Which calls of a library function are examined: signatures that cover its types, in graphs and elsewhere."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np
from pplc.compiler.library.definitions import Signature
from pplc.compiler.library.expand import signatures_of
from pplc.compiler.types import Array, FunctionType, Int, String, Tuple, Type, Void, scalar_of

from benchmarks.calls.arguments import arguments_of
from benchmarks.calls.programs import Case, Way

ELSEWHERE = 3  # signatures of each function that are also called in loops and generated quantities


def cases_of(name: str, sample: int, ways: Collection[Way] = tuple(Way)) -> list[Case]:
    """The calls of a function: all signatures, or a few that have every type at every place as far as they go."""
    possible = [s for s in signatures_of(name) if usable(s)]
    chosen = possible if not sample else covering(possible, sample, np.random.default_rng(list(name.encode())))
    plan = [(s, frozenset[int](), Way.GRAPH) for s in chosen]
    for number, signature in enumerate(chosen[:2]):
        reals = [i for i, t in enumerate(signature.arguments) if scalar_of(t) != Int()]
        as_data = frozenset(reals if number == 0 else reals[:1])
        if reals and not (number == 1 and len(reals) == 1):
            plan.append((signature, as_data, Way.GRAPH))
    elsewhere = covering(possible, min(ELSEWHERE, sample or ELSEWHERE), np.random.default_rng(list(name.encode())))
    if not name.endswith("_jacobian"):  # which may not be called there
        plan += [(s, frozenset(), way) for way in (Way.LOOP, Way.GENERATED) for s in elsewhere]
    return [Case(name, s, d, way, arguments_of(name, s, d)) for s, d, way in plan if way in ways]


def usable(signature: Signature) -> bool:
    parts = (*signature.arguments, signature.result)
    return not any(isinstance(t, FunctionType | Void | String) or _has_tuple(t) for t in parts[:-1]) and not isinstance(
        signature.result, Void
    )


def _has_tuple(type: Type) -> bool:
    return isinstance(type, Tuple) or (isinstance(type, Array) and isinstance(type.element, Tuple))


def covering(signatures: list[Signature], most: int, random: np.random.Generator) -> list[Signature]:
    """At most so many signatures, chosen so that pairs of place and type are covered soon."""
    simple = [s for s in signatures if not any(isinstance(t, Array) and t.dimensions > 2 for t in s.arguments)]
    left = [simple[i] for i in random.permutation(len(simple))]
    chosen: list[Signature] = []
    seen: set[Any] = set()
    while left and len(chosen) < most:
        best = max(left, key=lambda s: len(_features(s) - seen))
        if chosen and not _features(best) - seen:
            break
        chosen.append(best)
        seen |= _features(best)
        left.remove(best)
    return chosen


def _features(signature: Signature) -> set[Any]:
    return {*enumerate(signature.arguments), len(signature.arguments), (len(signature.arguments), signature.result)}
