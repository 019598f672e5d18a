"""Translates the loop language, a small typed subset of Python, into LLVM's text form.

The loop language is what the scheduler and `mathlib` are written in. Its text is at the same time valid
Numba code, so one definition serves the compiled log density (through this file, in milliseconds) and
functions used inside other generated Numba code. The rules:

* values are `float` (double), `int` (64 bits), `bool`, and flat arrays `floats`, `ints`; a variable keeps
  the type of its first assignment; ints become floats where mixed;
* `a[i]` loads or stores, `a[k:]` is the array from element k on, `floats(n)` and `ints(n)` make local arrays
  of literal size (uninitialised);
* statements: assignment, `for i in range(...)`, `while`, `if`, `break`, `continue`, `return`, calls;
* `x if c else y`, `and`, `or` evaluate all their parts: they are selects, which vectorise;
* each function carries a decorator: `@exact` keeps the order of floating-point operations (the polynomials
  of `mathlib` rest on it), `@fast` lets sums be reordered. Neither gives up nan or infinity.
"""

from __future__ import annotations

import ast
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .generic import Templates

FLAGS = {"exact": "contract", "fast": "contract reassoc nsz arcp"}

LLVM_TYPE = {
    "float": "double",
    "int": "i64",
    "bool": "i1",
    "floats": "ptr",
    "ints": "ptr",
    "None": "void",
}
ELEMENT = {"floats": "float", "ints": "int"}

INTRINSICS = {  # loop language name -> LLVM intrinsic on doubles
    "sqrt": "llvm.sqrt.f64",
    "floor": "llvm.floor.f64",
    "ceil": "llvm.ceil.f64",
    "trunc": "llvm.trunc.f64",
    "rint": "llvm.rint.f64",
    "fabs": "llvm.fabs.f64",
    "copysign": "llvm.copysign.f64",
    "fma": "llvm.fma.f64",
    "maximum": "llvm.maximum.f64",
    "minimum": "llvm.minimum.f64",
}
LIBM = {  # functions of the C library, with their number of arguments
    "sin": 1, "cos": 1, "tan": 1, "asin": 1, "acos": 1, "atan": 1, "sinh": 1, "cosh": 1, "tanh": 1,
    "asinh": 1, "acosh": 1, "atanh": 1, "atan2": 2, "fmod": 2,
    "exp": 1, "log": 1, "log1p": 1, "expm1": 1, "exp2": 1, "log2": 1, "log10": 1, "pow": 2,
    "erf": 1, "erfc": 1, "lgamma": 1, "tgamma": 1,
}  # fmt: skip

STACK_LIMIT = 4096  # elements of a local array that still lives on the stack
STACK_TOTAL = 32768  # elements of all of a function's arrays there: 256 KB; a thread may have no more than 512 KB


class LanguageError(Exception):
    """The text is not in the loop language; a mistake of ours, never of a user."""


@dataclass(frozen=True, slots=True)
class Value:
    """An LLVM operand with its loop-language type; `root` names the array a pointer came from.

    Arrays with sizes and tuples (see `generic`) have `parts` instead of a text.
    """

    text: str
    type: str
    root: str = ""
    parts: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class Signature:
    """How a function of the module is called."""

    name: str
    arguments: tuple[str, ...]
    result: str


def signature_of(function: ast.FunctionDef) -> Signature:
    """The declared types of a loop-language function."""
    arguments = tuple(_annotation(argument.annotation) for argument in function.args.args)
    return Signature(function.name, arguments, _annotation(function.returns))


def is_typed(function: ast.FunctionDef) -> bool:
    """Whether a function says its types; one that does not is translated for each kind of call (`generic`)."""
    return function.returns is not None


def _annotation(node: ast.expr | None) -> str:
    text = "None" if node is None else ast.unparse(node)
    if text not in LLVM_TYPE:
        raise LanguageError(f"unknown type {text}")
    return text


def translate(source: str, exported: tuple[str, ...], externals: tuple[Signature, ...] = ()) -> str:
    """LLVM text of a module of loop-language functions.

    `exported` functions are callable from outside by name; the others are private to the module.
    `externals` are C functions found when the module is linked. The module refers to one external symbol
    `data_table`, an array of pointers read by `table_floats(k)` and `table_ints(k)`.
    """
    from .generic import ARENA, Templates

    definitions = [node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)]
    functions = [function for function in definitions if is_typed(function)]
    known = {function.name: signature_of(function) for function in functions}
    known |= {external.name: external for external in externals}
    used: set[str] = set()
    templates = Templates({f.name: f for f in definitions if not is_typed(f)}, known, used)
    bodies = [
        FunctionTranslator(function, known, used, function.name in exported, templates).translate()
        for function in functions
    ]
    bodies += templates.texts
    lines = ["@data_table = external global [0 x ptr]"]
    for name in sorted(used & set(INTRINSICS)):
        lines.append(f"declare double @{INTRINSICS[name]}({_doubles(_arity(name))})")
    for name in sorted(used & set(LIBM)):
        lines.append(f"declare double @{name}({_doubles(LIBM[name])}) memory(none) nounwind willreturn")
    for external in externals:
        types = ", ".join(LLVM_TYPE[type] for type in external.arguments)
        lines.append(f"declare {LLVM_TYPE[external.result]} @{external.name}({types})")
    lines += ["declare ptr @malloc(i64)", "declare void @free(ptr)"]
    if templates.texts:
        lines.append(ARENA)
    return "\n".join(lines + bodies) + "\n"


def _arity(name: str) -> int:
    return {"copysign": 2, "fma": 3, "maximum": 2, "minimum": 2}.get(name, 1)


def _doubles(count: int) -> str:
    return ", ".join(["double"] * count)


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


class FunctionTranslator:
    """Translates one function; holds its growing text and its variables."""

    def __init__(
        self,
        function: ast.FunctionDef,
        known: dict[str, Signature],
        used: set[str],
        exported: bool,
        templates: Templates,
    ) -> None:
        self.function = function
        self.known = known
        self.used = used
        self.exported = exported
        self.templates = templates
        self.signature = known.get(function.name, Signature(function.name, (), "None"))
        decorators = [ast.unparse(decorator) for decorator in function.decorator_list]
        self.flags = FLAGS[decorators[0]] if decorators else FLAGS["exact"]
        self.entry: list[str] = []  # stack slots, which must stand in the first block
        self.lines: list[str] = []
        self.slots: dict[str, Value] = {}  # scalar variables: their stack slot
        self.arrays: dict[str, Value] = {}  # array variables: never reassigned
        self.roots: list[str] = []
        self.heap: list[str] = []
        self.on_stack = 0  # elements of the arrays that live there
        self.counter = 0
        self.arena = ""  # where generic functions take memory from
        self.loops: list[tuple[str, str]] = []  # labels for continue and break
        self.open = True  # whether the current block still needs a terminator

    # Text ---------------------------------------------------------------------------------------

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

    def jump(self, label: str) -> None:
        self.emit(f"br label {label}")
        self.open = False

    def branch(self, test: Value, then: str, otherwise: str) -> None:
        self.emit(f"br i1 {test.text}, label {then}, label {otherwise}")
        self.open = False

    def root(self, name: str) -> str:
        if name not in self.roots:
            self.roots.append(name)
        return name

    # Functions ----------------------------------------------------------------------------------

    def translate(self) -> str:
        arguments = []
        written = {
            target.id
            for node in ast.walk(self.function)
            if isinstance(node, ast.Assign | ast.AugAssign)
            for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
            if isinstance(target, ast.Name)
        }
        for argument, type in zip(self.function.args.args, self.signature.arguments, strict=True):
            attributes = " noalias nocapture" if type in ELEMENT else ""
            arguments.append(f"{LLVM_TYPE[type]}{attributes} %{argument.arg}")
            value = Value(f"%{argument.arg}", type, self.root(argument.arg) if type in ELEMENT else "")
            if type in ELEMENT:
                self.arrays[argument.arg] = value
            elif argument.arg in written:
                self.store_variable(argument.arg, value)
            else:
                self.slots[argument.arg] = Value(value.text, type, "argument")
        self.block(self.function.body)
        if self.open:
            self.finish(None)
        linkage = "" if self.exported else "private "
        attributes = "nounwind" + (" alwaysinline" if not self.exported and self.small() else "")
        head = f"define {linkage}{LLVM_TYPE[self.signature.result]} @{self.function.name}({', '.join(arguments)})"
        return "\n".join([f"{head} {attributes} {{", "entry:", *self.entry, *self.lines, "}"])

    def small(self) -> bool:
        """Straight-line functions are always inlined: only then do the loops around them vectorise."""
        return not any(isinstance(node, ast.For | ast.While | ast.If) for node in ast.walk(self.function))

    def finish(self, value: Value | None) -> None:
        if self.arena and not self.arena.startswith("%arena.given"):
            self.emit(f"call void @arena_free(ptr {self.arena})")
        for pointer in self.heap:
            self.emit(f"call void @free(ptr {pointer})")
        self.emit("ret void" if value is None else f"ret {LLVM_TYPE[value.type]} {value.text}")
        self.open = False

    # Statements ---------------------------------------------------------------------------------

    def block(self, statements: list[ast.stmt]) -> None:
        for statement in statements:
            self.statement(statement)

    def statement(self, node: ast.stmt) -> None:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                result = self.expression(value)
                if result.type in ELEMENT:
                    self.arrays[name] = result if result.root else Value(result.text, result.type, self.root(name))
                else:
                    self.store_variable(name, result)
            case ast.Assign(targets=[ast.Subscript() as target], value=value):
                self.store_element(target, self.expression(value))
            case ast.AugAssign(target=ast.Name(id=name) as target, op=op, value=value):
                self.store_variable(name, self.binary(op, self.load_variable(name), self.expression(value)))
            case ast.AugAssign(target=ast.Subscript() as target, op=op, value=value):
                increment = self.expression(value)
                address, type = self.address(target)
                old = self.assign(f"load {LLVM_TYPE[type]}, ptr {address.text}, align 8", type)
                new = self.convert(self.binary(op, old, increment), type)
                self.emit(f"store {LLVM_TYPE[type]} {new.text}, ptr {address.text}, align 8")
            case ast.For(target=ast.Name(id=name), iter=ast.Call(func=ast.Name(id="range"), args=args), body=body):
                self.for_range(name, args, body)
            case ast.While(test=test, body=body):
                self.while_loop(test, body)
            case ast.If(test=test, body=body, orelse=otherwise):
                self.conditional(test, body, otherwise)
            case ast.Return(value=value):
                result = None if value is None else self.convert(self.expression(value), self.signature.result)
                self.finish(result)
            case ast.Break():
                self.jump(self.loops[-1][1])
            case ast.Continue():
                self.jump(self.loops[-1][0])
            case ast.Expr(value=ast.Constant()) | ast.Pass():
                pass
            case ast.Expr(value=value):
                self.expression(value)
            case _:
                raise LanguageError(f"statement {ast.unparse(node)!r}")

    def for_range(self, name: str, args: list[ast.expr], body: list[ast.stmt]) -> None:
        bounds = [self.convert(self.expression(argument), "int") for argument in args]
        start, stop = (Value("0", "int"), bounds[0]) if len(bounds) == 1 else bounds[:2]
        step = ast.literal_eval(args[2]) if len(bounds) == 3 else 1
        head, inside, after, exit = (self.fresh(part) for part in ("head", "body", "next", "exit"))
        counter = self.fresh("counter")
        self.entry.append(f"  {counter} = alloca i64")
        self.emit(f"store i64 {start.text}, ptr {counter}")
        self.jump(head)
        self.label(head)
        index = self.assign(f"load i64, ptr {counter}", "int")
        test = self.assign(f"icmp {'slt' if step > 0 else 'sgt'} i64 {index.text}, {stop.text}", "bool")
        self.branch(test, inside, exit)
        self.label(inside)
        self.store_variable(name, index)
        self.loops.append((after, exit))
        self.block(body)
        self.loops.pop()
        self.jump(after)
        self.label(after)
        old = self.assign(f"load i64, ptr {counter}", "int")
        new = self.assign(f"add nsw i64 {old.text}, {step}", "int")
        self.emit(f"store i64 {new.text}, ptr {counter}")
        self.jump(head)
        self.label(exit)

    def while_loop(self, test: ast.expr, body: list[ast.stmt]) -> None:
        head, inside, exit = (self.fresh(part) for part in ("head", "body", "exit"))
        self.jump(head)
        self.label(head)
        self.branch(self.convert(self.expression(test), "bool"), inside, exit)
        self.label(inside)
        self.loops.append((head, exit))
        self.block(body)
        self.loops.pop()
        self.jump(head)
        self.label(exit)

    def conditional(self, test: ast.expr, body: list[ast.stmt], otherwise: list[ast.stmt]) -> None:
        then, other, exit = (self.fresh(part) for part in ("then", "else", "exit"))
        self.branch(self.convert(self.expression(test), "bool"), then, other if otherwise else exit)
        self.label(then)
        self.block(body)
        self.jump(exit)
        if otherwise:
            self.label(other)
            self.block(otherwise)
            self.jump(exit)
        self.label(exit)

    # Variables and elements ---------------------------------------------------------------------

    def store_variable(self, name: str, value: Value) -> None:
        slot = self.slots.get(name)
        if slot is None:
            slot = Value(f"%{name}.slot", value.type)
            self.entry.append(f"  {slot.text} = alloca {LLVM_TYPE[value.type]}")
            self.slots[name] = slot
        value = self.convert(value, slot.type)
        self.emit(f"store {LLVM_TYPE[slot.type]} {value.text}, ptr {slot.text}")

    def load_variable(self, name: str) -> Value:
        if name in self.arrays:
            return self.arrays[name]
        slot = self.slots.get(name)
        if slot is None:
            raise LanguageError(f"{name} is used before it is assigned in {self.function.name}")
        if slot.root == "argument":
            return Value(slot.text, slot.type)
        return self.assign(f"load {LLVM_TYPE[slot.type]}, ptr {slot.text}", slot.type)

    def address(self, node: ast.Subscript) -> tuple[Value, str]:
        array = self.expression(node.value)
        index = self.convert(self.expression(node.slice), "int")
        type = ELEMENT[array.type]
        pointer = self.assign(
            f"getelementptr inbounds {LLVM_TYPE[type]}, ptr {array.text}, i64 {index.text}", array.type, array.root
        )
        return pointer, type

    def store_element(self, target: ast.Subscript, value: Value) -> None:
        address, type = self.address(target)
        value = self.convert(value, type)
        self.emit(f"store {LLVM_TYPE[type]} {value.text}, ptr {address.text}, align 8")

    # Expressions --------------------------------------------------------------------------------

    def expression(self, node: ast.expr) -> Value:
        match node:
            case ast.Constant(value=bool(value)):
                return Value(str(value).lower(), "bool")
            case ast.Constant(value=int(value)):
                return Value(str(value), "int")
            case ast.Constant(value=float(value)):
                return float_literal(value)
            case ast.Name(id="inf"):
                return float_literal(float("inf"))
            case ast.Name(id="nan"):
                return float_literal(float("nan"))
            case ast.Name(id=name):
                return self.load_variable(name)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return self.negate(self.expression(operand))
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                value = self.convert(self.expression(operand), "bool")
                return self.assign(f"xor i1 {value.text}, true", "bool")
            case ast.BinOp(left=left, op=op, right=right):
                return self.binary(op, self.expression(left), self.expression(right))
            case ast.BoolOp(op=op, values=values):
                word = "and" if isinstance(op, ast.And) else "or"
                result = self.convert(self.expression(values[0]), "bool")
                for value in values[1:]:
                    right = self.convert(self.expression(value), "bool")
                    result = self.assign(f"{word} i1 {result.text}, {right.text}", "bool")
                return result
            case ast.Compare(left=left, ops=[op], comparators=[right]):
                return self.compare(op, self.expression(left), self.expression(right))
            case ast.IfExp(test=test, body=body, orelse=otherwise):
                choice = self.convert(self.expression(test), "bool")
                left, right = self.promote(self.expression(body), self.expression(otherwise))
                type = LLVM_TYPE[left.type]
                return self.assign(f"select i1 {choice.text}, {type} {left.text}, {type} {right.text}", left.type)
            case ast.Subscript(value=array, slice=ast.Slice(lower=ast.expr() as lower, upper=None, step=None)):
                base = self.expression(array)
                index = self.convert(self.expression(lower), "int")
                element = LLVM_TYPE[ELEMENT[base.type]]
                operation = f"getelementptr inbounds {element}, ptr {base.text}, i64 {index.text}"
                return self.assign(operation, base.type, base.root)
            case ast.Subscript():
                address, type = self.address(node)
                return self.assign(f"load {LLVM_TYPE[type]}, ptr {address.text}, align 8", type)
            case ast.Call(func=ast.Name(id=name), args=args):
                return self.call(name, args)
            case _:
                raise LanguageError(f"expression {ast.unparse(node)!r}")

    def negate(self, value: Value) -> Value:
        if value.type == "float":
            return self.assign(f"fneg {self.flags} double {value.text}", "float")
        return self.assign(f"sub nsw i64 0, {self.convert(value, 'int').text}", "int")

    def binary(self, op: ast.operator, left: Value, right: Value) -> Value:
        kind = type(op)
        if isinstance(op, ast.Div):
            left, right = self.convert(left, "float"), self.convert(right, "float")
            return self.assign(f"fdiv {self.flags} double {left.text}, {right.text}", "float")
        if kind in _BITS:
            if left.type == right.type == "bool":
                return self.assign(f"{_BITS[kind]} i1 {left.text}, {right.text}", "bool")
            left, right = self.convert(left, "int"), self.convert(right, "int")
            return self.assign(f"{_BITS[kind]} i64 {left.text}, {right.text}", "int")
        left, right = self.promote(left, right, arithmetic=True)
        if kind in _BINARY:
            word_float, word_int = _BINARY[kind]
            if left.type == "float":
                return self.assign(f"{word_float} {self.flags} double {left.text}, {right.text}", "float")
            return self.assign(f"{word_int} i64 {left.text}, {right.text}", "int")
        if left.type == "int" and isinstance(op, ast.FloorDiv | ast.Mod):
            return self.floor_division(left, right, remainder=isinstance(op, ast.Mod))
        raise LanguageError(f"operator {ast.unparse(ast.BinOp(ast.Name('a'), op, ast.Name('b')))} on {left.type}")

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
            case _:
                raise LanguageError(f"a {value.type} is not a {type} in {self.function.name}")

    def call(self, name: str, args: list[ast.expr]) -> Value:
        if name in ("floats", "ints"):
            return self.local_array(name, ast.literal_eval(args[0]))
        if name in ("table_floats", "table_ints"):
            slot = f"getelementptr inbounds [0 x ptr], ptr @data_table, i64 0, i64 {ast.literal_eval(args[0])}"
            address = self.assign(slot, name.removeprefix("table_"))
            return self.assign(f"load ptr, ptr {address.text}", address.type)
        values = [self.expression(argument) for argument in args]
        if name in self.known:
            signature = self.known[name]
            values = [self.convert(value, type) for value, type in zip(values, signature.arguments, strict=True)]
            text = ", ".join(f"{LLVM_TYPE[value.type]} {value.text}" for value in values)
            if signature.result == "None":
                self.emit(f"call void @{name}({text})")
                return Value("", "None")
            return self.assign(f"call {LLVM_TYPE[signature.result]} @{name}({text})", signature.result)
        if name in self.templates.definitions:
            return self.templates.call(self, name, values)
        if name in BUILTINS:
            return BUILTINS[name](self, *values)
        if name in INTRINSICS or name in LIBM:
            self.used.add(name)
            texts = ", ".join(f"double {self.convert(value, 'float').text}" for value in values)
            flags = f"{self.flags} " if name in INTRINSICS else ""
            return self.assign(f"call {flags}double @{INTRINSICS.get(name, name)}({texts})", "float")
        raise LanguageError(f"unknown function {name}")

    def local_array(self, type: str, size: int) -> Value:
        element = LLVM_TYPE[ELEMENT[type]]
        pointer = self.fresh("array")
        if size <= STACK_LIMIT and self.on_stack + size <= STACK_TOTAL:
            self.on_stack += size
            self.entry.append(f"  {pointer} = alloca [{max(size, 1)} x {element}], align 64")
        else:
            self.emit(f"{pointer} = call noalias align 16 ptr @malloc(i64 {8 * size})")
            self.heap.append(pointer)
        return Value(pointer, type)


def float_literal(value: float) -> Value:
    """A double written bit by bit, so that it is read back exactly."""
    return Value(f"0x{struct.unpack('>Q', struct.pack('>d', value))[0]:016X}", "float")


def _bits(translator: FunctionTranslator, x: Value) -> Value:
    return translator.assign(f"bitcast double {x.text} to i64", "int")


def _from_bits(translator: FunctionTranslator, x: Value) -> Value:
    return translator.assign(f"bitcast i64 {x.text} to double", "float")


def _isnan(translator: FunctionTranslator, x: Value) -> Value:
    return translator.assign(f"fcmp uno double {x.text}, {x.text}", "bool")


def _float(translator: FunctionTranslator, x: Value) -> Value:
    return translator.convert(x, "float")


def _int(translator: FunctionTranslator, x: Value) -> Value:
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
