"""Code for other processors. None of it may gather, since LLVM moves gathers ahead of the stores they read."""

from __future__ import annotations

import re
from typing import Any

import llvmlite.binding as llvm
import numpy as np
import pytest
from pplc.compiler.backend.graph import density_text
from pplc.compiler.backend.llvm import translate
from pplc.compiler.backend.machine import optimised, without_gathers

import pplc

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


def target_machine(processor: str) -> Any:
    triple = PROCESSORS[processor]
    llvm.initialize_all_targets()
    llvm.initialize_all_asmprinters()
    return llvm.Target.from_triple(triple).create_target_machine(
        cpu=processor, features=without_gathers(triple, "").lstrip(","), opt=3, reloc="pic", codemodel="jitdefault"
    )


@pytest.mark.parametrize("processor", PROCESSORS)
def test_no_gathers(program: tuple[str, str], processor: str) -> None:
    machine = target_machine(processor)
    for text in program:
        module = optimised(text, machine)
        assert "masked.gather" not in str(module)
        assert "masked.scatter" not in str(module)
        assert machine.emit_object(module)


LARGE_ARRAY = """
@fast
def f(n: int, y: floats) -> None:
    x = table_floats(0)
    group = table_ints(1)
    w = floats(5000)
    for i in range(n):
        z = y[i] + x[group[i]]
        w[i] = z * (1.0 + z * (2.0 + z * (3.0 + z * (4.0 + z * (5.0 + z)))))
    for i in range(n):
        y[0] += w[i]
"""


@pytest.mark.parametrize("processor", PROCESSORS)
def test_loops_over_large_arrays_become_vectors(processor: str) -> None:
    """Only if LLVM knows that no pointer to data reaches memory that waits for the next call."""
    text = translate(LARGE_ARRAY, ("f",))
    assert "take_memory" in text
    module = str(optimised(text, target_machine(processor)))
    assert re.search(r"fmul [a-z ]*<\d+ x double>", module)


FOUR_FACTORS = """
parameters {
  array[4] cholesky_factor_corr[3] L;
}
model {
  for (n in 1 : 4) L[n] ~ lkj_corr_cholesky(2);
}
"""


def test_straight_line_code_of_which_llvm_makes_wrong_vectors() -> None:
    """LLVM 22 makes a vector of four factors that is read before it is computed, where a processor has vectors of
    256 bits, and its code generator then ends the process."""
    model = pplc.compile_model(FOUR_FACTORS)
    position = np.linspace(-0.5, 0.7, model.n_unconstrained)
    steps = 1e-6 * np.eye(position.size)
    slopes = [(model.logp_dlogp(position + s)[0] - model.logp_dlogp(position - s)[0]) / 2e-6 for s in steps]
    np.testing.assert_allclose(model.logp_dlogp(position)[1], slopes, atol=1e-8)
