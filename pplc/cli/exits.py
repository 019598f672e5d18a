"""Exit codes, and the one place where an error becomes a message and a code."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable
from enum import IntEnum

from pplc.errors import (
    DataError,
    InitialisationFailed,
    InitialValuesError,
    NotGenerative,
    OptionError,
    PplcError,
    ProgramError,
)
from pplc.folders import failed_in_our_bytecode


class Exit(IntEnum):
    """How a command ended; `--help` explains them."""

    OK = 0
    PROGRAM = 1
    USAGE = 2
    DATA = 3
    SAMPLING = 4
    OUTPUT = 5
    BUG = 70
    INTERRUPTED = 130


MEANINGS = {
    Exit.OK: "done (warnings about the program or the draws do not change this)",
    Exit.PROGRAM: "the program has an error, or `format --check` found a file to change",
    Exit.USAGE: "an option or file name on the command line is wrong",
    Exit.DATA: "the data or initial values cannot be read or do not fit the program",
    Exit.SAMPLING: "sampling could not start, or made no draw",
    Exit.OUTPUT: "the result could not be written",
    Exit.BUG: "an error inside pplc, which is a bug: please report it",
    Exit.INTERRUPTED: "interrupted with Ctrl-C; the draws made so far are kept",
}

_CODES: tuple[tuple[type[PplcError], Exit], ...] = (
    (ProgramError, Exit.PROGRAM),
    (DataError, Exit.DATA),
    (InitialValuesError, Exit.DATA),
    (InitialisationFailed, Exit.SAMPLING),
    (NotGenerative, Exit.PROGRAM),
)


class Stop(Exception):
    """A command cannot go on: `message` for the user, `code` for the shell."""

    def __init__(self, message: str, code: Exit = Exit.USAGE) -> None:
        super().__init__(message)
        self.message, self.code = message, code


def guarded(command: Callable[[], int]) -> int:
    """Run a command; whatever goes wrong becomes one message on standard error and an exit code."""
    try:
        return command()
    except Stop as stop:
        complain(stop.message)
        return stop.code
    except ProgramError as problem:
        from pplc.cli.repeated import said_once
        from pplc.cli.terminal import show_diagnostics

        show_diagnostics(said_once(problem.diagnostics))
        return Exit.PROGRAM
    except OptionError as problem:
        from pplc.runtime.words import on_command_line

        complain(on_command_line("; ".join(problem.problems)))
        return Exit.USAGE
    except PplcError as problem:
        complain(str(problem))
        return next(code for kind, code in _CODES if isinstance(problem, kind))
    except KeyboardInterrupt:
        complain("interrupted")
        return Exit.INTERRUPTED
    except BrokenPipeError:  # the reader of a pipe, such as `head`, has seen enough
        sys.stderr.close()
        return Exit.OK
    except RecursionError:
        complain("the program nests or chains expressions too deeply")
        return Exit.PROGRAM
    except MemoryError:
        complain("there is not enough memory for this model and this number of draws")
        return Exit.SAMPLING
    except Exception as problem:
        if failed_in_our_bytecode(problem):
            raise  # `pplc/__main__.py` says so, since it may happen before this module is imported
        traceback.print_exc()
        complain("this is a bug in pplc, not a mistake of yours; please report it with the program and the text above")
        return Exit.BUG


def complain(message: str) -> None:
    """One error, on standard error."""
    from pplc.cli.terminal import paint

    print(f"{paint('error', 'error', sys.stderr)}: {message}", file=sys.stderr)
