"""What library calls need of their arguments: sizes now, values as checks of the log density where it takes them.

What is known is checked at once. Of what parameters decide, only conditions whose failure the result would not show
become part of the density.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytensor.tensor as pt
from pplc.grammar.source import Span
from pytensor.graph.basic import Constant

from .. import ir
from ..library.evaluation import evaluate
from ..library.needs import Needed, NeededSizes, needed
from ..types import Type
from . import errors
from .scope import Check, Scope
from .values import axes_of


def check(e: ir.LibraryCall, graphs: Sequence[Any], scope: Scope) -> None:
    """Look at the arguments of a call of a function; lanes, if there are any, stand in front of their axes."""
    types = tuple(argument.type for argument in e.arguments)
    shapes = [graph.type.shape if hasattr(graph, "type") else () for graph in graphs]
    compare_sizes(e.name, types, shapes, [argument.span for argument in e.arguments])
    for needs in needed(e.name, types):
        if isinstance(needs, Needed):
            _check_values(e, needs, graphs, scope)


def compare_sizes(
    name: str, types: tuple[Type, ...], shapes: Sequence[tuple[int | None, ...]], spans: Sequence[Span]
) -> None:
    """Stop where the sizes of a call's arguments do not fit each other; only the last axes of the shapes count."""
    for needs in needed(name, types):
        if not isinstance(needs, NeededSizes):
            continue
        first, other = needs.positions
        ranks = [axes_of(types[position]) for position in (first, other)]
        if not all(ranks):
            continue
        for axis, other_axis in needs.pairs(ranks):
            size = shapes[first][axis]
            wanted = None if other_axis is None else shapes[other][other_axis]
            if size == 0 if other_axis is None else None not in (size, wanted) and size != wanted:
                text = needs.sizes.text.format(size, wanted)
                raise errors.sizes_differ(spans[first], f"`{name}`: {text}")


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
