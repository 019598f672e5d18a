"""Distribution statements: `outcome ~ distribution(arguments) T[lower, upper]`."""

from __future__ import annotations

from pplc.grammar import tree

from .. import ir
from ..library.registry import distributions
from ..signatures import NoneFits
from ..types import Int, Real
from . import build, laplace
from .calls import declared_at
from .errors import calls as call_errors
from .errors import densities as errors
from .errors import placement as placement_errors
from .errors import warnings
from .errors.overloads import RefusedCall, no_overload_fits
from .expressions import check_expression, check_value
from .overloads import Overload, Several, look_up
from .scopes import Scope, Section, suffix_of


def check_tilde(node: tree.Tilde, scope: Scope) -> ir.Statement | None:
    """A `~` statement: the density that it adds, and the cdfs that its truncation needs."""
    name = node.distribution.name
    outcome = check_value(node.outcome, scope)
    checked = [check_expression(argument, scope) for argument in node.arguments]
    truncation = _check_bounds(node.truncation, scope)
    scope.check_name(node.distribution)
    if suffix_of(name) in ("lpdf", "lpmf", "lupdf", "lupmf"):
        scope.report(errors.suffix_in_tilde(node.distribution))
        return None
    if scope.role != "lp" and scope.section is not Section.MODEL:
        scope.report(placement_errors.misplaced_target("a ~ statement", node.span, _instead(node, scope)))
    if name.endswith(("_cdf", "_ccdf")):
        scope.report(errors.cdf_in_tilde(node.distribution))
        return None
    arguments = tuple(argument for argument in checked if argument)
    if outcome is None or len(arguments) < len(checked):
        return None
    statement = _check_distribution(node, (outcome, *arguments), truncation, scope)
    if (distribution := distributions().get(name)) is not None and distribution.deprecated:
        scope.report(warnings.deprecated_function(node.distribution, distribution.deprecated))
    return statement


def _check_distribution(
    node: tree.Tilde, arguments: tuple[ir.Expression, ...], truncation: ir.Truncation | None, scope: Scope
) -> ir.Statement | None:
    name = node.distribution.name
    found = {suffix: look_up(name + suffix, arguments, scope) for suffix in ("_lpmf", "_lpdf")}
    for lookup in found.values():
        if isinstance(lookup, Overload):
            return _complete(node, lookup, arguments, truncation, scope)
    for lookup in found.values():
        if isinstance(lookup, Several):
            signatures = [overload.signature for overload in lookup.overloads]
            scope.report(call_errors.ambiguous_call(node.distribution, node.span, arguments, signatures))
            return None
    if laplace.is_laplace(f"{name}_lpmf"):
        density = tree.Identifier(f"{name}_lupmf", span=node.distribution.span)
        call = laplace.check_laplace(density, arguments, node.span, scope)
        if call is None:
            return None
        return ir.Tilde(call.arguments[0], name, call.arguments[1:], truncation, span=node.span)
    refused = {name + suffix: lookup.rejections for suffix, lookup in found.items() if isinstance(lookup, NoneFits)}
    nearest = max(refused, key=lambda function: len(refused[function]))
    if refused[nearest]:
        declared = declared_at(refused[nearest][0], nearest, scope)
        refusal = RefusedCall(name, nearest, node.span, arguments, refused[nearest], declared, tilde=True)
        scope.report(no_overload_fits(refusal))
    else:
        scope.report(errors.unknown_distribution(node.distribution, scope.similar_distribution(name)))
    return None


def _complete(
    node: tree.Tilde,
    overload: Overload,
    arguments: tuple[ir.Expression, ...],
    truncation: ir.Truncation | None,
    scope: Scope,
) -> ir.Statement | None:
    outcome, *rest = build.promote_all(arguments, overload.signature)
    own = overload.own.function if overload.own else None
    name, span = node.distribution.name, node.span
    if node.truncation is None:
        return ir.Tilde(outcome, name, tuple(rest), None, own, span=span)
    if truncation is None:
        return None
    bounds: list[ir.Expression | None] = []
    cdfs: dict[str, ir.Function] = {}
    for bound in (truncation.lower, truncation.upper):
        found = _truncation_functions(node, (bound, *rest), scope) if bound else {}
        if found is None:
            return None
        cdfs |= {suffix: cdf.own.function for suffix, cdf in found.items() if cdf.own}
        types = [cdf.signature.arguments[0] for cdf in found.values()]
        bounds.append(build.promote(bound, types[0]) if bound else None)
    return ir.Tilde(
        outcome,
        name,
        tuple(rest),
        ir.Truncation(*bounds, span=truncation.span),
        own,
        tuple(cdfs.items()),
        span=span,
    )


# Truncation ---------------------------------------------------------------------------------------


def _check_bounds(node: tree.Truncation | None, scope: Scope) -> ir.Truncation | None:
    """The bounds of a truncation, single numbers."""
    if node is None:
        return None
    bounds: list[ir.Expression | None] = []
    faulty = False
    for written in (node.lower, node.upper):
        bound = check_value(written, scope) if written else None
        if bound and bound.type not in (Int(), Real()):
            scope.report(errors.truncation_bound(bound.span, bound.type))
            bound = None
        faulty = faulty or (written is not None and bound is None)
        bounds.append(bound)
    return None if faulty else ir.Truncation(*bounds, span=node.span)


def _truncation_functions(
    node: tree.Tilde, arguments: tuple[ir.Expression, ...], scope: Scope
) -> dict[str, Overload] | None:
    """The `_lcdf` and `_lccdf` that truncation needs at a bound, None if one is missing."""
    found: dict[str, Overload] = {}
    for suffix in ("lcdf", "lccdf"):
        overload = look_up(f"{node.distribution.name}_{suffix}", arguments, scope)
        if not isinstance(overload, Overload):
            scope.report(errors.no_truncation(node.distribution, suffix, [argument.type for argument in arguments]))
            return None
        found[suffix] = overload
    return found


def _instead(node: tree.Tilde, scope: Scope) -> str | None:
    """What to write for a `~` statement that stands in another block than the model."""
    if scope.function:
        return None
    if scope.section is Section.GENERATED_QUANTITIES:
        return f"to draw, write `{node.outcome.span.text} = {node.distribution.name}_rng(...);`"
    return "put it into the model block"
