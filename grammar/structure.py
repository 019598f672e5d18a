"""Where the lines of a formatted program begin and how deep they stand, as its tree has it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence

from . import tree
from .lexer import FUNCTION_LIBRARY, TRIVIA, Token
from .source import Source, Span


class Structure:
    """Facts about the tokens of one source: `lines` maps the offset at which a line begins to its depth, `braces`
    has the offsets of the braces that open a block (as opposed to an array), `arrows` those of old assignments `<-`
    (as opposed to comparisons with a negative value)."""

    def __init__(self, program: tree.Program, source: Source, tokens: Sequence[Token]) -> None:
        self.source = source
        self.lines: dict[int, int] = {}
        self.braces: set[int] = set()
        self.arrows: set[int] = set()
        self.tokens = [token for token in tokens if token.kind not in TRIVIA]
        self.starts = [token.span.start for token in self.tokens]
        if source.name.endswith(FUNCTION_LIBRARY) and program.functions is not None:
            self.functions(program.functions.definitions, 0)
        else:
            for name in tree.field_names(program)[:-1]:
                if (block := getattr(program, name)) is not None:
                    self.top_level(block)

    def top_level(self, block: tree.FunctionsBlock | tree.Block) -> None:
        """A block of the program."""
        self.begin(block.span, 0)
        self.braced(block.span, 0)
        match block:
            case tree.FunctionsBlock(definitions):
                self.functions(definitions, 1)
            case tree.Block(statements):
                self.statements(statements, 1)

    def functions(self, definitions: Iterable[tree.FunctionDefinition], depth: int) -> None:
        for definition in definitions:
            self.begin(definition.span, depth)
            if definition.body is not None:
                self.body(definition.body, depth)

    def statements(self, statements: Iterable[tree.Statement], depth: int) -> None:
        for statement in statements:
            self.begin(statement.span, depth)
            self.inside(statement, depth)

    def inside(self, statement: tree.Statement, depth: int) -> None:
        """The lines that begin inside a statement which stands at a depth."""
        match statement:
            case tree.Block(statements):
                self.braced(statement.span, depth)
                self.statements(statements, depth + 1)
            case tree.If(_, then, otherwise):
                self.body(then, depth)
                if otherwise is not None:
                    self.otherwise(then, otherwise, depth)
            case tree.For(body=body) | tree.ForEach(body=body) | tree.While(body=body) | tree.Profile(body=body):
                self.body(body, depth)
            case tree.Assignment(place, "<-"):
                self.arrows.add(self.next_token("<-", place.span.end).start)

    def body(self, statement: tree.Statement, depth: int) -> None:
        """What a statement governs: a block stays on the line of its head, anything else gets its own."""
        if isinstance(statement, tree.Block):
            self.inside(statement, depth)
        else:
            self.statements([statement], depth + 1)

    def otherwise(self, then: tree.Statement, otherwise: tree.Statement, depth: int) -> None:
        """An `else`, which stays on the line of a brace before it; `else if` is one head."""
        if not isinstance(then, tree.Block) and then.span.source is self.source:
            self.begin(self.next_token("else", then.span.end), depth)
        if isinstance(otherwise, tree.If):
            self.inside(otherwise, depth)
        else:
            self.body(otherwise, depth)

    def begin(self, span: Span, depth: int) -> None:
        """A line begins where a span does."""
        if span.source is self.source:
            self.lines[span.start] = depth

    def braced(self, span: Span, depth: int) -> None:
        """The braces of a block that ends a span, where the block is not spread over files."""
        if span.source is self.source and self.source.text[span.end - 1] == "}":
            self.braces.add(self.next_token("{", span.start).start)
            self.lines[span.end - 1] = depth

    def next_token(self, text: str, start: int) -> Span:
        """The first token of this text from an offset on."""
        following = self.tokens[bisect_left(self.starts, start) :]
        return next(token.span for token in following if token.text == text)
