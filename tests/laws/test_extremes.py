"""Log densities at huge and tiny arguments, where the terms of the formula cancel: against 680 digits.

`python -m benchmarks.extremes` looks for such points.
"""

from __future__ import annotations

from typing import Any

import mpmath as mp
import numpy as np
import pytest
from pplc.compiler.library.kernels.gamma_ratio import half_step, half_step_slope

import pplc
from benchmarks import formulas

pytestmark = pytest.mark.filterwarnings("ignore::pplc.ProgramWarning")  # the programs leave ranges on purpose

POINTS = [
    ("student_t", (0.3, 1e10, 1.5, 2.0)),
    ("student_t", (-80.0, 3.7e12, 7e-15, 3.0)),
    ("student_t", (0.5, 1e100, -0.2, 32.0)),
    ("student_t", (0.13, 7.7e50, -2.7, 1e-10)),
    ("student_t", (2.0, 1e-100, -0.2, 3.0)),
    ("binomial", (3, 2_000_000_000, 3.4e-8)),
    ("binomial", (2_000_000_000, 2_000_000_000, 1 - 1e-10)),
    ("binomial_logit", (40, 2_000_000_000, -14.3)),
    ("beta_binomial", (40, 2_000_000_000, 1.8, 0.1)),
    ("hypergeometric", (40, 100_000, 100_000, 2_000_000_000)),
    ("hypergeometric", (3, 3, 2_000_000_000, 3)),
    ("neg_binomial_2", (3, 2.0, 1e100)),
    ("neg_binomial_2_log", (3, 2.0, 1e100)),
    ("scaled_inv_chi_square", (1e-100, 1e-20, 1e20)),
    ("exp_mod_normal", (-0.1, 1.0, 1e9, 2.6)),
]


@pytest.mark.parametrize(("name", "arguments"), POINTS)
def test_terms_that_cancel(name: str, arguments: tuple[Any, ...]) -> None:
    named = {f"a{i}": a for i, a in enumerate(arguments)}
    data = {n: a for n, a in named.items() if isinstance(a, int)}
    position = np.array([a for a in arguments if not isinstance(a, int)])
    ints, reals = (
        "".join(f"{kind} {n}; " for n in named if (n in data) is (kind == "int")) for kind in ("int", "real")
    )
    suffix = "lpmf" if isinstance(arguments[0], int) else "lpdf"
    first, *rest = named
    model = pplc.compile_model(
        f"data {{ {ints}}} parameters {{ {reals}}} model {{ target += {name}_{suffix}({first} | {', '.join(rest)}); }}",
        data,
    )
    value, gradient = model.logp_dlogp(position)
    np.testing.assert_allclose(value, float(formulas.log_density(name, *arguments)), rtol=1e-11, atol=1e-13)
    slopes = np.array([float(s) for s in formulas.slopes(name, *arguments) if s is not None])
    np.testing.assert_allclose(gradient * position, slopes * position, rtol=1e-9, atol=1e-12 * abs(value) + 1e-14)


@pytest.mark.parametrize("x", [1e-300, 1e-5, 0.5, 3.0, 9.99, 10.0, 40.0, 1e8, 1e100])
def test_half_steps_of_the_gamma_function(x: float) -> None:
    with mp.workdps(250):
        exact = mp.loggamma(mp.mpf(x) + 0.5) - mp.loggamma(x) - mp.log(x) / 2
        slope = mp.digamma(mp.mpf(x) + 0.5) - mp.digamma(x) - 1 / (2 * mp.mpf(x))
    np.testing.assert_allclose(half_step(x), float(exact), rtol=1e-13)
    np.testing.assert_allclose(half_step_slope(x), float(slope), rtol=1e-13)
