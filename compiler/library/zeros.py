"""Densities that are zero beyond a limit, where the formula gives nan.

As a summand of the log density nan rejects a point as -inf does, and to look at the limit would be for nothing: the
back end takes such a switch out (`backend/support.py`). In a mixture it makes the difference between a component that
is zero and a point that is rejected.
"""

from __future__ import annotations

from typing import Any

from .definitions import Tensor
from .graph import np, pt

_NAME = "zero, by a formula that gives nan"


def zero_beyond(inside: Tensor, log_density: Tensor) -> Tensor:
    """`log_density` where `inside` holds, -inf elsewhere, where it is nan."""
    return pt.switch(inside, log_density, pt.constant(-np.inf, name=_NAME))


def shows_by_itself(zero: Any) -> bool:
    """Whether a constant is the -inf of `zero_beyond`."""
    return getattr(zero, "name", None) == _NAME
