"""Statements that become generated code: recurrences, `while`, branches on parameters.

The statement's inputs are captured, the code generator turns the statement into one operation, and what it
assigns is bound to the operation's results.
"""

from __future__ import annotations

from .. import ir
from . import errors
from .scope import Scope


def run(statement: ir.Statement, scope: Scope, reason: Exception) -> None:
    """Lower a statement outside all loops as generated code; `reason` says why it cannot be a graph."""
    raise errors.not_supported(statement.span, f"this statement ({reason})") from reason
