"""What can go wrong for a user; each message is complete in itself.

The classes keep what they were made of as their `args`, so that they can be pickled and sent to other processes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pplc.grammar.diagnostics import Diagnostic, Severity


class PplcError(Exception):
    """Any mistake in a program, its data, its initial values or options."""


class ProgramError(PplcError):
    """The program has errors; `diagnostics` lists them with their places."""

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        super().__init__(diagnostics)
        self.diagnostics = tuple(diagnostics)

    def __str__(self) -> str:
        from pplc.grammar.render import render

        return "\n" + render([d for d in self.diagnostics if d.severity is Severity.ERROR])


class ProgramWarning(UserWarning):
    """Something in a program that runs but may not be meant."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic)
        self.diagnostic = diagnostic

    def __str__(self) -> str:
        span = self.diagnostic.mark.span
        return f"{span.source.name}:{span.line}:{span.column + 1}: {self.diagnostic.title}"


class DrawsWarning(UserWarning):
    """Something that is wrong with variables of the draws, with its place."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic)
        self.diagnostic = diagnostic

    def __str__(self) -> str:
        return f"{self.diagnostic.title} (line {self.diagnostic.mark.span.line})"


class GenerationWarning(DrawsWarning):
    """Generated quantities that could not be computed for `failed` of `draws` draws, where they hold nan."""

    def __init__(self, reason: Diagnostic, failed: int, draws: int) -> None:
        what = f"generated quantities could not be computed for {failed} of {draws} draws, where they hold nan"
        super().__init__(replace(reason, title=f"{what}: {reason.title}", severity=Severity.WARNING))
        self.args = (reason, failed, draws)
        self.failed, self.draws = failed, draws


class NanWarning(DrawsWarning):
    """Transformed parameters or generated quantities that are nan in some draws: the first of them, with the reason."""

    def __init__(self, variables: Sequence[str], nan: int, draws: int, reason: Diagnostic) -> None:
        more = len(variables) - 1
        which = f"`{variables[1]}`" if more == 1 else f"{more} other variables"
        others = f" (in some {which} too)" if more else ""
        what = f"`{variables[0]}` is nan in {nan} of {draws} draws{others}"
        super().__init__(replace(reason, title=f"{what}: {reason.title}", severity=Severity.WARNING))
        self.args = (variables, nan, draws, reason)
        self.variables, self.nan, self.draws = tuple(variables), nan, draws


class MissingDrawsWarning(UserWarning):
    """Predicted values that hold nan, the distribution having so little of its mass between the bounds."""

    def __init__(self, variable: str, distribution: str, missing: int, count: int) -> None:
        super().__init__(variable, distribution, missing, count)
        self.variable, self.distribution, self.missing, self.count = variable, distribution, missing, count

    def __str__(self) -> str:
        return (
            f"{self.missing} of {self.count} predicted values of `{self.variable}` hold nan: of 100,000 draws from "
            f"`{self.distribution}` none lay within the bounds"
        )


class DataError(PplcError):
    """The data do not fit the program; `problems` lists all of them, one sentence each."""

    def __init__(self, problems: Sequence[str], heading: str = "the data do not fit the program") -> None:
        super().__init__(problems, heading)
        self.problems, self.heading = tuple(problems), heading

    def __str__(self) -> str:
        return f"{self.heading}:\n" + "\n".join(f"  - {p}" for p in self.problems)


class NotGenerative(PplcError):
    """Draws from the prior were asked of a program that does not say how to draw its parameters."""


class InitialValuesError(PplcError):
    """Initial values that do not belong to the program."""


class InitialisationFailed(PplcError):
    """No point was found at which sampling can start; the message tells which statement is to blame."""


class OptionError(PplcError):
    """Settings that make no sense; `problems` lists all of them, one sentence each (see `pplc.runtime.words`)."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__(problems)
        self.problems = tuple(problems)

    def __str__(self) -> str:
        from pplc.runtime.words import in_python

        return in_python("; ".join(self.problems))
