"""Branches and loops backwards: the same branch as before, the same number of trips, last first."""

from __future__ import annotations

from dataclasses import replace

from ... import ir
from ...walk import mentioned, nodes, written
from .. import sums, tape
from ..context import Context, mentions_temporary
from ..expressions import evaluate, stored, test
from ..structured import ends_early
from ..values import Leaf, Slot, flatten, only, slots
from ..writer import Writer
from . import statements
from .lines import reverse_lines


def branch(node: ir.If, context: Context) -> list[str]:
    changed = written((node.then, node.otherwise))
    asked_again = not (mentioned(node.test) & changed or _calls_user(node.test) or sums.reads_target(node.test))
    condition = test(node.test, context)
    decision = ""
    if not asked_again:
        decision = context.temporary()
        context.out.write(f"{decision} = int({condition})")
        condition = f"{decision} != 0"
    backwards = []
    with context.block(f"if {condition}:"):
        backwards.append(_nested(node.then, context))
    if node.otherwise is not None:
        with context.block("else:"):
            backwards.append(_nested(node.otherwise, context))
    if not any(backwards):
        return []
    if decision:
        tape.keep(Leaf(decision, Slot("i", 0)), decision, Slot("i", 0), context)

    def back() -> None:
        if decision:
            tape.take_back(decision, Slot("i", 0), context)
            condition = f"{decision} != 0"
        else:
            condition = test(node.test, context)
        with context.out.block(f"if {condition}:"):
            context.out.extend(backwards[0])
        if len(backwards) > 1 and backwards[1]:
            with context.out.block("else:"):
                context.out.extend(backwards[1])

    return reverse_lines(context, back)


def _nested(node: ir.Statement, context: Context) -> list[str]:
    return statements.sweep(node.statements if isinstance(node, ir.Block) else [node], context)


def _calls_user(expression: ir.Expression) -> bool:
    return any(isinstance(node, ir.UserCall) for node in nodes(expression))


def count(node: ir.For, context: Context) -> list[str]:
    body, stop = ends_early(node.body) or (node.body, None)
    lower = only(stored(evaluate(node.lower, context)))
    upper = only(stored(evaluate(node.upper, context)))
    lower = _lasting(node.lower, lower, context)
    upper = _lasting(node.upper, upper, context)
    name = context.name(node.variable.name)
    context.variables[node.variable] = Leaf(name, Slot("i", 0), name=name)
    context.fixed.add(name)
    end = str(int(upper.text) + 1) if upper.text.isdigit() else f"{upper} + 1"
    last = context.temporary()
    if stop is not None:
        context.out.write(f"{last} = {lower} - 1")
    head = Writer()
    simple = stop is None and _is_simple(body) and not context.room
    pushes, context.pushes = context.pushes, {}
    context.room = context.room or simple
    with context.elsewhere(head), context.block(f"for {name} in range({lower}, {end}):"):
        backwards = _body(body, stop, f"{last} = {name}", context)
    if simple:
        context.room = False
        for buffer, count in context.pushes.items():
            slot = Slot("i" if buffer == "_marks" else "f", 0)
            tape.make_room(slot, f"{count} * max({upper} - {lower} + 1, 0)", context)
    context.pushes = pushes
    context.out.extend(head.lines)
    dynamic = [leaf for leaf in (lower, upper) if leaf.text.startswith("_")]
    if not backwards:
        return []
    for leaf in dynamic:
        tape.keep(leaf, leaf.text, leaf.slot, context)
    if stop is not None:
        tape.keep(Leaf(last, Slot("i", 0)), last, Slot("i", 0), context)

    def back() -> None:
        if stop is not None:
            tape.take_back(last, Slot("i", 0), context)
        for leaf in reversed(dynamic):
            tape.take_back(leaf.text, leaf.slot, context)
        first = last if stop is not None else upper.text
        end = str(int(lower.text) - 1) if lower.text.isdigit() else f"{lower} - 1"
        with context.out.block(f"for {name} in range({first}, {end}, -1):"):
            context.out.extend(backwards)

    return reverse_lines(context, back)


def _lasting(expression: ir.Expression, leaf: Leaf, context: Context) -> Leaf:
    """A loop bound whose text means the same after the loop and in the reverse sweep, or a name that is kept."""
    if leaf.text.isdigit():
        return leaf
    if not context.assigned & mentioned(expression) and not mentions_temporary(leaf.text):
        return leaf
    return context.bind(replace(leaf, name=None))


def _body(body: ir.Statement, stop: ir.Variable | None, count: str, context: Context) -> list[str]:
    context.depth += 1
    if stop is not None:
        context.out.write(count)
    backwards = _nested(body, context)
    if stop is not None:
        with context.block(f"if {only(context.variables[stop])} != 0:"):
            context.out.write("break")
    context.depth -= 1
    return backwards


def _is_simple(node: object) -> bool:
    """Whether the statements keep a known number of numbers at most."""
    match node:
        case ir.Block(inner):
            return all(map(_is_simple, inner))
        case ir.If(_, then, otherwise):
            return _is_simple(then) and (otherwise is None or _is_simple(otherwise))
        case ir.Declare(variable):
            return not any(slot.rank for slot in flatten(slots(variable.type)))
        case ir.Assign(place, _):
            return not any(slot.rank for slot in flatten(slots(place.type)))
        case ir.TargetIncrement() | ir.Tilde() | ir.Print() | ir.Reject() | ir.FatalError() | ir.CallStatement():
            return True
        case _:
            return False


def repeat(node: ir.While, context: Context) -> list[str]:
    body, stop = ends_early(node.body) or (node.body, None)
    trips = context.temporary()
    context.out.write(f"{trips} = 0")
    with context.elsewhere(Writer()) as lines:
        asked = test(node.test, context)
    with context.block("while True:"):
        context.out.extend(lines.lines)
        with context.out.block(f"if not ({asked}):"):
            context.out.write("break")
        context.out.write(f"{trips} += 1")
        backwards = _body(body, stop, "pass", context)
    if not backwards:
        return []
    tape.keep(Leaf(trips, Slot("i", 0)), trips, Slot("i", 0), context)

    def back() -> None:
        tape.take_back(trips, Slot("i", 0), context)
        with context.out.block(f"for {context.temporary()} in range({trips}):"):
            context.out.extend(backwards)

    return reverse_lines(context, back)
