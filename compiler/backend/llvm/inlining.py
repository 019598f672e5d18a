"""Which calls of small functions become part of the caller, and which remain calls.

Loops become vectors only if what they call is part of them. Outside of loops it saves no more than the call, and LLVM
takes minutes for a function of several hundred thousand instructions, as that of a program of many hundred statements
would be, each with a log_gamma and its derivative.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from .arithmetic import BUILTINS
from .asides import is_aside
from .values import INTRINSICS

MOST = 10_000  # operations of small functions in one function, outside of loops; LLVM takes half a second for these
FEW = 10  # operations that are not worth a call

OPERATIONS = ast.BinOp | ast.UnaryOp | ast.Compare | ast.IfExp | ast.Call


def is_straight(function: ast.FunctionDef) -> bool:
    """Whether a function has neither loops nor branches, so that a loop which calls it can become vectors."""
    return not any(isinstance(node, ast.For | ast.While | ast.If) for node in ast.walk(function))


def inlined_sizes(functions: Iterable[ast.FunctionDef], generic: Mapping[str, ast.FunctionDef]) -> dict[str, int]:
    """The operations of straight functions, those of what they call included: straight ones and `generic` ones.

    The latter may have loops and may be recursive; what a function calls on the way to itself counts once.
    """
    straight = {function.name: function for function in functions if is_straight(function)}
    known = {**generic, **straight}
    sizes: dict[str, int] = {}

    def size(name: str) -> int:
        if name not in sizes:
            sizes[name] = 0
            nodes = list(ast.walk(known[name]))
            own = sum(isinstance(node, OPERATIONS) for node in nodes)
            sizes[name] = own + sum(size(one) for one in map(called, nodes) if one in known)
        return sizes[name]

    return {name: size(name) for name in straight}


def in_vectors(functions: Iterable[ast.FunctionDef]) -> frozenset[str]:
    """The functions that a loop may call and still become vectors: straight ones of such, and those for few numbers."""
    found = {function.name for function in functions if is_aside(function)} | {*INTRINSICS, *BUILTINS}
    waiting = [function for function in functions if function.name not in found and is_straight(function)]
    while ready := [one for one in waiting if {called(n) for n in ast.walk(one) if isinstance(n, ast.Call)} <= found]:
        found |= {function.name for function in ready}
        waiting = [function for function in waiting if function not in ready]
    return frozenset(found)


def kept_as_calls(function: ast.FunctionDef, sizes: Mapping[str, int]) -> frozenset[str]:
    """The functions that `function` calls, rather than containing them, outside of its loops.

    What it calls once is no longer for being part of it.
    """
    numbers = Counter(name for name in map(called, _outside_loops(function)) if name in sizes)
    counts = {name: count for name, count in numbers.items() if count > 1}
    if sum(sizes[name] * count for name, count in counts.items()) <= MOST:
        return frozenset()
    return frozenset(name for name in counts if sizes[name] > FEW)


def called(node: ast.AST) -> str:
    """The name of the function that an expression calls, if it is a call."""
    match node:
        case ast.Call(func=ast.Name(id=name)):
            return name
        case _:
            return ""


def _outside_loops(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.For | ast.While):
            yield child
            yield from _outside_loops(child)
