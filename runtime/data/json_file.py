"""Values of variables from a JSON file, by CmdStan's rules for numbers."""

from __future__ import annotations

import json
import math
from typing import Any

from .file import FileError

_SPELLED = {
    "inf": math.inf, "+inf": math.inf, "infinity": math.inf, "+infinity": math.inf,
    "-inf": -math.inf, "-infinity": -math.inf, "nan": math.nan, "-nan": math.nan, "+nan": math.nan,
}  # fmt: skip
_NUMBERS = frozenset({int, float})
SHOWN = 12  # characters of a mistake
# What other notations have where JSON has not, by how it begins.
_FOREIGN = {
    "NA": "; missing values are not supported, remove them or model them",
    "'": "; names and texts stand in double quotes",
    "//": "; JSON has no comments",
    "/*": "; JSON has no comments",
    "#": "; JSON has no comments",
    "True": "; write true or 1",
    "False": "; write false or 0",
    "None": "; missing values are not supported, remove them or model them",
    "(": "; lists stand in brackets: [1, 2]",
    "c(": "; lists stand in brackets: [1, 2]",
}
_HINTS = {
    ".csv": "; convert a CSV file to JSON first",
    ".tsv": "; convert a TSV file to JSON first",
}


def parse_json(text: str, name: str) -> dict[str, Any]:
    """The object in a JSON text: nested lists of ints and floats (`"Inf"` becomes a float), dicts for tuples.

    `name` is used in messages. Raises FileError.
    """
    found = parse_any_json(text, name)
    if not isinstance(found, dict):
        raise FileError(f"{name} holds {kind_of(found)}, but data is an object: {{'name': value, ...}}")
    return found


def kind_of(value: Any) -> str:
    """What stands in a file instead of an object."""
    return "a list" if isinstance(value, list) else "a single value"


def parse_any_json(text: str, name: str) -> Any:
    """A JSON text of any kind, its numbers as those of data. Raises FileError."""
    try:
        found = json.loads(text, object_pairs_hook=lambda pairs: _object(pairs, name), parse_constant=_constant)
    except json.JSONDecodeError as problem:
        if not text.strip():
            raise FileError(f"{name} is empty; data is a JSON object: {{'name': value, ...}}") from None
        hint = next((hint for ending, hint in _HINTS.items() if name.lower().endswith(ending)), "")
        where = f"line {problem.lineno}, column {problem.colno}"
        there = text[problem.pos : problem.pos + SHOWN].partition("\n")[0] or "the end of the file"
        reason = f"{problem.msg}, found {there}"
        raise FileError(f"{name} is not valid JSON ({where}: {reason}){hint or _what_to_write(there)}") from None
    return _numbers(found)


def _what_to_write(there: str) -> str:
    return next((hint for beginning, hint in _FOREIGN.items() if there.startswith(beginning)), "")


def _object(pairs: list[tuple[str, Any]], name: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise FileError(f"{name} gives `{key}` twice")
        found[key] = value
    return found


def _constant(text: str) -> float:
    return _SPELLED[text.lower()]


def _numbers(value: Any) -> Any:
    """Spelled-out infinities and nans as floats; other strings stay, and are reported with their variable."""
    match value:
        case str():
            return _SPELLED.get(value.strip().lower(), value)
        case list() if _NUMBERS.issuperset(map(type, value)):
            return value
        case list():
            return [_numbers(item) for item in value]
        case dict():
            return {key: _numbers(item) for key, item in value.items()}
        case _:
            return value
