"""Checks of what library calls need of their arguments: sizes always, values where the result would not show it.

While the log density is computed, a result of nan says enough. Code whose failures are reported (`naming`) checks
everything, and writes the values that are outside to the message buffer.
"""

from __future__ import annotations

from pplc.grammar.source import Span

from .. import ir
from ..library.needs import Needed, NeededSizes, empty_axes, needed, shown_by_terms
from ..types import Type
from . import kernels
from .context import Context
from .messages import Outside, Site, notes
from .values import Leaf, Slot, contiguous, flatten, slots


def check_domain(call: ir.LibraryCall, leaves: list[Leaf], context: Context) -> tuple[list[Leaf], str]:
    """End the function where an argument is not what the call needs.

    Returns the arguments, and a condition: without it the call, a density, is zero, if that is not known from "".
    """
    if not context.checking:
        return leaves, ""
    types = tuple(argument.type for argument in call.arguments)
    groups = [len(list(flatten(slots(type)))) for type in types]
    if any(count != 1 for count in groups):  # tuples: no function of the library compares their parts
        return leaves, ""
    for needs in needed(call.name, types):
        if isinstance(needs, NeededSizes):
            leaves = _check_sizes(call, needs, leaves, context)
    checked = kernels.checked_needs(call.name, types, context.unit.naming)
    leaves, positive = _check_values(call, types, checked, leaves, context)
    shown = () if context.unit.naming else shown_by_terms(call.name, types)
    if shown:
        leaves = [context.bind(leaf) for leaf in leaves]
        sizes = [leaves[position].size(axis) for position, axis in empty_axes(call.name, types)]
        with context.out.block(f"if {' or '.join(f'{size} == 0' for size in sizes)}:"):
            _check_values(call, types, shown, leaves, context)
    return leaves, positive


def about_something(call: ir.LibraryCall, leaves: list[Leaf]) -> str:
    """A condition without which a density does not depend on its arguments, whatever they are; "" if there is none."""
    needs = needed(call.name, tuple(argument.type for argument in call.arguments))
    axes = next((found.unless_empty for found in needs if isinstance(found, Needed)), ())
    return " and ".join(f"{leaves[position].size(axis)} != 0" for position, axis in axes)


def _check_sizes(call: ir.LibraryCall, needs: NeededSizes, leaves: list[Leaf], context: Context) -> list[Leaf]:
    comparisons = needs.comparisons(*(leaves[position].rank for position in needs.positions))
    if not comparisons:
        return leaves
    leaves = [context.bind(leaf) if place in needs.positions else leaf for place, leaf in enumerate(leaves)]
    own, other = (leaves[position] for position in needs.positions)
    site = Site("size-mismatch", f"`{call.name}`: {needs.sizes.text}", call.arguments[needs.positions[0]].span)
    for compared in comparisons:
        size = own.size(compared.axis)
        if compared.other is None:
            unless = "" if compared.unless is None else f" and {other.size(compared.unless)} != 0"
            context.fail_if(f"{size} == 0{unless}", site, size)
        else:
            wanted = other.size(compared.other)
            context.fail_if(f"{size} != {wanted}", site, size, wanted)
    return leaves


def _check_values(
    call: ir.LibraryCall, types: tuple[Type, ...], numbers: tuple[int, ...], leaves: list[Leaf], context: Context
) -> tuple[list[Leaf], str]:
    """Check some of the call's needs, by number."""
    if not numbers:
        return leaves, ""
    kernel = kernels.validity_kernel(call.name, types, numbers)
    leaves = [context.bind(leaf) for leaf in leaves]
    operands = kernels.operands(leaves, context)
    if kernel.inline:
        context.unit.library(kernel)
        valid = [text.format(*operands) for text in kernel.results]
    else:
        valid = [context.temporary() for _ in numbers]
        text = f"{context.unit.kernel(kernel)}({', '.join(map(contiguous, operands))})"
        context.out.write(f"{', '.join(valid)} = {text}")
    positive = []
    for truth, number in zip(valid, numbers, strict=True):
        needs = needed(call.name, types)[number]
        if isinstance(needs, Needed) and needs.condition.zero and not context.unit.explaining:
            positive.append(truth)
        else:
            _fail_unless(truth, call, types, number, leaves, context)
    return leaves, " and ".join(positive)


def _fail_unless(truth: str, call: ir.LibraryCall, types: tuple[Type, ...], number: int, leaves: list[Leaf],
                 context: Context) -> None:  # fmt: skip
    positions = needed(call.name, types)[number].positions
    about = [leaves[position] for position in positions]
    span: Span = call.arguments[positions[0]].span
    counters = context.counters if context.unit.naming else []
    held = (*(leaf.slot for leaf in about), *(Slot("i", 0) for _ in counters))
    site = Outside(call.name, types, number, held, span, tuple(name for name, _ in counters))
    code = context.unit.messages.code(site)
    with context.out.block(f"if not {truth}:"):
        if context.unit.naming:
            context.out.write(f"begin(_messages, {code})")
            for leaf in about:
                context.out.extend(notes(leaf))
            context.out.extend([f"note(_messages, {counter})" for _, counter in counters])
        context.out.write(f"fail(_messages, {code}, 0.0, 0.0)")
        context.out.write(context.failing)
