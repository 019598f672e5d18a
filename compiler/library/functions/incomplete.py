"""Incomplete gamma and beta functions, and the inverse of the latter."""

from __future__ import annotations

from ..definitions import Tensor
from ..domains import unless_nan, where
from ..kernels import incomplete, quantiles
from ..special import Special, share_below
from ..supports import Probability, Real
from ._axes import elementwise

_gamma_p = Special(incomplete.gamma_p, incomplete.gamma_p_a, incomplete.gamma_p_x)
_gamma_q = Special(incomplete.gamma_q, incomplete.gamma_q_a, incomplete.gamma_q_x)
_inv_inc_beta = Special(
    quantiles.inv_inc_beta, quantiles.inv_inc_beta_a, quantiles.inv_inc_beta_b, quantiles.inv_inc_beta_p
)


@elementwise(
    "(real, real) => real elementwise",
    reference="scipy.special.gammainc(a, x)",
    domain=unless_nan(a=Real(above=0), x=Real(lower=0)),
)
def gamma_p(a: Tensor, x: Tensor) -> Tensor:
    """The lower regularised incomplete gamma function: the cdf of gamma(a, 1)."""
    return _gamma_p(a, x)


@elementwise(
    "(real, real) => real elementwise",
    reference="scipy.special.gammaincc(a, x)",
    domain=unless_nan(a=Real(above=0), x=Real(lower=0)),
)
def gamma_q(a: Tensor, x: Tensor) -> Tensor:
    """1 - gamma_p(a, x), exact in the upper tail."""
    return _gamma_q(a, x)


@elementwise(
    "(real, real, real) => real",
    reference="scipy.special.betainc(a, b, x)",
    domain=where(a=Real(above=0), b=Real(above=0), x=Probability()),
)
def inc_beta(a: Tensor, b: Tensor, x: Tensor) -> Tensor:
    """The regularised incomplete beta function: the cdf of beta(a, b)."""
    return share_below(a, b, x, 1 - x)


@elementwise(
    "(real, real, real) => real",
    reference="scipy.special.betaincinv(a, b, p)",
    domain=where(a=Real(above=0), b=Real(above=0), p=Probability()),
)
def inv_inc_beta(a: Tensor, b: Tensor, p: Tensor) -> Tensor:
    """The quantile function of beta(a, b)."""
    return _inv_inc_beta(a, b, p)
