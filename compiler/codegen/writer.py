"""Lines of Python under construction, with their indentation."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


class Writer:
    """`write` appends a line; `with block("if x:")` indents what is written inside."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._depth = 0

    def write(self, line: str) -> None:
        self.lines.append("    " * self._depth + line)

    def extend(self, lines: list[str]) -> None:
        self.lines.extend("    " * self._depth + line for line in lines)

    @contextmanager
    def block(self, head: str) -> Iterator[None]:
        self.write(head)
        before = len(self.lines)
        self._depth += 1
        yield
        if len(self.lines) == before:
            self.write("pass")
        self._depth -= 1

    @property
    def text(self) -> str:
        return "\n".join(self.lines)
