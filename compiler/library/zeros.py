"""What a density is beyond the limits of its arguments: zero, or an error of the point.

As a summand of the log density nan rejects a point as -inf does; in a mixture it makes the difference between a
component that is zero and a point that is rejected. The back end takes both switches out of sums
(`backend/support.py`): of `defined` the condition is kept; of `zero_beyond`, whose formula gives nan, nothing.
"""

from __future__ import annotations

from typing import Any

from .definitions import Tensor
from .graph import np, pt

_ZERO, _UNDEFINED = "zero, by a formula that gives nan", "undefined"


def zero_beyond(inside: Tensor, log_density: Tensor) -> Tensor:
    """`log_density` where `inside` holds, -inf elsewhere, where it is nan."""
    return pt.switch(inside, log_density, pt.constant(-np.inf, name=_ZERO))


def defined(inside: Tensor, log_density: Tensor) -> Tensor:
    """`log_density` where `inside` holds; elsewhere nan, which rejects the point even in a mixture."""
    return pt.switch(inside, log_density, pt.constant(np.nan, name=_UNDEFINED))


def shows_by_itself(constant: Any) -> bool:
    """Whether this is the -inf of `zero_beyond`."""
    return constant.name == _ZERO


def is_undefined(constant: Any) -> bool:
    """Whether this is the nan of `defined`."""
    return constant.name == _UNDEFINED
