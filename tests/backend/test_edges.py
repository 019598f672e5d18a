"""Nothing at the edges stops the process: empty arrays, zero divisors, much memory, numbers that are none."""

from __future__ import annotations

import ctypes
import gc
import threading

import numpy as np
import pytensor.tensor as pt
import pytest
from pplc.compiler.backend.density import CompiledDensity, compile_log_density
from pplc.compiler.backend.graph import density_text
from pplc.compiler.backend.llvm import translate
from pplc.compiler.backend.machine import Linked, assemble

from .corpus import CASES
from .test_density import assert_agrees


def test_a_zero_divisor_in_the_branch_that_is_not_chosen() -> None:
    q, n, m = pt.vector("q", shape=(4,)), pt.lvector("n", shape=(4,)), pt.lvector("m", shape=(4,))
    quotient, rest = pt.switch(m > 0, n // m, 0), pt.switch(m > 0, n % m, 0)
    data = {n: np.array([7, -7, 5, 3]), m: np.array([2, 2, 0, 0])}
    assert_agrees((q, pt.sum(q * pt.cast(quotient + 10 * rest, "float64")), data))


def test_no_elements_by_no_indices() -> None:
    q, group = pt.vector("q", shape=(3,)), pt.lvector("group", shape=(0,))
    density = pt.sum(q[:0][group]) + pt.sum(q[group]) + pt.sum(q)
    assert_agrees((q, density, {group: np.zeros(0, dtype="int64")}))


def test_a_sum_of_nothing_is_zero() -> None:
    q, y = pt.vector("q", shape=(2,)), pt.vector("y", shape=(0,))
    compiled = compile_log_density(q, pt.sum(pt.log(q[0]) + q[1] * y) + q[1], {y: np.zeros(0)})
    assert compiled(np.array([0.0, 1.5]))[0] == 1.5


def test_infinity_less_an_infinite_exponential_is_no_number() -> None:
    """Also where LLVM takes the product that makes the exponential from something without rounding it."""
    q = pt.vector("q", shape=(1,))
    infinite = np.inf + pt.switch(pt.abs(q[0]) < np.inf, 0.0, np.nan)
    compiled = compile_log_density(q, 3 * infinite - 1.5 - pt.exp(infinite), {})
    assert np.isnan(compiled(np.array([0.5]))[0])


def test_truth_values_next_to_a_number_are_counted() -> None:
    q, y = pt.vector("q", shape=(5,)), pt.lvector("y", shape=(5,))
    above, large = pt.gt(q, -10.0), pt.gt(y, 2)
    density = pt.sum(pt.add(q[0], above, large)) + pt.sum(pt.sub(q[0], large))
    assert_agrees((q, density, {y: np.array([1, 3, 3, 4, 5])}))


@pytest.mark.parametrize("exponent", [-16, -5, -1, 3, 5, 7, 12, 15])
def test_whole_powers_are_products(exponent: int) -> None:
    q, x, group = pt.vector("q", shape=(2,)), pt.vector("x", shape=(40,)), pt.lvector("group", shape=(40,))
    density = pt.sum((q[group] * x) ** exponent) + pt.sum(q**exponent)
    case = q, density, {x: np.repeat([0.5, -2.0], 20), group: np.tile([0, 1], 20)}
    assert_agrees(case)
    assert not density_text(*case, "density").text.externals


@pytest.mark.parametrize("what", ["one solution", "a table", "inverse", "solution and determinant"])
def test_general_matrices_need_no_numba(what: str) -> None:
    q = pt.vector("q", shape=(15,))
    a, b = q[:9].reshape((3, 3)), q[9:].reshape((3, 2))
    density = {
        "one solution": lambda: pt.sum(pt.sin(pt.linalg.solve(a, b[:, 0], b_ndim=1))),
        "a table": lambda: pt.sum(pt.sin(pt.linalg.solve(a, b))),
        "inverse": lambda: pt.sum(pt.sin(pt.linalg.inv(a)) * a.T),
        "solution and determinant": lambda: pt.sum(pt.linalg.solve(a, b)) + pt.linalg.slogdet(a)[1],
    }[what]()
    assert_agrees((q, density, {}))
    assert not density_text(q, density, {}, "density").text.externals


def test_a_reshaped_empty_array() -> None:
    q = pt.vector("q", shape=(6,))
    empty = pt.exp(q[:0].reshape((0, 3)))
    assert_agrees((q, pt.sum(pt.concatenate([empty.reshape((3, 0)), q[:3, None]], axis=1)), {}))


def test_many_arrays_do_not_overflow_a_thread_s_stack() -> None:
    arrays = "".join(f"    w{k} = floats(4000)\n    w{k}[0] = x\n" for k in range(20))
    text = translate(f"@fast\ndef f(x: float) -> float:\n{arrays}    return w0[0]\n", ("f",))
    assert 1 <= text.count("alloca [4000 x double]") <= 8
    assert text.count("ptr @take_memory(ptr getelementptr") == text.count("call void @give_memory(") >= 12


def test_memory_waits_for_the_next_call_and_goes_with_the_program() -> None:
    pointer = ctypes.c_void_p
    block = ctypes.create_string_buffer(8 * 5000 + 128)
    whole = ctypes.addressof(block)
    taken: list[int] = []
    given_back: list[int] = []
    allocate = ctypes.CFUNCTYPE(pointer, ctypes.c_int64)(lambda size: taken.append(size) or whole)
    free = ctypes.CFUNCTYPE(None, pointer)(given_back.append)
    text = "@fast\ndef f(x: float) -> float:\n    w = floats(5000)\n    w[4999] = x\n    return w[4999]\n"
    symbols = {name: ctypes.cast(f, pointer).value or 0 for name, f in (("malloc", allocate), ("free", free))}
    linked = Linked(assemble(translate(text, ("f",))), ("f",), {"data_table": whole, **symbols})
    call = ctypes.CFUNCTYPE(ctypes.c_double, ctypes.c_double)(linked.addresses["f"])
    assert [call(2.0), call(3.0)] == [2.0, 3.0]
    assert len(taken) == 1
    assert 8 * 5000 + 64 <= taken[0] <= len(block)
    assert not given_back
    del linked
    gc.collect()
    assert given_back == [whole]


def in_threads(compiled: CompiledDensity, points: list[np.ndarray]) -> list[tuple[float, np.ndarray]]:
    results: list[tuple[float, np.ndarray]] = [(np.nan, np.zeros(0))] * len(points)
    start = threading.Barrier(len(points))

    def run(number: int) -> None:
        start.wait()
        for _ in range(5):
            results[number] = compiled(points[number])

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(points))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


STRANGE = (np.nan, np.inf, -np.inf, 1e308, -1e308, 5e-324, -0.0)


@pytest.mark.parametrize("name", ["eight_schools", "gram_and_transpose", "ordered", "student", "outer_products"])
def test_strange_positions_and_threads(name: str) -> None:
    """Any position gives a number, and threads at different ones do not disturb each other."""
    compiled = compile_log_density(*CASES[name]())
    rng = np.random.default_rng(0)
    points = [rng.normal(size=compiled.size) for _ in range(3)]
    for strange in STRANGE:
        points.append(np.full(compiled.size, strange))
        points.append(np.where(rng.random(compiled.size) < 0.3, strange, rng.normal(size=compiled.size)))
    expected = [compiled(point) for point in points]
    for (value, gradient), (again, slope) in zip(expected, in_threads(compiled, points), strict=True):
        np.testing.assert_array_equal(value, again)
        np.testing.assert_array_equal(gradient, slope)
