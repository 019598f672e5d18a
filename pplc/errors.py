"""What can go wrong for a user; each message is complete in itself."""

from __future__ import annotations

from collections.abc import Sequence

from pplc.grammar.diagnostics import Diagnostic, Severity


class PplcError(Exception):
    """Any mistake in a program, its data, its initial values or options."""


class ProgramError(PplcError):
    """The program has errors; `diagnostics` lists them with their places."""

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        from pplc.grammar.render import render

        errors = [d for d in diagnostics if d.severity is Severity.ERROR]
        super().__init__("\n" + render(errors))
        self.diagnostics = tuple(diagnostics)


class ProgramWarning(UserWarning):
    """Something in a program that runs but may not be meant."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        span = diagnostic.mark.span
        super().__init__(f"{span.source.name}:{span.line}:{span.column + 1}: {diagnostic.title}")
        self.diagnostic = diagnostic


class GenerationWarning(UserWarning):
    """Generated quantities that could not be computed for `failed` of `draws` draws, where they hold nan."""

    def __init__(self, diagnostic: Diagnostic, failed: int, draws: int) -> None:
        super().__init__(
            f"generated quantities could not be computed for {failed} of {draws} draws, where they hold nan: "
            f"{diagnostic.title} (line {diagnostic.mark.span.line})"
        )
        self.diagnostic, self.failed, self.draws = diagnostic, failed, draws


class DataError(PplcError):
    """The data do not fit the program; `problems` lists all of them, one sentence each."""

    def __init__(self, problems: Sequence[str], heading: str = "the data do not fit the program") -> None:
        super().__init__(f"{heading}:\n" + "\n".join(f"  - {p}" for p in problems))
        self.problems = tuple(problems)


class NotGenerative(PplcError):
    """Draws from the prior were asked of a program that does not say how to draw its parameters."""


class InitialValuesError(PplcError):
    """Initial values that do not belong to the program."""


class InitialisationFailed(PplcError):
    """No point was found at which sampling can start; the message tells which statement is to blame."""


class OptionError(PplcError):
    """Settings that make no sense; `problems` lists all of them, one sentence each."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = tuple(problems)
