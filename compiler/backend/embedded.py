"""Python functions and generated loops taken into the compiled program instead of being compiled by Numba.

The library writes special functions and array kernels as undecorated Python; the code generator writes loops as
source text. Both are collected here with all they call, under names that do not clash, for `generic` to
translate. Where something is not understood the answer is None and the caller turns to Numba.
"""

from __future__ import annotations

import ast
import builtins
import hashlib
import inspect
import math
import textwrap
from collections.abc import Callable, Container, Mapping
from functools import cache
from importlib import import_module
from types import FunctionType, MappingProxyType
from typing import Any

from ..library import registry
from ..library.definitions import KernelFunction
from . import mathlib, random_methods
from .alike import identity, variables
from .arrays import Shape
from .library_loops import library_loop, named_kernel
from .llvm import LanguageError, translate
from .mathlib import Helper

FIRST_RECORD, DEPTH = 8, 6  # of a message buffer, see codegen.support
MESSAGE_SPACE = 64  # numbers of a message buffer inside a log density: room for an error, prints are dropped


class Collector:
    """Helpers gathered so far, by the name they get."""

    def __init__(self) -> None:
        self.helpers: dict[str, Helper] = {}

    def function(self, function: KernelFunction) -> str:
        """Add a Python function and what it calls; returns its name in the program."""
        name = f"{function.__module__.rpartition('.')[2]}.{function.__name__}".replace(".", "_")
        if name not in self.helpers:
            [definition] = ast.parse(textwrap.dedent(inspect.getsource(function))).body
            if not isinstance(definition, ast.FunctionDef):
                raise LanguageError(f"{name} is not a plain function")
            self.helpers[name] = Helper(name, "", ())
            self.definition(definition, name, function.__globals__.get)
        return name

    def module(self, source: str, names: Callable[[str], Any]) -> dict[str, str]:
        """Add the functions of a source text; returns the names they get."""
        definitions: dict[str, ast.FunctionDef] = {}
        found: dict[str, str] = {}
        for node in ast.parse(source).body:
            if (kernel := _drawn(node) or _kernel(node) or named_kernel(node)) is not None:
                found[kernel[0]] = self.function(kernel[1])
                continue
            definition = node if isinstance(node, ast.FunctionDef) else library_loop(node)
            if definition is None:
                raise LanguageError(f"{ast.unparse(node)[:80]!r} in generated code")
            definitions[definition.name] = definition
        suffix = identity(definitions, found)
        renamed = {name: f"{name}_{suffix}" for name in definitions} | found
        readers = {renamed[name] for name, node in definitions.items() if _only_reads(node)}
        for name, node in definitions.items():
            self.definition(node, renamed[name], lambda n: _Renamed(renamed[n]) if n in renamed else names(n), readers)
        return renamed

    def definition(
        self,
        node: ast.FunctionDef,
        name: str,
        resolve: Callable[[str], Any],
        readers: Container[str] | None = None,
    ) -> None:
        """Add a function under a name; with `readers` it is generated code, in which sums may be reordered."""
        rewriter = _Rewriter(self, node, resolve)
        node = rewriter.visit(node)
        node.name, node.decorator_list = name, []
        if readers is not None:
            node = _WithoutCopies(readers).visit(node)
            node.decorator_list = [ast.Name("fast")]
        else:
            node.returns = None
        for argument in node.args.args:
            argument.annotation = None
        source = ast.unparse(ast.fix_missing_locations(node))
        self.helpers.pop(name, None)
        self.helpers[name] = Helper(name, source, tuple(sorted(rewriter.calls)))


def _drawn(statement: ast.stmt) -> tuple[str, KernelFunction] | None:
    """The name and the distribution's function in `name = draw_function(distribution)`."""
    match statement:
        case ast.Assign(
            targets=[ast.Name(name)], value=ast.Call(ast.Name("draw_function"), [ast.Constant(str(value))])
        ):
            return name, registry.draw_of(value)
        case _:
            return None


def _kernel(statement: ast.stmt) -> tuple[str, KernelFunction] | None:
    """The name and the kernel in `name = library_function(module, kernel)`."""
    match statement:
        case ast.Assign(
            [ast.Name(name)],
            ast.Call(ast.Name("library_function"), [ast.Constant(str(module)), ast.Constant(str(kernel))]),
        ):
            return name, getattr(import_module(module), kernel)
        case _:
            return None


def _only_reads(node: ast.FunctionDef) -> bool:
    """Whether a function uses its parameters for nothing but their elements and sizes, so that views will do."""
    parameters = {argument.arg for argument in node.args.args}
    uses = read = 0
    for part in ast.walk(node):
        match part:
            case ast.Name(id=name) if name in parameters:
                uses += 1
            case ast.Subscript(value=ast.Name(id=name), ctx=ast.Load()) if name in parameters:
                scalar = not any(isinstance(entry, ast.Slice) for entry in ast.walk(part.slice))
                read += scalar
            case ast.Attribute(value=ast.Name(id=name), attr="shape" | "size") if name in parameters:
                read += 1
    return uses == read


class _WithoutCopies(ast.NodeTransformer):
    """Arguments `view.copy()` of functions that only read them become `view`."""

    def __init__(self, readers: Container[str]) -> None:
        self.readers = readers

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.func, ast.Name) and node.func.id in self.readers:
            for place, argument in enumerate(node.args):
                match argument:
                    case ast.Call(func=ast.Attribute(value=view, attr="copy"), args=[]):
                        node.args[place] = view
        return node


class _Renamed(str):
    """A function known in the program under this name."""


class _Rewriter(ast.NodeTransformer):
    """Replaces what a function finds in its globals by literals and program names."""

    def __init__(self, collector: Collector, node: ast.FunctionDef, resolve: Callable[[str], Any]) -> None:
        self.collector = collector
        self.resolve = resolve
        self.calls: set[str] = set()
        self.local = variables(node)
        if node.args.defaults or node.args.kwonlyargs or node.args.vararg:
            raise LanguageError(f"{node.name} has optional arguments")

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.body = [self.visit(statement) for statement in node.body]
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        if isinstance(node.value, ast.Name) and node.value.id in ("math", "np") and node.value.id not in self.local:
            value = getattr(math, node.attr, None)
            return number(value) if isinstance(value, float) else node
        node.value = self.visit(node.value)
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        match node.func:
            case ast.Attribute(ast.Name("rng") as generator, method) if method in random_methods.METHODS:
                name = self.collector.function(random_methods.METHODS[method])
                self.calls.add(name)
                return ast.Call(ast.Name(name), [generator, *map(self.visit, node.args)], [])
            case _:
                return self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> ast.AST:
        if node.id in self.local or not isinstance(node.ctx, ast.Load):
            return node
        value = self.resolve(node.id)
        match value:
            case bool() | int() | float():
                return number(value)
            case _Renamed():
                self.calls.add(str(value))
                return ast.Name(str(value))
            case FunctionType():
                name = self.collector.function(value)
                self.calls.add(name)
                return ast.Name(name)
            case tuple() | list() if all(isinstance(one, int | float) for one in value):
                return ast.Call(ast.Name("constants"), [number(float(one)) for one in value], [])
        if hasattr(value, "dtype") and getattr(value, "ndim", 0) == 1:
            return ast.Call(ast.Name("constants"), [number(float(one)) for one in value], [])
        if value is None and (node.id in mathlib.helpers() or hasattr(builtins, node.id) or node.id in _KNOWN):
            self.calls.add(node.id)
            return node
        raise LanguageError(f"{node.id} is not known to generated code")


_KNOWN = {
    *mathlib.INTRINSICS, *mathlib.LIBM, *random_methods.SIGNATURES,
    "inf", "nan", "isnan", "bits", "from_bits", "raw", "np", "math",
}  # fmt: skip


def number(value: float) -> ast.expr:
    """A literal."""
    if isinstance(value, float) and (math.isinf(value) or math.isnan(value)):
        name: ast.expr = ast.Name("nan" if math.isnan(value) else "inf")
        return ast.UnaryOp(ast.USub(), name) if value < 0 else name
    if isinstance(value, bool) or value >= 0:
        return ast.Constant(value)
    return ast.UnaryOp(ast.USub(), ast.Constant(-value))


def translates(helpers: dict[str, Helper], caller: str) -> bool:
    """Whether a typed function that calls the helpers can be translated; they are registered if so."""
    wanted = {call for helper in helpers.values() for call in helper.calls} | set(helpers)
    others = mathlib.texts(wanted, known=helpers)
    externals = random_methods.used(wanted)
    try:
        translate("\n\n".join([*others, *(helper.source for helper in helpers.values()), caller]), (), externals)
    except LanguageError:
        return False
    mathlib.register(helpers.values())
    return True


@cache
def scalar_function(function: KernelFunction) -> str | None:
    """The program's name of a Python function of floats, with result a float."""
    collector = Collector()
    try:
        name = collector.function(function)
    except (LanguageError, OSError, SyntaxError):
        return None
    count = function.__code__.co_argcount
    typed = f"{name}_of_floats"
    parameters = [f"a{n}" for n in range(count)]
    typed_parameters = ", ".join(f"{parameter}: float" for parameter in parameters)
    source = f"@exact\ndef {typed}({typed_parameters}) -> float:\n    return {name}({', '.join(parameters)})"
    collector.helpers[typed] = Helper(typed, source, (name,))
    return typed if translates(collector.helpers, "") else None


def array_function(function: KernelFunction, inputs: list[Shape], outputs: list[Shape]) -> str | None:
    """The program's name of a Python function of float arrays, as a function of pointers: inputs, then outputs."""
    collector = Collector()
    try:
        name = collector.function(function)
    except (LanguageError, OSError, SyntaxError):
        return None
    kinds = ["floats"] * len(inputs)
    return _pointer_function(collector, name, [], inputs, kinds, outputs, ["floats"] * len(outputs), len(outputs) > 1)


def generated_function(
    source: str,
    names: Callable[[str], Any],
    inputs: list[tuple[Shape, str]],
    outputs: list[tuple[Shape, str]],
    known: Mapping[int, int],
) -> str | None:
    """The same for the function `loop(messages, ...)` of a generated source text; it returns a tuple.

    `known` are the values of whole numbers among the inputs: LLVM unrolls loops and drops tests where it knows them.
    """
    collector = Collector()
    try:
        name = collector.module(source, names)["loop"]
    except (LanguageError, OSError, SyntaxError, KeyError):
        return None
    setup = [f"messages = np.empty({MESSAGE_SPACE})", "messages[0] = 0.0", f"messages[1] = {float(FIRST_RECORD)}",
             f"messages[{DEPTH}] = 0.0"]  # fmt: skip
    return _pointer_function(
        collector,
        name,
        setup,
        [shape for shape, _ in inputs],
        [storage for _, storage in inputs],
        [shape for shape, _ in outputs],
        [storage for _, storage in outputs],
        True,
        known,
    )


def _pointer_function(
    collector: Collector,
    name: str,
    setup: list[str],
    inputs: list[Shape],
    input_kinds: list[str],
    outputs: list[Shape],
    output_kinds: list[str],
    as_tuple: bool,
    known: Mapping[int, int] = MappingProxyType({}),
) -> str | None:
    """A typed function over pointers that calls an untyped one over arrays."""
    passed = ["messages"] if setup else []
    for number_, shape in enumerate(inputs):
        one = str(known[number_]) if number_ in known else f"x{number_}[0]"
        passed.append(f"sized(x{number_}, {', '.join(map(str, shape))})" if shape else one)
    results = [f"r{number_}" for number_ in range(len(outputs))]
    call = f"{name}({', '.join(passed)})"
    lines = [*setup, f"({', '.join(results)},) = {call}" if as_tuple else f"r0 = {call}"]
    for number_, shape in enumerate(outputs):
        if shape:
            size = math.prod(shape)
            lines += [f"p{number_} = raw(r{number_})", f"for k in range(min({size}, r{number_}.size)):",
                      f"    y{number_}[k] = p{number_}[k]"]  # fmt: skip
        else:
            lines.append(f"y{number_}[0] = r{number_}")
    arguments = [f"x{n}" for n in range(len(inputs))] + [f"y{n}" for n in range(len(outputs))]
    shapes = hashlib.sha256(f"{inputs}{outputs}{input_kinds}{output_kinds}{dict(known)}".encode()).hexdigest()[:6]
    inner, outer = f"{name}_on_{shapes}", f"{name}_at_{shapes}"
    body = "\n    ".join(lines)
    collector.helpers[inner] = Helper(inner, f"def {inner}({', '.join(arguments)}):\n    {body}", (name,))
    typed = ", ".join(f"{a}: {kind}" for a, kind in zip(arguments, input_kinds + output_kinds, strict=True))
    source = f"@exact\ndef {outer}({typed}) -> None:\n    {inner}({', '.join(arguments)})"
    collector.helpers[outer] = Helper(outer, source, (inner,))
    if outer in _translated:
        mathlib.register(collector.helpers.values())
    elif translates(collector.helpers, ""):
        _translated.add(outer)
    else:
        return None
    return outer


_translated: set[str] = set()  # what is known to be understood: the names tell functions and shapes apart
