# ruff: noqa: E501  (program texts read better on one line)
"""Programs for `benchmarks.solvers`: published and everyday problems through every function that takes a function.

A `System` of differential equations is written once and goes through each solver that can be expected to serve it,
the old interfaces included; the other problems name their calls. `exact` is the model block again without the
solver, where a closed form exists.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

EXPLICIT = ("rk45", "ckrk", "adams")
STIFF = ("bdf", "adjoint")
DEFAULTS = ("rk45", "ckrk", "bdf", "adams")
OLD = ("rk45", "bdf", "adams")


@dataclass(frozen=True)
class Case:
    """A program: its blocks without their braces, and how close to Stan and to differences it is asked to be."""

    name: str
    functions: str
    parameters: str
    model: str
    tolerance: float = 1e-8
    data: str = ""  # in transformed data
    exact: str = ""
    alone: bool = False  # whether stanli lacks the function

    @property
    def text(self) -> str:
        return self._with(self.model)

    @property
    def exact_text(self) -> str:
        return self._with(self.exact)

    def _with(self, model: str) -> str:
        blocks = {"functions": self.functions, "transformed data": self.data, "parameters": self.parameters}
        written = [f"{name} {{ {block} }}" for name, block in blocks.items() if block]
        return "\n".join([*written, f"model {{ {model} }}"])


@dataclass(frozen=True)
class System:
    """`right`: the body of `vector f(real t, vector y, vector p, data array[] real x, data array[] int i)`."""

    name: str
    right: str
    parameters: str
    start: str
    size: int
    p: str  # the parameters handed on
    t0: str = "0"
    times: str = "{1.0, 2.5, 4.0}"
    x: str = "{0.0}"
    i: str = "{0}"
    stiff: bool = False
    steps: int = 100_000
    relative: float = 1e-10
    absolute: float = 1e-10
    exact: str = ""  # statements that fill z
    defaults: bool = True  # whether the calls without tolerances are among the cases

    @property
    def _functions(self) -> str:
        given = "data array[] real x, data array[] int i"
        return f"""vector f(real t, vector y, vector p, {given}) {{ {self.right} }}
          array[] real g(real t, array[] real y, array[] real p, {given}) {{ return to_array_1d(f(t, to_vector(y), to_vector(p), x, i)); }}"""

    def cases(self) -> Iterator[Case]:
        common = f"f, {self.start}, {self.t0}, {self.times}"
        passed = f"{self.p}, {self.x}, {self.i}"
        tight = f"{self.relative}, {self.absolute}, {self.steps}"
        for method in STIFF if self.stiff else (*EXPLICIT, *STIFF):
            if method == "adjoint":
                each = f"rep_vector({self.absolute}, {self.size})"
                control = f"{self.relative}, {each}, {self.relative}, {each}, {self.relative}, {self.absolute}, {self.steps}, 150, 1, 2, 2"
                yield self._case("ode_adjoint_tol_ctl", f"ode_adjoint_tol_ctl({common}, {control}, {passed})")
            else:
                yield self._case(f"ode_{method}_tol", f"ode_{method}_tol({common}, {tight}, {passed})")
        if not self.defaults:
            return
        for method in ("bdf",) if self.stiff else DEFAULTS:
            tolerance = 1e-6 if method in ("rk45", "ckrk") else 1e-10
            yield self._case(f"ode_{method}", f"ode_{method}({common}, {passed})", tolerance)
        old = f"g, to_array_1d({self.start}), {self.t0}, {self.times}, to_array_1d({self.p}), {self.x}, {self.i}"
        for method in ("bdf",) if self.stiff else OLD:
            call = f"to_vectors(integrate_ode_{method}({old}, {tight}))"
            yield self._case(f"integrate_ode_{method}", call, alone=self.t0 != "0")  # stanli wants to know the time

    def _case(self, name: str, call: str, tolerance: float = 0.0, alone: bool = False) -> Case:
        n = self.size
        declare = f"array[size({self.times})] vector[{n}] z"
        weigh = f"for (k in 1:size(z)) target += dot_product(z[k], linspaced_vector({n}, 1, 2)) / (k + 1) + 0.1 * square(z[k][1]);"
        convert = "array[] vector to_vectors(array[,] real y) { array[size(y)] vector[size(y[1])] z; for (k in 1:size(y)) z[k] = to_vector(y[k]); return z; }"
        exact = f"{declare}; {self.exact} {weigh}" if self.exact else ""
        return Case(
            f"{self.name}, {name}", f"{self._functions} {convert}", self.parameters, f"{declare} = {call}; {weigh}",
            tolerance or max(self.relative, self.absolute), exact=exact, alone=alone,
        )  # fmt: skip


SYSTEMS = (
    System("linear", "return [-p[1] * y[1] + p[2] * y[2] + 0.1, p[1] * y[1] - (p[2] + p[3]) * y[2], p[3] * y[2] - 0.2 * y[3]]';",
           "vector<lower=0>[3] p; vector[3] y0;", "y0", 3, "p",
           exact="""matrix[4, 4] A = rep_matrix(0, 4, 4); A[1, 1] = -p[1]; A[1, 2] = p[2]; A[1, 4] = 0.1; A[2, 1] = p[1]; A[2, 2] = -(p[2] + p[3]);
             A[3, 2] = p[3]; A[3, 3] = -0.2; array[3] real ts = {1.0, 2.5, 4.0}; for (k in 1:3) z[k] = (matrix_exp(ts[k] * A) * append_row(y0, 1))[1:3];"""),
    System("damped pendulum", "return [y[2], -p[1] * y[2] - p[2] * sin(y[1])]';",
           "vector<lower=0>[2] p; vector[2] y0;", "y0", 2, "p"),
    System("Lotka-Volterra", "return [(p[1] - p[2] * y[2]) * y[1], (-p[3] + p[4] * y[1]) * y[2]]';",
           "vector<lower=0>[4] p; vector<lower=0>[2] y0;", "y0", 2, "0.5 * p", times="{1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0}"),
    System("van der Pol, mu 5", "return [y[2], p[1] * (1 - square(y[1])) * y[2] - y[1]]';",
           "real<lower=0> mu;", "[2, 0]'", 2, "[4 + mu]'", times="{1.0, 5.0, 9.0}"),
    System("Kepler, eccentricity 0.6", "real r = hypot(y[1], y[2]); return [y[3], y[4], -p[1] * y[1] / r^3, -p[1] * y[2] / r^3]';",
           "real<lower=0> m;", "[0.4, 0, 0, 2]'", 4, "[m]'", times="{0.5, 2.0, 6.0}"),
    System("Arenstorf", """real e = (square(y[1] + p[1]) + square(y[2]))^1.5; real m = (square(y[1] - 1 + p[1]) + square(y[2]))^1.5;
           return [y[3], y[4], y[1] + 2*y[4] - (1 - p[1])*(y[1] + p[1])/e - p[1]*(y[1] - 1 + p[1])/m, y[2] - 2*y[3] - (1 - p[1])*y[2]/e - p[1]*y[2]/m]';""",
           "real<lower=0> s;", "[0.994, 0, 0, -2.0015851063790825]'", 4, "[0.012277471 * (1 + 1e-3 * s)]'", times="{0.01, 0.2, 0.6}", defaults=False),
    System("one compartment, infusions", """real rate = 0; for (k in 1:i[1]) rate += x[2*k] * inv_logit(20 * (t - x[2*k - 1])) * inv_logit(20 * (x[2*k - 1] + 0.5 - t));
           return [rate - p[1] * y[1]]';""",
           "real<lower=0> rate_out; real<lower=0> a;", "[a]'", 1, "[rate_out]'", x="{0.5, 3.0, 2.0, 1.5, 3.0, 2.0}", i="{3}"),
    System("two compartments, absorption", """real rate = t > x[1] && t < x[2] ? x[3] : 0;
           return [rate - p[1] * y[1], p[1] * y[1] - (p[2] + p[3]) * y[2] + p[4] * y[3], p[3] * y[2] - p[4] * y[3]]';""",
           "vector<lower=0>[4] p;", "[10, 0, 0]'", 3, "p", x="{4.5, 6.0, 2.0}"),
    System("SIR", "real rate = p[1] * y[1] * y[2] / i[1]; return [-rate, rate - p[2] * y[2], p[2] * y[2]]';",
           "vector<lower=0>[2] p; real<lower=0> i0;", "[763 - i0, i0, 0]'", 3, "p", times="{1.0, 3.0, 5.0, 8.0, 12.0}", i="{763}"),
    System("chain of eight stages", "vector[9] d; real rate = 8 * p[1]; d[1] = -p[2] * y[1] / (1 + y[9]); d[2] = -d[1] - rate * y[2]; for (k in 3:9) d[k] = rate * (y[k - 1] - y[k]); return d;",
           "vector<lower=0>[2] p;", "append_row(5, rep_vector(0, 8))", 9, "p"),
    System("twenty states", "vector[20] d; for (k in 1:20) { real before = y[k == 1 ? 20 : k - 1]; d[k] = (y[k == 20 ? 1 : k + 1] - y[k <= 2 ? k + 18 : k - 2]) * before * p[2] - p[3] * y[k] + p[1]; } return d;",
           "vector<lower=0>[3] p; vector[2] y0;", "append_row(y0, linspaced_vector(18, -1, 1))", 20, "p", times="{0.2, 0.5, 1.0}"),
    System("SEIR, ten groups", "vector[10] S = y[1:10]; vector[10] E = y[11:20]; vector[10] I = y[21:30]; vector[10] rate = p[1] * S .* (to_matrix(x, 10, 10) * I); return append_row(append_row(-rate, rate - p[2] * E), append_row(p[2] * E - p[3] * I, p[3] * I));",
           "vector<lower=0>[3] p; real<lower=0> i0;", "append_row(rep_vector(1 - 0.01 * i0, 10), append_row(rep_vector(0, 10), append_row(rep_vector(0.01 * i0, 10), rep_vector(0, 10))))",
           40, "[0.3 * p[1], 0.5 * p[2], 0.3 * p[3]]'", times="{1.0, 5.0, 10.0}", x="linspaced_array(100, 0.1, 0.3)"),
    System("times that are parameters", "return [-p[1] * y[1] + sin(t), y[1] - p[2] * y[2]^3]';",
           "vector<lower=0>[2] p; vector[2] y0; real<upper=0> t0; real<lower=0.5> t1; real<lower=0.1> more;", "y0", 2, "p", "t0", "{t1, t1 + more}"),
    System("Robertson", "real a = p[1] * y[1] - p[2] * y[2] * y[3]; real b = p[3] * square(y[2]); return [-a, a - b, b]';",
           "vector[3] s;", "[1, 0, 0]'", 3, "exp(0.3 * s) .* [0.04, 1e4, 3e7]'", times="{0.4, 40.0, 4000.0}", stiff=True, relative=1e-9, absolute=1e-12),
    System("van der Pol, mu 1000", "return [y[2], p[1] * (1 - square(y[1])) * y[2] - y[1]]';",
           "real s;", "[2, 0]'", 2, "[1000 * exp(0.1 * s)]'", times="{1.0, 100.0, 500.0}", stiff=True, relative=1e-9),
)  # fmt: skip


SYSTEM_HEAD = "vector f(vector y, vector p, data array[] real x, data array[] int i)"
ROOTS: dict[str, tuple[int, str, str, str, str, str]] = {  # unknowns, body of f, parameters, guess, p, exact
    "cubic": (1, "return [y[1]^3 + p[1] * y[1] - p[2]]';", "vector<lower=0>[2] p;", "[1.0]'", "p",
              "vector[1] z; { real d = sqrt(square(p[2] / 2) + (p[1] / 3)^3); z[1] = cbrt(p[2] / 2 + d) + cbrt(p[2] / 2 - d); }"),
    "two, badly scaled": (2, "return [1e4 * y[1] * y[2] - p[1], exp(-y[1]) + exp(-y[2]) - 1 - 1e-4 * p[2]]';", "vector<lower=0>[2] p;", "[0.0, 1.0]'", "p", ""),
    "circle and line": (2, "return [square(y[1]) + square(y[2]) - p[1], y[1] - p[2] * y[2] - 0.1]';", "vector<lower=0>[2] p;", "[1.0, 1.0]'", "p",
                        "vector[2] z; z[2] = (-0.1 * p[2] + sqrt(p[1] * (1 + square(p[2])) - 0.01)) / (1 + square(p[2])); z[1] = p[2] * z[2] + 0.1;"),
    "tridiagonal, 8": (8, "vector[8] d; for (k in 1:8) { d[k] = (3 - p[1] * y[k]) * y[k] + p[2]; if (k > 1) d[k] -= y[k - 1]; if (k < 8) d[k] -= 2 * y[k + 1]; } return d;",
                       "vector<lower=0>[2] p;", "rep_vector(-1, 8)", "p", ""),
    "equilibrium, 4": (4, "return [y[1] + y[3] - p[1], y[2] + y[3] + y[4] - p[2], p[3] * y[1] * y[2] - y[3], 0.5 * p[3] * square(y[2]) - y[4]]';",
                       "vector<lower=0.5>[3] p;", "[0.5, 0.5, 0.1, 0.1]'", "p", ""),
    "linear, 20": (20, "return add_diag(rep_matrix(0.02 * p[1], 20, 20), 1.0 + p[2]) * y - linspaced_vector(20, 0, 1);",
                   "vector<lower=0>[2] p;", "rep_vector(0, 20)", "p",
                   "vector[20] z = mdivide_left(add_diag(rep_matrix(0.02 * p[1], 20, 20), 1.0 + p[2]), linspaced_vector(20, 0, 1));"),
}  # fmt: skip


def _roots() -> Iterator[Case]:
    for name, (size, body, parameters, guess, p, exact) in ROOTS.items():
        calls = {
            "solve_newton": f"solve_newton(f, {guess}, {p}, {{0.0}}, {{0}})",
            "solve_powell": f"solve_powell(f, {guess}, {p}, {{0.0}}, {{0}})",
            "solve_newton_tol": f"solve_newton_tol(f, {guess}, 1e-6, 1e-11, 1000, {p}, {{0.0}}, {{0}})",
            "solve_powell_tol": f"solve_powell_tol(f, {guess}, 1e-12, 1e-9, 1000, {p}, {{0.0}}, {{0}})",
            "algebra_solver": f"algebra_solver(f, {guess}, {p}, {{0.0}}, {{0}})",
            "algebra_solver, tolerances": f"algebra_solver(f, {guess}, {p}, {{0.0}}, {{0}}, 1e-12, 1e-9, 1000)",
            "algebra_solver_newton": f"algebra_solver_newton(f, {guess}, {p}, {{0.0}}, {{0}}, 1e-6, 1e-11, 1000)",
        }
        weigh = f"target += dot_product(z, linspaced_vector({size}, 1, 2)) + 0.1 * dot_self(z);"
        for solver, call in calls.items():
            tolerance = 1e-5 if solver == "solve_newton" else 1e-9
            wanted = f"{exact} {weigh}" if exact else ""
            yield Case(
                f"{name}, {solver}",
                f"{SYSTEM_HEAD} {{ {body} }}",
                parameters,
                f"vector[{size}] z = {call}; {weigh}",
                tolerance,
                exact=wanted,
            )


DAES: dict[str, tuple[int, str, str, str, str, str, str]] = {  # unknowns, body of f, parameters, state, its rate, times, exact
    "linear DAE": (2, "return [r[1] + p[1] * y[1] - y[2], y[1] + y[2] - p[2]]';", "vector<lower=0>[2] p;", "[p[2], 0]'", "[-p[1] * p[2], p[1] * p[2]]'", "{0.5, 2.0}",
                   "real q = 1 + p[1]; array[2] real ts = {0.5, 2.0}; for (k in 1:2) { z[k][1] = p[2] / q + (p[2] - p[2] / q) * exp(-q * ts[k]); z[k][2] = p[2] - z[k][1]; }"),
    "kinetics DAE": (3, "real b = 3e7 * p[3] * square(y[2]); return [r[1] + 0.04 * p[1] * y[1] - 1e4 * p[2] * y[2] * y[3], r[2] - 0.04 * p[1] * y[1] + 1e4 * p[2] * y[2] * y[3] + b, y[1] + y[2] + y[3] - 1]';",
                     "vector<lower=0.5>[3] p;", "[1, 0, 0]'", "[-0.04 * p[1], 0.04 * p[1], 0]'", "{0.4, 4.0, 40.0}", ""),
    # The pendulum with its tension as an unknown; the constraint differentiated twice.
    "pendulum DAE, index 1": (5, "return [r[1] - y[3], r[2] - y[4], r[3] + y[5] * y[1] + p[1] * y[3], r[4] + y[5] * y[2] + p[2] + p[1] * y[4], square(y[3]) + square(y[4]) - y[5] * (square(y[1]) + square(y[2])) - p[2] * y[2] - p[1] * (y[1] * y[3] + y[2] * y[4])]';",
                              "vector<lower=0>[2] p;", "[1, 0, 0, 0, 0]'", "[0, 0, 0, -p[2], 0]'", "{0.3, 1.0, 2.0}", ""),
}  # fmt: skip


def _daes() -> Iterator[Case]:
    for name, (size, body, parameters, state, rate, times, exact) in DAES.items():
        functions = f"vector f(real t, vector y, vector r, vector p) {{ {body} }}"
        absolute = 1e-13 if "kinetics" in name else 1e-10
        for solver, control in (("dae", ""), ("dae_tol", f"1e-10, {absolute}, 100000, ")):
            call = f"{solver}(f, {state}, {rate}, 0, {times}, {control}p)"
            declare = f"array[size({times})] vector[{size}] z"
            weigh = f"for (k in 1:size(z)) target += dot_product(z[k], linspaced_vector({size}, 1, 2)) / (k + 1) + 0.1 * square(z[k][1]);"
            wanted = f"{declare}; {exact} {weigh}" if exact else ""
            yield Case(f"{name}, {solver}", functions, parameters, f"{declare} = {call}; {weigh}", 1e-8, exact=wanted)


INTEGRALS: dict[str, tuple[str, str, str, str, str]] = {  # integrand, parameters, lower, upper, exact
    "Gaussian": ("exp(-0.5 * square((x - p[1]) / p[2])) / p[2]", "vector<lower=0.1>[2] p;", "0.1", "1.5", "sqrt(2 * pi()) * (Phi((1.5 - p[1]) / p[2]) - Phi((0.1 - p[1]) / p[2]))"),
    "the whole line": ("exp(-0.5 * square((x - p[1]) / p[2]))", "vector<lower=0.1>[2] p;", "negative_infinity()", "positive_infinity()", "sqrt(2 * pi()) * p[2]"),
    "half a line": ("pow(x, p[1]) * exp(-p[2] * x)", "vector<lower=0.1>[2] p;", "0", "positive_infinity()", "tgamma(p[1] + 1) / pow(p[2], p[1] + 1)"),
    "limits": ("p[1] * exp(-p[1] * x)", "vector<lower=0.1>[2] p; real<lower=0> a; real<lower=0> w;", "a", "a + w", "exp(-p[1] * a) - exp(-p[1] * (a + w))"),
    "lower tail": ("exp(p[1] * x) / (1 + square(p[2]))", "vector<lower=0.1>[2] p; real b;", "negative_infinity()", "b", "exp(p[1] * b) / p[1] / (1 + square(p[2]))"),
    "oscillation": ("cos(5 * p[1] * x) * p[2]", "vector<lower=0.1>[2] p;", "-1", "2", "p[2] * (sin(10 * p[1]) + sin(5 * p[1])) / (5 * p[1])"),
}  # fmt: skip


def _integrals() -> Iterator[Case]:
    for name, (integrand, parameters, lower, upper, exact) in INTEGRALS.items():
        functions = f"real f(real x, real xc, vector p, data array[] real d, data array[] int i) {{ return {integrand}; }} real g(real x, real xc, array[] real p, data array[] real d, data array[] int i) {{ return {integrand}; }}"
        calls = {
            "integrate_1d": f"integrate_1d(g, {lower}, {upper}, to_array_1d(p), {{0.0}}, {{0}}, 1e-10)",
            "integrate_1d_gauss_kronrod": f"integrate_1d_gauss_kronrod(f, {lower}, {upper}, p, {{0.0}}, {{0}})",
            "integrate_1d_gauss_kronrod_tol": f"integrate_1d_gauss_kronrod_tol(f, {lower}, {upper}, 1e-11, 0, 15, p, {{0.0}}, {{0}})",
            "integrate_1d_double_exponential": f"integrate_1d_double_exponential(f, {lower}, {upper}, p, {{0.0}}, {{0}})",
            "integrate_1d_double_exponential_tol": f"integrate_1d_double_exponential_tol(f, {lower}, {upper}, 1e-11, 0, 15, p, {{0.0}}, {{0}})",
        }
        for solver, call in calls.items():
            yield Case(
                f"{name}, {solver}", functions, parameters, f"target += {call};", 1e-8, exact=f"target += {exact};"
            )


NUMBERS = "array[200] real y = linspaced_array(200, -1, 2); array[200] int n; for (k in 1:200) n[k] = k % 7; array[200] vector[2] v; for (k in 1:200) v[k] = [sin(k), cos(k)]';"
_JOBS = "array[20, 3] real xr; array[20, 2] int xi; for (k in 1:20) { xr[k] = {sin(k), cos(k), 0.1 * k}; xi[k] = {k % 3, k}; }"
COVARIANCE = "matrix K(array[] real x, real a, real l) { return add_diag(gp_exp_quad_cov(x, a, l), 1e-2); }"
PLACES = "array[12] real x = linspaced_array(12, 0, 4); array[12] int n = {0, 1, 3, 2, 2, 1, 0, 4, 5, 3, 1, 1}; array[12] int b = {0, 1, 1, 0, 1, 1, 0, 1, 1, 1, 0, 1}; array[12] int at = linspaced_int_array(12, 1, 12);"
_LAPLACE = "1, K, (x, a, 0.5 + l)"
_LAPLACE_TOL = f"{_LAPLACE}, (rep_vector(0, 12), 1e-10, 500, 1, 10, 1)"
_HIDDEN = "vector[3] mu = [m - 1, m, m + 2]'; matrix[3, 12] w; for (k in 1:12) for (s in 1:3) w[s, k] = normal_lpdf(y[k] | mu[s], 1); matrix[3, 3] gamma; for (s in 1:3) gamma[s] = g[s]';"

OTHERS = (
    *(
        case
        for name in ("reduce_sum", "reduce_sum_static")
        for case in (
            Case(f"numbers, {name}", "real f(array[] real y, int s, int e, real mu, real sigma) { return normal_lpdf(y | mu, sigma); }",
                 "real mu; real<lower=0> sigma;", f"target += {name}(f, y, 10, mu, sigma);", data=NUMBERS, exact="target += normal_lpdf(y | mu, sigma);"),
            Case(f"counts, {name}", "real f(array[] int n, int s, int e, vector rate) { return poisson_log_lpmf(n | rate[s:e]); }",
                 "vector[200] rate;", f"target += {name}(f, n, 10, rate);", data=NUMBERS, exact="target += poisson_log_lpmf(n | rate);"),
            Case(f"vectors, {name}", "real f(array[] vector v, int s, int e, vector mu, real sigma) { real r = 0; for (k in 1:size(v)) r += normal_lpdf(v[k] | mu, sigma); return r; }",
                 "vector[2] mu; real<lower=0> sigma;", f"target += {name}(f, v, 10, mu, sigma);", data=NUMBERS, exact="for (k in 1:200) target += normal_lpdf(v[k] | mu, sigma);"),
            Case(f"parameters in slices, {name}", "real f_lpdf(array[] real z, int s, int e, real mu) { return student_t_lupdf(z | 4, mu, 1); }",
                 "array[200] real z; real mu;", f"target += {name}(f_lupdf, z, 25, mu);", data=NUMBERS, alone=True, exact="target += student_t_lupdf(z | 4, mu, 1);"),
        )
    ),
    Case("jobs, map_rect", "vector f(vector p, vector q, data array[] real x, data array[] int i) { return [normal_lpdf(x | p[1], exp(p[2])) + i[1] * q[1], q[1] * q[2]]'; }",
         "vector[2] p; array[20] vector[2] q;", "target += sum(map_rect(f, p, q, xr, xi));", data=_JOBS,
         exact="for (k in 1:20) target += normal_lpdf(xr[k] | p[1], exp(p[2])) + xi[k, 1] * q[k][1] + q[k][1] * q[k][2];"),
    Case("hidden states, hmm_marginal", "", "real m; array[3] simplex[3] g; simplex[3] rho;",
         f"{_HIDDEN} target += hmm_marginal(w, gamma, rho);", data=NUMBERS, alone=True,
         exact=f"{_HIDDEN} vector[3] l = log(rho) + w[:, 1]; for (k in 2:12) {{ vector[3] q; for (s in 1:3) q[s] = log_sum_exp(l + log(gamma[:, s])) + w[s, k]; l = q; }} target += log_sum_exp(l);"),
    Case("normal, laplace_marginal", COVARIANCE + " real f(vector theta, vector y, real s) { return normal_lpdf(y | theta, s); }",
         "real<lower=0> a; real<lower=0> l; real<lower=0.1> s;", f"target += laplace_marginal(f, (to_vector(n), s), {_LAPLACE});", data=PLACES, alone=True,
         exact="target += multi_normal_lpdf(to_vector(n) | rep_vector(0, 12), add_diag(K(x, a, 0.5 + l), square(s)));"),
    Case("counts, laplace_marginal_tol", COVARIANCE + " real f(vector theta, array[] int n, real m) { return poisson_log_lpmf(n | theta + m); }",
         "real<lower=0> a; real<lower=0> l; real m;", f"target += laplace_marginal_tol(f, (n, m), {_LAPLACE_TOL});", data=PLACES, alone=True),
    *(
        Case(f"{name}, laplace_marginal{tolerances}", COVARIANCE, "real<lower=0> a; real<lower=0> l; real<lower=0> m;",
             f"target += laplace_marginal{tolerances}_{name}_lpmf({call}, rep_vector(m, 12), {_LAPLACE_TOL if tolerances else _LAPLACE});", data=PLACES, alone=True)
        for tolerances in ("", "_tol")
        for name, call in (("poisson_log", "n | at"), ("bernoulli_logit", "b | at"), ("neg_binomial_2_log", "n | at, rep_vector(1 + m, 12)"))
    ),
)  # fmt: skip

CASES = (*(case for system in SYSTEMS for case in system.cases()), *_roots(), *_daes(), *_integrals(), *OTHERS)
