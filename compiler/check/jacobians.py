"""Distributions of functions of parameters, such as `log(sigma) ~ normal(0, 1)`, without the Jacobian adjustment.

Without the derivative of the function, the density of sigma is not the one that the statement seems to give it.
"""

from __future__ import annotations

from collections.abc import Iterator

from pplc.grammar.diagnostics import Diagnostic

from .. import ir
from ..walk import assigned, mentioned, nodes
from .bounds import parameter_in
from .errors import warnings

# One-to-one functions, and the log of the absolute value of their derivative at x.
DERIVATIVES = {
    "log": "-log({x})",
    "log10": "-log({x})",
    "log2": "-log({x})",
    "log1p": "-log1p({x})",
    "log1m": "-log1m({x})",
    "exp": "{x}",
    "expm1": "{x}",
    "sqrt": "-0.5 * log({x})",
    "square": "log(abs({x}))",
    "inv": "-2 * log(abs({x}))",
    "inv_sqrt": "-1.5 * log({x})",
    "logit": "-log({x}) - log1m({x})",
    "inv_logit": "log_inv_logit({x}) + log1m_inv_logit({x})",
}
# What is commonly meant by a transformed parameter and a distribution.
DIRECT = {("log", "normal"): "lognormal"}


def missing_jacobians(program: ir.Program) -> Iterator[Diagnostic]:
    """A warning for each `f(x) ~ ...` of a parameter x, written there or computed before.

    None for a parameter that also occurs in a `target +=` (which may add the derivative), or that has a distribution of
    its own as well (then the statement about f(x) is a further piece of knowledge).
    """
    statements = (*program.transformed_parameters, *program.model)
    added = mentioned([n for n in nodes(statements) if isinstance(n, ir.TargetIncrement | ir.JacobianIncrement)])
    tildes = [node for node in nodes(statements) if isinstance(node, ir.Tilde)]
    own = {parameter_in(node.outcome) for node in tildes}
    transformed = _transformed(statements)
    for node in tildes:
        call = transformed.get(node.outcome.variable) if isinstance(node.outcome, ir.Reference) else _call(node.outcome)
        if call is None:
            continue
        argument = call.arguments[0]
        variable = parameter_in(argument)
        if variable is None or variable in own or {variable, *mentioned(node.outcome)} & added:
            continue
        x = argument.span.text
        yield warnings.missing_jacobian(
            call.span.text,
            x,
            node.outcome.span,
            DERIVATIVES[call.name].format(x=x),
            DIRECT.get((call.name, node.distribution)),
        )


def _transformed(statements: tuple[ir.Statement, ...]) -> dict[ir.Variable, ir.LibraryCall]:
    """Variables that are wholly such a call, assigned once."""
    found: dict[ir.Variable, ir.LibraryCall] = {}
    for statement in statements:
        match statement:
            case ir.Declare(variable, _, ir.LibraryCall() as value) if call := _call(value):
                found[variable] = call
            case ir.Assign(ir.Place(variable, ()), ir.LibraryCall() as value) if call := _call(value):
                found[variable] = call
            case _:
                for variable in assigned(statement):
                    found.pop(variable, None)
    return found


def _call(expression: ir.Expression) -> ir.LibraryCall | None:
    match expression:
        case ir.LibraryCall(name, (argument,)) if name in DERIVATIVES and parameter_in(argument) is not None:
            return expression
        case _:
            return None
