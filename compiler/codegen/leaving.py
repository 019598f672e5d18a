"""Leaving a function early, after an error: it returns results all the same, which nobody looks at.

There are as many as the function has results, and about as many places that leave as it has statements. So these
results are made in one place, and the code of a thousand statements is no longer than a thousand times that of one.
"""

from __future__ import annotations

from collections.abc import Sequence

from .unit import Unit


def leaving(results: Sequence[str], arrays: Sequence[str], unit: Unit) -> str:
    """The statement that leaves with these results, which are made of numbers and of the arrays."""
    name = unit.define("leaving", "left", lambda name: left_behind(name, arrays, results))
    return f"return {name}({', '.join(arrays)})"


def left_behind(name: str, arrays: Sequence[str], results: Sequence[str]) -> str:
    """The definition of the function that makes them."""
    return f"@compiled\ndef {name}({', '.join(arrays)}):\n    return ({''.join(f'{result}, ' for result in results)})"
