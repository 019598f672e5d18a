"""A normal approximation from the steps of an ascent (Zhang, Carpenter, Gelman and Vehtari 2022, appendix).

The inverse of the negative Hessian is alpha plus a matrix of low rank, in L-BFGS's compact form

    H = diag(alpha) + U K U',  U = [diag(alpha) Y, S R^-T],  K = [[0, -I], [-I, D + Y' diag(alpha) Y]],

with the last steps S and changes of gradient Y as columns, R the upper triangle of S'Y and D its diagonal. With
diag(alpha)^-1/2 U = Q T (a thin QR), H = diag(alpha)^1/2 (I + Q (T K T') Q') diag(alpha)^1/2, so that drawing costs
no more than a few products of n by 10 matrices.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from pplc.runtime.contract import Array


@dataclass(frozen=True)
class Normal:
    """A normal distribution with covariance A (I - Q Q' + Q L L' Q') A, A diagonal."""

    mean: Array
    deviation: Array  # the diagonal of A, shape (size,)
    basis: Array  # Q, shape (size, rank)
    factor: Array  # L, shape (rank, rank)

    def covariance_factor(self) -> Array:
        """The lower Cholesky factor of the covariance, shape (size, size)."""
        whitened = (
            np.eye(len(self.mean))
            + self.basis @ (self.factor @ self.factor.T - np.eye(len(self.factor))) @ self.basis.T
        )
        return np.linalg.cholesky(self.deviation[:, None] * whitened * self.deviation)

    def precision(self) -> Array:
        """The diagonal of the inverse covariance, shape (size,): the scales of each coordinate given the others."""
        inverse = np.linalg.inv(self.factor)
        inner = self.basis @ (inverse.T @ inverse - np.eye(len(self.factor)))
        return (1.0 + (inner * self.basis).sum(axis=1)) / self.deviation**2

    def draw(self, count: int, random: np.random.Generator) -> tuple[Array, Array]:
        """Draws, shape (count, size), and their log densities."""
        noise = random.standard_normal((count, len(self.mean)))
        inner = noise @ self.basis
        whitened = noise + (inner @ self.factor.T - inner) @ self.basis.T
        log_scale = np.log(self.deviation).sum() + np.log(np.diag(self.factor)).sum()
        log_density = -0.5 * (noise**2).sum(axis=1) - log_scale - 0.5 * len(self.mean) * np.log(2 * np.pi)
        return self.mean + self.deviation * whitened, log_density


def next_diagonal(alpha: Array, step: Array, change: Array) -> Array:
    """The diagonal after a step that changed the gradient (Gilbert and Lemarechal 1989)."""
    a = change @ (alpha * change)
    b = step @ change
    c = step @ (step / alpha)
    return b / (a / alpha + change**2 - (a / c) * (step / alpha) ** 2)


def approximate(position: Array, gradient: Array, alpha: Array, steps: Array, changes: Array) -> Normal | None:
    """The approximation at a point of the ascent; `steps` and `changes` have shape (size, pairs). None if singular."""
    pairs = steps.shape[1]
    deviation = np.sqrt(alpha)
    if pairs:
        products = steps.T @ changes
        inverse_steps = np.linalg.solve(np.triu(products), steps.T).T
        low_rank = np.concatenate([deviation[:, None] * changes, inverse_steps / deviation[:, None]], axis=1)
        basis, triangle = np.linalg.qr(low_rank)
        kernel = np.zeros((2 * pairs, 2 * pairs))
        kernel[:pairs, pairs:] = kernel[pairs:, :pairs] = -np.eye(pairs)
        kernel[pairs:, pairs:] = np.diag(np.diag(products)) + changes.T @ (alpha[:, None] * changes)
        inner = triangle @ kernel @ triangle.T
    else:
        basis, inner = np.empty((len(position), 0)), np.empty((0, 0))
    try:
        factor = np.linalg.cholesky(np.eye(len(inner)) + 0.5 * (inner + inner.T))
    except np.linalg.LinAlgError:
        return None
    scaled = deviation * gradient
    along = scaled @ basis
    mean = position + deviation * (scaled + basis @ (factor @ (factor.T @ along) - along))
    return Normal(mean, deviation, basis, factor)
