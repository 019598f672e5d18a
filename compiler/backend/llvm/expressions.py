"""Expressions of functions without declared types."""

from __future__ import annotations

import ast
import math

from .arrays import ArrayTranslator
from .types import assembled, element_of, joined, leaves, rank_of, tuple_of
from .values import ELEMENT, LLVM_TYPE, LanguageError, Value, float_literal


class ExpressionTranslator(ArrayTranslator):
    """NumPy's and Python's own words, in terms of numbers, arrays and tuples."""

    types: dict[str, str]  # of the variables, as far as known

    def expression(self, node: ast.expr) -> Value:
        match node:
            case ast.Tuple(elts=elements):
                return tuple_of([self.expression(element) for element in elements])
            case ast.Constant(value=complex() as number):
                return self.complex_number(float_literal(number.real), float_literal(number.imag))
            case ast.Attribute(value=value, attr=name):
                return self.attribute(value, name)
            case ast.Call(func=ast.Attribute(value=value, attr=name), args=args, keywords=[]):
                return self.method_call(value, name, args)
            case ast.Subscript(value=value, slice=part):
                return self.subscript(value, part)
            case ast.BoolOp(op=op, values=[first, *rest]) if any(map(_has_effects, rest)):
                return self.short_circuit(isinstance(op, ast.And), first, rest)
            case ast.IfExp(test=test, body=then, orelse=otherwise) if _has_effects(then) or _has_effects(otherwise):
                return self.branches(test, then, otherwise)
            case ast.IfExp(test=test, body=then, orelse=otherwise):
                choice = self.convert(self.expression(test), "bool")
                return self.chosen(choice, self.expression(then), self.expression(otherwise))
            case ast.Compare(left=left, ops=ops, comparators=[_, _, *_] as comparators):
                terms = [left, *comparators]
                tests = [ast.Compare(a, [o], [b]) for a, o, b in zip(terms, ops, terms[1:], strict=False)]
                return self.expression(ast.BoolOp(ast.And(), list(tests)))
            case ast.BinOp(left=left, op=ast.Pow(), right=right):
                return self.power(left, right)
            case _:
                return super().expression(node)

    def attribute(self, value: ast.expr, name: str) -> Value:
        match value, name:
            case ast.Name(id="np" | "math"), _:
                return self.module_constant(name)
            case _, "shape":
                return tuple_of(self.sizes_of(self.array(value)))
            case _, "size":
                return self.size_of(self.array(value))
            case _, "T":
                return self.transposed(self.array(value))
            case _, "flat":
                return self.flat(self.array(value))
            case _, "real" | "imag":
                return self.part(("real", "imag").index(name), self.expression(value))
            case _:
                raise LanguageError(f"attribute {name!r}")

    def method_call(self, value: ast.expr, name: str, args: list[ast.expr]) -> Value:
        match value, name, args:
            case ast.Name(id="np" | "math"), _, _:
                return self.module_call(name, args)
            case _, "reshape", _:
                return self.reshaped(self.array(value), args)
            case _, "copy", []:
                return self.copied(self.array(value))
            case _, "astype", [dtype]:
                return self.copied(self.array(value), self.dtype(dtype))
            case _, "item", []:
                return self.expression(value)
            case _:
                raise LanguageError(f"method {name!r}")

    def call(self, name: str, args: list[ast.expr]) -> Value:
        match name, args:
            case "complex", [real, imaginary]:
                return self.complex_number(self.expression(real), self.expression(imaginary))
            case "len", [value]:
                return self.sizes_of(self.array(value))[0]
            case "zero_like", [value]:
                return self.convert(Value("0", "int"), element_of(self.array(value).type))
            case "max" | "min", [left, right]:
                return self.extremum(name, self.expression(left), self.expression(right))
            case "abs", [value]:
                return self.absolute(self.expression(value))
            case "sized", [value, *sizes]:
                pointer = self.expression(value)
                dims = [self.expression(size) for size in sizes]
                return Value("", f"{ELEMENT[pointer.type]}[{len(dims)}]", parts=(pointer, *dims))
            case "constants", _:
                return self.templates.constant_array([float(ast.literal_eval(argument)) for argument in args])
            case "raw", [value]:
                return self.row_major(self.array(value)).parts[0]
            case _:
                return super().call(name, args)

    def subscript(self, value: ast.expr, part: ast.expr) -> Value:
        match value, part:
            case ast.Call(), _:
                name = self.hidden_name("result")
                self.store_variable(name, self.expression(value))
                return self.subscript(ast.Name(name), part)
            case _, ast.Constant(value=int(number)) if self.is_tuple(value):
                return self.expression(value).parts[number]
            case _, ast.Slice(lower=lower, upper=upper) if self.is_tuple(value):
                start, end = (None if bound is None else ast.literal_eval(bound) for bound in (lower, upper))
                return tuple_of(list(self.expression(value).parts[start:end]))
            case _:
                place = self.place(ast.Subscript(value, part))
                return place if rank_of(place.type) or place.type.startswith("(") else self.take(place)

    def is_tuple(self, node: ast.expr) -> bool:
        if isinstance(node, ast.Attribute):
            return node.attr == "shape"
        return isinstance(node, ast.Name) and self.types.get(node.id, "").startswith("(")

    def module_constant(self, name: str) -> Value:
        value = getattr(math, name, None)
        if not isinstance(value, float):
            raise LanguageError(f"np.{name}")
        return float_literal(value)

    def module_call(self, name: str, args: list[ast.expr]) -> Value:
        args = list(args)
        if name == "ones":
            name, args = "full", [args[0], ast.Constant(1.0), *args[1:]]
        if name in ("empty", "zeros", "full"):
            shape = args[0]
            filling = self.expression(args.pop(1)) if name == "full" else None
            dims = list(shape.elts) if isinstance(shape, ast.Tuple) else [shape]
            sizes = [self.expression(size) for size in dims]
            if len(sizes) == 1 and sizes[0].type.startswith("("):
                sizes = list(sizes[0].parts)
            element = self.dtype(args[1]) if len(args) > 1 else "float" if filling is None else filling.type
            array = self.new_array(element, [self.convert(size, "int") for size in sizes], zero=name == "zeros")
            return array if filling is None else self.filled(array, self.convert(filling, element))
        if name == "asarray":
            return self.expression(args[0])
        if name == "array":
            element = self.dtype(args[1])
            if not isinstance(args[0], ast.List):
                return self.listed(self.expression(args[0]), element)
            literals = list(map(_literal, args[0].elts))
            known = [number for number in literals if number is not None]
            if len(known) == len(literals):
                return self.copied(self.templates.constant_array(known, element))
            return self.listed(tuple_of(list(map(self.expression, args[0].elts))), element)
        if name == "sum":
            value = self.expression(args[0])
            if not rank_of(value.type):
                return value
            whole = len(args) == 1 or rank_of(value.type) == 1
            return self.whole("sum_of" if whole else f"sum_over_{ast.literal_eval(args[1])}", value)
        if name == "concatenate":
            return self.whole("joined", *self.expression(args[0]).parts)
        renamed = {"gamma": "tgamma", "abs": "abs", "arctan": "atan", "arctan2": "atan2", "arcsin": "asin"}
        return self.expression(ast.Call(ast.Name(renamed.get(name, name)), args, []))

    def absolute(self, value: Value) -> Value:
        if value.type == "float":
            self.used.add("fabs")
            return self.assign(f"call double @llvm.fabs.f64(double {value.text})", "float")
        negative = self.assign(f"icmp slt i64 {value.text}, 0", "bool")
        opposite = self.assign(f"sub nsw i64 0, {value.text}", "int")
        return self.assign(f"select i1 {negative.text}, i64 {opposite.text}, i64 {value.text}", "int")

    def power(self, left: ast.expr, right: ast.expr) -> Value:
        base = self.expression(left)
        if isinstance(right, ast.Constant) and right.value in (2, 3):
            square = self.binary(ast.Mult(), base, base)
            return square if right.value == 2 else self.binary(ast.Mult(), square, base)
        exponent = self.expression(right)
        if base.type == "int" and exponent.type == "int":
            raise LanguageError("powers of integers")
        self.used.add("pow")
        base, exponent = self.convert(base, "float"), self.convert(exponent, "float")
        return self.assign(f"call double @pow(double {base.text}, double {exponent.text})", "float")

    def binary(self, op: ast.operator, left: Value, right: Value) -> Value:
        if isinstance(op, ast.Add) and left.type.startswith("(") and right.type.startswith("("):
            return tuple_of([*left.parts, *right.parts])
        if "complex" in (left.type, right.type):
            return self.complex_arithmetic(op, *(self.convert(value, "complex") for value in (left, right)))
        if isinstance(op, ast.Add) and rank_of(left.type) and rank_of(left.type) == rank_of(right.type):
            return self.whole("plus", left, right)
        if rank_of(left.type) or rank_of(right.type) or "(" in left.type + right.type:
            raise LanguageError("arithmetic on whole arrays")
        if isinstance(op, ast.FloorDiv) and "float" in (left.type, right.type):
            self.used.add("floor")
            quotient = self.binary(ast.Div(), left, right)
            return self.assign(f"call double @llvm.floor.f64(double {quotient.text})", "float")
        return super().binary(op, left, right)

    # Complex numbers -----------------------------------------------------------------------------

    def complex_number(self, real: Value, imaginary: Value) -> Value:
        return Value("", "complex", parts=(self.convert(real, "float"), self.convert(imaginary, "float")))

    def complex_arithmetic(self, op: ast.operator, left: Value, right: Value) -> Value:
        """Sums and differences; everything else is a kernel of the parts."""
        if not isinstance(op, ast.Add | ast.Sub):
            raise LanguageError(f"operator {op} on complex numbers")
        return self.complex_number(*(self.binary(op, *pair) for pair in zip(left.parts, right.parts, strict=True)))

    # Control flow in expressions -----------------------------------------------------------------

    def short_circuit(self, conjunction: bool, first: ast.expr, rest: list[ast.expr]) -> Value:
        name = self.hidden_name("test")
        self.store_variable(name, self.convert(self.expression(first), "bool"))
        exit = self.fresh("exit")
        for value in rest:
            more = self.fresh("more")
            test = self.load_variable(name)
            self.branch(test, *((more, exit) if conjunction else (exit, more)))
            self.label(more)
            self.store_variable(name, self.convert(self.expression(value), "bool"))
        self.jump(exit)
        self.label(exit)
        return self.load_variable(name)

    def chosen(self, choice: Value, left: Value, right: Value) -> Value:
        """One of two values that are both there."""
        type = joined(left.type, right.type)
        pairs = zip(leaves(self.convert(left, type)), leaves(self.convert(right, type)), strict=True)
        selects = [
            self.assign(f"select i1 {choice.text}, {LLVM_TYPE[a.type]} {a.text}, {LLVM_TYPE[b.type]} {b.text}", a.type)
            for a, b in pairs
        ]
        return assembled(type, selects)

    def branches(self, test: ast.expr, then: ast.expr, otherwise: ast.expr) -> Value:
        name = self.hidden_name("choice")
        yes, no, exit = (self.fresh(part) for part in ("then", "else", "exit"))
        self.branch(self.convert(self.expression(test), "bool"), yes, no)
        self.label(yes)
        self.store_variable(name, self.expression(then))
        self.jump(exit)
        self.label(no)
        self.store_variable(name, self.expression(otherwise))
        self.jump(exit)
        self.label(exit)
        return self.load_variable(name)


def _literal(node: ast.expr) -> float | None:
    """The value of a number that is written out."""
    match node:
        case ast.Name(id="inf" | "nan" as name) | ast.Attribute(value=ast.Name(id="np"), attr="inf" | "nan" as name):
            return float(name)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            positive = _literal(operand)
            return None if positive is None else -positive
        case ast.Constant(value=int() | float() as value):
            return value
        case _:
            return None


def _has_effects(node: ast.expr) -> bool:
    """Whether evaluating an expression needlessly could fault or cost much."""
    return any(isinstance(part, ast.Subscript | ast.Call) for part in ast.walk(node))
