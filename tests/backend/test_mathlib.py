"""Elementary functions are as accurate as their docstrings say, and keep infinities, zeros and nan."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from functools import cache

import mpmath as mp
import numpy as np
import pytest
from pplc.compiler.backend.mathlib import helpers, needed
from pplc.compiler.backend.numba_names import numba_names
from pplc.compiler.backend.program import Bound, Text, assemble_text, compile_text
from scipy import special

Vectorised = Callable[[np.ndarray], np.ndarray]


@cache
def compiled(name: str) -> Vectorised:
    """A function of the library in a loop over an array, which is where it becomes SIMD code."""
    loop = (
        f"@fast\ndef run(n: int, x: floats, y: floats) -> None:\n    for i in range(n):\n        y[i] = {name}(x[i])\n"
    )
    text = Text(assemble_text([loop], {name}), ("run",), ())
    bound = Bound(text, compile_text(text), {}, {}, {})
    run = ctypes.CFUNCTYPE(None, ctypes.c_int64, ctypes.c_void_p, ctypes.c_void_p)(bound.addresses["run"])

    def call(x: np.ndarray) -> np.ndarray:
        x = np.ascontiguousarray(x, dtype=float)
        y = np.empty_like(x)
        run(x.size, x.ctypes.data, y.ctypes.data)
        return y

    call.bound = bound  # type: ignore[attr-defined]
    return call


def spread(low: float, high: float, count: int = 400) -> np.ndarray:
    return np.random.default_rng(5).uniform(low, high, count)


def magnitudes(low: float, high: float, sign: bool = True, count: int = 400) -> np.ndarray:
    """Numbers whose decimal exponents are spread evenly."""
    rng = np.random.default_rng(6)
    return 10.0 ** rng.uniform(low, high, count) * (rng.choice([-1, 1], count) if sign else 1)


def beside(*points: float) -> np.ndarray:
    """Floats from the nearest on, and others around."""
    around = np.array(points)[:, None] * (1 + np.r_[0, magnitudes(-16, -3, count=10)])
    return np.r_[around.ravel(), np.nextafter(points, 0), np.nextafter(points, -np.inf)]


DIGAMMA_ZEROS = beside(-0.5040830082644554, -1.5734984731623904, -2.6107208684441448, -9.702672540001864)
LOG_GAMMA_ZEROS = beside(
    -2.4570247382208006, -2.7476826467274127, -3.1435808883499798, -3.955294284858598, -7.000198333407325
)
NORMAL = np.r_[spread(-38, 37), spread(-9, 9), magnitudes(-10, 0)]


def upper_tail(x: mp.mpf) -> mp.mpf:
    return mp.erfc(x / mp.sqrt(2)) / 2


def normal_density(x: mp.mpf) -> mp.mpf:
    return mp.exp(-x * x / 2) / mp.sqrt(2 * mp.pi)


CASES = {
    "exp": (mp.exp, 1, np.r_[spread(-708, 709.7), spread(-1, 1), magnitudes(-12, 0)]),
    "expm1": (mp.expm1, 2, np.r_[spread(-50, 50), spread(-1, 1), magnitudes(-15, 0)]),
    "log": (mp.log, 1, np.r_[magnitudes(-320, 308, sign=False), 1 + magnitudes(-15, -1), spread(0.5, 2)]),
    "log1p": (mp.log1p, 2, np.r_[spread(-1, 3), magnitudes(-15, -0.5), magnitudes(0, 300, sign=False)]),
    "tanh": (mp.tanh, 2, np.r_[spread(-4, 4), magnitudes(-10, 1)]),
    "sigmoid": (lambda x: 1 / (1 + mp.exp(-x)), 2, np.r_[spread(-30, 30), spread(-1, 1)]),
    "softplus": (lambda x: mp.log1p(mp.exp(x)), 2, np.r_[spread(-30, 30), spread(-1, 1)]),
    "log1mexp": (lambda x: mp.log(-mp.expm1(x)), 2, np.r_[spread(-30, -1e-3), -magnitudes(-10, 0, sign=False)]),
    "digamma": (mp.digamma, 2, np.r_[spread(0.01, 3), spread(1.45, 1.48), spread(3, 100), DIGAMMA_ZEROS]),
    "log_gamma": (lambda x: mp.re(mp.loggamma(x)), 2, np.r_[spread(0.01, 3), spread(3, 100), LOG_GAMMA_ZEROS]),
    "trigamma": (lambda x: mp.polygamma(1, x), 3, np.r_[spread(0.01, 100), spread(-3.9, -3.1)]),
    "log_ndtr": (lambda x: mp.log1p(-upper_tail(x)) if x > 0 else mp.log(upper_tail(-x)), 3, NORMAL),
    "log_ndtr_slope": (lambda x: normal_density(x) / upper_tail(-x), 8, NORMAL),
    "log_tail_rest": (
        lambda x: mp.log(upper_tail(x)) + (x * x / 2 if x >= 0 else 0),
        3,
        np.r_[spread(-9, 0), spread(0, 45)],
    ),
    "log_tail_rest_slope": (
        lambda x: (x if x >= 0 else 0) - normal_density(x) / upper_tail(x),
        2000,
        np.r_[spread(-9, 45), magnitudes(1, 3)],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_accuracy(name: str) -> None:
    exact, limit, points = CASES[name]
    with mp.workprec(200):
        truth = [exact(mp.mpf(float(x))) for x in points]
        errors = [
            float(abs(mp.mpf(float(y)) - t) / mp.mpf(float(np.spacing(abs(float(t))))))
            for y, t in zip(compiled(name)(points), truth, strict=True)
        ]
    worst = int(np.argmax(errors))
    assert errors[worst] <= limit, f"{errors[worst]} ulp at {points[worst]!r}"


EDGES = {  # what the functions are at -inf, -1, 0, inf, nan
    "exp": (0, np.exp(-1), 1, np.inf, np.nan),
    "expm1": (-1, np.expm1(-1), 0, np.inf, np.nan),
    "log": (np.nan, np.nan, -np.inf, np.inf, np.nan),
    "log1p": (np.nan, -np.inf, 0, np.inf, np.nan),
    "tanh": (-1, np.tanh(-1), 0, 1, np.nan),
    "sigmoid": (0, 1 / (1 + np.e), 0.5, 1, np.nan),
    "softplus": (0, np.log1p(np.exp(-1)), np.log(2), np.inf, np.nan),
    "log1mexp": (0, np.log(-np.expm1(-1)), -np.inf, np.nan, np.nan),
    "logit": (np.nan, np.nan, -np.inf, np.nan, np.nan),
    "erf": (-1, special.erf(-1), 0, 1, np.nan),
    "erfc": (2, special.erfc(-1), 1, 0, np.nan),
    "normal_cdf": (0, special.ndtr(-1), 0.5, 1, np.nan),
    "normal_density": (0, np.exp(-0.5) / np.sqrt(2 * np.pi), 1 / np.sqrt(2 * np.pi), 0, np.nan),
    "normal_quantile": (np.nan, np.nan, -np.inf, np.nan, np.nan),
    "normal_log_quantile": (-np.inf, special.ndtri_exp(-1), np.inf, np.nan, np.nan),
    "inverse_erfc": (np.nan, np.nan, np.inf, np.nan, np.nan),
    "log_gamma": (np.inf, np.inf, np.inf, np.inf, np.nan),
    "gamma": (np.nan, np.nan, np.inf, np.inf, np.nan),
    "digamma": (np.nan, np.nan, np.nan, np.inf, np.nan),
    "trigamma": (np.inf, np.inf, np.inf, 0, np.nan),
    "log_ndtr": (-np.inf, special.log_ndtr(-1), np.log(0.5), 0, np.nan),
    "log_ndtr_slope": (0, 1.5251352761609812, np.sqrt(2 / np.pi), 0, np.nan),
}


@pytest.mark.parametrize("name", EDGES)
def test_edges(name: str) -> None:
    points = np.array([-np.inf, -1.0, 0.0, np.inf, np.nan])
    np.testing.assert_allclose(compiled(name)(points), EDGES[name], rtol=1e-15, atol=1e-16)
    np.testing.assert_array_equal(compiled(name)(np.repeat(points, 8)), np.repeat(compiled(name)(points), 8))


def test_few_numbers_need_another_function() -> None:
    """Vectors of which some, all or no numbers are below 0 get what each number gets by itself."""
    x = np.where(np.arange(64) % 5 == 0, -1.0, 1.0) * spread(0.1, 9, 64)
    x[16:24], x[32:40] = np.abs(x[16:24]), -np.abs(x[32:40])
    together = compiled("log_gamma")(x)
    alone = np.concatenate([compiled("log_gamma")(one) for one in x[:, None]])
    np.testing.assert_allclose(together, alone, rtol=2e-15)
    np.testing.assert_allclose(together, special.gammaln(x), rtol=1e-13)


@cache
def compiled_of_two(name: str) -> Callable[[np.ndarray, np.ndarray], np.ndarray]:
    loop = (
        "@fast\ndef run(n: int, x: floats, e: floats, y: floats) -> None:\n"
        f"    for i in range(n):\n        y[i] = {name}(x[i], e[i])\n"
    )
    bound = Bound(text := Text(assemble_text([loop], {name}), ("run",), ()), compile_text(text), {}, {}, {})
    run = ctypes.CFUNCTYPE(None, ctypes.c_int64, *[ctypes.c_void_p] * 3)(bound.addresses["run"])

    def call(x: np.ndarray, exponent: np.ndarray) -> np.ndarray:
        x, exponent = np.ascontiguousarray(x), np.ascontiguousarray(exponent)
        y = np.empty_like(x)
        run(x.size, x.ctypes.data, exponent.ctypes.data, y.ctypes.data)
        return y

    call.bound = bound  # type: ignore[attr-defined]
    return call


def power_of(base: np.ndarray, exponent: np.ndarray) -> np.ndarray:
    return compiled_of_two("power")(base, exponent)


BETA: dict[str, tuple[Callable[..., mp.mpf], float]] = {  # and an error relative to the terms of the exact value
    "log_beta": (lambda x, y: (mp.loggamma(x), mp.loggamma(y), -mp.loggamma(x + y)), 2e-15),
    "log_beta_x": (lambda x, y: (mp.digamma(x), -mp.digamma(x + y)), 2e-15),
    "log_beta_y": (lambda x, y: (mp.digamma(y), -mp.digamma(x + y)), 2e-15),
}


@pytest.mark.parametrize("name", BETA)
def test_log_beta(name: str) -> None:
    """Right to the rounding of the largest term, on both sides of where arguments are raised."""
    terms, limit = BETA[name]
    x = np.r_[spread(0.01, 6), magnitudes(-290, -3, sign=False), magnitudes(-3, 8, sign=False)]
    y = np.r_[spread(0.01, 6)[::-1], magnitudes(-3, 3, sign=False)[::-1], magnitudes(-3, 8, sign=False)[::-1]]
    with mp.workprec(1200):
        for x_i, y_i, found in zip(x, y, compiled_of_two(name)(x, y), strict=True):
            parts = terms(mp.mpf(float(x_i)), mp.mpf(float(y_i)))
            error = abs(mp.mpf(float(found)) - mp.fsum(parts))
            assert error <= limit * max(1, *map(abs, parts)), f"{found} at {x_i!r}, {y_i!r}"


def test_log_beta_at_their_ends() -> None:
    ends = [(0.0, 2.0), (1.0, 0.0), (1e-310, 2.0), (-0.5, 2.0), (np.nan, 1.0), (1.0, np.nan), (1e300, 1e300)]
    x, y = np.array(ends * 8).T
    expected = [np.inf, np.inf, -np.log(1e-310), special.gammaln(-0.5) - special.gammaln(1.5), np.nan, np.nan]
    found = compiled_of_two("log_beta")(x, y)[: len(ends)]
    np.testing.assert_allclose(found, [*expected, -2e300 * np.log(2)], rtol=1e-15)


RISING: dict[str, Callable[..., mp.mpf]] = {  # terms of the exact value
    "log_rising_ratio": lambda a, n: (mp.loggamma(a + n), -mp.loggamma(a), -n * mp.log(a)),
    "log_rising_ratio_a": lambda a, n: (mp.digamma(a + n), -mp.digamma(a), -n / a),
}


@pytest.mark.parametrize("name", RISING)
def test_rising_factorials(name: str) -> None:
    """Right to the rounding of n, or of the largest term where `a` is small; n log(a) is taken off of both."""
    a = np.r_[spread(0.01, 6), magnitudes(-290, -3, sign=False), magnitudes(-3, 8, sign=False)]
    n = np.r_[np.floor(spread(0, 9))[::-1], np.floor(magnitudes(-1, 6, sign=False)), np.floor(spread(0, 40))]
    with mp.workprec(1200):
        for a_i, n_i, found in zip(a, n, compiled_of_two(name)(a, n), strict=True):
            parts = RISING[name](mp.mpf(float(a_i)), mp.mpf(float(n_i)))
            size = max(abs(mp.fsum(parts)), *map(abs, parts)) if a_i < 3 else max(abs(mp.fsum(parts)), n_i)
            error = abs(mp.mpf(float(found)) - mp.fsum(parts))
            assert error <= 2e-15 * max(1, size), f"{found} at {a_i!r}, {n_i!r}"


def test_rising_factorials_at_their_ends() -> None:
    ends = [(0.5, 0.0), (1e-310, 2.0), (1e-200, 1e60), (1e300, 9.0), (0.0, 2.0), (np.nan, 1.0), (1.0, np.nan)]
    a, n = np.array(ends * 8).T
    large = special.gammaln(1e60) - special.gammaln(1e-200) - 1e60 * np.log(1e-200)
    expected = [0, -np.log(1e-310), large, 0, np.nan, np.nan, np.nan]
    found = compiled_of_two("log_rising_ratio")(a, n)[: len(ends)]
    np.testing.assert_allclose(found, expected, rtol=1e-15, atol=1e-15)
    slopes = compiled_of_two("log_rising_ratio_a")(a, n)[: len(ends)]
    np.testing.assert_allclose(slopes[2:], [-1e260, 0, np.nan, np.nan, np.nan], rtol=1e-15, atol=1e-15)


def test_power_is_accurate() -> None:
    base = np.r_[
        magnitudes(-300, 300, sign=False), magnitudes(-3, 3, sign=False), spread(0, 2), 1 + magnitudes(-10, -2)
    ]
    exponent = np.r_[spread(-700, 700), spread(-300, 300), spread(-20, 20), spread(-700, 700)] / np.log(base)
    powers = power_of(base, exponent)
    with mp.workprec(200):
        truth = [mp.power(mp.mpf(float(x)), mp.mpf(float(e))) for x, e in zip(base, exponent, strict=True)]
        errors = [abs(mp.mpf(float(y)) - t) / mp.mpf(float(np.spacing(float(t))))
                  for y, t in zip(powers, truth, strict=True) if 1e-300 < t < 1e300]  # fmt: skip
    assert max(errors) < 1.1


def test_a_known_square_is_a_product() -> None:
    def code(loop: str) -> bytes:
        head = "@fast\ndef run(n: int, x: floats, y: floats) -> None:\n    for i in range(n):\n        y[i] = "
        return compile_text(Text(assemble_text([head + loop + "\n"], {"power"}), ("run",), ()))

    product = len(code("x[i] * x[i]"))
    assert len(code("power(x[i], 2.0)")) == len(code("power(x[i], -1.0 + 3.0)")) == product
    assert len(code("power(x[i], 2.5)")) > product


def test_power_at_special_numbers() -> None:
    special = np.array([0.0, 1, 2, 0.5, 3, 2.5, 1e300, 5e-324, 1e-310, np.inf])
    special = np.r_[special, -special, np.nan]
    base, exponent = (grid.ravel() for grid in np.meshgrid(special, special))
    with np.errstate(all="ignore"):
        expected = np.power(base, exponent)
    found = power_of(base, exponent)
    np.testing.assert_allclose(found, expected, rtol=2e-15)
    np.testing.assert_array_equal(np.signbit(found)[expected == 0], np.signbit(expected)[expected == 0])


def test_subnormal_numbers_survive() -> None:
    points = np.array([-744.0, -720.0, -709.0])
    np.testing.assert_allclose(compiled("exp")(points), np.exp(points), rtol=0, atol=5e-324)
    small = np.array([5e-324, 1e-310, 2.3e-308])
    np.testing.assert_allclose(compiled("log")(small), np.log(small), rtol=1e-15)


@pytest.mark.parametrize("name", ["exp", "log1p", "softplus", "digamma", "normal_cdf", "log_gamma"])
def test_numba_computes_the_same(name: str) -> None:
    """The text is also Numba code: kernels inside generated loops use it."""
    scope = dict(numba_names())
    for helper in needed({name}):
        exec(compile("from __future__ import annotations\n" + helper.source, "<helper>", "exec"), scope)
    points = np.array([0.3, 1.7, 22.0, 1e-9])
    ours = compiled(name)(points)
    np.testing.assert_allclose([scope[name](float(x)) for x in points], ours, rtol=2e-15)


@pytest.mark.parametrize("count", [1, 2, 12, 13, 32, 33, 128, 129, 3000, 40000])
def test_orders_are_those_of_numpy(count: int) -> None:
    loop = (
        "@exact\ndef run(n: int, x: floats, out: ints, work: ints, keys: floats) -> None:\n"
        "    order_of(x, out, work, keys, n)\n"
    )
    bound = Bound(text := Text(assemble_text([loop], {"order_of"}), ("run",), ()), compile_text(text), {}, {}, {})
    run = ctypes.CFUNCTYPE(None, ctypes.c_int64, *[ctypes.c_void_p] * 4)(bound.addresses["run"])
    rng = np.random.default_rng(2)
    out, work, keys = np.empty(count, np.int64), np.empty(count, np.int64), np.empty(count)
    distinct, tied = rng.normal(size=count), rng.integers(-2, 3, count).astype(float)
    for x in (
        distinct,
        np.sort(distinct),
        -np.sort(distinct),
        tied,
        np.where(tied > 1, np.nan, tied),
        np.where(tied > 0, np.inf, tied),
        np.where(tied > 0, -0.0, np.where(tied < 0, -np.nan, 0.0)),
        1e6 + distinct / 1e4,
        distinct * 10.0 ** rng.integers(-300, 300, count),
    ):
        run(count, *(array.ctypes.data for array in (np.ascontiguousarray(x), out, work, keys)))
        np.testing.assert_array_equal(out, np.argsort(x, kind="stable"))


def test_every_helper_is_documented() -> None:
    for helper in helpers().values():
        assert '"""' in helper.source, helper.name


def test_functions_that_few_numbers_need_return_nan_at_once() -> None:
    """Numbers by themselves are handed to them one by one; whatever the text does, nan comes back before."""
    text = Text("@aside\n@exact\ndef rare(x: float) -> float:\n    return 1.0\n", ("rare",), ())
    bound = Bound(text, compile_text(text), {}, {}, {})
    rare = ctypes.CFUNCTYPE(ctypes.c_double, ctypes.c_double)(bound.addresses["rare"])
    assert rare(2.0) == 1.0
    assert np.isnan(rare(np.nan))
