"""Higher-order functions whose arguments depend on the function they are given: solvers, quadrature, reduce_sum.

Each calls its first argument with some arguments of its own and passes it those that follow the control
arguments. So every overload of the function that is given makes one signature of the call, and the usual rules
choose among these.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from pplc.grammar import tree
from pplc.grammar.diagnostics import Diagnostic
from pplc.grammar.source import Span

from .. import ir
from ..library.definitions import Signature
from ..library.shorthand import expand
from ..signatures import Ambiguous, Chosen, FunctionMismatch, NoneFits, choose, function_mismatch
from ..types import Array, FunctionType, Int, Matrix, Real, RowVector, Vector
from . import build, laplace
from .errors import higher_order as errors
from .errors.overloads import ambiguous_function
from .overloads import Overload, as_arguments, as_function, function_reference, overloads_of
from .scopes import DENSITIES, Scope


@dataclass(frozen=True, slots=True)
class HigherOrder:
    """`callback`: the arguments it calls its function with, and the result it needs; `control`: its own arguments."""

    callback: Signature
    control: Signature
    densities: bool = False  # whether the function may be a density


def _function(callback: str, control: str) -> HigherOrder:
    (called,), (own,) = expand(callback), expand(control)
    return HigherOrder(called, own)


_ODE = "(real, vector) => vector"
_DAE = "(real, vector, vector) => vector"
_ROOT = "(vector) => vector"
_INTEGRAND = "(real, real) => real"
_TOLERANCES = "data real, data real, data int"
_ODE_TIMES = "vector, real, array[] real"
_ADJOINT = (
    "data real, data vector, data real, data vector, data real, data real, "
    "data int, data int, data int, data int, data int"
)
_DAE_TIMES = "vector, vector, data real, data array[] real"

_TABLE: dict[str, tuple[str, str]] = {
    **{f"ode_{solver}": (_ODE, f"({_ODE_TIMES}) => array[] vector") for solver in ("rk45", "ckrk", "bdf", "adams")},
    **{
        f"ode_{solver}_tol": (_ODE, f"({_ODE_TIMES}, {_TOLERANCES}) => array[] vector")
        for solver in ("rk45", "ckrk", "bdf", "adams")
    },
    "ode_adjoint_tol_ctl": (_ODE, f"({_ODE_TIMES}, {_ADJOINT}) => array[] vector"),
    "dae": (_DAE, f"({_DAE_TIMES}) => array[] vector"),
    "dae_tol": (_DAE, f"({_DAE_TIMES}, {_TOLERANCES}) => array[] vector"),
    "solve_newton": (_ROOT, "(vector) => vector"),
    "solve_powell": (_ROOT, "(vector) => vector"),
    "solve_newton_tol": (_ROOT, f"(vector, {_TOLERANCES}) => vector"),
    "solve_powell_tol": (_ROOT, f"(vector, {_TOLERANCES}) => vector"),
    "integrate_1d_gauss_kronrod": (_INTEGRAND, "(real, real) => real"),
    "integrate_1d_double_exponential": (_INTEGRAND, "(real, real) => real"),
    "integrate_1d_gauss_kronrod_tol": (_INTEGRAND, f"(real, real, {_TOLERANCES}) => real"),
    "integrate_1d_double_exponential_tol": (_INTEGRAND, f"(real, real, {_TOLERANCES}) => real"),
}
_REDUCE_SUM = ("reduce_sum", "reduce_sum_static")
_SLICES = (Real(), Int(), Matrix(), Vector(), RowVector())


def is_special(name: str) -> bool:
    """Whether calls of this function are checked here (its name cannot be given to another function)."""
    return name in _TABLE or name in _REDUCE_SUM or laplace.is_laplace(name)


def call_form(name: str) -> str:
    """How such a function is called, `...` being what it passes on; empty for the Laplace family."""
    if name in _REDUCE_SUM:
        return "((array[] T, int, int, ...) => real, array[] T, int, ...) => real"
    if name not in _TABLE:
        return ""
    callback, control = _TABLE[name]
    (called, value), (arguments, result) = callback.split(" => "), control.split(" => ")
    return f"({called[:-1]}, ...) => {value}, {arguments[1:-1]}, ...) => {result}"


def special_names() -> list[str]:
    """All of them."""
    return [*_TABLE, *_REDUCE_SUM, *laplace.NAMES]


def check_special_call(
    function: tree.Identifier, arguments: tuple[ir.Expression, ...], span: Span, scope: Scope
) -> ir.LibraryCall | None:
    """A call of one of these functions."""
    name = function.name
    if laplace.is_laplace(name):
        return laplace.check_laplace(function, arguments, span, scope)
    if name in _REDUCE_SUM:
        return _check_reduce_sum(name, arguments, span, scope)
    definition = _function(*_TABLE[name])
    return _check(name, lambda _: definition, arguments, span, scope)


def _check_reduce_sum(
    name: str, arguments: tuple[ir.Expression, ...], span: Span, scope: Scope
) -> ir.LibraryCall | None:
    """`reduce_sum(f, slices, grainsize, ...)`: f takes slices, the first and the last index, then the rest."""
    if len(arguments) > 1 and as_function(arguments[0], scope):
        slices = arguments[1].type
        element = slices.element if isinstance(slices, Array) else None
        if element not in _SLICES:
            scope.report(errors.slice_type(name, arguments[1], element))
            return None

    def of_function(callback: FunctionType) -> HigherOrder:
        slices = callback.parameters[0][1] if callback.parameters else Array(Real(), 1)
        sliced_data = bool(callback.parameters) and callback.parameters[0][0]
        called = Signature((slices, Int(), Int()), Real(), (sliced_data, True, True))
        return HigherOrder(called, Signature((slices, Int()), Real(), (sliced_data, False)), densities=True)

    return _check(name, of_function, arguments, span, scope)


def _check(
    name: str,
    definition: Callable[[FunctionType], HigherOrder],
    arguments: tuple[ir.Expression, ...],
    span: Span,
    scope: Scope,
) -> ir.LibraryCall | None:
    general = _callback_type(definition(_NOTHING))
    reference = as_function(arguments[0], scope) if arguments else None
    if reference is None:
        scope.report(errors.function_expected(name, span, arguments[0] if arguments else None, general))
        return None
    rest = arguments[1:]
    signatures: list[Signature] = []
    usable: list[Overload] = []
    refusal: Diagnostic | None = None
    for overload in overloads_of(reference.name, scope):
        type = overload.type(reference.name)
        needed = definition(type)
        if unfit := _unfit(needed, type):
            declared = overload.own.identifier.span if overload.own else None
            unusable = errors.unfit_function(name, reference, _callback_type(needed), unfit, declared)
            refusal = refusal or unusable
        else:
            usable.append(overload)
            signatures.append(_signature(needed, type))
    if refusal and not signatures:
        scope.report(refusal)
        return None
    match choose(signatures, as_arguments(rest, scope)):
        case Chosen(index):
            signature = signatures[index]
            callback = function_reference(reference.name, usable[index], reference.span)
            return build.library_call(name, (callback, *build.promote_all(rest, signature)), signature.result, span)
        case Ambiguous(indices):
            types = [usable[index].type(reference.name) for index in indices]
            scope.report(ambiguous_function(name, reference, types))
        case NoneFits(rejections):
            scope.report(errors.forwarded_arguments(name, arguments, rejections[0]))
    return None


_NOTHING = FunctionType((), Real())


def _callback_type(definition: HigherOrder) -> FunctionType:
    return FunctionType(definition.callback.parameters, definition.callback.result)


def _unfit(definition: HigherOrder, candidate: FunctionType) -> FunctionMismatch | None:
    """Why the function cannot be called as it would be, judging by the arguments that are always passed."""
    wanted = _callback_type(definition)
    if definition.densities and candidate.suffix in DENSITIES:
        candidate = replace(candidate, suffix="")
    return function_mismatch(wanted, replace(candidate, parameters=candidate.parameters[: len(wanted.parameters)]))


def _signature(definition: HigherOrder, candidate: FunctionType) -> Signature:
    """What follows the function in a call: the control arguments, then those that are passed on."""
    control = definition.control
    forwarded = candidate.parameters[len(definition.callback.arguments) :]
    parameters = (*control.parameters, *forwarded)
    return Signature(tuple(type for _, type in parameters), control.result, tuple(data for data, _ in parameters))
