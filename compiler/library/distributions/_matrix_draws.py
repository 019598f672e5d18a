"""Kernels for random vectors and matrices: plain loops that Numba compiles (see `kernels/`)."""

from __future__ import annotations

import math

from ..graph import np


def factor_of(x):
    """The lower Cholesky factor; nan on and below the diagonal from the row where x is not positive definite."""
    size = x.shape[0]
    factor = np.zeros((size, size))
    for i in range(size):
        for j in range(i + 1):
            rest = x[i, j]
            for k in range(j):
                rest -= factor[i, k] * factor[j, k]
            if i > j:
                factor[i, j] = rest / factor[j, j]
            else:
                factor[i, i] = math.sqrt(rest) if rest > 0 else math.nan
    return factor


def product(a, b):
    """a b for matrices."""
    out = np.zeros((a.shape[0], b.shape[1]))
    for i in range(a.shape[0]):
        for k in range(a.shape[1]):
            for j in range(b.shape[1]):
                out[i, j] += a[i, k] * b[k, j]
    return out


def square_of(factor):
    """L L'."""
    size = factor.shape[0]
    out = np.empty((size, size))
    for i in range(size):
        for j in range(i + 1):
            total = 0.0
            for k in range(factor.shape[1]):
                total += factor[i, k] * factor[j, k]
            out[i, j] = out[j, i] = total
    return out


def solve_lower_in_place(factor, columns):
    """columns = L^-1 columns."""
    size = factor.shape[0]
    for j in range(columns.shape[1]):
        for i in range(size):
            rest = columns[i, j]
            for k in range(i):
                rest -= factor[i, k] * columns[k, j]
            columns[i, j] = rest / factor[i, i]


def identity(size):
    out = np.zeros((size, size))
    for i in range(size):
        out[i, i] = 1.0
    return out


def transposed(x):
    """A new array, the transpose of x."""
    out = np.empty((x.shape[1], x.shape[0]))
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            out[j, i] = x[i, j]
    return out


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


def bartlett(rng, nu, size):
    """The Cholesky factor of a Wishart matrix with identity scale (Bartlett 1934)."""
    out = np.zeros((size, size))
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
