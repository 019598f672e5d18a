"""`pplc MODEL --emit STAGE`: what the compiler made of a program, for those who work on the compiler."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pplc.cli.files import program_source
from pplc.errors import ProgramError

if TYPE_CHECKING:
    from pplc.compiler.frontend import Standard
    from pplc.model import Model


def typed_program(path: Path, include: tuple[Path, ...], std: Standard) -> str:
    """The program with names resolved and types written out; needs no data. Raises ProgramError."""
    from pplc.compiler.frontend import read_program
    from pplc.compiler.print_ir import print_program

    program, found = read_program(program_source(path), include, std)
    if program is None:
        raise ProgramError(found)
    return print_program(program)


def graph(model: Model) -> str:
    """The PyTensor graph of the log density, before it is compiled."""
    from io import StringIO

    from pytensor.printing import debugprint

    text = StringIO()
    debugprint(model.lowered.log_density(), print_type=True, file=text)
    return text.getvalue()


def source(model: Model) -> str:
    """The loops that the log density and its gradient were compiled from."""
    return model.generated_source
