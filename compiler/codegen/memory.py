"""Memory for variables. What a variable had before serves again where the sizes are the same, as they are in loops."""

from __future__ import annotations

from collections.abc import Sequence

from .context import Context
from .values import Leaf

MOST_AXES = 4  # of arrays that the functions of `support` are written for one by one


def of_rank(function: str, rank: int) -> str:
    """The name of a function of `support` for arrays of so many axes."""
    return f"{function}{rank if rank <= MOST_AXES else '_deep'}"


def allocate(leaf: Leaf, sizes: Sequence[str], context: Context, again: bool = False) -> None:
    """The variable as it is before its first assignment; if `again`, in the memory that it has from before."""
    if not leaf.rank:
        context.out.write(f"{leaf} = {leaf.slot.unset}")
    elif again:
        refill(leaf, sizes, leaf.slot.unset, context)
    else:
        context.out.write(f"{leaf} = np.full(({', '.join(sizes)},), {leaf.slot.unset}, {leaf.slot.dtype})")


def give_room(leaf: Leaf, sizes: Sequence[str], context: Context) -> None:
    """Memory of these sizes, with whatever stands in it, for a variable that had some before."""
    if leaf.rank <= MOST_AXES:
        context.out.write(f"{leaf} = {of_rank('room', leaf.rank)}({leaf}, {', '.join(sizes)})")
    else:
        context.out.write(f"{leaf} = np.empty(({', '.join(sizes)},), {leaf.slot.dtype})")


def refill(leaf: Leaf, sizes: Sequence[str], number: str, context: Context) -> None:
    """The same, filled with a number."""
    give_room(leaf, sizes, context)
    context.out.write(f"{of_rank('fill', leaf.rank)}({leaf}, {number})")
