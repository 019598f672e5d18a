"""Complex numbers through the whole pipeline: densities against NumPy, gradients against differences."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import pplc

DATA = {
    "N": 2,
    "y": [[1, 2], [0.5, -1]],
    "v": [[1, 0], [0, 1]],
    "A": [[[1, 0], [0, 1]], [[2, 0], [1, 1]]],
    "t": [[1, 2], [[0, 1], [3, 0]]],
}
DECLARED = """data {
  int N; array[N] complex y; complex_vector[2] v; complex_matrix[2, 2] A; tuple(complex, complex_row_vector[2]) t;
}
"""
Y = np.array([1 + 2j, 0.5 - 1j])
V = np.array([1, 1j])
A = np.array([[1, 1j], [2, 1 + 1j]])


def square(*values: Any) -> float:
    """The sum of squared moduli."""
    return sum(float(np.sum(np.abs(value) ** 2)) for value in values)


def filtered(a: complex) -> complex:
    x = 1 + 0j
    for _ in range(3):
        x = a * x + 0.1j
    return x


def halved(a: complex) -> complex:
    while abs(a) > 1:
        a /= 2
    return a


def assigned(v: Any) -> Any:
    m = np.zeros((3, 3), complex)
    m[:, 0] = v
    m[1, 1] = 3j
    m[2] = v
    m[[0, 1], 2] = v[1:]
    return m


type Expected = Callable[[dict[str, Any]], float]
# A program's parameters, its model (or more blocks), and what it adds to the log density.
CASES: dict[str, tuple[str, str, Expected]] = {
    "parameter": ("complex z;", "target += -norm(z - 2i);", lambda c: -square(c["z"] - 2j)),
    "containers": (
        "complex_matrix[2, 3] m; array[2] complex_row_vector[2] r; array[3] complex a;",
        "target += -norm(sum(m[1])); for (i in 1:2) for (j in 1:2) target += -norm(r[i, j] * i);"
        "for (k in 1:3) target += -norm(a[k] - k);",
        lambda c: -square(c["m"][0].sum(), c["r"] * [[1], [2]], c["a"] - [1, 2, 3]),
    ),
    "data": (
        "complex z;",
        "for (n in 1:N) target += -norm(y[n] - z); target += -norm((A * v * z)[2]) - norm(t.1 * t.2[1] * z);",
        lambda c: -square(Y - c["z"], (A @ V)[1] * c["z"], (1 + 2j) * 1j * c["z"]),
    ),
    "promotion": (
        "real x; vector[2] u;",
        "complex z = x; complex_vector[2] w = u; complex_matrix[2, 2] m = [[1, x], [2i, u[1]]];"
        "array[2] complex a = {x, 3i}; target += -norm(z + 1i) - norm(w[2] * 2i) - norm(m[1, 2]) - norm(a[1] + a[2]);",
        lambda c: -square(c["x"] + 1j, 2 * c["u"][1], c["x"], c["x"] + 3j),
    ),
    "slices": (
        "complex_matrix[3, 3] m;",
        "complex_matrix[2, 2] s = m[1:2, 2:3]; complex_vector[2] c = s[, 1]; target += -norm(c[1]) - norm(s[2][2]);",
        lambda c: -square(c["m"][0, 1], c["m"][1, 2]),
    ),
    "assignment": (
        "complex_vector[3] u;",
        "complex_matrix[3, 3] m = rep_matrix(0, 3, 3); m[, 1] = u; m[2, 2] = 3i; m[3] = transpose(u);"
        "m[{1, 2}, 3] = u[2:3]; target += -sum(square(abs(m)));",
        lambda c: -square(assigned(c["u"])),
    ),
    "conditional": (
        "complex z; real x;",
        "complex w = x > 0 ? z * 2 : conj(z) * x; target += -norm(w) - square(x);",
        lambda c: -square(2 * c["z"] if c["x"] > 0 else c["z"] * c["x"], c["x"]),
    ),
    "recurrence": (
        "complex a;",
        "array[4] complex x; x[1] = 1; for (n in 2:4) x[n] = a * x[n - 1] + 0.1i; target += -norm(x[4]) - norm(a);",
        lambda c: -square(filtered(c["a"]), c["a"]),
    ),
    "while": (
        "complex a;",
        "complex z = a * 3; while (abs(z) > 1) z /= 2; target += -norm(z) - norm(a);",
        lambda c: -square(halved(c["a"] * 3), c["a"]),
    ),
    "tuples": (
        "tuple(complex, real) p;",
        "tuple(complex, complex_vector[2]) q = (p.1, [p.1, p.2]'); target += -norm(q.1) - norm(q.2[2] + 1i);",
        lambda c: -square(c["p.1"], c["p.2"] + 1j),
    ),
    "library": (
        "complex z; complex_matrix[2, 2] m;",
        "target += -norm(exp(z) + log(z * z)) - sum(square(abs(m))) - norm((m * m)[1, 2]);"
        "target += -norm(prod(eigenvalues(m)));",
        lambda c: -square(np.exp(c["z"]) + np.log(c["z"] ** 2), c["m"], (c["m"] @ c["m"])[0, 1], np.linalg.det(c["m"])),
    ),
    "comparison": (
        "complex z;",
        "if (z == 1 || z != z) target += 1; target += -norm(z);",
        lambda c: -square(c["z"]),
    ),
}
FUNCTIONS = """functions {
  complex f(complex a, complex b) { return a * b + exp(a); }
  complex_vector g(complex_vector u, real s) {
    complex_vector[size(u)] r;
    for (i in 1:size(u)) r[i] = u[i] * s + i;
    return r;
  }
}
"""


def assert_right(text: str, expected: Expected) -> None:
    model = pplc.compile_model(text, DATA)
    position = np.random.default_rng(1).normal(size=model.n_unconstrained)
    value, gradient = model.logp_dlogp(position)
    assert value == pytest.approx(expected(model.constrain(position)), rel=1e-10)
    step = 1e-6
    for k, direction in enumerate(np.eye(position.size)):
        ahead, behind = (model.logp_dlogp(position + s * direction)[0] for s in (step, -step))
        assert gradient[k] == pytest.approx((ahead - behind) / (2 * step), rel=1e-5, abs=1e-6)


@pytest.mark.parametrize("name", CASES)
def test_density(name: str) -> None:
    parameters, model, expected = CASES[name]
    assert_right(f"{DECLARED} parameters {{ {parameters} }} model {{ {model} }}", expected)


def test_functions_and_transformed_parameters() -> None:
    assert_right(
        FUNCTIONS + DECLARED + "parameters { complex z; complex_vector[2] u; }"
        "transformed parameters { complex w = f(z, 1.5); complex_vector[2] r = g(u, 2); }"
        "model { target += -norm(w) - norm(r[1]) - norm(r[2]); }",
        lambda c: -square(c["z"] * 1.5 + np.exp(c["z"]), 2 * c["u"] + [1, 2]),
    )


def test_order_of_unconstrained_numbers() -> None:
    model = pplc.compile_model("parameters { complex z; complex_matrix[2, 2] m; } model { target += -norm(z); }")
    values = model.constrain(np.arange(10.0))
    assert values["z"] == 0 + 1j
    assert values["m"].tolist() == [[2 + 3j, 6 + 7j], [4 + 5j, 8 + 9j]]  # column by column
    assert model.unconstrain(values).tolist() == list(range(10))


def test_generated_quantities_and_transformed_data() -> None:
    model = pplc.compile_model(
        FUNCTIONS + DECLARED + "transformed data { complex_vector[2] w = v * 2i; complex s = f(y[1], 1i); }"
        "parameters { complex z; complex_vector[2] u; complex_matrix[2, 2] m; }"
        "model { target += -norm(z); }"
        "generated quantities { complex a = z * s; complex_vector[2] b = u + w; complex_matrix[2, 2] c = m * A;"
        "array[2] complex d = {z, 1i}; tuple(complex, real) e = (conj(z), 1.0); complex k = to_complex(1, 2) / z; }",
        DATA,
    )
    values = model.constrain(np.random.default_rng(2).normal(size=14), generated=True)
    assert {name: values[name].dtype for name in "abcdk"} == dict.fromkeys("abcdk", np.dtype("complex128"))
    assert values["a"] == pytest.approx(values["z"] * (Y[0] * 1j + np.exp(Y[0])))
    assert values["b"] == pytest.approx(values["u"] + V * 2j)
    assert values["c"] == pytest.approx(values["m"] @ A)
    assert values["d"] == pytest.approx(np.array([values["z"], 1j]))
    assert values["e.1"] == pytest.approx(np.conj(values["z"]))
    assert values["k"] == pytest.approx((1 + 2j) / values["z"])


def test_results_keep_complex_numbers() -> None:
    model = pplc.compile_model("parameters { complex z; } model { target += -norm(z - (1 + 2i)); }")
    draws = model.sample(chains=2, draws=200, warmup=100, seed=1, progress=False)
    z = draws["posterior"]["z"]
    assert z.dtype == np.complex128
    assert complex(z.mean()) == pytest.approx(1 + 2j, abs=0.2)
