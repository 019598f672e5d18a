"""What library calls need of their arguments: sizes now, values as checks of the log density where it takes them.

What is known is checked at once. Of what parameters decide, only conditions whose failure the result would not show
become part of the density.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytensor.tensor as pt
from pytensor.graph.basic import Constant

from .. import ir
from ..library.evaluation import evaluate
from ..library.needs import Needed, NeededSizes, needed
from . import errors
from .scope import Check, Scope
from .values import axes_of


def check(e: ir.LibraryCall, graphs: Sequence[Any], scope: Scope) -> None:
    """Look at the arguments of a call of a function; lanes, if there are any, stand in front of their axes."""
    types = tuple(argument.type for argument in e.arguments)
    for needs in needed(e.name, types):
        if isinstance(needs, NeededSizes):
            _compare_sizes(e, needs, graphs)
        else:
            _check_values(e, needs, graphs, scope)


def _compare_sizes(e: ir.LibraryCall, needs: NeededSizes, graphs: Sequence[Any]) -> None:
    first, other = needs.positions
    ranks = [axes_of(e.arguments[position].type) for position in (first, other)]
    if not all(ranks):
        return
    for axis, other_axis in needs.pairs(ranks):
        size = graphs[first].type.shape[axis]
        wanted = None if other_axis is None else graphs[other].type.shape[other_axis]
        if size == 0 if other_axis is None else None not in (size, wanted) and size != wanted:
            span = e.arguments[first].span
            raise errors.sizes_differ(span, f"`{e.name}`: {needs.sizes.text.format(size, wanted)}")


def _check_values(e: ir.LibraryCall, needs: Needed, graphs: Sequence[Any], scope: Scope) -> None:
    about = [graphs[position] for position in needs.positions]
    known = all(isinstance(graph, Constant) for graph in about)
    if needs.condition.nan and not known:
        return
    holds = pt.all(needs.truth(graphs))
    if known:
        if bool(evaluate(holds)):
            return
        holds = pt.constant(False)
    at = e.arguments[needs.positions[0]].span
    scope.checks.append(Check(holds, at, needs.sentence(e.name, [g.data for g in about] if known else None)))
