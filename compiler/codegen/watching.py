"""Code that watches nan: each nan says where it began, in its payload (`origins.py`).

Many functions are nan beyond their domain without complaint, in Stan as well (`log(-1)`), and nan arises of infinities
(`x - x`). In such code a call whose result has a nan that says nothing puts that right: where an argument is nan the
nan comes from there, and otherwise the call has made it, of numbers that a record keeps. Copies and arithmetic hand
payloads on, so that only calls have to be looked at, variables before their first value, and what comes from outside.
In the end a nan that matters tells where it began, and one that comes to nothing is not blamed.
"""

from __future__ import annotations

from collections.abc import Sequence

from pplc.grammar.source import Span

from .. import ir
from ..types import Type
from .context import Context, is_literal
from .elementwise import Elementwise
from .messages import Output, notes
from .origins import MOST_CODES, POSITIONS, Given, MadeNan, Origin, Unset
from .support import LAST_NAN
from .values import Leaf, Slot, Value, flatten, unflatten

_SILENT = {"f": "says_nothing({0})", "c": "(says_nothing({0}.real) or says_nothing({0}.imag))"}
_SAID = {"f": "payload({0})", "c": "max(payload({0}.real), payload({0}.imag))"}
_SAYING = {"f": "with_payload({0}, {1})", "c": "complex(with_payload({0}.real, {1}), with_payload({0}.imag, {1}))"}

# What the first nan says that says something; 0 if none does.
_ORIGIN = {
    kind: Elementwise(f"origin_{kind}", "array", "array",
                      ("if found == 0:", f"    found = {text.format('array[at]')}"), "found = 0", "found")
    for kind, text in _SAID.items()
}  # fmt: skip
# The position, from 1, of the first nan that says nothing; if there is none, less than 1.
_FIRST = {
    kind: Elementwise(f"silent_{kind}", "array", "array",
                      ("if found <= 0:", "    found -= 1",
                       f"    if {text.format('array[at]')}:", "        found = -found"), "found = 0", "found")
    for kind, text in _SILENT.items()
}  # fmt: skip
_SAY = {
    kind: Elementwise(f"say_{kind}", "array, origin", "array", (f"array[at] = {text.format('array[at]', 'origin')}",))
    for kind, text in _SAYING.items()
}


def watched(call: ir.LibraryCall, arguments: Sequence[Leaf], value: Value, context: Context) -> Value:
    """The value of a call, in which every nan says where it comes from."""
    return _watched(call, tuple(argument.type for argument in call.arguments), arguments, value, context)


def method_begins(context: Context) -> None:
    """Before a numerical method runs, which may meet nan on its way."""
    if context.unit.watching:
        context.out.write(f"_messages[{LAST_NAN}] = 0.0")


def watched_method(call: ir.LibraryCall, arguments: Sequence[Leaf], value: Value, context: Context) -> Value:
    """The value that a numerical method found: what its function made nan last is looked at after the arguments."""
    last = Leaf(f"_messages[{LAST_NAN}]", Slot("f", 0))
    return _watched(call, None, [*arguments, last], value, context)


def _watched(call: ir.LibraryCall, types: tuple[Type, ...] | None, arguments: Sequence[Leaf], value: Value,
             context: Context) -> Value:  # fmt: skip
    if not context.unit.watching or context.steps is not None:
        return value
    if not any(leaf.kind in "fc" and not is_literal(leaf.text) for leaf in flatten(value)):  # `pi()` is its number
        return value
    results = [context.bind(leaf) for leaf in flatten(value)]
    able = [leaf for leaf in results if leaf.kind in "fc"]
    made = MadeNan(call.name, types, call.type, call.span, tuple(name for name, _ in context.counters))
    counters = [Leaf(counter, Slot("i", 0)) for _, counter in context.counters]
    with context.out.block(f"if {' or '.join(_is_silent(leaf, context) for leaf in able)}:"):
        origin = _origin_among(arguments, context)
        with context.out.block(f"if {origin} == 0:"):
            _record(made, origin, able, [*(arguments if types else ()), *counters], context)
            context.out.write(f"_messages[{LAST_NAN}] = with_payload(nan, {origin})")
        for leaf in able:
            _say(leaf, origin, context)
    return unflatten(value, iter(results))


def without_value(variable: ir.Variable, slot: Slot, context: Context) -> str:
    """What a variable holds before its first assignment."""
    if not context.unit.watching or slot.kind not in "fc":
        return slot.unset
    nan = f"with_payload(nan, {_number(Unset(variable.name, variable.span), context)})"
    return nan if slot.kind == "f" else f"complex({nan}, {nan})"


def watch_input(variable: ir.Variable, made_of: Sequence[ir.Expression], context: Context) -> None:
    """Let a nan in a variable from outside say so, or where it began in what the variable is `made_of`."""
    from .expressions import evaluate, stored

    for leaf in flatten(context.variables[variable]):
        if leaf.kind not in "fc":
            continue
        with context.block(f"if {_is_silent(leaf, context)}:"):
            if leaf.rank:  # it is the caller's
                context.out.write(f"{leaf} = {leaf}.copy()")
            parts = [stored(evaluate(expression, context)) for expression in made_of]
            origin = _origin_among([context.bind(part) for part in flatten(*parts)], context)
            with context.out.block(f"if {origin} == 0:"):
                place = Given(variable.name, variable.role, variable.span, leaf.rank)
                sizes = [Leaf(leaf.size(axis), Slot("i", 0)) for axis in range(leaf.rank)]
                _record(place, origin, [leaf], sizes, context)
            _say(leaf, origin, context)


def end_if_nan(total: str, span: Span, context: Context) -> None:
    """End the function where the total is a nan that says where it began."""
    code = context.unit.messages.code(Output("not-a-number", (Slot("f", 0),), span))
    with context.out.block(f"if payload({total}) != 0:"):
        context.out.extend([f"begin(_messages, {code})", f"note(_messages, {total})"])
        context.out.write(f"fail(_messages, {code}, 0.0, 0.0)")
        context.out.write(context.failing)


# Pieces -----------------------------------------------------------------------------------------


def _is_silent(leaf: Leaf, context: Context) -> str:
    """Whether there is a nan that says nothing."""
    if not leaf.rank:
        return _SILENT[leaf.kind].format(leaf)
    looked_through = f"{_FIRST[leaf.kind].call(context.unit, leaf.rank, str(leaf))} > 0"
    # Of arrays without nan the sum tells most: in plain Python a loop takes a hundred times as long.
    return f"(np.sum({leaf}) * 0.0 != 0.0 and {looked_through})" if leaf.kind == "f" else looked_through


def _origin_among(leaves: Sequence[Leaf], context: Context) -> str:
    """A name for what the first nan in these says that says something, 0 if none does."""
    origin = context.temporary()
    context.out.write(f"{origin} = 0")
    for leaf in leaves:
        if leaf.kind in "fc":
            found = _ORIGIN[leaf.kind].call(context.unit, leaf.rank, str(leaf)) if leaf.rank else _SAID[leaf.kind]
            with context.out.block(f"if {origin} == 0:"):
                context.out.write(f"{origin} = {found.format(leaf)}")
    return origin


def _number(place: Origin, context: Context) -> int:
    """What a nan says that begins at a place, but for its record."""
    code = context.unit.messages.code(place)
    return code * POSITIONS if code < MOST_CODES else 0


def _record(place: Origin, origin: str, nan: Sequence[Leaf], values: Sequence[Leaf], context: Context) -> None:
    """Let `origin` be what the first nan in `nan` says, which begins here, and keep where it is and some values.

    Half of the buffer is left to other messages.
    """
    context.out.write(f"{origin} = {_number(place, context)}")
    sizes = [f"{leaf}.size" if leaf.rank else "2" for leaf in values]
    with context.out.block(f"if 2 * (_messages[1] + {' + '.join([*sizes, '16'])}) < _messages.size:"):
        context.out.write(f"{origin} += int(_messages[1])")
        context.out.write(f"begin(_messages, {context.unit.messages.code(place)})")
        first = context.temporary()
        context.out.write(f"{first} = 1")
        for leaf in nan:
            if leaf.rank:
                context.out.write(f"{first} = {_FIRST[leaf.kind].call(context.unit, leaf.rank, str(leaf))}")
                break
        context.out.write(f"note(_messages, max({first}, 1))")
        for leaf in values:
            context.out.extend(notes(leaf))


def _say(leaf: Leaf, origin: str, context: Context) -> None:
    """Let the nans that say nothing say where they come from."""
    if leaf.rank:
        context.out.write(_SAY[leaf.kind].call(context.unit, leaf.rank, str(leaf), origin))
    else:
        context.out.write(f"{leaf} = {_SAYING[leaf.kind].format(leaf, origin)}")
