"""Calls: which overload is meant, and whether a function of its kind may be called here."""

from __future__ import annotations

from collections.abc import Sequence

from pplc.grammar import tree
from pplc.grammar.source import Span

from .. import ir
from ..library.expand import all_names, instead_of, is_library_name
from ..signatures import NoneFits, Rejection
from ..types import Type, Void
from . import build
from .dependence import varies
from .errors import calls as errors
from .errors import expressions as expression_errors
from .errors import placement as placement_errors
from .errors import warnings
from .errors.overloads import RefusedCall, no_overload_fits
from .expressions import check_expression, check_unnormalised
from .overloads import Overload, Several, exists, look_up
from .scopes import CONDITIONAL, Scope, Section, UserFunction, normalised, suffix_of

type Call = ir.UserCall | ir.LibraryCall


def check_call(
    function: tree.Identifier, nodes: Sequence[tree.Expression], span: Span, scope: Scope, *, bar: bool = False
) -> ir.Expression | None:
    """A call in an expression; `bar` says whether `|` follows the first argument."""
    call = resolve_call(function, nodes, span, scope)
    if call and isinstance(call.type, Void):
        scope.report(expression_errors.void_value(span, function.name))
        call = None
    scope.check_name(function)
    _check_bar(function, span, bar, scope)
    _check_place(function, span, scope)
    return call


def check_call_statement(call: tree.Call, scope: Scope) -> Call | None:
    """A call as a statement: of a function that returns nothing."""
    scope.check_name(call.function)
    _check_place(call.function, call.span, scope)
    resolved = resolve_call(call.function, call.arguments, call.span, scope)
    if resolved and not isinstance(resolved.type, Void):
        scope.report(errors.value_discarded(call.function, call.span, resolved.type))
        return None
    return resolved


def resolve_call(function: tree.Identifier, nodes: Sequence[tree.Expression], span: Span, scope: Scope) -> Call | None:
    """The function and overload that a call means, with its arguments promoted."""
    checked = [check_expression(node, scope) for node in nodes]
    arguments = tuple(argument for argument in checked if argument)
    if len(arguments) < len(checked):
        if not exists(function.name, scope) and not is_special(function.name):
            _report_unknown(function, span, scope)
        return None
    return resolve(function, arguments, span, scope)


def resolve(function: tree.Identifier, arguments: tuple[ir.Expression, ...], span: Span, scope: Scope) -> Call | None:
    """The same with arguments that have been checked."""
    call = _resolve(function, arguments, span, scope)
    if call:
        _warn(function, arguments, span, scope)
    return call


def _resolve(function: tree.Identifier, arguments: tuple[ir.Expression, ...], span: Span, scope: Scope) -> Call | None:
    if is_special(function.name):
        return higher_order.check_special_call(function, arguments, span, scope)
    return _resolve_ordinary(function, arguments, span, scope)


def is_special(name: str) -> bool:
    """Whether a function has typing rules of its own."""
    return higher_order.is_special(normalised(name))


def _resolve_ordinary(
    function: tree.Identifier, arguments: tuple[ir.Expression, ...], span: Span, scope: Scope
) -> Call | None:
    name = normalised(function.name)
    binding = scope.variable(name)
    if binding and not is_library_name(name):
        scope.report(errors.not_a_function(function, binding.variable.type, binding.variable.span))
        return None
    if not exists(name, scope):
        _report_unknown(function, span, scope)
        return None
    match look_up(name, arguments, scope):
        case Overload(signature, own):
            return make_call(name, own, build.promote_all(arguments, signature), signature.result, span)
        case Several(overloads):
            signatures = [overload.signature for overload in overloads]
            scope.report(errors.ambiguous_call(function, span, arguments, signatures))
        case NoneFits(rejections):
            declared = declared_at(rejections[0], name, scope)
            scope.report(no_overload_fits(RefusedCall(function.name, name, span, arguments, rejections, declared)))
    return None


def declared_at(rejection: Rejection, name: str, scope: Scope) -> Span | None:
    """Where an overload is declared, if it is one of the program's own."""
    own = (overload for overload in scope.functions(name) if overload.signature is rejection.signature)
    return next((overload.identifier.span for overload in own), None)


def make_call(
    name: str, own: UserFunction | None, arguments: tuple[ir.Expression, ...], result: Type, span: Span
) -> Call:
    """A call of one of the program's functions, or of the library's."""
    if own is None:
        return build.library_call(name, arguments, result, span)
    return ir.UserCall(own.function, arguments, type=result, level=build.level_of(arguments), span=span)


def _report_unknown(function: tree.Identifier, span: Span, scope: Scope) -> None:
    """Nothing has this name; a density's name with the wrong suffix is told apart from a misspelt one."""
    name, suffix = function.name, suffix_of(function.name)
    family = name.removesuffix(f"_{suffix}")
    counterpart = {"lpmf": "lpdf", "lupmf": "lpdf", "lpdf": "lpmf", "lupdf": "lpmf"}.get(suffix)
    if counterpart and exists(f"{family}_{counterpart}", scope):
        scope.report(errors.wrong_density_suffix(function, f"{family}_{counterpart}", suffix))
    elif suffix in ("cdf", "lcdf", "lccdf", "rng") and _is_distribution(family):
        scope.report(errors.no_such_function_of_distribution(function, family, suffix))
    else:
        family = f"{name}_lpmf" if exists(f"{name}_lpmf", scope) else f"{name}_lpdf"
        density = family if exists(family, scope) else None
        scope.report(errors.unknown_function(function, scope.similar_function(name), density))


def _is_distribution(family: str) -> bool:
    return bool(all_names() & {f"{family}_lpdf", f"{family}_lpmf"})


# Rules for a function's kind ----------------------------------------------------------------------


def _check_bar(function: tree.Identifier, span: Span, bar: bool, scope: Scope) -> None:
    conditional = suffix_of(function.name) in CONDITIONAL
    if bar and not conditional and exists(function.name, scope):
        scope.report(errors.unexpected_bar(function, span))
    elif conditional and not bar:
        scope.report(errors.missing_bar(function, span))


def _check_place(function: tree.Identifier, span: Span, scope: Scope) -> None:
    """Whether a function with this suffix may be called here."""
    name, section = function.name, scope.section
    match suffix_of(name):
        case "lp":
            if section is Section.TRANSFORMED_PARAMETERS:
                scope.report(warnings.lp_in_transformed_parameters(name, span))
            elif scope.role != "lp" and section is not Section.MODEL:
                scope.report(placement_errors.misplaced_target(name, span))
        case "jacobian":
            if not _adjusts(name, scope):
                scope.report(placement_errors.misplaced_jacobian(name, span))
        case "rng":
            if scope.in_top_level_size:
                scope.report(placement_errors.random_size(name, span))
            elif scope.role != "rng" and section not in (Section.TRANSFORMED_DATA, Section.GENERATED_QUANTITIES):
                scope.report(placement_errors.misplaced_rng(name, span, scope.function is not None))
        case _:
            check_unnormalised(name, span, scope)


def _adjusts(name: str, scope: Scope) -> bool:
    """Whether a function of this name adds to the Jacobian adjustment, here where it may."""
    return suffix_of(name) == "jacobian" and (
        scope.role == "jacobian" or scope.section is Section.TRANSFORMED_PARAMETERS
    )


def _warn(function: tree.Identifier, arguments: tuple[ir.Expression, ...], span: Span, scope: Scope) -> None:
    """What is allowed and rarely wise."""
    name = function.name
    if instead := instead_of(normalised(name)):
        scope.report(warnings.deprecated_function(function, instead))
    elif _adjusts(name, scope) and not any(varies(argument, scope) for argument in arguments):
        constrain = f"{name.removesuffix('_jacobian')}_constrain"
        known = is_library_name(constrain) or bool(scope.functions(constrain))
        scope.report(warnings.jacobian_without_parameters(name, span, constrain if known else None))


# At the end because a higher-order function's arguments are calls of their own kind.
from . import higher_order  # noqa: E402
