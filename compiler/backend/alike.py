"""What generated functions are but for the names of their variables: those that are the same are compiled once."""

from __future__ import annotations

import ast
import copy
import hashlib
from collections.abc import Mapping


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
