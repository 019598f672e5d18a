"""Calls of functions that take functions: `reduce_sum` and `map_rect` are inlined, a solver becomes one operation."""

from __future__ import annotations

from .. import ir
from ..codegen.higher_order import desugar, solve_op
from ..codegen.messages import ProgramError
from ..synthetic import integer, reference
from ..types import Int, Matrix, Vector
from . import errors, expressions, laplace
from .accesses import Dependent
from .frames import ROOT
from .scope import LoweringError, Scope
from .values import AnyValue, Value, leaves


def call(e: ir.LibraryCall, scope: Scope) -> AnyValue:
    """The value of such a call. Inside loops over lanes that differ solvers are left to generated code."""
    _check_groups(e, scope)
    if e.name == "map_rect" and scope.lanes is ROOT:
        found = _batched_jobs(e, scope)
        if found is not None:
            return found
    try:
        plain = desugar.as_user_call(e)
        if plain is not None:
            _check_grainsize(e, scope)
            return expressions.lower(plain, scope)
        if e.name.startswith("laplace_marginal"):
            return laplace.marginal(e, scope)
        if e.name.endswith("_rng") or e.name.startswith("laplace_latent"):
            raise Dependent(f"`{e.name}` runs as generated code")
        given = [None if isinstance(a, ir.FunctionReference) else expressions.lower(a, scope) for a in e.arguments]
        if any(leaf.frame is not ROOT for value in given if value is not None for leaf in leaves(value)):
            raise Dependent(f"`{e.name}` runs once per iteration")
        return solve_op.build(e, given, scope.table)
    except ProgramError as problem:
        raise LoweringError(problem.diagnostic) from None


def _check_grainsize(e: ir.LibraryCall, scope: Scope) -> None:
    grainsize = desugar.grainsize(e)
    if grainsize is None:
        return
    size = expressions.lower(grainsize, scope)
    if not isinstance(size, Value) or not size.concrete:
        raise Dependent(f"the grainsize of `{e.name}` is checked while the program runs")
    if (size.numbers < 1).any():
        wrong = size.numbers[size.numbers < 1].flat[0]
        raise errors.outside_domain(grainsize.span, desugar.SMALL_GRAINS.format(name=e.name).format(wrong))


def _check_groups(e: ir.LibraryCall, scope: Scope) -> None:
    counts: list[int] = []
    for argument, name in desugar.groups(e):
        counts.append(next(iter(leaves(expressions.lower(argument, scope)))).shape[0])
        if counts[0] != counts[-1]:
            sentence = desugar.OTHER_GROUPS.format(name=name).format(counts[0], counts[-1])
            raise errors.sizes_differ(argument.span, sentence)


def _batched_jobs(e: ir.LibraryCall, scope: Scope) -> AnyValue | None:
    """The jobs of `map_rect` as one loop over the columns of a matrix, where all results have one size."""
    from . import statements

    jobs = next(iter(leaves(expressions.lower(e.arguments[2], scope)))).shape[0]
    if jobs < 2:
        return None
    first, last = integer(1, e.span), integer(jobs, e.span)
    saved = scope.save()
    try:
        size = next(iter(leaves(expressions.lower(desugar.job(e, first), scope)))).shape[0]
        scope.restore(saved)
        results = ir.Variable("results", Matrix(), ir.Role.LOCAL, ir.Level.PARAMETER, e.span)
        number = ir.Variable("job", Int(), ir.Role.LOOP, ir.Level.DATA, e.span)
        sizes = (integer(size, e.span), last)
        statements.execute(
            ir.Declare(results, ir.Sized(Matrix(), (), sizes, None, span=e.span), None, span=e.span), scope
        )
        at = reference(number, e.span)
        column = ir.Place(results, ((ir.All(span=e.span), ir.Single(at, span=e.span)),), Vector(), span=e.span)
        body = ir.Assign(column, desugar.job(e, at), span=e.span)
        statements.execute_as_graph(ir.For(number, first, last, body, span=e.span), scope)
        joined = ir.LibraryCall(
            "to_vector", (reference(results, e.span),), type=Vector(), level=results.level, span=e.span
        )
        return expressions.lower(joined, scope)
    except (Dependent, LoweringError):
        scope.restore(saved)
        return None
