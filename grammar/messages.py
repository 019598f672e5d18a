"""What to say of a token that cannot stand where it does."""

from __future__ import annotations

from .diagnostics import Diagnostic, Mark
from .lexer import Token
from .tables import END, Tables


def unexpected(token: Token, previous: Token | None, acceptable: set[str], tables: Tables) -> Diagnostic:
    """The mistake of `token` after `previous`, where only tokens of the kinds `acceptable` can stand."""
    found = "the end of the file" if token.kind == END else f"`{token.text}`"
    return Diagnostic(
        "syntax-unexpected", f"unexpected {found}", Mark(token.span), help=f"expected {sorted(acceptable)}"
    )
