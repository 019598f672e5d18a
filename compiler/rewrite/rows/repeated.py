"""sum over n rows of f(row) = sum over distinct rows of count * f(row).

Rows are equal when they agree in all data that f reads, the positions of gathered parameters included. Two
ulp of a sum is all that changes: equal terms are multiplied by their number instead of being added up.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytensor.tensor as pt

from ..patterns import is_scalar
from .definition import RowRewrite
from .expressions import Data, NotByRow, Rebuilt, Rows

WORTH = 0.7  # distinct rows, as a part of all, at which the shorter sum pays
FEWEST = 16  # rows


def distinct_rows(variable: Any, data: Data) -> tuple[Rebuilt, np.ndarray] | None:
    """An expression's distinct rows and how often each occurs; None where there are too many."""
    rows = Rows(data, variable.type.shape)
    if rows.size < FEWEST or is_scalar(variable):
        return None
    try:
        rows.find(variable)
    except NotByRow:
        return None
    codes = rows.codes(list(rows.columns.values()), int(WORTH * rows.size))
    if codes is None:
        return None
    _, first, counts = np.unique(codes, return_index=True, return_counts=True)
    return Rebuilt(rows, first), counts


def shorten(term: Any, data: Data) -> Any | None:
    """The sum of a term's elements, over its distinct rows."""
    found = distinct_rows(term, data)
    if found is None:
        return None
    rebuilt, counts = found
    return pt.sum(data.input(counts.astype("float64")) * rebuilt.expression(term))


def shorten_condition(condition: Any, data: Data) -> Any | None:
    """A condition on every row, on the distinct ones."""
    found = distinct_rows(condition, data)
    return None if found is None else found[0].expression(condition)


def _example() -> tuple[Any, Any, dict[Any, np.ndarray]]:
    q = pt.vector("q", shape=(4,))
    x, group = pt.vector("x", shape=(40,)), pt.lvector("group", shape=(40,))
    values = {x: np.repeat([0.5, -1.0], 20), group: np.tile([0, 2], 20)}
    return q, pt.sum(pt.log1p(pt.exp(q[group] + q[3] * x))), values


rewrite = RowRewrite("repeated_rows", "sum over rows f = sum over distinct rows count * f", shorten, _example)
