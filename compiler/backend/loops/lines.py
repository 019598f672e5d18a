"""Loops while they are written: lines go to the innermost one, values to the outermost where they can be computed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import isinf, isnan

from ..arrays import Kind


@dataclass(frozen=True, slots=True)
class Scalar:
    """A computed number: its text, kind, and how many loops must be open where it is valid."""

    text: str
    kind: Kind
    level: int


@dataclass
class Block:
    """A loop body being written; `known` remembers what was computed in it."""

    lines: list[str | Block | Store] = field(default_factory=list)
    known: dict[object, Scalar] = field(default_factory=dict)
    header: str = ""


@dataclass
class Store:
    """A line that writes to a buffer; left out when nobody reads the buffer."""

    buffer: str
    text: str


class Lines:
    """The loops that are open, the outermost first; that of level 0 is no loop but what stands around all."""

    def __init__(self) -> None:
        self.blocks = [Block()]
        self.levels: dict[str, int] = {}  # loop variable -> number of open loops inside it
        self.counter = 0

    def fresh(self, prefix: str = "t") -> str:
        """A name of its own."""
        self.counter += 1
        return f"{prefix}{self.counter}"

    @property
    def block(self) -> Block:
        """The innermost loop."""
        return self.blocks[-1]

    def write(self, line: str | Store) -> None:
        """A line of the innermost loop."""
        self.block.lines.append(line)

    def let(self, text: str, kind: Kind, level: int) -> Scalar:
        """Name the value of an expression at the outermost place where it can be computed."""
        name = self.fresh()
        self.blocks[level].lines.append(f"{name} = {text}")
        return Scalar(name, kind, level)

    def remembered(self, key: object) -> Scalar | None:
        """What was computed before, in this loop or one around it."""
        for block in reversed(self.blocks):
            if key in block.known:
                return block.known[key]
        return None

    def remember(self, key: object, value: Scalar) -> Scalar:
        """Keep a value for as long as the loop is open in which it was computed."""
        self.blocks[value.level].known[key] = value
        return value

    @contextmanager
    def inside(self, name: str, range: str) -> Iterator[None]:
        """A loop around what is written meanwhile."""
        inner = Block(header=f"for {name} in {range}:")
        self.blocks.append(inner)
        self.levels[name] = len(self.blocks) - 1
        yield
        self.blocks.pop()
        self.block.lines.append(inner)

    def text(self, read: set[str]) -> list[str]:
        """All lines but those that write to buffers which are not read."""
        return list(_flatten(self.blocks[0], "", read))


def _flatten(block: Block, indent: str, read: set[str]) -> Iterable[str]:
    for line in block.lines:
        match line:
            case Block(header=header):
                inner = list(_flatten(line, indent + "    ", read))
                if inner:
                    yield indent + header
                    yield from inner
            case Store(buffer=buffer, text=text):
                if buffer in read:
                    yield indent + text
            case _:
                yield indent + line


def literal(value: float | int | bool) -> str:
    """A number in the loop language."""
    if isinstance(value, bool | int):
        return str(value)
    if isnan(value):
        return "nan"
    if isinf(value):
        return "inf" if value > 0 else "-inf"
    return repr(float(value))
