"""Declared constraints on what is known, data and transformed data, checked with NumPy by the transforms themselves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytensor.tensor as pt

from .. import ir
from ..codegen.block import compile_block
from ..library import registry
from ..library.evaluation import evaluate
from ..walk import mentioned
from . import errors
from .bounds import check_size
from .expressions import lower
from .generated import has_nan, numbers
from .scope import LoweringError, Scope
from .values import Value


def violation(name: str, value: Any, sized: ir.SizedType, scope: Scope) -> str | None:
    """What is wrong with a value under its declared constraint, if anything."""
    if isinstance(sized, ir.SizedTuple):
        for number, element in enumerate(sized.elements):
            found = violation(f"{name}.{number + 1}", value[number], element, scope)
            if found is not None:
                return found
        return None
    if sized.constraint is None:
        return None
    transform = registry.transforms()[sized.constraint.name]
    if np.size(value) == 0:
        lack = transform.lack(np.shape(value))
        return lack and f"`{name}` {lack}"
    bounds = []
    for argument in sized.constraint.arguments:
        bound = lower(argument, scope)
        assert isinstance(bound, Value)
        check_size(bound, argument, name, np.shape(value))
        bounds.append(np.asarray(bound.numbers, dtype=float))
    problem = transform.problem(np.asarray(value, dtype=float), *bounds)
    return None if problem is None else f"`{name}` {_joined(problem)}"


def _joined(problem: str) -> str:
    return problem if problem.startswith(("must", "is", "has")) else f"violates its constraint: {problem}"


def check_transformed_data(block: Sequence[ir.Statement], scope: Scope) -> None:
    """Stop where a density was given an argument outside its domain, or a variable ends outside its constraint."""
    for check in scope.checks:
        if not bool(evaluate(pt.as_tensor(check.condition), scope.table.values)):
            raise _named(block, scope) or errors.violated(check.span, check.text)
    for statement in block:
        if isinstance(statement, ir.Declare):
            value = numbers(scope.bindings[statement.variable].value)
            problem = violation(statement.variable.name, value, statement.sized, scope)
            if problem is not None:
                raise (_named(block, scope) if has_nan(value) else None) or errors.violated(statement.span, problem)


def _named(block: Sequence[ir.Statement], scope: Scope) -> LoweringError | None:
    """The first failure of the block, which runs statement by statement, or where the nan began that it is about."""
    given = sorted((v for v in mentioned(tuple(block)) if v.role is ir.Role.DATA), key=lambda v: v.span.start)
    declared = [statement.variable for statement in block if isinstance(statement, ir.Declare)]
    run = compile_block(block, given, declared, random=True, watching=True)
    problem = run.failure([numbers(scope.bindings[v].value) for v in given], np.random.default_rng(0))
    return None if problem is None else LoweringError(problem)
