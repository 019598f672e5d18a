"""The parser's tables: made from `ppl.lark` by Lark, and part of the package (`python -m pplc.grammar.tables`).

Importing Lark and building the tables takes most of a second, reading the file a few milliseconds. The file holds the
grammar it was made from, so a stale one is never used: while the grammar is being changed, Lark is asked each time.
"""

from __future__ import annotations

import json
import re
import sys
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Final

from .names import constrained_types

GRAMMAR: Final = Path(__file__).with_name("ppl.lark")
FILE: Final = Path(__file__).with_name("tables.json")
END: Final = "$END"
# What `ppl.lark` calls the types that constraints of the library are, by how many sizes a declaration names.
TYPES_BY_SIZES: Final = {(1,): "ONE_SIZE_TYPE", (2,): "TWO_SIZES_TYPE", (1, 2): "ONE_OR_TWO_SIZES_TYPE"}
TWO_WORDS: Final = ("TRANSFORMED_DATA", "TRANSFORMED_PARAMETERS", "GENERATED_QUANTITIES")


@dataclass(frozen=True)
class Rule:
    """One production: what to do with the topmost `arity` values when it is recognised.

    `action` names the builder, or is "" to pass a lone child on, or "*" to make a list. `children` says which
    values the builder takes: (position, whether it is a list to be spliced), position -1 standing for None.
    """

    origin: str
    arity: int
    action: str
    children: tuple[tuple[int, bool], ...]
    expansion: tuple[str, ...]


@dataclass(frozen=True)
class Tables:
    """LALR(1) tables. In `actions` a number n >= 0 shifts to state n, n < 0 reduces by rule -1 - n."""

    actions: list[dict[str, int]]
    gotos: list[dict[str, int]]
    rules: list[Rule]
    starts: dict[str, int]
    ends: dict[str, int]
    words: dict[str, str]  # "while" -> "WHILE", "simplex" -> "ONE_SIZE_TYPE"
    symbols: dict[str, str]  # "<=" -> "__ANON_3"
    patterns: dict[str, str]  # "NAME" -> its regular expression

    @cached_property
    def spellings(self) -> dict[str, tuple[str, ...]]:
        """How a token is written: "WHILE" -> ("while",); kinds that a regular expression describes are absent."""
        found: dict[str, tuple[str, ...]] = {END: ("",)}
        found |= {kind: (kind.lower().replace("_", " "),) for kind in TWO_WORDS}
        for text, kind in (self.words | self.symbols).items():
            found[kind] = (*found.get(kind, ()), text)
        return found


@cache
def load_tables() -> Tables:
    """The tables of this version's grammar, with the words of this version's library."""
    grammar = GRAMMAR.read_text(encoding="utf-8")
    tables = decode(kept(grammar) or build(grammar))
    types = {name: TYPES_BY_SIZES[known.size_counts] for name, known in constrained_types().items()}
    return replace(tables, words=tables.words | types)


def kept(grammar: str) -> dict[str, Any] | None:
    """What `build` made of a grammar, if the file has it."""
    try:
        encoded: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return encoded if encoded.pop("grammar", None) == grammar else None


def build(grammar: str) -> dict[str, Any]:
    """Lark's analysis of the grammar, as JSON values."""
    from lark import Lark
    from lark.parsers.lalr_analysis import Shift

    lark = Lark(grammar, parser="lalr", start=["program", "library"], maybe_placeholders=True)
    table = lark.parser.parser._parse_table
    number = {rule: i for i, rule in enumerate(lark.rules)}
    rules = {rule.origin.name for rule in lark.rules}
    actions: list[dict[str, int]] = [{} for _ in table.states]
    gotos: list[dict[str, int]] = [{} for _ in table.states]
    for state, row in table.states.items():
        for symbol, (action, target) in row.items():
            if symbol in rules:
                gotos[state][symbol] = target
            else:
                actions[state][symbol] = target if action is Shift else -1 - number[target]
    literals = {t.pattern.value: t.name for t in lark.terminals if t.pattern.type == "str"}
    return {
        "actions": actions,
        "gotos": gotos,
        "rules": [encode_rule(rule) for rule in lark.rules],
        "starts": table.start_states,
        "ends": table.end_states,
        "words": {text: name for text, name in literals.items() if re.fullmatch(r"\w+", text)},
        "symbols": {text: name for text, name in literals.items() if not re.fullmatch(r"\w+", text)},
        "patterns": {t.name: t.pattern.to_regexp() for t in lark.terminals if t.pattern.type == "re"},
    }


def encode_rule(rule: Any) -> list[Any]:
    """One of Lark's rules as JSON; `empty_indices` is where Lark would put None for an absent `[...]`."""
    absent = [len(run) for run in "".join(str(int(b)) for b in rule.options.empty_indices).split("0")]
    absent += [0] * (len(rule.expansion) + 1 - len(absent))
    children: list[tuple[int, bool]] = [(-1, False)] * absent[0]
    for position, symbol in enumerate(rule.expansion):
        if not (symbol.is_term and symbol.filter_out and not rule.options.keep_all_tokens):
            children.append((position, not symbol.is_term and symbol.name.startswith("_")))
        children += [(-1, False)] * absent[position + 1]
    origin = rule.origin.name
    if rule.alias:
        action = rule.alias
    elif origin.startswith("_"):
        action = "*"
    elif rule.options.expand1 and len(children) == 1:
        action = ""
    else:
        action = origin
    return [origin, len(rule.expansion), action, children, [symbol.name for symbol in rule.expansion]]


def decode(encoded: dict[str, Any]) -> Tables:
    """Tables from what `build` made."""
    rules = [
        Rule(origin, arity, action, tuple((p, splice) for p, splice in children), tuple(expansion))
        for origin, arity, action, children, expansion in encoded["rules"]
    ]
    return Tables(**{**encoded, "rules": rules})


def main() -> int:
    """Write the file where it is not of this grammar, or with `--check` say so; returns the exit status."""
    grammar = GRAMMAR.read_text(encoding="utf-8")
    if kept(grammar) is not None:
        return 0
    if "--check" in sys.argv[1:]:
        print(f"{FILE.name} is out of date: `make accept` mends that")
        return 1
    text = json.dumps({"grammar": grammar, **build(grammar)}, separators=(",", ":"))
    FILE.write_text(text + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
