"""User functions: each becomes one generated function, made when the first call to it is generated.

A generated function takes the message buffer, the generator `_rng` if it draws, the target if it adds to it,
then the leaves of its arguments; it returns the leaves of its result, the new target last. (`_jacobian` functions: the
sum of Jacobian terms in the place of the target.)
"""

from __future__ import annotations

from collections.abc import Sequence

from .. import ir
from ..walk import is_recursive
from . import recursion
from .context import Context, Step
from .sums import added_by
from .values import Leaf, Slot, Value, contiguous, flatten, slots, unflatten


def draws(function: ir.Function) -> bool:
    return function.name.endswith("_rng")


def result_slots(function: ir.Function) -> list[Slot]:
    return list(flatten(slots(function.result)))


def call(node: ir.UserCall, context: Context) -> Value:
    """The value of a call."""
    from .expressions import evaluate, stored

    name = generated(node.function, context)
    leaves = [leaf for argument in node.arguments for leaf in flatten(stored(evaluate(argument, context)))]
    return called(node, name, leaves, context)


def called(node: ir.UserCall, name: str, leaves: list[Leaf], context: Context) -> Value:
    """Call the generated function on its arguments' leaves; an error in it ends the caller too."""
    function = node.function
    if context.steps is not None:
        leaves = [context.bind(leaf) for leaf in leaves]
    arguments = ["_messages", *_hidden(function, context), *map(contiguous, leaves)]
    results = [
        Leaf(name_, slot, fresh=slot.rank > 0, name=name_)
        for slot in result_slots(function)
        for name_ in [context.temporary()]
    ]
    names = [result.text for result in results]
    before = ""
    kind = added_by(function)
    if kind:
        names.append(context.sums[kind])
        if context.steps is not None and context.reads_target:
            before = context.temporary()
            context.out.write(f"{before} = {names[-1]}")
            arguments[arguments.index(names[-1])] = before
    left = ", ".join(names) or context.temporary()
    context.out.write(f"{left} = {name}({', '.join(arguments)})")
    if context.checking or context.sizing or is_recursive(function):
        with context.out.block("if _messages[0] != 0:"):
            context.out.write(context.failing)
    if context.steps is not None:
        from .reverse.calls import pull_call

        if not any(map(context.is_active, leaves)) and not context.reads_target:
            context.passive |= set(names)
            return unflatten(slots(function.result), iter(results))
        pull = pull_call(node, leaves, results, before)
        context.steps.append(Step(() if kind else tuple(results), pull))
    return unflatten(slots(function.result), iter(results))


def _hidden(function: ir.Function, context: Context) -> list[str]:
    hidden = ["_rng"] if draws(function) else []
    kind = added_by(function)
    return [*hidden, context.sums[kind]] if kind else hidden


def generated(function: ir.Function, context: Context) -> str:
    """The name of the generated function."""
    unit = context.unit
    return unit.define(function, function.name, lambda name: _define(function, name, context))


def _define(function: ir.Function, name: str, caller: Context) -> str:
    from .places import declare_name
    from .statements import statement

    context = Context(caller.unit, random=draws(function))
    returned = [slot.empty for slot in result_slots(function)]
    kind = added_by(function)
    if kind:
        context.sums[kind] = f"_{kind}"
        returned.append(f"_{kind}")
    refused = ", ".join(returned) or "0"
    context.failing = f"return {refused}"
    parameters = ["_messages", *(["_rng"] if context.random else []), *context.sums.values()]
    for parameter in function.parameters:
        parameters += [str(leaf) for leaf in flatten(declare_name(parameter, context))]
    assert function.body is not None
    statement(function.body, context)
    context.out.write(context.failing)  # the end is reached only by void functions
    result = returning(function, result_slots(function))
    return recursion.definition(function, name, parameters, result, refused, context.out.lines, context)


def returning(function: ir.Function, leaves: Sequence[Slot]) -> str:
    """What generated code of a function says of these leaves, its result: the back end asks where it calls itself."""
    if not is_recursive(function):
        return ""
    leaves = [*leaves, *([Slot("f", 0)] if added_by(function) else [])] or [Slot("i", 0)]
    types = [f"{_TYPE[leaf.kind]}{f'[{leaf.rank}]' if leaf.rank else ''}" for leaf in leaves]
    return f' -> "{types[0] if len(types) == 1 else f"({','.join(types)})"}"'


_TYPE = {"i": "int", "f": "float", "c": "complex"}  # as in the types of the loop language


def return_value(value: ir.Expression | None, context: Context) -> None:
    """`return value`: new arrays or the function's own; anything the caller still holds is copied."""
    from .expressions import evaluate, stored

    results: list[str] = []
    if value is not None:
        for leaf in flatten(stored(evaluate(value, context))):
            results.append(contiguous(leaf) if not leaf.rank or leaf.fresh or _is_local(value) else f"{leaf}.copy()")
    results += context.sums.values()
    context.out.write(f"return {', '.join(results) or '0'}")


def _is_local(value: ir.Expression) -> bool:
    return isinstance(value, ir.Reference) and value.variable.role is ir.Role.LOCAL
