"""The growing text of one LLVM function."""

from __future__ import annotations

from .values import Value


class Lines:
    """Lines in blocks; each block ends with one jump."""

    def __init__(self) -> None:
        self.entry: list[str] = []  # stack slots, which must stand in the first block
        self.lines: list[str] = []
        self.counter = 0
        self.open = True  # whether the current block still needs a terminator

    def fresh(self, prefix: str = "t") -> str:
        self.counter += 1
        return f"%{prefix}.{self.counter}"

    def emit(self, line: str) -> None:
        if self.open:
            self.lines.append("  " + line)

    def assign(self, operation: str, type: str, root: str = "") -> Value:
        name = self.fresh()
        self.emit(f"{name} = {operation}")
        return Value(name, type, root)

    def label(self, name: str) -> None:
        self.lines.append(f"{name[1:]}:")
        self.open = True

    def jump(self, label: str, attachment: str = "") -> None:
        self.emit(f"br label {label}{attachment}")
        self.open = False

    def branch(self, test: Value, then: str, otherwise: str) -> None:
        self.emit(f"br i1 {test.text}, label {then}, label {otherwise}")
        self.open = False
