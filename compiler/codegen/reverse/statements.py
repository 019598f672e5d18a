"""A statement's forward lines, and the lines that run it backwards: one clause for each kind."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from ... import ir
from .. import sums, tape, tilde
from ..adjoints import accumulate, pull_steps
from ..context import Context
from ..expressions import evaluate, stored
from ..statements import increment, statement
from ..values import Leaf, Slot, flatten
from ..writer import Writer
from . import control, writes
from .lines import pull, reverse_lines, without_unused
from .results import with_results_kept


def sweep(body: Sequence[ir.Statement], context: Context) -> list[str]:
    """Write the forward lines of the statements (which must not jump); return the lines of the reverse sweep."""
    pieces = [_statement(node, context) for node in body]
    return [line for piece in reversed(pieces) for line in piece]


def _statement(node: ir.Statement, context: Context) -> list[str]:
    simple = isinstance(node, ir.Declare | ir.Assign | ir.Unpack | ir.TargetIncrement | ir.CallStatement)
    if context.reads_target and simple and "target" in sums.added_in(node):
        return _with_target_kept(node, context)
    return with_results_kept(node, context, _any_statement)


def _with_target_kept(node: ir.Statement, context: Context) -> list[str]:
    """The statement, before whose reverse side the target is what it was."""
    before, total = context.temporary(), context.sums["target"]
    context.out.write(f"{before} = {total}")
    backwards = with_results_kept(node, context, _any_statement)
    tape.keep(Leaf(before, Slot("f", 0)), before, Slot("f", 0), context)
    return [*reverse_lines(context, lambda: tape.take_back(total, Slot("f", 0), context)), *backwards]


def _any_statement(node: ir.Statement, context: Context) -> list[str]:
    match node:
        case ir.Declare():
            return writes.declare(node, context)
        case ir.Assign():
            return writes.assign(node, context)
        case ir.Unpack():
            return writes.unpack(node, context)
        case ir.TargetIncrement(value):
            if context.reads_target or context.tapes is not None:  # or: this forward pass is the only one
                increment("target", value, context)
            else:
                _only_checked(value, context)
            return reverse_lines(context, lambda: _pull_increment("target", value, context))
        case ir.Tilde():
            return sweep(list(tilde.statements(node)), context)
        case ir.CallStatement(call):
            evaluate(call, context)
            return reverse_lines(context, lambda: pull(call, [], context))
        case ir.If():
            return control.branch(node, context)
        case ir.For():
            return control.count(node, context)
        case ir.While():
            return control.repeat(node, context)
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
            return reverse_lines(context, lambda: _pull_increment("jacobian", value, context))
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
        context.out.extend(without_unused(out.lines))


def _pull_increment(kind: str, value: ir.Expression, context: Context) -> None:
    context.steps = []
    leaves: list[Leaf] = list(flatten(stored(evaluate(value, context))))
    steps, context.steps = context.steps, None
    adjoint = f"{context.sums[kind]}_b"
    for leaf in leaves:
        accumulate(context, leaf, f"np.full({leaf}.shape, {adjoint})" if leaf.rank else adjoint)
    pull_steps(steps, context)
