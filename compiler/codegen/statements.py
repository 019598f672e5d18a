"""Statements: typed IR to lines of Python."""

from __future__ import annotations

from contextlib import nullcontext
from typing import assert_never

from pplc.grammar.source import Span

from .. import ir, types
from ..walk import assigned, mentioned
from . import functions, places, tilde
from .context import Context
from .expressions import evaluate, stored, test
from .messages import Output, notes
from .values import Leaf, Slot, Slots, each, flatten, only, renamed, slots
from .writer import Writer


def statement(node: ir.Statement, context: Context) -> None:
    """Write the lines of one statement."""
    match node:
        case ir.Declare():
            places.declare(node, context)
        case ir.Assign():
            places.assign(node, context)
        case ir.Unpack():
            places.unpack(node, context)
        case ir.Block(statements):
            for inner in statements:
                statement(inner, context)
        case ir.Profile(_, body):
            statement(body, context)
        case ir.If(condition, then, otherwise):
            with context.block(f"if {test(condition, context)}:"):
                statement(then, context)
            if otherwise is not None:
                with context.block("else:"):
                    statement(otherwise, context)
        case ir.For():
            _for(node, context)
        case ir.ForEach():
            _for_each(node, context)
        case ir.While(condition, body):
            _while(condition, body, context)
        case ir.Break():
            context.out.write("break")
        case ir.Continue():
            context.out.write("continue")
        case ir.Return(value):
            functions.return_value(value, context)
        case ir.TargetIncrement(value):
            increment("target", value, context)
        case ir.JacobianIncrement(value):
            increment("jacobian", value, context)
        case ir.Tilde():
            for step in tilde.statements(node):
                statement(step, context)
        case ir.CallStatement(call):
            evaluate(call, context)
        case ir.Print(arguments):
            _record("print", arguments, node.span, context)
        case ir.Reject(arguments):
            _stop("reject", arguments, node.span, context)
        case ir.FatalError(arguments):
            _stop("fatal_error", arguments, node.span, context)
        case _:
            assert_never(node)


def increment(kind: str, value: ir.Expression, context: Context) -> None:
    """`target += value` or `jacobian += value`: a container counts with the sum of its elements.

    In code that watches nan a sum says where it was nan first.
    """
    for leaf in flatten(stored(evaluate(value, context))):
        assert isinstance(leaf, Leaf)
        total = context.sums[kind]
        with context.out.block(f"if {total} == {total}:") if context.unit.watching else nullcontext():
            context.out.write(f"{total} += {f'np.sum({leaf})' if leaf.rank else leaf}")


# Loops ------------------------------------------------------------------------------------------


def _for(node: ir.For, context: Context) -> None:
    lower = only(stored(evaluate(node.lower, context)))
    upper = only(stored(evaluate(node.upper, context)))
    end = str(int(upper.text) + 1) if upper.text.isdigit() else f"{upper} + 1"
    name = context.name(node.variable.name)
    context.variables[node.variable] = Leaf(name, Slot("i", 0), name=name)
    context.fixed.add(name)
    context.counters.append((node.variable.name, name))
    with context.block(f"for {name} in range({lower}, {end}):"):
        statement(node.body, context)
    context.counters.pop()


def _for_each(node: ir.ForEach, context: Context) -> None:
    container = each(evaluate(node.container, context), context.bind)
    changes = bool(mentioned(node.container) & assigned(node.body))
    if changes and not isinstance(node.container, ir.Reference):
        container = each(container, lambda leaf: _copy(leaf, context))
    first: Leaf = next(flatten(container))
    if isinstance(node.container.type, types.Matrix | types.ComplexMatrix):  # its elements, row by row
        name = context.name(node.variable.name)
        row, column = context.temporary(), context.temporary()
        context.variables[node.variable] = Leaf(name, Slot(first.kind, 0), name=name)
        rows, columns = (f"for {at} in range({first.size(axis)}):" for axis, at in enumerate((row, column)))
        with context.block(rows), context.block(columns):
            context.out.write(f"{name} = {first}[{row}, {column}]")
            statement(node.body, context)
        return
    variable = places.declare_name(node.variable, context)
    item = context.temporary()
    with context.block(f"for {item} in range({first.size(0)}):"):
        for element, whole in zip(flatten(variable), flatten(container), strict=True):
            copied = ".copy()" if changes and element.rank else ""  # the element as it was when its turn came
            context.out.write(f"{element} = {whole}[{item}]{copied}")
        statement(node.body, context)


def _copy(leaf: Leaf, context: Context) -> Leaf:
    copy = renamed(leaf, context.temporary())
    context.out.write(f"{copy} = {leaf}.copy()")
    return copy


def _while(condition: ir.Expression, body: ir.Statement, context: Context) -> None:
    with context.elsewhere(Writer()) as lines:
        asked = test(condition, context)
    if not lines.lines:
        with context.block(f"while {asked}:"):
            statement(body, context)
        return
    with context.block("while True:"):
        context.out.extend(lines.lines)
        with context.block(f"if not ({asked}):"):
            context.out.write("break")
        statement(body, context)


# Messages ---------------------------------------------------------------------------------------


def _record(kind: str, arguments: tuple[ir.Expression, ...], span: Span, context: Context) -> int:
    """Write the values to the message buffer; the code of the place."""
    parts: list[str | Slots] = []
    lines: list[str] = []
    for argument in arguments:
        if isinstance(argument, ir.StringLiteral):
            parts.append(argument.value)
            continue
        value = stored(evaluate(argument, context))
        parts.append(slots(argument.type))
        for leaf in flatten(value):
            lines.extend(notes(context.bind(leaf)))
    code = context.unit.messages.code(Output(kind, tuple(parts), span))
    context.out.write(f"begin(_messages, {code})")
    context.out.extend(lines)
    return code


def _stop(kind: str, arguments: tuple[ir.Expression, ...], span: Span, context: Context) -> None:
    code = _record(kind, arguments, span, context)
    context.out.write(f"fail(_messages, {code}, 0.0, 0.0)")
    context.out.write(context.failing)
