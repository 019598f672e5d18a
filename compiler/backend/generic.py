"""Functions without declared types: generated loops and library kernels, as Numba would compile them.

Such a function is translated once for each combination of argument types. Beyond the loop language it may use
arrays that know their sizes (`a.shape`, `a[i, j]`, views `a[i]`, `a[i:j, k]`, `a.T`, `a.reshape(...)`, `a.copy()`,
`np.empty`, `np.zeros`), tuples, and variables whose type is found by inference: translation is repeated until
the types of all variables and of the result are stable. Array memory comes from an arena that the outermost
function opens and frees; a function that returns no array gives back what it took.

Types are written "float", "int", "bool", "float[2]" (a row-major array of two axes), "float[2s]" (one with strides,
counted in elements), "(int,float[1])".
What is not understood is a LanguageError, and Numba compiles the function instead.
"""

from __future__ import annotations

import ast
import copy
from math import prod

from . import whole_arrays
from .llvm import ELEMENT, LLVM_TYPE, FunctionTranslator, LanguageError, Signature, Value, float_literal

STACK_BYTES = 1 << 14  # the arena's first piece
FRAME_ELEMENTS = 16  # of an array that is made in its function's frame

# An arena is {piece, used, size}; a piece begins with a pointer to the one before it.
ARENA = """
declare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1)
declare void @llvm.memset.p0.i64(ptr, i8, i64, i1)
define private ptr @arena_take(ptr %a, i64 %wanted) nounwind alwaysinline {
entry:
  %usedat = getelementptr inbounds {ptr, i64, i64}, ptr %a, i64 0, i32 1
  %sizeat = getelementptr inbounds {ptr, i64, i64}, ptr %a, i64 0, i32 2
  %used = load i64, ptr %usedat
  %size = load i64, ptr %sizeat
  %padded = add i64 %wanted, 63
  %bytes = and i64 %padded, -64
  %new = add i64 %used, %bytes
  %fits = icmp ule i64 %new, %size
  br i1 %fits, label %inside, label %more
inside:
  %piece = load ptr, ptr %a
  %there = getelementptr inbounds i8, ptr %piece, i64 %used
  store i64 %new, ptr %usedat
  ret ptr %there
more:
  %fresh = call ptr @arena_grow(ptr %a, i64 %bytes)
  ret ptr %fresh
}
define private ptr @arena_grow(ptr %a, i64 %bytes) nounwind noinline {
entry:
  %usedat = getelementptr inbounds {ptr, i64, i64}, ptr %a, i64 0, i32 1
  %sizeat = getelementptr inbounds {ptr, i64, i64}, ptr %a, i64 0, i32 2
  %size = load i64, ptr %sizeat
  %double = mul i64 %size, 2
  %needed = add i64 %bytes, 64
  %larger = icmp ugt i64 %needed, %double
  %total = select i1 %larger, i64 %needed, i64 %double
  %piece = call ptr @malloc(i64 %total)
  %old = load ptr, ptr %a
  store ptr %old, ptr %piece
  store ptr %piece, ptr %a
  store i64 %needed, ptr %usedat
  store i64 %total, ptr %sizeat
  %there = getelementptr inbounds i8, ptr %piece, i64 64
  ret ptr %there
}
define private void @arena_release(ptr %a, ptr %kept, i64 %used, i64 %size) nounwind {
entry:
  br label %head
head:
  %piece = load ptr, ptr %a
  %done = icmp eq ptr %piece, %kept
  br i1 %done, label %exit, label %body
body:
  %before = load ptr, ptr %piece
  call void @free(ptr %piece)
  store ptr %before, ptr %a
  br label %head
exit:
  %usedat = getelementptr inbounds {ptr, i64, i64}, ptr %a, i64 0, i32 1
  %sizeat = getelementptr inbounds {ptr, i64, i64}, ptr %a, i64 0, i32 2
  store i64 %used, ptr %usedat
  store i64 %size, ptr %sizeat
  ret void
}
define private void @arena_free(ptr %a) nounwind {
entry:
  br label %head
head:
  %piece = load ptr, ptr %a
  %before = load ptr, ptr %piece
  %first = icmp eq ptr %before, null
  br i1 %first, label %exit, label %body
body:
  call void @free(ptr %piece)
  store ptr %before, ptr %a
  br label %head
exit:
  ret void
}
"""


# Types ------------------------------------------------------------------------------------------


def rank_of(type: str) -> int:
    """The number of axes of an array type, 0 for other types."""
    return int(type[:-1].rpartition("[")[2].removesuffix("s")) if type.endswith("]") else 0


def has_strides(type: str) -> bool:
    """Whether an array type is that of a view that need not be row-major."""
    return type.endswith("s]")


def element_of(type: str) -> str:
    return type.partition("[")[0]


def members(type: str) -> list[str]:
    """The types in a tuple type."""
    parts, depth, start = [], 0, 1
    for place, character in enumerate(type):
        depth += (character == "(") - (character == ")")
        if (character == "," and depth == 1) or (character == ")" and depth == 0):
            if place > start:
                parts.append(type[start:place])
            start = place + 1
    return parts


def leaf_types(type: str) -> list[str]:
    """The scalars and pointers a value consists of."""
    if type.startswith("("):
        return [leaf for member in members(type) for leaf in leaf_types(member)]
    if type.endswith("]"):
        return [element_of(type) + "s", *["int"] * (rank_of(type) * (2 if has_strides(type) else 1))]
    return [type]


def leaves(value: Value) -> list[Value]:
    return [leaf for part in value.parts for leaf in leaves(part)] if value.parts or value.type == "()" else [value]


def assembled(type: str, parts: list[Value]) -> Value:
    """The value made of these leaves, which are used up."""
    if type.startswith("("):
        return Value("", type, parts=tuple(assembled(member, parts) for member in members(type)))
    if type.endswith("]"):
        return Value("", type, parts=tuple(parts.pop(0) for _ in leaf_types(type)))
    return parts.pop(0)


def joined(left: str, right: str) -> str:
    """The type that holds values of both."""
    if left == right:
        return left
    if left.startswith("(") and right.startswith("(") and len(members(left)) == len(members(right)):
        return f"({','.join(joined(a, b) for a, b in zip(members(left), members(right), strict=True))})"
    if rank_of(left) and rank_of(left) == rank_of(right) and element_of(left) == element_of(right):
        return left if has_strides(left) else right
    order = ("bool", "int", "float")
    if left in order and right in order:
        return order[max(order.index(left), order.index(right))]
    raise LanguageError(f"{left} and {right} in one variable")


def tuple_of(values: list[Value]) -> Value:
    return Value("", f"({','.join(value.type for value in values)})", parts=tuple(values))


# Functions --------------------------------------------------------------------------------------


class Templates:
    """The untyped functions of a module and their translations so far."""

    def __init__(self, definitions: dict[str, ast.FunctionDef], known: dict[str, Signature], used: set[str]) -> None:
        self.definitions = whole_arrays.definitions() | definitions
        self.known = known
        self.used = used
        self.texts: list[str] = []
        self._made: dict[tuple[str, tuple[str, ...]], tuple[str, str] | None] = {}

    def constant_array(self, numbers: list[float]) -> Value:
        """Numbers in the program's read-only memory."""
        name = f"@constants.{len(self.texts)}"
        inside = ", ".join(f"double {float_literal(number).text}" for number in numbers)
        self.texts.append(f"{name} = private unnamed_addr constant [{len(numbers)} x double] [{inside}]")
        return Value("", "float[1]", parts=(Value(name, "floats"), Value(str(len(numbers)), "int")))

    def call(self, caller: FunctionTranslator, name: str, values: list[Value]) -> Value:
        """Translate for these argument types if that is still to be done, and call."""
        types = tuple(value.type for value in values)
        found = self._made.get((name, types), ())
        if found is None:
            raise LanguageError(f"{name} is recursive")
        if not found:
            self._made[name, types] = None
            symbol = f'"{name}:{len(self._made)}"'
            translator = GenericTranslator(self.definitions[name], self, symbol, types)
            self.texts.append(translator.translate_until_stable())
            found = self._made[name, types] = symbol, translator.result or "None"
        symbol, result = found
        if not caller.arena:
            caller.arena = open_arena(caller)
        arguments = [f"ptr {caller.arena}"]
        arguments += [f"{LLVM_TYPE[leaf.type]} {leaf.text}" for value in values for leaf in leaves(value)]
        call = f"@{symbol}({', '.join(arguments)})"
        parts = [LLVM_TYPE[type] for type in leaf_types(result)] if result != "None" else []
        if not parts:
            caller.emit(f"call void {call}")
            return Value("", "None")
        whole = caller.assign(f"call {_struct(parts)} {call}", result)
        if len(parts) == 1 and not result.startswith("("):
            return whole
        if isinstance(caller, GenericTranslator):
            caller.allocates |= "[" in result
        pieces = [
            caller.assign(
                f"extractvalue {_struct(parts)} {whole.text}, {number}"
                if len(parts) > 1
                else f"freeze {parts[0]} {whole.text}",
                type,
            )
            for number, type in enumerate(leaf_types(result))
        ]
        return assembled(result, pieces)


def _struct(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{{{', '.join(parts)}}}"


def open_arena(function: FunctionTranslator) -> str:
    """An arena in the function's frame whose first piece is on the stack."""
    function.entry += [
        "  %arena = alloca {ptr, i64, i64}",
        f"  %arena.first = alloca [{STACK_BYTES} x i8], align 64",
        "  store ptr null, ptr %arena.first",
        "  store ptr %arena.first, ptr %arena",
        "  %arena.used = getelementptr inbounds {ptr, i64, i64}, ptr %arena, i64 0, i32 1",
        "  store i64 64, ptr %arena.used",
        "  %arena.size = getelementptr inbounds {ptr, i64, i64}, ptr %arena, i64 0, i32 2",
        f"  store i64 {STACK_BYTES}, ptr %arena.size",
    ]
    return "%arena"


class GenericTranslator(FunctionTranslator):
    """Translates an untyped function for given argument types."""

    def __init__(self, function: ast.FunctionDef, templates: Templates, symbol: str, types: tuple[str, ...]) -> None:
        self.templates = templates
        self.symbol = symbol
        self.argument_types = types
        self.types: dict[str, str] = {}  # of the variables, as far as known
        self.result: str | None = None
        self.allocates = False
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
        self.hidden = 0
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
        parts = [] if self.result in (None, "None") else [LLVM_TYPE[leaf] for leaf in leaf_types(self.result or "")]
        head = f"define private {_struct(parts) if parts else 'void'} @{self.symbol}({', '.join(arguments)})"
        return "\n".join([f"{head} nounwind {{", "entry:", *self.entry, *self.lines, "}"])

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
        parts = [] if value is None else leaves(self.convert(value, new))
        if not parts:
            self.emit("ret void")
        elif len(parts) == 1:
            self.emit(f"ret {LLVM_TYPE[parts[0].type]} {parts[0].text}")
        else:
            struct = _struct([LLVM_TYPE[part.type] for part in parts])
            whole = "poison"
            for number, part in enumerate(parts):
                operation = f"insertvalue {struct} {whole}, {LLVM_TYPE[part.type]} {part.text}, {number}"
                whole = self.assign(operation, "None").text
            self.emit(f"ret {struct} {whole}")
        self.open = False

    # Variables ------------------------------------------------------------------------------------

    def hidden_name(self, purpose: str) -> str:
        """A variable of our own, called the same in every pass."""
        self.hidden += 1
        return f"{purpose}.{self.hidden}"

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

    # Statements -----------------------------------------------------------------------------------

    def statement(self, node: ast.stmt) -> None:
        match node:
            case ast.Assign(targets=[_, _, *_] as targets, value=value):
                result = self.expression(value)
                for target in targets:
                    self.assign_to(target, result)
            case ast.Assign(
                targets=[ast.Subscript() as target], value=ast.Call(func=ast.Attribute(attr="reshape")) as value
            ):
                self.whole("repeat_2_to_2", self.place(target), self.array(value))
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
                self.finish(None if value is None else self.expression(value))
            case ast.Assign() | ast.For() | ast.AugAssign():
                raise LanguageError(f"statement {ast.unparse(node)!r}")
            case _:
                super().statement(node)

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
                    converted = self.convert(value, element_of(place.type)[:-1])
                    self.emit(f"store {LLVM_TYPE[converted.type]} {converted.text}, ptr {place.text}, align 8")
            case _:
                raise LanguageError(f"assignment to {ast.unparse(target)!r}")

    def fill(self, place: Value, value: Value) -> None:
        """Copy an array of the same sizes, or repeat one along axes that it lacks."""
        if rank_of(value.type) == rank_of(place.type):
            self.copy_into(place, value)
        else:
            self.whole(f"repeat_{rank_of(value.type)}_to_{rank_of(place.type)}", place, value)

    def whole(self, name: str, *values: Value) -> Value:
        """A function of `whole_arrays`."""
        if name not in self.templates.definitions:
            raise LanguageError(f"{name} of arrays")
        result = self.templates.call(self, name, list(values))
        self.allocates |= rank_of(result.type) > 0
        return result

    def copy_into(self, place: Value, value: Value) -> None:
        if rank_of(value.type) != rank_of(place.type) or element_of(value.type) != element_of(place.type):
            raise LanguageError(f"{value.type} into {place.type}")
        if has_strides(value.type) or has_strides(place.type):
            self.copy_elements(place, value)
            return
        size = self.size_of(value)
        count = self.assign(f"mul i64 {size.text}, 8", "int")
        to, source = place.parts[0].text, value.parts[0].text
        self.emit(f"call void @llvm.memcpy.p0.p0.i64(ptr {to}, ptr {source}, i64 {count.text}, i1 false)")

    def copy_elements(self, place: Value, value: Value) -> None:
        """Copy by a nest of loops."""
        names = [self.hidden_name(purpose) for purpose in ("to", "from")]
        counters = [self.hidden_name("counter") for _ in range(rank_of(value.type))]
        self.store_variable(names[0], place)
        self.store_variable(names[1], value)
        at = ast.Tuple([ast.Name(counter) for counter in counters])
        to, source = (ast.Subscript(ast.Name(name), at) for name in names)
        body: list[ast.stmt] = [ast.Assign([to], source)]
        for axis in reversed(range(len(counters))):
            size = ast.Subscript(ast.Attribute(ast.Name(names[1]), "shape"), ast.Constant(axis))
            sizes = ast.Call(ast.Name("range"), [size], [])
            body = [ast.For(target=ast.Name(counters[axis]), iter=sizes, body=body, orelse=[])]
        self.block(body)

    def for_elements(self, name: str, sequence: ast.expr, body: list[ast.stmt]) -> None:
        array = self.expression(sequence)
        if rank_of(array.type) != 1:
            raise LanguageError(f"loop over {ast.unparse(sequence)!r}")
        hidden, counter = self.hidden_name("sequence"), self.hidden_name("counter")
        self.store_variable(hidden, array)
        element = ast.Assign([ast.Name(name)], ast.Subscript(ast.Name(hidden), ast.Name(counter)))
        length = ast.Call(ast.Name("len"), [ast.Name(hidden)], [])
        self.for_range(counter, [length], [element, *body])

    def for_range(self, name: str, args: list[ast.expr], body: list[ast.stmt]) -> None:
        if len(args) == 3:
            try:
                ast.literal_eval(args[2])
            except ValueError:
                raise LanguageError("a step that is not a literal") from None
        super().for_range(name, args, body)

    # Expressions ----------------------------------------------------------------------------------

    def expression(self, node: ast.expr) -> Value:
        match node:
            case ast.Tuple(elts=elements):
                return tuple_of([self.expression(element) for element in elements])
            case ast.Attribute(value=ast.Name(id="np" | "math"), attr=name):
                return self.module_constant(name)
            case ast.Attribute(value=value, attr="shape"):
                return tuple_of(self.sizes_of(self.array(value)))
            case ast.Attribute(value=value, attr="T"):
                return self.transposed(self.array(value))
            case ast.Attribute(value=value, attr="flat"):
                return self.flat(self.array(value))
            case ast.Call(func=ast.Attribute(value=value, attr="reshape"), args=args, keywords=[]):
                return self.reshaped(self.array(value), args)
            case ast.Attribute(value=value, attr="size"):
                return self.size_of(self.array(value))
            case ast.Call(func=ast.Attribute(value=ast.Name(id="np" | "math"), attr=name), args=args, keywords=[]):
                return self.module_call(name, args)
            case ast.Call(func=ast.Attribute(value=value, attr="copy"), args=[], keywords=[]):
                return self.copied(self.array(value))
            case ast.Call(func=ast.Attribute(value=value, attr="item"), args=[], keywords=[]):
                return self.expression(value)
            case ast.Call(func=ast.Name(id="len"), args=[value]):
                return self.sizes_of(self.array(value))[0]
            case ast.Call(func=ast.Name(id="zero_like"), args=[value]):
                return float_literal(0.0) if element_of(self.array(value).type) == "float" else Value("0", "int")
            case ast.Call(func=ast.Name(id="max" | "min" as name), args=[left, right]):
                return self.extremum(name, self.expression(left), self.expression(right))
            case ast.Call(func=ast.Name(id="abs"), args=[value]):
                return self.absolute(self.expression(value))
            case ast.Call(func=ast.Name(id="sized"), args=[value, *sizes]):
                pointer = self.expression(value)
                dims = [self.expression(size) for size in sizes]
                return Value("", f"{ELEMENT[pointer.type]}[{len(dims)}]", parts=(pointer, *dims))
            case ast.Call(func=ast.Name(id="constants"), args=args):
                return self.templates.constant_array([float(ast.literal_eval(argument)) for argument in args])
            case ast.Call(func=ast.Name(id="raw"), args=[value]):
                return self.row_major(self.array(value)).parts[0]
            case ast.Subscript(value=value, slice=ast.Constant(value=int(number))) if self.is_tuple(value):
                return self.expression(value).parts[number]
            case ast.Subscript():
                place = self.place(node)
                if rank_of(place.type) or place.type.startswith("("):
                    return place
                type = element_of(place.type)[:-1]
                return self.assign(f"load {LLVM_TYPE[type]}, ptr {place.text}, align 8", type)
            case ast.BoolOp(op=op, values=[first, *rest]) if any(map(_has_effects, rest)):
                return self.short_circuit(isinstance(op, ast.And), first, rest)
            case ast.IfExp(test=test, body=then, orelse=otherwise) if _has_effects(then) or _has_effects(otherwise):
                return self.branches(test, then, otherwise)
            case ast.Compare(left=left, ops=ops, comparators=[_, _, *_] as comparators):
                terms = [left, *comparators]
                tests = [ast.Compare(a, [o], [b]) for a, o, b in zip(terms, ops, terms[1:], strict=False)]
                return self.expression(ast.BoolOp(ast.And(), list(tests)))
            case ast.BinOp(left=left, op=ast.Pow(), right=right):
                return self.power(left, right)
            case ast.Name(id="inf"):
                return float_literal(float("inf"))
            case ast.Name(id="nan"):
                return float_literal(float("nan"))
            case _:
                return super().expression(node)

    def is_tuple(self, node: ast.expr) -> bool:
        if isinstance(node, ast.Attribute):
            return node.attr == "shape"
        return isinstance(node, ast.Name) and self.types.get(node.id, "").startswith("(")

    def array(self, node: ast.expr) -> Value:
        value = self.expression(node)
        if not rank_of(value.type):
            raise LanguageError(f"{ast.unparse(node)!r} is a {value.type}, not an array")
        return value

    def module_constant(self, name: str) -> Value:
        import math

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
        if name == "array":
            return self.listed(self.expression(args[0]), self.dtype(args[1]))
        if name == "sum":
            array = self.array(args[0])
            axis = f"over_{ast.literal_eval(args[1])}_of_" if len(args) > 1 else ""
            return self.whole(f"sum_{axis}{rank_of(array.type)}", array)
        if name == "concatenate":
            first, second = self.expression(args[0]).parts
            return self.whole(f"joined_{rank_of(first.type)}", first, second)
        renamed = {"gamma": "tgamma", "abs": "abs", "arctan": "atan", "arctan2": "atan2", "arcsin": "asin"}
        return self.expression(ast.Call(ast.Name(renamed.get(name, name)), args, []))

    def listed(self, numbers: Value, element: str) -> Value:
        """An array of the numbers of a tuple."""
        if not numbers.type.startswith("(") or "[" in numbers.type:
            raise LanguageError("an array that is not made of numbers")
        array = self.new_array(element, [Value(str(len(numbers.parts)), "int")], zero=False)
        for position, number in enumerate(numbers.parts):
            converted = self.convert(number, element)
            type, pointer = LLVM_TYPE[element], array.parts[0].text
            place = self.assign(f"getelementptr inbounds {type}, ptr {pointer}, i64 {position}", f"{element}s")
            self.emit(f"store {type} {converted.text}, ptr {place.text}, align 8")
        return array

    def filled(self, array: Value, value: Value) -> Value:
        """Every element set to a number."""
        flat = Value("", f"{element_of(array.type)}[1]", parts=(array.parts[0], self.size_of(array)))
        whole, number, counter = (self.hidden_name(purpose) for purpose in ("whole", "number", "counter"))
        self.store_variable(whole, flat)
        self.store_variable(number, value)
        place = ast.Subscript(ast.Name(whole), ast.Name(counter))
        self.for_range(
            counter, [ast.Call(ast.Name("len"), [ast.Name(whole)], [])], [ast.Assign([place], ast.Name(number))]
        )
        return array

    def dtype(self, node: ast.expr) -> str:
        match node:
            case ast.Attribute(value=ast.Name(id="np"), attr="float64"):
                return "float"
            case ast.Attribute(value=ast.Name(id="np"), attr="int64"):
                return "int"
            case ast.Attribute(value=value, attr="dtype"):
                return element_of(self.array(value).type)
            case _:
                raise LanguageError(f"dtype {ast.unparse(node)!r}")

    def new_array(self, element: str, sizes: list[Value], zero: bool) -> Value:
        """Memory from the arena, or in the frame: a few numbers, made once, in a function that returns no array."""
        if all(size.text.isdigit() for size in sizes) and not self.loops and not self.returns_arrays:
            count_known = prod(int(size.text) for size in sizes)
            if count_known <= FRAME_ELEMENTS:
                return self.frame_array(element, sizes, count_known, zero)
        self.allocates = True
        array = Value("", f"{element}[{len(sizes)}]", parts=(Value("null", f"{element}s"), *sizes))
        count = self.assign(f"mul i64 {self.size_of(array).text}, 8", "int")
        pointer = self.assign(f"call ptr @arena_take(ptr %arena.given, i64 {count.text})", f"{element}s")
        if zero:
            self.emit(f"call void @llvm.memset.p0.i64(ptr {pointer.text}, i8 0, i64 {count.text}, i1 false)")
        return Value("", array.type, parts=(pointer, *sizes))

    def frame_array(self, element: str, sizes: list[Value], count: int, zero: bool) -> Value:
        pointer = self.fresh("frame")
        self.entry.append(f"  {pointer} = alloca [{max(count, 1)} x {LLVM_TYPE[element]}], align 16")
        if zero:
            self.emit(f"call void @llvm.memset.p0.i64(ptr {pointer}, i8 0, i64 {8 * count}, i1 false)")
        return Value("", f"{element}[{len(sizes)}]", parts=(Value(pointer, f"{element}s"), *sizes))

    def copied(self, array: Value) -> Value:
        fresh = self.new_array(element_of(array.type), self.sizes_of(array), zero=False)
        self.copy_into(fresh, array)
        return fresh

    def row_major(self, array: Value) -> Value:
        """The array itself, or a copy of a view with strides."""
        return self.copied(array) if has_strides(array.type) else array

    def transposed(self, array: Value) -> Value:
        """A view with the axes reversed."""
        sizes, strides = self.sizes_of(array), self.strides_of(array)
        type = f"{element_of(array.type)}[{len(sizes)}s]"
        return Value("", type, parts=(array.parts[0], *reversed(sizes), *reversed(strides)))

    def flat(self, array: Value) -> Value:
        """The elements in row-major order, as an array of one axis."""
        array = self.row_major(array)
        return Value("", f"{element_of(array.type)}[1]", parts=(array.parts[0], self.size_of(array)))

    def reshaped(self, array: Value, args: list[ast.expr]) -> Value:
        """The elements in row-major order with other sizes, one of which may be -1."""
        shape = [self.expression(arg) for arg in args]
        if len(shape) == 1 and shape[0].type.startswith("("):
            shape = list(shape[0].parts)
        array = self.row_major(array)
        if any(size.text == "-1" for size in shape):
            raise LanguageError("reshape to a size that is not given")
        return Value("", f"{element_of(array.type)}[{len(shape)}]", parts=(array.parts[0], *shape))

    def sizes_of(self, array: Value) -> list[Value]:
        return list(array.parts[1 : 1 + rank_of(array.type)])

    def strides_of(self, array: Value) -> list[Value]:
        """Elements between neighbours along each axis."""
        if has_strides(array.type):
            return list(array.parts[1 + rank_of(array.type) :])
        strides = [Value("1", "int")]
        for size in reversed(self.sizes_of(array)[1:]):
            last = strides[0]
            strides.insert(0, size if last.text == "1" else self.product(last, size))
        return strides

    def product(self, left: Value, right: Value) -> Value:
        return self.assign(f"mul nsw i64 {left.text}, {right.text}", "int")

    def size_of(self, array: Value) -> Value:
        size, *others = self.sizes_of(array)
        for other in others:
            size = self.product(size, other)
        return size

    def extremum(self, name: str, left: Value, right: Value) -> Value:
        left, right = self.promote(left, right)
        word = "<" if name == "min" else ">"
        op: ast.cmpop = ast.Lt() if word == "<" else ast.Gt()
        test = self.compare(op, right, left)
        type = LLVM_TYPE[left.type]
        return self.assign(f"select i1 {test.text}, {type} {right.text}, {type} {left.text}", left.type)

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
        if isinstance(op, ast.Add) and rank_of(left.type) and rank_of(left.type) == rank_of(right.type):
            return self.whole(f"plus_{rank_of(left.type)}", left, right)
        if rank_of(left.type) or rank_of(right.type) or "(" in left.type + right.type:
            raise LanguageError("arithmetic on whole arrays")
        if isinstance(op, ast.FloorDiv) and "float" in (left.type, right.type):
            self.used.add("floor")
            quotient = self.binary(ast.Div(), left, right)
            return self.assign(f"call double @llvm.floor.f64(double {quotient.text})", "float")
        return super().binary(op, left, right)

    # Control flow in expressions ------------------------------------------------------------------

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

    # Elements and pieces --------------------------------------------------------------------------

    def place(self, node: ast.Subscript) -> Value:
        """An element's address (a pointer value) or a view of a part of an array (an array value)."""
        array = self.expression(node.value)
        if not rank_of(array.type):
            if array.type in ELEMENT and not isinstance(node.slice, ast.Slice | ast.Tuple):
                return Value(self.address(node)[0].text, array.type)
            raise LanguageError(f"{ast.unparse(node)!r} indexes a {array.type}")
        entries = list(node.slice.elts) if isinstance(node.slice, ast.Tuple) else [node.slice]
        if len(entries) > rank_of(array.type):
            raise LanguageError(f"too many indices in {ast.unparse(node)!r}")
        pointer, sizes, strides = array.parts[0], self.sizes_of(array), self.strides_of(array)
        offset = Value("0", "int")
        kept: list[tuple[Value, Value]] = []  # size and stride of the axes that remain
        cut = has_strides(array.type)  # whether what remains has gaps
        for axis, (size, stride) in enumerate(zip(sizes, strides, strict=True)):
            entry = entries[axis] if axis < len(entries) else ast.Slice()
            if isinstance(entry, ast.Slice):
                start, length = self.piece(entry, size)
                cut |= bool(kept) and bool(entry.lower or entry.upper)
                kept.append((length, stride))
            else:
                cut |= bool(kept)
                start = self.wrapped(entry, size)
            if start.text != "0":
                step = start if stride.text == "1" else self.product(start, stride)
                offset = step if offset.text == "0" else self.assign(f"add nsw i64 {offset.text}, {step.text}", "int")
        element = element_of(array.type)
        moved = self.assign(
            f"getelementptr inbounds {LLVM_TYPE[element]}, ptr {pointer.text}, i64 {offset.text}", pointer.type
        )
        if not kept:
            return moved
        lengths = [length for length, _ in kept]
        if not cut:
            return Value("", f"{element}[{len(kept)}]", parts=(moved, *lengths))
        return Value("", f"{element}[{len(kept)}s]", parts=(moved, *lengths, *(stride for _, stride in kept)))

    def wrapped(self, entry: ast.expr, size: Value) -> Value:
        """An index, counted from the end where negative."""
        index = self.expression(entry)
        if index.type not in ("int", "bool"):
            raise LanguageError(f"{ast.unparse(entry)!r} is no index")
        index = self.convert(index, "int")
        if index.text.isdigit():
            return index
        negative = self.assign(f"icmp slt i64 {index.text}, 0", "bool")
        from_end = self.assign(f"add nsw i64 {index.text}, {size.text}", "int")
        return self.assign(f"select i1 {negative.text}, i64 {from_end.text}, i64 {index.text}", "int")

    def piece(self, entry: ast.Slice, size: Value) -> tuple[Value, Value]:
        """Start and length of a slice, within the array."""
        if entry.step is not None:
            raise LanguageError("a slice with a step")
        start, stop = Value("0", "int"), size
        if entry.lower is not None:
            start = self.extremum("min", self.wrapped(entry.lower, size), size)
        if entry.upper is not None:
            stop = self.extremum("min", self.wrapped(entry.upper, size), size)
        if entry.lower is None:
            return start, stop
        length = self.assign(f"sub nsw i64 {stop.text}, {start.text}", "int")
        return start, self.extremum("max", Value("0", "int"), length)


def _has_effects(node: ast.expr) -> bool:
    """Whether evaluating an expression needlessly could fault or cost much."""
    return any(isinstance(part, ast.Subscript | ast.Call) for part in ast.walk(node))
