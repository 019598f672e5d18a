"""What a model is made of: the text of a program and data, read and checked when they are first wanted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from .errors import DataError, ProgramError

if TYPE_CHECKING:
    from pplc.compiler import ir
    from pplc.compiler.frontend import Standard
    from pplc.grammar.diagnostics import Diagnostic
    from pplc.grammar.source import Source


class Origin(Protocol):
    """What `Model` asks for."""

    @property
    def source(self) -> Source:
        """The program's text."""

    @property
    def key(self) -> str | None:
        """Under which name the compiled model is kept on disk; None where text and data cannot be told from others."""

    @property
    def program(self) -> ir.Program:
        """The typed program. Raises ProgramError."""

    @property
    def warnings(self) -> tuple[Diagnostic, ...]:
        """What is to be said of a program that runs. Raises ProgramError."""

    @property
    def values(self) -> dict[str, Any]:
        """The data as arrays of the declared types. Raises DataError."""

    def portable(self) -> Origin:
        """The same without files: it can be sent to another process or machine."""


class Given:
    """A program and data as a user gives them."""

    def __init__(self, source: Source, data: Any, include_paths: Sequence[Path], std: Standard) -> None:
        self.source = source
        self._data, self._include_paths, self._std = data, include_paths, std

    @cached_property
    def key(self) -> str | None:
        from .snapshot import key_of

        return key_of(self.source, self._data, self._include_paths, self._std)

    @cached_property
    def _read(self) -> tuple[ir.Program, tuple[Diagnostic, ...]]:
        from pplc.compiler.frontend import read_program

        program, found = read_program(self.source, self._include_paths, self._std)
        if program is None:
            raise ProgramError(found)
        return program, tuple(found)

    @property
    def program(self) -> ir.Program:
        return self._read[0]

    @property
    def warnings(self) -> tuple[Diagnostic, ...]:
        return self._read[1]

    @cached_property
    def values(self) -> dict[str, Any]:
        return bind(self.program.data, self._data)

    def portable(self) -> Origin:
        return Known(self.source, self.key, self.program, self.warnings, self.values)


@dataclass(frozen=True)
class Known:
    """A program that has been checked, with its data."""

    source: Source
    key: str | None
    program: ir.Program
    warnings: tuple[Diagnostic, ...]
    values: dict[str, Any]

    def portable(self) -> Origin:
        return self


def bind(declares: Sequence[ir.Declare], data: Any) -> dict[str, Any]:
    """The values of declared variables, from a file or a mapping. Raises DataError."""
    from pplc.compiler.bind import bind_data
    from pplc.runtime.data.file import FileError, read_values

    if isinstance(data, Path):
        try:
            data = read_values(data)
        except FileError as problem:
            raise DataError([str(problem)], "the data cannot be read") from None
    if data is not None and not isinstance(data, Mapping):
        kind = type(data).__name__
        raise DataError(
            [f"data are a dict of values by name or the path of a file, not a {kind}"], "the data cannot be read"
        )
    if data is None and declares:
        names = ", ".join(declare.variable.name for declare in declares)
        raise DataError([f"the program needs values for {names}"], "no data is given")
    values, problems = bind_data(declares, {} if data is None else data)
    if problems:
        raise DataError(problems)
    return values
