"""The loop language's decorators, so that files written in it are importable Python."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

F = TypeVar("F", bound=Callable[..., object])


def exact(function: F) -> F:
    """Floating-point operations keep their order; multiply-add may be fused."""
    return function


def fast(function: F) -> F:
    """Sums may be reordered, divisions by a common divisor turned into multiplications."""
    return function
