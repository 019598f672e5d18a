"""The sums that statements add to: the target, and the Jacobian terms of transformed parameters.

Each is one variable of the generated function, and one more argument and result of the functions that add to it.
A reverse sweep knows their adjoints only, except in programs that read `target()`: there it keeps what the target
was before each statement that adds to it.
"""

from __future__ import annotations

from .. import ir
from ..walk import reachable

KINDS = ("target", "jacobian")


def added_by(function: ir.Function) -> str | None:
    """Which sum the function adds to, if to any."""
    if function.name.endswith("_lp"):
        return "target"
    return "jacobian" if function.name.endswith("_jacobian") else None


def added_in(node: object) -> list[str]:
    """The sums that statements add to, by themselves or through functions that they call."""
    found = set()
    for part in reachable(node):
        match part:
            case ir.TargetIncrement() | ir.Tilde():
                found.add("target")
            case ir.JacobianIncrement():
                found.add("jacobian")
            case ir.UserCall(function) if (kind := added_by(function)) is not None:
                found.add(kind)
            case ir.LibraryCall(name) if name.endswith("_jacobian"):
                found.add("jacobian")
    return [kind for kind in KINDS if kind in found]


def reads_target(node: object) -> bool:
    """Whether statements, or functions that they call, read `target()`."""
    return any(isinstance(part, ir.TargetValue) for part in reachable(node))
