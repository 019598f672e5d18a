"""Finds everything in `distributions/`, `functions/` and `transforms/`: adding a file there adds it to the language."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Any

from .definitions import Distribution, Function, Transform


def _modules(folder: str) -> list[ModuleType]:
    package = import_module(f"{__package__}.{folder}")
    names = sorted(found.name for found in pkgutil.iter_modules(package.__path__))
    return [import_module(f"{package.__name__}.{name}") for name in names if not name.startswith("_")]


@cache
def distributions() -> dict[str, Distribution]:
    """Every distribution, by name."""
    return {
        value.name: value
        for module in _modules("distributions")
        for value in vars(module).values()
        if isinstance(value, Distribution)
    }


def draw_of(name: str) -> Any:
    """The draws that generated code names: of a distribution `NAME`, or `NAME between` bounds."""
    distribution, _, between = name.partition(" ")
    return distributions()[distribution].draw_between if between else distributions()[distribution].draw


@cache
def functions() -> dict[str, tuple[Function, ...]]:
    """Every library function, by name; the values of one name serve different signatures."""
    found: dict[str, list[Function]] = {}
    for module in _modules("functions"):
        for value in vars(module).values():
            for item in value if isinstance(value, tuple | list) else (value,):
                if isinstance(item, Function) and item not in found.setdefault(item.name, []):
                    found[item.name].append(item)
    return {name: tuple(values) for name, values in found.items()}


@cache
def transforms() -> dict[str, Transform]:
    """Every constraint, by name."""
    return {
        value.name: value
        for module in _modules("transforms")
        for value in vars(module).values()
        if isinstance(value, Transform)
    }
