"""Objects that point into a program, kept on disk: its text stays out of them and is put back when they are read.

So a model that was compiled under one file name speaks of the name under which it is used now.
"""

from __future__ import annotations

import io
import pickle
from typing import Any

from pplc.grammar.source import Source

_PROGRAM = "program"


class _Writer(pickle.Pickler):
    def __init__(self, file: io.BytesIO, source: Source) -> None:
        super().__init__(file, pickle.HIGHEST_PROTOCOL)
        self.source = source

    def persistent_id(self, found: Any) -> str | None:
        return _PROGRAM if found is self.source else None


class _Reader(pickle.Unpickler):
    def __init__(self, file: io.BytesIO, source: Source) -> None:
        super().__init__(file)
        self.source = source

    def persistent_load(self, name: Any) -> Source:
        return self.source


def dumps(value: object, source: Source) -> bytes:
    """A value as bytes, without the program that its places belong to."""
    file = io.BytesIO()
    _Writer(file, source).dump(value)
    return file.getvalue()


def loads(content: bytes, source: Source) -> Any:
    """The value, its places in `source`. Raises ValueError if `dumps` did not make the bytes."""
    try:
        return _Reader(io.BytesIO(content), source).load()
    except (pickle.UnpicklingError, AttributeError, EOFError, ImportError, IndexError) as problem:
        raise ValueError(str(problem)) from None
