"""A mistake in the user's program, as a value; `render.py` turns it into text."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from .source import Span


class Severity(Enum):
    """How bad: an error stops the program from running, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in the program and what to say of it (may be empty)."""

    span: Span
    label: str = ""


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """What is wrong (`title`), where (`mark`), what it has to do with (`related`), what to do (`help`).

    `code` names the mistake in kebab-case and its page `docs/errors/CODE.md`; codes of mistakes
    that the parser finds begin with `syntax-`.
    """

    code: str
    title: str
    mark: Mark
    related: tuple[Mark, ...] = ()
    help: str | None = None
    severity: Severity = Severity.ERROR

    @property
    def is_syntax(self) -> bool:
        """Whether the parser found it (as opposed to the checker)."""
        return self.code.startswith("syntax-")
