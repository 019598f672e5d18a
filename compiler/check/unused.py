"""Parameters that the density does not depend on: unless bounded on both sides, their posterior is improper."""

from __future__ import annotations

from collections.abc import Iterator

from pplc.grammar.diagnostics import Diagnostic

from .. import ir
from ..library import registry
from ..types import is_discrete
from ..walk import assigned, mentioned, nodes
from .errors import warnings

_ACTS = (ir.Tilde, ir.TargetIncrement, ir.JacobianIncrement, ir.CallStatement, ir.Reject, ir.FatalError)


def unused_parameters(program: ir.Program) -> Iterator[Diagnostic]:
    """A warning for each; a program without statements in its model is meant so."""
    if not program.model:
        return
    used = _used(program)
    for declare in program.parameters:
        if declare.variable not in used and not _is_bounded(declare.sized):
            yield warnings.unused_parameter(declare.variable.name, declare.variable.span)


def _used(program: ir.Program) -> set[ir.Variable]:
    """What decides the density: all that the model mentions, and what that is computed from."""
    used = {*mentioned(program.model), *mentioned([declare.sized for declare in program.parameters])}
    sources: dict[ir.Variable, set[ir.Variable]] = {}  # of a variable, what the statements mention that assign it
    for statement in program.transformed_parameters:
        if any(isinstance(node, _ACTS) for node in nodes(statement)):
            used |= mentioned(statement)
        for variable in assigned(statement):
            sources.setdefault(variable, set()).update(mentioned(statement))
    waiting = list(used)
    while waiting:
        new = sources.get(waiting.pop(), set()) - used
        used |= new
        waiting += new
    return used


def _is_bounded(sized: ir.SizedType) -> bool:
    if isinstance(sized, ir.SizedTuple):
        return all(_is_bounded(element) for element in sized.elements)
    return is_discrete(sized.type) or (
        sized.constraint is not None and registry.transforms()[sized.constraint.name].finite_volume
    )
