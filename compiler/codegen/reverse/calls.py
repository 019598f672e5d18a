"""Calls of user functions backwards: each function has an adjoint function, with a sweep of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ... import ir
from .. import functions, places, recursion, sums, tape
from ..adjoints import accumulate, adjoint_name
from ..context import Context
from ..structured import without_jumps
from ..values import Leaf, Value, contiguous, flatten
from ..writer import Writer
from .passes import looking_back, prepare, start_adjoints, values_mentioned
from .statements import sweep


def pull_call(node: ir.UserCall, leaves: Sequence[Leaf], results: Sequence[Leaf], before: str) -> Callable[
    [Context, str], None
]:  # fmt: skip
    """The pull of a user function's call: a call of its adjoint function. `before`: the target then, if it matters."""

    def pull(context: Context, _: str) -> None:
        pattern = tuple(context.is_active(leaf) for leaf in leaves)
        total = context.sums.get(sums.added_by(node.function) or "", "")
        if not any(pattern) and not before:
            return
        name = adjoint_function(node.function, pattern, context)
        seeds = [context.adjoint_or_zero(result) for result in results if result.kind in "fc"]
        wanted = [leaf for leaf, active in zip(leaves, pattern, strict=True) if active]
        names = [context.temporary() for _ in wanted]
        arguments = ["_messages", *([before or total] if total else []), *map(contiguous, leaves), *seeds]
        left = [*names, f"{total}_b"] if total else names
        arguments += left[len(names) :]
        context.out.write(f"{', '.join(left)} = {name}({', '.join(arguments)})")
        if before:
            context.out.write(f"{total} = {before}")
        for leaf, adjoint in zip(wanted, names, strict=True):
            accumulate(context, leaf, adjoint)

    return pull


def adjoint_function(function: ir.Function, pattern: tuple[bool, ...], caller: Context) -> str:
    def define(name: str) -> str:
        return looking_back(lambda looked_at: _define(function, pattern, name, caller, looked_at))

    return caller.unit.define((function, pattern), f"{function.name}_adjoint", define)


def _define(function: ir.Function, pattern: tuple[bool, ...], name: str, caller: Context,
            looked_at: frozenset[str]) -> tuple[str, frozenset[str]]:  # fmt: skip
    context = Context(caller.unit, checking=False, looked_at=looked_at)
    if functions.draws(function):
        raise AssertionError("random draws have no derivative, and are not allowed where one is wanted")
    parameters = ["_messages"]
    kind = sums.added_by(function)
    if kind:
        context.sums[kind] = f"_{kind}"
        context.reads_target = sums.reads_target(function)
        parameters.append(f"_{kind}")
    given: set[ir.Variable] = set()
    leaves: list[Leaf] = []
    for parameter in function.parameters:
        own = list(flatten(places.declare_name(parameter, context)))
        if any(pattern[len(leaves) + number] for number in range(len(own))):
            given.add(parameter)
        leaves += own
    parameters += map(str, leaves)
    result = ir.Variable("result", function.result, ir.Role.LOCAL, ir.Level.PARAMETER, function.span)
    assert function.body is not None
    body = without_jumps([function.body], result)
    wanted = [leaf for leaf, active in zip(leaves, pattern, strict=True) if active]
    zeros = [f"np.zeros({leaf}.shape, {leaf.slot.dtype})" if leaf.rank else leaf.slot.zero for leaf in wanted]
    refused = ", ".join([*zeros, *(f"{total}_b" for total in context.sums.values())])
    context.failing = f"return {refused}"
    with context.elsewhere(Writer()) as inside:
        prepare(body, given, context)
        context.active = frozenset({*(context.active or ()), *(leaf.name or "" for leaf in wanted)})
        value: Value = context.variables.get(result, ())
        seeds = [leaf for leaf in flatten(value) if leaf.kind in "fc"]
        parameters += [f"{leaf}_s" for leaf in seeds]
        parameters += [f"{total}_b" for total in context.sums.values()]
        backwards = sweep(body, context)
        seeded = {leaf.name for leaf in seeds if leaf.name}
        for leaf in seeds:
            context.out.write(f"{adjoint_name(leaf)} = {leaf}_s{'.copy()' if leaf.rank else ''}")
        start_adjoints(context, seeded)
        context.out.extend(backwards)
        adjoints = [*map(adjoint_name, wanted), *(f"{total}_b" for total in context.sums.values())]
        context.out.write(f"return {', '.join(adjoints)}")
    lines = tape.without_unused(inside.lines)
    result_type = functions.returning(function, [leaf.slot for leaf in wanted])
    text = recursion.definition(function, name, parameters, result_type, refused, lines, context)
    return text, values_mentioned(backwards, context)
