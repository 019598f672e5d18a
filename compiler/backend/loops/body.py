"""What writing loops gives: lines, and what they need around them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from .columns import Turned


@dataclass
class Body:
    """The lines that fill the wanted arrays, the local arrays they need, and where returned scalars are."""

    lines: list[str]
    locals: dict[str, tuple[str, int]]  # name -> (type, size)
    scalars: list[str]
    names: set[str]  # every identifier used
    turned: list[Turned] = field(default_factory=list)  # matrices of which it reads a copy

    def add(self, lines: Iterable[str]) -> None:
        """More lines after those that are there."""
        more = list(lines)
        self.lines += more
        self.names |= identifiers(more)


def identifiers(lines: Iterable[str]) -> set[str]:
    """Every name that occurs in some lines."""
    return set(re.findall(r"[A-Za-z_]\w*", "\n".join(lines)))
