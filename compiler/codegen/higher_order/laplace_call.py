"""The arguments of `laplace_marginal` and its relatives, sorted."""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass

from ... import ir
from ...library.laplace import LIKELIHOODS, known_likelihood
from ...synthetic import integer, reference
from ...types import Real, Tuple, Type, Vector
from .adapters import function_of

MAX_STEPS = 500
_COMPARISONS: dict[str, Callable[[float, float], bool]] = {">": operator.gt, ">=": operator.ge, "<=": operator.le}


@dataclass(frozen=True, slots=True)
class Limit:
    """What an argument that controls the search must be: as it compares with a bound, and in words."""

    number: ir.Expression
    what: str
    compared: str
    bound: int
    words: str

    def holds(self, value: float) -> bool:
        return _COMPARISONS[self.compared](value, self.bound)

    def sentence(self, call: str) -> str:
        """What is said of a value {0} that is not."""
        return f"`{call}`: {self.what} is {{0}}, but must be {self.words}"


@dataclass(frozen=True, slots=True)
class LaplaceCall:
    """`likelihood(theta, given)` with a prior of covariance `covariance(parts)`, whose Hessian has blocks."""

    likelihood: ir.Function
    given: tuple[ir.Expression, ...]
    block: ir.Expression
    covariance: ir.UserCall
    start: ir.Expression | None  # of the search for the mode; None: zeros
    max_steps: ir.Expression
    tolerance: ir.Expression  # of the log density at the mode; 0: what rounding leaves
    limits: tuple[Limit, ...]


def is_laplace(name: str) -> bool:
    return name.startswith("laplace_")


def sorted_arguments(e: ir.LibraryCall) -> LaplaceCall:
    """What the call is made of."""
    known = known_likelihood(e.name)
    place = next(n for n, a in enumerate(e.arguments) if n and isinstance(a, ir.FunctionReference))
    if known is None:
        reference = e.arguments[0]
        assert isinstance(reference, ir.FunctionReference)
        likelihood, given = function_of(reference), _parts(e.arguments[1])
    else:
        likelihood, given = _known_likelihood(known, e), e.arguments[: place - 1]
    prior = e.arguments[place]
    assert isinstance(prior, ir.FunctionReference)
    function = function_of(prior)
    parts = _parts(e.arguments[place + 1])
    level = ir.Level(max((part.level for part in parts), default=ir.Level.DATA))
    covariance = ir.UserCall(function, parts, type=function.result, level=level, span=e.span)
    steps: ir.Expression = integer(MAX_STEPS, e.span)
    tolerance: ir.Expression = ir.RealLiteral(0.0, type=Real(), level=ir.Level.DATA, span=e.span)
    start, block = None, e.arguments[place - 1]
    limits = [Limit(block, "hessian_block_size", ">", 0, "positive")]
    if "_tol" in e.name:
        start, tolerance, steps, solver, line_search, _ = _parts(e.arguments[-1])
        limits += [
            Limit(tolerance, "tolerance", ">=", 0, "at least 0"),
            Limit(steps, "max_num_steps", ">", 0, "positive"),
            Limit(solver, "solver", ">", 0, "1, 2 or 3"),
            Limit(solver, "solver", "<=", 3, "1, 2 or 3"),
            Limit(line_search, "max_steps_line_search", ">=", 0, "at least 0"),
        ]
    return LaplaceCall(likelihood, given, block, covariance, start, steps, tolerance, tuple(limits))


def blocks_differ(call: str) -> str:
    """What is said of blocks of size {0} that do not make up {1} latent variables."""
    return f"`{call}`: hessian_block_size is {{0}}, which does not divide the number of latent variables, {{1}}"


def _parts(e: ir.Expression) -> tuple[ir.Expression, ...]:
    """The elements of a tuple."""
    if isinstance(e, ir.TupleLiteral):
        return e.elements
    assert isinstance(e.type, Tuple)
    return tuple(
        ir.TupleElement(e, number, type=type, level=e.level, span=e.span)
        for number, type in enumerate(e.type.elements, 1)
    )


def _known_likelihood(name: str, e: ir.LibraryCall) -> ir.Function:
    """log p(y | theta[group] + m[group]) as a function of theta, y, the groups, the dispersion if any, and m."""
    parameters = tuple(
        ir.Variable(f"argument{n}", kind, ir.Role.ARGUMENT, ir.Level.PARAMETER, e.span)
        for n, kind in enumerate((Vector(), *LIKELIHOODS[name]))
    )
    theta, outcome, group, *rest = (reference(p, e.span) for p in parameters)

    def of_group(vector: ir.Expression) -> ir.Expression:
        index = (ir.Multiple(group, span=e.span),)
        return ir.Indexed(vector, index, type=Vector(), level=ir.Level.PARAMETER, span=e.span)

    def call(function: str, arguments: tuple[ir.Expression, ...], result: Type) -> ir.Expression:
        return ir.LibraryCall(function, arguments, type=result, level=ir.Level.PARAMETER, span=e.span)

    *dispersion, shift = map(of_group, rest)
    mean = call("add", (of_group(theta), shift), Vector())
    density = call(f"{name}_lpmf", (outcome, mean, *dispersion), Real())
    body = ir.Block((ir.Return(density, span=e.span),), span=e.span)
    return ir.Function(f"{name}_likelihood", parameters, (False,) * len(parameters), Real(), e.span, body)
