"""Mistakes in declarations of variables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from pplc.grammar import tree
from pplc.grammar.diagnostics import Diagnostic, Mark
from pplc.grammar.source import Span

from ... import ir
from ...types import Real, Type
from .statements import assignment_type
from .words import a, on_line_of


def initial_type(whole: Span, declarator: tree.Declarator, given: Type, variable: ir.Variable) -> Diagnostic:
    """The value given with a declaration has another type than the variable."""
    value = declarator.value.span if declarator.value else declarator.span
    wrong = assignment_type(value, given, variable.name, variable.type, variable.span)
    begin = Span(whole.source, whole.start, variable.span.end) if variable.span.line == whole.line else whole
    mark, related = on_line_of(whole, begin, wrong.mark, *wrong.related)
    return replace(wrong, mark=mark, related=related)


def bound_type(argument: tree.ConstraintArgument, given: Type, declared: Type) -> Diagnostic:
    """A bound that is neither a number nor shaped like the variable."""
    return Diagnostic(
        code="bound-type",
        title=f"`{argument.keyword}` has to be a number"
        + (f" or {a(declared)}" if str(declared) not in ("int", "real") else "")
        + f", not {a(given)}",
        mark=Mark(argument.value.span, f"this is {a(given)}"),
    )


def integer_bound(constraint: Sequence[tree.ConstraintArgument], bounds: Mapping[str, ir.Expression]) -> Diagnostic:
    """A real bound of an int."""
    wrong = next(argument for argument in constraint if bounds[argument.keyword].type == Real())
    return Diagnostic(
        code="integer-bound",
        title="the bounds of an int have to be ints",
        mark=Mark(wrong.value.span, "this is a real"),
    )


def complex_constraint(node: tree.SizedType) -> Diagnostic:
    """Bounds on complex numbers, which have no order."""
    return Diagnostic(
        code="complex-constraint",
        title="complex variables cannot be constrained",
        mark=Mark(node.constraint[0].span.to(node.constraint[-1].span), "complex numbers have no order"),
        help="declare real and imaginary parts with their bounds and join them with `to_complex`",
    )


def integer_parameter(span: Span, block: str) -> Diagnostic:
    """An int in parameters or transformed parameters."""
    summed = "add up the density over its values with `log_sum_exp`, and draw it in generated quantities"
    elsewhere = "declare it in the model block or in generated quantities, or as a real"
    return Diagnostic(
        code="integer-parameter",
        title=f"variables of {block} cannot be ints",
        mark=Mark(span, "a density has no derivative with respect to an int"),
        help=summed if block == "parameters" else elsewhere,
    )
