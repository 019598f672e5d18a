"""Elementwise functions that PyTensor lacks, or knows less exactly: their texts are in `backend/mathlib`.

Each has the name of its text, a function of NumPy or SciPy for where graphs are evaluated without compiling them, and
its derivative as a graph.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from .definitions import Tensor
from .graph import np, pt, special
from .kernels import polygamma
from .special import Special


class Elementary:
    """A function of a tensor, or of a number inside another operation; its operation is built at the first call."""

    def __init__(self, name: str, evaluate: Callable[[Any], Any], slope: Callable[[Any], Any]) -> None:
        self.name, self.evaluate, self.slope = name, evaluate, slope

    def __call__(self, x: Tensor) -> Tensor:
        from pytensor.scalar.basic import ScalarVariable

        of_numbers, of_tensors = _operations(self)
        return of_numbers(x) if isinstance(x, ScalarVariable) else of_tensors(pt.cast(x, "float64"))


@cache
def _operations(function: Elementary) -> tuple[Any, Any]:
    from pytensor.tensor.elemwise import Elemwise

    from .kernels.operation import TextOp

    operation = TextOp(function.name, function.evaluate, function.slope)
    return operation, Elemwise(operation)


SQRT_2PI = 2.5066282746310007

logit = Elementary("logit", lambda x: special.logit(x), lambda x: 1 / (x * (1 - x)))
square_of_sech = Elementary(  # 1 / cosh(x)^2
    "square_of_sech", lambda x: 1 / np.cosh(x) ** 2, lambda x: -2 * _tanh(x) * square_of_sech(x)
)

# The normal distribution
exp_minus_square = Elementary("exp_minus_square", lambda x: np.exp(-x * x), lambda x: -2 * x * exp_minus_square(x))
normal_density = Elementary(
    "normal_density", lambda x: np.exp(-0.5 * x * x) / SQRT_2PI, lambda x: -x * normal_density(x)
)
normal_cdf = Elementary("normal_cdf", lambda x: special.ndtr(x), normal_density)
normal_approximation = Elementary(
    "normal_approximation",
    lambda x: special.expit(0.07056 * x**3 + 1.5976 * x),
    lambda x: normal_approximation_slope(x),
)
normal_approximation_slope = Elementary(
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
normal_quantile_slope = Elementary(
    "normal_quantile_slope",
    lambda p: SQRT_2PI * np.exp(0.5 * special.ndtri(p) ** 2),
    lambda p: normal_quantile(p) * normal_quantile_slope(p) * normal_quantile_slope(p),
)
inverse_erfc = Elementary(
    "inverse_erfc", lambda x: special.erfcinv(x), lambda x: -0.35355339059327373 * normal_quantile_slope(0.5 * x)
)
normal_log_quantile = Elementary(
    "normal_log_quantile", lambda p: special.ndtri_exp(p), lambda p: normal_log_quantile_slope(p)
)
normal_log_quantile_slope = Elementary(
    "normal_log_quantile_slope",
    lambda p: SQRT_2PI * np.exp(p + 0.5 * special.ndtri_exp(p) ** 2),
    lambda p: normal_log_quantile_slope(p) * (1 + normal_log_quantile(p) * normal_log_quantile_slope(p)),
)

# Derivatives of log gamma
tetragamma = Special(polygamma.tetragamma)
trigamma = Elementary("trigamma", lambda x: special.polygamma(1, x), tetragamma)
digamma = Elementary("digamma", lambda x: special.psi(x), trigamma)


def _tanh(x: Any) -> Any:
    from pytensor.scalar import tanh

    return tanh(x)
