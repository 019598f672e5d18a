"""Components of mixtures whose outcome is beyond their support: zero where Stan's density is, else a rejected point.

In a graph, in a loop of unknown length and in generated quantities.
"""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

import pplc

pytestmark = pytest.mark.filterwarnings("ignore::pplc.ProgramWarning")

ZERO = (
    "weibull_lpdf({y} | a, 1.5)",
    "pareto_lpdf({y} | a, 1.5)",
    "inv_gamma_lpdf({y} | a, 1.5)",
    "inv_chi_square_lpdf({y} | a)",
    "scaled_inv_chi_square_lpdf({y} | a, 1.5)",
    "uniform_lpdf({y} | 0, a)",
    "beta_binomial_lpmf(3 | 2, a, 1)",
    "discrete_range_lpmf(n | 1, 2)",
    "poisson_lpmf(1 | positive_infinity() * (1 + square(a)))",
    "poisson_log_lpmf(1 | positive_infinity() * (1 + square(a)))",
)
REJECTED = {
    "gamma_lpdf({y} | a, 1.5)": "greater than 0",
    "exponential_lpdf({y} | a)": "at least 0",
    "lognormal_lpdf({y} | a, 1.5)": "at least 0",
    "rayleigh_lpdf({y} | a)": "greater than 0",
    "beta_lpdf({y} | a, 1.5)": "at least 0",
    "pareto_type_2_lpdf({y} | 0, a, 1.5)": "at least mu",
    "binomial_lpmf(3 | 2, 0.1 * a)": "at most N",
    "wiener_lpdf(0.1 | a, 0.3, 0.5, 0)": "greater than tau",
    "wiener_lpdf(0.1 | a, 0.3, 0.5, 0, 0.1)": "greater than tau",
    "wiener_lpdf(0.3 | a, 0.3, 0.5, 0, 0.1, 0.1, 0.1)": "greater than tau",
}


def model_of(component: str) -> pplc.Model:
    """The outcome is data, then a parameter."""
    terms = [f"log_mix(0.3, {component.format(y=y)}, normal_lpdf({y} | b, 1))" for y in ("y", "(y + 0 * b)")]
    added = " ".join(f"target += {term};" for term in terms)
    return pplc.compile_model(
        f"""data {{ real y; int n; }} parameters {{ real<lower=0> a; real b; }}
        model {{ {added} int i = 0; while (i < 2) {{ i += 1; {added} if (b > 1e3) break; }} }}
        generated quantities {{ real g = {" + ".join(terms)}; }}""",
        {"y": -0.5, "n": 3},
    )


@pytest.mark.parametrize("component", ZERO)
def test_components_that_are_zero(component: str) -> None:
    model = model_of(component)
    position = np.array([np.log(0.7), 0.2])
    expected = np.log(0.7) - 0.5 * 0.7**2 - 0.5 * np.log(2 * np.pi)
    value, gradient = model.logp_dlogp(position)
    assert_allclose(value, 6 * expected + np.log(0.7), rtol=1e-14)
    assert_allclose(gradient[1], -6 * 0.7, rtol=1e-14)
    assert "infinity" in component or gradient[0] == 1.0  # at an infinite rate Stan's is nan, too
    assert_allclose(float(model.constrain(position, generated=True)["g"]), 2 * expected, rtol=1e-14)


@pytest.mark.parametrize("component", REJECTED)
def test_points_that_are_rejected(component: str) -> None:
    model = model_of(component)
    position = np.array([np.log(0.7), 0.2])
    assert not np.isfinite(model.logp(position))
    problem = model.failure(position)
    assert problem is not None
    assert REJECTED[component] in problem.title
