"""The sums that statements add to: the target, and the Jacobian terms of transformed parameters.

Each is one variable of the generated function, and one more argument and result of the functions that add to it.
A reverse sweep knows their adjoints only, except in programs that read `target()`: there it keeps what the target
was before each statement that adds to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from .. import ir

KINDS = ("target", "jacobian")


def added_by(function: ir.Function) -> str | None:
    """Which sum the function adds to, if to any."""
    if function.name.endswith("_lp"):
        return "target"
    return "jacobian" if function.name.endswith("_jacobian") else None


def added_in(node: object) -> list[str]:
    """The sums that statements add to, by themselves or through functions that they call."""
    found = set()
    for part in _reachable(node, set()):
        match part:
            case ir.TargetIncrement() | ir.Tilde():
                found.add("target")
            case ir.JacobianIncrement():
                found.add("jacobian")
            case ir.UserCall(function):
                found.add(added_by(function))
            case ir.LibraryCall(name):
                found.add("jacobian" if name.endswith("_jacobian") else None)
    return [kind for kind in KINDS if kind in found]


def reads_target(node: object) -> bool:
    """Whether statements, or functions that they call, read `target()`."""
    return any(isinstance(part, ir.TargetValue) for part in _reachable(node, set()))


def reaches(node: object, function: ir.Function) -> bool:
    """Whether statements call the function, directly or through others."""
    entered: set[ir.Function] = set()
    for _ in _reachable(node, entered):
        pass
    return function in entered


def _reachable(node: object, entered: set[ir.Function]) -> Iterator[object]:
    """Every node below, the bodies of called functions included, in any order."""
    waiting = [node]
    while waiting:
        part = waiting.pop()
        if isinstance(part, tuple | list):
            waiting.extend(part)
        elif isinstance(part, ir.Function):
            if part not in entered:
                entered.add(part)
                waiting.append(part.body)
        elif isinstance(part, ir.Node) and is_dataclass(part):
            yield part
            waiting.extend(getattr(part, field.name) for field in fields(part))
