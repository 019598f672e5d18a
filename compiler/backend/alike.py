"""What generated functions are but for the names of their variables: those that are the same are compiled once.

Those that differ in numbers, too, are the same where there are many: the numbers become arguments.
"""

from __future__ import annotations

import ast
import copy
import hashlib
from collections.abc import Iterable, Mapping, Sequence


def identity(definitions: Mapping[str, ast.FunctionDef], others: Mapping[str, str]) -> str:
    """A digest of functions by name, and of what the names of other functions stand for."""
    spelled = [f"{name} {_renamed(definition)}" for name, definition in definitions.items()]
    return hashlib.sha256("\n".join([*spelled, *map(str, others.items())]).encode()).hexdigest()[:8]


def variables(function: ast.FunctionDef) -> dict[str, None]:
    """The names of a function's parameters, and of what it assigns, in order."""
    parts = (part for part in ast.walk(function) if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store))
    return dict.fromkeys([*(argument.arg for argument in function.args.args), *(part.id for part in parts)])


def _renamed(function: ast.FunctionDef) -> str:
    """A function with its variables numbered."""
    numbers = {name: f"variable {number}" for number, name in enumerate(variables(function))}
    function = copy.deepcopy(function)
    for part in ast.walk(function):
        match part:
            case ast.Name(id=name):
                part.id = numbers.get(name, name)
            case ast.arg(arg=name):
                part.arg = numbers.get(name, name)
    return ast.dump(function)


# Functions that differ in numbers ---------------------------------------------------------------

FEWEST = 8  # functions that differ in numbers only, for which these become arguments: LLVM makes less of those


def with_common_numbers(sources: Iterable[str]) -> dict[str, tuple[str, tuple[float, ...]]]:
    """For modules that are the same as others but for names and numbers, one that stands for all, and its numbers.

    The function `loop` of that takes the numbers that differ as further arguments.
    """
    forms: dict[str, list[tuple[str, _Numbered]]] = {}
    for source in dict.fromkeys(sources):
        numbered = _Numbered(source)
        forms.setdefault(numbered.form, []).append((source, numbered))
    found: dict[str, tuple[str, tuple[float, ...]]] = {}
    for members in forms.values():
        values = {numbered.values for _, numbered in members}
        if len(members) == 1 or 1 < len(values) < FEWEST:
            continue
        differing = [place for place, column in enumerate(zip(*values, strict=True)) if len(set(column)) > 1]
        common = members[0][1].taking(differing)
        for source, numbered in members:
            found[source] = common, tuple(numbered.values[place] for place in differing)
    return found


class _Numbered:
    """A module and the numbers in its function `loop` that could as well be arguments; `form` is all the rest."""

    def __init__(self, source: str) -> None:
        self.source = source
        module = ast.parse(source)
        numbers = _numbers(_loop(module))
        self.values = tuple(constant.value for constant in numbers if isinstance(constant.value, int | float))
        for constant in numbers:
            constant.value = type(constant.value).__name__
        parts = (_renamed(part) if isinstance(part, ast.FunctionDef) else ast.dump(part) for part in module.body)
        self.form = "\n".join(parts)

    def taking(self, places: Sequence[int]) -> str:
        """The module with the numbers at these places as further arguments."""
        if not places:
            return self.source
        module = ast.parse(self.source)
        loop = _loop(module)
        numbers = _numbers(loop)
        names = {id(numbers[place]): f"_number{order}" for order, place in enumerate(places)}
        loop.args.args += [ast.arg(name) for name in names.values()]
        return ast.unparse(ast.fix_missing_locations(_Named(names).visit(module)))


class _Named(ast.NodeTransformer):
    """Puts names in the place of some numbers."""

    def __init__(self, names: Mapping[int, str]) -> None:
        self.names = names

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        return ast.Name(self.names[id(node)], ast.Load()) if id(node) in self.names else node


def _loop(module: ast.Module) -> ast.FunctionDef:
    return next(part for part in module.body if isinstance(part, ast.FunctionDef) and part.name == "loop")


def _numbers(function: ast.FunctionDef) -> list[ast.Constant]:
    """Real numbers but for exponents, and whole ones that are added, compared or where counting starts or ends."""
    found: list[ast.Constant] = []
    exponents: set[int] = set()
    for part in ast.walk(function):
        match part:
            case ast.BinOp(op=ast.Pow(), right=exponent) | ast.Call(func=ast.Name("power"), args=[_, exponent]):
                exponents.update(id(inside) for inside in ast.walk(exponent))
            case ast.BinOp(left, ast.Add() | ast.Sub() | ast.Mult(), right):
                found += _whole(left, right)
            case ast.Compare(left, _, others):
                found += _whole(left, *others)
            case ast.Call(func=ast.Name("range"), args=limits):
                found += _whole(*limits[:2])
            case ast.Constant(float()):
                found.append(part)
    return [constant for constant in found if id(constant) not in exponents]


def _whole(*parts: ast.expr) -> list[ast.Constant]:
    return [part for part in parts if isinstance(part, ast.Constant) and type(part.value) is int]
