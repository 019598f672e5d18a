"""The decorator of every function that runs inside a sampler, and how a whole sampler becomes LLVM code.

Numba infers types and writes LLVM code for each function; optimising and emitting happen once, for the whole
program (see `kernels.machine`), with all functions but the entry made private. LLVM then inlines across them and drops
what is not used, and functions are not turned into machine code one by one, which is most of Numba's usual compile
time.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import llvmlite.binding as llvm
from numba import njit, typeof
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import Compiler
from numba.core.compiler_lock import global_compiler_lock
from pplc.runtime.kernels.calling import SYMBOL


class _Library(JITCodeLibrary):
    """A function's LLVM code, linked with what it calls, neither optimised nor loaded."""

    def _optimize_final_module(self) -> None:
        pass

    def _finalize_final_module(self) -> None:
        self._finalized = True


class _Compiler(Compiler):
    """Numba's compiler without its last step."""

    def __init__(self, typing_context: Any, target_context: Any, *arguments: Any) -> None:
        super().__init__(typing_context, target_context, *arguments)
        context = self.state.targetctx  # a copy that belongs to this compilation
        self.state.library = _Library(context.codegen(), "pplc")
        # Numba knows a compiled function by its entry point: any distinct built-in function will do as a name.
        context.get_executable = lambda library, description, environment: object().__dir__


# Numba knows these options, its types do not.
compiled: Any = njit(  # type: ignore[call-overload]
    error_model="numpy",  # a division by zero is inf or nan, never an exception
    # Sums may be reordered, so that dot products use the vector unit; nan and inf keep their meaning.
    fastmath={"reassoc", "contract", "arcp", "nsz"},
    # No allocation, no reference counts and no Python: the machine code then stands alone (see `kernels`).
    _nrt=False,
    no_cpython_wrapper=True,
    no_cfunc_wrapper=True,
    pipeline_class=_Compiler,
)

_along_rows: list[tuple[Any, str]] = []  # functions, and what `_LOOPS` says of an iteration of their loops


def along_rows(function: Any) -> Any:
    """A compiled function of rows, vectors padded to whole cache lines; those that it writes to overlap no other.

    LLVM then does not compare addresses before every loop, which takes longer than a loop over ten numbers. Each
    iteration is a line, in vectors no wider than those that densities write: a vector cannot be read before all the
    narrower ones in which it was just written have reached the cache.
    """
    dispatcher = compiled(function)
    _along_rows.append((dispatcher, "!9002"))
    return dispatcher


def sums_along_rows(function: Any) -> Any:
    """The same for a function that makes many sums: by halves of lines, as registers do not hold two of each."""
    dispatcher = compiled(function)
    _along_rows.append((dispatcher, "!9001"))
    return dispatcher


_apart: list[Any] = []


def apart(function: Any) -> Any:
    """A compiled function that LLVM leaves where it is: seldom needed, it is not to take registers from its callers."""
    dispatcher = compiled(function)
    _apart.append(dispatcher)
    return dispatcher


@compiled
def whole_lines(row):
    """The length of a row, of which LLVM then knows that no part of a line will be left over."""
    return row.shape[0] & -8


def write_code(function: Any, arguments: Sequence[object]) -> bytes:
    """LLVM code (bitcode) of a `compiled` function for arguments of these types, for any processor.

    Its entry is called SYMBOL; all else is private.
    """
    signature = tuple(map(typeof, arguments))
    function.compile(signature)
    result = function.overloads[signature]
    with global_compiler_lock:
        result.library._ensure_finalized()
    module = llvm.parse_assembly(_annotated(str(result.library._final_module)))
    entry = result.fndesc.llvm_func_name
    # Numba's names hold the types of all arguments and are half of the code.
    for number, member in enumerate((*module.functions, *module.global_variables)):
        if member.name == entry:
            member.name = SYMBOL
        elif not member.is_declaration:
            member.linkage, member.name = "internal", f"_{number}"
    return bytes(module.as_bitcode())


_LOOPS = """
!9000 = !{!"llvm.loop.vectorize.width", i32 4}
!9001 = !{!"llvm.loop.interleave.count", i32 1}
!9002 = !{!"llvm.loop.interleave.count", i32 2}
"""


def _annotated(text: str) -> str:
    """LLVM code in which functions say what they are.

    Along rows, no row overlaps another, and loops go by lines or their halves; functions apart are not inlined.
    """
    strides = {o.fndesc.llvm_func_name: stride for function, stride in _along_rows for o in function.overloads.values()}
    rare = {o.fndesc.llvm_func_name for function in _apart for o in function.overloads.values()}
    lines: list[str] = []
    loops: list[str] = []
    labels: set[str] | None = None  # of the function so far, if it is one of these
    for line in text.splitlines():
        if definition := re.match(r'define [^@]*@"?([\w.]+)"?\(', line):
            if definition[1] in rare:
                line = f"{line.removesuffix('{')}cold noinline {{"
            stride = strides.get(definition[1])
            labels = None if stride is None else set()
            if labels is not None:
                line = re.sub(r"ptr (?=[^,]*%arg\.\w+\.4\b)", "ptr noalias ", line)
        elif labels is not None:
            if label := re.match(r"([\w.]+):", line):
                labels.add(label[1])
            elif line.startswith("  br ") and labels.intersection(re.findall(r"label %([\w.]+)", line)):
                loop = f"!{9003 + len(loops)}"
                loops.append(f"{loop} = distinct !{{{loop}, !9000, {stride}}}")
                line += f", !llvm.loop {loop}"
        lines.append(line)
    return "\n".join(lines) + _LOOPS + "\n".join(loops)
