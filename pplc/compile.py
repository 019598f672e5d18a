"""From a program and data to a model."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pplc.compiler.frontend import Standard, read_source

from .errors import ProgramWarning
from .model import Model
from .origin import Given


def compile_model(
    source: str | Path,
    data: str | Path | Mapping[str, Any] | None = None,
    *,
    include_paths: Sequence[str | Path] = (),
    std: Standard = "ppl",
    name: str | None = None,
) -> Model:
    """Compile a program with its data.

    source: a file's path, or the program's text.
    data: the path of a JSON file or R dump (`.R`), or a mapping from variable name to a number, nested list,
        NumPy array, pandas or xarray object; None for a program without data.
    include_paths: folders that `#include` looks in, in order.
    std: "stan" rejects the deprecated syntax that is otherwise a warning.

    Raises ProgramError for mistakes in the program, DataError for data that do not fit, OSError for a program
    file that cannot be read. Warnings about the program go to Python's `warnings`.
    """
    if not isinstance(source, str | Path):
        raise TypeError(f"a program is the path of a file or its text, not a {type(source).__name__}")
    text = read_source(source)
    given = Given(text, Path(data) if isinstance(data, str) else data, [Path(path) for path in include_paths], std)
    model = Model(given, name or _name(source))
    for diagnostic in model.warnings:
        warnings.warn(ProgramWarning(diagnostic), stacklevel=2)
    _ = model.data  # mistakes show now, not later
    return model


def _name(source: str | Path) -> str:
    return Path(source).stem if isinstance(source, Path) or "\n" not in source else "model"
