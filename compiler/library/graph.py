"""PyTensor, imported when first used: checking a program reads the library but must not wait for it.

Library files write `from ..graph import pt` and use `pt.exp(x)` inside functions as if they had imported
`pytensor.tensor as pt` themselves.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache, wraps
from importlib import import_module
from types import ModuleType
from typing import Any


class LazyModule:
    """A module that is imported at the first attribute access."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        if attribute.startswith("__") or attribute == "_name":  # asked of a copy that is being made
            raise AttributeError(attribute)
        return getattr(imported(self._name), attribute)


@cache
def imported(name: str) -> Any:
    """The module: asking Python for it again would take longer than most things that are done with it."""
    return import_module(name)


pt: Any = LazyModule("pytensor.tensor")
np: Any = LazyModule("numpy")
special: Any = LazyModule("scipy.special")
linalg: Any = LazyModule("scipy.linalg")


def added(terms: Sequence[Any]) -> Any:
    """The sum of graphs; 0.0 for none, and a single one as it is."""
    return pt.add(*terms) if len(terms) > 1 else terms[0] if terms else pt.constant(0.0)


def multiplied(factors: Sequence[Any]) -> Any:
    """The product of graphs; 1.0 for none, and a single one as it is."""
    return pt.mul(*factors) if len(factors) > 1 else factors[0] if factors else pt.constant(1.0)


def untraced[**P, R](build: Callable[P, R]) -> Callable[P, R]:
    """A function whose graphs do not remember the lines of Python that made them: that takes a third of its time."""

    @wraps(build)
    def run(*arguments: P.args, **more: P.kwargs) -> R:
        from .scalar_graphs import remember

        remember()
        with imported("pytensor").config.change_flags(traceback__limit=0), _without_sparse_matrices():
            return build(*arguments, **more)

    return run


class _NoSparseMatrices(ModuleType):
    """Stands for `pytensor.sparse` until more is asked of it than a class, one that no operation has."""

    CSM = type("CSM", (), {})

    def __getattr__(self, attribute: str) -> Any:
        if attribute.startswith("__"):  # the import system asks whether it is a package
            raise AttributeError(attribute)
        sys.modules.pop(self.__name__, None)
        return getattr(import_module(self.__name__), attribute)


@contextmanager
def _without_sparse_matrices() -> Iterator[None]:
    """PyTensor asks of constants whether they belong to a sparse matrix, and to ask would import `scipy.sparse`.

    That is a tenth of the time in which a small program is compiled.
    """
    name = "pytensor.sparse"
    stand_in = _NoSparseMatrices(name)
    sys.modules.setdefault(name, stand_in)
    try:
        yield
    finally:
        if sys.modules.get(name) is stand_in:
            del sys.modules[name]
