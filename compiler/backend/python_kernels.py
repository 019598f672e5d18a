"""Plain Python functions of numbers as functions of the loop language.

The library writes special functions as undecorated Python over `math`; what of it is simple enough becomes part
of the compiled program, callees and constants included. The rest is compiled by Numba.
"""

from __future__ import annotations

import ast
import inspect
import math
import textwrap
from functools import cache
from types import FunctionType, ModuleType
from typing import Any

from . import mathlib
from .llvm import BUILTINS, INTRINSICS, LIBM, LanguageError, translate
from .mathlib import Helper

_RENAMED = {"gamma": "tgamma", "arctan2": "atan2", "arctan": "atan", "abs": "fabs"}
_BARE = {"abs": "fabs", "float": "float", "int": "int"}


@cache
def helper_name(function: FunctionType) -> str | None:
    """The name under which a function of floats is known to the loop language; None where it cannot be."""
    try:
        texts: dict[str, Helper] = {}
        name = _add(function, texts)
        known = mathlib.helpers()
        others = [known[n].source for n in _closure(texts, known)]
        translate("\n\n".join([*others, *(helper.source for helper in texts.values())]), ())
    except (LanguageError, OSError, SyntaxError, RecursionError):
        return None
    mathlib.register(texts.values())
    return name


def _closure(texts: dict[str, Helper], known: dict[str, Helper]) -> list[str]:
    wanted = {call for helper in texts.values() for call in helper.calls}
    return [helper.name for helper in mathlib.needed(wanted & set(known))]


def _name(function: FunctionType) -> str:
    return f"{function.__module__.rpartition('.')[2]}_{function.__name__}"


def _add(function: FunctionType, texts: dict[str, Helper]) -> str:
    name = _name(function)
    if name in texts:
        return name
    [definition] = ast.parse(textwrap.dedent(inspect.getsource(function))).body
    if not isinstance(definition, ast.FunctionDef) or definition.args.defaults or definition.args.kwonlyargs:
        raise LanguageError(f"{name} is not a plain function")
    texts[name] = Helper(name, "", ())  # so that recursion ends; the language knows no recursive functions
    rewriter = _Rewriter(function, texts)
    definition = rewriter.visit(definition)
    definition.name = name
    definition.decorator_list = [ast.Name("exact")]
    definition.returns = ast.Name("float")
    for argument in definition.args.args:
        argument.annotation = ast.Name("float")
    source = ast.unparse(ast.fix_missing_locations(definition))
    texts.pop(name)
    texts[name] = Helper(name, source, tuple(sorted(rewriter.calls)))
    return name


class _Rewriter(ast.NodeTransformer):
    """Replaces modules, constants and calls by what the loop language has."""

    def __init__(self, function: FunctionType, texts: dict[str, Helper]) -> None:
        self.function = function
        self.texts = texts
        self.calls: set[str] = set()
        self.temporaries = 0
        self.local = set(function.__code__.co_varnames)

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        if isinstance(node.value, ast.Name) and node.value.id not in self.local:
            module = self.function.__globals__.get(node.value.id)
            if isinstance(module, ModuleType) or type(module).__name__ == "LazyModule":
                value = getattr(math, node.attr, None)
                if isinstance(value, float):
                    return _number(value)
                return ast.Name(_RENAMED.get(node.attr, node.attr))
        raise LanguageError(ast.unparse(node))

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id in self.local or not isinstance(node.ctx, ast.Load):
            return node
        value = self.function.__globals__.get(node.id)
        if isinstance(value, bool | int | float):
            return _number(value)
        return node

    def visit_Call(self, node: ast.Call) -> ast.expr:
        if node.keywords:
            raise LanguageError(ast.unparse(node))
        node.args = [self.visit(argument) for argument in node.args]
        if isinstance(node.func, ast.Name) and node.func.id not in self.local:
            name = node.func.id
            value = self.function.__globals__.get(name)
            if isinstance(value, FunctionType):
                node.func = ast.Name(_add(value, self.texts))
            elif name in ("min", "max") and len(node.args) == 2:
                first, second = node.args
                test = ast.Compare(second, [ast.Lt() if name == "min" else ast.Gt()], [first])
                return ast.IfExp(test, second, first)
            elif name == "range":
                return node
            else:
                node.func = ast.Name(_BARE.get(name, name))
        else:
            node.func = self.visit(node.func)
        assert isinstance(node.func, ast.Name)
        called = node.func.id
        if called == "isinf":
            return ast.Compare(ast.Call(ast.Name("fabs"), node.args, []), [ast.Eq()], [ast.Name("inf")])
        known = {*BUILTINS, *INTRINSICS, *LIBM, *self.texts, *mathlib.helpers()}
        if called not in known:
            raise LanguageError(f"unknown function {called}")
        self.calls.add(called)
        if called == "floor":
            node.args = [ast.Call(ast.Name("float"), node.args, [])]
        return node

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        left, right = self.visit(node.left), self.visit(node.right)
        if not isinstance(node.op, ast.Pow):
            return ast.BinOp(left, node.op, right)
        if isinstance(right, ast.Constant) and right.value == 2 and isinstance(left, ast.Name):
            return ast.BinOp(left, ast.Mult(), left)
        self.calls.add("power")
        return ast.Call(ast.Name("power"), [left, right], [])

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        terms = [self.visit(term) for term in (node.left, *node.comparators)]
        tests = [ast.Compare(a, [op], [b]) for a, op, b in zip(terms, node.ops, terms[1:], strict=False)]
        return tests[0] if len(tests) == 1 else ast.BoolOp(ast.And(), list(tests))

    def visit_Assign(self, node: ast.Assign) -> Any:
        value = self.visit(node.value)
        [target] = node.targets
        if not isinstance(target, ast.Tuple):
            return ast.Assign([target], value)
        if not isinstance(value, ast.Tuple):
            raise LanguageError(ast.unparse(node))
        names = []
        for _ in value.elts:
            self.temporaries += 1
            names.append(f"part{self.temporaries}")
        first = [ast.Assign([ast.Name(name)], one) for name, one in zip(names, value.elts, strict=True)]
        return first + [ast.Assign([one], ast.Name(name)) for name, one in zip(names, target.elts, strict=True)]


def _number(value: float) -> ast.expr:
    if isinstance(value, float) and (math.isinf(value) or math.isnan(value)):
        name = ast.Name("nan" if math.isnan(value) else "inf")
        return ast.UnaryOp(ast.USub(), name) if value < 0 else name
    return ast.Constant(value) if value >= 0 else ast.UnaryOp(ast.USub(), ast.Constant(-value))
