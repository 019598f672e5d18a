"""From program text to compiled blocks and generated loops, for the tests of this folder."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytensor
from numpy.testing import assert_allclose
from pplc.compiler import ir
from pplc.compiler.codegen.block import compile_block
from pplc.compiler.codegen.compiled_block import CompiledBlock
from pplc.compiler.frontend import read_program
from pplc.compiler.lower.program import Lowered
from pytensor.compile.mode import Mode


def checked(text: str) -> ir.Program:
    """The typed program; the text has no mistakes."""
    program, problems = read_program(text + "\n")
    assert program is not None, [problem.title for problem in problems]
    return program


def declared(statements: tuple[ir.Statement, ...]) -> list[ir.Variable]:
    return [node.variable for node in statements if isinstance(node, ir.Declare)]


def value_and_gradient(lowered: Lowered, position: np.ndarray, jacobian: bool = True) -> tuple[float, np.ndarray]:
    """The log density and its gradient, generated code run as plain Python."""
    density = lowered.log_density(jacobian=jacobian)
    inputs = [lowered.position, *lowered.table.values]
    outputs = [density, pytensor.grad(density, lowered.position, disconnected_inputs="ignore")]
    function = pytensor.function(inputs, outputs, mode=Mode("py", None), on_unused_input="ignore")
    value, gradient = function(position, *lowered.table.values.values())
    return float(value), gradient


def check_gradient(lowered: Lowered, position: np.ndarray) -> None:
    """The log density is finite there, and its gradient agrees with differences of it."""
    value, gradient = value_and_gradient(lowered, position)
    assert np.isfinite(value)

    def at(point: np.ndarray) -> float:
        return value_and_gradient(lowered, point)[0]

    steps = np.eye(position.size) * 1e-6
    differences = [(at(position + d) - at(position - d)) / 2e-6 for d in steps]
    assert_allclose(gradient, differences, rtol=1e-6, atol=1e-8)


def transformed_data(text: str, data: str = "", functions: str = "") -> tuple[CompiledBlock, list[str]]:
    """The block of these statements, and the names of its outputs."""
    program = checked(f"functions {{ {functions} }} data {{ {data} }} transformed data {{ {text} }}")
    outputs = declared(program.transformed_data)
    inputs = [node.variable for node in program.data]
    return compile_block(program.transformed_data, inputs, outputs, random=True), [v.name for v in outputs]


def run(text: str, data: str = "", functions: str = "", *, plain: bool = True, printed: list[str] | None = None,
        **values: Any) -> dict[str, Any]:  # fmt: skip
    """The variables of a transformed data block after it ran; `values` are the data in order."""
    block, names = transformed_data(text, data, functions)
    emit = (printed if printed is not None else []).append
    results = block(list(values.values()), np.random.default_rng(1), plain=plain, emit=emit)
    return dict(zip(names, results, strict=True))


def generated_quantities(text: str, parameters: str, data: str = "", functions: str = "") -> tuple[
    CompiledBlock, list[str]
]:  # fmt: skip
    """The block of generated quantities, whose inputs are the data and then the parameters."""
    program = checked(
        f"functions {{ {functions} }} data {{ {data} }} parameters {{ {parameters} }} generated quantities {{ {text} }}"
    )
    outputs = declared(program.generated_quantities)
    inputs = [node.variable for node in (*program.data, *program.parameters)]
    return compile_block(program.generated_quantities, inputs, outputs, random=True), [v.name for v in outputs]
