"""What stands around the two passes of a function: its variables before them, their adjoints in between."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from ... import ir
from ...walk import declared, written
from .. import activity, places, tape
from ..adjoints import adjoint_name
from ..context import Context
from ..values import flatten
from ..written_once import written_once
from .steady import steady_sizes


def prepare(body: Sequence[ir.Statement], given: Iterable[ir.Variable], context: Context) -> None:
    """Tell the context which variables are active, and name and define those that the body writes."""
    active = activity.active_variables(body, given)
    context.active_variables = active
    context.assigned = written(tuple(body))
    context.fresh_writes = written_once(body)
    context.taping = True
    own = declared(tuple(body))
    counters = activity.counters(body)
    steady = steady_sizes(body, context)
    for variable in sorted(context.assigned, key=lambda variable: variable.span.start):
        if variable in counters or variable in context.variables:
            continue
        if variable not in own:
            context.unsized.add(variable)
        for leaf in flatten(places.declare_name(variable, context)):
            if variable not in own and leaf.name:
                context.resized.add(leaf.name)
            if variable in steady and leaf.name:
                context.steady.add(leaf.name)
                context.out.write(f"{leaf} = np.zeros(({', '.join(steady[variable])},), {leaf.slot.dtype})")
            else:
                context.out.write(f"{leaf} = {leaf.slot.empty if leaf.rank else leaf.slot.unset}")
    context.active = frozenset(
        leaf.name for variable in active if variable in context.variables
        for leaf in flatten(context.variables[variable]) if leaf.kind in "fc" and leaf.name
    )  # fmt: skip
    tape.start(context)


def looking_back[T](generate: Callable[[frozenset[str]], tuple[T, frozenset[str]]]) -> T:
    """A sweep that keeps the values of those variables only that it looks at.

    `generate` takes their names and gives the sweep with the names it mentions; what it mentions depends on what
    it restores, so it is generated until nothing is missing.
    """
    looked_at: frozenset[str] = frozenset()
    while True:
        result, mentioned = generate(looked_at)
        if mentioned <= looked_at:
            return result
        looked_at |= mentioned


def values_mentioned(lines: Iterable[str], context: Context) -> frozenset[str]:
    """The variables that the function assigns and whose values (not only sizes) the lines of its sweep mention."""
    names = {leaf.name for variable in context.assigned for leaf in flatten(context.variables[variable])}
    return frozenset(name for line in lines for name in re.findall(r"\b[A-Za-z]\w*\b(?!\.shape|\.size)", line)
                     if name in names)  # fmt: skip


def start_adjoints(context: Context, seeded: set[str]) -> None:
    """Zero adjoints for the active variables that do not have one yet."""
    for value in context.variables.values():
        for leaf in flatten(value):
            if leaf.name in (context.active or ()) and leaf.name not in seeded:
                zero = f"np.zeros({leaf}.shape, {leaf.slot.dtype})" if leaf.rank else leaf.slot.zero
                context.out.write(f"{adjoint_name(leaf)} = {zero}")
