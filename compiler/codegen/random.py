"""Random draws in generated code: `_rng` of a distribution, one outcome at a time, looped over containers."""

from __future__ import annotations

from .. import ir
from ..library.densities import drawn_from
from ..library.expand import DistributionFunction, implementation
from ..library.kernels.draws import NO_OUTCOME
from .context import Context
from .domain import check_domain
from .messages import Site
from .values import Leaf, Slot, Value, flatten, slot


def draw(call: ir.LibraryCall, arguments: list[Value], context: Context) -> Value:
    """One outcome, or an array of them where an argument has more axes than the parameter."""
    found = implementation(call.name, tuple(argument.type for argument in call.arguments))
    assert isinstance(found, DistributionFunction)
    distribution = found.distribution
    name, new = context.unit.name_for(("draw", distribution.name), f"draw_{distribution.name}")
    if new:
        context.unit.add(f"{name} = draw_function({distribution.name!r})")
    leaves = [context.bind(leaf) for leaf in flatten(*arguments)]
    leaves, _ = check_domain(call, leaves, context)
    many = [leaf.rank > p.support.core for leaf, p in zip(leaves, drawn_from(distribution), strict=True)]
    wanted = slot(call.type)
    if any(many):
        return _several(call, name, leaves, many, wanted, distribution.outcome.core, context)
    kind = "int" if wanted.kind == "i" and not wanted.rank else ""
    text = f"{name}({', '.join(['_rng', *map(str, leaves)])})"
    outcome = context.bind(Leaf(f"{kind}({text})" if kind else text, wanted, fresh=wanted.rank > 0))
    if not wanted.rank:
        _check_outcome(call, wanted, str(outcome), context)
    return outcome


def _several(
    call: ir.LibraryCall, name: str, leaves: list[Leaf], many: list[bool], wanted: Slot, core: int, context: Context
) -> Leaf:
    """An array of outcomes, each with `core` axes: one for each element of the leaves that are `many`."""
    containers = [leaf for leaf, is_many in zip(leaves, many, strict=True) if is_many]
    count = containers[0].size(0)
    site = Site("size-mismatch", f"the arguments of `{call.name}` differ in size ({{0}} and {{1}})", call.span)
    for other in containers[1:]:
        context.fail_if(f"{count} != {other.size(0)}", site, count, other.size(0))
    result, item = context.temporary(), context.temporary()
    passed = [f"{leaf}[{item}]" if is_many else str(leaf) for leaf, is_many in zip(leaves, many, strict=True)]
    text = f"{name}(_rng, {', '.join(passed)})"
    if not core:
        context.out.write(f"{result} = np.empty({count}, {wanted.dtype})")
        with context.out.block(f"for {item} in range({count}):"):
            context.out.write(f"{result}[{item}] = {text}")
            _check_outcome(call, wanted, f"{result}[{item}]", context)
        return Leaf(result, wanted, fresh=True, name=result)
    # The size of an outcome is known from the first one; without any the array is empty.
    context.out.write(f"{result} = {wanted.empty}")
    outcome = context.temporary()
    with context.out.block(f"for {item} in range({count}):"):
        context.out.write(f"{outcome} = {text}")
        with context.out.block(f"if {item} == 0:"):
            context.out.write(f"{result} = np.empty(({count},) + {outcome}.shape, {wanted.dtype})")
        context.out.write(f"{result}[{item}] = {outcome}")
    return Leaf(result, wanted, fresh=True, name=result)


def _check_outcome(call: ir.LibraryCall, wanted: Slot, outcome: str, context: Context) -> None:
    """End the function where a number could not be drawn; vectors and matrices are nan then."""
    missing = f"{outcome} == {NO_OUTCOME}" if wanted.kind == "i" else f"{outcome} != {outcome}"
    title = f"`{call.name}` cannot draw: its arguments do not fit each other, or the outcome is too large"
    context.fail_if(missing, Site("no-outcome", title, call.span))
