"""Runs a program's text as plain Python, with every access checked: no LLVM, so thousands of graphs take minutes.

An element that is read before it is written, or an index outside an array, is an error here; machine code would go on
with whatever stands in memory.
"""

from __future__ import annotations

import ast
import math
from typing import Any

import numpy as np
from pplc.compiler.backend.graph import Built
from pplc.compiler.backend.mathlib import helpers
from scipy import special


class Buffer:
    """Numbers in memory from an element on; None where nothing was written."""

    __slots__ = ("first", "numbers")

    def __init__(self, numbers: list[Any], first: int = 0) -> None:
        self.numbers = numbers
        self.first = first

    def place(self, index: int) -> int:
        place = self.first + index
        if not 0 <= place < len(self.numbers):
            raise AssertionError(f"element {place} of an array of {len(self.numbers)}")
        return place

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return Buffer(self.numbers, self.first + index.start)
        number = self.numbers[self.place(index)]
        if number is None:
            raise AssertionError(f"element {index} is read before it is written")
        return number

    def __setitem__(self, index: int, value: Any) -> None:
        self.numbers[self.place(index)] = self.stored(value)

    def stored(self, value: Any) -> Any:
        return np.float64(value)


class Integers(Buffer):
    """The same for integers."""

    __slots__ = ()

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return Integers(self.numbers, self.first + index.start)
        return super().__getitem__(index)

    def stored(self, value: Any) -> Any:
        if not isinstance(value, int | np.integer | np.bool_):
            raise AssertionError(f"{value!r} among integers")
        return int(value)


class _Plain(ast.NodeTransformer):
    """Numbers as the loop language has them: doubles that divide by zero, truth values that are not numbers."""

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        return _call("_double", node) if isinstance(node.value, float) else node

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        return _call("bool", self.generic_visit(node))

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.AST:
        return _call("bool", self.generic_visit(node))

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        return _call("_divided", node.left, node.right) if isinstance(node.op, ast.Div) else node


def _call(name: str, *arguments: Any) -> ast.expr:
    return ast.Call(ast.Name(name, ast.Load()), list(arguments), [])


def _unchanged(function: Any) -> Any:
    return function


def _integer(value: Any) -> int:
    inside = isinstance(value, int) or abs(value) <= 9.2e18
    return int(value) if inside else 0


_FUNCTIONS: dict[str, Any] = {
    "_double": np.float64, "_divided": lambda a, b: np.float64(a) / np.float64(b), "float": np.float64, "int": _integer,
    "fast": _unchanged, "exact": _unchanged, "inf": np.float64(math.inf), "nan": np.float64(math.nan),
    "floats": lambda size: Buffer([None] * size), "ints": lambda size: Integers([None] * size),
    "maximum": np.maximum, "minimum": np.minimum, "fabs": np.abs, "rint": np.rint, "power": np.power,
    "softplus": lambda x: np.logaddexp(0.0, x), "sigmoid": special.expit, "lgamma": special.gammaln,
    "digamma": special.digamma, "erf": special.erf, "erfc": special.erfc,
    **dict.fromkeys(
        ("mantissa", "normal_mantissa"), lambda x: np.frexp(x)[0] if not x < 0 else np.float64(math.nan)
    ),
    **dict.fromkeys(
        ("exponent", "normal_exponent"),
        lambda x: np.float64(np.frexp(x)[1]) if 0 < x < math.inf else np.float64(0.0),
    ),
    "atan": np.arctan, "atan2": np.arctan2, "asin": np.arcsin, "acos": np.arccos,
} | {
    name: getattr(np, name)
    for name in (
        "exp", "expm1", "exp2", "log", "log1p", "log2", "log10", "sqrt", "sin", "cos", "tan", "sinh", "cosh", "tanh",
        "floor", "ceil", "trunc", "copysign", "isnan",
    )
}  # fmt: skip


def interpret(built: Built, name: str, position: np.ndarray) -> tuple[float, np.ndarray]:
    """A density's value and gradient; `built` is what `density_text` makes."""
    own = [
        node
        for node in ast.parse(built.text.source).body
        if not (isinstance(node, ast.FunctionDef) and node.name in _FUNCTIONS and node.name in helpers())
    ]
    module = ast.fix_missing_locations(_Plain().visit(ast.Module(own, [])))
    table: list[Buffer] = []
    for slot in built.text.slots:
        kind = Buffer if slot.type == "floats" else Integers
        numbers: list[Any] = [None] * slot.size
        if slot.name in built.arrays:
            numbers = [np.float64(x) if kind is Buffer else int(x) for x in np.ravel(built.arrays[slot.name])]
        table.append(kind(numbers))
    scope = _FUNCTIONS | {"table_floats": table.__getitem__, "table_ints": table.__getitem__}
    code = "from __future__ import annotations\n"
    exec(compile(code, "<header>", "exec"), scope)
    exec(compile(module, "<program>", "exec", flags=annotations_only()), scope)
    with np.errstate(all="ignore"):
        if "prepare" in built.text.exported:
            scope["prepare"]()
        for slot, limit in built.text.checks:
            numbers = next(b.numbers for s, b in zip(built.text.slots, table, strict=True) if s.name == slot)
            if any(not 0 <= number < limit for number in numbers):
                raise IndexError(slot)
        gradient = Buffer([None] * built.size)
        value = scope[name](Buffer([np.float64(x) for x in position]), gradient)
    return float(value), np.array([gradient[k] for k in range(built.size)], dtype="float64")


def annotations_only() -> int:
    import __future__

    return __future__.annotations.compiler_flag
