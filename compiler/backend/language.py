"""The loop language's decorators, so that files written in it are importable Python."""

from __future__ import annotations

from collections.abc import Callable


def exact[F: Callable[..., object]](function: F) -> F:
    """Floating-point operations keep their order; multiply-add may be fused."""
    return function


def strict[F: Callable[..., object]](function: F) -> F:
    """Every operation is rounded by itself; only `fma` fuses: for sums of two floats that stand for one number."""
    return function


def fast[F: Callable[..., object]](function: F) -> F:
    """Sums may be reordered, divisions by a common divisor turned into multiplications."""
    return function


def aside[F: Callable[..., object]](function: F) -> F:
    """Few numbers need the function: nan stands for the others, and the result is nan for them.

    It may have branches, and loops that call it become SIMD code all the same. Above one of the decorators above.
    """
    return function
