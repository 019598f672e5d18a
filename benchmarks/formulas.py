"""Log densities and masses as the manual writes them, in mpmath: what a call with such numbers is worth.

The outcome comes first. `DIGITS` are enough for sums of 1e300 and 1e-300.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath as mp

DIGITS = 680
GUARD = 60  # digits that a step for differences leaves on either side


def log_density(name: str, *arguments: float | int) -> Any:
    """The value of `name`_lpdf or `name`_lpmf at these arguments, which lie in their supports."""
    with mp.workdps(DIGITS):
        return LOG_DENSITIES[name](*map(mp.mpf, arguments))


def slopes(name: str, *arguments: float | int) -> list[Any]:
    """Its derivative in each argument that is not an integer; for those in integers None."""
    with mp.workdps(DIGITS + 2 * GUARD):
        numbers = [mp.mpf(a) for a in arguments]
        density = LOG_DENSITIES[name]
        found = []
        for place, number in enumerate(numbers):
            if isinstance(arguments[place], int):
                found.append(None)
                continue
            step = (abs(number) or mp.mpf(1)) * mp.mpf(10) ** -GUARD
            above, below = ([*numbers[:place], number + s, *numbers[place + 1 :]] for s in (step, -step))
            found.append((density(*above) - density(*below)) / (2 * step))
        return found


def _log_choose(n: Any, k: Any) -> Any:
    return mp.loggamma(n + 1) - mp.loggamma(k + 1) - mp.loggamma(n - k + 1)


def _log_beta(a: Any, b: Any) -> Any:
    return mp.loggamma(a) + mp.loggamma(b) - mp.loggamma(a + b)


def _log_power(a: Any, x: Any) -> Any:
    """log(x^a)."""
    return a * mp.log(x) if a else mp.mpf(0)


def _log1p_exp(x: Any) -> Any:
    return max(x, mp.mpf(0)) + mp.log1p(mp.exp(-abs(x)))


def _log_phi(x: Any) -> Any:
    """The logarithm of the normal cdf, in its far tail by the asymptotic series (DLMF 7.12.1)."""
    if x > -60:
        return mp.log(mp.erfc(-x / mp.sqrt(2)) / 2)
    if x > -1e4:  # a continued fraction (DLMF 7.9.2) needs fewer digits than the series has
        return -x * x / 2 - mp.log(2 * mp.pi) / 2 + mp.log(_mills(-x))
    total = term = mp.mpf(1)
    for k in range(1, 40):
        term *= -(2 * k - 1) / (x * x)
        total += term
    return -x * x / 2 - mp.log(-x) - mp.log(2 * mp.pi) / 2 + mp.log(total)


def _mills(x: Any) -> Any:
    """The upper tail over the density, by its continued fraction."""
    tail = x
    for k in range(400, 0, -1):
        tail = x + k / tail
    return 1 / tail


def _normal(y: Any, mu: Any, sigma: Any) -> Any:
    return -(((y - mu) / sigma) ** 2) / 2 - mp.log(sigma) - mp.log(2 * mp.pi) / 2


def _gamma(y: Any, alpha: Any, beta: Any) -> Any:
    return alpha * mp.log(beta) - mp.loggamma(alpha) + _log_power(alpha - 1, y) - beta * y


def _inv_gamma(y: Any, alpha: Any, beta: Any) -> Any:
    return alpha * mp.log(beta) - mp.loggamma(alpha) - (alpha + 1) * mp.log(y) - beta / y


def _beta(y: Any, a: Any, b: Any) -> Any:
    return _log_power(a - 1, y) + _log_power(b - 1, 1 - y) - _log_beta(a, b)


def _student_t(y: Any, nu: Any, mu: Any, sigma: Any) -> Any:
    half = nu / 2
    constant = mp.loggamma(half + mp.mpf(1) / 2) - mp.loggamma(half) - mp.log(nu * mp.pi) / 2 - mp.log(sigma)
    return constant - (half + mp.mpf(1) / 2) * mp.log1p(((y - mu) / sigma) ** 2 / nu)


def _neg_binomial(n: Any, alpha: Any, beta: Any) -> Any:
    return _log_choose(n + alpha - 1, n) - alpha * mp.log1p(1 / beta) - n * mp.log1p(beta)


def _neg_binomial_2(n: Any, mu: Any, phi: Any) -> Any:
    return _neg_binomial(n, phi, phi / mu)


def _exp_mod_normal(y: Any, mu: Any, sigma: Any, rate: Any) -> Any:
    z = (y - mu) / sigma - rate * sigma
    if z < 0:  # the exponential and the tail cancel
        return mp.log(rate) - ((y - mu) / sigma) ** 2 / 2 + _log_phi(z) + z * z / 2
    return mp.log(rate) + rate * (mu - y + rate * sigma**2 / 2) + _log_phi(z)


def _skew_double_exponential(y: Any, mu: Any, sigma: Any, tau: Any) -> Any:
    z = (y - mu) / sigma
    return mp.log(2 * tau * (1 - tau) / sigma) - 2 * (tau * z if z > 0 else (tau - 1) * z)


def _loglogistic(y: Any, alpha: Any, beta: Any) -> Any:
    log_z = mp.log(y / alpha)
    return mp.log(beta / alpha) + (beta - 1) * log_z - 2 * _log1p_exp(beta * log_z)


def _von_mises(y: Any, mu: Any, kappa: Any) -> Any:
    with mp.workdps(DIGITS // 2):  # enough for angles that are not huge
        if kappa < 1e6:
            log_scaled = mp.log(mp.besseli(0, kappa)) - kappa
        else:
            total = term = mp.mpf(1)
            for k in range(1, 60):
                term *= mp.mpf((2 * k - 1) ** 2) / (8 * k * kappa)
                total += term
            log_scaled = mp.log(total) - mp.log(2 * mp.pi * kappa) / 2
        return -2 * kappa * mp.sin((y - mu) / 2) ** 2 - log_scaled - mp.log(2 * mp.pi)


LOG_DENSITIES: dict[str, Callable[..., Any]] = {
    # unbounded
    "normal": _normal,
    "std_normal": lambda y: _normal(y, 0, 1),
    "exp_mod_normal": _exp_mod_normal,
    "skew_normal": lambda y, xi, omega, alpha: mp.log(2) + _normal(y, xi, omega) + _log_phi(alpha * (y - xi) / omega),
    "student_t": _student_t,
    "cauchy": lambda y, mu, sigma: -mp.log1p(((y - mu) / sigma) ** 2) - mp.log(sigma * mp.pi),
    "double_exponential": lambda y, mu, sigma: -abs((y - mu) / sigma) - mp.log(2 * sigma),
    "logistic": lambda y, mu, sigma: -(y - mu) / sigma - 2 * _log1p_exp(-(y - mu) / sigma) - mp.log(sigma),
    "gumbel": lambda y, mu, beta: -(y - mu) / beta - mp.exp(-(y - mu) / beta) - mp.log(beta),
    "skew_double_exponential": _skew_double_exponential,
    # positive
    "lognormal": lambda y, mu, sigma: _normal(mp.log(y), mu, sigma) - mp.log(y),
    "chi_square": lambda y, nu: _gamma(y, nu / 2, mp.mpf(1) / 2),
    "inv_chi_square": lambda y, nu: _inv_gamma(y, nu / 2, mp.mpf(1) / 2),
    "scaled_inv_chi_square": lambda y, nu, s: _inv_gamma(y, nu / 2, nu / 2 * s**2),
    "exponential": lambda y, beta: mp.log(beta) - beta * y,
    "gamma": _gamma,
    "inv_gamma": _inv_gamma,
    "weibull": lambda y, alpha, sigma: (
        mp.log(alpha / sigma) + _log_power(alpha - 1, y / sigma) - mp.exp(alpha * mp.log(y / sigma))
    ),
    "frechet": lambda y, alpha, sigma: (
        mp.log(alpha / sigma) - (alpha + 1) * mp.log(y / sigma) - mp.exp(-alpha * mp.log(y / sigma))
    ),
    "rayleigh": lambda y, sigma: mp.log(y) - 2 * mp.log(sigma) - (y / sigma) ** 2 / 2,
    "loglogistic": _loglogistic,
    # bounded below, or on an interval
    "pareto": lambda y, y_min, alpha: (
        mp.log(alpha) + alpha * mp.log(y_min) - (alpha + 1) * mp.log(y) if y >= y_min else -mp.inf
    ),
    "pareto_type_2": lambda y, mu, scale, alpha: (
        mp.log(alpha / scale) - (alpha + 1) * mp.log1p((y - mu) / scale) if y >= mu else -mp.inf
    ),
    "beta": _beta,
    "beta_proportion": lambda y, mu, kappa: _beta(y, mu * kappa, (1 - mu) * kappa),
    "von_mises": _von_mises,
    "uniform": lambda y, alpha, beta: -mp.log(beta - alpha) if alpha <= y <= beta else -mp.inf,
    # counts
    "bernoulli": lambda n, theta: mp.log(theta if n else 1 - theta),
    "bernoulli_logit": lambda n, alpha: -_log1p_exp((1 - 2 * n) * alpha),
    "binomial": lambda n, N, theta: _log_choose(N, n) + _log_power(n, theta) + _log_power(N - n, 1 - theta),
    "binomial_logit": lambda n, N, alpha: _log_choose(N, n) - n * _log1p_exp(-alpha) - (N - n) * _log1p_exp(alpha),
    "beta_binomial": lambda n, N, a, b: _log_choose(N, n) + _log_beta(n + a, N - n + b) - _log_beta(a, b),
    "hypergeometric": lambda n, N, a, b: _log_choose(a, n) + _log_choose(b, N - n) - _log_choose(a + b, N),
    "discrete_range": lambda n, low, high: -mp.log(high - low + 1),
    "neg_binomial": _neg_binomial,
    "neg_binomial_2": _neg_binomial_2,
    "neg_binomial_2_log": lambda n, eta, phi: _neg_binomial_2(n, mp.exp(eta), phi),
    "poisson": lambda n, rate: n * mp.log(rate) - rate - mp.loggamma(n + 1),
    "poisson_log": lambda n, alpha: n * alpha - mp.exp(alpha) - mp.loggamma(n + 1),
    "beta_neg_binomial": lambda n, r, a, b: _log_choose(n + b - 1, n) + _log_beta(n + r, a + b) - _log_beta(r, a),
    "yule_simon": lambda n, alpha: mp.log(alpha) + _log_beta(n, alpha + 1),
}
