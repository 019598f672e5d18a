"""What a rewrite of sums over known rows is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .expressions import Data


@dataclass(frozen=True)
class RowRewrite:
    """`shorten(term, data)` gives the sum of all elements of `term`, or None where it does not apply.

    `example()` gives a position, a log density that it changes, and its data. Switched off like any rewrite.
    """

    name: str
    theorem: str
    shorten: Callable[[Any, Data], Any | None]
    example: Callable[[], tuple[Any, Any, dict[Any, Any]]]
