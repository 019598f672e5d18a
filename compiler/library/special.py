"""Special functions that PyTensor lacks or computes inexactly, as functions of tensors with exact gradients.

Each is a kernel (see `kernels/`) with one more kernel per derivative, another such function where that has
derivatives, too, or a formula in such functions. It broadcasts like any elementwise function: `log_gamma_p(a, x)`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from .definitions import KernelFunction, Tensor
from .graph import pt
from .kernels import bessel, beta, counts, gamma, gamma_ratio, skew_normal, student_t, von_mises, wiener


@dataclass(frozen=True, slots=True)
class Slope:
    """A derivative as a formula: arithmetic on numbers of a graph and on special functions of them."""

    build: Callable[..., Any]


class Special:
    """An elementwise function of tensors made of kernels; its operation is built at the first call."""

    def __init__(self, value: KernelFunction, *partials: KernelFunction | Special | Slope) -> None:
        self.value = value
        self.partials = tuple(p if isinstance(p, Special | Slope) else Special(p) for p in partials)

    def __call__(self, *arguments: Tensor) -> Tensor:
        from pytensor.scalar.basic import ScalarVariable

        if all(isinstance(argument, ScalarVariable) for argument in arguments):  # inside another operation
            return _scalar_operation(self)(*arguments)
        return _operation(self)(*(pt.cast(argument, "float64") for argument in arguments))

    def kernels(self) -> Iterator[KernelFunction]:
        """That of the value and those of all derivatives."""
        yield self.value
        for partial in self.partials:
            if isinstance(partial, Special):
                yield from partial.kernels()


@cache
def _operation(function: Special) -> Any:
    from pytensor.tensor.elemwise import Elemwise

    return Elemwise(_scalar_operation(function))


def _scalar_operation(function: Special) -> Any:
    from .kernels.operation import KernelOp

    slopes = (slope.build if isinstance(slope, Slope) else _scalar_operation(slope) for slope in function.partials)
    return KernelOp(function.value, tuple(slopes))


# (x), from 10 on: lgamma(x) - ((x - 1/2) log(x) - x + log(2 pi) / 2)
stirling_error = Special(
    gamma.stirling_error,
    Special(gamma.stirling_slope, Special(gamma.stirling_curvature, gamma.stirling_third_derivative)),
)

log_gamma_p = Special(gamma.log_p, gamma.log_p_shape, gamma.log_p_point)  # (a, x): cdf of gamma(a, 1)
log_gamma_q = Special(gamma.log_q, gamma.log_q_shape, gamma.log_q_point)  # (a, x): its complement
# (a, b, x, 1 - x): cdf of beta(a, b). The gradient flows through x alone.
log_inc_beta = Special(beta.log_inc_beta, beta.log_inc_beta_a, beta.log_inc_beta_b, beta.log_inc_beta_x, beta.zero)
_NO_SLOPE = Slope(lambda *numbers: 0.0)
_inc_beta_fraction = Special(beta.fraction, *[_NO_SLOPE] * 4)
_beta_peak = Special(beta.log_peak, _NO_SLOPE, _NO_SLOPE)
_log_inc_beta_by = Special(
    beta.log_inc_beta_by, _NO_SLOPE, _NO_SLOPE, Special(beta.log_inc_beta_by_x), _NO_SLOPE, _NO_SLOPE, _NO_SLOPE
)


def log_inc_beta_of_data(a: Tensor, b: Tensor, x: Tensor, complement: Tensor) -> Tensor:
    """The same of a and b that are data, in a fraction of the time."""
    return _log_inc_beta_by(a, b, x, complement, _beta_peak(a, b), _inc_beta_fraction(a, b, x, complement))


share_below = Special(beta.inc_beta, beta.inc_beta_a, beta.inc_beta_b, beta.inc_beta_x, beta.zero)  # no logarithm
log_student_t_cdf = Special(  # (z, nu)
    student_t.log_student_t_cdf, student_t.log_student_t_cdf_z, student_t.log_student_t_cdf_nu
)
half_step = Special(gamma_ratio.half_step, gamma_ratio.half_step_slope)  # (x): log(gamma(x + 1/2) / (gamma(x) sqrt(x)))
log_i0_scaled = Special(  # (x): log of the modified Bessel function of order 0, less x
    bessel.log_i0_scaled, bessel.log_i0_scaled_slope
)
skew_normal_tail = Special(skew_normal.tail, Slope(lambda z, alpha: 0.0), Slope(lambda z, alpha: 0.0))
log_skew_normal_cdf = Special(  # (z, alpha, skew_normal_tail(z, alpha)). The gradient flows through z and alpha alone.
    skew_normal.log_skew_normal_cdf,
    skew_normal.log_skew_normal_cdf_z,
    skew_normal.log_skew_normal_cdf_alpha,
    Slope(lambda z, alpha, tail: 0.0),
)
# (y, mu, kappa): the probability of the angles from -pi to y, from y to pi
log_von_mises_cdf = Special(von_mises.log_cdf, von_mises.log_cdf_y, von_mises.log_cdf_mu, von_mises.log_cdf_kappa)
log_von_mises_ccdf = Special(von_mises.log_ccdf, von_mises.log_ccdf_y, von_mises.log_ccdf_mu, von_mises.log_ccdf_kappa)
log_beta_binomial_cdf = Special(  # (n, trials, alpha, beta)
    counts.beta_binomial_log_cdf,
    counts.no_slope,
    counts.no_slope,
    counts.beta_binomial_log_cdf_a,
    counts.beta_binomial_log_cdf_b,
)
log_beta_neg_binomial_cdf = Special(  # (n, r, alpha, beta)
    counts.beta_neg_binomial_log_cdf,
    counts.no_slope,
    counts.beta_neg_binomial_log_cdf_r,
    counts.beta_neg_binomial_log_cdf_a,
    counts.beta_neg_binomial_log_cdf_b,
)
log_beta_neg_binomial_ccdf = Special(
    counts.beta_neg_binomial_log_ccdf,
    counts.no_slope,
    counts.beta_neg_binomial_log_ccdf_r,
    counts.beta_neg_binomial_log_ccdf_a,
    counts.beta_neg_binomial_log_ccdf_b,
)
log_first_passage = Special(  # (u, w): Wiener process started at w leaves (0, 1) at 0 at time u
    wiener.log_first_passage, wiener.log_first_passage_u, wiener.log_first_passage_w
)
