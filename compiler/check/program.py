"""The checker: the blocks of a program in order, from syntax tree to typed program."""

from __future__ import annotations

from collections import ChainMap

from pplc.grammar import tree
from pplc.grammar.diagnostics import Diagnostic, Severity

from .. import ir
from .bounds import missing_bounds
from .declarations import check_declaration
from .errors import warnings
from .flow import warn_unreachable
from .functions import check_functions
from .higher_order import special_names
from .jacobians import missing_jacobians
from .laplace import check_differentiated
from .scopes import ProgramFacts, Scope, Section
from .statements import check_statement, check_statements
from .unused import unused_parameters


def check(program: tree.Program) -> tuple[ir.Program | None, list[Diagnostic]]:
    """The typed program, or None, and everything that is wrong or doubtful in the order of checking."""
    facts = ProgramFacts(program)
    scope = Scope(facts, Section.FUNCTIONS, ChainMap())
    _warn_if_empty(program, scope)
    functions = check_functions(program.functions, scope)
    data = _check_top_level(program.data, scope.within(Section.DATA))
    transformed_data = _check_top_level(program.transformed_data, scope.within(Section.TRANSFORMED_DATA))
    parameters = _check_top_level(program.parameters, scope.within(Section.PARAMETERS))
    transformed = _check_top_level(program.transformed_parameters, scope.within(Section.TRANSFORMED_PARAMETERS))
    model = check_statements(program.model.statements if program.model else (), scope.within(Section.MODEL).inner())
    generated = _check_top_level(program.generated_quantities, scope.within(Section.GENERATED_QUANTITIES))
    check_differentiated(functions, special_names(), scope)
    if any(diagnostic.severity is Severity.ERROR for diagnostic in facts.diagnostics):
        return None, facts.diagnostics
    checked = ir.Program(
        functions,
        tuple(statement for statement in data if isinstance(statement, ir.Declare)),
        transformed_data,
        tuple(statement for statement in parameters if isinstance(statement, ir.Declare)),
        transformed,
        model,
        generated,
        span=program.span,
    )
    doubts = [*unused_parameters(checked), *missing_bounds(checked), *missing_jacobians(checked)]
    return checked, facts.diagnostics + doubts


def _warn_if_empty(program: tree.Program, scope: Scope) -> None:
    written = (
        program.functions, program.data, program.transformed_data, program.parameters,
        program.transformed_parameters, program.model, program.generated_quantities,
    )  # fmt: skip
    if not any(written):
        scope.report(warnings.empty_program(program.span))


def _check_top_level(block: tree.Block | None, scope: Scope) -> tuple[ir.Statement, ...]:
    """A block whose own declarations are seen by the blocks after it."""
    checked: list[ir.Statement] = []
    nodes = block.statements if block else ()
    for node in nodes:
        if isinstance(node, tree.Declaration):
            checked.extend(check_declaration(node, scope, top_level=True))
        else:
            checked.extend(check_statement(node, scope))
    warn_unreachable(nodes, scope)
    return tuple(checked)
