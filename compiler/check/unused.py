"""Parameters that the density does not depend on: without bounds there is nothing that holds them."""

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
    used = set(mentioned(program.model)) | set(mentioned([declare.sized for declare in program.parameters]))
    waiting = list(program.transformed_parameters)
    while True:
        needed = [s for s in waiting if assigned(s) & used or any(isinstance(node, _ACTS) for node in nodes(s))]
        if not needed:
            return used
        for statement in needed:
            waiting.remove(statement)
            used |= mentioned(statement)


def _is_bounded(sized: ir.SizedType) -> bool:
    if isinstance(sized, ir.SizedTuple):
        return all(_is_bounded(element) for element in sized.elements)
    return is_discrete(sized.type) or (
        sized.constraint is not None and registry.transforms()[sized.constraint.name].finite_volume
    )
