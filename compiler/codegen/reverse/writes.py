"""Assignments and declarations backwards: the adjoint of what was written is taken, and the old value put back."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack

from ... import ir
from ...walk import mentioned
from .. import memory, places, sums, tape
from ..adjoints import adjoint_name
from ..context import Context
from ..elementwise import DRAIN, copy
from ..indexing import At, Axis, Gather, kept, subscript
from ..values import Leaf, Slot, flatten
from .lines import pull, reverse_lines


def assign(node: ir.Assign, context: Context) -> list[str]:
    variable = node.place.variable
    if variable not in context.variables:
        places.declare_name(variable, context)
    before, context.taping = context.taping, context.taping and id(node) not in context.fresh_writes
    keeps = context.taping
    places.assign(node, context)
    context.taping = before

    def back() -> None:
        targets = places.locate(node.place, context)
        adjoints = [_undo(leaf, axes, keeps, context) for leaf, axes in reversed(targets)][::-1]
        if _is_active(node.value, context):
            pull(node.value, adjoints, context)

    assert not any(variable in mentioned(part) for part in node.place.path), "no place is named by what it holds"
    return reverse_lines(context, back)


def unpack(node: ir.Unpack, context: Context) -> list[str]:
    for place in flatten(*node.places):
        if place.variable not in context.variables:
            places.declare_name(place.variable, context)
    places.unpack(node, context)

    def back() -> None:
        located = [target for place in flatten(*node.places) for target in places.locate(place, context)]
        adjoints = [_undo(leaf, axes, True, context) for leaf, axes in reversed(located)][::-1]
        if _is_active(node.value, context):
            pull(node.value, adjoints, context)

    return reverse_lines(context, back)


def _undo(leaf: Leaf, axes: Sequence[Axis], kept_old: bool, context: Context) -> str:
    """Take the adjoint of what was written (which becomes zero) and put the old value back; the adjoint's name."""
    remaining = kept(axes)
    adjoint = context.temporary()
    active = context.is_active(leaf)
    name = adjoint_name(leaf)
    where = subscript(axes)
    if any(isinstance(axis, Gather) for axis in axes):
        _undo_scattered(leaf, axes, adjoint, kept_old, context)
        return adjoint
    if leaf.name in context.resized and leaf.rank:
        return _undo_resized(leaf, kept_old, context)
    if not active:
        adjoint = "0.0"
    elif remaining:
        context.out.write(f"{adjoint} = {DRAIN.call(context.unit, len(remaining), f'{name}{where}')}")
    else:
        context.out.write(f"{adjoint} = {name}{where}")
        context.out.write(f"{name}{where} = {leaf.slot.zero}")
    if kept_old and context.looks_back(leaf):
        if remaining and where:
            view = context.temporary()
            context.out.write(f"{view} = {leaf}{where}")
            tape.take_back(view, Slot(leaf.kind, len(remaining)), context)
        else:
            tape.take_back(f"{leaf}{where}", Slot(leaf.kind, len(remaining)), context)
    return adjoint


def _undo_resized(leaf: Leaf, kept_old: bool, context: Context) -> str:
    """As `_undo`, for a variable whose size the assignment changed."""
    adjoint, name = context.temporary(), adjoint_name(leaf)
    if context.is_active(leaf):
        context.out.write(f"{adjoint} = {name}")
    if kept_old:
        tape.take_back_whole(leaf, context)
    if context.is_active(leaf):
        context.out.write(f"{name} = np.zeros({leaf}.shape, {leaf.slot.dtype})")
    return adjoint


def _undo_scattered(leaf: Leaf, axes: Sequence[Axis], adjoint: str, kept_old: bool, context: Context) -> None:
    """As `_undo`, one gathered position at a time, last first: an index that repeats was overwritten."""
    remaining = kept(axes)
    active = context.is_active(leaf)
    if active:
        sizes = ", ".join(places.extents(leaf, axes))
        context.out.write(f"{adjoint} = np.empty(({sizes},), {leaf.slot.dtype})")
    items = {number: context.temporary() for number, axis in enumerate(remaining) if isinstance(axis, Gather)}
    with ExitStack() as loops:
        for number, item in items.items():
            size = places.extents(leaf, axes)[number]
            loops.enter_context(context.out.block(f"for {item} in range({size} - 1, -1, -1):"))
        targets = iter(items.values())
        exact = [At(f"{axis.indices}[{next(targets)}] - 1") if isinstance(axis, Gather) else axis for axis in axes]
        source = ", ".join(items.get(number, ":") for number in range(len(remaining)))
        one = _undo(leaf, exact, kept_old, context)
        if active:
            context.out.write(copy(context.unit, len(kept(exact)), f"{adjoint}[{source}]", one))


def declare(node: ir.Declare, context: Context) -> list[str]:
    variable = node.variable
    if variable not in context.variables:
        places.declare_name(variable, context)
    leaves = list(flatten(context.variables[variable]))
    again = context.depth > 0  # in a loop there is an earlier value, which the reverse sweep looks at again
    if again:
        for leaf in leaves:
            tape.keep_whole(leaf, context)
    before, context.taping = context.taping, False
    places.declare(node, context, again)
    context.taping = before

    def back() -> None:
        adjoints = []
        for leaf in leaves:
            adjoint = context.temporary()
            if context.is_active(leaf):
                context.out.write(f"{adjoint} = {adjoint_name(leaf)}{'.copy()' if again and leaf.rank else ''}")
            adjoints.append(adjoint)
        if again:
            for leaf in reversed(leaves):
                tape.take_back_whole(leaf, context)
        for leaf in leaves:
            if context.is_active(leaf):
                _clear_adjoint(leaf, again, context)
        if node.initial is not None and _is_active(node.initial, context):
            pull(node.initial, adjoints, context)

    return reverse_lines(context, back)


def _clear_adjoint(leaf: Leaf, again: bool, context: Context) -> None:
    """Zeros of a variable's size as its adjoint; if `again`, in the memory that it has."""
    name = adjoint_name(leaf)
    if again and leaf.rank:
        sizes = [leaf.size(axis) for axis in range(leaf.rank)]
        if leaf.name in context.steady:
            context.steady.add(name)
        memory.refill(Leaf(name, leaf.slot, name=name), sizes, leaf.slot.zero, context)
    else:
        context.out.write(f"{name} = {f'np.zeros({leaf}.shape, {leaf.slot.dtype})' if leaf.rank else leaf.slot.zero}")


def _is_active(expression: ir.Expression, context: Context) -> bool:
    if context.reads_target and sums.reads_target(expression):
        return True
    return bool(mentioned(expression) & context.active_variables)
