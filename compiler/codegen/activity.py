"""What a reverse sweep has to know of statements: which variables they write, and which depend on parameters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from .. import ir
from ..walk import dependent, nodes
from .sums import reads_target
from .values import flatten, slots


def counters(body: Sequence[ir.Statement]) -> set[ir.Variable]:
    """The variables of counting loops, which no statement assigns."""
    return {node.variable for node in nodes(body) if isinstance(node, ir.For)}


def is_continuous(variable: ir.Variable) -> bool:
    """Whether the variable holds reals or complex numbers anywhere."""
    return any(slot.kind in "fc" for slot in flatten(slots(variable.type)))


def active_variables(body: Sequence[ir.Statement], given: Iterable[ir.Variable]) -> set[ir.Variable]:
    """The variables that depend on those `given`, which are active themselves, or on the target."""
    flows = [(target, source) for target, source in _flows(body) if is_continuous(target)]
    by_target = {target for target, source in flows if reads_target(source)} if reads_target(body) else set()
    return dependent({*given, *by_target}, flows)


def _flows(body: Sequence[ir.Statement]) -> Iterator[tuple[ir.Variable, ir.Expression]]:
    """Pairs of a variable and an expression whose value reaches it."""
    for node in nodes(body):
        match node:
            case ir.Declare(variable, _, initial) if initial is not None:
                yield variable, initial
            case ir.Assign(place, value):
                yield place.variable, value
            case ir.Unpack(places, value):
                for place in flatten(*places):
                    yield place.variable, value
            case ir.ForEach(variable, container):
                yield variable, container
            case _:
                pass
