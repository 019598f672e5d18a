"""The LKJ family: densities of correlation matrices proportional to a power of their determinant."""

from __future__ import annotations

from ..definitions import Tensor
from ..graph import np, pt
from ._factors import length
from ._terms import LOG_PI


def log_normaliser(eta: Tensor, size: Tensor) -> Tensor:
    """The log of the constant that makes det(Omega)^(eta - 1) a density (Lewandowski, Kurowicka & Joe 2009).

    The volume is a product over the K - 1 steps of the C-vine: step k has k partial correlations.
    """
    eta = pt.as_tensor(eta)
    steps = np.arange(1, size)
    if not steps.size:
        return pt.zeros_like(eta)
    beyond = pt.sum(pt.gammaln(eta[..., None] + 0.5 * (size - 1 - steps)), axis=-1)
    return (size - 1) * pt.gammaln(eta + 0.5 * (size - 1)) - beyond - 0.25 * size * (size - 1) * LOG_PI


def static_size(x: Tensor) -> int:
    """The size of a correlation matrix, on which the number of terms depends."""
    size = length(x)
    if not isinstance(size, int):
        raise ValueError("the density of a correlation matrix needs its static size")
    return size
