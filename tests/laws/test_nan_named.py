"""A density that is nan says where nan came from: the function, its arguments and their values, whatever the function.

What is declared to be outside a function's domain is said in those words; all other calls are found by running the
statements once more.
"""

from __future__ import annotations

import math

import numpy as np
import pytensor.tensor as pt
import pytest
from function_cases import case_of
from pplc.compiler.library import registry
from pplc.compiler.library.evaluation import evaluate
from pplc.compiler.library.expand import implementation, signatures_of
from pplc.compiler.types import Real
from pplc.grammar.diagnostics import Diagnostic

import pplc

pytestmark = pytest.mark.filterwarnings("ignore::pplc.ProgramWarning")

OUTSIDE = (-np.inf, -2.5, 0.0, 1.5, np.inf)


def calls() -> list[tuple[str, int]]:
    """Functions of reals alone with a real result, and the argument that is replaced."""
    found = []
    for name in sorted(registry.functions()):
        signature = next((s for s in signatures_of(name) if {*s.arguments, s.result} == {Real()}), None)
        if signature is not None and implementation(name, signature.arguments).build is not None:
            found += [(name, place) for place in range(len(signature.arguments))]
    return found


def nan_at(name: str, place: int) -> np.ndarray | None:
    """Arguments, all of them numbers, of which the function makes nan."""
    signature = next(s for s in signatures_of(name) if {*s.arguments, s.result} == {Real()})
    function = implementation(name, signature.arguments)
    usual = [float(value) for value in case_of(function, signature).arguments]
    for value in OUTSIDE:
        given = np.array([*usual[:place], value, *usual[place + 1 :]])
        if np.isnan(evaluate(pt.as_tensor(function.build(*map(pt.constant, given))))):
            return given
    return None


NAN = [(name, place) for name, place in calls() if nan_at(name, place) is not None]


@pytest.mark.parametrize(("name", "place"), NAN)
def test_the_call_is_named(name: str, place: int) -> None:
    at = nan_at(name, place)
    assert at is not None
    names = [f"a{number}" for number in range(len(at))]
    bar = " | " if name.endswith("_lpdf") else ", "
    call = f"{name}({bar.join([names[0], ', '.join(names[1:])] if names[1:] else names)})"
    program = f"parameters {{ {' '.join(f'real {n};' for n in names)} }} model {{ target += {call}; }}"
    model = pplc.compile_model(program)
    problem = model.failure(at)
    assert problem is not None
    assert f"`{name}`" in problem.title
    assert f"is {at[place]:g}" in problem.title
    assert problem.mark.span.text in (call, *names)


FUNCTIONS = """
real f(real x) { return log(x); }
real deep(int n, real x) { if (n == 0) return sqrt(x); return deep(n - 1, x) + 1; }
real unset(real x) { real y; if (x < 0) y = x; return y; }
real part(array[] real x, int start, int end, real y) { return sum(x) * log(y); }
vector job(vector all, vector own, data array[] real x, data array[] int k) { return log(own); }
vector slope(real t, vector y, real k) { return log(k) * y; }
vector root(vector y, real k) { return y - sqrt(k); }
real curve(real x, real xc, array[] real theta, data array[] real r, data array[] int i) { return x * log(theta[1]); }
real noise(vector theta, real k) { return -dot_self(theta) + log(k); }
matrix covariance(real k) { return identity_matrix(2); }
"""

# Statements about an infinite a and a negative b: what is said, and where.
PROGRAMS = {
    "target += a - a;": ("`a - a` is nan where x is inf and y is inf", "a - a"),
    "while (s < 2) { s += 1; target += log(s - 3); }": ("`log` is nan where x is -2", "log(s - 3)"),
    "matrix[1, 1] m = [[a]]; target += sum(matrix_exp(m));": ("`matrix_exp` is nan where x is [[inf]]", None),
    "target += f(-2);": ("`log` is nan where x is -2", "log(x)"),
    "target += deep(3, b);": ("`sqrt` is nan where x is -2", "sqrt(x)"),
    "vector[2] v = sqrt([b, 4]'); target += sum(v);": ("`sqrt` is nan where x is [-2,4]", "sqrt([b, 4]')"),
    "target += sum(sqrt(append_row(rep_vector(1, 11), b)));": ("`sqrt` is nan where x[12] is -2", None),
    "matrix[9, 9] m = rep_matrix(1, 9, 9); m[2, 3] = a; target += sum(matrix_exp(m));": (
        "`matrix_exp` is nan where x[2, 3] is inf", None,
    ),
    # what only hands nan on is not blamed, nor what comes to nothing
    "real d = log(b); target += fmax(d, 0) + sqrt(b);": ("`sqrt` is nan where x is -2", None),
    "target += normal_lpdf(1 | 0, log(b));": ("`log` is nan where x is -2", "log(b)"),
    "target += sum(sort_asc(append_row(log(b), [1, 2]')));": ("`log` is nan where x is -2", "log(b)"),
    "matrix[2, 2] m = to_matrix(segment(log([1, b, b, 1, 2]'), 2, 4), 2, 2); target += sum(m * m);": (
        "`log` is nan where x is [1,-2,-2,1,2]", None,
    ),
    # tuples, complex numbers
    "tuple(real, vector[2]) t = (1, sqrt([b, 1]')); target += t.1 + sum(t.2);": ("`sqrt` is nan", "sqrt([b, 1]')"),
    "tuple(matrix[1, 1], vector[1], matrix[1, 1]) t = svd([[a]]); target += sum(t.2);": ("`svd` is nan", "svd([[a]])"),
    "complex z = to_complex(sqrt(b), 1); target += get_real(exp(z * z));": ("`sqrt` is nan where x is -2", "sqrt(b)"),
    "complex z = 1 / to_complex(s, s); target += get_real(z * b);": (
        "`1 / to_complex(s, s)` is nan where z is (1,0) and w is (0,0)", None,
    ),
    "complex_vector[2] z = [to_complex(log(b), 1), 1]'; target += get_real(sum(fft(z)));": ("`log` is nan", "log(b)"),
    # methods that call a function
    "target += reduce_sum(part, {1.0, 2.0}, 1, b);": ("`log` is nan where x is -2", "log(y)"),
    "target += sum(map_rect(job, [1]', {[b]', [1]'}, {{1.0}, {1.0}}, {{1}, {1}}));": ("`log` is nan", "log(own)"),
    "target += sum(ode_bdf(slope, [1]', 0, {1.0}, b)[1]);": ("`log` is nan where x is -2", "log(k)"),
    "target += sum(ode_rk45(slope, [log(b)]', 0, {1.0}, 1.0)[1]);": ("`log` is nan where x is -2", "log(b)"),
    "target += integrate_1d(curve, 0, 1, {b}, {1.0}, {1});": ("`log` is nan where x is -2", "log(theta[1])"),
    "target += laplace_marginal(noise, (b,), 1, covariance, (b,));": ("`log` is nan where x is -2", "log(k)"),
    # no call at all
    "vector[2] v; v[1] = b; target += sum(v);": ("`v` is used where it has no value yet, which is nan", "v"),
    "target += unset(1);": ("`y` is used where it has no value yet, which is nan", "y"),
    "tuple(real, complex) t; t.1 = b; target += get_imag(t.2);": ("`t` is used where it has no value yet", "t"),
    "target += 2 * y[2];": ("the data hold nan: `y[2]`", "y"),
    "y ~ normal(0, 1);": ("the data hold nan: `y[2]`", "y"),
    "target += logs[2];": ("`log` is nan where x is [1,-3]", "log(w)"),
    "c ~ normal(0, 1);": ("`log` is nan where x is -2", "log(b)"),
}  # fmt: skip


def failure(statements: str) -> Diagnostic:
    """What is said of statements for an infinite a and a negative b."""
    model = pplc.compile_model(
        f"""functions {{ {FUNCTIONS} }} data {{ vector[2] y; vector[2] w; }}
        transformed data {{ vector[2] logs = log(w); }}
        parameters {{ real a; real b; real<lower=log(b)> c; }} model {{ real s = 0; {statements} }}""",
        {"y": [1, math.nan], "w": [1, -3]},
    )
    found = model.failure(np.array([np.inf, -2, 0]))
    assert found is not None
    return found


@pytest.mark.parametrize("statements", PROGRAMS)
def test_in_statements(statements: str) -> None:
    problem = failure(statements)
    sentence, place = PROGRAMS[statements]
    assert problem.title.startswith(sentence)
    assert place is None or problem.mark.span.text == place


def test_a_sentence_of_the_users_own_stays_first() -> None:
    problem = failure("""real d = log(b); if (is_nan(d)) reject("d is ", d);""")
    assert problem.title == "d is nan"
    assert [mark.label for mark in problem.related] == ["`log` is nan where x is -2"]


def test_a_method_that_fails_on_its_way_says_so_and_where_its_function_was_nan() -> None:
    problem = failure("target += sum(solve_newton(root, [1]', b));")
    assert problem.title.startswith("`solve_newton` finds no root")
    assert [(mark.span.text, mark.label) for mark in problem.related] == [("sqrt(k)", "`sqrt` is nan where x is -2")]


def test_what_was_handed_nan_is_told_beside() -> None:
    [beside] = failure("target += normal_lpdf(1 | 0, log(b));").related
    assert beside.label == "`normal_lpdf`: sigma is nan, but must be greater than 0"


def test_the_iteration_is_told() -> None:
    problem = failure("for (i in 1:3) for (j in 2:3) target += i == 2 ? sqrt(b) : 1;")
    assert problem.mark.label == "when i is 2 and j is 2"
    problem = failure("for (i in 1:3) target += normal_lpdf(0 | 0, i == 3 ? -1 : 1);")
    assert problem.title == "`normal_lpdf`: sigma is -1, but must be greater than 0"
    assert problem.mark.label == "when i is 3"


@pytest.mark.parametrize("type", ["real<lower=0>", "vector<lower=0>[1]", "simplex[1]"])
@pytest.mark.parametrize("block", ["transformed data", "transformed parameters"])
def test_behind_a_constraint(block: str, type: str) -> None:
    value = "log(b)" if type.startswith("real") else "[log(b)]'"
    blocks = {"transformed data": "", "parameters": "real a;", "transformed parameters": "", "model": "target += a;"}
    blocks[block] = f"{type} c = {value};"
    program = " ".join(f"{name} {{ {body} }}" for name, body in blocks.items())
    try:
        problem = pplc.compile_model(f"data {{ real b; }} {program}", {"b": -2}).failure(np.zeros(1))
    except pplc.ProgramError as raised:
        [problem] = raised.diagnostics
    assert problem is not None
    assert problem.title == "`log` is nan where x is -2"
    assert problem.related[0].label.startswith("`c` does not satisfy its constraint")


LONG = {
    "for (i in 1:400000) { real t = sqrt(a - i); s = 0.5 * s + t; } target += s;": "`sqrt` is nan where x is -1",
    """complex z = 0; for (i in 1:400000) { complex w = to_complex(a, i); z += w * 0.5; z *= 0.5; }
    target += get_real(z) + sum(log(to_vector({a, -1})));""": "`log` is nan where x is [5,-1]",
    """array[2] vector[3] v; tuple(real, vector[2]) t; t.1 = a; for (i in 1:400000) { v[1, 1] = a + i; }
    target += v[2, 1] + t.1;""": "`v` is used where it has no value yet",
}  # fmt: skip


@pytest.mark.parametrize("statements", LONG)
def test_in_code_that_is_compiled(statements: str) -> None:
    """What takes plain Python too long runs as machine code, and says the same."""
    model = pplc.compile_model(f"parameters {{ real a; }} model {{ real s = 0; {statements} }}")
    problem = model.failure(np.array([5.0]))
    assert problem is not None
    assert problem.title.startswith(LONG[statements])


def test_what_comes_to_nothing_is_not_blamed() -> None:
    """nan that does not reach the density, where that is zero or a number."""
    model = pplc.compile_model("parameters { real a; } model { real b = log(a); target += a < 0 ? a : b; }")
    assert model.failure(-np.ones(1)) is None
    model = pplc.compile_model("parameters { real a; } model { real b = log(a); target += negative_infinity(); }")
    assert model.failure(-np.ones(1)) is None
