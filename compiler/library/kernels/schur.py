"""The complex Schur decomposition by the shifted QR algorithm (Golub and Van Loan 2013, section 7.5)."""

from __future__ import annotations

from ..graph import np
from .eigen import adjoint, joined, parted

EPSILON = 2.0**-52


def wilkinson_shift(t, last):
    """The eigenvalue of the last two by two block that is nearer to its last element."""
    a, b, c, d = t[last - 1, last - 1], t[last - 1, last], t[last, last - 1], t[last, last]
    half = 0.5 * (a - d)
    root = np.sqrt(half * half + b * c)
    one, other = half + root, half - root
    return d + one if abs(one) < abs(other) else d + other


def schur(z):
    """(U, T) with z = U T U*, U unitary and T upper triangular."""
    t = joined(z)
    n = t.shape[0]
    u = np.eye(n).astype(np.complex128)
    last, steps = n - 1, 0
    while last > 0:
        if np.abs(t[last, :last]).max() <= EPSILON * np.abs(t).max():
            t[last, :last] = 0.0
            last, steps = last - 1, 0
            continue
        steps += 1
        if steps > 500:
            return parted(u * np.nan), parted(t * np.nan)
        shift = wilkinson_shift(t, last)
        if steps % 11 == 10:  # an exceptional shift ends cycles
            shift += abs(t[last, last - 1])
        size = last + 1
        q, r = np.linalg.qr(np.ascontiguousarray(t[:size, :size]) - shift * np.eye(size))
        t[:size, :size] = r @ q + shift * np.eye(size)
        if size < n:
            t[:size, size:] = adjoint(q) @ np.ascontiguousarray(t[:size, size:])
        u[:, :size] = np.ascontiguousarray(u[:, :size]) @ q
    return parted(u), parted(t)


def schur_gradient(z, u_gradient, t_gradient):
    """For functions that do not depend on the phases of U's columns.

    With W = U* dU, whose diagonal is one of those phases, and P = U* dA U: dT = P + T W - W T, whose strictly lower
    part is zero. That determines W's strictly lower part L, column by column, and W = L - L*.
    """
    u, t = schur(z)
    u, t = joined(u), joined(t)
    n = t.shape[0]
    inner = joined(t_gradient)
    for j in range(n):
        inner[j + 1 :, j] = 0.0
    in_w = adjoint(u) @ joined(u_gradient) + adjoint(t) @ inner - inner @ adjoint(t)
    lower = in_w - adjoint(in_w)
    for j in range(n - 1, -1, -1):  # the adjoint of the substitution, in the opposite order
        for i in range(j + 1, n):
            rest = lower[i, j]
            for k in range(j + 1, i):
                rest -= np.conj(t[k, i]) * inner[k, j]
            for k in range(j + 1, i):
                rest += inner[i, k] * np.conj(t[j, k])
            inner[i, j] = rest / np.conj(t[i, i] - t[j, j])
    for j in range(n):
        inner[j + 1 :, j] *= -1
    return parted(u @ inner @ adjoint(u))
