"""The LKJ family: densities of correlation matrices proportional to a power of their determinant."""

from __future__ import annotations

from ..definitions import Tensor
from ..elementary import log_gamma
from ..graph import pt
from ._factors import count
from ._terms import LOG_PI


def log_normaliser(eta: Tensor, size: Tensor) -> Tensor:
    """The log of the constant that makes det(Omega)^(eta - 1) a density (Lewandowski, Kurowicka & Joe 2009).

    The volume is a product over the K - 1 steps of the C-vine: step k has k partial correlations.
    """
    eta, size = pt.as_tensor(eta), pt.maximum(size, 1)  # a matrix without elements is as sure as one with one
    steps = count(1, size)
    beyond = pt.sum(log_gamma(eta[..., None] + 0.5 * (size - 1 - steps)), axis=-1)
    return (size - 1) * log_gamma(eta + 0.5 * (size - 1)) - beyond - 0.25 * size * (size - 1) * LOG_PI
