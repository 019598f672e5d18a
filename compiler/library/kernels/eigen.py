"""Eigenvalues, singular values and their vectors of complex matrices, with gradients.

Matrices come and go as pairs of reals in a last axis. A gradient g of a complex number z means dL = Re(conj(g) dz).
The formulas are those of Boeddeker et al. (2017) and Wan and Zhang (2019); they hold for functions that do not
depend on the arbitrary phase of each vector.
"""

from __future__ import annotations

from ..graph import np


def joined(z):
    """The complex array."""
    return z[..., 0] + 1j * z[..., 1]


def parted(z):
    """Its parts, in a last axis."""
    parts = np.empty((*z.shape, 2))
    parts[..., 0] = z.real
    parts[..., 1] = z.imag
    return parts


def adjoint(z):
    return np.ascontiguousarray(np.conj(z).T)


def gaps(values):
    """values[j] - values[i] off the diagonal and 1 on it."""
    n = values.size
    found = np.ones((n, n), dtype=np.complex128)
    for i in range(n):
        for j in range(n):
            if i != j:
                found[i, j] = values[j] - values[i]
    return found


def eigen(z):
    """(vectors as columns, values) of a square matrix."""
    values, vectors = np.linalg.eig(joined(z))
    return parted(vectors), parted(values)


def eigen_gradient(z, vectors_gradient, values_gradient):
    values, vectors = np.linalg.eig(joined(z))
    overlap = adjoint(vectors) @ joined(vectors_gradient)
    drift = adjoint(vectors) @ vectors
    for j in range(values.size):
        drift[:, j] *= overlap[j, j].real
    inner = (overlap - drift) / np.conj(gaps(values))
    in_values = joined(values_gradient)
    for j in range(values.size):
        inner[j, j] = in_values[j]
    return parted(np.linalg.solve(adjoint(vectors), inner @ adjoint(vectors)))


def hermitian_eigen(z):
    """(vectors as columns, real values as complex numbers, smallest first) of a Hermitian matrix."""
    values, vectors = np.linalg.eigh(joined(z))
    return parted(vectors), parted(values.astype(np.complex128))


def hermitian_eigen_gradient(z, vectors_gradient, values_gradient):
    values, vectors = np.linalg.eigh(joined(z))
    inner = (adjoint(vectors) @ joined(vectors_gradient)) / gaps(values.astype(np.complex128))
    for j in range(values.size):
        inner[j, j] = values_gradient[j, 0]
    gradient = vectors @ inner @ adjoint(vectors)
    return parted(0.5 * (gradient + adjoint(gradient)))


def singular(z):
    """(U, values, V) with z = U diag(values) V*, values largest first."""
    left, values, right = np.linalg.svd(joined(z), full_matrices=False)
    return parted(left), values, parted(adjoint(right))


def singular_gradient(z, left_gradient, values_gradient, right_gradient):
    left, values, right = np.linalg.svd(joined(z), full_matrices=False)
    right = adjoint(right)
    count = values.size
    in_left, in_right = joined(left_gradient), joined(right_gradient)
    twist_left, twist_right = adjoint(left) @ in_left, adjoint(right) @ in_right
    inner = np.zeros((count, count), dtype=np.complex128)
    for i in range(count):
        for j in range(count):
            if i == j:
                inner[i, i] = values_gradient[i] + 1j * twist_left[i, i].imag / values[i]
            else:
                gap = values[j] ** 2 - values[i] ** 2
                inner[i, j] = (twist_left[i, j] - np.conj(twist_left[j, i])) * values[j] / gap
                inner[i, j] += values[i] * (twist_right[i, j] - np.conj(twist_right[j, i])) / gap
    gradient = left @ inner @ adjoint(right)
    if z.shape[0] > count:
        gradient += ((in_left - left @ twist_left) / values) @ adjoint(right)
    if z.shape[1] > count:
        gradient += (left / values) @ adjoint(in_right - right @ twist_right)
    return parted(gradient)
