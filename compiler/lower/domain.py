"""What library calls need of their arguments: sizes now, values as checks of the log density where it takes them.

What is known is checked at once. Of what parameters decide, only conditions whose failure the result would not show
become part of the density.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytensor.tensor as pt
from pplc.grammar.source import Span
from pytensor.graph.basic import Constant
from pytensor.graph.traversal import explicit_graph_inputs, toposort
from pytensor.tensor.shape import Shape, Shape_i

from .. import ir
from ..library import predicates
from ..library.evaluation import evaluate
from ..library.needs import Needed, NeededSizes, needed, shown_by_terms
from ..types import Type, core_dimensions, is_complex
from . import errors
from .scope import Check, Scope
from .symmetry import is_symmetric


def check(e: ir.LibraryCall, graphs: Sequence[Any], scope: Scope) -> Check | None:
    """Look at the arguments of a call of a function; lanes, if there are any, stand in front of their axes.

    What is known to fail is returned: then the function may have no value at all.
    """
    types = tuple(argument.type for argument in e.arguments)
    shapes = [graph.type.shape if hasattr(graph, "type") else () for graph in graphs]
    compare_sizes(e.name, types, shapes, [argument.span for argument in e.arguments])
    for needs in needed(e.name, types):
        if isinstance(needs, Needed) and (failed := _check_values(e, needs, graphs, scope)) is not None:
            return failed
    return None


def check_known(name: str, types: tuple[Type, ...], graphs: Sequence[Any], span: Span, scope: Scope) -> bool:
    """Say what makes the result of a density nan; its known arguments lie in their supports as far as is looked.

    Returns whether the density is zero, because an argument is where it is.
    """
    zero = False
    for needs in needed(name, types):
        if isinstance(needs, Needed) and needs.condition.nan and not bool(evaluate(pt.all(needs.truth(graphs)))):
            if needs.condition.zero:
                zero = True
                continue
            values = [graphs[position].data for position in needs.positions]
            scope.checks.append(Check(pt.constant(False), span, needs.sentence(name, values)))
    return zero


def check_without_terms(
    name: str, types: tuple[Type, ...], graphs: Sequence[Any], spans: Sequence[Span], scope: Scope
) -> None:
    """Check what the terms of a density would show of its arguments, if it had any."""
    for number in shown_by_terms(name, types):
        needs = needed(name, types)[number]
        assert isinstance(needs, Needed)
        truth = pt.all(needs.truth(graphs))
        about = [graphs[position] for position in needs.positions]
        known = all(isinstance(graph, Constant) for graph in about)
        if known and bool(evaluate(truth)):
            continue
        sentence = needs.sentence(name, [graph.data for graph in about] if known else None)
        scope.checks.append(Check(pt.constant(False) if known else truth, spans[needs.positions[0]], sentence))


def compare_sizes(
    name: str, types: tuple[Type, ...], shapes: Sequence[tuple[int | None, ...]], spans: Sequence[Span]
) -> None:
    """Stop where the sizes of a call's arguments do not fit each other; only the last axes of the shapes count."""
    for needs in needed(name, types):
        if not isinstance(needs, NeededSizes):
            continue
        own, others = (_sizes(shapes[position], types[position]) for position in needs.positions)
        for compared in needs.comparisons(*(core_dimensions(types[position]) for position in needs.positions)):
            if compared.fails(own, others):
                wanted = None if compared.other is None else others[compared.other]
                text = needs.sizes.text.format(own[compared.axis], wanted)
                raise errors.sizes_differ(spans[needs.positions[0]], f"`{name}`: {text}")


def _sizes(shape: tuple[int | None, ...], type: Type) -> tuple[int | None, ...]:
    """Without the axis that holds real and imaginary parts."""
    return shape[:-1] if is_complex(type) else shape


def _check_values(e: ir.LibraryCall, needs: Needed, graphs: Sequence[Any], scope: Scope) -> Check | None:
    """A check for the log density where the result would not show a failure; it is returned if it surely fails."""
    about = [graphs[position] for position in needs.positions]
    known = all(isinstance(graph, Constant) for graph in about)
    answer = bool(evaluate(pt.all(needs.truth(graphs)))) if known else _answer_of_sizes(needs, graphs, scope)
    if answer:
        return None
    if answer is False:
        condition = pt.constant(False)
    elif needs.condition.nan or (needs.condition.holds is predicates.symmetric and is_symmetric(about[0])):
        return None
    else:
        condition = pt.all(needs.truth(graphs))
    at = e.arguments[needs.positions[0]].span
    found = Check(condition, at, needs.sentence(e.name, [graph.data for graph in about] if known else None))
    scope.checks.append(found)
    return found if answer is False else None


def _answer_of_sizes(needs: Needed, graphs: Sequence[Any], scope: Scope) -> bool | None:
    """Whether a condition holds that looks at sizes only, besides what is known; None for any other."""
    unknown = [graphs[p] for p in needs.positions if not _is_known(graphs[p], scope)]
    if needs.condition.nan or any(None in graph.type.shape for graph in unknown):
        return None
    sizes = {graph: graph.type() for graph in unknown}
    truth = pt.all(needs.truth([sizes.get(graph, graph) for graph in graphs]))
    alone = set(sizes.values())
    for node in toposort([truth]):
        if alone.intersection(node.inputs) and not isinstance(node.op, Shape | Shape_i):
            return None
    stand_ins = {stand_in: np.zeros(stand_in.type.shape) for stand_in in alone}
    return bool(evaluate(truth, {**scope.table.values, **stand_ins}))


def _is_known(graph: Any, scope: Scope) -> bool:
    return all(given in scope.table.values for given in explicit_graph_inputs([graph]))
