"""Adjoints in generated code: where they are kept and how they grow.

The adjoint of the variable or temporary `x` is the Python variable `x_b`. Those of variables exist for the
whole sweep; those of temporaries come into being with their first contribution.
"""

from __future__ import annotations

from collections.abc import Callable

from .context import Context
from .values import Leaf


def adjoint_name(leaf: Leaf) -> str:
    return f"{leaf.name}_b"


def add_to(leaf: Leaf, where: str = "", scattered: int | None = None) -> Callable[[Context, str], None]:
    """A pull that adds the adjoint to `leaf[where]`; `scattered` is an axis whose positions may repeat."""

    def pull(context: Context, adjoint: str) -> None:
        accumulate(context, leaf, adjoint, where, scattered)

    return pull


def accumulate(context: Context, leaf: Leaf, adjoint: str, where: str = "", scattered: int | None = None) -> None:
    """Write the lines that add `adjoint` to the adjoint of `leaf` (of its part `where`)."""
    if leaf.name is None or not context.is_active(leaf):
        return
    name = adjoint_name(leaf)
    if leaf.name.startswith("_") and name not in context.begun:
        context.begun.add(name)
        if not where:
            context.out.write(f"{name} = {adjoint}")
            return
        context.out.write(f"{name} = np.zeros({leaf}.shape, {leaf.slot.dtype})")
    if scattered is not None:
        item = context.temporary()
        head, indices = where[1:-1].rsplit(", ", 1) if scattered else ("", where[1:-1])
        prefix = f"{head}, " if head else ""
        base = indices.removesuffix(" - 1")
        with context.out.block(f"for {item} in range({base}.size):"):
            source = f"{adjoint}[{prefix}{item}]"
            context.out.write(f"{name}[{prefix}{base}[{item}] - 1] += {source}")
    elif where:
        context.out.write(f"{name}{where} += {adjoint}")
    elif leaf.name.startswith("_") and leaf.rank:
        context.out.write(f"{name} = {name} + {adjoint}")  # the first contribution may be somebody else's array
    else:
        context.out.write(f"{name} += {adjoint}")
