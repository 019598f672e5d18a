"""Parameters whose declaration allows values that a distribution rejects, so that the sampler wastes time on them.

A distribution inside a branch does not count: where the branch is not taken, the other values may be needed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pplc.grammar.diagnostics import Diagnostic

from .. import ir
from ..library.definitions import Support
from ..library.registry import distributions
from ..walk import children, nodes
from .errors import warnings

_LOWER, _UPPER = ("lower", "lower_upper"), ("upper", "lower_upper")
_UNBOUNDED = (None, "offset_multiplier")


@dataclass(frozen=True)
class Need:
    """What a distribution asks of an expression: bounds as the program would write them, or a shape."""

    expression: ir.Expression
    bounds: tuple[str | None, str | None]  # lower and upper
    shape: str | None
    why: str  # "`normal` needs sigma to be greater than 0"


def missing_bounds(program: ir.Program) -> Iterator[Diagnostic]:
    """A warning for each parameter, at the first distribution that needs more than is declared."""
    declared = {declare.variable: declare for declare in program.parameters}
    seen: set[ir.Variable] = set()
    for node in _always([program.transformed_parameters, program.model]):
        for need in _needs(node):
            variable = parameter_in(need.expression)
            if variable is None or variable in seen or variable not in declared:
                continue
            constraint = _missing(declared[variable].sized, need)
            if constraint:
                seen.add(variable)
                yield warnings.missing_bounds(
                    variable.name, need.expression.span, declared[variable].variable.span, need.why, constraint
                )


def _always(part: object) -> Iterator[ir.Node]:
    """The nodes outside branches."""
    for node in children(part):
        if not isinstance(node, ir.If | ir.Conditional):
            yield node
            yield from _always(node)


def parameter_in(expression: ir.Expression) -> ir.Variable | None:
    """The parameter that an expression is, wholly or an element of it."""
    match expression:
        case ir.Promote(value):
            return parameter_in(value)
        case ir.Indexed(base):
            return parameter_in(base)
        case ir.Reference(variable) if variable.role is ir.Role.PARAMETER:
            return variable
        case _:
            return None


def _missing(sized: ir.SizedType, need: Need) -> str:
    """What to add to the declaration, as text; empty where nothing is missing."""
    if isinstance(sized, ir.SizedTuple):
        return ""
    name = sized.constraint.name if sized.constraint else None
    if need.shape:
        return f"as `{need.shape}`" if name is None else ""
    if name not in (*_UNBOUNDED, "lower", "upper"):
        return ""
    lower, upper = need.bounds
    bounds = [f"lower={lower}"] if lower is not None and name not in _LOWER else []
    bounds += [f"upper={upper}"] if upper is not None and name not in _UPPER else []
    return f"with `<{', '.join(bounds)}>`" if bounds else ""


def _needs(node: ir.Node) -> Iterator[Need]:
    match node:
        case ir.Tilde(outcome, name, arguments, truncation, None):
            yield from _of_distribution(name, outcome, arguments)
            if truncation is not None and not _is_one_element(outcome):
                bounds = (_text(truncation.lower), _text(truncation.upper))
                yield Need(outcome, bounds, None, "this truncation leaves out the values beyond its bounds")
        case ir.LibraryCall(name, (outcome, *arguments)) if name.endswith(("_lpdf", "_lpmf")):
            yield from _of_distribution(name[:-5], outcome, tuple(arguments))
        case _:
            pass


def _of_distribution(name: str, outcome: ir.Expression, arguments: tuple[ir.Expression, ...]) -> Iterator[Need]:
    distribution = distributions().get(name)
    if distribution is None:
        return
    if name == "uniform" and not _is_one_element(outcome):
        lower, upper = arguments
        yield Need(outcome, (_text(lower), _text(upper)), None, "`uniform` has no values beyond its bounds")
    elif name != "uniform":
        yield _of_support(outcome, distribution.outcome, f"the outcome of `{name}` has to be")
    if len(arguments) == len(distribution.parameters):
        for argument, parameter in zip(arguments, distribution.parameters, strict=True):
            yield _of_support(argument, parameter.support, f"`{name}` needs {parameter.name} to be")


def _of_support(expression: ir.Expression, support: Support, words: str) -> Need:
    lower, upper = (None if bound is None else f"{bound:g}" for bound in (support.lower, support.upper))
    return Need(expression, (lower, upper), support.constraint, f"{words} {support.text}")


def _is_one_element(outcome: ir.Expression) -> bool:
    """`x[1]`, whose bounds need not be those of the other elements."""
    match outcome:
        case ir.Promote(value):
            return _is_one_element(value)
        case ir.Indexed(_, indices):
            return any(isinstance(i, ir.Single) and isinstance(i.value, ir.IntegerLiteral) for i in indices)
        case _:
            return False


def _text(bound: ir.Expression | None) -> str | None:
    """A bound as the program writes it, where the declaration of a parameter can say the same."""
    if bound is None or any(isinstance(n, ir.Reference) and n.variable.role not in _KNOWN for n in nodes(bound)):
        return None
    return bound.span.text


_KNOWN = (ir.Role.DATA, ir.Role.TRANSFORMED_DATA)
