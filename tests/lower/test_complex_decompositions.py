"""Complex matrices that are not square have singular values and vectors in programs, where sizes must follow."""

import numpy as np
import pytest

from pplc import compile_model


@pytest.mark.parametrize(("rows", "columns"), [(2, 3), (3, 2)])
def test_singular_values(rows, columns):
    model = compile_model(
        f"""parameters {{ matrix[{rows}, {columns}] a; }}
        model {{
          complex_matrix[{rows}, {columns}] z = to_complex(a, 2 * a);
          complex_matrix[2, 2] middle = diag_matrix(singular_values(z));
          target += sum(singular_values(z)) + norm2(to_vector(get_real(svd_U(z) * middle * svd_V(z)')));
        }}""",
        {},
    )
    a = np.random.default_rng(1).normal(size=rows * columns)
    value, gradient = model.logp_dlogp(a)
    of_a = np.linalg.svd(a.reshape(columns, rows).T, compute_uv=False)
    assert value == pytest.approx(np.sqrt(5) * of_a.sum() + np.linalg.norm(a), rel=1e-12)
    slopes = [(model.logp_dlogp(a + s)[0] - model.logp_dlogp(a - s)[0]) / 2e-5 for s in 1e-5 * np.eye(a.size)]
    assert gradient == pytest.approx(np.array(slopes), rel=1e-7)
