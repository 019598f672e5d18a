"""A module of functions: which of them are callable from outside, and what it needs from there."""

from __future__ import annotations

import ast

from . import asides, spare, tails
from .arena import ARENA
from .function import FunctionTranslator
from .inlining import in_vectors, inlined_sizes
from .templates import Templates
from .values import INTRINSICS, LIBM, LLVM_TYPE, LanguageError, Signature


def translate(source: str, exported: tuple[str, ...], externals: tuple[Signature, ...] = ()) -> str:
    """LLVM text of a module of loop-language functions.

    `exported` functions are callable from outside by name; the others are private to the module.
    `externals` are C functions found when the module is linked. The module refers to one external symbol
    `data_table`, an array of pointers read by `table_floats(k)` and `table_ints(k)`. Functions with `...` for a body
    are found when it is linked, too.
    """
    definitions = [node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)]
    functions = [function for function in definitions if is_typed(function)]
    known = {function.name: signature_of(function) for function in functions}
    declared = [function for function in functions if asides.is_declaration(function)]
    known |= {external.name: external for external in externals}
    used: set[str] = set()
    untyped = {f.name: f for f in definitions if not is_typed(f)}
    sizes = inlined_sizes((f for f in functions if f not in declared), untyped)
    templates = Templates(untyped, known, used, sizes, in_vectors(functions))
    translators = [
        FunctionTranslator(function, known, used, function.name in exported, templates)
        for function in functions
        if function not in declared
    ]
    bodies = [translator.translate() for translator in translators]
    templates.finish()
    bodies += templates.texts
    bodies.append(spare.module_text({one.function.name: len(one.heap) for one in translators}))
    lines = ["@data_table = external global [0 x ptr]"]
    for name in sorted(used & set(INTRINSICS)):
        lines.append(f"declare double @{INTRINSICS[name]}({_doubles(_arity(name))})")
    for name in sorted(used & set(LIBM)):
        lines.append(f"declare double @{name}({_doubles(LIBM[name])}) memory(none) nounwind willreturn")
    for external in externals:
        types = ", ".join(LLVM_TYPE[type] for type in external.arguments)
        lines.append(f"declare {LLVM_TYPE[external.result]} @{external.name}({types})")
    lines += ["declare ptr @malloc(i64)", "declare void @free(ptr)", "declare ptr @llvm.ptrmask.p0.i64(ptr, i64)"]
    if declared:
        lines.append(asides.declarations([known[function.name] for function in declared]))
    if templates.texts:
        lines.append(ARENA)
    return tails.numbered("\n".join(lines + bodies) + "\n")


def signature_of(function: ast.FunctionDef) -> Signature:
    """The declared types of a loop-language function."""
    arguments = tuple(_annotation(argument.annotation) for argument in function.args.args)
    return Signature(function.name, arguments, _annotation(function.returns))


def is_typed(function: ast.FunctionDef) -> bool:
    """Whether a function says its types; one that does not is translated for each kind of call (`generic`)."""
    return function.returns is not None and all(argument.annotation for argument in function.args.args)


def _annotation(node: ast.expr | None) -> str:
    text = "None" if node is None else ast.unparse(node)
    if text not in LLVM_TYPE:
        raise LanguageError(f"unknown type {text}")
    return text


def _arity(name: str) -> int:
    return {"copysign": 2, "fma": 3, "maximum": 2, "minimum": 2}.get(name, 1)


def _doubles(count: int) -> str:
    return ", ".join(["double"] * count)
