"""Complex numbers as the graph and numerical methods hold them: reals with one more axis for their two parts."""

from __future__ import annotations

from .adjoints import accumulate
from .context import Context
from .elementwise import COMBINE
from .unit import Unit
from .values import Leaf, Slot


def parts_slot(slot: Slot) -> Slot:
    """The slot of a leaf in this form; that of reals and integers is the same."""
    return Slot("f", slot.rank + 1) if slot.kind == "c" else slot


def to_parts(text: str, slot: Slot) -> str:
    """The text of a leaf in this form."""
    if slot.kind != "c":
        return text
    return f"to_parts({text})" if slot.rank else f"np.array([({text}).real, ({text}).imag], np.float64)"


def from_parts(text: str, slot: Slot, unit: Unit) -> str:
    """The text of the leaf of this slot, given that of its parts."""
    if slot.kind != "c":
        return text
    return combined(f"{text}[..., 0]", f"{text}[..., 1]", slot.rank, unit)


def combined(real: str, imaginary: str, rank: int, unit: Unit) -> str:
    """The text of complex numbers, given those of their parts."""
    if not rank:
        return f"complex({real}, {imaginary})"
    return COMBINE.call(unit, rank, real, imaginary)


def leaf_in_parts(leaf: Leaf, context: Context) -> Leaf:
    """A leaf in this form, whose adjoint returns to the leaf."""
    if leaf.kind != "c":
        return leaf

    def pull(context: Context, adjoint: str) -> None:
        accumulate(context, leaf, from_parts(adjoint, leaf.slot, context.unit))

    return context.result(to_parts(leaf.text, leaf.slot), parts_slot(leaf.slot), pull, sources=(leaf,))
