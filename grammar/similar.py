"""Names that may have been meant: the nearest to a misspelt one."""

from __future__ import annotations

from collections.abc import Iterable


def nearest(name: str, candidates: Iterable[str]) -> str | None:
    """The candidate with the fewest slips of the finger between it and `name`, None if all are far.

    Upper and lower case are the same, and so are the words of a name in any order (`logit_inv`). Of equally near
    candidates the first in the alphabet is taken.
    """
    allowed = (len(name) + 1) // 3
    known = sorted(set(candidates))
    for other in known:
        if "_" in name and words(other) == words(name):
            return other
    near = [(cost, other) for other in known if (cost := slips(name.lower(), other.lower(), allowed)) is not None]
    return min(near)[1] if near else None


def words(name: str) -> list[str]:
    """The words that underscores part, sorted."""
    return sorted(name.lower().split("_"))


def slips(one: str, other: str, most: int) -> int | None:
    """How many letters are missing, added, replaced, or swapped with their neighbour; None if more than `most`."""
    if abs(len(one) - len(other)) > most:
        return None
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        earlier, before = before, row
        row = [i]
        for j, wanted in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return None
    return row[-1] if row[-1] <= most else None
