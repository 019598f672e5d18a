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
_HINTS = {
    ".csv": "; convert a CSV file to JSON first",
    ".tsv": "; convert a TSV file to JSON first",
}


def parse_json(text: str, name: str) -> dict[str, Any]:
    """The object in a JSON text: nested lists of ints and floats (`"Inf"` becomes a float), dicts for tuples.

    `name` is used in messages. Raises FileError.
    """
    try:
        found = json.loads(text, object_pairs_hook=lambda pairs: _object(pairs, name), parse_constant=_constant)
    except json.JSONDecodeError as problem:
        if not text.strip():
            raise FileError(f"{name} is empty; data is a JSON object: {{'name': value, ...}}") from None
        hint = next((hint for ending, hint in _HINTS.items() if name.lower().endswith(ending)), "")
        where = f"line {problem.lineno}, column {problem.colno}"
        raise FileError(f"{name} is not valid JSON ({where}: {problem.msg}){hint}") from None
    if not isinstance(found, dict):
        kind = "a list" if isinstance(found, list) else "a single value"
        raise FileError(f"{name} holds {kind}, but data is an object: {{'name': value, ...}}")
    return {key: _numbers(value) for key, value in found.items()}


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
