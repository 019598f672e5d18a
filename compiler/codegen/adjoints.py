"""Adjoints in generated code: where they are kept and how they grow.

The adjoint of the variable or temporary `x` is the Python variable `x_b`. Those of variables exist for the
whole sweep; those of temporaries come into being with their first contribution.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from .context import Context, Step
from .elementwise import add
from .values import Leaf


def adjoint_name(leaf: Leaf) -> str:
    return f"{leaf.name}_b"


def add_to(leaf: Leaf, where: str = "", rank: int = 0, scattered: int | None = None) -> Callable[[Context, str], None]:
    """A pull that adds the adjoint, of this rank, to `leaf[where]`; along the axis `scattered` positions may repeat."""

    def pull(context: Context, adjoint: str) -> None:
        if scattered is None:
            accumulate(context, leaf, adjoint, where, rank)
        else:
            _scatter(context, leaf, adjoint, where, rank, scattered)

    return pull


def accumulate(context: Context, leaf: Leaf, adjoint: str, where: str = "", rank: int | None = None) -> None:
    """Write the lines that add `adjoint` to the adjoint of `leaf`, or of its part `where`, which has `rank` axes."""
    if leaf.name is None or not context.is_active(leaf):
        return
    name = adjoint_name(leaf)
    rank = leaf.rank if rank is None else rank
    if _begins(context, leaf):
        if not where:
            context.out.write(f"{name} = {adjoint}")
            return
        context.out.write(f"{name} = np.zeros({leaf}.shape, {leaf.slot.dtype})")
    if leaf.name.startswith("_") and leaf.rank and not where:
        context.out.write(f"{name} = {name} + {adjoint}")  # the first contribution may be somebody else's array
    else:
        context.out.write(add(context.unit, rank, f"{name}{where}", adjoint))


def begin(context: Context, leaf: Leaf) -> None:
    """Let the adjoint be zero if nothing has been added to it: what comes next may not be run."""
    if leaf.name is not None and context.is_active(leaf) and _begins(context, leaf):
        zero = f"np.zeros({leaf}.shape, {leaf.slot.dtype})" if leaf.rank else "0.0"
        context.out.write(f"{adjoint_name(leaf)} = {zero}")


def _begins(context: Context, leaf: Leaf) -> bool:
    """Whether this is the first contribution to the adjoint of a temporary."""
    name = adjoint_name(leaf)
    begins = (leaf.name or "").startswith("_") and name not in context.begun
    context.begun.add(name)
    return begins


def _scatter(context: Context, leaf: Leaf, adjoint: str, where: str, rank: int, axis: int) -> None:
    """Add along an axis position by position: where an index repeats, the contributions add up."""
    if leaf.name is None or not context.is_active(leaf):
        return
    name, item = adjoint_name(leaf), context.temporary()
    if _begins(context, leaf):
        context.out.write(f"{name} = np.zeros({leaf}.shape, {leaf.slot.dtype})")
    whole = ":, " * axis
    indices = where[1:-1].removeprefix(whole).removesuffix(" - 1")
    with context.out.block(f"for {item} in range({indices}.size):"):
        target, source = f"{name}[{whole}{indices}[{item}] - 1]", f"{adjoint}[{whole}{item}]"
        context.out.write(add(context.unit, rank - 1, target, source))


# Through recorded operations ------------------------------------------------------------------


def pull_steps(steps: Iterable[Step], context: Context) -> None:
    """Pass adjoints back through recorded operations, last first."""
    for step in reversed(list(steps)):
        names = [adjoint_name(result) for result in step.results]
        if not names or any(name in context.begun for name in names):
            step.pull(context, names[0] if names else "")


def pull_branches(branches: Sequence[tuple[str, Sequence[Step], Sequence[Leaf]]], results: Sequence[Leaf]) -> Callable[
    [Context, str], None
]:  # fmt: skip
    """The pull of a conditional: of the branch that was evaluated."""

    def pull(context: Context, _: str) -> None:
        before = set(context.begun)
        for head, steps, ends in branches:
            with context.out.block(head):
                for result, end in zip(results, ends, strict=True):
                    if adjoint_name(result) in before:
                        accumulate(context, end, adjoint_name(result))
                pull_steps(steps, context)
            context.begun = set(before)

    return pull
