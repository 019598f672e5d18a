"""<offset=m, multiplier=s>: y = m + s x."""

from __future__ import annotations

from typing import Any

from ..definitions import InLanguage, Tensor, Transform
from ..domains import same_sizes, where
from ..graph import pt
from ..supports import Location, Positive
from ._bounds import real


def constrain(x: Tensor, offset: Tensor, multiplier: Tensor) -> Tensor:
    return offset + multiplier * x


def unconstrain(y: Tensor, offset: Tensor, multiplier: Tensor) -> Tensor:
    return (y - offset) / multiplier


def log_jacobian(x: Tensor, offset: Tensor, multiplier: Tensor) -> Tensor:
    return pt.second(x, pt.log(real(multiplier)))  # NaN, which rejects the point, for a negative multiplier


def problem(y: Any, offset: Any, multiplier: Any) -> str | None:
    return None  # a change of scale restricts nothing


def holds(y: Tensor, offset: Tensor, multiplier: Tensor) -> Tensor:
    return pt.constant(True)


_SCALE = where(offset=Location(), multiplier=Positive(), nan=False)

offset_multiplier = Transform(
    "offset_multiplier",
    constrain,
    unconstrain,
    log_jacobian,
    problem,
    holds,
    parameters=("offset", "multiplier"),
    free_domain=(same_sizes("offset", "x"), same_sizes("multiplier", "x"), *_SCALE),
    domain=(same_sizes("offset", "y"), same_sizes("multiplier", "y"), *_SCALE),
    in_language=InLanguage("free(log(U)); return offset_multiplier_constrain(x, L, U);"),
)
