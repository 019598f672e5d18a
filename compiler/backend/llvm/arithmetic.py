"""Operators, comparisons and conversions of numbers."""

from __future__ import annotations

import ast
from collections.abc import Callable

from .lines import Lines
from .values import FLAGS, INTRINSICS, LLVM_TYPE, LanguageError, Value, float_literal, is_far, is_literal

_BINARY: dict[type[ast.operator], tuple[str, str]] = {
    ast.Add: ("fadd", "add nsw"),
    ast.Sub: ("fsub", "sub nsw"),
    ast.Mult: ("fmul", "mul nsw"),
}


_BITS: dict[type[ast.operator], str] = {
    ast.BitAnd: "and", ast.BitOr: "or", ast.BitXor: "xor", ast.LShift: "shl", ast.RShift: "ashr",
}  # fmt: skip


_COMPARE: dict[type[ast.cmpop], tuple[str, str]] = {
    ast.Lt: ("olt", "slt"), ast.LtE: ("ole", "sle"), ast.Gt: ("ogt", "sgt"), ast.GtE: ("oge", "sge"),
    ast.Eq: ("oeq", "eq"), ast.NotEq: ("une", "ne"),
}  # fmt: skip


class Arithmetic(Lines):
    """Instructions for numbers; `flags` say what LLVM may do to those of doubles."""

    function: ast.FunctionDef  # what is translated
    used: set[str]  # functions of the machine that it calls

    def __init__(self, flags: str) -> None:
        super().__init__()
        self.flags = flags

    def negate(self, value: Value) -> Value:
        if value.type == "float":
            return self.assign(f"fneg {self.flags} double {value.text}", "float")
        return self.assign(f"sub nsw i64 0, {self.convert(value, 'int').text}", "int")

    def binary(self, op: ast.operator, left: Value, right: Value) -> Value:
        kind = type(op)
        if isinstance(op, ast.Div):
            left, right = self.convert(left, "float"), self.convert(right, "float")
            return self._calculate("fdiv", left, right)
        if kind in _BITS:
            if left.type == right.type == "bool":
                return self.assign(f"{_BITS[kind]} i1 {left.text}, {right.text}", "bool")
            left, right = self.convert(left, "int"), self.convert(right, "int")
            return self.assign(f"{_BITS[kind]} i64 {left.text}, {right.text}", "int")
        left, right = self.promote(left, right, arithmetic=True)
        if kind in _BINARY:
            word_float, word_int = _BINARY[kind]
            if left.type == "float":
                return self._calculate(word_float, left, right)
            return self.assign(f"{word_int} i64 {left.text}, {right.text}", "int")
        if left.type == "int" and isinstance(op, ast.FloorDiv | ast.Mod):
            return self.floor_division(left, right, remainder=isinstance(op, ast.Mod))
        raise LanguageError(f"operator {ast.unparse(ast.BinOp(ast.Name('a'), op, ast.Name('b')))} on {left.type}")

    def _calculate(self, word: str, left: Value, right: Value) -> Value:
        """An operation of doubles. LLVM would make one infinite factor of 1e308 and 10 in x * 1e308 * 10."""
        apart = self.flags == FLAGS["fast"] and (is_far(left) or is_far(right))
        if apart:
            left, right = self._fenced(left), self._fenced(right)
        result = self.assign(f"{word} {self.flags} double {left.text}, {right.text}", "float")
        return self._fenced(result) if apart else result

    def _fenced(self, value: Value) -> Value:
        """The same number, whose making LLVM does not mix with what is made of it."""
        if is_literal(value):
            return value
        self.used.add("fence")
        return self.assign(f"call double @{INTRINSICS['fence']}(double {value.text})", "float")

    def floor_division(self, left: Value, right: Value, remainder: bool) -> Value:
        """Rounds towards minus infinity, as Python does.

        A zero divisor must not trap, since both branches of a choice are computed: the result is then of no use.
        """
        if not right.text.isdigit() or right.text == "0":
            zero = self.assign(f"icmp eq i64 {right.text}, 0", "bool")
            right = self.assign(f"select i1 {zero.text}, i64 1, i64 {right.text}", "int")
        rest = self.assign(f"srem i64 {left.text}, {right.text}", "int")
        product = self.assign(f"xor i64 {rest.text}, {right.text}", "int")
        opposite = self.assign(f"icmp slt i64 {product.text}, 0", "bool")
        nonzero = self.assign(f"icmp ne i64 {rest.text}, 0", "bool")
        adjust = self.assign(f"and i1 {opposite.text}, {nonzero.text}", "bool")
        if remainder:
            shift = self.assign(f"select i1 {adjust.text}, i64 {right.text}, i64 0", "int")
            return self.assign(f"add i64 {rest.text}, {shift.text}", "int")
        quotient = self.assign(f"sdiv i64 {left.text}, {right.text}", "int")
        return self.assign(f"sub i64 {quotient.text}, {self.convert(adjust, 'int').text}", "int")

    def compare(self, op: ast.cmpop, left: Value, right: Value) -> Value:
        left, right = self.promote(left, right)
        word_float, word_int = _COMPARE[type(op)]
        if left.type == "float":
            return self.assign(f"fcmp {word_float} double {left.text}, {right.text}", "bool")
        return self.assign(f"icmp {word_int} {LLVM_TYPE[left.type]} {left.text}, {right.text}", "bool")

    def promote(self, left: Value, right: Value, arithmetic: bool = False) -> tuple[Value, Value]:
        order = ("bool", "int", "float")
        type = order[max(order.index(left.type), order.index(right.type), 1 if arithmetic else 0)]
        return self.convert(left, type), self.convert(right, type)

    def convert(self, value: Value, type: str) -> Value:
        match value.type, type:
            case a, b if a == b:
                return value
            case "int", "float":
                if value.text.lstrip("-").isdigit():
                    return float_literal(float(value.text))
                return self.assign(f"sitofp i64 {value.text} to double", "float")
            case "bool", "float":
                return self.assign(f"uitofp i1 {value.text} to double", "float")
            case "bool", "int":
                return self.assign(f"zext i1 {value.text} to i64", "int")
            case "int", "bool":
                return self.assign(f"icmp ne i64 {value.text}, 0", "bool")
            case "float", "bool":
                return self.assign(f"fcmp une double {value.text}, 0.0", "bool")
            case "float" | "int" | "bool", "complex":
                return Value("", "complex", parts=(self.convert(value, "float"), float_literal(0.0)))
            case _:
                raise LanguageError(f"a {value.type} is not a {type} in {self.function.name}")


def _bits(translator: Arithmetic, x: Value) -> Value:
    return translator.assign(f"bitcast double {x.text} to i64", "int")


def _from_bits(translator: Arithmetic, x: Value) -> Value:
    return translator.assign(f"bitcast i64 {x.text} to double", "float")


def _isnan(translator: Arithmetic, x: Value) -> Value:
    return translator.assign(f"fcmp uno double {x.text}, {x.text}", "bool")


def _float(translator: Arithmetic, x: Value) -> Value:
    return translator.convert(x, "float")


def _int(translator: Arithmetic, x: Value) -> Value:
    """Truncates; saturates outside the range instead of being undefined."""
    if x.type != "float":
        return translator.convert(x, "int")
    low = translator.assign(f"fcmp oge double {x.text}, -9.2e18", "bool")
    high = translator.assign(f"fcmp ole double {x.text}, 9.2e18", "bool")
    inside = translator.assign(f"and i1 {low.text}, {high.text}", "bool")
    safe = translator.assign(f"select i1 {inside.text}, double {x.text}, double 0.0", "float")
    return translator.assign(f"fptosi double {safe.text} to i64", "int")


BUILTINS: dict[str, Callable[..., Value]] = {
    "bits": _bits,
    "from_bits": _from_bits,
    "isnan": _isnan,
    "float": _float,
    "int": _int,
}
