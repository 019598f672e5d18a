"""Mathematical functions written in the loop language, found by scanning this folder.

Each file holds plain functions decorated `@exact`, `@strict` or `@fast`; a function may use those of other files by
name. Functions of numbers that are `@aside` as well are compiled by themselves, once: programs link them.
"""

from __future__ import annotations

import ast
import re
from collections import ChainMap
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ..llvm import INTRINSICS, LIBM, is_aside, is_typed


@dataclass(frozen=True, slots=True)
class Helper:
    """A function of the library: its text, and the names of the functions it calls."""

    name: str
    source: str
    calls: tuple[str, ...]
    declaration: str = ""  # of one that programs link


_registered: dict[str, Helper] = {}


def register(more: Iterable[Helper]) -> None:
    """Make further functions known by name."""
    _registered.update({helper.name: helper for helper in more})


class _Folder(Mapping[str, Helper]):
    """Every function of this folder, by name; each is parsed when it is asked for, as a program needs few of them."""

    FUNCTION = re.compile(r"^(?:@.*\n)*def (\w+)\(.*\n(?:[ )].*\n|\n)*", re.MULTILINE)

    def __init__(self) -> None:
        paths = sorted(path for path in Path(__file__).parent.glob("*.py") if path.name != "__init__.py")
        found = (function for path in paths for function in self.FUNCTION.finditer(path.read_text()))
        self._sources = {function[1]: function[0].rstrip() for function in found}
        self._parsed: dict[str, Helper] = {}

    def __getitem__(self, name: str) -> Helper:
        if name not in self._parsed:
            source = self._sources[name]
            [node] = ast.parse(source).body
            assert isinstance(node, ast.FunctionDef)
            linked = is_aside(node) and is_typed(node)
            declaration = f"@aside\ndef {name}({ast.unparse(node.args)}) -> float: ..." if linked else ""
            self._parsed[name] = Helper(name, source, tuple(sorted(_called(node))), declaration)
        return self._parsed[name]

    def __contains__(self, name: object) -> bool:
        return name in self._sources

    def __iter__(self) -> Iterator[str]:
        return iter(self._sources)

    def __len__(self) -> int:
        return len(self._sources)


@cache
def helpers() -> Mapping[str, Helper]:
    """Every function of this folder, by name."""
    return _Folder()


def _called(node: ast.AST) -> set[str]:
    return {call.func.id for call in ast.walk(node) if isinstance(call, ast.Call) and isinstance(call.func, ast.Name)}


def needed(names: set[str], linked: bool = False) -> list[Helper]:
    """The helpers among these names and all they call, callees first; without the callees of those to be linked."""
    library = ChainMap(_registered, helpers())  # type: ignore[arg-type]  # it is only read
    order: list[Helper] = []
    done: set[str] = set()

    def add(name: str) -> None:
        if name in done or name not in library:
            return
        done.add(name)
        if not (linked and library[name].declaration):
            for other in library[name].calls:
                add(other)
        order.append(library[name])

    for name in sorted(names):
        add(name)
    return order


def texts(names: set[str], known: Container[str] = ()) -> list[str]:
    """What a program says of the helpers among these names and of all they call, but for those it knows."""
    order = needed(names, linked=True)
    return [helper.declaration or helper.source for helper in order if helper.name not in known]


__all__ = ["INTRINSICS", "LIBM", "Helper", "helpers", "needed", "texts"]
