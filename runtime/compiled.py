"""The decorator of every function that runs inside a sampler, and how a whole sampler becomes machine code.

Numba infers types and writes LLVM code for each function; optimising and emitting happen once, for the whole
program, with all functions but the entry made private. LLVM then inlines across them and drops what is not used,
and functions are not turned into machine code one by one, which is most of Numba's usual compile time.
"""

from __future__ import annotations

from typing import Any

import llvmlite.binding as llvm
from numba import njit
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import Compiler
from numba.core.compiler_lock import global_compiler_lock


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


compiled = njit(
    error_model="numpy",  # a division by zero is inf or nan, never an exception
    # Sums may be reordered, so that dot products use the vector unit; nan and inf keep their meaning.
    fastmath={"reassoc", "contract", "arcp", "nsz"},
    # No allocation, no reference counts and no Python: the machine code then stands alone (see `native`).
    _nrt=False,
    no_cpython_wrapper=True,
    no_cfunc_wrapper=True,
    pipeline_class=_Compiler,
)


def build_object(function: Any, signature: tuple[Any, ...]) -> tuple[str, bytes]:
    """Machine code of a `compiled` function for argument types `signature`: its symbol and an object file."""
    function.compile(signature)
    result = function.overloads[signature]
    with global_compiler_lock:
        result.library._ensure_finalized()
    entry = result.fndesc.llvm_func_name
    module = llvm.parse_bitcode(result.library._final_module.as_bitcode())
    for member in module.functions:
        if not member.is_declaration and member.name != entry:
            member.linkage = "internal"
    machine = llvm.Target.from_default_triple().create_target_machine(
        cpu=llvm.get_host_cpu_name(),
        features=llvm.get_host_cpu_features().flatten(),
        opt=3,
        reloc="static" if llvm.get_process_triple().startswith("x86") else "default",
        codemodel="jitdefault",
        jit=True,
    )
    module.data_layout = str(machine.target_data)
    options = llvm.create_pipeline_tuning_options(speed_level=3)
    options.loop_vectorization = True
    builder = llvm.create_pass_builder(machine, options)
    builder.getModulePassManager().run(module, builder)
    return entry, machine.emit_object(module)
