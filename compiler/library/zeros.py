"""What a density is beyond the limits of its arguments: zero, or an error of the point.

As a summand of the log density nan rejects a point as -inf does; in a mixture it makes the difference between a
component that is zero and a point that is rejected. The back end takes the switches out of sums
(`backend/support.py`): of `defined` the condition is kept; of the others, whose formulas give no number, nothing.
"""

from __future__ import annotations

from typing import Any

from .definitions import Tensor
from .graph import np, pt

_ZERO, _UNDEFINED = "zero, by a formula that gives nan", "undefined"
_REFUSED = "undefined, by a formula that gives nan or an infinity"


def zero_beyond(inside: Tensor, log_density: Tensor) -> Tensor:
    """`log_density` where `inside` holds, -inf elsewhere, where it is nan."""
    return pt.switch(inside, log_density, pt.constant(-np.inf, name=_ZERO))


def defined(inside: Tensor, log_density: Tensor) -> Tensor:
    """`log_density` where `inside` holds; elsewhere nan, which rejects the point even in a mixture."""
    return pt.switch(inside, log_density, pt.constant(np.nan, name=_UNDEFINED))


def refused_beyond(inside: Tensor, log_density: Tensor) -> Tensor:
    """`log_density` where `inside` holds; nan elsewhere, where it is not finite anyway."""
    return pt.switch(inside, log_density, pt.constant(np.nan, name=_REFUSED))


def unless_nan(y: Tensor, log_density: Tensor) -> Tensor:
    """`log_density`, which is -inf for a `y` that is nan: there it is nan."""
    return refused_beyond(pt.le(pt.abs(y), np.inf), log_density)


def shows_by_itself(constant: Any) -> bool:
    """Whether this is the constant of `zero_beyond` or `refused_beyond`."""
    return constant.name in (_ZERO, _REFUSED)


def is_undefined(constant: Any) -> bool:
    """Whether this is the nan of `defined` or `refused_beyond`."""
    return constant.name in (_UNDEFINED, _REFUSED)
