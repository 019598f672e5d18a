"""The special functions and their derivatives against mpmath, from the middle into both tails."""

from __future__ import annotations

import math
from collections.abc import Callable
from types import FunctionType

import mpmath as mp
import numpy as np
import pytensor.tensor as pt
import pytest
from pplc.compiler.library.distributions.beta_neg_binomial import log_density
from pplc.compiler.library.elementary import log_beta
from pplc.compiler.library.evaluation import evaluate
from pplc.compiler.library.kernels import (
    bessel,
    bessel_whole,
    beta,
    counts,
    gamma,
    gamma_ratio,
    normal,
    owens,
    skew_normal,
    student_t,
)
from pplc.compiler.library.kernels.plain import plain

SHAPES = [0.1, 1.0, 2.5, 10.5, 200.0]
GAMMA = [(a, x) for a in SHAPES for x in (0.01 * a, 0.9 * a, a + 1.01, 2 * a + 5)] + [
    (0.5, 1e9),
    (2.5, 1e16),
    (1e8, 3.0),
    (1e-7, 0.8),
    (1e-9, 1e-5),
]
BETA = [(a, b, x) for a in (0.2, 1.0, 12.0, 300.0) for b in (0.5, 4.0, 80.0) for x in (1e-6, 0.1, 0.5, 0.9)] + [
    (1e9, 0.5, 0.1)
]
T = [(z, nu) for z in (-1e3, -3.0, -0.1, 0.2, 2.0, 30.0) for nu in (0.5, 3.0, 40.0)] + [(-1e5, 1e8), (1e-170, 2.0)]


def log_p(a: mp.mpf, x: mp.mpf) -> mp.mpf:
    return mp.log(mp.gammainc(a, 0, x, regularized=True))


def log_q(a: mp.mpf, x: mp.mpf) -> mp.mpf:
    return mp.log(mp.gammainc(a, x, mp.inf, regularized=True))


def log_inc_beta(a: mp.mpf, b: mp.mpf, x: mp.mpf) -> mp.mpf:
    return mp.log(mp.betainc(a, b, 0, x, regularized=True))


def log_t(z: mp.mpf, nu: mp.mpf) -> mp.mpf:
    tail = mp.betainc(nu / 2, mp.mpf(1) / 2, 0, nu / (nu + z * z), regularized=True) / 2
    return mp.log(tail if z < 0 else 1 - tail)


def log_ndtr(x: mp.mpf) -> mp.mpf:
    return mp.log(mp.erfc(-x / mp.sqrt(2)) / 2)


def rising(a: mp.mpf, n: mp.mpf) -> mp.mpf:
    return mp.loggamma(a + n) - mp.loggamma(a) - n * mp.log(a)


def with_complement(kernel: FunctionType) -> Callable[..., float]:
    return lambda a, b, x: kernel(a, b, x, 1 - x)


def log_i0_scaled(x: mp.mpf) -> mp.mpf:
    return mp.log(mp.besseli(0, x)) - x


def log_tail_rest(x: mp.mpf) -> mp.mpf:
    return log_ndtr(-x) + (x * x / 2 if x >= 0 else 0)


def gamma_ratio_of(x: mp.mpf, n: mp.mpf) -> mp.mpf:
    return mp.loggamma(x + n) - mp.loggamma(x)


def stirling_error(x: mp.mpf) -> mp.mpf:
    return mp.loggamma(x) - ((x - mp.mpf("0.5")) * mp.log(x) - x + mp.log(2 * mp.pi) / 2)


CASES = [
    (gamma.stirling_error, (gamma.stirling_slope,), stirling_error, [(x,) for x in (10.0, 13.5, 300.0)]),
    (gamma.log_p, (gamma.log_p_shape, gamma.log_p_point), log_p, GAMMA),
    (gamma.log_q, (gamma.log_q_shape, gamma.log_q_point), log_q, GAMMA),
    (
        with_complement(beta.log_inc_beta),
        tuple(map(with_complement, (beta.log_inc_beta_a, beta.log_inc_beta_b, beta.log_inc_beta_x))),
        log_inc_beta,
        BETA,
    ),
    (student_t.log_student_t_cdf, (student_t.log_student_t_cdf_z, student_t.log_student_t_cdf_nu), log_t, T),
    (
        normal.log_tail_rest,
        (normal.log_tail_rest_slope,),
        log_tail_rest,
        [(x,) for x in (-30.0, -2.0, 1e-3, 14.9, 15.1, 1e6)],
    ),
    (normal.log_ndtr, (normal.log_ndtr_slope,), log_ndtr, [(x,) for x in (-1e4, -40.0, -15.1, -14.9, -3.0, 0.5, 8.0)]),
    (
        bessel.log_i0_scaled,
        (bessel.log_i0_scaled_slope,),
        log_i0_scaled,
        [(x,) for x in (1e-3, 1.0, 19.9, 20.1, 900.0)],
    ),
    (
        counts.log_rising_ratio,
        (counts.log_rising_ratio_a,),
        rising,
        [(a, n) for a in (0.3, 9.9, 10.1, 1e6, 1e12) for n in (0.0, 1.0, 40.0)],
    ),
    (
        gamma_ratio.log_gamma_ratio,
        (gamma_ratio.digamma_rise,),
        gamma_ratio_of,
        [(x, n) for x in (0.02, 0.9, 9.9, 94.7, 1e9) for n in (-0.01, 1e-12, 1e-6, 3e-4, 0.2, 400.0)],
    ),
]


@pytest.mark.parametrize(("value", "partials", "exact", "points"), CASES, ids=[case[2].__name__ for case in CASES])
def test_values_and_derivatives(
    value: Callable[..., float], partials: tuple[Callable[..., float], ...], exact: Callable[..., mp.mpf], points: list
) -> None:
    with mp.workdps(60):
        for point in points:
            at = tuple(map(mp.mpf, point))
            assert_close(value(*point), exact(*at), f"value at {point}")
            for i, partial in enumerate(partials):
                order = tuple(int(i == j) for j in range(len(at)))
                slope = mp.diff(exact, at, order, h=mp.mpf(10) ** -20 * max(abs(at[i]), mp.mpf(10) ** -6))
                assert_close(partial(*point), slope, f"derivative {i} at {point}")


@pytest.mark.parametrize(
    ("z", "alpha", "expected"),  # by quadrature of the density in 40 digits
    [
        (0.04468122959110989, -0.14525578602557335, -0.57325366875825156),
        (0.0016273622146507464, -0.06475191320936147, -0.65156073691356106),
        (-0.004279337688999339, 0.010662047995642356, -0.70340133342606709),
        (-1.421822404763897, 33.171245591408244, -1125.5702366297312),
    ],
)
def test_skew_normal_near_its_location(z: float, alpha: float, expected: float) -> None:
    assert_close(skew_normal.log_skew_normal_cdf(z, alpha, skew_normal.tail(z, alpha)), mp.mpf(expected), "cdf")


# On both sides of where a formula gives way to the next.
@pytest.mark.parametrize("z", [-3.01, -2.99, -0.4, 0.0, 1e-9, 1.1, 8.0])
@pytest.mark.parametrize("alpha", [-20.0, -1.01, -0.99, 0.0, 0.4, 1.5, 5.1])
def test_skew_normal_in_every_region(z: float, alpha: float) -> None:
    """Value and slopes beside Owen's wedge in thirty digits; where the cdf is nearly 1, the logarithm is a tail."""
    with mp.workdps(30):
        size, lean = mp.mpf(abs(z)), mp.mpf(alpha if z <= 0 else -alpha)
        start = max(lean, 0)  # where the integrand is largest
        width = 1 / (1 + size**2 * (1 + start))
        stops = {lean, start, mp.inf, *(start + sign * width * 2**k for k in range(-1, 20) for sign in (1, -1))}
        stops = sorted(stop for stop in stops if stop >= lean)
        largest = mp.exp(-(size**2) * (1 + start * start) / 2)
        shape = mp.quad(lambda x: mp.exp(size**2 * (start * start - x * x) / 2) / (1 + x * x), stops)
        wedge = largest * shape / mp.pi
        cdf, log_cdf = (wedge, mp.log(wedge)) if z <= 0 else (1 - wedge, mp.log1p(-wedge))
        density = 2 * mp.npdf(z) * mp.ncdf(mp.mpf(alpha) * z)
        fall = -mp.exp(-(mp.mpf(z) ** 2) * (1 + mp.mpf(alpha) ** 2) / 2) / (mp.pi * (1 + mp.mpf(alpha) ** 2))
        tail = skew_normal.tail(z, alpha)
        for function, expected in (
            (skew_normal.log_skew_normal_cdf, log_cdf),
            (skew_normal.log_skew_normal_cdf_z, density / cdf),
            (skew_normal.log_skew_normal_cdf_alpha, fall / cdf),
        ):
            np.testing.assert_allclose(function(z, alpha, tail), float(expected), rtol=2e-13, atol=1e-300)


@pytest.mark.parametrize("z", [-30.0, -1e3, -1e6, -1e9])
@pytest.mark.parametrize("alpha", [-3.0, -1e-7, 0.0, 0.3, 40.0])
def test_skew_normal_far_out(z: float, alpha: float) -> None:
    """Slopes, too, where the logarithm is so large that none of the digits behind its point is known."""
    with mp.workdps(40):
        h, lean = -mp.mpf(z), mp.mpf(alpha)
        bend = 1 + max(lean, 0) ** 2

        def density(beyond: mp.mpf) -> mp.mpf:  # over exp(-h^2 bend / 2)
            normal_part = mp.npdf(0) * mp.exp(-h * beyond - beyond**2 / 2 + h * h * (bend - 1) / 2)
            return normal_part * mp.erfc(lean * (h + beyond) / mp.sqrt(2))

        rest = mp.quad(density, [k / (h * bend) for k in (0, 0.5, 1, 2, 4, 8, 16, 32, 64, 128)])
        tail = skew_normal.tail(z, alpha)
        drop = mp.exp(-h * h * (1 + lean**2 - bend) / 2) / (mp.pi * (1 + lean**2))
        assert_close(skew_normal.log_skew_normal_cdf(z, alpha, tail), mp.log(rest) - h * h * bend / 2, "cdf")
        assert_close(skew_normal.log_skew_normal_cdf_z(z, alpha, tail), density(mp.mpf(0)) / rest, "density")
        assert_close(skew_normal.log_skew_normal_cdf_alpha(z, alpha, tail), -drop / rest, "slope in alpha")


@pytest.mark.parametrize(
    ("a", "b", "x"),
    [
        (1e9, 0.5, 1 - 2**-29),
        (0.01, 1.6e7, 5e-10),
        (1.9e7, 384.3, 0.99998),
        (120.0, 1e7, 1.1e-5),
        (3.0, 1e-7, 0.9),  # nearly all mass is at 1
        (300.0, 1e-9, 0.9999),
        (1e-7, 3.0, 0.1),  # at 0
        (1e-8, 0.05, 1e-7),
    ],
)
def test_inc_beta_with_one_large_or_tiny_parameter(a: float, b: float, x: float) -> None:
    with mp.workdps(60):
        found = beta.incomplete_beta(a, b, x, 1 - x)
        np.testing.assert_allclose(found[0], float(log_inc_beta(mp.mpf(a), mp.mpf(b), mp.mpf(x))), rtol=1e-11)
        for i, (size, slope) in enumerate(zip((a, b), found[1:3], strict=True)):
            step = mp.mpf(10) ** -20
            ends = [log_inc_beta(*(mp.mpf(p) * (1 + sign * step * (i == j)) for j, p in enumerate((a, b))), mp.mpf(x))
                    for sign in (1, -1)]  # fmt: skip
            np.testing.assert_allclose(slope * size, float((ends[0] - ends[1]) / (2 * step)), rtol=1e-9)


def test_log_beta_has_three_derivatives() -> None:
    x, y = pt.dscalars("x", "y")
    graph = log_beta(x, y)
    for order in (1, 2, 3):
        graph = pt.grad(graph, x)
        for point in ((0.3, 2.0), (4.0, 25.0), (25.0, 4.0), (10.5, 400.0), (1e4, 12.0)):
            expected = mp.diff(lambda a, b: mp.log(mp.beta(a, b)), point, (order, 0))
            found = evaluate(graph, dict(zip((x, y), map(np.asarray, point), strict=True)))
            assert_close(float(found), expected, f"{order} at {point}")


def assert_close(found: float, expected: mp.mpf, what: str) -> None:
    """Relative to the value, with values below 1e-14 counting as zero."""
    assert abs(found - expected) <= 1e-11 * abs(expected) + 1e-14, f"{what}: {found} instead of {mp.nstr(expected, 17)}"


ORDERS = (0, 1, 2, 7, 60, 150)
PLACES = (1e-300, 1e-9, 0.1, 2.0, 12.0, 24.9, 25.1, 100.0, 700.0)


@pytest.mark.parametrize("name", ["bessel_j", "bessel_y", "bessel_i", "bessel_k"])
def test_bessel_functions_of_whole_order(name: str) -> None:
    """Relative to the value; where J and Y oscillate, to the radius of both."""
    value = plain(getattr(bessel_whole, name))
    exact = {"bessel_j": mp.besselj, "bessel_y": mp.bessely, "bessel_i": mp.besseli, "bessel_k": mp.besselk}[name]
    with mp.workdps(40):
        for n in ORDERS:
            for x in PLACES:
                expected = exact(n, mp.mpf(x))
                if 1e-290 < abs(expected) < 1e300:
                    oscillates = x > n and name in ("bessel_j", "bessel_y")
                    size = mp.hypot(mp.besselj(n, x), mp.bessely(n, x)) if oscillates else abs(expected)
                    assert abs(value(float(n), x) - expected) < 1e-14 * size, (n, x)
                assert value(float(-n), x) == ((-1) ** n if name in ("bessel_j", "bessel_y") else 1) * value(
                    float(n), x
                )


def test_owens_t() -> None:
    value = plain(owens.owens_t)
    for h in (0.0, 1e-8, 0.3, 2.0, 2.9, 3.1, 5.0, 30.0):
        for a in (1e-10, 0.1, 0.3, 0.99, 1.0, 1.1, 5.0, 1e5):
            with mp.workdps(40):
                ends = [end for end in (1, 2, 4, 8, 16) if end < a * h]
                stops = [0, *(end / mp.mpf(h) for end in ends), a]
                found = mp.quad(lambda x: mp.exp(-h * h * (1 + x * x) / 2) / (1 + x * x), stops) / (2 * mp.pi)  # noqa: B023
            if a < 1e5 or h > 1:
                assert_close(value(h, a), found, f"at {h}, {a}")
    assert_close(value(12.0, 1.0), mp.mpf("8.88241056038839545e-34") * 1, "far out")
    assert value(math.inf, 2.0) == 0
    assert value(0.5, -0.7) == -value(-0.5, 0.7)
    assert abs(value(0.0, math.inf) - 0.25) < 1e-16


@pytest.mark.parametrize("point", [(3, 2.0, 1.5, 1e9), (0, 2.0, 1.5, 1e9), (50, 1e8, 3.0, 0.2), (7, 0.1, 1e10, 1e7)])
def test_a_beta_neg_binomial_with_large_parameters(point: tuple[float, ...]) -> None:
    def exact(*at: mp.mpf) -> mp.mpf:
        n, r, a, b = at
        return mp.log(mp.binomial(n + b - 1, n)) + mp.log(mp.beta(n + r, a + b)) - mp.log(mp.beta(r, a))

    n, *parameters = (pt.constant(number, dtype="float64") for number in point)
    value = log_density(n, *parameters)
    slopes = [evaluate(slope) for slope in pt.grad(value, parameters)]
    with mp.workdps(60):
        at = tuple(map(mp.mpf, point))
        assert_close(float(evaluate(value)), exact(*at), "value")
        for k, slope in enumerate(slopes, 1):
            order = tuple(int(k == j) for j in range(4))
            assert_close(float(slope), mp.diff(exact, at, order, h=mp.mpf(10) ** -20 * at[k]), f"slope {k}")


@pytest.mark.parametrize("a", [1.0, 3.0, 40.0, 1e4, 1e6])
@pytest.mark.parametrize("b", [1.0, 7.0, 300.0, 1e6])
@pytest.mark.parametrize("place", [-30.0, -3.0, -0.01, 0.01, 3.0, 8.0])  # standard deviations from the mean
def test_inc_beta_of_data(a: float, b: float, place: float) -> None:
    """The fraction from its front beside the one from its end, which has slopes in a and b."""
    x = a / (a + b) + place * math.sqrt(a * b / (a + b + 1)) / (a + b)
    if not 0 < x < 1:
        x = 1e-4 if x <= 0 else 1 - 2**-20
    parts = beta.log_peak(a, b), beta.fraction(a, b, x, 1 - x)
    value, _, _, slope = beta.incomplete_beta(a, b, x, 1 - x)
    np.testing.assert_allclose(beta.log_inc_beta_by(a, b, x, 1 - x, *parts), value, rtol=1e-11)
    np.testing.assert_allclose(beta.log_inc_beta_by_x(a, b, x, 1 - x, *parts), slope, rtol=1e-11)
