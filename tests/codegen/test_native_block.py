# ruff: noqa: E501  (program texts read better on one line)
"""Generated quantities as machine code of the own back end: the same values, draws and failures as uncompiled."""

from __future__ import annotations

import pickle
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from pplc.compiler.backend.llvm import generic, translate
from pplc.compiler.backend.program import compile_text
from pplc.compiler.codegen.messages import ProgramError
from pplc.compiler.codegen.native_block import NativeBlock, native_block

from .programs import generated_quantities

A = np.array([1.0, -1.0, 0.5, 3.0])
B = np.arange(12.0).reshape(4, 3) / 7
Y = np.array([0.5, -1.0, 2.0])
COUNT = len(A)


def native(text: str, functions: str = "") -> tuple[Any, NativeBlock | None, list[str]]:
    """The block of a program that reads `y`, `a` and `b`, uncompiled and native."""
    block, names = generated_quantities(text, "real a; vector[3] b;", "int N; vector[N] y;", functions)
    values = [3, Y, A[0], B[0]]
    sample = block(values, np.random.default_rng(1), plain=True)
    shapes = [np.shape(value) for value in sample]
    return block, native_block(block, [3, Y], [(), (3,)], shapes), names


PROGRAMS = {
    "numbers": "real s = a * sum(y); int n = N * 2; real t = a > 0 ? log(a) : -a;",
    "containers": "vector[N] v = y * a; matrix[2, 3] m = [b', b' + 1]; array[2] real r = {a, b[2]}; array[2] vector[3] w = {b, y};",
    "draws": "real x = normal_rng(a, 1); vector[3] v = multi_normal_rng(b, identity_matrix(3)); int k = poisson_rng(exp(a)); int c = categorical_rng(softmax(b));",
    "draws of containers": "array[3] real x = normal_rng(b, 0.5); array[3] int k = binomial_rng({5, 6, 7}, inv_logit(b));",
    "matrices": "matrix[3, 3] m = wishart_rng(5, identity_matrix(3)); matrix[2, 2] L = lkj_corr_cholesky_rng(2, 1.5);",
    "loops": "real total = 0; for (n in 1:N) { if (y[n] < 0) continue; total += y[n] * b[n]; while (total > 2) total -= 1; }",
    "densities": "vector[N] l; for (n in 1:N) l[n] = normal_lpdf(y[n] | a, 1 + b[n]);",
    "deep": "array[1, 2] matrix[3, 1] d = log1p({{[[b[1]], [b[2]], [b[3]]], [[0], [2], [a / 2]]}});",
    "constraints of arrays": "array[2] matrix[3, 3] R = corr_matrix_constrain({y, b}, 3); array[2] vector[3] f = corr_matrix_unconstrain(R); matrix[3, 3] P = matrix_power(R[1], 5);",
    "repeated containers": "array[2, 2] vector[3] r = rep_array(b, 2, 2); array[1, 2, 2] matrix[3, 3] d = rep_array(b * y', 1, 2, 2); d[1, 1] = rep_array(y * b', 2);",
    "numbers promoted": "array[3] int k = {1, 2, N}; vector[3] v = to_vector(k) * a; array[2, 2] real m = {{1, 2}, {3, N}};",
    "complex numbers": "complex z = to_complex(a, b[1]); for (n in 1:N) z = z * z / (1 + abs(z)) + exp(1i * n); complex_vector[2] v = [z, b[2]]'; complex_matrix[2, 2] m = v * v'; m[1, 2] += 2; array[2] complex q = {sum(v), m[1, 2]};"
    "complex_vector[2] e = eigenvalues([[a, 1], [2, b[1]]]); array[2, 2] complex_vector[2] deep = rep_array(v, 2, 2); complex g = a > 0 ? z : 1;",
    "sparse": "matrix[2, 3] m = [[a, 0, 1], [0, 0, b[2]]]; vector[3] w = csr_extract_w(m); array[3] int v = csr_extract_v(m); array[3] int u = csr_extract_u(m);",
    "lists of positions along any axis": "array[1, 2, 1, 3] real d; d[1, 1, 1, :] = to_array_1d(y); d[1, 2, 1, :] = to_array_1d(b); d[1, 1, 1, {3, 1}] = {a, 7}; array[1, 2, 1, 2] real x = d[:, {2, 1}, :, {3, 1}];",
    "constraints": "real<lower=0, upper=a + 2> u = a + 1; simplex[3] s = softmax(b);",
}


@pytest.mark.parametrize("text", PROGRAMS.values(), ids=PROGRAMS)
def test_like_uncompiled(text: str) -> None:
    block, compiled, _ = native(text)
    assert compiled is not None
    draws = compiled.over_draws([3, Y], [A, B], COUNT, np.random.default_rng(1))
    rng = np.random.default_rng(1)
    for draw in range(COUNT):
        try:
            expected = block([3, Y, A[draw], B[draw]], rng, plain=True)
        except ProgramError:
            assert draws.failed[draw]
            continue
        assert not draws.failed[draw]
        for found, value in zip(draws.values, expected, strict=True):
            assert_allclose(found[draw], value, rtol=1e-10, atol=1e-13)


def test_what_goes_wrong_is_told() -> None:
    _, compiled, _ = native('if (a < 0) reject("negative ", a); int n = N; real x = a;')
    assert compiled is not None
    draws = compiled.over_draws([3, Y], [A, B], COUNT, np.random.default_rng(1))
    assert_array_equal(draws.failed, [False, True, False, False])
    assert draws.first_failure.title == "negative -1"
    assert_array_equal(draws.values[1], [1, np.nan, 0.5, 3])
    assert draws.values[0][1] == np.iinfo(np.int64).min


def test_containers_are_told() -> None:
    _, compiled, _ = native("if (a < 0) reject(b, \" and \", [b', b']); real x = a;")
    assert compiled is not None
    draws = compiled.over_draws([3, Y], [A, np.round(7 * B)], COUNT, np.random.default_rng(1))
    assert draws.first_failure.title == "[3,4,5] and [[3,4,5],[3,4,5]]"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("real x = normal_rng(b[1], a);", "`normal_rng`: sigma is -1, but must be finite and greater than 0"),
        ("array[3] real x = normal_rng(b, a);", "`normal_rng`: sigma is -1, but must be finite and greater than 0"),
        ("int k = poisson_rng(1e12);", "`poisson_rng` cannot draw: its arguments do not fit each other, or the outcome is too large"),
        ("int k = categorical_rng(b);", "`categorical_rng`: theta must sum to one, but its sum is 0.4285714286"),
        ("real x = y[N + 1];", "index 4 is out of range for `y`, which has size 3"),
    ],
)  # fmt: skip
def test_mistakes_at_run_time(text: str, title: str) -> None:
    block, compiled, _ = native_of_mistake(text)
    assert compiled is not None
    draws = compiled.over_draws([3, Y], [A, B], COUNT, np.random.default_rng(1))
    assert draws.failed[1]
    first = int(np.argmax(draws.failed))
    with pytest.raises(ProgramError) as caught:
        block([3, Y, A[first], B[first]], np.random.default_rng(1), plain=True)
    assert draws.first_failure.title == caught.value.diagnostic.title
    assert title in draws.first_failure.title or "out of range" in title


def native_of_mistake(text: str) -> tuple[Any, NativeBlock | None, list[str]]:
    block, names = generated_quantities(text, "real a; vector[3] b;", "int N; vector[N] y;")
    shape = (3,) if text.startswith("array") else ()
    return block, native_block(block, [3, Y], [(), (3,)], [shape]), names


def test_it_can_be_kept() -> None:
    _, compiled, _ = native("real x = normal_rng(a, 1);")
    assert compiled is not None
    first = compiled.over_draws([3, Y], [A, B], COUNT, np.random.default_rng(1)).values[0]
    again = pickle.loads(pickle.dumps(compiled))
    assert again.usable
    assert_array_equal(again.over_draws([3, Y], [A, B], COUNT, np.random.default_rng(1)).values[0], first)


def test_threads_that_begin_at_once() -> None:
    _, compiled, _ = native("vector[N] x = to_vector(normal_rng(b, 1));")
    expected = compiled.over_draws([3, Y], [A, B], COUNT, np.random.default_rng(1)).values[0]
    for _ in range(10):
        fresh = pickle.loads(pickle.dumps(compiled))  # not linked yet
        with ThreadPoolExecutor(8) as pool:
            draws = pool.map(
                lambda _: fresh.over_draws([3, Y], [A, B], COUNT, np.random.default_rng(1)).values[0],  # noqa: B023
                range(8),
            )
            for found in draws:
                assert_array_equal(found, expected)


def test_what_is_printed() -> None:
    text = (
        'for (n in 1:2) print("n = ", n, b[:n], {n, 2}, to_complex(a, n), (n, a)); real x = normal_rng(a, 1); print(x);'
    )
    block, compiled, _ = native(text)
    assert compiled is not None
    found: list[str] = []
    draws = compiled.over_draws([3, Y], [A, B], COUNT, np.random.default_rng(1), emit=found.append)
    expected: list[str] = []
    rng = np.random.default_rng(1)
    values = [block([3, Y, a, b], rng, plain=True, emit=expected.append)[0] for a, b in zip(A, B, strict=True)]
    assert found == expected
    assert len(found) == 3 * COUNT
    assert_allclose(draws.values[0], values)


def test_blocks_that_only_print() -> None:
    """As the model is run beside its density, at every position, for what it prints."""
    _, compiled, _ = native('for (n in 1:2) { if (a > n) print("a = ", a, " in ", n); }')
    assert compiled is not None
    found: list[str] = []
    compiled.over_draws([3, Y], [A, B], COUNT, np.random.default_rng(1), emit=found.append)
    assert found == ["a = 3 in 1", "a = 3 in 2"]


def test_long_blocks_are_small_rather_than_fast(monkeypatch: pytest.MonkeyPatch) -> None:
    text = PROGRAMS["loops"] + PROGRAMS["numbers"]
    _, usual, _ = native(text)
    monkeypatch.setattr(generic, "LONG", 10)
    monkeypatch.setattr("pplc.compiler.codegen.native_block.machine_code", compile_text)
    _, small, _ = native(text)
    assert usual is not None
    assert small is not None
    assert " minsize " in translate(small.text.source, small.text.exported, small.text.externals)
    draws = [b.over_draws([3, Y], [A, B], COUNT, np.random.default_rng(1)).values for b in (usual, small)]
    for one, other in zip(*draws, strict=True):
        assert_allclose(one, other, rtol=1e-14)


def test_lines_of_any_length() -> None:
    _, compiled, _ = native("real x = normal_rng(a, 1); for (n in 1:2000) print(x, n); x += normal_rng(0, 1);")
    assert compiled is not None
    found: list[str] = []
    draws = compiled.over_draws([3, Y], [A, B], COUNT, np.random.default_rng(1), emit=found.append)
    assert len(found) == 2000 * COUNT
    rng = np.random.default_rng(1)
    first = [rng.normal(a, 1) + 0 * rng.normal() for a in A]
    assert [line.split("1999")[0] for line in found[1998::2000]] == [f"{x:.6g}" for x in first]
    assert np.isfinite(draws.values[0]).all()


def test_what_is_printed_before_a_failure() -> None:
    _, compiled, _ = native('print("at ", a); if (a < 0) reject("negative ", a); real x = a;')
    assert compiled is not None
    found: list[str] = []
    draws = compiled.over_draws([3, Y], [A, B], COUNT, np.random.default_rng(1), emit=found.append)
    assert found == ["at 1", "at -1", "at 0.5", "at 3"]
    assert_array_equal(draws.failed, [False, True, False, False])
    assert draws.first_failure.title == "negative -1"


@pytest.mark.parametrize("text", ["constraints", "complex numbers", "numbers"])
def test_draws_are_made_some_at_a_time(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    _, compiled, _ = native(PROGRAMS[text])
    assert compiled is not None
    found = []
    for chunk in (1, 1 << 17):
        monkeypatch.setattr("pplc.compiler.codegen.native_block.CHUNK", chunk)
        found.append(compiled.over_draws([3, Y], [A, B], COUNT, np.random.default_rng(1)))
    assert_array_equal(found[0].failed, found[1].failed)
    for one, other in zip(*(draws.values for draws in found), strict=True):
        assert_array_equal(one, other)


def test_bounds_that_are_arrays() -> None:
    _, compiled, _ = native("vector[3] low = y - 2; vector<lower=low>[3] v = y + a;")
    assert compiled is not None
    draws = compiled.over_draws([3, Y], [A - 1.5, B], COUNT, np.random.default_rng(1))
    assert_array_equal(draws.failed, [False, True, False, False])
    assert_allclose(draws.values[1][2], Y - 1)


def test_bounds_of_another_size() -> None:
    block, _ = generated_quantities(
        "vector[N] low = rep_vector(0, N); vector<lower=low>[2] v = [1, a]';", "real a;", "int N;"
    )
    for plain in (True, False):
        block([2, 1.0], plain=plain)
        with pytest.raises(ProgramError, match="`v` has size 2, but its constraint is given for size 3"):
            block([3, 1.0], plain=plain)


def _many(count: int, each: str) -> str:
    return " ".join(each.format(k=k, before=f"g{k - 1}" if k else "a") for k in range(count))


@pytest.mark.parametrize("each", [
    "real<lower=0> g{k} = lognormal_rng({before} / 2, exp(a));",
    "vector[2] v{k} = [a, {k}]'; real g{k} = poisson_rng(exp(v{k}[N]));",
])  # fmt: skip
def test_code_grows_as_the_program_does(each: str) -> None:
    """A block leaves wherever it may fail, and returns everything: one of a thousand quantities took minutes."""
    sizes = []
    for count in (20, 40):
        block, names = generated_quantities(_many(count, each), "real a;", "int N;")
        shapes = [(2,) if name[0] == "v" else () for name in names]
        compiled = native_block(block, [1], [()], shapes)
        assert compiled is not None
        text = translate(compiled.text.source, compiled.text.exported, compiled.text.externals)
        sizes.append([len(block.source), len(compiled.text.source), len(text), len(compiled.code)])
    for small, large in zip(*sizes, strict=True):
        assert large < 2.1 * small
