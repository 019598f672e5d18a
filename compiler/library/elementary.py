"""Elementwise functions that PyTensor lacks, or knows less exactly: their texts are in `backend/mathlib`.

Each has the name of its text, a function of arrays by NumPy or SciPy for where graphs are evaluated without compiling
them, and its derivatives as graphs.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from .definitions import KernelFunction, Tensor
from .graph import np, pt, special
from .kernels import beta, counts, normal, polygamma
from .kernels.plain import plain
from .special import Special


def _each(kernel: KernelFunction) -> Callable[..., Any]:
    """A kernel of numbers as a function of arrays."""
    return lambda *arguments: np.vectorize(plain(kernel), otypes=["float64"])(*arguments)


class Elementary:
    """A function of tensors, or of numbers inside another operation; its operation is built at the first call."""

    def __init__(self, name: str, evaluate: Callable[..., Any], *slopes: Callable[..., Any]) -> None:
        self.name, self.evaluate, self.slopes = name, evaluate, slopes

    def __call__(self, *arguments: Tensor) -> Tensor:
        from pytensor.scalar.basic import ScalarVariable

        of_numbers, of_tensors = _operations(self)
        if all(isinstance(argument, ScalarVariable) for argument in arguments):
            return of_numbers(*arguments)
        return of_tensors(*(pt.cast(argument, "float64") for argument in arguments))


@cache
def _operations(function: Elementary) -> tuple[Any, Any]:
    from pytensor.tensor.elemwise import Elemwise

    from .kernels.operation import TextOp

    operation = TextOp(function.name, function.evaluate, function.slopes)
    return operation, Elemwise(operation)


SQRT_PI = 1.772453850905516
SQRT_2PI = 2.5066282746310007

logit = Elementary("logit", lambda x: special.logit(x), lambda x: 1 / (x * (1 - x)))
square_of_sech: Elementary = Elementary(  # 1 / cosh(x)^2
    "square_of_sech", lambda x: 1 / np.cosh(x) ** 2, lambda x: -2 * _tanh(x) * square_of_sech(x)
)

inverse_cloglog_slope: Elementary = Elementary(
    "inverse_cloglog_slope",
    lambda x: np.exp(x - np.exp(x)),
    lambda x: inverse_cloglog_slope(x) * (1 - _exp(_minimum(x, 50.0))),  # beyond, the slope is 0
)
inverse_cloglog = Elementary("inverse_cloglog", lambda x: -np.expm1(-np.exp(x)), inverse_cloglog_slope)

fma = Elementary(  # x y + z, whose product alone does not overflow
    "fma",
    lambda x, y, z: np.where(np.isinf(z) & np.isfinite(x) & np.isfinite(y), z, x * y + z),
    lambda x, y, z: y,
    lambda x, y, z: x,
    lambda x, y, z: 1.0,
)

# Inverses of trigonometric and hyperbolic functions
asinh_slope: Elementary = Elementary(
    "asinh_slope", lambda x: 1 / np.hypot(x, 1), lambda x: -(x * asinh_slope(x)) * asinh_slope(x) * asinh_slope(x)
)
asinh = Elementary("asinh", lambda x: np.arcsinh(x), asinh_slope)
acosh_slope: Elementary = Elementary(
    "acosh_slope",
    lambda x: 1 / (np.sqrt(x - 1) * np.sqrt(x + 1)),
    lambda x: -(x * acosh_slope(x)) * acosh_slope(x) * acosh_slope(x),
)
acosh = Elementary("acosh", lambda x: np.arccosh(x), acosh_slope)
atan2_slope: Elementary = Elementary(
    "atan2_slope",
    lambda y, x: (x / np.hypot(x, y)) / np.hypot(x, y),
    lambda y, x: -2 * atan2_slope(y, x) * atan2_slope(x, y),
    lambda y, x: (atan2_slope(x, y) - atan2_slope(y, x)) * (atan2_slope(x, y) + atan2_slope(y, x)),
)
atan2 = Elementary("atan2", lambda y, x: np.arctan2(y, x), atan2_slope, lambda y, x: -atan2_slope(x, y))

# (x, y): log(exp(x) - exp(y)), and its derivative in y
log_of_difference_slope: Elementary = Elementary(
    "log_of_difference_slope",
    lambda x, y: -1 / np.expm1(np.where(y == -np.inf, np.inf, x - y)),
    lambda x, y: -log_of_difference_slope(x, y) * (1 - log_of_difference_slope(x, y)),
    lambda x, y: log_of_difference_slope(x, y) * (1 - log_of_difference_slope(x, y)),
)
log_of_difference = Elementary(
    "log_of_difference",
    lambda x, y: x + np.log(-np.expm1(np.where(y == -np.inf, -np.inf, y - x))),
    lambda x, y: 1 - log_of_difference_slope(x, y),
    log_of_difference_slope,
)

# The normal distribution
exp_minus_square: Elementary = Elementary(
    "exp_minus_square", lambda x: np.exp(-x * x), lambda x: -2 * x * exp_minus_square(x)
)
normal_density: Elementary = Elementary(
    "normal_density", lambda x: np.exp(-0.5 * x * x) / SQRT_2PI, lambda x: -x * normal_density(x)
)
normal_cdf = Elementary("normal_cdf", lambda x: special.ndtr(x), normal_density)
normal_approximation = Elementary(
    "normal_approximation",
    lambda x: special.expit(0.07056 * x**3 + 1.5976 * x),
    lambda x: normal_approximation_slope(x),
)
normal_approximation_slope: Elementary = Elementary(
    "normal_approximation_slope",
    lambda x: (
        special.expit(0.07056 * x**3 + 1.5976 * x)
        * special.expit(-0.07056 * x**3 - 1.5976 * x)
        * (0.21168 * x**2 + 1.5976)
    ),
    lambda x: (
        normal_approximation_slope(x)
        * ((1 - 2 * normal_approximation(x)) * (0.21168 * x * x + 1.5976) + 0.42336 * x / (0.21168 * x * x + 1.5976))
    ),
)
normal_quantile = Elementary("normal_quantile", lambda p: special.ndtri(p), lambda p: normal_quantile_slope(p))
normal_quantile_slope: Elementary = Elementary(
    "normal_quantile_slope",
    lambda p: SQRT_2PI * np.exp(0.5 * special.ndtri(p) ** 2),
    lambda p: normal_quantile(p) * normal_quantile_slope(p) * normal_quantile_slope(p),
)
inverse_erfc = Elementary("inverse_erfc", lambda x: special.erfcinv(x), lambda x: inverse_erfc_slope(x))
inverse_erfc_slope: Elementary = Elementary(
    "inverse_erfc_slope",
    lambda x: -SQRT_PI / 2 * np.exp(special.erfcinv(x) ** 2),
    lambda x: 2 * inverse_erfc(x) * inverse_erfc_slope(x) * inverse_erfc_slope(x),
)
normal_log_quantile = Elementary(
    "normal_log_quantile", lambda p: special.ndtri_exp(p), lambda p: normal_log_quantile_slope(p)
)
normal_log_quantile_slope: Elementary = Elementary(
    "normal_log_quantile_slope",
    lambda p: SQRT_2PI * np.exp(p + 0.5 * special.ndtri_exp(p) ** 2),
    lambda p: normal_log_quantile_slope(p) * (1 + normal_log_quantile(p) * normal_log_quantile_slope(p)),
)

# log P(Z <= x); log P(Z > x), where x >= 0 without its main part -x^2 / 2
log_ndtr_slope: Elementary = Elementary(
    "log_ndtr_slope", _each(normal.log_ndtr_slope), lambda x: -log_ndtr_slope(x) * (x + log_ndtr_slope(x))
)
log_ndtr = Elementary("log_ndtr", _each(normal.log_ndtr), log_ndtr_slope)
log_tail_rest_slope: Elementary = Elementary(
    "log_tail_rest_slope",
    _each(normal.log_tail_rest_slope),
    lambda x: _switch(
        x < 0,
        -log_tail_rest_slope(x) * (x + log_tail_rest_slope(x)),
        1 + log_tail_rest_slope(x) * (x - log_tail_rest_slope(x)),
    ),
)
log_tail_rest = Elementary("log_tail_rest", _each(normal.log_tail_rest), log_tail_rest_slope)

# The logarithm of the gamma function and its derivatives
tetragamma = Special(polygamma.tetragamma)
trigamma = Elementary("trigamma", lambda x: _trigamma(x), tetragamma)
digamma = Elementary("digamma", lambda x: np.where(x == 0, np.nan, special.psi(x)), trigamma)
log_gamma = Elementary("log_gamma", lambda x: _log_gamma(x), digamma)

# (x, y): log(gamma(x) gamma(y) / gamma(x + y))
log_beta_x = Elementary(
    "log_beta_x",
    lambda x, y: special.psi(x) - special.psi(x + y),
    lambda x, y: trigamma(x) - trigamma(x + y),
    lambda x, y: -trigamma(x + y),
)
log_beta_y = Elementary(
    "log_beta_y",
    lambda x, y: special.psi(y) - special.psi(x + y),
    lambda x, y: -trigamma(x + y),
    lambda x, y: trigamma(y) - trigamma(x + y),
)
log_beta = Elementary("log_beta", lambda x, y: _log_beta(x, y), log_beta_x, log_beta_y)

# (a, n): log(gamma(a + n) / gamma(a)) - n log(a)
log_rising_ratio_a = Elementary(
    "log_rising_ratio_a",
    _each(counts.log_rising_ratio_a),
    lambda a, n: trigamma(a + n) - trigamma(a) + n / (a * a),
    lambda a, n: trigamma(a + n) - 1 / a,
)
log_rising_ratio = Elementary(
    "log_rising_ratio",
    _each(counts.log_rising_ratio),
    log_rising_ratio_a,
    lambda a, n: digamma(a + n) - _log(a),
)


def _log_gamma(x: Any) -> Any:
    """SciPy's is -inf at -infinity, and inf already where log(1 / x) is not."""
    near = np.abs(x) < 1e-300
    return np.where(x == -np.inf, np.inf, np.where(near, -np.log(np.abs(x)), special.gammaln(np.where(near, 1, x))))


def _log_beta(x: Any, y: Any) -> Any:
    """SciPy's loses digits of large numbers, and has other values where one is not positive, or subnormal."""
    a, b = np.minimum(x, y), np.maximum(x, y)
    small, inside = (a >= 0) & (a < 1e-300), (a > 0) & np.isfinite(x + y)
    of_three = _log_gamma(x) + _log_gamma(y) - _log_gamma(x + y)
    return np.where(small, np.log1p(a / b) - np.log(a), np.where(inside, _each(beta.log_beta)(x, y), of_three))


def _trigamma(x: Any) -> Any:
    """By reflection below 0, where SciPy's takes as many steps as x is far from it."""
    above = special.polygamma(1, np.where(x > 0, x, 1 - x))
    distance = x - np.rint(x)
    sine = np.where(distance == 0, 0, np.sin(np.pi * distance))
    return np.where(x > 0, above, np.where(x == -np.inf, np.inf, (np.pi / sine) ** 2 - above))


def _tanh(x: Any) -> Any:
    from pytensor.scalar import tanh

    return tanh(x)


def _switch(test: Any, then: Any, otherwise: Any) -> Any:
    from pytensor.scalar import switch

    return switch(test, then, otherwise)


def _log(x: Any) -> Any:
    from pytensor.scalar import log

    return log(x)


def _exp(x: Any) -> Any:
    from pytensor.scalar import exp

    return exp(x)


def _minimum(x: Any, y: Any) -> Any:
    from pytensor.scalar import minimum

    return minimum(x, y)
