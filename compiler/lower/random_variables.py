"""The graph of random variables: each `~` whose left side is a parameter or data is a RandomVariable op.

`conditional` holds them given the parameters' values: what posterior predictive draws need. In the generative
graph every parameter is replaced by its own random variable, in order of dependence: prior draws.
A declared bound of the variable and `T[,]` truncate the draw.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytensor.tensor as pt
from pplc.grammar.source import Span
from pytensor.graph.basic import Variable
from pytensor.graph.replace import clone_replace
from pytensor.graph.traversal import ancestors

from .. import ir
from ..library import registry
from ..library.definitions import Distribution
from ..library.densities import align, parameters_of
from ..walk import assigned, mentioned, nodes
from . import expressions
from .drawn_within import bounds_of, unreachable
from .library_rv import LibraryRV
from .program import Lowered
from .scope import Draw, Scope
from .values import Value


@dataclass(frozen=True)
class Obstacle:
    """Why the program does not say how to draw a variable."""

    span: Span
    text: str


@dataclass
class RandomGraph:
    """Random variables by name of the variable they stand for, and what prevents some of them."""

    conditional: dict[str, Any] = field(default_factory=dict)  # given the parameters
    generative: dict[str, Any] = field(default_factory=dict)  # parameters drawn, too
    obstacles: list[Obstacle] = field(default_factory=list)
    generators: list[Any] = field(default_factory=list)  # shared random generators, one per random variable
    recurrent: dict[str, Obstacle] = field(default_factory=dict)  # data drawn given their own earlier values


def random_graph(lowered: Lowered) -> RandomGraph:
    """Build the random variables of a lowered program."""
    graph = RandomGraph()
    by_variable: dict[ir.Variable, list[Draw]] = {}
    for draw in lowered.draws:
        if draw.variable is not None and draw.variable.role in (
            ir.Role.PARAMETER,
            ir.Role.DATA,
            ir.Role.TRANSFORMED_DATA,
        ):
            by_variable.setdefault(draw.variable, []).append(draw)
        else:
            graph.obstacles.append(Obstacle(draw.statement.span, "its left side is neither a parameter nor data"))
    for term in lowered.terms:
        if term.kind == "target" or (term.kind == "tilde" and all(term is not d.term for d in lowered.draws)):
            graph.obstacles.append(
                Obstacle(term.span, "it adds to the density without naming a distribution to draw from")
            )
    sources = _sources(lowered.program)
    for variable, draws in by_variable.items():
        own = [d for d in draws if variable in _reached(d.statement.arguments, sources)]
        if own and variable.role is not ir.Role.PARAMETER:
            text = f"`{variable.name}` depends on itself, so it cannot be drawn as a whole"
            graph.recurrent[variable.name] = Obstacle(own[0].statement.span, text)
        assembled = _assembled(variable, draws, lowered, graph)
        if assembled is not None:
            graph.conditional[variable.name] = assembled
    for declare in lowered.program.parameters:
        if declare.variable not in by_variable:
            text = f"`{declare.variable.name}` has no distribution, so there is no prior to draw it from"
            graph.obstacles.append(Obstacle(declare.variable.span, text))
    if not graph.obstacles:
        _generate(lowered, graph)
    return graph


def _sources(program: ir.Program) -> dict[ir.Variable, set[ir.Variable]]:
    """What is read by the statements that assign to each variable."""
    found: dict[ir.Variable, set[ir.Variable]] = {}
    for block in (program.transformed_data, program.transformed_parameters, program.model):
        for node in nodes(block):
            match node:
                case ir.Declare(variable, initial=initial) if initial is not None:
                    found.setdefault(variable, set()).update(mentioned(initial))
                case ir.Assign() | ir.Unpack():
                    read = mentioned(node.value)
                    for target in assigned(node):
                        found.setdefault(target, set()).update(read)
                case _:
                    pass
    return found


def _reached(part: Any, sources: dict[ir.Variable, set[ir.Variable]]) -> set[ir.Variable]:
    """The variables that an expression is computed from, directly or through others."""
    found: set[ir.Variable] = set()
    pending = list(mentioned(part))
    while pending:
        variable = pending.pop()
        if variable not in found:
            found.add(variable)
            pending += sources.get(variable, ())
    return found


# One variable -----------------------------------------------------------------------------------


def _assembled(variable: ir.Variable, draws: list[Draw], lowered: Lowered, graph: RandomGraph) -> Any:
    """The random value of a whole variable, from the statements that each give a part."""
    value = lowered.bindings[variable].value if variable in lowered.bindings else None
    if not isinstance(value, Value):
        return None
    total = int(np.prod(value.shape, dtype=np.int64))
    covered = np.zeros(total, dtype=np.int64)
    pieces = []
    for draw in draws:
        elements = np.arange(total).reshape(value.shape) if draw.elements is None else draw.elements
        lanes = draw.frame.axes
        elements = (
            np.broadcast_to(elements, (*lanes, *elements.shape[len(lanes) :]))
            if draw.elements is not None
            else elements
        )
        np.add.at(covered, elements.ravel(), 1)
        random = _random_variable(draw, variable, lowered, graph)
        if random is None:
            return None
        pieces.append((draw, elements, random))
    if (covered > 1).any():
        graph.obstacles.append(Obstacle(draws[-1].statement.span, f"`{variable.name}` is given a distribution twice"))
        return None
    if (covered == 0).any() and variable.role is ir.Role.PARAMETER:
        graph.obstacles.append(Obstacle(draws[-1].statement.span, f"parts of `{variable.name}` have no distribution"))
        return None
    _, elements, random = pieces[0]
    if len(pieces) == 1 and np.array_equal(elements.ravel(), np.arange(total)):
        whole = random if tuple(random.type.shape) == value.shape else random.reshape(value.shape)
    else:
        uncovered = (covered == 0).any()  # data may be left alone in part
        flat = lowered.table.tensor(value).reshape((total,)) if uncovered else pt.zeros((total,), pieces[0][2].dtype)
        for _, elements, random in pieces:
            flat = pt.set_subtensor(flat[lowered.table.input(elements.ravel())], random.reshape((elements.size,)))
        whole = flat.reshape(value.shape)
    whole.name = variable.name
    return whole


def _random_variable(draw: Draw, variable: ir.Variable, lowered: Lowered, graph: RandomGraph) -> Any:
    """The RandomVariable of one `~` statement: lanes, then the vectorised axis, then the outcome's own axes."""
    from pytensor.tensor.random.variable import shared_rng

    distribution = registry.distributions()[draw.statement.distribution]
    if distribution.draw is None:
        graph.obstacles.append(Obstacle(draw.statement.span, f"`{distribution.name}` has no random number generator"))
        return None
    scope = Scope(lowered.table)
    values = [draw.outcome, *draw.arguments]
    lifted = [expressions.lifted(v, draw.frame, scope) for v in values if isinstance(v, Value)]
    types = [draw.statement.outcome.type, *(a.type for a in draw.statement.arguments)]
    lanes = len(draw.frame.axes)
    arguments = align(distribution, [lowered.table.tensor(v) for v in lifted], types, lanes)
    outcome, *parameters = arguments
    core = distribution.outcome.core
    shape = tuple(outcome.type.shape)
    size = (*draw.frame.axes, *shape[lanes : len(shape) - core])
    core_shape = shape[len(shape) - core :] if core else ()
    if why := unreachable(draw, variable, lowered):
        graph.obstacles.append(Obstacle(draw.statement.span, why))
    bounds = bounds_of(draw, variable, lowered, scope, len(size))
    before, after = _needed(distribution, outcome, core_shape)
    supports = [p.support for p in parameters_of(distribution)[1:]]
    if not supports and not bounds:  # PyTensor vectorises compiled draws over at least one input
        bounds = [pt.constant(-np.inf), pt.constant(np.inf)]
    letters = iter("abcdefghijklmnopqrstuvwxyz")
    own = [f"({','.join(next(letters) for _ in range(s.core))})" for s in supports]
    inputs = ["()"] * len(before) + own + ["()"] * (len(after) + len(bounds))
    output = f"({','.join(f'o{k}' for k in range(core))})"
    op = LibraryRV(
        distribution,
        f"{','.join(inputs)}->{output}",
        "int64" if distribution.discrete else "float64",
        core_shape,
        truncated=bool(bounds),
    )
    generator = shared_rng(seed=len(graph.generators))
    graph.generators.append(generator)
    return op.make_node(generator, size, *before, *parameters, *after, *bounds).outputs[1]


def _needed(distribution: Distribution, outcome: Any, core_shape: tuple[int, ...]) -> tuple[list[Any], list[Any]]:
    """What `draw` takes before and after the parameters where those do not tell how large an outcome is."""
    if distribution.draw_needs == "size":
        return [pt.constant(core_shape[0], dtype="int64")], []
    if distribution.draw_needs == "total":
        return [], [outcome.sum(axis=-1)]
    return [], []


# All together -----------------------------------------------------------------------------------


def _generate(lowered: Lowered, graph: RandomGraph) -> None:
    """Replace parameters by their random variables, those they depend on first."""
    bound = {declare.variable: lowered.bindings[declare.variable].value for declare in lowered.program.parameters}
    values = {variable: lowered.table.tensor(value) for variable, value in bound.items() if isinstance(value, Value)}
    spans = {draw.variable: draw.statement.span for draw in lowered.draws}
    done: dict[ir.Variable, Any] = {}
    active: list[ir.Variable] = []

    def generated(variable: ir.Variable) -> Any:
        if variable in done:
            return done[variable]
        if variable in active:
            text = f"`{variable.name}` depends on itself, so it cannot be drawn as a whole"
            graph.obstacles.append(Obstacle(spans[variable], text))
            raise _Circular
        active.append(variable)
        done[variable] = substituted(graph.conditional[variable.name])
        active.pop()
        return done[variable]

    def substituted(random: Any) -> Any:
        found = set(ancestors([random]))
        needed: dict[Variable, Variable] = {value: generated(v) for v, value in values.items() if value in found}
        return clone_replace([random], needed)[0] if needed else random

    try:
        for variable in values:
            graph.generative[variable.name] = generated(variable)
        for name, random in graph.conditional.items():
            if name not in graph.generative:
                graph.generative[name] = substituted(random)
    except _Circular:
        graph.generative.clear()


class _Circular(Exception):
    pass
