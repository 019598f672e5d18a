"""Returning early from a generated function, after an error: with results of the right kinds, which are never used.

Almost every statement is a place from which a function may return, and a function may have many results. So one
function makes them, which all these places call: the code grows with the number of statements, not with its product
with the number of results.
"""

from __future__ import annotations

from collections.abc import Sequence

from .unit import Unit


def leaving(results: Sequence[str], arrays: Sequence[str], unit: Unit) -> str:
    """The statement that returns these results, which are made of numbers and of the arrays."""
    name = unit.define("leaving", "left", lambda name: left_behind(name, arrays, results))
    return f"return {name}({', '.join(arrays)})"


def left_behind(name: str, arrays: Sequence[str], results: Sequence[str]) -> str:
    """The definition of the function that makes them."""
    return f"@compiled\ndef {name}({', '.join(arrays)}):\n    return ({''.join(f'{result}, ' for result in results)})"
