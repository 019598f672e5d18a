"""Calls of functions that take functions: `reduce_sum` is inlined, a solver becomes one operation of the graph."""

from __future__ import annotations

from .. import ir
from . import errors, expressions
from .accesses import Dependent
from .frames import ROOT
from .scope import LoweringError, Scope
from .values import AnyValue, leaves


def call(e: ir.LibraryCall, scope: Scope) -> AnyValue:
    """The value of such a call. Inside loops over lanes that differ it is left to generated code."""
    try:
        from ..codegen.higher_order import desugar, solve_op
        from ..codegen.messages import ProgramError
    except ImportError:
        raise errors.not_supported(e.span, f"`{e.name}`") from None
    try:
        plain = desugar.as_user_call(e)
        if plain is not None:
            return expressions.lower(plain, scope)
        if e.name.endswith("_rng"):
            raise Dependent(f"`{e.name}` runs as generated code")
        given = [None if isinstance(a, ir.FunctionReference) else expressions.lower(a, scope) for a in e.arguments]
        if any(leaf.frame is not ROOT for value in given if value is not None for leaf in leaves(value)):
            raise Dependent(f"`{e.name}` runs once per iteration")
        return solve_op.build(e, given, scope.table)
    except ProgramError as problem:
        raise LoweringError(problem.diagnostic) from None
