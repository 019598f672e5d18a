"""LLVM text to machine code: optimised once as an object file, linked into the process by LLVM's own linker.

Only `llvmlite` is needed, neither Numba nor PyTensor, so an object from the cache is callable within
milliseconds.
"""

from __future__ import annotations

import ctypes
import itertools
import os
import tempfile
import threading
import weakref
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from functools import cache
from typing import Any

from .llvm import tails
from .llvm.spare import RELEASE

LEVEL = 3  # of optimisation; a sweep over thousands of programs sets 1, for slower code in a third of the time

ERROR = 2  # the standard error
REMARK = b"loop not vectorized"

_lock = threading.Lock()  # LLVM's global state is not for several threads at once
_serial = itertools.count()


@cache
def _llvm() -> Any:
    import llvmlite.binding as llvm

    # To order instructions once more after registers are given takes time quadratic in the length of straight-line code
    # and does nothing for processors that order them as they run.
    llvm.set_option("pplc", "-disable-post-ra")
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    return llvm


def without_gathers(triple: str, features: str) -> str:
    """A processor's features, without instructions that gather and scatter.

    LLVM loses their dependence on local arrays: alias analysis looks for pointers among the operands of
    `llvm.masked.gather`, finds a vector of pointers, and concludes that the array is not read. A gather was seen
    to move ahead of the stores that fill the array (tests/lower/programs.py, "factors of two covariances").
    """
    if triple.startswith(("x86", "i686", "amd64")):
        return f"{features},+prefer-no-gather,+prefer-no-scatter"
    if triple.startswith(("aarch64", "arm64")):
        return f"{features},-sve,-sve2"  # NEON has none
    return features


def _features() -> str:
    llvm = _llvm()
    return without_gathers(llvm.get_process_triple(), llvm.get_host_cpu_features().flatten())


def _target_machine() -> Any:
    llvm = _llvm()
    target = llvm.Target.from_default_triple()
    return target.create_target_machine(
        cpu=llvm.get_host_cpu_name(), features=_features(), opt=LEVEL, reloc="pic", codemodel="jitdefault", jit=True
    )


@cache
def _jit() -> Any:
    return _llvm().create_lljit_compiler(_target_machine())


@cache
def machine_name() -> str:
    """What compiled code depends on besides its source: processor and LLVM version."""
    import llvmlite

    llvm = _llvm()
    return f"{llvm.get_process_triple()} {llvm.get_host_cpu_name()} {_features()} {llvmlite.__version__} {LEVEL}"


def assemble(llvm_text: str) -> bytes:
    """Optimise a module and return its object file."""
    with _lock, without_remarks() if tails.MARK in llvm_text else nullcontext():
        machine = _target_machine()
        module = optimised(llvm_text if "+avx2" in _features() else tails.without(llvm_text), machine)
        if os.environ.get("PPLC_DUMP_ASSEMBLY"):
            print(machine.emit_assembly(module))
        return bytes(machine.emit_object(module))


@contextmanager
def without_remarks() -> Iterator[None]:
    """Keep to ourselves that LLVM cannot make vectors of a loop which `tails` marked: it says so to the standard error.

    Nothing turns that off. What others write there meanwhile follows.
    """
    try:
        error = os.dup(ERROR)
    except OSError:  # there is none
        yield
        return
    with tempfile.TemporaryFile() as written:
        os.dup2(written.fileno(), ERROR)
        try:
            yield
        finally:
            os.dup2(error, ERROR)
            os.close(error)
            written.seek(0)
            os.write(ERROR, b"".join(line for line in written if REMARK not in line))


def optimised(llvm_text: str, machine: Any) -> Any:
    """A module as LLVM's passes leave it for a processor.

    LLVM 22 has been seen to make vectors of straight-line code that are read before they are computed, and then to end
    the process. Such a module is made again, without vectors of that kind.
    """
    module = _optimised(llvm_text, machine, LEVEL == 3)
    try:
        module.verify()
    except RuntimeError:
        module = _optimised(llvm_text, machine, False)
    return module


def _optimised(llvm_text: str, machine: Any, vectors_of_lines: bool) -> Any:
    llvm = _llvm()
    module = llvm.parse_assembly(llvm_text)
    module.verify()
    module.triple = machine.triple
    module.data_layout = str(machine.target_data)
    options = llvm.create_pipeline_tuning_options(speed_level=LEVEL)
    options.loop_vectorization = LEVEL == 3
    options.slp_vectorization = vectors_of_lines
    options.loop_interleaving = LEVEL == 3
    options.loop_unrolling = LEVEL == 3
    builder = llvm.create_pass_builder(machine, options)
    builder.getModulePassManager().run(module, builder)
    return module


class Linked:
    """An object file in memory, with the addresses of its exported functions; keep it alive while they are used."""

    def __init__(self, code: bytes, exported: tuple[str, ...], symbols: Mapping[str, int]) -> None:
        with _lock:
            builder = _llvm().JITLibraryBuilder().add_object_img(code).add_current_process()
            for name, address in symbols.items():
                builder.import_symbol(name, address)
            for name in (*exported, RELEASE):
                builder.export_symbol(name)
            self._tracker = builder.link(_jit(), f"pplc{next(_serial)}")
            self.addresses = {name: self._tracker[name] for name in exported}
            release = ctypes.CFUNCTYPE(None)(self._tracker[RELEASE])
        weakref.finalize(self, release).atexit = False
