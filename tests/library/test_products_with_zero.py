"""A product with a literal zero is nan where its other factor is nan or infinite, as in Stan."""

import numpy as np
import pytest

from pplc import compile_model

PROGRAMS = [
    ("real z = sqrt(x) * 0;", -1.0),
    ("real z = 0 * inv(x);", 0.0),
    ("real z = sqrt(x) * 2 * 0.5 * 0;", -1.0),
    ("real z = 0 / sqrt(x);", -1.0),
    ("real z = lmultiply(sqrt(x), 1);", -1.0),
    ("real z = sum(0 * [1, inv(x)]);", 0.0),
    ("real z = sum(rep_vector(0, 2) .* [1, inv(x)]');", 0.0),
    ("real z = sum(0 ./ [1, sqrt(x)]);", -1.0),
    ("real z = fma(inv(x), 0, 0);", 0.0),
]


@pytest.mark.parametrize(("statement", "x"), PROGRAMS)
def test_nan(statement, x):
    model = compile_model(
        f"parameters {{ real x; real y; }} transformed parameters {{ {statement} }} model {{ target += z + y; }}", {}
    )
    assert np.isnan(model.logp_dlogp(np.array([x, 0.5]))[0])
    value, gradient = model.logp_dlogp(np.array([2.0, 0.5]))
    assert value == 0.5
    assert gradient.tolist() == [0.0, 1.0]
