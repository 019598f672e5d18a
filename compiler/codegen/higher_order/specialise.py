"""Numerical methods made for one user function: the text of kernels with its adapters in place of placeholders.

Kernels are plain Python functions that call each other, the placeholders of `kernels.placeholders` and the
support functions, and hand `*arguments` through. A specialised copy has the explicit arguments of the user's
function instead, and integer constants where placeholders stand for numbers. Functions that reach no placeholder
are shared by all copies.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from types import FunctionType

from ..unit import Unit
from . import kernels

ARGUMENTS = "arguments"  # the name under which kernels hand on the user's arguments

type Kernel = Callable[..., object]  # a plain function of `kernels`
type Replacement = str | int | Kernel


def specialise(unit: Unit, kernel: Kernel, replacements: Mapping[str, Replacement], arguments: Sequence[str]) -> str:
    """The name, in the unit, of `kernel` with placeholders replaced by names, numbers or other kernels."""
    names = _reached(kernel, replacements)
    key = tuple((name, replacements[name]) for name in sorted(_placeholders(kernel, replacements) & set(replacements)))
    own = ("specialised", kernel, key, tuple(arguments) if hands_on(kernel) or key else ())
    name, new = unit.name_for(own, kernel.__name__)
    if new:
        resolved = {}
        for global_name in names:
            replacement = replacements.get(global_name, kernel.__globals__[global_name])
            match replacement:
                case FunctionType() if _is_kernel(replacement):
                    resolved[global_name] = specialise(unit, replacement, replacements, arguments)
                case FunctionType():
                    resolved[global_name] = replacement.__name__
                case _:
                    resolved[global_name] = str(replacement)
        unit.add(_text(kernel, name, resolved, arguments))
    return name


def _is_kernel(function: object) -> bool:
    return isinstance(function, FunctionType) and function.__module__.startswith(kernels.__name__)


@cache
def _definition(kernel: Kernel) -> ast.FunctionDef:
    [node] = ast.parse(inspect.getsource(kernel)).body
    assert isinstance(node, ast.FunctionDef)
    return node


def hands_on(kernel: Kernel) -> bool:
    """Whether the kernel takes the arguments of the user's function."""
    return _definition(kernel).args.vararg is not None


def _reached(kernel: Kernel, replacements: Mapping[str, Replacement]) -> set[str]:
    """The global names in a kernel that need an answer: functions, numbers and placeholders."""
    used = {node.id for node in ast.walk(_definition(kernel)) if isinstance(node, ast.Name)}
    found = {name: kernel.__globals__[name] for name in used if name in kernel.__globals__}
    return {
        name for name, value in found.items() if name in replacements or isinstance(value, FunctionType | int | float)
    }


def _placeholders(kernel: Kernel, replacements: Mapping[str, Replacement]) -> frozenset[str]:
    """The replaced names that a kernel reaches, directly or not."""
    found, waiting, seen = set(), [kernel], set()
    while waiting:
        one = waiting.pop()
        seen.add(one)
        for name in _reached(one, replacements):
            if name in replacements:
                found.add(name)
            value = replacements.get(name, one.__globals__[name])
            if _is_kernel(value) and value not in seen:
                waiting.append(value)
    return frozenset(found)


def _text(kernel: Kernel, name: str, resolved: Mapping[str, str], arguments: Sequence[str]) -> str:
    source = ast.parse(inspect.getsource(kernel))
    [node] = source.body
    assert isinstance(node, ast.FunctionDef)
    node.body = node.body[1:] if ast.get_docstring(node) is not None else node.body
    node.name, node.decorator_list, node.returns = name, [], None
    if node.args.vararg is not None:
        node.args.args += [ast.arg(argument) for argument in arguments]
        node.args.vararg = None
    return "@compiled\n" + ast.unparse(ast.fix_missing_locations(_Rewrite(resolved, arguments).visit(source)))


class _Rewrite(ast.NodeTransformer):
    """Puts resolved names for global ones and explicit arguments for `*arguments`."""

    def __init__(self, resolved: Mapping[str, str], arguments: Sequence[str]) -> None:
        self.resolved = resolved
        self.arguments = arguments

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id not in self.resolved:
            return node
        return ast.parse(self.resolved[node.id], mode="eval").body

    def visit_Call(self, node: ast.Call) -> ast.expr:
        found: list[ast.expr] = []
        for argument in node.args:
            if isinstance(argument, ast.Starred):
                found += [ast.Name(name) for name in self.arguments]
            else:
                found.append(self.visit(argument))
        node.args, node.func = found, self.visit(node.func)
        return node
