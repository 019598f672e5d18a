"""The reverse sweep by source transformation: statements to forward lines and the lines that run them backwards.

Forward, each assignment first keeps on a tape what it overwrites (tape.py). Backwards, each statement takes the
adjoint of what it wrote, restores the old value, evaluates its expression again from the restored variables, now
with a name for every intermediate result, and passes the adjoint down through the results. Only overwritten
values that some derivative looks at, trip counts and branches that cannot be asked again are stored. User functions
have an adjoint function each, which runs its own forward and reverse sweep.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import assert_never

from .. import ir
from . import activity, functions, memory, places, sums, tape, tilde
from .adjoints import accumulate, adjoint_name
from .context import Context, Step, mentions_temporary
from .expressions import evaluate, stored, test
from .indexing import At, Axis, Gather, kept, subscript
from .statements import increment, statement
from .structured import ends_early, without_jumps
from .values import Leaf, Slot, Value, contiguous, flatten, only
from .writer import Writer


def sweep(body: Sequence[ir.Statement], context: Context) -> list[str]:
    """Write the forward lines of the statements (which must not jump); return the lines of the reverse sweep."""
    pieces = [_statement(node, context) for node in body]
    return [line for piece in reversed(pieces) for line in piece]


def _statement(node: ir.Statement, context: Context) -> list[str]:
    context.span = node.span
    simple = isinstance(node, ir.Declare | ir.Assign | ir.Unpack | ir.TargetIncrement | ir.CallStatement)
    if context.reads_target and simple and "target" in sums.added_in(node):
        return _with_target_kept(node, context)
    return _any_statement(node, context)


def _with_target_kept(node: ir.Statement, context: Context) -> list[str]:
    """The statement, before whose reverse side the target is what it was."""
    before, total = context.temporary(), context.sums["target"]
    context.out.write(f"{before} = {total}")
    backwards = _any_statement(node, context)
    tape.keep(Leaf(before, Slot("f", 0)), before, Slot("f", 0), context)
    return [*_reverse(context, lambda: tape.take_back(total, Slot("f", 0), context)), *backwards]


def _any_statement(node: ir.Statement, context: Context) -> list[str]:
    match node:
        case ir.Declare():
            return _declare(node, context)
        case ir.Assign():
            return _assign(node, context)
        case ir.Unpack():
            return _unpack(node, context)
        case ir.TargetIncrement(value):
            if context.reads_target or context.tapes is not None:  # or: this forward pass is the only one
                increment("target", value, context)
            else:
                _only_checked(value, context)
            return _reverse(context, lambda: _pull_increment("target", value, context))
        case ir.Tilde():
            return sweep(list(tilde.statements(node)), context)
        case ir.CallStatement(call):
            evaluate(call, context)
            return _reverse(context, lambda: _pull(call, [], context))
        case ir.If():
            return _if(node, context)
        case ir.For():
            return _for(node, context)
        case ir.While():
            return _while(node, context)
        case ir.Block(statements) | ir.Profile(_, ir.Block(statements)):
            return sweep(statements, context)
        case ir.Print() | ir.Reject() | ir.FatalError():
            if context.checking:
                statement(node, context)
            return []
        case ir.JacobianIncrement(value):
            if context.tapes is not None:
                increment("jacobian", value, context)
            else:
                _only_checked(value, context)
            return _reverse(context, lambda: _pull_increment("jacobian", value, context))
        case ir.Break() | ir.Continue() | ir.Return() | ir.ForEach():
            raise AssertionError("jumps and container loops were rewritten before")
        case _:
            assert_never(node)


def _only_checked(value: ir.Expression, context: Context) -> None:
    """A value that the forward pass needs for nothing: if it can fail it does so here, as the sweep checks nothing."""
    if not context.checking:
        return
    with context.elsewhere(Writer()) as out:
        stored(evaluate(value, context))
    if context.unit.may_fail(out.text):
        context.out.extend(_without_unused(out.lines))


def _reverse(context: Context, write: Callable[[], None]) -> list[str]:
    """The lines that `write` writes, as part of the reverse sweep: nothing is checked or kept again."""
    before = context.checking, context.taping, context.checked
    with context.elsewhere(Writer()) as out:
        context.checking, context.taping, context.checked = False, False, set()
        context.begun = set()
        write()
        context.checking, context.taping, context.checked = before
    return _without_unused(out.lines)


def _without_unused(lines: list[str]) -> list[str]:
    """The lines except those whose only effect is a result that no later line mentions; some can fail as well."""
    found: list[str] = []
    mentioned: set[str] = set()
    for line in reversed(lines):
        result = re.match(r" *(_\d+) = (?!drain)", line)
        if result is None or result[1] in mentioned or "_messages" in line:
            found.append(line)
            mentioned.update(re.findall(r"\b_\d+\b", line[result.end() :] if result else line))
    return list(_without_empty_blocks(found[::-1]))


def _without_empty_blocks(lines: list[str]) -> Iterator[str]:
    for line, following in pairwise([*lines, ""]):
        yield line
        depth = len(line) - len(line.lstrip())
        if line.endswith(":") and len(following) - len(following.lstrip()) <= depth:
            yield f"{' ' * depth}    pass"


# Adjoints through an expression -----------------------------------------------------------------


def _pull(expression: ir.Expression, adjoints: Sequence[str], context: Context) -> None:
    """Evaluate the expression again, recording, and pass the adjoints of its leaves down."""
    context.steps = []
    value = stored(evaluate(expression, context))
    steps, context.steps = context.steps, None
    for leaf, adjoint in zip(flatten(value), adjoints, strict=False):
        assert isinstance(leaf, Leaf)
        accumulate(context, leaf, adjoint)
    pull_steps(steps, context)


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


def _pull_increment(kind: str, value: ir.Expression, context: Context) -> None:
    context.steps = []
    leaves: list[Leaf] = list(flatten(stored(evaluate(value, context))))  # type: ignore[arg-type]
    steps, context.steps = context.steps, None
    adjoint = f"{context.sums[kind]}_b"
    for leaf in leaves:
        accumulate(context, leaf, f"np.full({leaf}.shape, {adjoint})" if leaf.rank else adjoint)
    pull_steps(steps, context)


def _is_active(expression: ir.Expression, context: Context) -> bool:
    from .effort import references

    if context.reads_target and sums.reads_target(expression):
        return True
    return any(variable in context.active_variables for variable in references(expression))


# Simple statements ------------------------------------------------------------------------------


def _assign(node: ir.Assign, context: Context) -> list[str]:
    variable = node.place.variable
    if variable not in context.variables:
        places.declare_name(variable, context)
    before, context.taping = context.taping, context.taping and id(node) not in context.fresh_writes
    keeps = context.taping
    places.assign(node, context)
    context.taping = before

    def back() -> None:
        targets = places.locate(node.place, context)
        adjoints = [_undo(leaf, axes, keeps, context) for leaf, axes in reversed(targets)][::-1]
        if _is_active(node.value, context):
            _pull(node.value, adjoints, context)

    assert not any(variable in _variables_in(part) for part in node.place.path), "no place is named by what it holds"
    return _reverse(context, back)


def _variables_in(part: object) -> set[ir.Variable]:
    from .effort import references

    return set(references(part)) if not isinstance(part, int) else set()


def _unpack(node: ir.Unpack, context: Context) -> list[str]:
    for place in flatten(node.places):
        if place.variable not in context.variables:  # type: ignore[union-attr]
            places.declare_name(place.variable, context)  # type: ignore[union-attr]
    places.unpack(node, context)

    def back() -> None:
        located = [target for place in flatten(node.places) for target in places.locate(place, context)]  # type: ignore[arg-type]
        adjoints = [_undo(leaf, axes, True, context) for leaf, axes in reversed(located)][::-1]
        if _is_active(node.value, context):
            _pull(node.value, adjoints, context)

    return _reverse(context, back)


def _undo(leaf: Leaf, axes: Sequence[Axis], kept_old: bool, context: Context) -> str:
    """Take the adjoint of what was written (which becomes zero) and put the old value back; the adjoint's name."""
    remaining = kept(axes)
    adjoint = context.temporary()
    active = context.is_active(leaf)
    name = adjoint_name(leaf)
    where = subscript(axes)
    if any(isinstance(axis, Gather) for axis in axes):
        _undo_scattered(leaf, axes, adjoint, kept_old, context)
        return adjoint
    if leaf.name in context.resized and leaf.rank:
        return _undo_resized(leaf, kept_old, context)
    if not active:
        adjoint = "0.0"
    elif remaining:
        context.out.write(f"{adjoint} = {memory.of_rank('drain', len(remaining))}({name}{where})")
    else:
        context.out.write(f"{adjoint} = {name}{where}")
        context.out.write(f"{name}{where} = {leaf.slot.zero}")
    if kept_old and context.looks_back(leaf):
        if remaining and where:
            view = context.temporary()
            context.out.write(f"{view} = {leaf}{where}")
            tape.take_back(view, Slot(leaf.kind, len(remaining)), context)
        else:
            tape.take_back(f"{leaf}{where}", Slot(leaf.kind, len(remaining)), context)
    return adjoint


def _undo_resized(leaf: Leaf, kept_old: bool, context: Context) -> str:
    """As `_undo`, for a variable whose size the assignment changed."""
    adjoint, name = context.temporary(), adjoint_name(leaf)
    if context.is_active(leaf):
        context.out.write(f"{adjoint} = {name}")
    if kept_old:
        tape.take_back_whole(leaf, context)
    if context.is_active(leaf):
        context.out.write(f"{name} = np.zeros({leaf}.shape, {leaf.slot.dtype})")
    return adjoint


def _undo_scattered(leaf: Leaf, axes: Sequence[Axis], adjoint: str, kept_old: bool, context: Context) -> None:
    """As `_undo`, one gathered position at a time, last first: an index that repeats was overwritten."""
    from contextlib import ExitStack

    remaining = kept(axes)
    active = context.is_active(leaf)
    if active:
        sizes = ", ".join(places.extents(leaf, axes))
        context.out.write(f"{adjoint} = np.empty(({sizes},), {leaf.slot.dtype})")
    items = {number: context.temporary() for number, axis in enumerate(remaining) if isinstance(axis, Gather)}
    with ExitStack() as loops:
        for number, item in items.items():
            size = places.extents(leaf, axes)[number]
            loops.enter_context(context.out.block(f"for {item} in range({size} - 1, -1, -1):"))
        targets = iter(items.values())
        exact = [At(f"{axis.indices}[{next(targets)}] - 1") if isinstance(axis, Gather) else axis for axis in axes]
        source = ", ".join(items.get(number, ":") for number in range(len(remaining)))
        one = _undo(leaf, exact, kept_old, context)
        if active:
            rank = len(kept(exact))
            copy = memory.of_rank("copy", rank)
            context.out.write(f"{copy}({adjoint}[{source}], {one})" if rank else f"{adjoint}[{source}] = {one}")


def _declare(node: ir.Declare, context: Context) -> list[str]:
    variable = node.variable
    if variable not in context.variables:
        places.declare_name(variable, context)
    leaves: list[Leaf] = list(flatten(context.variables[variable]))  # type: ignore[arg-type]
    again = context.depth > 0  # in a loop there is an earlier value, which the reverse sweep looks at again
    if again:
        for leaf in leaves:
            tape.keep_whole(leaf, context)
    before, context.taping = context.taping, False
    places.declare(node, context, again)
    context.taping = before

    def back() -> None:
        adjoints = []
        for leaf in leaves:
            adjoint = context.temporary()
            if context.is_active(leaf):
                context.out.write(f"{adjoint} = {adjoint_name(leaf)}{'.copy()' if again and leaf.rank else ''}")
            adjoints.append(adjoint)
        if again:
            for leaf in reversed(leaves):
                tape.take_back_whole(leaf, context)
        for leaf in leaves:
            if context.is_active(leaf):
                _clear_adjoint(leaf, again, context)
        if node.initial is not None and _is_active(node.initial, context):
            _pull(node.initial, adjoints, context)

    return _reverse(context, back)


def _clear_adjoint(leaf: Leaf, again: bool, context: Context) -> None:
    """Zeros of a variable's size as its adjoint; if `again`, in the memory that it has."""
    name = adjoint_name(leaf)
    if again and leaf.rank:
        sizes = [leaf.size(axis) for axis in range(leaf.rank)]
        memory.refill(Leaf(name, leaf.slot), sizes, leaf.slot.zero, context)
    else:
        context.out.write(f"{name} = {f'np.zeros({leaf}.shape, {leaf.slot.dtype})' if leaf.rank else leaf.slot.zero}")


# Control ----------------------------------------------------------------------------------------


def _if(node: ir.If, context: Context) -> list[str]:
    changed = activity.written((node.then, node.otherwise))
    asked_again = not (_variables_in(node.test) & changed or _has_user_call(node.test) or sums.reads_target(node.test))
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

    return _reverse(context, back)


def _nested(node: ir.Statement, context: Context) -> list[str]:
    return sweep(node.statements if isinstance(node, ir.Block) else [node], context)


def _has_user_call(node: object) -> bool:
    from dataclasses import fields, is_dataclass

    if isinstance(node, ir.UserCall):
        return True
    if isinstance(node, tuple):
        return any(map(_has_user_call, node))
    if is_dataclass(node) and not isinstance(node, ir.Variable):
        return any(_has_user_call(getattr(node, part.name)) for part in fields(node) if part.name != "span")
    return False


def _for(node: ir.For, context: Context) -> list[str]:
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

    return _reverse(context, back)


def _lasting(expression: ir.Expression, leaf: Leaf, context: Context) -> Leaf:
    """A loop bound whose text means the same after the loop and in the reverse sweep, or a name that is kept."""
    variables = _variables_in(expression)
    if leaf.text.isdigit():
        return leaf
    if not context.assigned & variables and not mentions_temporary(leaf.text):
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
        case ir.Block(statements):
            return all(map(_is_simple, statements))
        case ir.If(_, then, otherwise):
            return _is_simple(then) and (otherwise is None or _is_simple(otherwise))
        case ir.Declare(variable):
            return not any(slot.rank for slot in flatten(_slots(variable)))  # type: ignore[union-attr]
        case ir.Assign(place, _):
            return not any(slot.rank for slot in flatten(_slots_of(place)))  # type: ignore[union-attr]
        case ir.TargetIncrement() | ir.Tilde() | ir.Print() | ir.Reject() | ir.FatalError() | ir.CallStatement():
            return True
        case _:
            return False


def _slots(variable: ir.Variable) -> object:
    from .values import slots

    return slots(variable.type)


def _slots_of(place: ir.Place) -> object:
    from .values import slots

    return slots(place.type)


def _while(node: ir.While, context: Context) -> list[str]:
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

    return _reverse(context, back)


# Whole functions --------------------------------------------------------------------------------


def prepare(body: Sequence[ir.Statement], given: Iterable[ir.Variable], context: Context) -> None:
    """Tell the context which variables are active, and name and define those that the body writes."""
    active = activity.active_variables(body, given)
    context.active_variables = active
    context.assigned = activity.written(tuple(body))
    context.fresh_writes = activity.written_once(body)
    context.taping = True
    declared = activity.declared(body)
    counters = activity.counters(body)
    for variable in sorted(context.assigned, key=lambda variable: variable.span.start):
        if variable in counters or variable in context.variables:
            continue
        if variable not in declared:
            context.unsized.add(variable)
        for leaf in flatten(places.declare_name(variable, context)):
            if variable not in declared and leaf.name:  # type: ignore[union-attr]
                context.resized.add(leaf.name)  # type: ignore[union-attr]
            assert isinstance(leaf, Leaf)
            context.out.write(f"{leaf} = {leaf.slot.empty if leaf.rank else leaf.slot.unset}")
    context.active = frozenset(
        leaf.name for variable in active if variable in context.variables
        for leaf in flatten(context.variables[variable]) if leaf.kind in "fc"
    )  # type: ignore[union-attr, misc]  # fmt: skip
    tape.start(context)


def looking_back[T](generate: Callable[[frozenset[str]], tuple[T, frozenset[str]]]) -> T:
    """A sweep that keeps the values of those variables only that it looks at.

    `generate` takes their names and gives the sweep with the names it mentions; what it mentions depends on what
    it restores, so it is generated until nothing is missing.
    """
    looked_at: frozenset[str] = frozenset()
    while True:
        result, mentioned = generate(looked_at)
        if mentioned <= looked_at:
            return result
        looked_at |= mentioned


def values_mentioned(lines: Iterable[str], context: Context) -> frozenset[str]:
    """The variables that the function assigns and whose values (not only sizes) the lines of its sweep mention."""
    names = {leaf.name for variable in context.assigned for leaf in flatten(context.variables[variable])}  # type: ignore[union-attr]
    return frozenset(name for line in lines for name in re.findall(r"\b[A-Za-z]\w*\b(?!\.shape|\.size)", line)
                     if name in names)  # fmt: skip


def start_adjoints(context: Context, seeded: set[str]) -> None:
    """Zero adjoints for the active variables that do not have one yet."""
    for value in context.variables.values():
        for leaf in flatten(value):
            assert isinstance(leaf, Leaf)
            if leaf.name in (context.active or ()) and leaf.name not in seeded:
                zero = f"np.zeros({leaf}.shape, {leaf.slot.dtype})" if leaf.rank else leaf.slot.zero
                context.out.write(f"{adjoint_name(leaf)} = {zero}")


def pull_call(node: ir.UserCall, leaves: Sequence[Leaf], results: Sequence[Leaf], before: str) -> Callable[
    [Context, str], None
]:  # fmt: skip
    """The pull of a user function's call: a call of its adjoint function. `before`: the target then, if it matters."""

    def pull(context: Context, _: str) -> None:
        pattern = tuple(context.is_active(leaf) for leaf in leaves)
        total = context.sums.get(sums.added_by(node.function) or "", "")
        if not any(pattern) and not before:
            return
        name = _adjoint_function(node.function, pattern, context)
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


def _adjoint_function(function: ir.Function, pattern: tuple[bool, ...], caller: Context) -> str:
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
        own: list[Leaf] = list(flatten(places.declare_name(parameter, context)))  # type: ignore[arg-type]
        if any(pattern[len(leaves) + number] for number in range(len(own))):
            given.add(parameter)
        leaves += own
    parameters += map(str, leaves)
    result = ir.Variable("result", function.result, ir.Role.LOCAL, ir.Level.PARAMETER, function.span)
    assert function.body is not None
    body = without_jumps([function.body], result)
    context.failing = "pass"
    wanted = [leaf for leaf, active in zip(leaves, pattern, strict=True) if active]
    with context.elsewhere(Writer()) as inside:
        prepare(body, given, context)
        context.active = frozenset({*(context.active or ()), *(leaf.name or "" for leaf in wanted)})
        value: Value = context.variables.get(result, ())
        seeds = [leaf for leaf in flatten(value) if isinstance(leaf, Leaf) and leaf.kind in "fc"]
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
    out = Writer()
    result_type = functions.returning(function, [leaf.slot for leaf in wanted])
    with out.block(f"def {name}({', '.join(parameters)}){result_type}:"):
        out.extend(tape.without_unused(inside.lines))
    return "@compiled\n" + out.text, values_mentioned(backwards, context)
