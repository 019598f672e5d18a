"""Declarations and assignments: memory for variables, and writing to a variable or a part of it.

A variable owns its array, and keeps it: values are copied in. A variable without one, or of another size, is handed
the array of its value when that is new and nobody else holds it.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack

from .. import ir
from . import memory, tape
from .context import Context
from .elementwise import copy
from .expressions import evaluate, stored
from .indexing import At, Axis, Gather, Range, kept, resolve, subscript
from .messages import Site
from .values import Leaf, Slot, Slots, Value, contiguous, flatten, only, part, slots, view_of
from .watching import without_value

type Sizes = tuple[str, ...]


def declare_name(variable: ir.Variable, context: Context) -> Value:
    """Give the leaves of a variable their names."""
    name = context.name(variable.name)

    def named(shape: Slots, name: str) -> Value:
        if isinstance(shape, tuple):
            return tuple(named(inner, context.name(f"{name}_{number}")) for number, inner in enumerate(shape, 1))
        return Leaf(name, shape, name=name)

    value = named(slots(variable.type), name)
    context.variables[variable] = value
    return value


def sizes_of(sized: ir.SizedType, name: str, context: Context, outer: Sizes = ()) -> list[Sizes]:
    """The sizes of each leaf, evaluated once and checked not to be negative."""
    sizes = outer + tuple(_size(size, name, context) for size in sized.array_sizes)
    match sized:
        case ir.Sized():
            return [sizes + tuple(_size(size, name, context) for size in sized.inner_sizes)]
        case ir.SizedTuple():
            return [found for element in sized.elements for found in sizes_of(element, name, context, sizes)]


def _size(size: ir.Expression, name: str, context: Context) -> str:
    leaf = context.bind(only(stored(evaluate(size, context))))
    if not leaf.text.isdigit():
        site = Site("negative-size", f"`{name}` is declared with size {{0}}", size.span)
        context.fail_if(f"{leaf} < 0", site, leaf.text)
    return leaf.text


def declare(statement: ir.Declare, context: Context, again: bool = False) -> None:
    """A declaration: memory, and the initial value if there is one. `again`: the variable has memory from before."""
    variable = statement.variable
    if variable not in context.variables:
        declare_name(variable, context)
    leaves = list(flatten(context.variables[variable]))
    sizes = sizes_of(statement.sized, variable.name, context)
    if statement.initial is None:
        for leaf, size in zip(leaves, sizes, strict=True):
            memory.allocate(leaf, size, without_value(variable, leaf.slot, context), context, again)
        return
    initial = stored(evaluate(statement.initial, context))
    values = [context.bind(value) if value.rank else value for value in flatten(initial)]
    for leaf, size, value in zip(leaves, sizes, values, strict=True):
        check_sizes(value, size, f"`{variable.name}`", statement.initial, context)
        if again and leaf.rank:
            memory.give_room(leaf, size, context)
            _copy(leaf, "", value, context)
        else:
            take_over(leaf, value, context)


def check_sizes(value: Leaf, sizes: Sequence[str], name: str, at: ir.Expression, context: Context) -> None:
    """End the function where the value does not have the sizes of the place it goes to."""
    for axis, size in enumerate(sizes):
        if value.size(axis) != size:
            title = f"{name} has size {{0}}{_axis(axis, len(sizes))}, the value assigned to it {{1}}"
            condition = f"{value.size(axis)} != {size}"
            site = Site("size-mismatch", title, at.span)
            context.fail_if(condition, site, size, value.size(axis), of_size=True)


def _axis(axis: int, count: int) -> str:
    return f" along dimension {axis + 1}" if count > 1 else ""


def take_over(leaf: Leaf, value: Leaf, context: Context) -> None:
    """`leaf` becomes the value: its array if nobody else has it, else a copy."""
    if not leaf.rank:
        context.out.write(f"{leaf} = {value}")
    elif value.fresh:
        context.out.write(f"{leaf} = {contiguous(value)}")
    else:
        context.out.write(f"{leaf} = {value}.copy()")


# Assignment -------------------------------------------------------------------------------------


def locate(place: ir.Place, context: Context) -> list[tuple[Leaf, list[Axis]]]:
    """The leaves that an assignment writes and where in them, index lists evaluated and checked."""
    value: Value = context.variables[place.variable]
    axes: list[Axis] = []
    for step in place.path:
        if isinstance(step, int):
            value = part(value, step - 1)
        else:
            first = next(flatten(value))
            indexed = len(step) + len([axis for axis in axes if isinstance(axis, At)])
            axes = resolve(first, step, place.variable.name, context, evaluate, axes)
            axes = axes[: max(indexed, len(axes) if isinstance(value, Leaf) else indexed)]
    return [(leaf, axes[: leaf.rank] + [Range()] * (leaf.rank - len(axes))) for leaf in flatten(value)]


def assign(statement: ir.Assign, context: Context) -> None:
    """`place = value`: the value first, then the indices, then the write."""
    value = stored(evaluate(statement.value, context))
    values: list[Leaf] = list(flatten(value))
    if len(values) > 1:  # t = (t.2, sin(t.1))
        values = [_held(leaf, context) for leaf in values]
    else:
        values = [context.bind(leaf) if leaf.rank else leaf for leaf in values]
    targets = locate(statement.place, context)
    for (leaf, axes), one in zip(targets, values, strict=True):
        write(leaf, axes, one, statement, context)


def _held(value: Leaf, context: Context) -> Leaf:
    """The value as it is now, whatever is written later."""
    return _copied(context.bind(value), context) if value.rank or value.name else context.bind(value)


def _copied(value: Leaf, context: Context) -> Leaf:
    if value.fresh or not value.name:
        return value
    name = context.temporary()
    context.out.write(f"{name} = {value}.copy()" if value.rank else f"{name} = {value}")
    return Leaf(name, value.slot, fresh=value.rank > 0, name=name)


def write(leaf: Leaf, axes: Sequence[Axis], value: Leaf, at: ir.Assign | ir.Unpack, context: Context) -> None:
    """Write a value to a part of a variable, whose extents it must have."""
    name = f"`{at.place.variable.name}`" if isinstance(at, ir.Assign) else "the variable"
    remaining = kept(axes)
    if isinstance(at, ir.Assign) and at.place.variable in context.unsized:
        if context.taping:
            tape.keep_whole(leaf, context)
        take_over(leaf, value, context)
        return
    if leaf.rank:
        check_sizes(value, extents(leaf, axes), name, at.value, context)
    if context.taping and context.looks_back(leaf) and not any(isinstance(axis, Gather) for axis in axes):
        tape.keep(leaf, f"{leaf}{subscript(axes)}", Slot(leaf.kind, len(remaining)), context)
    if all(isinstance(axis, Range) and axis.is_all for axis in axes):
        _copy(leaf, "", value, context)
    elif not any(isinstance(axis, Gather) for axis in axes):
        _copy(leaf, subscript(axes), value, context)
    else:
        _scatter(leaf, axes, value, context)


def _copy(leaf: Leaf, where: str, value: Leaf, context: Context) -> None:
    if value.rank and view_of(value) == leaf.name and not value.fresh:  # reads what is being written
        value = _copied(value, context)
    context.out.write(copy(context.unit, value.rank, f"{leaf}{where}", str(value)))


def extents(leaf: Leaf, axes: Sequence[Axis]) -> list[str]:
    """The number of positions that each axis of the result selects."""
    return [_extent(axis, leaf.size(number)) for number, axis in enumerate(axes) if not isinstance(axis, At)]


def _extent(axis: Range | Gather, size: str) -> str:
    if isinstance(axis, Gather):
        return f"{axis.indices}.size"
    return size if axis.is_all else f"max({axis.stop or size} - {axis.start or 0}, 0)"


def _scatter(leaf: Leaf, axes: Sequence[Axis], value: Leaf, context: Context) -> None:
    """Loops over the gathered axes, in order: where an index repeats the last value stays."""
    remaining = kept(axes)
    if view_of(value) == leaf.name and not value.fresh:
        value = _copied(value, context)
    items = {}
    with ExitStack() as loops:
        for number, axis in enumerate(remaining):
            if isinstance(axis, Gather):
                items[number] = context.temporary()
                loops.enter_context(context.out.block(f"for {items[number]} in range({axis.indices}.size):"))
            source = ", ".join(items.get(number, ":") for number in range(len(remaining)))
        targets = iter(items.values())
        exact = [At(f"{axis.indices}[{next(targets)}] - 1") if isinstance(axis, Gather) else axis for axis in axes]
        part = f"{leaf}{subscript(exact)}"
        rank = len(kept(exact))
        if context.taping and context.looks_back(leaf):
            tape.keep(leaf, part, Slot(leaf.kind, rank), context)
        context.out.write(copy(context.unit, rank, part, f"{value}[{source}]"))


def unpack(statement: ir.Unpack, context: Context) -> None:
    """`(a, (b, c)) = value`: all of the value is held before anything is written."""
    value = stored(evaluate(statement.value, context))
    values = [_held(leaf, context) for leaf in flatten(value)]
    targets = [target for place in flatten(*statement.places) for target in locate(place, context)]
    for (leaf, axes), one in zip(targets, values, strict=True):
        write(leaf, axes, one, statement, context)
