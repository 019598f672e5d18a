"""User functions: each becomes one generated function, made when the first call to it is generated.

A generated function takes the message buffer, the generator `_rng` if it draws, the target if it adds to it,
then the leaves of its arguments; it returns the leaves of its result, the new target last.
"""

from __future__ import annotations

from .. import ir
from .context import Context, Step
from .values import Leaf, Slot, Value, contiguous, flatten, slots, unflatten


def draws(function: ir.Function) -> bool:
    return function.name.endswith("_rng")


def adds_to_target(function: ir.Function) -> bool:
    return function.name.endswith(("_lp", "_jacobian"))


def result_slots(function: ir.Function) -> list[Slot]:
    return list(flatten(slots(function.result)))  # type: ignore[arg-type]


def call(node: ir.UserCall, context: Context) -> Value:
    """Call the generated function; an error in it ends the caller too."""
    from .expressions import evaluate, stored

    function = node.function
    name = generated(function, context)
    leaves: list[Leaf] = [leaf for argument in node.arguments for leaf in flatten(stored(evaluate(argument, context)))]  # type: ignore[misc]
    if context.steps is not None:
        leaves = [context.bind(leaf) for leaf in leaves]
    arguments = ["_messages", *_hidden(function, context), *map(contiguous, leaves)]
    results = [
        Leaf(name_, slot, fresh=slot.rank > 0, name=name_)
        for slot in result_slots(function)
        for name_ in [context.temporary()]
    ]
    names = [result.text for result in results]
    if adds_to_target(function):
        names.append(context.target or "_target")
    left = ", ".join(names) or context.temporary()
    context.out.write(f"{left} = {name}({', '.join(arguments)})")
    if context.checking:
        with context.out.block("if _messages[0] != 0:"):
            context.out.write(context.failing)
    if context.steps is not None:
        from .reverse import pull_call

        if not any(map(context.is_active, leaves)):
            context.passive |= set(names)
            return unflatten(slots(function.result), iter(results))  # type: ignore[return-value]
        pull = pull_call(node, leaves, results)
        context.steps.append(Step(() if adds_to_target(function) else tuple(results), pull))
    return unflatten(slots(function.result), iter(results))  # type: ignore[return-value]


def _hidden(function: ir.Function, context: Context) -> list[str]:
    hidden = ["_rng"] if draws(function) else []
    if adds_to_target(function):
        if context.target is None:
            from .context import unsupported

            raise unsupported(f"`{function.name}` here", function.span)
        hidden.append(context.target)
    return hidden


def generated(function: ir.Function, context: Context) -> str:
    """The name of the generated function."""
    unit = context.unit
    return unit.define(function, function.name, lambda name: _define(function, name, context))


def _define(function: ir.Function, name: str, caller: Context) -> str:
    from .places import declare_name
    from .statements import statement

    context = Context(caller.unit, random=draws(function))
    returned = [slot.empty for slot in result_slots(function)]
    if adds_to_target(function):
        context.target = "_target"
        returned.append("_target")
    context.failing = f"return {', '.join(returned) or '0'}"
    parameters = ["_messages", *(["_rng"] if context.random else []), *(["_target"] if context.target else [])]
    for parameter in function.parameters:
        parameters += [str(leaf) for leaf in flatten(declare_name(parameter, context))]
    assert function.body is not None
    with context.out.block(f"def {name}({', '.join(parameters)}):"):
        statement(function.body, context)
        context.out.write(context.failing)  # the end is reached only by void functions
    return "@compiled\n" + context.out.text


def return_value(value: ir.Expression | None, context: Context) -> None:
    """`return value`: new arrays or the function's own; anything the caller still holds is copied."""
    from .expressions import evaluate, stored

    results: list[str] = []
    if value is not None:
        for leaf in flatten(stored(evaluate(value, context))):
            assert isinstance(leaf, Leaf)
            results.append(contiguous(leaf) if not leaf.rank or leaf.fresh or _is_local(value) else f"{leaf}.copy()")
    if context.target:
        results.append(context.target)
    context.out.write(f"return {', '.join(results) or '0'}")


def _is_local(value: ir.Expression) -> bool:
    return isinstance(value, ir.Reference) and value.variable.role is ir.Role.LOCAL
