"""The variables a user sees in the results, and the names of the numbers in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from pplc.runtime.contract import Variable

if TYPE_CHECKING:
    from pplc.compiler import ir


@dataclass(frozen=True)
class Output:
    """One numeric part of a block-level variable; tuples have several, named `t.1`, `t.2`."""

    variable: ir.Variable
    described: Variable
    path: tuple[int, ...] = ()  # tuple elements from the variable to this part, from 0


def part(value: Any, path: tuple[int, ...]) -> Any:
    """The part of a (nested tuple) value."""
    for number in path:
        value = value[number]
    return value


def element_names(described: Variable) -> list[str]:
    """Stan's names of the single numbers: `theta.1.2`, the first index fastest."""
    if not described.shape:
        return [described.name]
    index = np.indices(described.shape[::-1]).reshape(len(described.shape), -1)[::-1].T + 1
    return [".".join([described.name, *map(str, row)]) for row in index]


def nested(parts: list[tuple[tuple[int, ...], Any]]) -> Any:
    """The tuple structure that paths describe."""
    if parts[0][0] == ():
        return parts[0][1]
    heads = sorted({path[0] for path, _ in parts})
    return tuple(nested([(path[1:], value) for path, value in parts if path[0] == head]) for head in heads)
