"""The normal distribution function, its inverse and relatives."""

from __future__ import annotations

from .. import elementary
from ..definitions import Tensor
from ..domains import unless_nan, where
from ..graph import pt
from ..kernels import owens, quantiles
from ..special import Slope, Special
from ..supports import Number, Positive, Probability, Real
from ._axes import ELEMENTWISE, elementwise, within

_owens_t_a: Special = Special(
    owens.owens_t_a,
    Slope(lambda h, a: -h * (1 + a * a) * _owens_t_a(h, a)),
    Slope(lambda h, a: -a * (h * h + 2 / (1 + a * a)) * _owens_t_a(h, a)),
)
_owens_t_h: Special = Special(
    owens.owens_t_h,
    Slope(lambda h, a: -h * _owens_t_h(h, a) - a * (1 + a * a) * _owens_t_a(h, a)),
    Slope(lambda h, a: -h * (1 + a * a) * _owens_t_a(h, a)),
)
_owens_t = Special(owens.owens_t, _owens_t_h, _owens_t_a)
_t_quantile = Special(quantiles.student_t_quantile, quantiles.student_t_quantile_p, quantiles.student_t_quantile_nu)


@elementwise(ELEMENTWISE, reference="scipy.special.erf(x)")
def erf(x: Tensor) -> Tensor:
    """2 / sqrt(pi) times the integral of exp(-t^2) from 0 to x."""
    return pt.erf(x)


@elementwise(ELEMENTWISE, reference="scipy.special.erfc(x)")
def erfc(x: Tensor) -> Tensor:
    """1 - erf(x), exact in the upper tail."""
    return pt.erfc(x)


@elementwise(ELEMENTWISE, reference="scipy.special.erfcinv(x)", domain=unless_nan(x=Real(above=0, below=2)))
def inv_erfc(x: Tensor) -> Tensor:
    """The inverse of erfc."""
    return within(pt.gt(x, 0) & pt.lt(x, 2), elementary.inverse_erfc(x))


@elementwise(ELEMENTWISE, name="Phi", reference="scipy.special.ndtr(x)", domain=where(x=Number()))
def phi(x: Tensor) -> Tensor:
    """The standard normal cumulative distribution function."""
    return elementary.normal_cdf(x)


@elementwise(ELEMENTWISE, name="Phi_approx", reference="scipy.special.expit(0.07056 * x**3 + 1.5976 * x)")
def phi_approx(x: Tensor) -> Tensor:
    """A logistic approximation of Phi."""
    return elementary.normal_approximation(x)


@elementwise(ELEMENTWISE, name="inv_Phi", reference="scipy.special.ndtri(p)", domain=where(p=Probability()))
def inverse_phi(p: Tensor) -> Tensor:
    """The standard normal quantile function."""
    return elementary.normal_quantile(p)


@elementwise(ELEMENTWISE, reference="scipy.special.ndtri(p)", domain=where(p=Probability()))
def std_normal_qf(p: Tensor) -> Tensor:
    """The standard normal quantile function."""
    return elementary.normal_quantile(p)


@elementwise(ELEMENTWISE, reference="scipy.special.ndtri_exp(log_p)", domain=where(log_p=Real(upper=0)))
def std_normal_log_qf(log_p: Tensor) -> Tensor:
    """The standard normal quantile function of a probability given by its logarithm."""
    return elementary.normal_log_quantile(log_p)


NUMBERS = "real|vector|row_vector|array[] real"


@elementwise(
    "(real, real, real, real) => real",
    f"({NUMBERS}, {NUMBERS}, {NUMBERS}, {NUMBERS}) => vector",
    reference="mu + sigma * scipy.stats.t.ppf(p, nu)",
    domain=(*where(p=Probability()), *where(nan=False, nu=Positive(), sigma=Real(above=0))),
)
def student_t_qf(p: Tensor, nu: Tensor, mu: Tensor, sigma: Tensor) -> Tensor:
    """The quantile function of student_t(nu, mu, sigma)."""
    return mu + sigma * _t_quantile(p, nu)


@elementwise("(real, real) => real elementwise", reference="scipy.special.owens_t(h, a)")
def owens_t(h: Tensor, a: Tensor) -> Tensor:
    """Owen's T: the probability that X > h and 0 < Y < a X for independent standard normal X and Y."""
    return _owens_t(h, a)
