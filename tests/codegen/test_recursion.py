# ruff: noqa: E501  (program texts read better on one line)
"""A recursion ends, in a number or in an error with its name, also where a solver stands between the calls."""

from __future__ import annotations

import numpy as np
import pytest

import pplc

FUNCTIONS = {
    "ode": ("vector f(real t, vector y) {{ return y[1] > {end} ? y : ode_rk45(f, y + 1, 0.0, {{0.1}})[1]; }}", "sum(ode_rk45(f, [x]', 0.0, {0.1})[1])"),
    "root": ("vector f(vector z, vector y) {{ return y[1] > {end} ? z - y : solve_newton(f, z, y + 1) - z; }}", "sum(solve_newton(f, [0.1]', [x]'))"),
    "through another": ("vector f(vector z, vector y) {{ return g(z, y + 1); }} vector g(vector z, vector y) {{ return y[1] > {end} ? z - y : solve_newton(f, z, y) - z; }}", "sum(solve_newton(f, [0.1]', [x]'))"),
    "integral": ("real f(real u, real c, real a) {{ return a > {end} ? a * u : integrate_1d_gauss_kronrod(f, 0, 1, a + 1); }}", "integrate_1d_gauss_kronrod(f, 0, 1, x)"),
    "covariance": ("real f(vector th, real y) {{ return -0.5 * dot_self(th) * y; }} matrix K(real s) {{ return identity_matrix(1) * (s > {end} ? s : exp(laplace_marginal(f, (1.0,), 1, K, (s + 1,)))); }}", "laplace_marginal(f, (1.0,), 1, K, (x,))"),
    "sum": ("real f(array[] real s, int a, int b, real y) {{ return y > {end} ? y : reduce_sum(f, s, 1, y + 1); }}", "reduce_sum(f, {1.0, 2.0}, 1, x)"),
}  # fmt: skip
IN_THE_MODEL = "parameters { real x; } model { target += CALL; }"
IN_A_LOOP = "parameters { real x; } model { real t = 0; while (t < 0.5) { t += 0.6; target += CALL; } }"
GENERATED = "parameters { real x; } model { x ~ std_normal(); } generated quantities { real q = CALL; }"
AS_DATA = "transformed data { real x = 0.1; real y = CALL; } parameters { real z; } model { z ~ normal(y, 1); }"


pytestmark = pytest.mark.usefixtures("natively", "quickly")


def compiled(kind: str, where: str, end: str) -> pplc.Model:
    functions, call = FUNCTIONS[kind]
    return pplc.compile_model(f"functions {{ {functions.format(end=end)} }} {where.replace('CALL', call)}", {})


@pytest.mark.parametrize(("kind", "where"), [
    ("ode", IN_THE_MODEL), ("root", IN_A_LOOP), ("integral", IN_A_LOOP), ("covariance", IN_THE_MODEL),
])  # fmt: skip
def test_a_density_without_end(kind: str, where: str) -> None:
    model = compiled(kind, where, "positive_infinity()")
    value, _ = model.logp_dlogp(np.zeros(1))
    problem = model.failure(np.zeros(1))
    assert not np.isfinite(value)
    assert problem is not None
    assert problem.title == f"the recursion of `{'K' if kind == 'covariance' else 'f'}` does not end"


@pytest.mark.parametrize(("kind", "where"), [("through another", IN_A_LOOP), ("sum", IN_THE_MODEL)])
def test_a_density_with_an_end(kind: str, where: str) -> None:
    model = compiled(kind, where, "1.5")
    _, (slope,) = model.logp_dlogp(np.full(1, 0.1))
    above, below = (model.logp(np.full(1, 0.1 + step)) for step in (1e-5, -1e-5))
    assert slope == pytest.approx((above - below) / 2e-5, abs=1e-8)


@pytest.mark.parametrize("kind", ["ode", "root", "integral", "sum"])
def test_known_quantities(kind: str) -> None:
    with pytest.raises(pplc.PplcError, match="the recursion of `f` does not end"):
        compiled(kind, AS_DATA, "positive_infinity()").logp(np.zeros(1))
    assert np.isfinite(compiled(kind, AS_DATA, "0.5").logp(np.zeros(1)))


def test_generated_quantities() -> None:
    assert np.isnan(compiled("root", GENERATED, "positive_infinity()").constrain(np.zeros(1), generated=True)["q"])
