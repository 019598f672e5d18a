"""Logit, its inverse and their logarithms; softmax; complementary log-log."""

from __future__ import annotations

from .. import elementary
from ..definitions import Tensor, function
from ..domains import not_empty
from ..graph import pt
from ._axes import ELEMENTWISE, ELEMENTWISE_2, elementwise


@elementwise(ELEMENTWISE, reference="scipy.special.expit(x)")
def inv_logit(x: Tensor) -> Tensor:
    """1 / (1 + exp(-x))."""
    return pt.sigmoid(x)


@elementwise(ELEMENTWISE, reference="scipy.special.logit(x)")
def logit(x: Tensor) -> Tensor:
    """log(x / (1 - x))."""
    return elementary.logit(x)


@elementwise(ELEMENTWISE, reference="-numpy.logaddexp(0, -x)")
def log_inv_logit(x: Tensor) -> Tensor:
    """log(inv_logit(x))."""
    return -pt.softplus(-x)


@elementwise(ELEMENTWISE, reference="-numpy.logaddexp(0, x)")
def log1m_inv_logit(x: Tensor) -> Tensor:
    """log(1 - inv_logit(x))."""
    return -pt.softplus(x)


@elementwise(ELEMENTWISE_2, reference="numpy.log(scipy.special.expit(x) - scipy.special.expit(y))")
def log_inv_logit_diff(x: Tensor, y: Tensor) -> Tensor:
    """log(inv_logit(x) - inv_logit(y)) for x > y."""
    return pt.log1mexp(y - x) - pt.softplus(-x) - pt.softplus(y)


@elementwise(ELEMENTWISE, reference="-numpy.expm1(-numpy.exp(x))")
def inv_cloglog(x: Tensor) -> Tensor:
    """1 - exp(-exp(x))."""
    return elementary.inverse_cloglog(x)


@elementwise("(int, real) => real elementwise", reference="-(n * numpy.log(p) + (1 - n) * numpy.log1p(-p))")
def binary_log_loss(n: Tensor, p: Tensor) -> Tensor:
    """Minus the log probability of outcome n (0 or 1) under the prediction p."""
    return -pt.switch(pt.neq(n, 0), pt.log(p), pt.log1p(-p))


SOFTMAX = "(T) => T for T in vector|row_vector|array[] vector|array[] row_vector"


@function(SOFTMAX, reference="scipy.special.softmax(x, axis=-1)")
def softmax(x: Tensor) -> Tensor:
    """exp(x) / sum(exp(x))."""
    return x if x.type.shape[-1] == 0 else pt.special.softmax(x, axis=-1)


@function(SOFTMAX, reference="scipy.special.log_softmax(x, axis=-1)", domain=(not_empty("x"),))
def log_softmax(x: Tensor) -> Tensor:
    """log(softmax(x))."""
    return pt.special.log_softmax(x, axis=-1)
