"""Functions of the library beside their exact values, and where `elementary` compares the two.

The points of a range: evenly spread ones, others between -10 and 10, magnitudes down to the smallest numbers, the ends
with the numbers beside them, and for each of `near` (zeros of the function, where its formula changes) some that
come ever closer.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import mpmath as mp
import numpy as np

TINY, SMALLEST_NORMAL = 5e-324, 2.2250738585072014e-308
LARGEST = 1.7976931348623157e308
CLOSEST = 16  # decimal digits that a point near another shares with it


@dataclass(frozen=True)
class Entry:
    """A function of the language, its exact value and derivatives, the range of each argument and special points."""

    name: str
    exact: Callable[..., Any]
    slopes: tuple[Callable[..., Any], ...]
    ranges: tuple[tuple[float, float], ...]
    near: tuple[float, ...] = ()
    error: float = 2.0  # that of the value may be, in ulp; nan where the largest says nothing
    slope_error: float = 2.0

    @property
    def domain(self) -> str:
        return ", ".join(f"{low:.4g} to {high:.4g}" for low, high in self.ranges)


def points_of(entry: Entry, count: int) -> list[np.ndarray]:
    """As many points for each argument, in an order of their own."""
    random = np.random.default_rng(3)
    found = []
    for low, high in entry.ranges:
        points = random.permutation(_points(random, low, high, entry.near, count))
        found.append(np.resize(points, count))
    return found


def _points(random: np.random.Generator, low: float, high: float, near: tuple[float, ...], count: int) -> np.ndarray:
    part = count // (4 if near else 3)
    parts = [np.array([low, np.nextafter(low, high), high, np.nextafter(high, low)])]
    if near:
        closeness = 10.0 ** random.uniform(-CLOSEST, -0.5, part)
        parts.append(random.choice(near, part) * (1 + random.choice((-1, 1), part) * closeness))
    if low <= 0 <= high:
        zeros = [0.0, *(sign * size for sign in (-1, 1) for size in (TINY, 1e-310, SMALLEST_NORMAL))]
        parts.append(np.array(zeros))
    narrow = max(low, -10.0), min(high, 10.0)
    if narrow[0] < narrow[1]:
        parts.append(random.uniform(*narrow, part))
    if high - low < 1e5:
        parts.append(random.uniform(low, high, part))
    positive, negative = (max(low, TINY), high), (max(-high, TINY), -low)
    for sign, (least, most) in ((1, positive), (-1, negative)):
        if least < most:
            parts.append(sign * np.exp(random.uniform(np.log(least), np.log(most), part)))
    points = np.concatenate(parts)
    return points[(points >= low) & (points <= high)]


def _phi(x: Any) -> Any:
    return mp.erfc(-x / mp.sqrt(2)) / 2


def _phi_approx_argument(x: Any) -> Any:
    return mp.mpf("0.07056") * x**3 + mp.mpf("1.5976") * x


def _quantile(log_p: Any) -> Any:
    """The z <= 0 with log Phi(z) = log_p <= -log 2, by Newton's method."""
    z = -mp.sqrt(-2 * log_p) if log_p < -5 else (mp.exp(log_p) - mp.mpf(0.5)) * mp.sqrt(2 * mp.pi)
    for _ in range(60):
        cdf = _phi(z)
        step = (mp.log(cdf) - log_p) * cdf / mp.npdf(z)
        z -= step
        if abs(step) <= abs(z) * mp.mpf(2) ** -(mp.mp.prec // 2):
            break
    return z


def _inv_phi(p: Any) -> Any:
    if p == 0.5:
        return mp.mpf(0)
    return _quantile(mp.log(p)) if p < 0.5 else -_quantile(mp.log1p(-p))


def _inv_phi_slope(p: Any) -> Any:
    return 1 / mp.npdf(_inv_phi(p))


def _log_quantile(log_p: Any) -> Any:
    return _quantile(log_p) if log_p < -mp.log(2) else -_quantile(_log1m_exp(log_p))


def _log1m_exp(x: Any) -> Any:
    return mp.log1p(-mp.exp(x)) if x < -1 else mp.log(-mp.expm1(x))


def _log1p_exp(x: Any) -> Any:
    return max(x, 0) + mp.log1p(mp.exp(-abs(x)))


def _inv_logit(x: Any) -> Any:
    return 1 / (1 + mp.exp(-x))


def _logistic_density(x: Any) -> Any:
    return _inv_logit(x) * _inv_logit(-x)


def _log_sum_exp(x: Any, y: Any) -> Any:
    return max(x, y) + mp.log1p(mp.exp(-abs(x - y)))


def _trigamma(x: Any) -> Any:
    return mp.polygamma(1, x)


def _tetragamma(x: Any) -> Any:
    return mp.polygamma(2, x)


def _gamma_slope(x: Any) -> Any:
    return mp.gamma(x) * mp.digamma(x)


def _lambert_slope(branch: int) -> Callable[[Any], Any]:
    def slope(x: Any) -> Any:
        w = mp.re(mp.lambertw(x, branch))
        return mp.exp(-w) / (1 + w)

    return slope


def _lgamma(x: Any) -> Any:
    return mp.re(mp.loggamma(x))


def _log_beta(x: Any, y: Any) -> Any:
    return mp.loggamma(x) + mp.loggamma(y) - mp.loggamma(x + y)


def _cbrt(x: Any) -> Any:
    return mp.sign(x) * mp.cbrt(abs(x))


POWER_SLOPES = (lambda x, y: y * mp.power(x, y - 1), lambda x, y: mp.power(x, y) * mp.log(x))
WHOLE = ((-LARGEST, LARGEST),)
POSITIVE = ((TINY, LARGEST),)
UNIT = ((-1 + 2**-53, 1 - 2**-53),)
PLANE = ((-5.0, 5.0), (-5.0, 5.0))
TWO = mp.mpf(2)
DIGAMMA_ZEROS = (-0.5040830082644554, -1.0, -1.5734984731623904, -5.667162441556886, -30.76453858671817)
BRANCH_POINT = -0.3678794411714423  # the next number is below -1/e
ENTRIES = (
    Entry("exp", mp.exp, (mp.exp,), ((-745, 709.78),)),
    Entry("expm1", mp.expm1, (mp.exp,), ((-745, 709.78),)),
    Entry("exp2", lambda x: TWO**x, (lambda x: TWO**x * mp.log(2),), ((-1074, 1023.5),)),
    Entry("log", mp.log, (lambda x: 1 / x,), POSITIVE, near=(1.0,)),
    Entry("log2", lambda x: mp.log(x) / mp.log(2), (lambda x: 1 / x / mp.log(2),), POSITIVE, near=(1.0,)),
    Entry("log10", lambda x: mp.log(x) / mp.log(10), (lambda x: 1 / x / mp.log(10),), POSITIVE, near=(1.0,)),
    Entry("log1p", mp.log1p, (lambda x: 1 / (1 + x),), ((-1 + 2**-53, LARGEST),)),
    Entry("log1m", lambda x: mp.log1p(-x), (lambda x: -1 / (1 - x),), ((-LARGEST, 1 - 2**-53),)),
    Entry(
        "log1m_exp", _log1m_exp, (lambda x: -mp.exp(x) / -mp.expm1(x),), ((-745, -TINY),), near=(-0.6931471805599453,)
    ),
    Entry("log1p_exp", _log1p_exp, (_inv_logit,), ((-745, 1e10),)),
    Entry(
        "log_sum_exp",
        _log_sum_exp,
        (lambda x, y: _inv_logit(x - y), lambda x, y: _inv_logit(y - x)),
        PLANE,
        error=8.0,
        slope_error=10.0,
    ),
    Entry(
        "log_diff_exp",
        lambda x, y: x + _log1m_exp(y - x),
        (lambda x, y: -1 / mp.expm1(y - x), lambda x, y: -1 / mp.expm1(x - y)),
        ((1, 40), (-40, 0.5)),
    ),
    Entry(
        "log_inv_logit_diff",
        lambda x, y: mp.log(_inv_logit(x) - _inv_logit(y)),
        (lambda x, y: -1 / mp.expm1(y - x) - _inv_logit(x), lambda x, y: -1 / mp.expm1(x - y) - _inv_logit(y)),
        ((1, 20), (-20, 0.5)),
        slope_error=16.0,
    ),
    Entry("inv_logit", _inv_logit, (_logistic_density,), ((-745, 745),), slope_error=4.0),
    Entry("log_inv_logit", lambda x: -_log1p_exp(-x), (lambda x: _inv_logit(-x),), ((-1e10, 745),)),
    Entry("log1m_inv_logit", lambda x: -_log1p_exp(x), (lambda x: -_inv_logit(x),), ((-745, 1e10),)),
    Entry(
        "logit", lambda x: mp.log(x) - mp.log1p(-x), (lambda x: 1 / (x * (1 - x)),), ((TINY, 1 - 2**-53),), near=(0.5,)
    ),
    Entry(
        "inv_cloglog",
        lambda x: -mp.expm1(-mp.exp(x)),
        (lambda x: mp.exp(x - mp.exp(x)),),
        ((-745, 10),),
    ),
    Entry("pow", mp.power, POWER_SLOPES, ((0.01, 100), (-100, 100))),
    Entry("pow", mp.power, POWER_SLOPES, ((0.99, 1.01), (-5000, 5000))),
    Entry(
        "lmultiply",
        lambda x, y: x * mp.log(y),
        (lambda x, y: mp.log(y), lambda x, y: x / y),
        ((-100, 100), (1e-300, 100)),
    ),
    Entry(
        "fma",
        lambda x, y, z: x * y + z,
        (lambda x, y, z: y, lambda x, y, z: x, lambda x, y, z: mp.mpf(1)),
        ((-5, 5), (-5, 5), (-5, 5)),
    ),
    Entry("square", lambda x: x * x, (lambda x: 2 * x,), ((-1e150, 1e150),)),
    Entry("sqrt", mp.sqrt, (lambda x: 1 / (2 * mp.sqrt(x)),), POSITIVE),
    Entry("cbrt", _cbrt, (lambda x: 1 / (3 * _cbrt(x) ** 2),), WHOLE),
    Entry("inv", lambda x: 1 / x, (lambda x: -1 / x**2,), ((1e-300, 1e300),)),
    Entry("inv_sqrt", lambda x: 1 / mp.sqrt(x), (lambda x: -1 / (2 * x * mp.sqrt(x)),), POSITIVE, slope_error=4.0),
    Entry("inv_square", lambda x: 1 / x**2, (lambda x: -2 / x**3,), ((1e-150, 1e150),)),
    Entry("sin", mp.sin, (mp.cos,), ((-1e6, 1e6),), near=(3.141592653589793, 6.283185307179586)),
    Entry("cos", mp.cos, (lambda x: -mp.sin(x),), ((-1e6, 1e6),), near=(1.5707963267948966, 4.71238898038469)),
    Entry(
        "tan",
        mp.tan,
        (lambda x: 1 / mp.cos(x) ** 2,),
        ((-1e6, 1e6),),
        near=(3.141592653589793, 1.5707963267948966),
        slope_error=4.0,
    ),
    Entry("asin", mp.asin, (lambda x: 1 / mp.sqrt(1 - x * x),), UNIT, near=(1.0,)),
    Entry("acos", mp.acos, (lambda x: -1 / mp.sqrt(1 - x * x),), UNIT, near=(1.0,)),
    Entry("atan", mp.atan, (lambda x: 1 / (1 + x * x),), WHOLE),
    Entry(
        "atan2",
        mp.atan2,
        (lambda y, x: x / (x * x + y * y), lambda y, x: -y / (x * x + y * y)),
        PLANE,
    ),
    Entry("sinh", mp.sinh, (mp.cosh,), ((-710, 710),)),
    Entry("cosh", mp.cosh, (mp.sinh,), ((-710, 710),)),
    Entry("tanh", mp.tanh, (lambda x: 1 / mp.cosh(x) ** 2,), ((-400, 400),), slope_error=4.0),
    Entry("asinh", mp.asinh, (lambda x: 1 / mp.sqrt(1 + x * x),), WHOLE),
    Entry("acosh", mp.acosh, (lambda x: 1 / mp.sqrt(x * x - 1),), ((1, LARGEST),), near=(1.0,)),
    Entry("atanh", mp.atanh, (lambda x: 1 / (1 - x * x),), UNIT, near=(1.0,)),
    Entry(
        "hypot",
        mp.hypot,
        (lambda x, y: x / mp.hypot(x, y), lambda x, y: y / mp.hypot(x, y)),
        ((1e-290, 5.0), (1e-290, 5.0)),
        slope_error=4.0,
    ),
    Entry("erf", mp.erf, (lambda x: 2 / mp.sqrt(mp.pi) * mp.exp(-x * x),), ((-28, 28),)),
    Entry("erfc", mp.erfc, (lambda x: -2 / mp.sqrt(mp.pi) * mp.exp(-x * x),), ((-10, 27.2),)),
    Entry(
        "inv_erfc",
        lambda p: -_inv_phi(p / 2) / mp.sqrt(2),
        (lambda p: -_inv_phi_slope(p / 2) / mp.sqrt(8),),
        ((TINY, 2 - 2**-52),),
        near=(1.0,),
    ),
    Entry("Phi", _phi, (mp.npdf,), ((-38.48, 10),)),
    Entry(
        "Phi_approx",
        lambda x: _inv_logit(_phi_approx_argument(x)),
        (lambda x: _logistic_density(_phi_approx_argument(x)) * (mp.mpf("0.21168") * x * x + mp.mpf("1.5976")),),
        ((-21.5, 21.5),),
        slope_error=4.0,
    ),
    Entry("inv_Phi", _inv_phi, (_inv_phi_slope,), ((TINY, 1 - 2**-53),), near=(0.5, 0.075, 0.925)),
    Entry(
        "std_normal_log_qf",
        _log_quantile,
        (lambda log_p: mp.exp(log_p) / mp.npdf(_log_quantile(log_p)),),
        ((-1e5, -1e-300),),
        near=(-0.6931471805599453,),
    ),
    Entry("lgamma", _lgamma, (mp.digamma,), ((TINY, 1e305),), near=(1.0, 2.0, 3.0)),
    Entry(
        "lgamma",
        _lgamma,
        (mp.digamma,),
        ((-170, -TINY),),
        near=(-0.5040830082644554, -1.0, -2.4570247382208006, -2.7476826467274127, -3.1435808883499798, -5.0),
    ),
    Entry(
        "tgamma", mp.gamma, (_gamma_slope,), ((TINY, 171.6),), near=(1.0, 1.4616321449683622, 2.0, 3.0), slope_error=4.0
    ),
    Entry("tgamma", mp.gamma, (_gamma_slope,), ((-170, -TINY),), near=(-1.0, -2.0), slope_error=4.0),
    Entry("digamma", mp.digamma, (_trigamma,), ((TINY, 1e300),), near=(1.0, 1.4616321449683622, 2.0, 3.0)),
    Entry("digamma", mp.digamma, (_trigamma,), ((-1e4, -TINY),), near=DIGAMMA_ZEROS),
    Entry("trigamma", _trigamma, (_tetragamma,), ((TINY, 1e300),), near=(1.0, 2.0, 3.0), slope_error=8.0),
    Entry("trigamma", _trigamma, (_tetragamma,), ((-1e3, -TINY),), near=(-1.0,), slope_error=math.nan),
    Entry(
        "lbeta",
        _log_beta,
        (lambda x, y: mp.digamma(x) - mp.digamma(x + y), lambda x, y: mp.digamma(y) - mp.digamma(x + y)),
        ((1e-5, 1e6), (1e-5, 1e6)),
        error=math.nan,
        slope_error=math.nan,
    ),
    Entry(
        "lchoose",
        lambda n, k: -mp.log1p(n) - _log_beta(n - k + 1, k + 1),
        (
            lambda n, k: mp.digamma(n + 1) - mp.digamma(n - k + 1),
            lambda n, k: mp.digamma(n - k + 1) - mp.digamma(k + 1),
        ),
        ((4, 1e5), (0.1, 3.9)),
        error=math.nan,
        slope_error=math.nan,
    ),
    Entry(
        "lambert_w0",
        lambda x: mp.re(mp.lambertw(x)),
        (_lambert_slope(0),),
        ((BRANCH_POINT, LARGEST),),
        near=(BRANCH_POINT, -0.31),
        slope_error=4.0,
    ),
    Entry(
        "lambert_wm1",
        lambda x: mp.re(mp.lambertw(x, -1)),
        (_lambert_slope(-1),),
        ((BRANCH_POINT, -TINY),),
        near=(BRANCH_POINT, -0.31),
        slope_error=4.0,
    ),
)
