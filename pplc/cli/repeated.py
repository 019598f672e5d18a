"""Old syntax is said once: programs that were written years ago have it in every line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from pplc.grammar.diagnostics import Diagnostic

CODE = "syntax-deprecated"
SHOWN = 8  # other lines that are listed


def said_once(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """The diagnostics with one for each kind of old syntax, which lists the lines of the others."""
    kept: list[Diagnostic] = []
    alike: dict[str, list[Diagnostic]] = {}
    for diagnostic in diagnostics:
        if diagnostic.code == CODE and diagnostic.title in alike:
            alike[diagnostic.title].append(diagnostic)
            continue
        if diagnostic.code == CODE:
            alike[diagnostic.title] = []
        kept.append(diagnostic)
    merged = [_with_places(d, alike[d.title]) if d.code == CODE and alike[d.title] else d for d in kept]
    first = next((number for number, d in enumerate(merged) if d is not kept[number]), None)
    if first is not None:
        upgrade = f"`pplc format --upgrade --write {kept[first].mark.span.source.name}` replaces all old syntax"
        merged[first] = replace(merged[first], help=f"{merged[first].help}\n{upgrade}")
    return merged


def _with_places(first: Diagnostic, others: Sequence[Diagnostic]) -> Diagnostic:
    source = first.mark.span.source
    here = list(dict.fromkeys(d.mark.span.line for d in others if d.mark.span.source is source))
    lines = ", ".join(map(str, here[:SHOWN]))
    more = len(others) - sum(d.mark.span.line in here[:SHOWN] for d in others if d.mark.span.source is source)
    where = f"; the same {'in line' if len(here) == 1 else 'in lines'} {lines}" if here else ""
    rest = f" and {more} more time{'s' if more > 1 else ''}" if more else ""
    return replace(first, help=f"{first.help}{where}{rest}")
