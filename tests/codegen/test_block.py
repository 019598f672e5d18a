# ruff: noqa: E501  (program texts read better on one line)
"""Blocks of statements as generated code: what they compute, how they fail, and that both ways of running agree."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from pplc.compiler.codegen.block import compile_block
from pplc.compiler.codegen.messages import ProgramError

from .programs import checked, generated_quantities, run

Y = np.array([0.5, -1.0, 2.0, 4.0, 8.0])
GROUP = np.array([2, 3, 1, 1, 5])
DATA = "int N; vector[N] y; array[N] int g;"


def on_data(text: str, functions: str = "", plain: bool = True) -> dict[str, object]:
    return run(text, DATA, functions, plain=plain, N=5, y=Y, g=GROUP)


# Statements -------------------------------------------------------------------------------------


def test_loops_breaks_and_continues() -> None:
    found = on_data("""
        int total = 0; int trips = 0;
        for (i in 1:10) { if (i == 3) continue; if (i > 6) break; total += i; }
        while (1) { trips += 1; for (j in 1:3) { if (j == 2) break; } if (trips == 4) break; }
    """)
    assert found == {"total": 1 + 2 + 4 + 5 + 6, "trips": 4}


def test_loop_bounds_are_evaluated_once_and_empty_loops_do_nothing() -> None:
    found = on_data("int n = 3; int trips = 0; for (i in 1:n) { n = 10; trips += 1; } for (i in 5:2) trips = -1;")
    assert found["trips"] == 3


def test_containers_are_visited_in_order() -> None:
    found = on_data("""
        real weighted = 0; array[4] real seen; int k = 1;
        for (x in y) weighted = 2 * weighted + x;
        for (x in [[1, 2], [3, 4]]) { seen[k] = x; k += 1; }
    """)
    weighted = 0.0
    for x in Y:
        weighted = 2 * weighted + x
    assert found["weighted"] == weighted
    assert_array_equal(found["seen"], [1, 2, 3, 4])  # a matrix row by row


def test_recursion_overloads_and_early_return() -> None:
    functions = """
        int fib(int n) { if (n < 2) return n; return fib(n - 1) + fib(n - 2); }
        int is_even(int n); int is_odd(int n) { return n == 0 ? 0 : is_even(n - 1); }
        int is_even(int n) { return n == 0 ? 1 : is_odd(n - 1); }
        real size_of(real x) { return 1; }
        real size_of(vector x) { for (i in 1:rows(x)) if (x[i] > 3) return i; return -1; }
        tuple(int, vector) pair(vector x) { return (rows(x), x); }
    """
    found = on_data(
        """
        int f = fib(12); int e = is_even(7); real a = size_of(2.5); real b = size_of(y);
        tuple(int, vector[N]) p = pair(y);
        p.2[1] = 100;
        """,
        functions,
    )
    assert (found["f"], found["e"], found["a"], found["b"]) == (144, 0, 1.0, 4.0)
    assert_array_equal(found["p"][1], [100, *Y[1:]])  # type: ignore[index]
    assert Y[0] == 0.5


# Memory -----------------------------------------------------------------------------------------


def test_assignment_copies() -> None:
    found = on_data(
        "vector[N] a = y; vector[N] b = a; a[1] = 7; b[2] = 8; matrix[2, 2] m = [[1, 2], [3, 4]]; m[1] = m[2]; m[2, 1] = 9;"
    )
    assert_array_equal(found["a"], [7, *Y[1:]])
    assert_array_equal(found["b"], [Y[0], 8, *Y[2:]])
    assert_array_equal(found["m"], [[3, 4], [9, 4]])


def test_overlapping_assignment_reads_before_it_writes() -> None:
    found = on_data("vector[N] a = y; a[2:5] = a[1:4]; matrix[2, 2] m = [[1, 2], [3, 4]]; m = m';")
    assert_array_equal(found["a"], [Y[0], *Y[:4]])
    assert_array_equal(found["m"], [[1, 3], [2, 4]])


INDEXED = {
    "y[2]": Y[1],
    "y[2:4]": Y[1:4],
    "y[4:]": Y[3:],
    "y[:2]": Y[:2],
    "y[3:2]": Y[:0],
    "y[g]": Y[GROUP - 1],
    "y[g[1:2]]": Y[[1, 2]],
    "y[2:4][2]": Y[2],
    "y[{4, 2, 2}][2:3]": Y[[1, 1]],
}


@pytest.mark.parametrize("text", INDEXED)
def test_reading_parts_of_a_vector(text: str) -> None:
    expected = INDEXED[text]
    kind = f"vector[{np.size(expected)}]" if np.ndim(expected) else "real"
    assert_array_equal(on_data(f"{kind} r = {text};")["r"], expected)


MATRIX = np.arange(12.0).reshape(3, 4)


@pytest.mark.parametrize(
    ("place", "value", "index"),
    [
        ("m[2]", "[-1, -2, -3, -4]", np.s_[1]),
        ("m[:, 2]", "[-1, -2, -3]'", np.s_[:, 1]),
        ("m[2:3, 1:2]", "[[-1, -2], [-3, -4]]", np.s_[1:3, 0:2]),
        ("m[{3, 1}, 4]", "[-1, -2]'", np.s_[[2, 0], 3]),
        ("m[{3, 1}, {1, 4}]", "[[-1, -2], [-3, -4]]", np.ix_([2, 0], [0, 3])),
        ("m[{2, 2}, :]", "[[-1, -2, -3, -4], [-5, -6, -7, -8]]", np.s_[[1, 1], :]),
        ("m[3, 4]", "-5", np.s_[2, 3]),
        ("m[3:2, :]", "rep_matrix(1, 0, 4)", np.s_[2:2, :]),
    ],
)
def test_writing_parts_of_a_matrix(place: str, value: str, index: object) -> None:
    found = run(f"matrix[3, 4] m = given; {place} = {value};", "matrix[3, 4] given;", given=MATRIX)
    literal = value.replace("rep_matrix(1, 0, 4)", "np.ones((0, 4))").replace("'", "")
    expected = MATRIX.copy()
    expected[index] = eval(literal, {"np": np})  # type: ignore[index]
    assert_array_equal(found["m"], expected)


def test_arrays_of_tuples_and_nested_tuples() -> None:
    found = run("""
        array[2] tuple(real, array[2] int) a = {(1.5, {1, 2}), (2.5, {3, 4})};
        tuple(int, tuple(vector[2], real)) t = (1, ([1, 2]', 3.5));
        a[2].2[1] = 30; a[1] = a[2]; t.2.1[2] = 20;
        real x; vector[2] v; int n;
        (n, (v, x)) = t;
        (n, x) = (7, n + x);
    """)
    assert_array_equal(found["a"][0], [2.5, 2.5])
    assert_array_equal(found["a"][1], [[30, 4], [30, 4]])
    assert_array_equal(found["t"][1][0], [1, 20])
    assert (found["n"], found["x"]) == (7, 4.5)


def test_what_is_not_assigned_is_nan() -> None:
    found = run("real x; vector[2] v; array[2, 3] int i;")
    assert np.isnan(found["x"])
    assert np.isnan(found["v"]).all()
    assert found["i"].shape == (2, 3)


def test_integer_arithmetic_truncates_towards_zero() -> None:
    found = run("array[4] int q = {7 %/% 2, -7 %/% 2, 7 % -2, -7 % 2};")
    assert_array_equal(found["q"], [3, -3, 1, -1])


def test_one_sided_evaluation_guards_an_index() -> None:
    found = on_data("int n = 9; int a = n <= N && y[n] > 0; int b = n > N || y[n] > 0; real c = n <= N ? y[n] : -1;")
    assert (found["a"], found["b"], found["c"]) == (0, 1, -1.0)


# Failing ----------------------------------------------------------------------------------------

MISTAKES = {
    "real a = y[N + 1];": "index 6 of `y` is out of range 1 to 5",
    "vector[N] a = y; a[0] = 1;": "index 0 of `a` is out of range 1 to 5",
    "vector[3] a = y[{1, 2, 7}];": "index 7 of `y` is out of range 1 to 5",
    "vector[2] a = y[5:6];": "index 6 of `y` is out of range 1 to 5",
    "vector[3] a = y;": "`a` has size 3, the value assigned to it 5",
    "vector[N] a = y + y[1:2];": "`add`: x and y differ in size (5 and 2)",
    "int a = 1 %/% (N - 5);": "`divide`: y is 0, but must not be 0",
    "int a = 7 % (N - 5);": "`modulus`: y is 0, but must not be 0",
    "int a = to_int(not_a_number());": "`to_int`: x is nan, but must fit into an int of 32 bits",
    'reject("y is ", y[2:3], " and N ", N);': "y is [-1,2] and N 5",
    'if (N > 2) fatal_error("stop");': "stop",
    "real<lower=0> a = -1;": "`a` does not satisfy its constraint",
    "vector[N - 6] a;": "`a` is declared with size -1",
    "real a = normal_lpdf(1 | 0, -1);": "`normal_lpdf`: sigma is -1, but must be greater than 0",
}


@pytest.mark.parametrize("text", MISTAKES)
def test_mistakes_say_what_and_where(text: str) -> None:
    with pytest.raises(ProgramError) as caught:
        on_data(text)
    assert MISTAKES[text] in caught.value.diagnostic.title
    assert caught.value.diagnostic.mark.span.line == 1


def test_an_error_inside_functions_ends_the_block() -> None:
    with pytest.raises(ProgramError, match="index 4 of `x`"):
        on_data(
            "real a = outer(y); print(a);",
            "real inner(vector x, int i) { return x[i]; } real outer(vector x) { return inner(x[1:3], 4) + 1; }",
        )


def test_printing() -> None:
    printed: list[str] = []
    run('int i = 3; print("i = ", i, " v = ", [1.5, 2]\', " t ", (i, {1, 2}));', printed=printed)
    assert printed == ["i = 3 v = [1.5,2] t (3,[1,2])"]


# Compiled and plain -----------------------------------------------------------------------------


def test_compiled_code_and_plain_code_agree() -> None:
    functions = "real total(vector x) { real s = 0; for (v in x) { if (v < 0) continue; s += exp(v) / N_of(x); } return s; } int N_of(vector x) { return rows(x); }"
    text = """
        real s = total(y); matrix[N, 2] m = append_col(y, y .* y); vector[2] c = m' * y;
        array[N] real d; for (i in 1:N) d[i] = normal_lpdf(y[i] | 0, 1 + i) + log1p_exp(y[i]) + lgamma(i + 0.5);
        vector[N] z = y[g] / (1 / 0.0 + 1); real h = 1 / (y[1] - 0.5); real p = pow(-2, 3) + inv_logit(y[2]);
    """
    plain, compiled = on_data(text, functions), on_data(text, functions, plain=False)
    for name, value in plain.items():
        assert_allclose(compiled[name], value, rtol=1e-13, err_msg=name)  # type: ignore[call-overload]
    assert compiled["h"] == np.inf


def test_data_loops_too_long_for_python_need_no_numba(monkeypatch: pytest.MonkeyPatch) -> None:
    text = """
        matrix[2, N] sums = rep_matrix(1, 2, N); int n = 0; real last;
        for (i in 1:N) for (k in 1:100000) { sums[1, i] += y[i] / k; last = k; if (k % 2) n += g[i]; }
    """
    program = checked(f"data {{ {DATA} }} transformed data {{ {text} }}")
    sums, n, last, loop = program.transformed_data
    inputs = [*(node.variable for node in program.data), sums.variable, n.variable]
    block = compile_block([loop], inputs, [sums.variable, n.variable, last.variable])
    monkeypatch.setattr("pplc.compiler.codegen.loader.load_compiled", lambda _: pytest.fail("it is compiled natively"))
    start = np.ones((2, 5))
    found, count, final = block([5, Y, GROUP, start, 0])
    harmonic = np.sum(1 / np.arange(1, 100001))
    assert_allclose(found, [1 + Y * harmonic, np.ones(5)], rtol=1e-12)
    assert (count, final) == (50_000 * GROUP.sum(), 100_000)
    assert_array_equal(start, 1)  # what is given stays as it is


def test_generated_quantities_run_over_draws() -> None:
    block, names = generated_quantities(
        """
        real s = a * sum(y); array[2] real r = normal_rng({a, 100 + a}, 1e-9);
        if (a < 0) reject("negative ", a);
        vector[2] v = [a, b[1]]';
        int n = poisson_rng(1e-12);
        """,
        "real a; vector[2] b;",
        "int N; vector[N] y;",
    )
    a, b = np.array([1.0, -1.0, 3.0]), np.arange(6.0).reshape(3, 2)
    block = replace(block, shapes=((), (2,), (2,), ()))
    draws = block.over_draws([5, Y], [a, b], 3, np.random.default_rng(1))
    found = dict(zip(names, draws.values, strict=True))
    assert_array_equal(draws.failed, [False, True, False])
    assert draws.first_failure is not None
    assert draws.first_failure.title == "negative -1"
    assert_allclose(found["s"], [Y.sum(), np.nan, 3 * Y.sum()])
    assert_allclose(found["r"][[0, 2]], [[1, 101], [3, 103]])
    assert_allclose(found["v"][2], [3, 4])
    assert_array_equal(found["n"][[0, 2]], 0)


def test_draws_depend_on_the_seed_alone() -> None:
    block, _ = generated_quantities("real x = normal_rng(a, 1);", "real a;")
    block = replace(block, shapes=((),))
    first, again, other = (
        block.over_draws([], [np.zeros(4)], 4, np.random.default_rng(seed)).values[0] for seed in (1, 1, 2)
    )
    assert_array_equal(first, again)
    assert not np.array_equal(first, other)


def test_constraints_are_checked_in_every_draw() -> None:
    block, _ = generated_quantities("real<upper=2> x = a;", "real a;")
    draws = replace(block, shapes=((),)).over_draws([], [np.array([1.0, 3.0])], 2, np.random.default_rng(1))
    assert_array_equal(draws.failed, [False, True])
    assert draws.first_failure is not None
    assert "`x`" in draws.first_failure.title


def test_parts_of_singular_values() -> None:
    x = np.array([[2.0, 1.0], [0.5, -1.0], [0.3, 0.7]])
    found = run("vector[2] s = svd(x).2;", "matrix[3, 2] x;", x=x)
    np.testing.assert_allclose(found["s"], np.linalg.svd(x, compute_uv=False), rtol=1e-14)
