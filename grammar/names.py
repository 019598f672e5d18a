"""What the grammar knows of the library: the names in `names.json`, which `make accept` writes."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

FILE: Final = Path(__file__).with_name("names.json")


class ConstrainedType(NamedTuple):
    """A constraint that is a type: what it is without it, and how many sizes a declaration may name."""

    plain: str  # "vector" or "matrix"
    size_counts: tuple[int, ...]


@cache
def names() -> dict[str, Any]:
    """All names by their kind."""
    found: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return found


@cache
def constrained_types() -> dict[str, ConstrainedType]:
    """`simplex`, `cov_matrix` and so on."""
    found = names()["constrained_types"]
    return {name: ConstrainedType(plain, tuple(counts)) for name, (plain, counts) in found.items()}


def densities() -> dict[str, str]:
    """The suffix of the density of each distribution: "lpdf" or "lpmf"."""
    found: dict[str, str] = names()["distributions"]
    return found
