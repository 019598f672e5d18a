"""Complex numbers in densities: parameters, arithmetic, indexing; gradients against differences, values both ways."""

from __future__ import annotations

from typing import Any

import numpy as np

import pplc

PROGRAM = """
data { complex z; array[2] complex_vector[3] v; }
parameters { complex a; complex_matrix[2, 3] b; tuple(complex, real) t; vector[3] r; }
transformed parameters { complex w = a * z; complex_vector[3] u = v[2] * w + r; }
model {
  complex_matrix[2, 3] m = b;
  m[1] = u';
  for (i in 1:3) { complex s = u[i]; s += 2i; m[2, i] = s * s; }
  target += -norm(a) - get_imag(sum(m[:, 2])) + abs(m[2, 3]) - size(u) * get_real(t.1) - cols(m) * t.2;
  target += -sum(abs(to_vector(b))) + get_real(dot_product(u, v[1]));
}
"""
DATA: dict[str, Any] = {
    "z": [1, 2],
    "v": [[[1, 2], [0.3, 0.4], [-1, 1]], [[0.1, 0.2], [1, 1], [2, 0.5]]],
}


def test_gradients_are_those_of_differences() -> None:
    model = pplc.compile_model(PROGRAM, DATA)
    position = np.linspace(-0.8, 0.9, model.n_unconstrained)
    _, gradient = model.logp_dlogp(position)
    moves = 1e-6 * np.eye(len(position))
    slopes = [(model.logp_dlogp(position + m)[0] - model.logp_dlogp(position - m)[0]) / 2e-6 for m in moves]
    np.testing.assert_allclose(gradient, slopes, rtol=1e-6, atol=1e-7)


def test_values_of_complex_variables() -> None:
    model = pplc.compile_model(PROGRAM, DATA)
    position = np.linspace(-0.8, 0.9, model.n_unconstrained)
    values = model.constrain(position)
    np.testing.assert_allclose(values["w"], values["a"] * (1 + 2j))
    np.testing.assert_allclose(values["u"], np.array([0.1 + 0.2j, 1 + 1j, 2 + 0.5j]) * values["w"] + values["r"])
    assert values["b"][1, 0] == position[4] + 1j * position[5]  # column by column
    np.testing.assert_allclose(model.unconstrain(model.parameter_values(position)), position)


def test_data_outside_a_support_make_the_density_zero() -> None:
    model = pplc.compile_model(
        "data { int y; } parameters { vector[2] b; } model { y ~ categorical_logit(b); }", {"y": -3}
    )
    assert model.logp_dlogp(np.zeros(2))[0] == -np.inf
