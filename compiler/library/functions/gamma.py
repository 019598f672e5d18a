"""The gamma function, its logarithm, derivatives and ratios; beta functions and binomial coefficients."""

from __future__ import annotations

from .. import elementary
from ..definitions import Condition, Tensor, function
from ..domains import relation, unless_nan, where
from ..graph import np, pt
from ..kernels import gamma_ratio
from ..special import Slope, Special
from ..supports import Integer, Number, Real
from ._axes import ELEMENTWISE, ELEMENTWISE_2, align, elementwise, within

LOG_PI = 1.1447298858494002

# (x, n): log(gamma(x + n) / gamma(x)), digamma(x + n) - digamma(x)
_digamma_rise = Special(
    gamma_ratio.digamma_rise,
    Slope(lambda x, n: elementary.trigamma(x + n) - elementary.trigamma(x)),
    Slope(lambda x, n: elementary.trigamma(x + n)),
)
log_gamma_ratio = Special(gamma_ratio.log_gamma_ratio, _digamma_rise, Slope(lambda x, n: elementary.digamma(x + n)))

_POLES = Condition(("x",), "not be 0 or a negative integer", lambda x: pt.gt(x, 0) | pt.neq(x, pt.floor(x)), nan=False)


@elementwise(ELEMENTWISE, reference="scipy.special.gamma(x)", domain=(_POLES,))
def tgamma(x: Tensor) -> Tensor:
    """The gamma function."""
    return pt.gamma(x)


@elementwise(ELEMENTWISE, reference="scipy.special.gammaln(x)")
def lgamma(x: Tensor) -> Tensor:
    """The logarithm of the absolute value of the gamma function."""
    return elementary.log_gamma(x)


@elementwise(ELEMENTWISE, reference="scipy.special.digamma(x)")
def digamma(x: Tensor) -> Tensor:
    """The derivative of lgamma."""
    return elementary.digamma(x)


@elementwise(ELEMENTWISE, reference="scipy.special.polygamma(1, x)")
def trigamma(x: Tensor) -> Tensor:
    """The second derivative of lgamma."""
    return elementary.trigamma(x)


@elementwise("(int, real) => real elementwise", reference="scipy.special.multigammaln(x, int(n))")
def lmgamma(n: Tensor, x: Tensor) -> Tensor:
    """The logarithm of the multivariate gamma function of dimension n."""
    j = pt.arange(_largest(n), dtype="float64")
    terms = pt.switch(pt.lt(j, n[..., None]), elementary.log_gamma(x[..., None] - 0.5 * j), 0.0)
    return within(pt.ge(n, 0), 0.25 * LOG_PI * n * (n - 1) + pt.sum(terms, axis=-1))


# Beta functions ---------------------------------------------------------------------------------


@elementwise(ELEMENTWISE_2, reference="scipy.special.betaln(x, y)", domain=unless_nan(x=Real(lower=0), y=Real(lower=0)))
def lbeta(x: Tensor, y: Tensor) -> Tensor:
    """The logarithm of the beta function."""
    return within(pt.ge(x, 0) & pt.ge(y, 0), pt.switch(pt.isinf(x + y), -np.inf, elementary.log_beta(x, y)))


@elementwise(ELEMENTWISE_2, reference="scipy.special.beta(x, y)")
def beta(x: Tensor, y: Tensor) -> Tensor:
    """The beta function: tgamma(x) tgamma(y) / tgamma(x + y)."""
    return pt.exp(elementary.log_beta(x, y))


@elementwise(
    ELEMENTWISE_2,
    reference="numpy.log(scipy.special.binom(n, k))",
    domain=(
        *unless_nan(n=Real(lower=-1), k=Real(lower=-1)),
        relation("k", "n", "at most n + 1", lambda k, n: ~(k > n + 1)),
    ),
)
def lchoose(n: Tensor, k: Tensor) -> Tensor:
    """The logarithm of the binomial coefficient, continued to reals."""
    inside = pt.ge(n, -1) & pt.ge(k, -1) & pt.le(k, n + 1)
    rest = pt.maximum(n - k, -1)  # by itself: n + 1 may be n
    return within(inside, -pt.log1p(n) - elementary.log_beta(rest + 1, k + 1))


@function(
    "(int, int) => int elementwise",
    reference="scipy.special.binom(n, k).astype(int)",
    domain=where(nan=False, n=Integer(lower=0), k=Integer(lower=0)),
)
def choose(n: Tensor, k: Tensor) -> Tensor:
    """The binomial coefficient; 0 for k > n."""
    n, k = align(n, k)
    impossible = pt.gt(k, n) | pt.lt(k, 0)
    k = pt.switch(impossible, 0, pt.minimum(k, n - k))
    j = pt.arange(1, _largest(k) + 1)
    factors = pt.switch(pt.le(j, k[..., None]), (n[..., None] - k[..., None] + j) / j, 1.0)
    return pt.switch(impossible, 0, pt.cast(pt.round(pt.prod(factors, axis=-1)), "int64"))


def _largest(n: Tensor) -> Tensor:
    """The largest of some integers, and at least 0: there may be none."""
    return pt.max(pt.concatenate([pt.zeros(1, dtype="int64"), pt.flatten(n)])) if n.ndim else n


# Factorials -------------------------------------------------------------------------------------


def _factorial_product(x: Tensor, n: Tensor, step: int) -> Tensor:
    """x (x + step) (x + 2 step) ... with n factors."""
    x, n = align(x, n)
    j = pt.arange(_largest(n))
    factors = pt.switch(pt.lt(j, n[..., None]), x[..., None] + step * j, 1)
    product = pt.prod(factors, axis=-1)
    return product if product.dtype.startswith("int") else within(pt.ge(n, 0) & ~pt.isnan(x), product)


@function(
    "(real, int) => real elementwise",
    "(int, int) => int elementwise",
    reference="scipy.special.poch(x, n)",
    domain=(*where(nan=False, n=Integer(lower=0)), *where(x=Number())),
)
def rising_factorial(x: Tensor, n: Tensor) -> Tensor:
    """x (x + 1) ... (x + n - 1)."""
    return _factorial_product(x, n, 1)


@function(
    "(real, int) => real elementwise",
    "(int, int) => int elementwise",
    reference="scipy.special.poch(x - n + 1, n)",
    domain=(*where(nan=False, n=Integer(lower=0)), *where(x=Number())),
)
def falling_factorial(x: Tensor, n: Tensor) -> Tensor:
    """x (x - 1) ... (x - n + 1)."""
    return _factorial_product(x, n, -1)


@elementwise(ELEMENTWISE_2, reference="numpy.log(scipy.special.poch(x, n))", domain=unless_nan(x=Real(above=0)))
def log_rising_factorial(x: Tensor, n: Tensor) -> Tensor:
    """log(tgamma(x + n) / tgamma(x))."""
    return within(pt.gt(x, 0), log_gamma_ratio(x, n))


@elementwise(ELEMENTWISE_2, reference="numpy.log(scipy.special.poch(x - n + 1, n))", domain=unless_nan(x=Real(above=0)))
def log_falling_factorial(x: Tensor, n: Tensor) -> Tensor:
    """log(tgamma(x + 1) / tgamma(x - n + 1))."""
    return within(pt.gt(x, 0), -log_gamma_ratio(x + 1, -n))
