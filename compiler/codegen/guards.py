"""Declared constraints of variables that a block computes, checked once it has run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pplc.grammar.diagnostics import Diagnostic, Mark
from pplc.grammar.source import Span

from .. import ir
from .messages import Messages
from .values import Slot, flatten, slot, slots

OTHER_SIZE = "`{name}` has size {0}, but its constraint is given for size {1}"


@dataclass(frozen=True, slots=True)
class Guard:
    """A constraint on one leaf of an output: where its value and its arguments are among the results."""

    variable: str
    declared: Span
    transform: str
    leaf: int
    arguments: tuple[int, ...]
    slots: tuple[Slot, ...]  # of the arguments


def declared(
    declarations: Mapping[ir.Variable, ir.Declare], outputs: Sequence[ir.Variable]
) -> Iterator[tuple[Guard, tuple[ir.Expression, ...]]]:
    """The constraints of a block's outputs with their arguments, whose values the block returns after the outputs."""
    leaf = 0
    position = sum(len(list(flatten(slots(variable.type)))) for variable in outputs)
    for variable in outputs:
        of_leaves = list(constraints(declarations[variable].sized)) if variable in declarations else []
        for number, constraint in enumerate(of_leaves):
            if constraint is not None and constraint.name != "offset_multiplier":
                kinds = tuple(slot(argument.type) for argument in constraint.arguments)
                numbers = tuple(range(position, position + len(kinds)))
                position += len(kinds)
                guard = Guard(variable.name, variable.span, constraint.name, leaf + number, numbers, kinds)
                yield guard, constraint.arguments
        leaf += len(list(flatten(slots(variable.type))))


def constraints(sized: ir.SizedType) -> Iterator[ir.Constraint | None]:
    """The constraint of each leaf of a declared type."""
    if isinstance(sized, ir.Sized):
        yield sized.constraint
    else:
        for element in sized.elements:
            yield from constraints(element)


class Violation(NamedTuple):
    """A value outside its constraint, and the mistake that this is."""

    problem: Diagnostic
    value: NDArray[Any]


def violation(guards: Sequence[Guard], results: Sequence[Any]) -> Violation | None:
    """The first output that violates its declared constraint; None if there is none."""
    from ..library.registry import transforms

    for guard in guards:
        value, transform = np.asarray(results[guard.leaf]), transforms()[guard.transform]
        problem = transform.lack(value.shape)
        if problem is None and value.size:
            problem = transform.problem(value, *(results[number] for number in guard.arguments))
        if problem is not None:
            title = f"`{guard.variable}` does not satisfy its constraint: {problem}"
            return Violation(Diagnostic("constraint-violated", title, Mark(guard.declared, "declared here")), value)
    return None


def check_draws(
    guards: Sequence[Guard], results: Sequence[Any], failed: NDArray[np.bool_], first: Diagnostic | None,
    messages: Messages,
) -> Diagnostic | None:  # fmt: skip
    """Mark the draws that violate a constraint as failed. Returns `first`, or if that is None the first of these."""
    if guards:
        for draw in np.flatnonzero(~failed):
            if (violated := violation(guards, [result[draw] for result in results])) is not None:
                failed[draw] = True
                first = first or messages.traced(violated.problem, [violated.value], None)
    return first
