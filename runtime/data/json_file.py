"""Values of variables from a JSON file, by CmdStan's rules for numbers."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

_SPELLED = {
    "inf": math.inf, "+inf": math.inf, "infinity": math.inf, "+infinity": math.inf,
    "-inf": -math.inf, "-infinity": -math.inf, "nan": math.nan, "-nan": math.nan, "+nan": math.nan,
}  # fmt: skip


_HINTS = {
    ".csv": "; convert a CSV file to JSON first",
    ".tsv": "; convert a TSV file to JSON first",
    ".r": "; an R dump becomes JSON with cmdstanr's write_stan_json",
}


class FileError(ValueError):
    """A file that cannot be read as data; the message says why and what to do."""


def read_json(path: str | Path) -> dict[str, Any]:
    """The object in a JSON file: nested lists of ints and floats (`"Inf"` becomes a float), dicts for tuples.

    Integers stay ints and decimals floats, since Stan tells them apart. Raises FileError.
    """
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise FileError(f"there is no file {path}") from None
    except IsADirectoryError:
        raise FileError(f"{path} is a folder, not a JSON file") from None
    except UnicodeDecodeError:
        raise FileError(f"{path} is not a text file in UTF-8; data is read from JSON") from None
    except OSError as problem:
        raise FileError(f"{path} cannot be read: {problem.strerror or problem}") from None
    return parse_json(text, str(path))


def parse_json(text: str, name: str) -> dict[str, Any]:
    """The same for a text; `name` is used in messages."""
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
        case list():
            return [_numbers(item) for item in value]
        case dict():
            return {key: _numbers(item) for key, item in value.items()}
        case _:
            return value
