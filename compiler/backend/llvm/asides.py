"""Functions that few numbers need (`@aside`), so that loops which call them still become SIMD code.

Such a function takes and returns floats, and returns nan where the first of them is nan: a caller hands nan for
numbers that do without it. It is never inlined, may have branches, and has versions for vectors. Those return at once
if no element is for them, and else call the function for one such element after the other. Functions without declared
types may be `@aside`, too: then they are not inlined, and small rather than fast.
"""

from __future__ import annotations

import ast

from .values import Signature

COLD = " noinline cold optsize"
SMALL = " noinline minsize optsize"
PURE = "memory(none) nounwind willreturn"
WIDTHS = (2, 4, 8)  # doubles in a vector


def is_aside(function: ast.FunctionDef) -> bool:
    """Whether a function is marked so."""
    return any(ast.unparse(decorator) == "aside" for decorator in function.decorator_list)


def is_seldom(function: ast.FunctionDef) -> bool:
    """Whether a function is marked as one that runs a few thousand times in all (`@seldom`), as a block per draw."""
    return any(ast.unparse(decorator) == "seldom" for decorator in function.decorator_list)


def at_once(function: ast.FunctionDef) -> ast.stmt:
    """What such a function does first. Numbers by themselves are handed to it one by one, and nearly all are nan."""
    first = function.args.args[0].arg
    [statement] = ast.parse(f"if isnan({first}):\n    return {first}").body
    return statement


def is_declaration(function: ast.FunctionDef) -> bool:
    """Whether a function's body is elsewhere."""
    match function.body:
        case [ast.Expr(value=ast.Constant(value=value))]:
            return value is ...
        case _:
            return False


def declarations(functions: list[Signature]) -> str:
    """Functions found when the module is linked, with their versions for vectors.

    Those are called only once loops have become SIMD code: LLVM shall not drop them before.
    """
    lines = []
    for function in functions:
        count = len(function.arguments)
        names = ",".join(f"_ZGV_LLVM_N{w}{'v' * count}_{function.name}({_version(function, w)})" for w in WIDTHS)
        types = ", ".join(["double"] * count)
        lines.append(f'declare double @{function.name}({types}) {PURE} "vector-function-abi-variant"="{names}"')
        lines += [_of_vector(function, width) for width in WIDTHS]
    kept = [f"ptr @{_version(function, width)}" for function in functions for width in WIDTHS]
    lines.append(
        f'@llvm.compiler.used = appending global [{len(kept)} x ptr] [{", ".join(kept)}], section "llvm.metadata"'
    )
    return "\n".join(lines)


def _version(function: Signature, width: int) -> str:
    return f"{function.name}.of.{width}"


def _of_vector(function: Signature, width: int) -> str:
    vector, count = f"<{width} x double>", len(function.arguments)
    parameters = ", ".join(f"{vector} %x{n}" for n in range(count))
    passed = ", ".join(f"double %e{n}" for n in range(count))
    return "\n".join(
        [
            f"define private {vector} @{_version(function, width)}({parameters}){COLD} {PURE} {{",
            "entry:",
            f"  %wanted = fcmp ord {vector} %x0, zeroinitializer",
            f"  %bits = bitcast <{width} x i1> %wanted to i{width}",
            f"  %none = icmp eq i{width} %bits, 0",
            "  br i1 %none, label %exit, label %each",
            "each:",
            "  %i = phi i64 [ 0, %entry ], [ %next, %after ]",
            f"  %before = phi {vector} [ %x0, %entry ], [ %results, %after ]",
            f"  %this = extractelement <{width} x i1> %wanted, i64 %i",
            "  br i1 %this, label %call, label %after",
            "call:",
            *(f"  %e{n} = extractelement {vector} %x{n}, i64 %i" for n in range(count)),
            f"  %result = call double @{function.name}({passed})",
            f"  %with = insertelement {vector} %before, double %result, i64 %i",
            "  br label %after",
            "after:",
            f"  %results = phi {vector} [ %before, %each ], [ %with, %call ]",
            "  %next = add i64 %i, 1",
            f"  %more = icmp ult i64 %next, {width}",
            "  br i1 %more, label %each, label %exit",
            "exit:",
            f"  %all = phi {vector} [ %x0, %entry ], [ %results, %after ]",
            f"  ret {vector} %all",
            "}",
        ]
    )
