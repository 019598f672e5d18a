# ruff: noqa: E501  (program texts read better on one line)
"""Functions of complex numbers: sizes that do not fit, matrices that are not Hermitian, containers without elements."""

from __future__ import annotations

import numpy as np
import pytest

import pplc

V2, V3 = "to_complex([1, 2]', [3, 4]')", "to_complex([1, 2, 3]', [4, 5, 6]')"
M23 = "to_complex([[1, 2, 3], [4, 5, 6]], [[1, 2, 3], [4, 5, 6]])"
SKEW = "to_complex([[1, 2], [2, 5]], [[0, 1], [1, 0]])"  # symmetric, not Hermitian

MISTAKES = {
    f"complex_vector[2] a = {V2} + {V3};": "`add`: z and w differ in size (2 and 3)",
    f"complex_vector[2] a = {V2} .* {V3};": "`elt_multiply`: z and w differ in size (2 and 3)",
    f"complex_vector[2] a = {V2} .^ {V3};": "`pow`: z and w differ in size (2 and 3)",
    f"complex a = dot_product({V2}, {V3});": "`dot_product`: w has size 3, but z has size 2",
    f"complex_vector[2] a = {M23} * {V2};": "`multiply`: z has 3 columns, but w has 2 rows",
    f"complex_matrix[2, 2] a = {M23} * {M23};": "`multiply`: z has 3 columns, but w has 2 rows",
    f"complex_matrix[2, 3] a = diag_pre_multiply({V3}, {M23});": "`diag_pre_multiply`: w has 2 rows, but z has 3 elements",
    f"complex_vector[2] a = eigenvalues({M23});": "`eigenvalues`: z has 2 rows and 3 columns, but must be square",
    "complex_vector[2] a = eigenvalues([[1, 2, 3], [4, 5, 6]]);": "`eigenvalues`: x has 2 rows and 3 columns, but must be square",
    f"complex_matrix[2, 2] a = complex_schur_decompose_t({M23});": "`complex_schur_decompose_t`: z has 2 rows and 3 columns, but must be square",
    f"complex_vector[2] a = eigenvalues_sym({SKEW});": "`eigenvalues_sym`: z must be Hermitian",
    f"complex_matrix[2, 3] a = {M23} / {SKEW};": "`mdivide_right`: z has 3 columns, but w has 2 rows",
}  # fmt: skip


@pytest.mark.parametrize(("statement", "sentence"), MISTAKES.items(), ids=MISTAKES)
def test_mistakes(statement: str, sentence: str) -> None:
    with pytest.raises(pplc.ProgramError) as caught:
        pplc.compile_model(f"transformed data {{ {statement} }}", {}).logp(np.zeros(0))
    assert caught.value.diagnostics[0].title == sentence


def test_a_matrix_of_parameters_that_is_not_hermitian() -> None:
    eigenvalues = "eigenvalues_sym(to_complex([[2, 1], [1, 3]], [[0, 1], [x, 0]]))"
    model = pplc.compile_model(f"parameters {{ real x; }} model {{ target += sum(abs({eigenvalues})); }}", {})
    assert model.logp(np.array([-1.0])) == pytest.approx(5.0)
    assert not np.isfinite(model.logp(np.array([1.0])))
    problem = model.failure(np.array([1.0]))
    assert problem is not None
    assert problem.title == "`eigenvalues_sym`: z must be Hermitian"


def test_polar_numbers_have_no_negative_modulus() -> None:
    model = pplc.compile_model(
        "parameters { real r; } generated quantities { complex z = polar(r, 0.5); complex w = polar(1, inv(r - 1)); }"
    )
    assert np.isnan(model.constrain(np.array([-1.0]), generated=True)["z"].real)
    assert model.constrain(np.array([2.0]), generated=True)["z"] == pytest.approx(2 * np.exp(0.5j))


# Of what has no elements: the result has none, or is that of an empty sum or product.
EMPTY = {
    "sum(fft(v))": 0, "sum(inv_fft(v))": 0, "sum(fft2(m))": 0, "sum(inv_fft2(m))": 0, "sum(v)": 0, "prod(v)": 1,
    "sum(cumulative_sum(v))": 0, "dot_product(v, v)": 0, "v' * v": 0, "sum(v + v)": 0, "sum(m * v)": 0, "trace(m)": 0,
    "sum(v * v')": 0, "sum(m')": 0, "sum(diag_matrix(v))": 0, "sum(get_real(v))": 0, "sum(svd(m).2)": 0,
    "sum(singular_values(m))": 0, "sum(eigenvalues_sym(m))": 0, "sum(eigendecompose(m).2)": 0, "sum(conj(v))": 0,
}  # fmt: skip


def test_nothing() -> None:
    calls = "".join(f"complex q{number} = {call};\n" for number, call in enumerate(EMPTY))
    text = (
        f"transformed data {{ complex_vector[0] v; complex_matrix[0, 0] m; {calls} }} generated quantities {{ {{}} }}"
    )
    echoed = "".join(f"complex r{number} = q{number};\n" for number in range(len(EMPTY)))
    found = pplc.compile_model(text.replace("{}", echoed), {}).constrain(np.zeros(0), generated=True)
    for number, (call, expected) in enumerate(EMPTY.items()):
        assert found[f"r{number}"] == expected, call
