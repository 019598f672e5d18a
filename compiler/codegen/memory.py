"""Memory for variables. What a variable had before serves again where the sizes are the same, as they are in loops."""

from __future__ import annotations

from collections.abc import Sequence

from .context import Context
from .elementwise import FILL
from .values import Leaf


def allocate(leaf: Leaf, sizes: Sequence[str], unset: str, context: Context, again: bool = False) -> None:
    """The variable as it is before its first assignment; if `again`, in the memory that it has from before."""
    if not leaf.rank:
        context.out.write(f"{leaf} = {unset}")
    elif again:
        refill(leaf, sizes, unset, context)
    else:
        context.out.write(f"{leaf} = np.full(({', '.join(sizes)},), {unset}, {leaf.slot.dtype})")


def give_room(leaf: Leaf, sizes: Sequence[str], context: Context) -> None:
    """Memory of these sizes, with whatever stands in it, for a variable that had some before."""
    if leaf.name in context.steady:
        return
    room = context.unit.define(("room", leaf.rank), f"room_{leaf.rank}", lambda name: _room(name, leaf.rank))
    context.out.write(f"{leaf} = {room}({leaf}, {', '.join(sizes)})")


def refill(leaf: Leaf, sizes: Sequence[str], number: str, context: Context) -> None:
    """The same, filled with a number."""
    give_room(leaf, sizes, context)
    context.out.write(FILL.call(context.unit, leaf.rank, str(leaf), number))


def _room(name: str, rank: int) -> str:
    """The function that gives an array of so many axes, or a new one if it has other sizes."""
    sizes = [f"n{axis}" for axis in range(rank)]
    same = " and ".join(f"array.shape[{axis}] == {size}" for axis, size in enumerate(sizes))
    new = f"np.empty(({', '.join(sizes)},), array.dtype)"
    return f"@compiled\ndef {name}(array, {', '.join(sizes)}):\n    return array if {same} else {new}"
