"""LLVM code of a kernel to machine code in this process; needs llvmlite only, and no GIL while it compiles."""

from __future__ import annotations

import hashlib
from functools import cache
from typing import Any

from pplc.runtime.kernels.calling import SYMBOL

_engines: list[Any] = []  # machine code lives as long as its engine


@cache
def _llvm() -> Any:
    import llvmlite.binding as llvm

    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    return llvm


def fingerprint(source: str) -> str:
    """Names machine code by its source's fingerprint and all else that it depends on."""
    import llvmlite

    llvm = _llvm()
    features = llvm.get_host_cpu_features().flatten()
    text = f"{source} {llvmlite.__version__} {llvm.get_host_cpu_name()} {features}"
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def assemble(bitcode: bytes) -> bytes | None:
    """An object file for this processor; None if the code was written by a later LLVM and this one cannot read it."""
    llvm = _llvm()
    try:
        module = llvm.parse_bitcode(bitcode)
    except RuntimeError:
        return None
    x86 = llvm.get_process_triple().startswith("x86")
    target = llvm.Target.from_default_triple().create_target_machine(
        cpu=llvm.get_host_cpu_name(),
        features=llvm.get_host_cpu_features().flatten(),
        opt=3,
        reloc="static" if x86 else "default",
        codemodel="jitdefault",
        jit=True,
    )
    module.triple, module.data_layout = target.triple, str(target.target_data)
    options = llvm.create_pipeline_tuning_options(speed_level=3)
    options.loop_vectorization = True
    builder = llvm.create_pass_builder(target, options)
    builder.getModulePassManager().run(module, builder)
    return bytes(target.emit_object(module))


def link(code: bytes) -> int:
    """The address of the kernel in an object file."""
    llvm = _llvm()
    machine = llvm.Target.from_default_triple().create_target_machine()
    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), machine)
    engine.add_object_file(llvm.ObjectFileRef.from_data(code))
    engine.finalize_object()
    _engines.append(engine)
    return int(engine.get_function_address(SYMBOL))
