"""The embedded Laplace approximation: two functions, each with its arguments in a tuple.

    laplace_marginal(likelihood, (arguments), block_size, covariance, (arguments) [, (control)])

The forms for a known likelihood (`laplace_marginal_poisson_log_lpmf`, ...) take its data and parameters in the
place of the first two.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from pplc.grammar import tree
from pplc.grammar.source import Span

from .. import ir
from ..library.definitions import Signature
from ..library.laplace import LIKELIHOODS, known_likelihood
from ..signatures import (
    Ambiguous,
    Argument,
    Chosen,
    FunctionMismatch,
    NoneFits,
    WrongCount,
    WrongResult,
    WrongSuffix,
    choose,
    function_mismatch,
    mismatch,
)  # fmt: skip
from ..types import FunctionType, Int, Matrix, Real, Tuple, Type, Vector, Void
from ..walk import nodes
from . import build
from .dependence import parts_vary, varies
from .errors import laplace as errors
from .errors.overloads import ambiguous_function
from .overloads import Overload, as_arguments, as_function, function_reference, overloads_of
from .scopes import Scope, normalised

NAMES = (
    *(f"laplace_{what}" for what in ("marginal", "marginal_tol", "latent_rng", "latent_tol_rng")),
    *(f"laplace_{what}" for what in ("latent_solve", "latent_solve_tol")),
    *(f"laplace_marginal{tol}_{helper}_lpmf" for helper in LIKELIHOODS for tol in ("", "_tol")),
    *(f"laplace_latent{tol}_{helper}_rng" for helper in LIKELIHOODS for tol in ("", "_tol")),
)
_KNOWN = frozenset(NAMES)

# theta_0, tolerance, max_num_steps, solver, max_steps_line_search, allow_fallthrough
_CONTROL = Signature((Vector(), Real(), Int(), Int(), Int(), Int()), Void(), (False, True, True, True, True, True))

# Library functions without the higher derivatives that the approximation takes of the likelihood.
_FIRST_ORDER = frozenset(
    (
        "algebra_solver", "algebra_solver_newton", "integrate_1d", "integrate_ode", "integrate_ode_adams",
        "integrate_ode_bdf", "integrate_ode_rk45", "map_rect", "hmm_marginal", "hmm_hidden_state_prob",
    )
)  # fmt: skip


def is_laplace(name: str) -> bool:
    """Whether it is one of these functions."""
    return normalised(name) in _KNOWN


def check_laplace(
    function: tree.Identifier, arguments: tuple[ir.Expression, ...], span: Span, scope: Scope
) -> ir.LibraryCall | None:
    """A call of one of them."""
    name = normalised(function.name)
    likelihood = _check_likelihood(name, arguments, span, scope)
    if likelihood is None:
        return None
    rest = arguments[len(likelihood) :]
    block_size = _check_block_size(name, likelihood, rest, scope)
    if block_size is None:
        return None
    kernel = as_function(rest[1], scope) if len(rest) > 2 else None
    if kernel is None:
        scope.report(errors.covariance_expected(name, span, rest[1] if len(rest) > 1 else None))
        return None
    if _must_be_data(name, rest[2], scope):
        return None
    covariance = _callable_with(name, kernel, rest[2], (), Matrix(), scope)
    if covariance is None or not _check_control(name, span, rest[3:], scope):
        return None
    complete = (*likelihood, block_size, *covariance, *(_promoted_control(control) for control in rest[3:]))
    return build.library_call(name, complete, _result(name), span)


def _result(name: str) -> Type:
    if name.endswith("_rng"):
        return Vector()
    return Tuple((Vector(), Matrix())) if "_solve" in name else Real()


# The likelihood -----------------------------------------------------------------------------------


def _check_likelihood(
    name: str, arguments: tuple[ir.Expression, ...], span: Span, scope: Scope
) -> tuple[ir.Expression, ...] | None:
    """The arguments that make the likelihood: those of a known one, or a function and its tuple."""
    if (known_name := known_likelihood(name)) is not None:
        helper = LIKELIHOODS[known_name]
        known = Signature(helper, Real())
        given = arguments[: len(helper)]
        if reason := mismatch(known, as_arguments(given, scope)):
            scope.report(errors.likelihood_arguments(name, span, arguments, reason, helper))
            return None
        return build.promote_all(given, known)
    if len(arguments) > 1 and _must_be_data(name, arguments[1], scope):
        return None
    function = as_function(arguments[0], scope) if len(arguments) > 1 else None
    if function is None:
        scope.report(errors.likelihood_expected(name, span, arguments[0] if arguments else None))
        return None
    scope.program.differentiated.append(function)
    return _callable_with(name, function, arguments[1], (Vector(),), Real(), scope)


def _must_be_data(name: str, given: ir.Expression, scope: Scope) -> bool:
    """Whether a tuple for `laplace_latent_solve` depends on parameters, which is reported."""
    if "_solve" not in name or not varies(given, scope):
        return False
    parts = given.elements if isinstance(given, ir.TupleLiteral) else (given,)
    scope.report(errors.solve_needs_data(name, next(part for part in parts if varies(part, scope))))
    return True


def _check_block_size(
    name: str, likelihood: tuple[ir.Expression, ...], rest: tuple[ir.Expression, ...], scope: Scope
) -> ir.Expression | None:
    if not rest:
        scope.report(errors.block_size_missing(name, likelihood[-1].span))
        return None
    if rest[0].type != Int() or varies(rest[0], scope):
        scope.report(errors.block_size(name, rest[0]))
        return None
    return rest[0]


# A function and the tuple of its arguments --------------------------------------------------------


def _callable_with(
    name: str,
    reference: ir.FunctionReference,
    arguments: ir.Expression,
    required: tuple[Type, ...],
    result: Type,
    scope: Scope,
) -> tuple[ir.Expression, ir.Expression] | None:
    """The overload that is called with `required` and then the elements of the tuple, and the tuple promoted."""
    if not isinstance(arguments.type, Tuple):
        scope.report(errors.tuple_expected(name, reference, arguments))
        return None
    usable: list[Overload] = []
    forwarded: list[Signature] = []
    refusal: FunctionMismatch | None = None
    for overload in overloads_of(reference.name, scope):
        type = overload.type(reference.name)
        if unfit := _unfit(type, required, result):
            refusal = refusal or unfit
        else:
            rest = type.parameters[len(required) :]
            usable.append(overload)
            forwarded.append(Signature(tuple(t for _, t in rest), result, tuple(data for data, _ in rest)))
    if not usable and refusal:
        scope.report(errors.unfit_function(name, reference, refusal, required, result))
        return None
    given = [Argument(*part) for part in zip(arguments.type.elements, parts_vary(arguments, scope), strict=True)]
    match choose(forwarded, given):
        case Chosen(index):
            function = function_reference(reference.name, usable[index], reference.span)
            return function, build.promote(arguments, Tuple(forwarded[index].arguments))
        case Ambiguous(indices):
            types = [usable[index].type(reference.name) for index in indices]
            scope.report(ambiguous_function(name, reference, types))
        case NoneFits(rejections):
            scope.report(errors.tuple_does_not_fit(name, reference, arguments, rejections[0], len(required)))
    return None


def _unfit(type: FunctionType, required: tuple[Type, ...], result: Type) -> FunctionMismatch | None:
    """Why a function cannot be the likelihood or covariance at all; here `data` may not be asked of `required`."""
    if type.result != result:
        return WrongResult(result, type.result)
    if type.suffix:
        return WrongSuffix("", type.suffix)
    if len(type.parameters) < len(required):
        return WrongCount(len(required), len(type.parameters))
    wanted = FunctionType(tuple((False, needed) for needed in required), result)
    return function_mismatch(wanted, replace(type, parameters=type.parameters[: len(required)]))


# Control arguments --------------------------------------------------------------------------------


def _check_control(name: str, span: Span, control: tuple[ir.Expression, ...], scope: Scope) -> bool:
    """The tuple of control arguments, which the forms with `_tol` take."""
    takes_control = "_tol" in name
    if len(control) > takes_control:
        scope.report(errors.extra_arguments(name, control[takes_control:]))
        return False
    if not takes_control:
        return True
    if not control:
        scope.report(errors.control_missing(name, span, len(_CONTROL.arguments)))
        return False
    if not isinstance(control[0].type, Tuple):
        scope.report(errors.control_tuple(name, control[0]))
        return False
    parts = zip(control[0].type.elements, parts_vary(control[0], scope), strict=True)
    if reason := mismatch(_CONTROL, [Argument(*part) for part in parts]):
        scope.report(errors.control_type(name, control[0], reason))
        return False
    return True


def _promoted_control(control: ir.Expression) -> ir.Expression:
    return build.promote(control, Tuple(_CONTROL.arguments))


# Derivatives --------------------------------------------------------------------------------------


def check_differentiated(functions: tuple[ir.Function, ...], higher_order: Iterable[str], scope: Scope) -> None:
    """Report likelihoods that call something without higher derivatives, directly or through other functions.

    All overloads of a called name count, whichever is meant. `higher_order` are the names of the functions whose
    arguments are functions, which have no higher derivatives either.
    """
    lacking = _FIRST_ORDER.union(higher_order)
    bodies: dict[str, list[ir.Block]] = {}
    for function in functions:
        if function.body:
            bodies.setdefault(function.name, []).append(function.body)
    for reference in scope.program.differentiated:
        pending, seen = [_called_name(reference)], set[str]()
        while pending:
            name = pending.pop()
            if name in seen:
                continue
            seen.add(name)
            for call in (node for node in nodes(bodies.get(name, ())) if isinstance(node, _CALLS)):
                if isinstance(call, ir.LibraryCall) and call.name in lacking:
                    scope.report(errors.no_higher_derivatives(reference, call))
                    return
                pending.append(_called_name(call))


_CALLS = (ir.LibraryCall, ir.UserCall, ir.FunctionReference)


def _called_name(call: ir.LibraryCall | ir.UserCall | ir.FunctionReference) -> str:
    return call.function.name if isinstance(call, ir.UserCall) else call.name
