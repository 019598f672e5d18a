"""Mathematical and machine constants: functions without arguments."""

from __future__ import annotations

import math
import sys

from ..definitions import Function, Tensor
from ._axes import constant


def _constant(name: str, value: float, summary: str) -> Function:
    def build() -> Tensor:
        return constant(value)

    return Function(name, ("() => real",), build, reference=f"numpy.float64({value!r})".replace("inf", "numpy.inf")
                    .replace("nan", "numpy.nan"), summary=summary)  # fmt: skip


constants = (
    _constant("pi", math.pi, "The circumference of a circle of diameter 1."),
    _constant("e", math.e, "The base of the natural logarithm."),
    _constant("sqrt2", math.sqrt(2), "The square root of 2."),
    _constant("log2", math.log(2), "The natural logarithm of 2."),
    _constant("log10", math.log(10), "The natural logarithm of 10."),
    _constant("not_a_number", math.nan, "Not a number."),
    _constant("positive_infinity", math.inf, "Positive infinity."),
    _constant("negative_infinity", -math.inf, "Negative infinity."),
    _constant("machine_precision", sys.float_info.epsilon, "The distance from 1 to the next larger real."),
)
