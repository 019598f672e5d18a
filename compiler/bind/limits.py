"""Declared constraints on data, checked with NumPy by the transforms themselves."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import ir
from ..library import registry
from ..lower.expressions import lower
from ..lower.scope import Scope
from ..lower.values import Value


def violation(name: str, value: Any, sized: ir.SizedType, scope: Scope) -> str | None:
    """What is wrong with a value under its declared constraint, if anything."""
    if isinstance(sized, ir.SizedTuple):
        for number, element in enumerate(sized.elements):
            found = violation(f"{name}.{number + 1}", value[number], element, scope)
            if found is not None:
                return found
        return None
    if sized.constraint is None or np.size(value) == 0:
        return None
    transform = registry.transforms()[sized.constraint.name]
    arguments = [lower(argument, scope) for argument in sized.constraint.arguments]
    numbers = [np.asarray(a.numbers, dtype=float) for a in arguments if isinstance(a, Value)]
    problem = transform.check(np.asarray(value, dtype=float), *numbers)
    return None if problem is None else f"`{name}` {_joined(problem)}"


def _joined(problem: str) -> str:
    return problem if problem.startswith(("must", "is", "has")) else f"violates its constraint: {problem}"
