"""What the checker makes of a program, as `--emit ir` prints it."""

from __future__ import annotations

import pytest
from pplc.compiler import ir
from pplc.compiler.frontend import read_program
from pplc.compiler.print_ir import print_program


def lowered(text: str) -> ir.Program:
    program, found = read_program(text)
    assert program, [diagnostic.title for diagnostic in found]
    return program


def printed(text: str) -> str:
    return print_program(lowered(text))


def test_a_whole_program() -> None:
    text = """
    functions {
      real scaled(real x, data int n) { return x * n; }
    }
    data { int<lower=0> J; vector[J] y; vector<lower=0>[J] sigma; }
    transformed data { int half = J %/% 2; }
    parameters { real mu; real<lower=0> tau; vector<offset=mu, multiplier=tau>[J] theta; simplex[3] p; }
    transformed parameters { array[2] vector[J] both; both[1] = theta; both[2][1:half] = theta[1:half]; }
    model {
      theta ~ normal(mu, tau);
      y ~ normal(theta, sigma) T[0, ];
      for (j in 1:J) { target += scaled(theta[j], 2); }
    }
    generated quantities { array[J] real draws = normal_rng(theta, sigma); }
    """
    assert printed(text) == (
        "real scaled(real x, data int n):\n"
        "  return multiply(x, real(n))\n"
        "data:\n"
        "  int<lower(0)> J\n"
        "  vector[J] y\n"
        "  vector<lower(real(0))>[J] sigma\n"
        "transformed data:\n"
        "  int half = divide(J, 2)\n"
        "parameters:\n"
        "  real mu\n"
        "  real<lower(real(0))> tau\n"
        "  vector<offset_multiplier(mu, tau)>[J] theta\n"
        "  vector<simplex()>[3] p\n"
        "transformed parameters:\n"
        "  array[2] vector[J] both\n"
        "  both[1] = theta\n"
        "  both[2, 1:half] = theta[1:half]\n"
        "model:\n"
        "  theta ~ normal(mu, tau)\n"
        "  y ~ normal(theta, sigma) T[real(0), ]\n"
        "  for j in 1:J:\n"
        "    target += scaled(theta[j], 2)\n"
        "generated quantities:\n"
        "  array[J] real draws = normal_rng(theta, sigma)\n"
    )


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("1 + x", "add(real(1), x)"),
        ("-n + n", "add(minus(n), n)"),
        ("x ^ n", "pow(x, n)"),
        ("n && n || !n", "((n && n) || logical_negation(n))"),
        ("+x", "x"),
        ("v' * A * v", "multiply(multiply(transpose(v), A), v)"),
        ("v' / A", "mdivide_right(transpose(v), A)"),
        ("v / x", "divide(v, x)"),
        ("A \\ v", "mdivide_left(A, v)"),
        ("v .^ 2", "pow(v, 2)"),
        ("n ? 1 : x", "(n ? real(1) : x)"),
        ("{1, x}", "{real(1), x}"),
        ("[1, n]", "[real(1), real(n)]"),
        ("[[1, 2], v']", "[[real(1), real(2)], transpose(v)]"),
        ("(1, v, 2i)", "(1, v, 2.0i)"),
        ("a[1][2]", "a[1, 2]"),
        ("a[1][2, 1:n]", "a[1, 2, 1:n]"),
        ("a[:][1]", "a[:][1]"),
        ("a[{1, 2}, 1, :][2]", "a[{1, 2}, 1, :][2]"),
        ("A[2][1]", "A[2, 1]"),
        ("(A + A)[1, 2]", "add(A, A)[1, 2]"),
        ("t.2[1]", "t.2[1]"),
        ("normal_lpdf(x | 0, n)", "normal_lpdf(x, real(0), real(n))"),
        ("to_complex(1, 2) * n", "multiply(to_complex(real(1), real(2)), complex(n))"),
    ],
)
def test_expressions(source: str, expected: str) -> None:
    declared = "int n; real x; vector[2] v; matrix[2, 2] A; array[2] matrix[2, 2] a; tuple(int, array[2] real) t;"
    text = printed(f"data {{ {declared} }} model {{ print({source}); }}")
    assert text.splitlines()[-1] == f"  print({expected})"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("x += 1;", "x = add(x, real(1))"),
        ("v[1] *= 2;", "v[1] = multiply(v[1], real(2))"),
        ("n /= 2;", "n = divide(n, 2)"),
        ("x = 1;", "x = real(1)"),
        ("a[1][2, 1] -= x;", "a[1, 2, 1] = subtract(a[1, 2, 1], x)"),
        ("t.2[2] = 1;", "t.2[2] = real(1)"),
        ("(n, (x, v)) = (1, (2, v));", "(n, (x, v)) = (1, (real(2), v))"),
        ("for (z in v) x += z;", "for real z in v:\n    x = add(x, z)"),
        ("if (n) ; else x = 2.0;", "if n:\n    nothing\n  else:\n    x = 2.0"),
        ("target += std_normal_lupdf(v);", "target += std_normal_lpdf(v)"),
        ('profile("a") { x = x + 1; }', 'profile "a":\n    x = add(x, real(1))'),
        ('reject("no", x);', 'reject("no", x)'),
        ("while (n) { break; }", "while n:\n    break"),
    ],
)
def test_statements(source: str, expected: str) -> None:
    declared = "int n = 1; real x; vector[2] v; array[2] matrix[2, 2] a; tuple(int, array[2] real) t;"
    text = printed(f"model {{ {declared} {source} }}")
    assert text.endswith(f"  {expected}\n")


def test_uses_of_a_variable_share_it() -> None:
    program = lowered("data { real x; } model { target += x; }")
    increment = program.model[0]
    assert isinstance(increment, ir.TargetIncrement)
    assert isinstance(increment.value, ir.Reference)
    assert increment.value.variable is program.data[0].variable


def test_levels_follow_declarations() -> None:
    program = lowered("data { real x; } parameters { real y; } model { target += x * 2; target += x * y; }")
    levels = [s.value.level for s in program.model if isinstance(s, ir.TargetIncrement)]
    assert levels == [ir.Level.DATA, ir.Level.PARAMETER]


def test_a_recursive_function_refers_to_itself() -> None:
    program = lowered("functions { int f(int n) { return n == 0 ? 1 : n * f(n - 1); } }")
    (function,) = program.functions
    assert function.body
    calls = repr(function.body).count("UserCall(")
    assert calls == 1


def test_a_declared_function_is_the_defined_one() -> None:
    program = lowered(
        """functions {
             real g(real x);
             real f(real x) { return g(x); }
             real g(real x) { return x; }
           }"""
    )
    f, g = program.functions
    assert f.body
    (result,) = f.body.statements
    assert isinstance(result, ir.Return)
    assert isinstance(result.value, ir.UserCall)
    assert result.value.function is g
    assert g.body


def test_the_functions_of_a_distribution_of_the_program() -> None:
    program = lowered(
        """functions {
             real wait_lpdf(real y, real r) { return -y * r; }
             real wait_lcdf(real y, real r) { return log1m_exp(-y * r); }
             real wait_lccdf(real y, real r) { return -y * r; }
           }
           parameters { real<lower=0> y; }
           model { y ~ wait(2) T[1, ]; }"""
    )
    (tilde,) = program.model
    assert isinstance(tilde, ir.Tilde)
    assert tilde.function is program.functions[0]
    assert dict(tilde.cdfs) == {"lcdf": program.functions[1], "lccdf": program.functions[2]}


def test_an_overload_passed_to_a_solver_is_the_one_that_fits() -> None:
    program = lowered(
        """functions {
             vector f(real t, vector y, real k) { return k * y; }
             vector f(real t, vector y, vector k) { return k .* y; }
           }
           transformed data { array[1] vector[1] y = ode_rk45(f, [1]', 0, {1}, 2); }"""
    )
    (declare,) = program.transformed_data
    assert isinstance(declare, ir.Declare)
    assert isinstance(declare.initial, ir.LibraryCall)
    callback, *rest = declare.initial.arguments
    assert isinstance(callback, ir.FunctionReference)
    assert callback.function is program.functions[0]
    assert [str(argument.type) for argument in rest] == ["vector", "real", "array[] real", "real"]
