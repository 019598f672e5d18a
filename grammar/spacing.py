"""Which tokens of a formatted line have a space between them, and where the line may be broken."""

from __future__ import annotations

from enum import Enum, auto
from typing import Final

from .lexer import TRIVIA, Token
from .structure import Structure
from .tables import TWO_WORDS
from .wrapping import Piece

PREFIX: Final = frozenset({"+", "-", "!"})
BINARY: Final = frozenset(
    {"||", "&&", "==", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "%", ".*", "./", ".^", "\\", "%/%", "?", "|"}
)
ASSIGNING: Final = frozenset({"=", "+=", "-=", "*=", "/=", ".*=", "./=", "<-", "~"})
# Words that are no heads of calls, so that a bracket after them keeps its distance.
LOOSE_WORDS: Final = frozenset({"if", "for", "while", "in", "return", "else"})
# The cost of a line break after `=` or `~`: as much as one deep inside of brackets.
AFTER_ASSIGNMENT: Final = 9


class Role(Enum):
    """What a token does in its line."""

    OPERAND = auto()
    WORD = auto()  # reserved words, names of types
    OPEN = auto()  # ( [ and the { of an array
    CLOSE = auto()
    BRACE = auto()  # { or } of a block
    PREFIX = auto()  # a sign or !
    POSTFIX = auto()  # ' and .1
    BINARY = auto()
    ASSIGN = auto()
    TIGHT = auto()  # ^, the : of a range, the = of a constraint
    STOP = auto()  # , and ;
    ANGLE_OPEN = auto()  # < > of a constraint
    ANGLE_CLOSE = auto()


NO_SPACE_AFTER: Final = frozenset({Role.OPEN, Role.PREFIX, Role.ANGLE_OPEN, Role.TIGHT})
NO_SPACE_BEFORE: Final = frozenset({Role.CLOSE, Role.STOP, Role.ANGLE_OPEN, Role.ANGLE_CLOSE, Role.TIGHT, Role.POSTFIX})
ENDS_OPERAND: Final = frozenset({Role.OPERAND, Role.CLOSE, Role.POSTFIX})


class Spacing:
    """Reads the tokens of a program one by one and says how each is joined to the one before on its line."""

    def __init__(self, structure: Structure) -> None:
        self.structure = structure
        self.brackets: list[str] = []  # the open ones; "<" is a constraint, "?" an unfinished conditional
        self.previous = ""
        self.previous_role: Role | None = None  # None at the beginning of a line

    def begin_line(self) -> None:
        """The next token is the first of a line (as the structure has it, not one that was wrapped)."""
        self.brackets, self.previous, self.previous_role = [], "", None

    def piece(self, token: Token) -> Piece:
        """The token as a piece of its line."""
        if token.kind in TRIVIA:
            return Piece(token.text, True, self.depth, is_comment=True, column=token.span.column)
        role = self.role(token)
        if role in (Role.CLOSE, Role.ANGLE_CLOSE):
            self.close()
        elif token.text == ":" and role is Role.BINARY:
            self.brackets.pop()
        text = " ".join(token.text.split()) if token.kind in TWO_WORDS else token.text
        piece = Piece(text, self.space(token, role), self.depth, self.break_cost(role))
        if role in (Role.OPEN, Role.ANGLE_OPEN) or token.text == "?":
            self.brackets.append(token.text)
        self.previous, self.previous_role = token.text, role
        return piece

    @property
    def depth(self) -> int:
        return sum(bracket != "?" for bracket in self.brackets)

    @property
    def innermost(self) -> str:
        return self.brackets[-1] if self.brackets else ""

    def close(self) -> None:
        while self.innermost == "?":
            self.brackets.pop()
        if self.brackets:
            self.brackets.pop()

    def role(self, token: Token) -> Role:
        """What the token does, after those before it."""
        text = token.text
        match text:
            case "(" | "[":
                return Role.OPEN
            case "{":
                return Role.BRACE if token.span.start in self.structure.braces else Role.OPEN
            case "}" if "{" not in self.brackets:
                return Role.BRACE
            case ")" | "]" | "}":
                return Role.CLOSE
            case "," | ";":
                return Role.STOP
            case "'":
                return Role.POSTFIX
            case "^":
                return Role.TIGHT
            case ":":
                return Role.BINARY if self.innermost == "?" else Role.TIGHT
            case "<" if self.previous_role is Role.WORD:
                return Role.ANGLE_OPEN
            case ">" if self.innermost == "<":
                return Role.ANGLE_CLOSE
            case "=" if self.innermost == "<":
                return Role.TIGHT
        if text in PREFIX and self.previous_role not in ENDS_OPERAND:
            return Role.PREFIX
        if text in BINARY:
            return Role.BINARY
        if text in ASSIGNING:
            return Role.ASSIGN
        if token.kind == "DOTTED" and self.previous_role in ENDS_OPERAND:
            return Role.POSTFIX
        return Role.WORD if text.isidentifier() and token.kind not in ("NAME", "T") else Role.OPERAND

    def break_cost(self, role: Role) -> int | None:
        """How unwelcome a line break before the token is: the deeper in brackets the more, and most after `=`."""
        if role is Role.BINARY or self.previous == ",":
            return 2 * self.depth
        if self.previous_role is Role.OPEN and role is not Role.CLOSE:
            return 2 * self.depth + 1
        return AFTER_ASSIGNMENT if self.previous_role is Role.ASSIGN else None

    def space(self, token: Token, role: Role) -> bool:
        """Whether a space stands before the token."""
        before = self.previous_role
        if self.previous == "," and token.text == ":":
            return True
        if before is None or before in NO_SPACE_AFTER or role in NO_SPACE_BEFORE:
            return False
        if before is Role.BRACE and self.previous == "{" and token.text == "}":
            return False
        if token.text in ("(", "["):
            if before is Role.WORD:
                return self.previous in LOOSE_WORDS
            return before not in ENDS_OPERAND and before is not Role.ANGLE_CLOSE
        return True
