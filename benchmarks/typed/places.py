"""Parts of variables of the random programs: those that can be read as a type, and those that can be written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from benchmarks.typed.choices import Choices
from benchmarks.typed.kinds import INT, Kind


@dataclass
class Scope:
    """Variables that can be read, and those of them that can be written."""

    readable: dict[str, Kind]
    writable: dict[str, Kind] = field(default_factory=dict)
    loops: list[str] = field(default_factory=list)  # loop variables, which are positions

    def inner(self) -> Scope:
        return Scope(dict(self.readable), dict(self.writable), list(self.loops))

    def read_only(self) -> Scope:
        """The same variables, of which none can be written."""
        return Scope(dict(self.readable))

    def add(self, name: str, kind: Kind, *, writable: bool = True) -> None:
        self.readable[name] = kind
        if writable:
            self.writable[name] = kind


class Place(NamedTuple):
    """What an assignment writes."""

    text: str
    kind: Kind
    compound: bool  # whether `+=` may write it


class Places:
    def __init__(self, choose: Choices) -> None:
        self.choose = choose

    def index(self, size: int, scope: Scope) -> str:
        """A position on an axis of so many."""
        if size == 1:
            return "1"
        fixed = [str(i) for i in range(1, size + 1)]
        return self.choose.any([*fixed, *scope.loops, f"g[{self.choose.any(['1', '2', '3'])}]", *self._ints(scope),
                                *(["g[1] + 1"] if size == 3 else [])])  # fmt: skip

    def indices(self, size: int) -> str:
        """An index that keeps so many positions of so many."""
        options = [":", f"1:{size}", "1:", f":{size}"]
        if size == 0:
            options += ["2:1", "3:2"]
        if size == 2:
            options += ["{2, 1}", "{1, 1}", "g[2:3]", "g[:2]"]
        if size == 3:
            options += ["g", "{3, 1, 2}", "{2, 2, 3}"]
        return self.choose.any(options)

    def _ints(self, scope: Scope) -> list[str]:
        return self.parts(scope.readable, INT, scope, 2)[:6]

    def parts(self, variables: Mapping[str, Kind], wanted: Kind, scope: Scope, depth: int = 4) -> list[str]:
        """Parts of the wanted type of some variables."""
        return [part for name, kind in variables.items() for part in self._parts(name, kind, wanted, scope, depth)]

    def _parts(self, text: str, kind: Kind, wanted: Kind, scope: Scope, depth: int) -> list[str]:
        """Parts of a value, at constant positions or loop variables."""
        found = [text] if kind == wanted else []
        if depth == 0:
            return found

        def at(size: int) -> str:
            return self.choose.any([*map(str, range(1, size + 1)), *(scope.loops if size > 1 else [])])

        match kind:
            case Kind(_, sizes) if 0 in sizes:
                pass
            case Kind("array", (size,), (element,)):
                found += self._parts(f"{text}[{at(size)}]", element, wanted, scope, depth - 1)
            case Kind("tuple"):
                for number, element in enumerate(kind.elements, 1):
                    found += self._parts(f"{text}.{number}", element, wanted, scope, depth - 1)
            case Kind(_, (rows, columns)):
                inner = {
                    f"{text}[{at(rows)}]": kind.row,
                    f"{text}[{self.indices(rows)}, {at(columns)}]": kind.column,
                    f"{text}[{at(rows)}, {at(columns)}]": kind.scalar,
                }
                found += [part for part, of in inner.items() if of == wanted]
            case Kind(_, (size,)):
                part = f"{text}[{at(size)}]"
                found += [part] if kind.scalar == wanted else []
        return found

    def reads(self, kind: Kind, scope: Scope) -> list[str]:
        """What can be read as a value of the type."""
        found = self.parts(scope.readable, kind, scope)
        if kind.name == "array":
            for name, of in scope.readable.items():
                if of.name == "array" and of.sizes == kind.sizes:
                    found += self._parts_of_each(name, of, kind, scope)
        return found

    def _parts_of_each(self, name: str, of: Kind, kind: Kind, scope: Scope) -> list[str]:
        """The arrays of one part of each element: `x[:, 2]`; `x[:].1` is no Stan."""
        (size,), (element,), (wanted,) = of.sizes, of.elements, kind.elements
        found = [f"{name}[{self.indices(size)}]"] if element == wanted else []
        for path in self._parts("", element, wanted, scope, 1):
            if path.startswith("[") and "." not in path:
                found.append(f"{name}[{self.indices(size)}, {path[1:-1]}]")
        return found

    def place(self, scope: Scope) -> Place:
        """A part of a variable to write."""
        path = self.choose.any(list(scope.writable))
        kind = scope.writable[path]
        while self.choose.chance(0.75):
            match kind:
                case Kind(_, sizes) if 0 in sizes:
                    return Place(f"{path}[{self.indices(sizes[0])}]", kind, False)
                case Kind("array", (size,), (element,)):
                    if self.choose.chance(0.2):  # several positions: the type stays
                        return Place(f"{path}[{self.indices(size)}]", kind, False)
                    path, kind = f"{path}[{self.index(size, scope)}]", element
                case Kind("tuple"):
                    number = self.choose.any(range(len(kind.elements)))
                    path, kind = f"{path}.{number + 1}", kind.elements[number]
                case Kind(_, (size,)):
                    if self.choose.chance(0.3):
                        return Place(f"{path}[{self.indices(size)}]", kind, False)
                    return Place(f"{path}[{self.index(size, scope)}]", kind.scalar, True)
                case Kind(_, (r, c)):
                    return self.choose.any([
                        Place(f"{path}[{self.index(r, scope)}]", kind.row, False),
                        Place(f"{path}[{self.index(r, scope)}, {self.indices(c)}]", kind.row, False),
                        Place(f"{path}[{self.indices(r)}, {self.index(c, scope)}]", kind.column, False),
                        Place(f"{path}[{self.index(r, scope)}, {self.index(c, scope)}]", kind.scalar, True),
                        Place(f"{path}[{self.indices(r)}, {self.indices(c)}]", kind, False),
                    ])  # fmt: skip
                case _:
                    return Place(path, kind, True)
        return Place(path, kind, True)
