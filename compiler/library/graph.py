"""PyTensor, imported when first used: checking a program reads the library but must not wait for it.

Library files write `from ..graph import pt` and use `pt.exp(x)` inside functions as if they had imported
`pytensor.tensor as pt` themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from importlib import import_module
from typing import Any


class LazyModule:
    """A module that is imported at the first attribute access."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        if attribute.startswith("__") or attribute == "_name":  # asked of a copy that is being made
            raise AttributeError(attribute)
        return getattr(import_module(self._name), attribute)


pt: Any = LazyModule("pytensor.tensor")
np: Any = LazyModule("numpy")
special: Any = LazyModule("scipy.special")


def untraced[**P, R](build: Callable[P, R]) -> Callable[P, R]:
    """A function whose graphs do not remember the lines of Python that made them: that takes a third of its time."""

    @wraps(build)
    def run(*arguments: P.args, **more: P.kwargs) -> R:
        with import_module("pytensor").config.change_flags(traceback__limit=0):
            return build(*arguments, **more)

    return run
