"""Tokens to syntax tree: runs the LALR(1) tables of `ppl.lark`, building nodes as their rules are recognised.

After a mistake the parser skips to the end of the statement and goes on, so that one run reports several.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple, cast

from . import messages
from .actions import Builder
from .diagnostics import Diagnostic, Severity
from .legacy import SUSPECT, modernise
from .lexer import FUNCTION_LIBRARY, Lexer, Token, split_arrow
from .situation import Situation
from .source import Source, Span
from .tables import END, Rule, load_tables
from .tree import Program

type Standard = Literal["ppl", "stan"]

# After so many mistakes the rest is most likely caused by the first ones.
MOST_MISTAKES: Final = 20


def parse(
    source: Source, include_paths: Sequence[Path] = (), std: Standard = "ppl", keep_old: bool = False
) -> tuple[Program | None, list[Diagnostic]]:
    """The syntax tree of a program, and what is wrong with its form; the tree is None when there are errors.

    A source whose name ends in `.stanfunctions` is a bare list of functions. `include_paths` are searched
    for included files, in order, and then the folder of the including file. Under `std="stan"` syntax that
    Stan has removed is an error; otherwise it is a warning, and the tree is that of the modern program
    (with `keep_old`, of the program as written).
    """
    legacy = std == "ppl"
    lexer, builder = Lexer(include_paths, legacy), Builder(legacy)
    start = "library" if source.name.endswith(FUNCTION_LIBRARY) else "program"
    program = Parser(builder).run(lexer.program(source), start)
    diagnostics = lexer.warnings + builder.diagnostics
    if program is not None:
        program = replace(program, comments=tuple(lexer.comments))
        if legacy and not keep_old and (diagnostics or any(map(SUSPECT.search, lexer.texts))):
            modern = modernise(program)
            program = modern.program
            diagnostics += modern.warnings
    if any(diagnostic.severity is Severity.ERROR for diagnostic in diagnostics):
        program = None
    return program, sorted(diagnostics, key=place_in(source))


def parse_text(text: str, name: str = "<program>", std: Standard = "ppl") -> tuple[Program | None, list[Diagnostic]]:
    """`parse` of a text that is no file."""
    return parse(Source(name, text), std=std)


def place_in(source: Source) -> Callable[[Diagnostic], tuple[int, int]]:
    """The order of diagnostics: that of the main text, where an included file counts as its `#include`."""

    def place(diagnostic: Diagnostic) -> tuple[int, int]:
        span = diagnostic.mark.span
        inner = span.start
        while span.source is not source and span.source.included_from is not None:
            span = span.source.included_from
        return span.start, inner

    return place


class Parser:
    """The LALR(1) machine: a stack of states and, beside it, what each has read: a value and its span.

    The span of an empty rule is None, so that nothing begins or ends with one.
    """

    def __init__(self, builder: Builder) -> None:
        self.tables = load_tables()
        self.builder = builder
        actions = builder.actions()
        self.plans = [plan(rule, actions) for rule in self.tables.rules]
        self.states: list[int] = []
        self.values: list[Any] = []
        self.spans: list[Span | None] = []
        self.previous: Token | None = None  # the token before the one being looked at

    def run(self, tokens: Iterator[Token], start: str) -> Program | None:
        """Parse a whole program; its mistakes go to the builder's diagnostics."""
        actions, gotos, plans = self.tables.actions, self.tables.gotos, self.plans
        states, values, spans = self.states, self.values, self.spans
        end_state = self.tables.ends[start]
        states.append(self.tables.starts[start])
        mistakes = 0
        token = next(tokens)
        while True:
            action = actions[states[-1]].get(token.kind)
            if action is None:
                if token.text == "<-":  # not the old assignment, but a comparison with a negative number
                    token, minus = split_arrow(token.span)
                    tokens = chain([minus], tokens)
                    continue
                mistakes += 1
                mistake = self.mistake(token)
                self.builder.diagnostics.append(mistake)
                if mistakes == MOST_MISTAKES:
                    return None
                if missing := self.missing(mistake, token):
                    tokens = chain([token], tokens)
                    token = missing
                elif resumed := self.recover(token, tokens, mistake.code):
                    token = resumed
                else:
                    return None
            elif action >= 0:
                states.append(action)
                values.append(token.text)
                spans.append(token.span)
                self.previous = token
                token = next(tokens)
            else:
                arity, origin, build, children, simple = plans[-1 - action]
                if build is None:  # pass the lone child on
                    states[-1] = gotos[states[-2]][origin]
                    continue
                if arity:
                    span = spans[-1] if arity == 1 else joined(spans[-arity:])
                    if build is grown:
                        value = grown(values[-arity:], children)
                    elif simple:
                        value = build(span, *[values[position] for position in children])
                    else:
                        value = build(span, *spliced(values[-arity:], children))
                    del states[-arity:], values[-arity:], spans[-arity:]
                else:
                    span = None
                    value = build(Span(token.span.source, token.span.start, token.span.start), *map(nothing, children))
                state = gotos[states[-1]][origin]
                states.append(state)
                values.append(value)
                spans.append(span)
                if state == end_state and token.kind == END:
                    return None if mistakes else cast(Program, value)

    def mistake(self, token: Token) -> Diagnostic:
        """What is wrong with a token that cannot stand here."""
        if token.problem is not None:
            return token.problem
        previous = self.previous
        situation = Situation(
            found=" ".join(token.text.split()),
            span=token.span,
            previous=" ".join(previous.text.split()) if previous else "",
            previous_span=previous.span if previous else None,
            acceptable=self.acceptable(),
            values=self.values,
            spans=self.spans,
        )
        return messages.unexpected(situation)

    def acceptable(self) -> frozenset[str]:
        """What can stand here: words and symbols as they are written, other tokens by their kind."""
        spellings = self.tables.spellings
        row = self.tables.actions[self.states[-1]]
        return frozenset(text for kind in row if self.accepts(kind) for text in spellings.get(kind, (kind,)))

    def accepts(self, kind: str) -> bool:
        """Whether a token of this kind would be read next (the tables alone may first reduce in vain)."""
        states = list(self.states)
        while (action := self.tables.actions[states[-1]].get(kind)) is not None:
            if action >= 0:
                return True
            rule = self.tables.rules[-1 - action]
            if rule.arity:
                del states[-rule.arity :]
            states.append(self.tables.gotos[states[-1]][rule.origin])
            if kind == END and states[-1] in self.tables.ends.values():
                return True
        return False

    def missing(self, mistake: Diagnostic, token: Token) -> Token | None:
        """The token to go on with as if it had been written, when all that is wrong is that it was not."""
        match mistake.code:
            case "syntax-missing-semicolon":
                kind = "SEMICOLON"
            case "syntax-missing-brace" if token.kind != END:
                kind = "RBRACE"
            case _:
                return None
        return Token(kind, "", Span(token.span.source, token.span.start, token.span.start))

    def recover(self, token: Token, tokens: Iterator[Token], code: str) -> Token | None:
        """Skip the rest of a statement and forget its beginning; returns where to go on, or None."""
        if code == "syntax-outside-block":
            return self.after_braces(token, tokens)
        if code == "syntax-loop":  # its semicolons do not end the statement
            while token.kind not in ("RPAR", "RBRACE", END):
                token = next(tokens)
        depth = 0
        while not self.between_statements():
            if len(self.states) == 1:
                return None
            self.states.pop()
            self.spans.pop()
            depth += self.values.pop() == "{"
        while token.kind != END:
            if token.kind == "LBRACE":
                depth += 1
            elif token.kind == "RBRACE" and depth == 0:
                return token if self.accepts("RBRACE") else next(tokens)
            elif token.kind == "RBRACE":
                depth -= 1
            ends = token.kind in ("SEMICOLON", "RBRACE") and depth == 0
            token = next(tokens)
            if ends and token.kind != "ELSE":  # else it goes with what is skipped
                return token
        return None

    def after_braces(self, token: Token, tokens: Iterator[Token]) -> Token:
        """Skip what looks like a block."""
        depth = 0
        while token.kind != END:
            depth += (token.kind == "LBRACE") - (token.kind == "RBRACE")
            if token.kind == "RBRACE" and depth <= 0:
                return next(tokens)
            token = next(tokens)
        return token

    def between_statements(self) -> bool:
        """Whether the innermost state is one between two statements (or declarations, or functions) of a block."""
        state = self.states[-1]
        ends_here = "RBRACE" in self.tables.actions[state] or END in self.tables.actions[state]
        return ends_here and any(item in self.tables.gotos[state] for item in ("local", "global", "stored", "function"))


class Plan(NamedTuple):
    """How to reduce by a rule, prepared for speed: `build` is None to pass a lone child on; where `simple`,
    `children` are just positions from the top of the stack, else they are as in `Rule`."""

    arity: int
    origin: str
    build: Callable[..., Any] | None
    children: tuple[Any, ...]
    simple: bool


def plan(rule: Rule, actions: dict[str, Callable[..., Any]]) -> Plan:
    build = None if rule.action == "" else grown if rule.action == "*" else actions[rule.action]
    simple = build is not grown and not any(position < 0 or splice for position, splice in rule.children)
    positions = tuple(position - rule.arity for position, _ in rule.children)
    return Plan(rule.arity, rule.origin, build, positions if simple else rule.children, simple)


def grown(values: list[Any], children: tuple[tuple[int, bool], ...]) -> list[Any]:
    """The list that a list rule makes; a list it begins with is extended in place, to stay linear in its length."""
    (position, splice), *others = children
    result: list[Any] = values[position] if splice else [values[position]]
    for position, splice in others:
        result.extend(values[position]) if splice else result.append(values[position])
    return result


def nothing(child: object) -> None:
    """The value of an absent optional part."""


def spliced(values: list[Any], children: tuple[tuple[int, bool], ...]) -> Iterator[Any]:
    """The children of a rule: lists taken apart, absent ones None."""
    for position, splice in children:
        if position < 0:
            yield None
        elif splice:
            yield from values[position]
        else:
            yield values[position]


def joined(spans: list[Span | None]) -> Span | None:
    """From the start of the first to the end of the last."""
    present = [span for span in spans if span is not None]
    return present[0].to(present[-1]) if present else None
