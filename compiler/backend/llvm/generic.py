"""Functions without declared types: generated loops and library kernels, as Numba would compile them.

Beyond the loop language such a function may use arrays that know their sizes (`a.shape`, `a[i, j]`, views `a[i]`,
`a[i:j, k]`, `a.T`, `a.reshape(...)`, `a.copy()`, `np.empty`, `np.zeros`), tuples, and variables whose type is found by
inference: translation is repeated until the types of all variables and of the result are stable. A function that calls
itself says what it returns, as a text: `def f(x) -> "(float,int)":`. Array memory comes
from an arena that the outermost function opens and frees; a function that returns no array gives back what it took.

What is not understood is a LanguageError, and Numba compiles the function instead.
"""

from __future__ import annotations

import ast
import copy
from typing import TYPE_CHECKING

from . import asides
from .arena import Iteration, give_back
from .expressions import ExpressionTranslator
from .liveness import wanted_after_iterations
from .types import (
    assembled,
    has_strides,
    joined,
    leaf_types,
    leaves,
    members,
    rank_of,
    struct_of,
    tuple_of,
)
from .values import ELEMENT, LLVM_TYPE, LanguageError, Value

if TYPE_CHECKING:
    from .templates import Templates


LONG = 10_000  # instructions, for which LLVM takes seconds: what it gains in them is less if they run seldom


class GenericTranslator(ExpressionTranslator):
    """Translates an untyped function for given argument types."""

    def __init__(self, function: ast.FunctionDef, templates: Templates, symbol: str, types: tuple[str, ...]) -> None:
        self.templates = templates
        self.symbol = symbol
        self.argument_types = types
        self.types: dict[str, str] = {}  # of the variables, as far as known
        self.result = declared_result(function)
        self.allocates = False
        self.wanted = wanted_after_iterations(function)
        self.changed = True
        self._base = (function, templates.known, templates.used, False, templates)
        super().__init__(*self._base)

    def translate_until_stable(self) -> str:
        """The text once the types of variables and result no longer change."""
        if len(self.function.args.args) != len(self.argument_types) or self.function.args.defaults:
            raise LanguageError(f"{self.function.name} is called with other arguments")
        for name, type in zip(self.function.args.args, self.argument_types, strict=True):
            self.types[name.arg] = type
        for _ in range(8):
            self.changed = False
            super().__init__(*self._base)
            text = self.translate()
            if not self.changed:
                return text
        raise LanguageError(f"the types in {self.function.name} do not settle")

    def translate(self) -> str:
        self.arena = "%arena.given"
        self.hidden = self.taken = 0
        self.exits: dict[str, str] = {}  # labels, by what is returned there
        arguments = ["ptr %arena.given"]
        for name, type in zip(self.function.args.args, self.argument_types, strict=True):
            parts = []
            for number, leaf in enumerate(leaf_types(type)):
                text = f"%{name.arg}.{number}.given"
                arguments.append(f"{LLVM_TYPE[leaf]} {text}")
                parts.append(Value(text, leaf))
            self.store_variable(name.arg, assembled(type, parts))
        if self.allocates and not self.returns_arrays:
            self.entry.append("  %kept.state = load {ptr, i64, i64}, ptr %arena.given")
        self.block(self.function.body)
        if self.open:
            self.finish(None)
        leaves = [] if self.result in (None, "None") else [LLVM_TYPE[leaf] for leaf in leaf_types(self.result or "")]
        head = f"define private {struct_of(leaves) if leaves else 'void'} @{self.symbol}({', '.join(arguments)})"
        attributes = "nounwind"
        if asides.is_aside(self.function):
            attributes += asides.COLD
        elif asides.is_seldom(self.function) and len(self.lines) > LONG:
            attributes += asides.SMALL
        return "\n".join([f"{head} {attributes} {{", "entry:", *self.entry, *self.lines, "}"])

    @property
    def returns_arrays(self) -> bool:
        return "[" in (self.result or "")

    def finish(self, value: Value | None) -> None:
        type = "None" if value is None else value.type
        new = type if self.result is None else joined(self.result, type)
        if new != self.result:
            self.result, self.changed = new, True
        if self.allocates and not self.returns_arrays:
            state = [
                self.assign(f"extractvalue {{ptr, i64, i64}} %kept.state, {number}", type)
                for number, type in enumerate(("floats", "int", "int"))
            ]
            piece, used, size = (part.text for part in state)
            self.emit(f"call void @arena_release(ptr %arena.given, ptr {piece}, i64 {used}, i64 {size})")
        parts = [] if value is None or new == "None" else leaves(self.convert(value, new))
        if not parts:
            self.emit("ret void")
        elif len(parts) == 1:
            self.emit(f"ret {LLVM_TYPE[parts[0].type]} {parts[0].text}")
        else:
            struct = struct_of([LLVM_TYPE[part.type] for part in parts])
            whole = "poison"
            for number, part in enumerate(parts):
                operation = f"insertvalue {struct} {whole}, {LLVM_TYPE[part.type]} {part.text}, {number}"
                whole = self.assign(operation, "None").text
            self.emit(f"ret {struct} {whole}")
        self.open = False

    # Memory of loops -----------------------------------------------------------------------------

    def begin_iteration(self, body: list[ast.stmt]) -> Iteration | None:
        wanted = self.wanted.get(id(body))
        return None if wanted is None else Iteration(len(self.lines), self.taken, wanted)

    def end_iteration(self, iteration: Iteration | None) -> None:
        if iteration is not None and self.taken > iteration.taken:
            pointers = [slot for name in sorted(iteration.wanted) for slot in self.pointer_slots(name)]
            give_back(self, "%arena.given", iteration, pointers)

    def pointer_slots(self, name: str) -> list[str]:
        """Where a variable's arrays are pointed to from."""
        leaves = enumerate(leaf_types(self.types[name])) if "[" in self.types.get(name, "") else ()
        return [f"%{name}.{number}.slot" for number, leaf in leaves if leaf in ELEMENT]

    # Variables -----------------------------------------------------------------------------------

    def store_variable(self, name: str, value: Value) -> None:
        known = self.types.get(name)
        type = value.type if known is None else joined(known, value.type)
        if type != known:
            self.types[name], self.changed = type, True
        value = self.convert(value, type)
        for number, leaf in enumerate(leaves(value)):
            slot = f"%{name}.{number}.slot"
            if slot not in self.slots:
                self.slots[slot] = Value(slot, leaf.type)
                self.entry.append(f"  {slot} = alloca {LLVM_TYPE[leaf.type]}")
                if leaf.type in ELEMENT:
                    self.entry.append(f"  store ptr null, ptr {slot}")
            elif self.slots[slot].type != leaf.type:  # an earlier pass of inference: this text is thrown away
                continue
            self.emit(f"store {LLVM_TYPE[leaf.type]} {leaf.text}, ptr {slot}")

    def load_variable(self, name: str) -> Value:
        if name not in self.types:
            raise LanguageError(f"{name} is used before it is assigned in {self.function.name}")
        parts = []
        for number, leaf in enumerate(leaf_types(self.types[name])):
            slot = f"%{name}.{number}.slot"
            if slot not in self.slots:
                self.slots[slot] = Value(slot, leaf)
                self.entry.append(f"  {slot} = alloca {LLVM_TYPE[leaf]}")
                if leaf in ELEMENT:
                    self.entry.append(f"  store ptr null, ptr {slot}")
            parts.append(self.assign(f"load {LLVM_TYPE[leaf]}, ptr {slot}", leaf))
        return assembled(self.types[name], parts)

    def convert(self, value: Value, type: str) -> Value:
        if value.type != type and value.type.startswith("(") and type.startswith("("):
            pairs = zip(value.parts, members(type), strict=True)
            return tuple_of([self.convert(part, member) for part, member in pairs])
        if value.type == "None" and type == "None":
            return value
        if has_strides(type) and not has_strides(value.type) and rank_of(value.type):
            return Value("", type, parts=(*value.parts, *self.strides_of(value)))
        return super().convert(value, type)

    # Statements ----------------------------------------------------------------------------------

    def statement(self, node: ast.stmt) -> None:
        match node:
            case ast.Assign(targets=[_, _, *_] as targets, value=value):
                result = self.expression(value)
                for target in targets:
                    self.assign_to(target, result)
            case ast.Assign(
                targets=[ast.Subscript() as target], value=ast.Call(func=ast.Attribute(attr="reshape")) as value
            ):
                place, array = self.place(target), self.array(value)
                if rank_of(place.type) == 2:
                    self.whole("stretched", place, array)
                else:
                    self.fill(place, array)
            case ast.Assign(targets=[target], value=value):
                self.assign_to(target, self.expression(value))
            case ast.AugAssign(target=ast.Subscript() as target, op=op, value=value):
                moved = copy.copy(target)
                moved.ctx = ast.Load()
                self.assign_to(target, self.binary(op, self.expression(moved), self.expression(value)))
            case ast.AugAssign(target=ast.Name(id=name), op=op, value=value):
                self.store_variable(name, self.binary(op, self.load_variable(name), self.expression(value)))
            case ast.For(
                target=ast.Name(id=name), iter=ast.Call(func=ast.Name(id="range"), args=args), body=body, orelse=[]
            ):
                self.for_range(name, args, body)
            case ast.For(target=ast.Name(id=name), iter=sequence, body=body, orelse=[]):
                self.for_elements(name, sequence, body)
            case ast.Return(value=value):
                self.leave(value)
            case ast.Assign() | ast.For() | ast.AugAssign():
                raise LanguageError(f"statement {ast.unparse(node)!r}")
            case _:
                super().statement(node)

    def leave(self, value: ast.expr | None) -> None:
        """A return. Wherever a function may fail, it returns the same call: these share one exit."""
        if not self.open:
            return
        if isinstance(value, ast.Call) and all(isinstance(argument, ast.Name) for argument in value.args):
            call = ast.dump(value)
            shared = call in self.exits
            exit = self.exits.setdefault(call, self.fresh("leave"))
            self.jump(exit)
            if shared:
                return
            self.label(exit)
        self.finish(None if value is None else self.expression(value))

    def assign_to(self, target: ast.expr, value: Value) -> None:
        match target:
            case ast.Name(id=name):
                self.store_variable(name, value)
            case ast.Tuple(elts=targets):
                if len(value.parts) != len(targets) or not value.type.startswith("("):
                    raise LanguageError(f"{value.type} for {len(targets)} targets")
                for one, part in zip(targets, value.parts, strict=True):
                    self.assign_to(one, part)
            case ast.Subscript():
                place = self.place(target)
                if rank_of(place.type):
                    self.fill(place, value)
                else:
                    self.put(place, self.convert(value, ELEMENT[place.type]))
            case _:
                raise LanguageError(f"assignment to {ast.unparse(target)!r}")

    def for_elements(self, name: str, sequence: ast.expr, body: list[ast.stmt]) -> None:
        if isinstance(sequence, ast.Tuple) and all(map(_is_number, sequence.elts)):
            sequence = ast.Call(ast.Name("constants"), sequence.elts, [])
        array = self.expression(sequence)
        if rank_of(array.type) != 1:
            raise LanguageError(f"loop over {ast.unparse(sequence)!r}")
        hidden, counter = self.hidden_name("sequence"), self.hidden_name("counter")
        self.store_variable(hidden, array)
        element = ast.Assign([ast.Name(name)], ast.Subscript(ast.Name(hidden), ast.Name(counter)))
        length = ast.Call(ast.Name("len"), [ast.Name(hidden)], [])
        whole = [element, *body]
        self.wanted[id(whole)] = self.wanted.get(id(body), frozenset())
        self.for_range(counter, [length], whole)
        del self.wanted[id(whole)]

    def for_range(self, name: str, args: list[ast.expr], body: list[ast.stmt], attachment: str = "") -> None:
        if len(args) == 3:
            try:
                ast.literal_eval(args[2])
            except ValueError:
                raise LanguageError("a step that is not a literal") from None
        super().for_range(name, args, body, attachment)


def declared_result(function: ast.FunctionDef) -> str | None:
    """The type that an untyped function says that it returns."""
    match function.returns:
        case ast.Constant(value=str(type)):
            return type
        case _:
            return None


def _is_number(node: ast.expr) -> bool:
    match node:
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return _is_number(operand)
        case ast.Constant(value=value):
            return isinstance(value, float)
        case _:
            return False
