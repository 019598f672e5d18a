"""Kernels that draw random vectors and matrices (see `kernels/`)."""

from __future__ import annotations

import math

from ..graph import np
from ..kernels.matrices import identity, solve_lower_in_place, transposed


def normal_vector(rng, factor, scale):
    """scale L z for standard normal z."""
    size = factor.shape[0]
    z = np.empty(size)
    out = np.zeros(size)
    for i in range(size):
        z[i] = rng.standard_normal()
    for i in range(size):
        for k in range(i + 1):
            out[i] += scale * factor[i, k] * z[k]
    return out


def weighted_normal_rows(rng, factor, w):
    """Rows L z / sqrt(w[i]) for standard normal z."""
    rows = np.empty((w.shape[0], factor.shape[0]))
    for i in range(w.shape[0]):
        rows[i] = normal_vector(rng, factor, 1 / math.sqrt(w[i]))
    return rows


def bartlett(rng, nu, size):
    """The Cholesky factor of a Wishart matrix with identity scale (Bartlett 1934); nan for nu <= size - 1."""
    out = np.zeros((size, size))
    if not nu > size - 1:
        out[0, 0] = math.nan
        return out
    for i in range(size):
        out[i, i] = math.sqrt(rng.chisquare(nu - i))
        for j in range(i):
            out[i, j] = rng.standard_normal()
    return out


def lkj_factor(rng, size, eta):
    """The Cholesky factor of an LKJ correlation matrix, from beta partial correlations (the C-vine)."""
    out = np.zeros((size, size))
    rest = np.ones(size)  # what is left of each row's unit length
    for j in range(size):
        out[j, j] = math.sqrt(rest[j])
        shape = eta + 0.5 * (size - 2 - j)
        for i in range(j + 1, size):
            partial = 2 * rng.beta(shape, shape) - 1
            out[i, j] = partial * math.sqrt(rest[i])
            rest[i] *= 1 - partial * partial
    return out


def multinomial_counts(rng, probabilities, total):
    """Counts of each category, by binomial draws from what is left."""
    size = probabilities.shape[0]
    counts = np.zeros(size, np.int64)
    left, mass = total, 0.0
    for k in range(size):
        mass += probabilities[k]
    for k in range(size - 1):
        if left > 0 and mass > 0:
            counts[k] = rng.binomial(left, min(1.0, max(0.0, probabilities[k] / mass)))
        left -= counts[k]
        mass -= probabilities[k]
    if size > 0:
        counts[size - 1] = left
    return counts


def dirichlet_weights(rng, alpha):
    """Normalised gamma variables; small alpha are drawn on the log scale, so that they do not all vanish."""
    size = alpha.shape[0]
    out = np.empty(size)
    largest = -math.inf
    for k in range(size):
        # gamma(a) = gamma(a + 1) u^(1/a)
        out[k] = math.log(rng.standard_gamma(alpha[k] + 1)) + math.log(1 - rng.random()) / alpha[k]
        largest = max(largest, out[k])
    total = 0.0
    for k in range(size):
        out[k] = math.exp(out[k] - largest)
        total += out[k]
    for k in range(size):
        out[k] /= total
    return out


def inverse_bartlett(rng, nu, size):
    """R with R R' the inverse of a Wishart matrix with identity scale: R = A'^-1 for its factor A."""
    inverse = identity(size)
    solve_lower_in_place(bartlett(rng, nu, size), inverse)
    return transposed(inverse)
