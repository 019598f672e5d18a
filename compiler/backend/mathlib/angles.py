"""Derivatives of atan2, asinh and acosh where squares would overflow or underflow."""

# ruff: noqa: F821
from ..language import exact, strict


@exact
def asinh_slope(x: float) -> float:
    """1 / sqrt(x^2 + 1)."""
    a = fabs(x)
    return 1.0 / (sqrt(a * a + 1.0) if a < 1e100 else a)


@exact
def acosh_slope(x: float) -> float:
    """1 / sqrt(x^2 - 1) for x >= 1."""
    return 1.0 / (sqrt((x - 1.0) * (x + 1.0)) if x < 1e100 else x)


@strict
def atan2_slope(y: float, x: float) -> float:
    """x / (x^2 + y^2), the derivative of atan2(y, x) in y; of atan2(x, y) in y it is the negative."""
    largest = fabs(x) if fabs(x) > fabs(y) else fabs(y)
    scale = 5.357543035931337e300 if largest < 1e-150 else (1.8665272370064378e-301 if largest > 1e150 else 1.0)
    a = x * scale
    b = y * scale
    norm = fma(a, a, b * b)
    return 0.0 if norm == inf else a / norm * scale
