"""Laws of library functions: the reference's value, gradients that match differences, and batching."""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Iterator

import mpmath  # noqa: F401  # references are written in it
import numpy
import numpy as np
import pytensor
import pytensor.tensor as pt
import pytest
import scipy.linalg
import scipy.special
import scipy.stats
from function_cases import Case, case_of
from function_oracle import PYTHON, ask_stan, evaluate
from pplc.compiler.library import registry
from pplc.compiler.library.definitions import Function, Signature
from pplc.compiler.library.shorthand import expand
from pplc.compiler.types import Array, FunctionType, Int, Tuple, Type, is_complex, scalar_of

warnings.filterwarnings("ignore", category=RuntimeWarning)
warnings.filterwarnings("ignore", category=FutureWarning)

# Where the value jumps or is not differentiable, or an integer is computed, differences mean nothing.
NOT_SMOOTH = {"floor", "ceil", "round", "trunc", "step"}
NO_GRADIENT = {
    "hmm_hidden_state_prob",
    "hmm_marginal",  # takes probabilities, which differences leave
    "eigenvectors_sym",  # the signs of eigenvectors are arbitrary; what they make up is tested below
    "eigendecompose_sym",
}


def overloads(function: Function) -> Iterator[Signature]:
    """The first and the last overload of each line, arrays of arrays left out."""
    for line in function.signatures:
        found = [
            s for s in expand(line)
            if not any(isinstance(t, FunctionType) or (isinstance(t, Array) and t.dimensions > 2) for t in s.arguments)
        ]  # fmt: skip
        yield from dict.fromkeys([*found[:1], *found[-1:]])


def built_functions() -> list[Function]:
    return [f for functions in registry.functions().values() for f in functions if f.build is not None]


CASES = [case_of(function, signature) for function in built_functions() for signature in overloads(function)]


def tensors(case: Case, batched: bool = False) -> tuple[list[pt.TensorVariable], list[np.ndarray]]:
    """Symbolic arguments (ints are constants) and the values of the symbolic ones, complex numbers as two reals."""
    symbols, values = [], []
    for value, type in zip(case.arguments, case.signature.arguments, strict=True):
        if scalar_of(type) == Int():
            symbols.append(pt.constant(value))
            continue
        value = np.stack([value.real, value.imag], axis=-1) if is_complex(type) else value
        value = np.stack([value, 0.9 * value]) if batched else value
        symbols.append(pt.tensor(dtype="float64", shape=value.shape))
        values.append(value)
    return symbols, values


def flat_results(result: object) -> list[pt.TensorVariable]:
    return list(result) if isinstance(result, tuple | list) else [result]


def run(symbols: list, outputs: list, values: list[np.ndarray]) -> list[np.ndarray]:
    inputs = [s for s in symbols if s.owner is None and not isinstance(s, pt.TensorConstant)]
    return pytensor.function(inputs, outputs, mode=PYTHON, on_unused_input="ignore")(*values)


def as_value(result: np.ndarray, type: Type) -> np.ndarray:
    return result[..., 0] + 1j * result[..., 1] if is_complex(type) else result


@pytest.mark.parametrize("case", [case for case in CASES if case.function.reference], ids=str)
def test_the_value_is_the_references(case: Case) -> None:
    symbols, values = tensors(case)
    (found,) = run(symbols, [case.function.build(*symbols)], values)
    names = list(inspect.signature(case.function.build).parameters)
    scope = dict(zip(names, case.arguments, strict=False)) | {"numpy": numpy, "scipy": scipy}
    expected = eval(case.function.reference, scope)
    np.testing.assert_allclose(as_value(found, case.signature.result), expected, rtol=1e-10, atol=1e-12)


def smooth(case: Case) -> bool:
    reals = any(scalar_of(t) != Int() for t in case.signature.arguments)
    result = case.signature.result
    return reals and scalar_of(result) != Int() and case.function.name not in NOT_SMOOTH | NO_GRADIENT


@pytest.mark.parametrize("case", [case for case in CASES if smooth(case)], ids=str)
def test_the_gradient_is_that_of_differences(case: Case) -> None:
    symbols, values = tensors(case)
    inputs = [s for s in symbols if not isinstance(s, pt.TensorConstant)]
    results = flat_results(case.function.build(*symbols))
    total = sum(
        pt.sum(r.flatten() * pt.cos(1.0 + i + pt.arange(r.size))) for i, r in enumerate(results) if "float" in r.dtype
    )
    gradients = pytensor.grad(total, inputs, disconnected_inputs="ignore")
    value = pytensor.function(inputs, [total, *gradients], mode=PYTHON, on_unused_input="ignore")
    rng = np.random.default_rng(1)
    direction = [rng.normal(size=v.shape) for v in values]
    symmetric = {"cholesky_decompose", "inverse_spd", "log_determinant_spd", "mdivide_left_spd", "mdivide_right_spd",
                 "eigenvalues_sym", "eigenvectors_sym", "eigendecompose_sym", "quad_form_sym"}  # fmt: skip
    if case.function.name in symmetric:
        direction = [d + d.T if d.ndim == 2 and d.shape[0] == d.shape[1] else d for d in direction]
    slope = sum(np.sum(g * d) for g, d in zip(value(*values)[1:], direction, strict=True))

    def difference(h: float) -> float:
        ahead, behind = ([v + s * h * d for v, d in zip(values, direction, strict=True)] for s in (1, -1))
        return float((value(*ahead)[0] - value(*behind)[0]) / (2 * h))

    h = 1e-4
    expected = (4 * difference(h / 2) - difference(h)) / 3  # Richardson: the error is of order h^4
    assert slope == pytest.approx(expected, rel=1e-6, abs=1e-6)


def batchable(case: Case) -> bool:
    """Functions of sizes alone have nothing to batch; csr_extract's result depends on the values."""
    return any(scalar_of(t) != Int() for t in case.signature.arguments) and not case.function.name.startswith("csr_ex")


@pytest.mark.parametrize("case", [case for case in CASES if batchable(case)], ids=str)
def test_a_batch_is_the_stack_of_its_elements(case: Case) -> None:
    batched, values = tensors(case, batched=True)
    together = run(batched, flat_results(case.function.build(*batched)), values)
    single, _ = tensors(case)
    outputs = flat_results(case.function.build(*single))
    apart = [run(single, outputs, [value[i] for value in values]) for i in range(2)]
    types = case.signature.result.elements if isinstance(case.signature.result, Tuple) else [case.signature.result]
    for position, _ in enumerate(types):
        found = together[position]
        for i in range(2):
            element = found if found.ndim == apart[i][position].ndim else found[i if len(found) > 1 else 0]
            np.testing.assert_allclose(element, apart[i][position], rtol=1e-9, atol=1e-12)


def test_eigenvectors_make_up_functions_of_their_matrix() -> None:
    """V exp(values) V' is the matrix exponential, with the same gradient."""
    library = {name: functions[0].build for name, functions in registry.functions().items()}
    x = pt.dmatrix()
    vectors, values = library["eigendecompose_sym"](x)
    exponential = [(vectors * pt.exp(values)) @ vectors.T, library["matrix_exp"](x)]
    weight = pt.constant(np.array([[1.0, 2.0, 3.0], [2.0, -1.0, 0.5], [3.0, 0.5, 4.0]]))
    gradients = [pytensor.grad(pt.sum(result * weight), x) for result in exponential]
    at = np.array([[2.0, 0.3, -0.1], [0.3, 1.0, 0.2], [-0.1, 0.2, -0.5]])
    one, other, slope, other_slope = pytensor.function([x], exponential + gradients, mode=PYTHON)(at)
    np.testing.assert_allclose(one, other, rtol=1e-12)
    np.testing.assert_allclose(slope + slope.T, other_slope + other_slope.T, rtol=1e-10)


# Stan as the oracle -----------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("function", built_functions(), ids=repr)
def test_value_and_gradient_are_stans(function: Function) -> None:
    """Every overload that stanli can run, arrays of one dimension at most."""
    pytest.importorskip("stanli")
    compared = 0
    for line in function.signatures:
        for signature in expand(line):
            types = (*signature.arguments, signature.result)
            if any(isinstance(t, FunctionType | Tuple) or is_complex(t) for t in types):
                continue
            if any(isinstance(t, Array) and t.dimensions > 1 for t in types):
                continue
            case = case_of(function, signature)
            value, gradient, shapes = evaluate(case)
            try:
                stan_value, stan_gradient = ask_stan(case, shapes)
            except (RuntimeError, ValueError):
                continue  # stanli lacks the function, or Stan rejects the arguments
            np.testing.assert_allclose(value, stan_value, rtol=1e-8, atol=1e-8)
            np.testing.assert_allclose(gradient, stan_gradient, rtol=1e-6, atol=1e-6)
            compared += 1
    if not compared:
        pytest.skip("stanli has no overload of it")
