"""Components of mixtures at the ends of their arguments and beyond: zero where Stan has zero, else a rejected point.

In a graph, in a loop of unknown length and in generated quantities.
"""

from __future__ import annotations

import numpy as np
import pytest
from component_edges import components, generated, in_graph, in_stan, points
from numpy.testing import assert_allclose
from pplc.compiler.library.definitions import Distribution
from scalar_calls import NUMBERS

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
    "poisson_lpmf(1 | 0 * a)",
    "pareto_lpdf({y} | 1, a)",
    "wiener_lpdf(square({y}) | a, 0.1, 0, 0.3)",
    "wiener_lpdf(square({y}) | a, 0.1, 1, 0.3)",
    "wiener_lpdf(positive_infinity() | a, 0.1, 0.4, 0)",
)
REJECTED = {
    "gamma_lpdf({y} | a, 1.5)": "greater than 0",
    "exponential_lpdf({y} | a)": "at least 0",
    "lognormal_lpdf({y} | a, 1.5)": "at least 0",
    "rayleigh_lpdf({y} | a)": "greater than 0",
    "beta_lpdf({y} | a, 1.5)": "at least 0",
    "pareto_type_2_lpdf({y} | 0, a, 1.5)": "at least mu",
    "binomial_lpmf(3 | 2, 0.1 * a)": "at most N",
    "binomial_logit_lpmf(3 | 2, a)": "at most N",
    "categorical_lpmf(n | softmax([a, 1]'))": "at most the number of elements",
    "categorical_logit_lpmf(n | [a, 1]')": "at most the number of elements",
    "ordered_logistic_lpmf(n | 0, [a]')": "at most the number of elements",
    "ordered_probit_lpmf(n | 0, [a]')": "at most the number of elements",
    "uniform_lpdf({y} | a, 0)": "greater than alpha",
    "uniform_lpdf({y} * not_a_number() | 0, a)": "a number",
    "wiener_lpdf(0.1 | a, 0.3, 0.5, 0)": "greater than tau",
    "wiener_lpdf(0.1 | a, 0.3, 0.5, 0, 0.1)": "greater than tau",
    "wiener_lpdf(0.3 | a, 0.3, 0.5, 0, 0.1, 0.1, 0.1)": "greater than tau",
    "wiener_lpdf(0.4 | a, 0.3, 0.2, 0, 0.1, 0.4, 0.1)": "between the boundaries",
    "wiener_lcdf_unnorm(0.3, a, 0.3, 0.5, 0)": "greater than tau",
    "wiener_lccdf_unnorm(0.1, a, 0.3, 0.5, 0)": "greater than tau",
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


ERRORS = {"wiener": 1e-6}  # of Stan's series, which is not zero at the ends of beta
# Stan gives the two sides of this kink a slope of 0, here it is one of theirs.
KINKED = {"skew_double_exponential"}


@pytest.mark.slow
@pytest.mark.parametrize("distribution", NUMBERS, ids=lambda d: d.name)
def test_arguments_at_their_ends_as_in_stan(distribution: Distribution) -> None:
    """Points are rejected as in Stan; else values agree, and gradients at finite arguments wherever Stan has them.

    Where Stan's density is nan without an error, nothing is compared.
    """
    for text in components(distribution):
        stan = in_stan(text)
        for way in (in_graph(text), generated(text)):
            for at in points(distribution):
                with np.errstate(all="ignore"):
                    expected, slopes = stan(at)
                    value, gradient = way(at)
                if not slopes.size:
                    assert not np.isfinite(value), (text, at)
                elif np.isfinite(expected):
                    error = ERRORS.get(distribution.name, 1e-12)
                    assert_allclose(value, expected, rtol=1e-8, atol=error, err_msg=f"{text} {at}")
                    if np.isfinite(at).all() and distribution.name not in KINKED | ERRORS.keys():
                        there = np.isfinite(slopes)
                        assert_allclose(gradient[there], slopes[there], rtol=1e-7, atol=1e-9, err_msg=f"{text} {at}")
