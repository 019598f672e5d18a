# ruff: noqa: E501  (program texts read better on one line)
"""Solvers against published problems and closed forms; their derivatives against finite differences of SciPy's."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from pplc.compiler.codegen.block import compile_block
from pplc.compiler.codegen.messages import ProgramError
from pplc.compiler.frontend import read_program
from scipy import integrate, optimize, stats

import pplc

ODE_SOLVERS = ("rk45", "ckrk", "bdf", "adams")


def run(functions: str, quantity: str) -> Any:
    """The value of one generated quantity, computed uncompiled."""
    program, found = read_program(f"functions {{ {functions} }} generated quantities {{ {quantity} }}")
    assert program is not None, found
    statements = program.generated_quantities
    block = compile_block(statements, [], [statements[0].variable])  # type: ignore[union-attr]
    return block([], plain=True)[0]


def numbers(values: Any) -> str:
    return ", ".join(repr(float(value)) for value in values)


# Values -----------------------------------------------------------------------------------------

ROBERTSON = "vector f(real t, vector y) { real a = 0.04*y[1] - 1e4*y[2]*y[3]; real b = 3e7*square(y[2]); return [-a, a - b, b]'; }"
VAN_DER_POL = "vector f(real t, vector y) { return [y[2], 1000*(1 - square(y[1]))*y[2] - y[1]]'; }"


def orbit(t: float, y: Any) -> list[float]:
    """Arenstorf's periodic orbit of the restricted three-body problem."""
    mu = 0.012277471
    to_earth = ((y[0] + mu) ** 2 + y[1] ** 2) ** 1.5
    to_moon = ((y[0] - 1 + mu) ** 2 + y[1] ** 2) ** 1.5
    x = y[0] + 2 * y[3] - (1 - mu) * (y[0] + mu) / to_earth - mu * (y[0] - 1 + mu) / to_moon
    return [y[2], y[3], x, y[1] - 2 * y[2] - (1 - mu) * y[1] / to_earth - mu * y[1] / to_moon]


ORBIT = """vector f(real t, vector y) {
  real mu = 0.012277471; real e = (square(y[1] + mu) + square(y[2]))^1.5; real m = (square(y[1] - 1 + mu) + square(y[2]))^1.5;
  return [y[3], y[4], y[1] + 2*y[4] - (1 - mu)*(y[1] + mu)/e - mu*(y[1] - 1 + mu)/m,
          y[2] - 2*y[3] - (1 - mu)*y[2]/e - mu*y[2]/m]'; }"""


def test_robertson() -> None:
    """Published values at t = 40, and at 4e8, over eleven orders of magnitude of time."""
    z = run(ROBERTSON, "array[2] vector[3] z = ode_bdf_tol(f, [1, 0, 0]', 0, {40, 4e8}, 1e-8, 1e-12, 10000);")
    np.testing.assert_allclose(z[0], [0.7158270688, 9.185534765e-6, 0.2841637457], rtol=1e-6)
    np.testing.assert_allclose(z[1].sum(), 1, rtol=1e-12)
    np.testing.assert_allclose(z[1, :2], [5.2077e-6, 2.0831e-11], rtol=1e-4)


def test_van_der_pol() -> None:
    z = run(VAN_DER_POL, "array[2] vector[2] z = ode_bdf_tol(f, [2, 0]', 0, {500, 1000}, 1e-9, 1e-9, 10000);")
    wanted = integrate.solve_ivp(
        lambda t, y: [y[1], 1000 * (1 - y[0] ** 2) * y[1] - y[0]], (0, 1000), [2, 0], "Radau", [500, 1000],
        rtol=1e-10, atol=1e-12,
    )  # fmt: skip
    np.testing.assert_allclose(z[:, 0], wanted.y[0], rtol=2e-5)


@pytest.mark.parametrize("method", ODE_SOLVERS)
def test_orbit(method: str) -> None:
    """After one period the orbit closes; errors on the way grow by five orders of magnitude."""
    start, period = [0.994, 0, 0, -2.00158510637908252240537862224], 17.0652165601579625588917206249
    call = f"ode_{method}_tol(f, [{numbers(start)}]', 0, {{5, {period!r}}}, 1e-8, 1e-8, 10000)"
    z = run(ORBIT, f"array[2] vector[4] z = {call};")
    wanted = integrate.solve_ivp(orbit, (0, 5), start, "DOP853", [5], rtol=1e-12, atol=1e-14).y[:, 0]
    np.testing.assert_allclose(z[0], wanted, atol=2e-5)
    np.testing.assert_allclose(z[1, :2], start[:2], atol=2e-3)


@pytest.mark.parametrize("method", ODE_SOLVERS)
@pytest.mark.parametrize("tolerance", [1e-4, 1e-7, 1e-10])
def test_smaller_tolerances_give_smaller_errors(method: str, tolerance: float) -> None:
    z = run(
        "vector f(real t, vector y) { return [y[2], -y[1]]'; }",
        f"array[3] vector[2] z = ode_{method}_tol(f, [0, 1]', 0, {{0.5, 3, 9}}, {tolerance}, {tolerance}, 10000);",
    )
    wanted = np.stack([np.sin([0.5, 3, 9]), np.cos([0.5, 3, 9])], axis=1)
    assert np.abs(z - wanted).max() < 300 * tolerance


def test_differential_algebraic() -> None:
    """A pendulum-free example with a closed form: y1' = -y1 + y2, 0 = y1 + y2 - 1."""
    z = run(
        "vector f(real t, vector y, vector r) { return [r[1] + y[1] - y[2], y[1] + y[2] - 1]'; }",
        "array[2] vector[2] z = dae_tol(f, [1, 0]', [-1, 1]', 0, {0.5, 2}, 1e-9, 1e-9, 10000);",
    )
    wanted = 0.5 + 0.5 * np.exp(-2 * np.array([0.5, 2]))
    np.testing.assert_allclose(z, np.stack([wanted, 1 - wanted], axis=1), atol=1e-7)


@pytest.mark.parametrize("solver", ["solve_newton", "solve_powell"])
def test_root(solver: str) -> None:
    """Powell's singular-looking pair, badly scaled, from its usual start."""
    z = run(
        "vector f(vector y, real a) { return [1e4*y[1]*y[2] - a, exp(-y[1]) + exp(-y[2]) - 1.0001]'; }",
        f"vector[2] z = {solver}_tol(f, [0, 1]', 1e-12, 1e-9, 1000, 1.0);",
    )
    wanted = optimize.fsolve(
        lambda y: [1e4 * y[0] * y[1] - 1, np.exp(-y[0]) + np.exp(-y[1]) - 1.0001], [0, 1], xtol=1e-14
    )
    np.testing.assert_allclose(z, wanted, rtol=1e-7)


INTEGRALS = [
    ("sqrt(x)", "0", "1", 2 / 3),
    ("exp(-x)", "0", "positive_infinity()", 1.0),
    ("exp(-0.5 * square(x))", "negative_infinity()", "positive_infinity()", np.sqrt(2 * np.pi)),
    ("exp(x)", "negative_infinity()", "1", np.e),
    ("cos(x)", "-1", "2", np.sin(2) + np.sin(1)),
]


@pytest.mark.parametrize(("text", "lower", "upper", "wanted"), INTEGRALS)
@pytest.mark.parametrize("method", ["double_exponential", "gauss_kronrod"])
def test_integral(text: str, lower: str, upper: str, wanted: float, method: str) -> None:
    z = run(f"real f(real x, real xc) {{ return {text}; }}", f"real z = integrate_1d_{method}(f, {lower}, {upper});")
    assert z == pytest.approx(wanted, rel=1e-8)


@pytest.mark.parametrize(
    ("text", "lower", "wanted"),
    [
        ("x^8 * exp(-x)", "0", 40320.0),
        ("x^2 * exp(-0.5 * square(x))", "negative_infinity()", np.sqrt(2 * np.pi)),
        ("x^3 / expm1(x)", "0", np.pi**4 / 15),
        ("x^2 / (x^4 + 1)", "0", np.pi / np.sqrt(8)),
    ],
)
def test_integrand_that_overflows_far_out(text: str, lower: str, wanted: float) -> None:
    """inf * 0 and inf / inf at nodes beyond those that count."""
    z = run(
        f"real f(real x, real xc) {{ return {text}; }}",
        f"real z = integrate_1d_double_exponential(f, {lower}, positive_infinity());",
    )
    assert z == pytest.approx(wanted, rel=1e-8)


def test_distance_to_the_limit() -> None:
    """The second argument keeps digits that 1 - x loses: the integral of (1 - x)^-0.9 is 10."""
    z = run(
        "real f(real x, real xc) { return pow(x > 0.5 ? xc : 1 - x, -0.9); }",
        "real z = integrate_1d_double_exponential(f, 0, 1);",
    )
    assert z == pytest.approx(10, rel=1e-7)


# Messages ---------------------------------------------------------------------------------------

DECAY = "vector f(real t, vector y) { return -1000 * y; }"
STOPS = [
    (DECAY, "array[1] vector[1] z = ode_rk45_tol(f, [1]', 0, {9}, 1e-8, 1e-8, 20);", r"has taken 20 steps, as many as it may .* to time 0"),
    (DECAY, "array[2] vector[1] z = ode_rk45(f, [1]', 0, {2, 1});", "not finite, in order and after the initial time 0: "),
    ("vector f(real t, vector y) { return y[{1, 1}]; }", "array[1] vector[1] z = ode_bdf(f, [1]', 0, {2});",
     "`f` returned 2 numbers where the solver has 1 unknowns"),
    ("vector f(vector y) { return square(y) + 1; }", "vector[1] z = solve_newton(f, [1]');", "`solve_newton` finds no root"),
    ("real f(real x, real xc) { return x; }", "real z = integrate_1d_gauss_kronrod(f, 1, 0);", "not in order: 1 and 0"),
    ("real f(real x, real xc) { return x^2; }", "real z = integrate_1d_double_exponential(f, 0, positive_infinity());", "uncertain by nan"),
    ("real f(real x, real xc) { return sqrt(5 - x); }", "real z = integrate_1d_double_exponential(f, 0, positive_infinity());", "is nan at"),
    ("vector f(real t, vector y) { if (t > 1) reject(\"late \", y); return y; }",
     "array[1] vector[1] z = ode_ckrk(f, [1]', 0, {2});", "late"),
    *(("vector f(real t, vector y) { return [log(1.2 - t)]'; }", f"array[1] vector[1] z = ode_{method}(f, [1]', 0, {{9}});",
       f"`ode_{method}` finds no step short enough at time 1.2 and state") for method in ("rk45", "ckrk", "bdf")),
    (DECAY, "array[1] vector[1] z = ode_rk45_tol(f, [1]', 0, {1}, -1e-6, 1e-6, 100);",
     "`ode_rk45_tol`: relative_tolerance is -1e-06, but must be positive"),
    *((DECAY, f"array[1] vector[2] z = ode_{method}(f, [1, not_a_number()]', 0.5, {{2}});",
       rf"`ode_{method}`: at the initial time 0.5 the state is \[1,nan\], but must be finite") for method in ODE_SOLVERS),
    (DECAY, "array[1] vector[1] z = ode_bdf_tol(f, [1]', 0, {1}, 1e-6, 0, 100);", "absolute_tolerance is 0, but must be positive"),
    *((DECAY, f"array[1] vector[1] z = ode_adjoint_tol_ctl(f, [1]', 0, {{1}}, 1e-6, {forward}, 1e-6, {backward}, 1e-6, 1e-6, 100, {between}, 1, 2, 2);", message)
      for forward, backward, between, message in (
          ("[-1e-6]'", "[1e-6]'", 10, "an absolute tolerance is -1e-06, but must be positive"),
          ("[1e-6]'", "[0]'", 10, "an absolute tolerance is 0, but must be positive"),
          ("[1e-6]'", "[1e-6, 1]'", 10, "the initial state has 1 elements, but absolute_tolerance_backward 2"),
          ("[1e-6]'", "[1e-6]'", 0, "num_steps_between_checkpoints is 0, but must be positive"))),
    (DECAY, "array[0] vector[1] z = ode_rk45(f, [1]', 0, zeros_array(0));", "`ode_rk45`: times must not be empty"),
    (DECAY, "array[1] vector[0] z = ode_adams(f, zeros_vector(0), 0, {1});", "`ode_adams`: the initial state must not be empty"),
    ("vector f(real t, vector y, vector r) { return r + y; }", "array[1] vector[1] z = dae(f, [1]', [-1, 1]', 0, {1});",
     "`dae`: the initial state has 1 elements, but its derivative 2"),
    ("vector f(real t, vector y, vector r) { return [r[1] + y[1] - y[2], y[1] + y[2] - 1]'; }", "array[1] vector[2] z = dae(f, [1, 1]', [0, 0]', 0, {1});",
     r"`dae` finds no first step: at time 0 the state is \[1,1\], its derivative \[0,0\], and there the residuals are \[0,1\]"),
    ("vector f(real t, vector y, vector r) { return [r[1] + y[1], y[1], 1]'; }", "array[1] vector[1] z = dae(f, [1]', [-1]', 0, {1});",
     "`f` returned 3 numbers where the solver has 1 unknowns"),
    *(("vector f(vector y) { return y - 1; }", f"vector[2] z = {name}(f, [0, not_a_number()]');", f"`{name}`: element 2 of the guess is nan, but must be finite")
      for name in ("solve_newton", "solve_powell")),
    ("vector f(vector y) { return y - 1; }", "vector[1] z = solve_newton_tol(f, [0]', -1e-3, 1e-3, 9);", "scaling_step is -0.001, but must be at least 0"),
    ("vector f(vector y) { return y - 1; }", "vector[1] z = solve_powell_tol(f, [0]', 1e-3, 1e-3, 0);", "max_num_steps is 0, but must be positive"),
    ("real f(real x, real xc) { return x; }", "real z = integrate_1d_double_exponential_tol(f, 0, 1, -1, 0, 9);", "relative_tolerance is -1, but must be at least 0"),
    ("real f(real x, real xc) { return x; }", "real z = integrate_1d_double_exponential_tol(f, 0, 1, 1e-6, -1, 9);", "absolute_tolerance is -1, but must be at least 0"),
    ("real f(real x, real xc) { return x; }", "real z = integrate_1d_gauss_kronrod_tol(f, 0, 1, 1e-6, 0, -1);", "max_depth is -1, but must be at least 0"),
    ("real f(real x, real xc) { return 1 / x; }", "real z = integrate_1d_gauss_kronrod(f, 0, 1);", r"refined as often as it may; it is uncertain by 1.85469, its best values .* \[18.1098\]"),
    ("real f(real x, real xc) { return 1 / (x - 1); }", "real z = integrate_1d_gauss_kronrod(f, 0, 2);", "`integrate_1d_gauss_kronrod`, or its derivative, is inf at 1, but must be finite"),
    *(("real f(array[] real y, int s, int e) { return sum(y); }", f"int n = 0; real z = {name}(f, {{1, 2}}, n);", f"`{name}`: grainsize is 0, but must be at least 1")
      for name in ("reduce_sum", "reduce_sum_static")),
    ("vector f(vector p, vector q, data array[] real x, data array[] int i) { return q; }", "vector[1] z = map_rect(f, [1]', {[2]'}, {{1.0}}, {{1}, {2}});", "there are 1 groups of parameters, but 2 of x_i"),
]  # fmt: skip


@pytest.mark.parametrize(("functions", "quantity", "message"), STOPS)
def test_message(functions: str, quantity: str, message: str) -> None:
    with pytest.raises(ProgramError, match=message):
        run(functions, quantity)


# Densities and gradients ------------------------------------------------------------------------

LINEAR = "vector f(real t, vector y, real a, vector b) { return [-a*y[1] + b[1], b[2]*y[1] - y[2]*a*t]'; }"
PARAMETERS = "real<lower=0> a; vector[2] b; vector[2] y0; real t0; array[2] real<lower=2> ts;"
GRADIENTS = {
    **{
        method: (LINEAR, PARAMETERS, f"""array[2] vector[2] z = ode_{method}_tol(f, y0, t0, {{ts[1], ts[1] + ts[2]}}, 1e-10, 1e-10, 100000, a, b);
            target += z[1, 1] * z[2, 2] + sum(z[2]);""")
        for method in ODE_SOLVERS
    },
    "adjoint": (LINEAR, PARAMETERS, """array[2] vector[2] z = ode_adjoint_tol_ctl(f, y0, t0, {ts[1], ts[1] + ts[2]},
            1e-10, rep_vector(1e-10, 2), 1e-8, rep_vector(1e-8, 2), 1e-8, 1e-8, 10000, 100, 1, 2, 2, a, b);
            target += z[1, 1] * z[2, 2] + sum(z[2]);"""),
    "old": ("array[] real f(real t, array[] real y, array[] real p, data array[] real x, data array[] int i) { return {-p[1]*y[1], p[2]*y[1] - x[1]*y[2]}; }",
            "array[2] real p; array[2] real y0;",
            "array[2, 2] real z = integrate_ode_bdf(f, y0, 0, {1, 2}, p, {0.3}, {1}); target += z[1, 1] * z[2, 2];"),
    "in a recurrence": (LINEAR, "real<lower=0> a; vector[2] b;", """vector[2] y = [1, 2]';
            for (i in 1:3) { y = ode_rk45_tol(f, y, 0, {1.0}, 1e-10, 1e-10, 10000, a, b)[1]; target += y[1] * y[2]; }"""),
    "dae": ("vector f(real t, vector y, vector r, real a, real b) { return [r[1] + a*y[1] - y[3], r[2] - y[1] + b*square(y[2]), sum(y) - 1 - 0.1*sin(t)]'; }",
            "real<lower=0> a; real<lower=0> b;",
            "array[2] vector[3] z = dae(f, [1, 0, 0]', [-a, 1, a - 0.9]', 0, {0.5, 2}, a, b); target += z[1, 2] * z[2, 3];"),
    "dae from a start that has to fit": ("vector f(real t, vector y, vector r, real a, real b) { return [r[1] + a*y[1] - y[2], y[1] + y[2] - b]'; }",
            "real<lower=0> a; real<lower=0> b;",
            "array[2] vector[2] z = dae(f, [b, 0]', [-a*b, a*b]', 0, {0.5, 2}, a, b); target += z[1, 1] * z[2, 2];"),
    "dae of rows that depend on each other": ("vector f(real t, vector y, vector r, real a) { return [r[1] + r[2] + a*y[1], 2*r[1] + 2*r[2] + y[2] + y[1] - 0.2*t, r[3] - y[1]*y[2]]'; }",
            "real<lower=0> a; real<lower=0> b;",
            "array[2] vector[3] z = dae(f, [b, b*(2*a - 1), 0]', [-1.5*b, b*(1.5 - a), b*b*(2*a - 1)]', 0, {0.5, 1}, a); target += z[1, 1] * z[2, 2] + z[2, 3];"),
    "root": ("vector f(vector y, real a, vector b) { return [square(y[1]) + y[2] - a, exp(y[2])*b[1] - y[1]*b[2] - 1]'; }",
             "real<lower=1> a; vector<lower=0>[2] b;",
             "vector[2] z = solve_powell(f, [1, 0.5]', a, b); z += solve_newton_tol(f, [1, 0.5]', 0, 1e-12, 100, a, b); target += z[1] * z[2];"),
    "integral": ("real f(real x, real xc, real a, vector b) { return exp(-a*square(x)) * cos(b[1]*x) * b[2]; }",
                 "real<lower=0> a; vector<lower=0>[2] b;",
                 """target += integrate_1d_gauss_kronrod(f, 0, b[1], a, b) * integrate_1d_double_exponential(f, -a, b[2], a, b)
                    + integrate_1d_gauss_kronrod(f, a, positive_infinity(), a, b);"""),
    "integral over the whole line": ("real f(real x, real xc, vector p) { return exp(-0.5 * square((x - p[1]) / p[2])); }", "vector<lower=0.1>[2] p;",
                 "target += integrate_1d_double_exponential(f, negative_infinity(), positive_infinity(), p);"),
    "integral that overflows far out": ("real f(real x, real xc, vector p) { return x^4 * exp(-0.5 * square((x - p[1]) / p[2])); }", "vector<lower=0.1>[2] p;",
                 "target += log(integrate_1d_double_exponential(f, 0, positive_infinity(), p));"),
    "solver in a solver": ("""real h(real x, real xc, real a) { return exp(-a*x*x); } vector r(vector y, real q) { return [y[1]^3 + y[1] - q]'; }
                           vector f(real t, vector y, real a, real b) { return [-integrate_1d_gauss_kronrod(h, 0, t + 1, a)*y[1], -b*solve_newton(r, [0.5]', y[1])[1]]'; }""",
                           "real<lower=0> a; real b;",
                           "array[1] vector[2] z = ode_rk45_tol(f, [1, a]', 0, {2}, 1e-9, 1e-9, 10000, a, b); target += z[1, 1] * z[1, 2];"),
    "reduce_sum": ("real part(array[] real y, int s, int e, vector mu, real sigma) { return normal_lpdf(y | mu[s:e], sigma); }",
                   "vector[3] mu; real<lower=0> sigma;", "target += reduce_sum(part, {0.1, 0.5, -1}, 1, mu, sigma);"),
    "map_rect": ("vector f(vector p, vector q, data array[] real x, data array[] int i) { return [normal_lpdf(x | p[1], exp(q[1])), q[1] * p[2] * i[1]]'; }",
                 "vector[2] p; array[3] vector[1] q;",
                 "target += sum(map_rect(f, p, q, {{0.1, 1}, {2, 3}, {-1, 1}}, {{1}, {2}, {3}}));"),
}  # fmt: skip


@pytest.mark.parametrize("name", GRADIENTS)
def test_gradient(name: str) -> None:
    """The gradient of the density agrees with its finite differences."""
    functions, parameters, body = GRADIENTS[name]
    text = f"functions {{ {functions} }} parameters {{ {parameters} }} model {{ {body} }}"
    model = pplc.compile_model(text, {})
    position = np.random.default_rng(5).uniform(-0.4, 0.4, model.n_unconstrained)
    _, gradient = model.logp_dlogp(position)
    for number in range(len(position)):
        shift = np.zeros_like(position)
        shift[number] = 1e-4

        def difference(scale: float, shift: Any = shift) -> float:
            above, below = (model.logp_dlogp(position + sign * scale * shift)[0] for sign in (1, -1))
            return (above - below) / (2e-4 * scale)

        extrapolated = (4 * difference(1) - difference(2)) / 3
        assert gradient[number] == pytest.approx(extrapolated, rel=2e-6, abs=2e-6)


MANY_STATES = """vector f(real t, vector y, vector p, vector w) {
  int n = rows(y); vector[n] d; real all = 0.1 * p[3] * dot_product(w, y);
  for (k in 1:n) d[k] = p[1] * (y[k == 1 ? n : k - 1] - y[k]) - p[2] * y[k] * k / n + w[k] * all;
  return d; }"""
MANY_STATES_MODEL = """functions {{ {functions} }} data {{ int n; vector[n] w; }}
parameters {{ vector<lower=0>[3] p; real s; }} model {{
  vector[n] y0 = s * linspaced_vector(n, -1, 1);
  vector[n] z; {solve}
  target += dot_product(z, linspaced_vector(n, 1, 2)) + square(z[n]); }}"""
EXACT = """matrix[n, n] A = 0.1 * p[3] * w * w';
  for (k in 1:n) { A[k, k] -= p[1] + p[2] * k / n; A[k, k == 1 ? n : k - 1] += p[1]; } z = matrix_exp(A) * y0;"""


@pytest.mark.parametrize(("method", "n"), [("rk45", 20), ("bdf", 20), ("adams", 40)])
def test_many_states(method: str, n: int) -> None:
    """Of systems that become straight-line code, and of larger ones; `w` are data, which take no part in that."""
    data = {"n": n, "w": np.cos(np.arange(n))}
    solve = f"z = ode_{method}_tol(f, y0, 0, {{1}}, 1e-10, 1e-10, 10000, p, w)[1];"
    ours = pplc.compile_model(MANY_STATES_MODEL.format(functions=MANY_STATES, solve=solve), data)
    exact = pplc.compile_model(MANY_STATES_MODEL.format(functions=MANY_STATES, solve=EXACT), data)
    for point in ([0.1, -0.5, 0.3, 1.0], [-1.0, 0.5, -0.2, -2.0]):
        (value, gradient), (wanted, slopes) = (model.logp_dlogp(np.array(point)) for model in (ours, exact))
        np.testing.assert_allclose(value, wanted, rtol=1e-7)
        np.testing.assert_allclose(gradient, slopes, atol=1e-7 * np.linalg.norm(slopes))


def test_the_step_limit_rejects_a_point() -> None:
    text = f"""functions {{ {DECAY} }} parameters {{ real y; }}
    model {{ target += ode_rk45_tol(f, [y]', 0, {{9}}, 1e-8, 1e-8, 20)[1, 1]; }}"""
    density, gradient = pplc.compile_model(text, {}).logp_dlogp(np.zeros(1))
    assert not density > -np.inf
    assert not np.isfinite(gradient).all() or (gradient == 0).all()


STOPS_WITH_DERIVATIVES = {
    "as many as it may": ("vector f(real t, vector y, real a) { return [y[2], -a*y[1]]'; }", "ode_rk45_tol(f, [1, 0]', 0, {1.0}, 1e-8, 1e-8, 75, 100*a)[1, 1]"),
    "the Jacobian of the function given to `solve_newton` is singular": ("vector f(vector y, real a) { return (y - a)^3; }", "solve_newton(f, [a]', a)[1]"),
}  # fmt: skip


@pytest.mark.parametrize("message", STOPS_WITH_DERIVATIVES)
@pytest.mark.parametrize("body", ["target += {0};", "int k = 0; while (k < 1) {{ k += 1; target += {0}; }}"])
def test_a_result_without_derivatives_rejects_the_point(message: str, body: str) -> None:
    """Never a finite density; the reason is told although the result alone can be had."""
    functions, call = STOPS_WITH_DERIVATIVES[message]
    model = pplc.compile_model(
        f"functions {{ {functions} }} parameters {{ real a; }} model {{ {body.format(call)} }}", {}
    )
    point = np.array([0.7])
    density, _ = model.logp_dlogp(point)
    assert not density > -np.inf
    assert message in model.explain(point)


COVARIANCE = (
    "matrix k(array[] real x, real a) { return gp_exp_quad_cov(x, a, 1.0) + diag_matrix(rep_vector(0.01, size(x))); }"
)
LAPLACE_DATA = "transformed data { array[3] real x = {0.0, 0.5, 2.0}; vector[3] y = [0.3, -0.2, 1.1]'; array[3] int n = {1, 0, 4}; }"


@pytest.mark.parametrize("block", [1, 3])
def test_laplace_is_exact_for_a_normal_likelihood(block: int) -> None:
    """The marginal of normal observations is multivariate normal, in blocks of one or of all."""
    functions = (
        f"functions {{ {COVARIANCE} real f(vector theta, vector y, real s) {{ return normal_lpdf(y | theta, s); }} }}"
    )
    parameters = "parameters { real<lower=0> a; real<lower=0> s; }"
    approximate = f"model {{ target += laplace_marginal(f, (y, s), {block}, k, (x, a)); }}"
    exact = "model { y ~ multi_normal(rep_vector(0, 3), k(x, a) + diag_matrix(rep_vector(s^2, 3))); }"
    models = [pplc.compile_model(functions + LAPLACE_DATA + parameters + m, {}) for m in (approximate, exact)]
    (value, gradient), (wanted, wanted_gradient) = (m.logp_dlogp(np.array([0.2, -0.3])) for m in models)
    assert value == pytest.approx(wanted, abs=1e-9)
    np.testing.assert_allclose(gradient, wanted_gradient, atol=1e-9)


def test_laplace_of_counts() -> None:
    """Value against SciPy's mode and second derivatives, gradient against differences."""
    text = f"""functions {{ {COVARIANCE} }} {LAPLACE_DATA} parameters {{ real<lower=0> a; real m; }}
    model {{ target += laplace_marginal_poisson_log_lpmf(n | {{1, 2, 3}}, rep_vector(m, 3), 1, k, (x, a)); }}"""
    model = pplc.compile_model(text, {})
    position = np.array([0.2, 0.4])
    value, gradient = model.logp_dlogp(position)
    x, n, a, m = np.array([0, 0.5, 2]), np.array([1, 0, 4]), np.exp(position[0]), position[1]
    covariance = a**2 * np.exp(-0.5 * np.subtract.outer(x, x) ** 2) + 0.01 * np.eye(3)
    precision = np.linalg.inv(covariance)
    theta = optimize.fsolve(lambda t: n - np.exp(t + m) - precision @ t, np.zeros(3), xtol=1e-13)
    rates = np.exp(theta + m)
    wanted = stats.poisson.logpmf(n, rates).sum() - 0.5 * theta @ precision @ theta
    wanted -= 0.5 * np.linalg.slogdet(np.eye(3) + covariance * rates)[1]
    assert value == pytest.approx(wanted + position[0], abs=1e-8)
    for number, shift in enumerate(1e-5 * np.eye(2)):
        difference = (model.logp_dlogp(position + shift)[0] - model.logp_dlogp(position - shift)[0]) / 2e-5
        assert gradient[number] == pytest.approx(difference, abs=1e-7)
