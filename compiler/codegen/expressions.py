"""Expressions: typed IR to Python text, with the lines that must run before it written on the way."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from pplc.grammar.source import Span

from .. import ir, types
from . import calls, functions
from .adjoints import accumulate, pull_branches
from .context import Context, Step
from .elementwise import copy
from .indexing import Range, read, resolve
from .messages import Site
from .values import Leaf, Slot, Slots, Value, contiguous, each, flatten, only, part, renamed, slots, unflatten
from .writer import Writer


def evaluate(expression: ir.Expression, context: Context) -> Value:
    """The value as text; index checks, calls that can fail and the like are written to `context.out` first."""
    match expression:
        case ir.IntegerLiteral(value):
            return Leaf(str(value), Slot("i", 0))
        case ir.RealLiteral(value):
            return Leaf(repr(float(value)), Slot("f", 0))
        case ir.ImaginaryLiteral(value):
            return Leaf(f"{value!r}j", Slot("c", 0))
        case ir.Reference(variable):
            return context.variables[variable]
        case ir.Promote(value):
            return _promote(evaluate(value, context), expression.type, context)
        case ir.Conditional(test, then, otherwise):
            return _conditional(test, then, otherwise, slots(expression.type), context)
        case ir.And(left, right):
            return _short_circuit(left, right, "and", context)
        case ir.Or(left, right):
            return _short_circuit(left, right, "or", context)
        case ir.LibraryCall():
            return calls.library_call(expression, context)
        case ir.UserCall():
            return functions.call(expression, context)
        case ir.Indexed(base, indices):
            return _indexed(base, indices, context)
        case ir.TupleElement(base, number):
            return part(evaluate(base, context), number - 1)
        case ir.TargetValue():
            return _target(context)
        case ir.ArrayLiteral(elements) | ir.RowVectorLiteral(elements):
            return _stack([evaluate(element, context) for element in elements], expression, context)
        case ir.MatrixLiteral(rows):
            return _stack([evaluate(row, context) for row in rows], expression, context)
        case ir.TupleLiteral(elements):
            return tuple(evaluate(element, context) for element in elements)
        case ir.StringLiteral() | ir.FunctionReference():
            raise AssertionError("has no value of its own")
        case _:
            assert_never(expression)


def test(expression: ir.Expression, context: Context) -> str:
    """A condition: the text of something Python takes as true or false."""
    leaf = only(evaluate(expression, context))
    return leaf.text if leaf.kind == "b" else f"{leaf} != 0"


def integer(leaf: Leaf) -> Leaf:
    """A truth value as 0 or 1; other leaves as they are."""
    return Leaf(f"int({leaf})", Slot("i", 0)) if leaf.kind == "b" else leaf


def stored(value: Value) -> Value:
    """The value with truth values turned into integers, as variables and arguments hold it."""
    return each(value, integer)


def _target(context: Context) -> Leaf:
    """`target()`, which has an adjoint of its own."""
    total = context.sums["target"]
    leaf = Leaf(name := context.temporary(), Slot("f", 0), name=name)
    context.out.write(f"{leaf} = {total}")
    if context.steps is not None:
        context.steps.append(Step((leaf,), lambda context, adjoint: context.out.write(f"{total}_b += {adjoint}")))
    return leaf


# Promotion --------------------------------------------------------------------------------------


def _promote(value: Value, type: types.Type, context: Context) -> Value:
    wanted = slots(type)
    promoted = (_promote_leaf(leaf, to, context) for leaf, to in zip(flatten(value), flatten(wanted), strict=True))
    return unflatten(wanted, promoted)


def _promote_leaf(leaf: Leaf, wanted: Slot, context: Context) -> Leaf:
    if leaf.kind == wanted.kind:
        return leaf
    if leaf.text.removeprefix("-").isdigit() and wanted.kind == "f":
        return Leaf(f"{leaf}.0", wanted)
    if leaf.rank:
        text = f"{leaf}.astype({wanted.dtype})"
    else:
        text = f"float({leaf})" if wanted.kind == "f" else f"complex({leaf}, 0.0)"

    def pull(context: Context, adjoint: str) -> None:  # real to complex
        accumulate(context, leaf, f"{adjoint}.real")

    return context.result(text, wanted, pull if leaf.kind == "f" else None, sources=(leaf,))


# Evaluating one side only -----------------------------------------------------------------------


def _short_circuit(left: ir.Expression, right: ir.Expression, operator: str, context: Context) -> Leaf:
    first = test(left, context)
    with context.elsewhere(Writer()) as lines:
        second = test(right, context)
    truth = Slot("b", 0)
    if not lines.lines:
        return Leaf(f"({first} {operator} {second})", truth)
    name = context.temporary()
    context.out.write(f"{name} = {_as_bool(first)}")
    with context.block(f"if {name}:" if operator == "and" else f"if not {name}:"):
        context.out.extend(lines.lines)
        context.out.write(f"{name} = {_as_bool(second)}")
    return renamed(Leaf(name, truth), name)


def _as_bool(text: str) -> str:
    return f"({text})"


def _conditional(condition: ir.Expression, then: ir.Expression, otherwise: ir.Expression, wanted: Slots,
                 context: Context) -> Value:  # fmt: skip
    asked = test(condition, context)
    if context.steps is None:
        with context.elsewhere(Writer()) as lines:
            first, second = stored(evaluate(then, context)), stored(evaluate(otherwise, context))
        if not lines.lines and isinstance(first, Leaf) and isinstance(second, Leaf) and not first.rank:
            return Leaf(f"({first} if {asked} else {second})", first.slot)
    results = [Leaf(name := context.temporary(), one, name=name) for one in flatten(wanted)]
    name = context.temporary()
    context.out.write(f"{name} = {asked}")
    asked = name
    branches = []
    for head, branch in ((f"if {asked}:", then), ("else:", otherwise)):
        before, context.steps = context.steps, None if context.steps is None else []
        with context.block(head):
            ends = list(flatten(stored(evaluate(branch, context))))
            for result, leaf in zip(results, ends, strict=True):
                shown = leaf.rank and not leaf.fresh  # a variable's memory, which may be written before this is read
                context.out.write(f"{result} = {f'{leaf}.copy()' if shown else contiguous(leaf)}")
        branches.append((head, context.steps or [], ends))
        context.steps = before
    if context.steps is not None:
        context.steps.append(Step(tuple(results), pull_branches(branches, results)))
    return unflatten(wanted, iter(results))


# Containers -------------------------------------------------------------------------------------


def _indexed(base: ir.Expression, indices: Sequence[ir.Index], context: Context) -> Value:
    value = evaluate(base, context)
    name = base.variable.name if isinstance(base, ir.Reference) else base.span.text
    if isinstance(value, Leaf):
        leaf = context.bind(value)
        return read(leaf, resolve(leaf, indices, name, context, evaluate), context)
    first = context.bind(next(flatten(*value)))
    axes = resolve(first, indices, name, context, evaluate)  # the same array axes for every leaf
    axes = axes[: len(indices)]

    def select(leaf: Leaf) -> Leaf:
        bound = context.bind(leaf)
        return read(bound, [*axes, *[Range()] * (bound.rank - len(axes))], context)

    return each(value, select)


def _stack(elements: list[Value], literal: ir.Expression, context: Context) -> Value:
    """An array of the elements, which have equal sizes."""

    def stack(elements: list[Value], wanted: Slots) -> Value:
        if isinstance(wanted, Slot):
            return _stack_leaves(list(map(only, elements)), wanted, literal.span, context)
        return tuple(stack([part(element, n) for element in elements], inner) for n, inner in enumerate(wanted))

    return stack(elements, slots(literal.type))


def _stack_leaves(elements: list[Leaf], wanted: Slot, span: Span, context: Context) -> Leaf:
    leaves = [context.bind(integer(element)) for element in elements]
    if not leaves:
        return Leaf(wanted.empty, wanted, fresh=True)
    sizes = "".join(f", {leaves[0].size(axis)}" for axis in range(leaves[0].rank))
    name = context.temporary()
    context.out.write(f"{name} = np.empty(({len(leaves)}{sizes or ','}), {wanted.dtype})")
    for number, leaf in enumerate(leaves):
        if leaf.rank and number:
            condition = " or ".join(f"{leaf.size(axis)} != {leaves[0].size(axis)}" for axis in range(leaf.rank))
            site = Site("size-mismatch", "the elements of this array differ in size ({0} and {1})", span)
            context.fail_if(condition, site, leaves[0].size(0), leaf.size(0))
        context.out.write(copy(context.unit, leaf.rank, f"{name}[{number}]", str(leaf)))

    def pull(context: Context, adjoint: str) -> None:
        for number, leaf in enumerate(leaves):
            accumulate(context, leaf, f"{adjoint}[{number}]")

    return context.result(name, wanted, pull, sources=leaves)
