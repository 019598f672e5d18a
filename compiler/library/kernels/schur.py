"""The complex Schur decomposition by the shifted QR algorithm (Golub and Van Loan 2013, section 7.5).

Everything is a rotation G = [c, s; -s*, c] of two rows, c real, whose adjoint turns the columns; U is held adjoint,
so that it is turned by rows as well.
"""

from __future__ import annotations

import math

from ..graph import np
from .complex_matrices import adjoint, joined, parts, times
from .matrices import identity
from .symmetric import EPSILON, largest_element, scale_of

STEPS = 40  # for one eigenvalue, on average; it needs two or three


def schur(z):
    """(U, T) with z = U T U*, U unitary and T upper triangular; nan where z is not finite."""
    a, b, x, y = decomposed(z)
    a, b = adjoint(a, b)
    return joined(a, b), joined(x, y)


def decomposed(z):
    """The parts of U* and of T."""
    size = z.shape[0]
    a, b = identity(size), np.zeros((size, size))
    x, y = parts(z)
    largest = largest_element(z.reshape((size, 2 * size)))
    scale = scale_of(largest) if largest < math.inf else math.nan
    multiply(x, y, scale)
    multiply(a, b, scale - scale + 1.0)
    if largest < math.inf:
        to_hessenberg(x, y, a, b)
        if not to_triangle(x, y, a, b):
            multiply(x, y, math.nan)
            multiply(a, b, math.nan)
    multiply(x, y, 1.0 / scale)
    return a, b, x, y


def multiply(x, y, factor):
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            x[i, j] *= factor
            y[i, j] *= factor


def to_hessenberg(x, y, a, b):
    """Zeros below the first subdiagonal."""
    size = x.shape[0]
    for k in range(size - 2):
        for i in range(k + 2, size):
            if x[i, k] != 0.0 or y[i, k] != 0.0:
                c, s, r = rotation(x[k + 1, k], y[k + 1, k], x[i, k], y[i, k])
                turn_rows(x, y, k + 1, i, c, s, r, k)
                turn_columns(x, y, k + 1, i, c, s, r, size)
                turn_rows(a, b, k + 1, i, c, s, r, 0)
            x[i, k], y[i, k] = 0.0, 0.0


def to_triangle(x, y, a, b):
    """Whether that succeeded."""
    last, steps, total = x.shape[0] - 1, 0, 0
    while last > 0:
        first = last
        while first > 0 and not negligible(x, y, first):
            first -= 1
        if first > 0:
            x[first, first - 1], y[first, first - 1] = 0.0, 0.0
        if first == last:
            last, steps = last - 1, 0
            continue
        steps, total = steps + 1, total + 1
        if total > STEPS * x.shape[0]:
            return False
        step_of_qr(x, y, a, b, first, last, steps % 11 == 10)
    return True


def negligible(x, y, place):
    """Whether the element left of the diagonal is negligible next to its neighbours on it."""
    near = abs(x[place, place]) + abs(y[place, place])
    near += abs(x[place - 1, place - 1]) + abs(y[place - 1, place - 1])
    return abs(x[place, place - 1]) + abs(y[place, place - 1]) <= EPSILON * near


def step_of_qr(x, y, a, b, first, last, exceptional):
    """One step with Wilkinson's shift on a block; an exceptional shift ends cycles."""
    size = x.shape[0]
    p, q = wilkinson_shift(x, y, last)
    if exceptional:
        p += abs(x[last, last - 1]) + abs(y[last, last - 1])
    rotations = np.empty((size, 3))
    for k in range(first, last + 1):
        x[k, k] -= p
        y[k, k] -= q
    for k in range(first, last):
        c, s, r = rotation(x[k, k], y[k, k], x[k + 1, k], y[k + 1, k])
        rotations[k, 0], rotations[k, 1], rotations[k, 2] = c, s, r
        turn_rows(x, y, k, k + 1, c, s, r, k)
        x[k + 1, k], y[k + 1, k] = 0.0, 0.0
        turn_rows(a, b, k, k + 1, c, s, r, 0)
    for k in range(first, last):
        turn_columns(x, y, k, k + 1, rotations[k, 0], rotations[k, 1], rotations[k, 2], k + 2)
    for k in range(first, last + 1):
        x[k, k] += p
        y[k, k] += q


def wilkinson_shift(x, y, last):
    """The eigenvalue of the block's last two by two that is nearer to its last element."""
    low = last - 1
    u, v = 0.5 * (x[low, low] - x[last, last]), 0.5 * (y[low, low] - y[last, last])
    c, d = x[low, last], y[low, last]
    e, f = x[last, low], y[last, low]
    g, h = root(u * u - v * v + c * e - d * f, 2.0 * u * v + c * f + d * e)
    if u * g + v * h > 0.0:  # the smaller one of (u, v) + (g, h) and (u, v) - (g, h)
        g, h = -g, -h
    return x[last, last] + u + g, y[last, last] + v + h


def root(x, y):
    """The square root of x + iy, in the right half plane."""
    size = math.sqrt(x * x + y * y)
    main = math.sqrt(0.5 * (size + abs(x)))
    if main == 0.0:
        return 0.0, 0.0
    other = 0.5 * abs(y) / main
    if x < 0.0:
        main, other = other, main
    return main, (-other if y < 0.0 else other)


def rotation(x, y, u, v):
    """c and the parts of s with G (x + iy, u + iv) = (r, 0)."""
    one, other = math.sqrt(x * x + y * y), math.sqrt(u * u + v * v)
    if other == 0.0:
        return 1.0, 0.0, 0.0
    if one == 0.0:
        return 0.0, u / other, -v / other
    length = math.sqrt(one * one + other * other)
    c, s = x / one, y / one
    return one / length, (c * u + s * v) / length, (s * u - c * v) / length


def turn_rows(x, y, one, other, c, s, r, first):
    """Rows of G (x + iy), from a column on."""
    a, b, u, v = x[one], y[one], x[other], y[other]
    for j in range(first, x.shape[1]):
        p, q, t, w = a[j], b[j], u[j], v[j]
        a[j] = c * p + s * t - r * w
        b[j] = c * q + s * w + r * t
        u[j] = c * t - s * p - r * q
        v[j] = c * w - s * q + r * p


def turn_columns(x, y, one, other, c, s, r, count):
    """Columns of (x + iy) G*, the first `count` rows."""
    for i in range(min(count, x.shape[0])):
        p, q, t, w = x[i, one], y[i, one], x[i, other], y[i, other]
        x[i, one] = c * p + s * t + r * w
        y[i, one] = c * q + s * w - r * t
        x[i, other] = c * t - s * p + r * q
        y[i, other] = c * w - s * q - r * p


def schur_gradient(z, u_gradient, t_gradient):
    """For functions that do not depend on the phases of U's columns.

    With W = U* dU, whose diagonal is one of those phases, and P = U* dA U: dT = P + T W - W T, whose strictly lower
    part is zero. That determines W's strictly lower part L, column by column, and W = L - L*.
    """
    a, b, x, y = decomposed(z)  # U* and T
    size = x.shape[0]
    p, q = parts(t_gradient)  # the gradient in P
    for j in range(size):
        for i in range(j + 1, size):
            p[i, j], q[i, j] = 0.0, 0.0
    g, h = parts(u_gradient)
    c, d = adjoint(x, y)
    u, v = times(a, b, g, h)
    add_product(u, v, 1.0, c, d, p, q)
    add_product(u, v, -1.0, p, q, c, d)
    for j in range(size - 1, -1, -1):  # the adjoint of the substitution, in the opposite order
        for i in range(j + 1, size):
            e, f = u[i, j] - u[j, i], v[i, j] + v[j, i]
            for k in range(j + 1, i):  # - conj(T_ki) P_kj
                e -= x[k, i] * p[k, j] + y[k, i] * q[k, j]
                f -= x[k, i] * q[k, j] - y[k, i] * p[k, j]
            for k in range(j + 1, i):  # + P_ik conj(T_jk)
                e += p[i, k] * x[j, k] + q[i, k] * y[j, k]
                f += q[i, k] * x[j, k] - p[i, k] * y[j, k]
            gap, other = x[i, i] - x[j, j], y[i, i] - y[j, j]
            size_of_gap = gap * gap + other * other
            p[i, j] = (e * gap - f * other) / size_of_gap
            q[i, j] = (f * gap + e * other) / size_of_gap
    for j in range(size):
        for i in range(j + 1, size):
            p[i, j], q[i, j] = -p[i, j], -q[i, j]
    c, d = adjoint(a, b)
    c, d = times(c, d, p, q)
    c, d = times(c, d, a, b)
    return joined(c, d)


def add_product(u, v, weight, a, b, c, d):
    """u + iv += weight (a + ib) (c + id)."""
    x, y = times(a, b, c, d)
    for i in range(u.shape[0]):
        for j in range(u.shape[1]):
            u[i, j] += weight * x[i, j]
            v[i, j] += weight * y[i, j]
