"""Code for other processors: none of it may gather, since LLVM moves gathers ahead of the stores they read."""

from __future__ import annotations

import llvmlite.binding as llvm
import pytest
from pplc.compiler.backend.graph import density_text
from pplc.compiler.backend.llvm import translate
from pplc.compiler.backend.machine import optimised, without_gathers

from .corpus import CASES

PROCESSORS = {
    "emeraldrapids": "x86_64-unknown-linux-gnu",
    "haswell": "x86_64-unknown-linux-gnu",
    "x86-64": "x86_64-unknown-linux-gnu",
    "neoverse-v1": "aarch64-unknown-linux-gnu",
    "apple-m1": "arm64-apple-darwin",
    "generic": "aarch64-unknown-linux-gnu",
}


@pytest.fixture(scope="module")
def program() -> tuple[str, str]:
    """Gathers by group inside long loops."""
    text = density_text(*CASES["mixture"](), "density").text
    other = density_text(*CASES["gather_of_transformed"](), "other").text
    return translate(text.source, text.exported, text.externals), translate(
        other.source, other.exported, other.externals
    )


@pytest.mark.parametrize("processor", PROCESSORS)
def test_no_gathers(program: tuple[str, str], processor: str) -> None:
    triple = PROCESSORS[processor]
    llvm.initialize_all_targets()
    llvm.initialize_all_asmprinters()
    target = llvm.Target.from_triple(triple)
    machine = target.create_target_machine(
        cpu=processor, features=without_gathers(triple, "").lstrip(","), opt=3, reloc="pic", codemodel="jitdefault"
    )
    for text in program:
        module = optimised(text, machine)
        assert "masked.gather" not in str(module)
        assert "masked.scatter" not in str(module)
        assert machine.emit_object(module)
