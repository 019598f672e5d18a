"""Models of programs that are run once: not kept on disk, compiled with few optimisations, or without Numba."""

from __future__ import annotations

from typing import Any

from pplc.compiler.backend import fallback, machine
from pplc.compiler.backend.schedule import groups
from pplc.compiler.codegen import loader
from pplc.compiler.frontend import read_source

from benchmarks.calls.programs import Program
from pplc.model import Model
from pplc.origin import Given


class NeedsNumba(Exception):
    """With --native: something is not compiled by our own back end."""


def without_numba() -> None:
    """Whatever would be compiled by Numba fails instead."""

    def refuse(*arguments: Any) -> Any:
        raise NeedsNumba(f"the operation {arguments[0].op}" if arguments[1:] else "a block")

    fallback.numba_function = loader.load_compiled = refuse


class Fleeting(Given):
    """A program and its data, compiled without being kept on disk."""

    key = None


def model_of(program: Program) -> Model:
    return Model(Fleeting(read_source(program.text), program.data, [], "ppl"))


def compile_lightly() -> None:
    """Short loops stay loops and LLVM optimises little: programs compile several times as fast, and run slower."""
    machine.LEVEL = 1
    groups.UNROLL_INNER = groups.UNROLL_OUTER = 1
