"""Complex matrices as pairs of real ones: their parts, products and adjoints."""

from __future__ import annotations

from ..graph import np
from .matrices import add, product, transposed


def parts(z):
    """The real and the imaginary matrix of pairs in a last axis."""
    x, y = np.empty((z.shape[0], z.shape[1])), np.empty((z.shape[0], z.shape[1]))
    for i in range(z.shape[0]):
        for j in range(z.shape[1]):
            x[i, j], y[i, j] = z[i, j, 0], z[i, j, 1]
    return x, y


def joined(x, y):
    """The reverse of `parts`."""
    z = np.empty((x.shape[0], x.shape[1], 2))
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            z[i, j, 0], z[i, j, 1] = x[i, j], y[i, j]
    return z


def times(a, b, c, d):
    """(a + ib) (c + id)."""
    x, y = product(a, c), product(a, d)
    add(x, -1.0, product(b, d))
    add(y, 1.0, product(b, c))
    return x, y


def adjoint(x, y):
    out = transposed(y)
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = -out[i, j]
    return transposed(x), out
