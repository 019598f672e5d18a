"""Programs without jumps: `break`, `continue` and `return` become assignments to flags and nested ifs.

A reverse sweep runs the statements backwards, which takes a structure that can be run backwards. What follows
a statement that may jump goes into an `if`; where one branch always jumps, simply into the other branch. A loop
that is left early ends with `if (stop) break;`, the only jump that remains (`ends_early` recognises it).
Variables are unique objects, so moving statements between blocks changes no meaning.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Literal

from pplc.grammar.source import Span

from .. import ir, types
from ..synthetic import integer, reference

type Jumps = Literal["never", "maybe", "always"]


@dataclass(slots=True)
class _Surroundings:
    """Where a jump lands: the flags it clears and sets."""

    result: ir.Variable | None  # takes the value of `return`
    stops: list[ir.Variable] = field(default_factory=list)  # one per enclosing loop, innermost last
    going: list[list[ir.Variable]] = field(default_factory=lambda: [[]])  # flags, per enclosing loop
    hidden: list[ir.Variable] = field(default_factory=list)


def without_jumps(body: Sequence[ir.Statement], result: ir.Variable | None) -> list[ir.Statement]:
    """The same program without jumps; `return e` assigns e to `result`."""
    return _sequence(_flat(body), _Surroundings(result))


def ends_early(body: ir.Statement) -> tuple[ir.Block, ir.Variable] | None:
    """The body and the flag of a loop that may be left early."""
    match body:
        case ir.Block((*statements, ir.If(ir.Reference(stop), ir.Break(), None))):
            return replace(body, statements=tuple(statements)), stop
        case _:
            return None


def _flat(body: Sequence[ir.Statement]) -> list[ir.Statement]:
    found: list[ir.Statement] = []
    for node in body:
        match node:
            case ir.Block(statements) | ir.Profile(_, ir.Block(statements)):
                found.extend(_flat(statements))
            case _:
                found.append(node)
    return found


def _sequence(body: list[ir.Statement], around: _Surroundings) -> list[ir.Statement]:
    found: list[ir.Statement] = []
    for number, node in enumerate(body):
        rest = body[number + 1 :]
        match node:
            case ir.Break():
                return [*found, *_clear(around.going[-1], node.span), _set(around.stops[-1], 1, node.span)]
            case ir.Continue():
                return [*found, *_clear(around.going[-1], node.span)]
            case ir.Return(value):
                if value is not None:
                    assert around.result is not None
                    place = ir.Place(around.result, (), value.type, span=node.span)
                    found.append(ir.Assign(place, value, span=node.span))
                flags = [flag for flags in around.going for flag in flags]
                return [*found, *_clear(flags, node.span), *(_set(stop, 1, node.span) for stop in around.stops)]
            case ir.If() if (jumps(node) != "never") and rest:
                return [*found, *_if_then_rest(node, rest, around)]
            case ir.If(_, then, otherwise):
                found.append(_with_branches(node, _branch(then), _branch(otherwise), around))
            case ir.For() | ir.While() | ir.ForEach() if jumps(node) != "never" and rest:
                return [*found, *_guarded(partial(_loop, node, around), rest, around, node.span)]
            case ir.For() | ir.While() | ir.ForEach():
                found.extend(_loop(node, around))
            case _:
                found.append(node)
    return found


def _branch(node: ir.Statement | None) -> list[ir.Statement]:
    return _flat([node]) if node is not None else []


def _with_branches(
    node: ir.If, then: list[ir.Statement], otherwise: list[ir.Statement], around: _Surroundings
) -> ir.If:
    first = ir.Block(tuple(_sequence(then, around)), span=node.span)
    second = ir.Block(tuple(_sequence(otherwise, around)), span=node.span) if otherwise else None
    return replace(node, then=first, otherwise=second)


def _if_then_rest(node: ir.If, rest: list[ir.Statement], around: _Surroundings) -> list[ir.Statement]:
    then, otherwise = _branch(node.then), _branch(node.otherwise)
    if _all_jump(then):
        return [_with_branches(node, then, otherwise + rest, around)]
    if otherwise and _all_jump(otherwise):
        return [_with_branches(node, then + rest, otherwise, around)]
    return _guarded(lambda: [_with_branches(node, then, otherwise, around)], rest, around, node.span)


def _guarded(
    first: Callable[[], list[ir.Statement]], rest: list[ir.Statement], around: _Surroundings, span: Span
) -> list[ir.Statement]:
    """Statements that may jump, and the rest only if they did not."""
    going = _flag("going", span)
    around.going[-1].append(going)
    head = first()
    around.going[-1].pop()
    body = ir.Block(tuple(_sequence(rest, around)), span=span)
    return [_set(going, 1, span), *head, ir.If(reference(going, span), body, None, span=span)]


def _loop(node: ir.For | ir.While | ir.ForEach, around: _Surroundings) -> list[ir.Statement]:
    span = node.span
    if isinstance(node, ir.ForEach):
        return _loop_over_positions(node, around)
    body = _flat([node.body])
    leaves = _leaves_loop(body)
    stop = _flag("stop", span)
    around.stops.append(stop)
    around.going.append([])
    inside = _sequence(body, around)
    around.going.pop()
    around.stops.pop()
    if not leaves:
        return [replace(node, body=ir.Block(tuple(inside), span=span))]
    inside.append(ir.If(reference(stop, span), ir.Break(span=span), None, span=span))
    return [_set(stop, 0, span), replace(node, body=ir.Block(tuple(inside), span=span))]


def _loop_over_positions(node: ir.ForEach, around: _Surroundings) -> list[ir.Statement]:
    """`for (x in c)` as a loop over the positions of c, or the rows and columns of a matrix; see `ir.ForEach`."""
    span, container = node.span, node.container
    before: list[ir.Statement] = []
    if not isinstance(container, ir.Reference):
        held = ir.Variable("container", container.type, ir.Role.LOCAL, container.level, span)
        before = [_assign(held, container, span)]
        container = reference(held, span)
    matrix = isinstance(container.type, types.Matrix | types.ComplexMatrix)
    sizes = ("rows", "cols") if matrix else ("size",)
    positions = [_flag("position", span, ir.Role.LOOP) for _ in sizes]
    indices = tuple(ir.Single(reference(position, span), span=span) for position in positions)
    value = ir.Indexed(container, indices, type=node.variable.type, level=container.level, span=span)
    body: ir.Statement = ir.Block((_assign(node.variable, value, span), node.body), span=span)
    for position, size in reversed(list(zip(positions, sizes, strict=True))):
        length = ir.LibraryCall(size, (container,), type=types.Int(), level=ir.Level.DATA, span=span)
        body = ir.For(position, integer(1, span), length, body, span=span)
    assert isinstance(body, ir.For)
    return [*before, *_loop(body, around)]


# Which statements jump --------------------------------------------------------------------------


def jumps(node: ir.Statement) -> Jumps:
    """Whether control leaves the statement other than by its end."""
    match node:
        case ir.Break() | ir.Continue() | ir.Return():
            return "always"
        case ir.Block(statements):
            kinds = [jumps(inner) for inner in statements]
            return "always" if "always" in kinds else "maybe" if "maybe" in kinds else "never"
        case ir.Profile(_, body):
            return jumps(body)
        case ir.If(_, then, otherwise):
            kinds = [jumps(then), jumps(otherwise) if otherwise is not None else "never"]
            return kinds[0] if kinds[0] == kinds[1] else "maybe"
        case ir.For(_, _, _, body) | ir.ForEach(_, _, body) | ir.While(_, body):
            return "maybe" if _returns(body) else "never"
        case _:
            return "never"


def _all_jump(body: list[ir.Statement]) -> bool:
    return any(jumps(node) == "always" for node in body)


def _returns(node: ir.Statement | None) -> bool:
    match node:
        case ir.Return():
            return True
        case ir.Block(statements):
            return any(map(_returns, statements))
        case ir.If(_, then, otherwise):
            return _returns(then) or _returns(otherwise)
        case ir.For(_, _, _, body) | ir.ForEach(_, _, body) | ir.While(_, body) | ir.Profile(_, body):
            return _returns(body)
        case _:
            return False


def _leaves_loop(body: list[ir.Statement]) -> bool:
    """Whether a `break` of this loop or a `return` is inside."""
    return any(_breaks(node) or _returns(node) for node in body)


def _breaks(node: ir.Statement | None) -> bool:
    match node:
        case ir.Break():
            return True
        case ir.Block(statements):
            return any(map(_breaks, statements))
        case ir.If(_, then, otherwise):
            return _breaks(then) or _breaks(otherwise)
        case ir.Profile(_, body):
            return _breaks(body)
        case _:
            return False


# Flags ------------------------------------------------------------------------------------------


def _flag(name: str, span: Span, role: ir.Role = ir.Role.LOCAL) -> ir.Variable:
    return ir.Variable(name, types.Int(), role, ir.Level.DATA, span)


def _assign(variable: ir.Variable, value: ir.Expression, span: Span) -> ir.Statement:
    return ir.Assign(ir.Place(variable, (), variable.type, span=span), value, span=span)


def _set(flag: ir.Variable, value: int, span: Span) -> ir.Statement:
    return _assign(flag, integer(value, span), span)


def _clear(flags: list[ir.Variable], span: Span) -> list[ir.Statement]:
    return [_set(flag, 0, span) for flag in flags]
