"""One function whose types are declared."""

from __future__ import annotations

import ast
from functools import cached_property
from typing import TYPE_CHECKING

from . import asides, inlining, spare, tails, vectors
from .arithmetic import BUILTINS, Arithmetic
from .values import ELEMENT, FLAGS, INTRINSICS, LIBM, LLVM_TYPE, LanguageError, Signature, Value, float_literal

if TYPE_CHECKING:
    from .arena import Iteration
    from .templates import Templates


STACK_LIMIT = 4096  # elements of a local array that still lives on the stack
STACK_TOTAL = 32768  # elements of all of a function's arrays there: 256 KB; a thread may have no more than 512 KB


class FunctionTranslator(Arithmetic):
    """Translates one function; holds its growing text and its variables."""

    def __init__(
        self,
        function: ast.FunctionDef,
        known: dict[str, Signature],
        used: set[str],
        exported: bool,
        templates: Templates,
    ) -> None:
        decorators = [ast.unparse(decorator) for decorator in function.decorator_list]
        super().__init__(FLAGS[decorators[-1]] if decorators else FLAGS["exact"])
        self.function = function
        self.known = known
        self.used = used
        self.exported = exported
        self.templates = templates
        self.signature = known.get(function.name, Signature(function.name, (), "None"))
        self.slots: dict[str, Value] = {}  # scalar variables: their stack slot
        self.arrays: dict[str, Value] = {}  # array variables: never reassigned
        self.roots: list[str] = []
        self.heap: list[str] = []
        self.on_stack = 0  # elements of the arrays that live there
        self.arena = ""  # where generic functions take memory from
        self.loops: list[tuple[str, str]] = []  # labels for continue and break

    def root(self, name: str) -> str:
        if name not in self.roots:
            self.roots.append(name)
        return name

    @cached_property
    def kept_as_calls(self) -> frozenset[str]:
        """The functions that are not inlined where they are called outside of loops."""
        return inlining.kept_as_calls(self.function, self.templates.inlined_sizes)

    # Functions -----------------------------------------------------------------------------------

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
        if asides.is_aside(self.function):
            self.statement(asides.at_once(self.function))
        self.block(self.function.body)
        if self.open:
            self.finish(None)
        linkage = "" if self.exported else "private "
        wide = vectors.attribute(self.function)
        attributes = "nounwind" + wide
        if asides.is_aside(self.function):
            attributes += asides.COLD
        elif not self.exported and inlining.is_straight(self.function) and self.signature.result != "None":
            attributes += " alwaysinline"
        elif not self.exported and wide:
            attributes += " noinline"  # its vectors stay wide where the caller's are not
        head = f"define {linkage}{LLVM_TYPE[self.signature.result]} @{self.function.name}({', '.join(arguments)})"
        return "\n".join([f"{head} {attributes} {{", "entry:", *self.entry, *self.lines, "}"])

    def finish(self, value: Value | None) -> None:
        if self.arena and not self.arena.startswith("%arena.given"):
            self.emit(f"call void @arena_free(ptr {self.arena})")
        for number, pointer in enumerate(self.heap):
            self.emit(f"call void @give_memory(ptr {spare.places(self.function.name, number)}, ptr {pointer})")
        self.emit("ret void" if value is None else f"ret {LLVM_TYPE[value.type]} {value.text}")
        self.open = False

    # Statements ----------------------------------------------------------------------------------

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
                templates = self.templates
                attachment = tails.attachment(node, self.function, templates.inlined_sizes, templates.in_vectors)
                self.for_range(name, args, body, attachment)
            case ast.While(test=test, body=body):
                self.while_loop(test, body)
            case ast.If(test=test, body=body, orelse=otherwise):
                self.conditional(test, body, otherwise)
            case ast.Return(value=value):
                self.finish(None if value is None else self.convert(self.expression(value), self.signature.result))
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

    def for_range(self, name: str, args: list[ast.expr], body: list[ast.stmt], attachment: str = "") -> None:
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
        iteration = self.begin_iteration(body)
        self.store_variable(name, index)
        self.loops.append((after, exit))
        self.block(body)
        self.loops.pop()
        self.jump(after)
        self.label(after)
        self.end_iteration(iteration)
        old = self.assign(f"load i64, ptr {counter}", "int")
        new = self.assign(f"add nsw i64 {old.text}, {step}", "int")
        self.emit(f"store i64 {new.text}, ptr {counter}")
        self.jump(head, attachment)
        self.label(exit)

    def while_loop(self, test: ast.expr, body: list[ast.stmt]) -> None:
        head, inside, after, exit = (self.fresh(part) for part in ("head", "body", "next", "exit"))
        self.jump(head)
        self.label(head)
        self.branch(self.convert(self.expression(test), "bool"), inside, exit)
        self.label(inside)
        iteration = self.begin_iteration(body)
        self.loops.append((after, exit))
        self.block(body)
        self.loops.pop()
        self.jump(after)
        self.label(after)
        self.end_iteration(iteration)
        self.jump(head)
        self.label(exit)

    def begin_iteration(self, body: list[ast.stmt]) -> Iteration | None:
        """Where an iteration of a loop begins, for `end_iteration`; of no use where arrays live on the stack."""
        return None

    def end_iteration(self, iteration: Iteration | None) -> None:
        """Give back the memory that the iteration took."""

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

    # Variables and elements ----------------------------------------------------------------------

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

    # Expressions ---------------------------------------------------------------------------------

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
                truth = self.convert(self.expression(operand), "bool")
                return self.assign(f"xor i1 {truth.text}, true", "bool")
            case ast.BinOp(left=left, op=op, right=right):
                return self.binary(op, self.expression(left), self.expression(right))
            case ast.BoolOp(op=op, values=values):
                word = "and" if isinstance(op, ast.And) else "or"
                result = self.convert(self.expression(values[0]), "bool")
                for part in values[1:]:
                    truth = self.convert(self.expression(part), "bool")
                    result = self.assign(f"{word} i1 {result.text}, {truth.text}", "bool")
                return result
            case ast.Compare(left=left, ops=[op], comparators=[right]):
                return self.compare(op, self.expression(left), self.expression(right))
            case ast.IfExp(test=test, body=body, orelse=otherwise):
                choice = self.convert(self.expression(test), "bool")
                then, other = self.promote(self.expression(body), self.expression(otherwise))
                type = LLVM_TYPE[then.type]
                return self.assign(f"select i1 {choice.text}, {type} {then.text}, {type} {other.text}", then.type)
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
            apart = " noinline" if name in self.kept_as_calls and not self.loops else ""
            if signature.result == "None":
                self.emit(f"call void @{name}({text}){apart}")
                return Value("", "None")
            return self.assign(f"call {LLVM_TYPE[signature.result]} @{name}({text}){apart}", signature.result)
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
            waiting = spare.places(self.function.name, len(self.heap))
            self.emit(f"{pointer} = call noalias align {spare.LINE} ptr @take_memory(ptr {waiting}, i64 {8 * size})")
            self.heap.append(pointer)
        return Value(pointer, type)
