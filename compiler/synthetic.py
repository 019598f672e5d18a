"""Nodes of the typed program that stand for no text of their own, but belong to a place in it."""

from __future__ import annotations

from pplc.grammar.source import Span

from . import ir
from .types import Int


def reference(variable: ir.Variable, span: Span) -> ir.Reference:
    """The value of a variable."""
    return ir.Reference(variable, type=variable.type, level=variable.level, span=span)


def integer(value: int, span: Span) -> ir.IntegerLiteral:
    return ir.IntegerLiteral(value, type=Int(), level=ir.Level.DATA, span=span)
