"""Values of variables from a file: JSON, or an R dump where the name says so."""

from __future__ import annotations

from pathlib import Path
from typing import Any

R_DUMP = (".r", ".rdump", ".dump")


class FileError(ValueError):
    """A file that cannot be read as data; the message says why and what to do."""


def read_values(path: str | Path) -> dict[str, Any]:
    """The values in a file by name: numbers, nested lists or arrays of ints and floats, dicts for tuples.

    Integers stay ints and decimals floats, since Stan tells them apart. Raises FileError.
    """
    path = Path(path)
    text = _text(path)
    if path.suffix.lower() in R_DUMP:
        from .r_dump import parse_r_dump

        return parse_r_dump(text, str(path))
    from .json_file import parse_json

    return parse_json(text, str(path))


def read_json(path: str | Path) -> Any:
    """What a JSON file holds, be it an object or not. Raises FileError."""
    from .json_file import parse_any_json

    return parse_any_json(_text(Path(path)), str(path))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise FileError(f"there is no file {path}") from None
    except IsADirectoryError:
        raise FileError(f"{path} is a folder, not a JSON file") from None
    except UnicodeDecodeError:
        raise FileError(f"{path} is not a text file in UTF-8; data is read from JSON") from None
    except OSError as problem:
        raise FileError(f"{path} cannot be read: {problem.strerror or problem}") from None
