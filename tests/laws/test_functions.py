"""Laws of library functions: the reference's value, gradients that match differences, and batching."""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Callable, Iterator
from functools import cache, reduce
from typing import Any

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
from pplc.compiler.library.expand import implementation
from pplc.compiler.library.shorthand import expand, parse_type
from pplc.compiler.types import Array, ComplexMatrix, FunctionType, Int, Tuple, Type, is_complex, scalar_of

warnings.filterwarnings("ignore", category=RuntimeWarning)
warnings.filterwarnings("ignore", category=FutureWarning)

# Where the value jumps or is not differentiable, or an integer is computed, differences mean nothing.
NOT_SMOOTH = {"floor", "ceil", "round", "trunc", "step"}
NO_GRADIENT = {
    "hmm_hidden_state_prob",
    *("complex_schur_decompose", "complex_schur_decompose_u", "complex_schur_decompose_t"),
    "hmm_marginal",  # takes probabilities, which differences leave
    # The signs or phases of vectors are arbitrary; what they make up is tested below.
    *("eigendecompose", "eigenvectors", "eigendecompose_sym", "eigenvectors_sym", "svd", "svd_U", "svd_V"),
}


def overloads(function: Function) -> Iterator[Signature]:
    """The last overload of each line, with the deepest containers that are not arrays of arrays."""
    for line in function.signatures:
        found = [s for s in expand(line) if not any(map(nested, (*s.arguments, s.result)))]
        yield from found[-1:]


def nested(type: Type) -> bool:
    return isinstance(type, FunctionType) or (isinstance(type, Array) and type.dimensions > 1)


def built_functions() -> list[Function]:
    return [f for functions in registry.functions().values() for f in functions if f.build is not None]


def parameters(*conditions: Callable[[Case], bool]) -> list[Any]:
    """The cases that satisfy the conditions."""
    return [pytest.param(case, id=str(case)) for case in CASES if all(condition(case) for condition in conditions)]


CASES = [case_of(function, signature) for function in built_functions() for signature in overloads(function)]


# Graphs -----------------------------------------------------------------------------------------


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


def variables(symbols: list[pt.TensorVariable]) -> list[pt.TensorVariable]:
    return [symbol for symbol in symbols if not isinstance(symbol, pt.TensorConstant)]


def flat_results(result: object) -> list[pt.TensorVariable]:
    return list(result) if isinstance(result, tuple | list) else [result]


def compiled(inputs: list[pt.TensorVariable], outputs: list[pt.TensorVariable]) -> Callable[..., list[np.ndarray]]:
    return pytensor.function(inputs, outputs, mode=PYTHON, on_unused_input="ignore")


@cache
def results_of(case: Case) -> Callable[..., list[np.ndarray]]:
    """The function's results, as a function of its real arguments."""
    symbols, _ = tensors(case)
    return compiled(variables(symbols), flat_results(case.function.build(*symbols)))


def as_value(result: np.ndarray, type: Type) -> np.ndarray:
    return result[..., 0] + 1j * result[..., 1] if is_complex(type) else result


@pytest.mark.parametrize("case", parameters(lambda case: case.function.reference is not None))
def test_the_value_is_the_references(case: Case) -> None:
    (found,) = results_of(case)(*tensors(case)[1])
    names = list(inspect.signature(case.function.build).parameters)
    scope = dict(zip(names, case.arguments, strict=False)) | {"numpy": numpy, "scipy": scipy}
    expected = eval(case.function.reference, scope)
    np.testing.assert_allclose(as_value(found, case.signature.result), expected, rtol=1e-10, atol=1e-12)


def smooth(case: Case) -> bool:
    reals = any(scalar_of(t) != Int() for t in case.signature.arguments)
    result = case.signature.result
    return reals and scalar_of(result) != Int() and case.function.name not in NOT_SMOOTH | NO_GRADIENT


@pytest.mark.parametrize("case", parameters(smooth))
def test_the_gradient_is_that_of_differences(case: Case) -> None:
    symbols, values = tensors(case)
    inputs = variables(symbols)
    results = flat_results(case.function.build(*symbols))
    total = sum(
        pt.sum(r.flatten() * pt.cos(1.0 + i + pt.arange(r.size))) for i, r in enumerate(results) if "float" in r.dtype
    )
    gradients = pytensor.grad(total, inputs, disconnected_inputs="ignore")
    value = compiled(inputs, [total, *gradients])
    rng = np.random.default_rng(1)
    direction = [rng.normal(size=v.shape) for v in values]
    symmetric = {"cholesky_decompose", "inverse_spd", "log_determinant_spd", "mdivide_left_spd", "mdivide_right_spd",
                 "eigenvalues_sym", "eigenvectors_sym", "eigendecompose_sym", "quad_form_sym"}  # fmt: skip
    if case.function.name in symmetric:
        direction = [d + d.T if d.ndim == 2 and d.shape[0] == d.shape[1] else d for d in direction]
    if case.signature.arguments == (ComplexMatrix(),) and case.function.name in symmetric:
        direction = [d + np.array([1.0, -1.0]) * np.swapaxes(d, 0, 1) for d in direction]
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


@pytest.mark.parametrize("case", parameters(batchable))
def test_a_batch_is_the_stack_of_its_elements(case: Case) -> None:
    batched, values = tensors(case, batched=True)
    together = compiled(variables(batched), flat_results(case.function.build(*batched)))(*values)
    apart = [results_of(case)(*(value[i] for value in values)) for i in range(2)]
    types = case.signature.result.elements if isinstance(case.signature.result, Tuple) else [case.signature.result]
    for position, _ in enumerate(types):
        found = together[position]
        for i in range(2):
            element = found if found.ndim == apart[i][position].ndim else found[i if len(found) > 1 else 0]
            np.testing.assert_allclose(element, apart[i][position], rtol=1e-9, atol=1e-12)


def call(name: str, *arguments: pt.TensorVariable, types: str) -> object:
    """A library function by the types of its arguments."""
    return implementation(name, tuple(map(parse_type, types.split(", ")))).build(*arguments)


def product(*factors: pt.TensorVariable) -> pt.TensorVariable:
    """Of complex matrices."""
    return reduce(lambda x, y: call("multiply", x, y, types="complex_matrix, complex_matrix"), factors)


def diagonal(values: pt.TensorVariable) -> pt.TensorVariable:
    return call("diag_matrix", values, types="complex_vector")


def adjoint(z: pt.TensorVariable) -> pt.TensorVariable:
    return call("transpose", call("conj", z, types="complex_matrix"), types="complex_matrix")


def as_complex(x: pt.TensorVariable) -> pt.TensorVariable:
    return pt.stack([x, pt.zeros_like(x)], axis=-1)


def rebuilt(name: str, x: pt.TensorVariable) -> pt.TensorVariable:
    """The matrix, from the parts that it was decomposed into."""
    match name:
        case "eigendecompose_sym":
            vectors, values = call(name, x, types="matrix")
            return (vectors * values) @ vectors.T
        case "svd":
            left, values, right = call(name, x, types="matrix")
            return (left * values) @ right.T
        case "qr" | "qr_thin":
            q, r = call(name, x, types="matrix")
            return q @ r
        case "eigendecompose":
            vectors, values = call(name, x, types="matrix")
            whole = product(vectors, diagonal(values))
            return call("mdivide_right", whole, vectors, types="complex_matrix, complex_matrix")
        case "complex eigendecompose":
            vectors, values = call("eigendecompose", x, types="complex_matrix")
            whole = product(vectors, diagonal(values))
            return call("mdivide_right", whole, vectors, types="complex_matrix, complex_matrix")
        case "complex eigendecompose_sym":
            vectors, values = call("eigendecompose_sym", x, types="complex_matrix")
            return product(vectors, diagonal(values), adjoint(vectors))
        case _:
            left, values, right = call("svd", x, types="complex_matrix")
            return product(left, diagonal(as_complex(values)), adjoint(right))


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("eigendecompose_sym", (3, 3)),
        ("svd", (4, 3)),
        ("svd", (3, 4)),
        ("qr", (3, 3)),
        ("qr_thin", (4, 3)),
        ("eigendecompose", (3, 3)),
        ("complex eigendecompose", (3, 3, 2)),
        ("complex eigendecompose_sym", (3, 3, 2)),
        ("complex svd", (4, 3, 2)),
        ("complex svd", (3, 4, 2)),
    ],
)
def test_a_decomposition_makes_up_its_matrix_and_passes_gradients_on(name: str, shape: tuple[int, ...]) -> None:
    """Signs and phases of vectors are arbitrary, but not the matrix that they make up."""
    rng = np.random.default_rng(3)
    value, weight = rng.normal(size=shape), rng.normal(size=shape)
    if name.endswith("_sym"):  # Hermitian: a real symmetric and an imaginary antisymmetric part
        sign = np.array([1.0, -1.0]) if len(shape) == 3 else 1.0
        value, weight = (z + sign * np.swapaxes(z, 0, 1) for z in (value, weight))
    x = pt.tensor(dtype="float64", shape=shape)
    result = rebuilt(name, x)
    expected, expected_gradient = value, weight
    if name == "eigendecompose":  # a complex result for a real matrix
        expected, weight = np.stack([value, 0 * value], axis=-1), np.stack([weight, 0 * weight], axis=-1)
    gradient = pytensor.grad(pt.sum(result * weight), x)
    if name == "eigendecompose_sym":
        gradient = 0.5 * (gradient + gradient.T)
    found, slope = pytensor.function([x], [result, gradient], mode=PYTHON)(value)
    np.testing.assert_allclose(found, expected, atol=1e-12)
    np.testing.assert_allclose(slope, expected_gradient, atol=1e-10)


@pytest.mark.parametrize("defective", [False, True])
def test_the_schur_decomposition_makes_up_its_matrix(defective: bool) -> None:
    value = np.array([[2.0, 1.0, 0.0], [0.0, 2.0, 1.0], [0.0, 0.0, 2.0]])
    if not defective:
        value = np.random.default_rng(4).normal(size=(5, 5))
    x = pt.tensor(dtype="float64", shape=value.shape)
    u, t = call("complex_schur_decompose", x, types="matrix")
    outputs = [product(u, t, adjoint(u)), product(u, adjoint(u)), t]
    found, identity, triangle = pytensor.function([x], outputs, mode=PYTHON)(value)
    np.testing.assert_allclose(found[..., 0], value, atol=1e-12)
    np.testing.assert_allclose(identity[..., 0], np.eye(len(value)), atol=1e-12)
    np.testing.assert_allclose(np.tril(triangle[..., 0], -1), 0, atol=1e-12)


@pytest.mark.parametrize("real", [False, True])
def test_the_schur_decomposition_has_a_gradient(real: bool) -> None:
    """Of squared absolute values, which the arbitrary phases leave alone."""
    rng = np.random.default_rng(5)
    value = rng.normal(size=(4, 4) if real else (4, 4, 2))
    x = pt.tensor(dtype="float64", shape=value.shape)
    factors = call("complex_schur_decompose", x, types="matrix" if real else "complex_matrix")
    total = sum(pt.sum(rng.normal(size=(4, 4)) * pt.sum(pt.sqr(factor), axis=-1)) for factor in factors)
    run = pytensor.function([x], [total, pytensor.grad(total, x)], mode=PYTHON)
    direction, h = rng.normal(size=value.shape), 1e-5
    expected = (run(value + h * direction)[0] - run(value - h * direction)[0]) / (2 * h)
    assert np.sum(run(value)[1] * direction) == pytest.approx(expected, rel=1e-7)


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
