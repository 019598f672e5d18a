"""A block of statements as one function of its inputs: transformed data once, generated quantities per draw."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from .. import ir
from . import guards, places, sums
from .compiled_block import CompiledBlock
from .context import Context
from .expressions import evaluate, stored
from .guards import Guard
from .messages import Site
from .statements import statement
from .unit import Unit
from .values import Leaf, contiguous, flatten, only
from .watching import end_if_nan, watch_input


def compile_block(
    statements: Sequence[ir.Statement],
    inputs: Sequence[ir.Variable],
    outputs: Sequence[ir.Variable],
    *,
    random: bool = False,
    target: ir.Variable | None = None,
    explaining: bool = False,
    watching: bool = False,
    ending: bool = False,
    made_of: Mapping[ir.Variable, Sequence[ir.Expression]] = {},
) -> CompiledBlock:
    """Generate the function that runs `statements` on values of `inputs` and returns those of `outputs`.

    An output that is an input, too, starts from its value there. `target`, one of the inputs, says what the target
    is before the statements, which they may read and add to. `explaining`: what makes a density zero ends the run;
    `watching`: where nan ends it, or a constraint is violated by nan, the error is where that began; inputs may be
    `made_of` what else stands in the program. `ending`: a sum, like the target, that is nan is such an error.
    """
    unit = Unit(naming=True, explaining=explaining, watching=watching)
    context = Context(unit, random=random)
    for variable in inputs:
        places.declare_name(variable, context)
    parameters = [str(leaf) for variable in inputs for leaf in flatten(context.variables[variable])]
    declarations = {node.variable: node for node in statements if isinstance(node, ir.Declare)}
    left, _ = unit.name_for("leaving", "left")
    context.failing = f"return {left}()"
    for kind in sums.added_in(statements):
        context.sums[kind] = f"_{kind}"
        context.out.write(f"_{kind} = 0.0")
    if target is not None:
        context.sums["target"] = "_target"
        context.out.write(f"_target = {context.variables[target]}")
    if watching:
        for variable in inputs:
            watch_input(variable, made_of.get(variable, ()), context)
    for variable in outputs:
        if variable not in inputs:
            places.declare_name(variable, context)
    leaves = [leaf for variable in outputs for leaf in flatten(context.variables[variable])]
    _prepare_outputs(outputs, set(declarations), set(inputs), context)
    for node in statements:
        statement(node, context)
    if ending:
        for total in context.sums.values():
            end_if_nan(total, statements[0].span, context)
    guarded = list(guards.declared(declarations, outputs))
    bounds = [bound for guard, arguments in guarded for bound in _bounds(guard, arguments, leaves, context)]
    results = [*(leaf.slot for leaf in leaves), *(slot for guard, _ in guarded for slot in guard.slots)]
    return CompiledBlock(
        unit.source,
        ("_messages", "_rng", *parameters),
        tuple(context.out.lines),
        (*map(str, leaves), *bounds),
        left,
        tuple(slot.empty for slot in results),
        tuple(inputs),
        tuple(outputs),
        tuple(guard for guard, _ in guarded),
        unit.messages,
        tuple(statements),
    )


def _prepare_outputs(outputs: Sequence[ir.Variable], declared: set[ir.Variable], inputs: set[ir.Variable],
                     context: Context) -> None:  # fmt: skip
    """Give a value to every output that no statement declares."""
    for variable in outputs:
        for leaf in flatten(context.variables[variable]):
            assert isinstance(leaf, Leaf)
            if variable in inputs:
                if leaf.rank:  # written on, and still the caller's
                    context.out.write(f"{leaf} = {leaf}.copy()")
            elif variable not in declared:
                context.out.write(f"{leaf} = {leaf.slot.empty if leaf.rank else leaf.slot.unset}")


def _bounds(guard: Guard, arguments: Sequence[ir.Expression], leaves: Sequence[Leaf],
            context: Context) -> Iterator[str]:  # fmt: skip
    """What a constraint says of its variable, as it is once everything has run; arrays as large as the variable."""
    own = leaves[guard.leaf]
    for argument in arguments:
        leaf = context.bind(only(stored(evaluate(argument, context))))
        for axis in range(-leaf.rank, 0):
            title = guards.OTHER_SIZE.format("{0}", "{1}", name=guard.variable)
            sizes = own.size(axis), leaf.size(axis)
            context.fail_if(f"{sizes[0]} != {sizes[1]}", Site("size-mismatch", title, argument.span), *sizes)
        yield contiguous(leaf)
