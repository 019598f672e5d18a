"""What is certain about a value: the interval that all its elements lie in, by interval arithmetic on its graph.

Scales, rates and probabilities mostly follow from declared bounds, so that no check of them has to run with
every gradient. An answer of "unknown" costs a check, never correctness.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

import numpy as np
import pytensor.scalar.math as psm
from pytensor.graph.basic import Constant
from pytensor.scalar import basic as ps
from pytensor.tensor.basic import Alloc, Join, MakeVector
from pytensor.tensor.elemwise import DimShuffle, Elemwise
from pytensor.tensor.shape import Reshape, SpecifyShape
from pytensor.tensor.subtensor import (
    AdvancedIncSubtensor,
    AdvancedSubtensor,
    IncSubtensor,
    Subtensor,
)

from ..library import predicates
from ..library.definitions import Support
from .symmetry import is_symmetric
from .values import Value

type Interval = tuple[float, float, bool, bool]  # lowest, highest, and whether each is excluded

UNKNOWN: Interval = (-math.inf, math.inf, False, False)
DEEPEST = 40  # nodes to look through before giving up


def proves(value: Value, support: Support, finite: bool) -> bool:
    """Whether every element certainly lies in a support of numbers.

    Where the value of the whole is nan or -inf anyway for infinite arguments, `finite` is False: that they are finite
    is not part of the question.
    """
    if isinstance(value.numbers, np.ndarray):
        return False
    if support.core:
        return support.holds is predicates.symmetric and is_symmetric(value.numbers)
    lowest, highest, above, below = interval(value.numbers, DEEPEST)
    if finite and support.finite and not (math.isfinite(lowest) and math.isfinite(highest)):
        return False
    if support.lower is None and support.upper is None:
        return not support.integer
    lower = -math.inf if support.lower is None else support.lower
    upper = math.inf if support.upper is None else support.upper
    begins = lowest > lower or (lowest == lower and (above or not support.open_below))
    ends = highest < upper or (highest == upper and (below or not support.open_above))
    return begins and ends


@lru_cache(maxsize=100_000)
def interval(graph: Any, depth: int) -> Interval:
    """An interval that holds every element of a graph."""
    if isinstance(graph, Constant):
        return _of_array(graph.data)
    if graph.owner is None or depth == 0:
        return UNKNOWN
    op, inputs = graph.owner.op, graph.owner.inputs

    def of(i: int) -> Interval:
        return interval(inputs[i], depth - 1)

    match op:
        case DimShuffle() | Reshape() | SpecifyShape() | Subtensor() | AdvancedSubtensor():
            return of(0)
        case Alloc():
            return of(0)
        case IncSubtensor() | AdvancedIncSubtensor() if op.set_instead_of_inc:
            return _union(of(0), of(1))
        case MakeVector():
            return _unions([of(i) for i in range(len(inputs))])
        case Join():
            return _unions([of(i) for i in range(1, len(inputs))])
        case Elemwise():
            return _elementwise(op.scalar_op, [of(i) for i in range(len(inputs))])
        case _:
            return UNKNOWN


def _of_array(array: Any) -> Interval:
    array = np.asarray(array)
    if array.size == 0 or array.dtype.kind not in "iufb" or np.isnan(array).all():
        return (math.inf, -math.inf, False, False) if array.size == 0 else UNKNOWN
    if np.isnan(array).any():
        return UNKNOWN
    return float(array.min()), float(array.max()), False, False


def _union(a: Interval, b: Interval) -> Interval:
    low = min((a[0], not a[2]), (b[0], not b[2]), key=lambda x: (x[0], not x[1]))
    high = max((a[1], not a[3]), (b[1], not b[3]))
    return low[0], high[0], not low[1], not high[1]


def _unions(all_of: list[Interval]) -> Interval:
    result = all_of[0]
    for one in all_of[1:]:
        result = _union(result, one)
    return result


def _elementwise(op: Any, of: list[Interval]) -> Interval:
    low, high, above, below = of[0]
    match op:
        case ps.Exp():
            return (_exp(low), _exp(high), True if low == -math.inf else above, below)
        case psm.Sigmoid():
            return 0.0, 1.0, True, True
        case psm.Softplus():
            return 0.0, math.inf, True, False
        case ps.Sqr():
            positive = low > 0 or (low == 0 and above)
            return 0.0, math.inf, positive, False
        case ps.Abs():
            return 0.0, math.inf, low > 0 or (low == 0 and above), False
        case ps.Sqrt() if low >= 0:
            return math.sqrt(low), math.sqrt(high), above, below
        case ps.Cast() | ps.Identity():
            return of[0]
        case ps.Neg():
            return -high, -low, below, above
        case ps.Switch():
            return _union(of[1], of[2])
        case ps.Add():
            lows, highs = [i[0] for i in of], [i[1] for i in of]
            return sum(lows), sum(highs), any(i[2] for i in of), any(i[3] for i in of)
        case ps.Sub():
            return low - of[1][1], high - of[1][0], above or of[1][3], below or of[1][2]
        case ps.Mul() if all(i[0] >= 0 for i in of):
            strict = all(i[0] > 0 or i[2] for i in of)
            lowest = math.prod(i[0] for i in of)
            highest = math.prod(i[1] for i in of) if all(i[1] < math.inf for i in of) else math.inf
            return lowest, highest, strict and lowest == 0, any(i[3] for i in of) and all(i[0] >= 0 for i in of)
        case ps.TrueDiv() if low >= 0 and of[1][0] >= 0:
            return 0.0, math.inf, low > 0 or above, False
        case ps.Pow() if low > 0 or (low >= 0 and above):
            return 0.0, math.inf, True, False
        case ps.Reciprocal() if low >= 0:
            return 0.0, math.inf, True, False
        case ps.Maximum():
            return max(low, of[1][0]), max(high, of[1][1]), False, False
        case psm.Erfc():
            return 0.0, 2.0, False, False
        case _:
            return UNKNOWN


def _exp(x: float) -> float:
    return math.exp(x) if x < 700 else math.inf
