"""From a program and data to a model."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pplc.compiler import ir
from pplc.compiler.frontend import Standard, read_program, read_source
from pplc.grammar.diagnostics import Severity

from .errors import DataError, ProgramError, ProgramWarning
from .model import Model
from .snapshot import key_of


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
    data: a JSON file's path, or a mapping from variable name to a number, nested list, NumPy array, pandas or
        xarray object; None for a program without data.
    include_paths: folders that `#include` looks in, in order.
    std: "stan" rejects the deprecated syntax that is otherwise a warning.

    Raises ProgramError for mistakes in the program, DataError for data that do not fit, OSError for a program
    file that cannot be read. Warnings about the program go to Python's `warnings`.
    """
    source_text = read_source(source)
    if isinstance(data, str):
        data = Path(data)
    key = key_of(source_text.text, data, std)

    def load() -> tuple[ir.Program, dict[str, Any]]:
        program, found = read_program(source_text, [Path(path) for path in include_paths], std)
        if program is None:
            raise ProgramError(found)
        for diagnostic in found:
            if diagnostic.severity is Severity.WARNING:
                warnings.warn(ProgramWarning(diagnostic), stacklevel=4)
        return program, _bind(program.data, data)

    model = Model(load, name or _name(source), key)
    if model._snapshot is None:
        _ = model.program  # mistakes show now, not later
    return model


def _bind(declares: Any, data: Any) -> dict[str, Any]:
    from pplc.compiler.bind import bind_data
    from pplc.runtime.data.json_file import FileError, read_json

    if isinstance(data, Path):
        try:
            data = read_json(data)
        except FileError as problem:
            raise DataError([str(problem)], "the data cannot be read") from None
    if data is None and declares:
        names = ", ".join(declare.variable.name for declare in declares)
        raise DataError([f"the program needs values for {names}"], "no data is given")
    values, problems = bind_data(declares, {} if data is None else data)
    if problems:
        raise DataError(problems)
    return values


def _name(source: str | Path) -> str:
    return Path(source).stem if isinstance(source, Path) or "\n" not in source else "model"
