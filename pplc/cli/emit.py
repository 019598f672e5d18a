"""`pplc MODEL --emit STAGE`: what the compiler made of a program, for those who work on the compiler."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from pplc.cli.files import program_source
from pplc.errors import ProgramError

if TYPE_CHECKING:
    from pplc.compiler.frontend import Standard
    from pplc.model import Model


def syntax_tree(path: Path, include: tuple[Path, ...], std: Standard) -> str:
    """The program as it was written; needs no data. Raises ProgramError."""
    from pplc.grammar.parser import parse
    from pplc.grammar.print_tree import print_tree

    tree, found = parse(program_source(path), include, std)
    if tree is None:
        raise ProgramError(found)
    return print_tree(tree)


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
    return _printed([model.lowered.log_density()])


def rewritten(model: Model) -> str:
    """The same graph made cheaper."""
    from pytensor.graph.fg import FunctionGraph

    from pplc.compiler.rewrite import simplify

    cheaper = FunctionGraph(outputs=[model.lowered.log_density()], clone=True)
    simplify(cheaper)
    return _printed(cheaper.outputs)


def _printed(outputs: list[Any]) -> str:
    from io import StringIO

    from pytensor.printing import debugprint

    text = StringIO()
    debugprint(outputs, print_type=True, file=text)
    return text.getvalue()


def source(model: Model) -> str:
    """The loops that the log density and its gradient were compiled from."""
    return model.generated_source


# The stages in their order: those that need the program alone, and those that need its data, too.
OF_PROGRAM = {"ast": syntax_tree, "ir": typed_program}
OF_MODEL = {"graph": graph, "rewritten": rewritten, "source": source}
