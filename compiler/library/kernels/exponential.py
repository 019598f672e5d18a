"""The matrix exponential by scaling, a Pade approximant and squaring (Higham 2005), and its derivative.

The derivative goes through the same steps with a direction beside each matrix (Al-Mohy and Higham 2009), scaled by
the norm of the matrix alone, so that a large direction costs no accuracy.
"""

from __future__ import annotations

import math

from ..graph import np
from .matrices import add, copied, product, transposed

# The largest norms at which the approximant of a degree, and its derivative, are exact to rounding.
THETA_3, THETA_5, THETA_7, THETA_9, THETA_13 = 1.07e-2, 1.99e-1, 7.83e-1, 1.78, 4.74


def largest_column(x):
    """The 1-norm; nan where an element is not finite."""
    largest = 0.0
    for j in range(x.shape[1]):
        total = 0.0
        for i in range(x.shape[0]):
            total += abs(x[i, j])
        if not total < 1e300:
            return math.nan
        largest = max(largest, total)
    return largest


def degree_of(norm):
    if norm <= THETA_3:
        return 3
    if norm <= THETA_5:
        return 5
    if norm <= THETA_7:
        return 7
    return 9 if norm <= THETA_9 else 13


def squarings_of(norm):
    """How often to halve a matrix before, and square its exponential after; 0 where the norm is nan."""
    count = 0
    while norm > THETA_13:
        norm *= 0.5
        count += 1
    return count


def scaled(x, factor):
    out = np.zeros((x.shape[0], x.shape[1]))
    add(out, factor, x)
    return out


def add_to_diagonal(x, number):
    for i in range(x.shape[0]):
        x[i, i] += number


def solve(a, b):
    """a^-1 b, by elimination with partial pivoting."""
    size = a.shape[0]
    rest, out = copied(a), copied(b)
    for k in range(size):
        best = k
        for i in range(k + 1, size):
            if abs(rest[i, k]) > abs(rest[best, k]):
                best = i
        if best != k:
            for j in range(size):
                kept = rest[k, j]
                rest[k, j] = rest[best, j]
                rest[best, j] = kept
                kept = out[k, j]
                out[k, j] = out[best, j]
                out[best, j] = kept
        for i in range(k + 1, size):
            share = rest[i, k] / rest[k, k]
            for j in range(k + 1, size):
                rest[i, j] -= share * rest[k, j]
            for j in range(size):
                out[i, j] -= share * out[k, j]
    for step in range(size):
        i = size - 1 - step
        for k in range(i + 1, size):
            for j in range(size):
                out[i, j] -= rest[i, k] * out[k, j]
        for j in range(size):
            out[i, j] /= rest[i, i]
    return out


def exponential(x):
    """exp(x) of a square matrix."""
    norm = largest_column(x)
    degree, squarings = degree_of(norm), squarings_of(norm)
    size = x.shape[0]
    a = scaled(x, 0.5**squarings if norm < 1e300 else math.nan)
    square = product(a, a)
    power = np.zeros((size, size))
    even, odd = np.zeros((size, size)), np.zeros((size, size))  # the approximant is (even + a odd) / (even - a odd)
    coefficient = 1.0
    add_to_diagonal(power, 1.0)
    for k in range(degree + 1):
        if k > 0:
            coefficient *= (degree - k + 1.0) / (k * (2.0 * degree - k + 1.0))
        if k % 2 == 1:
            add(odd, coefficient, power)
        else:
            if k > 0:
                power = product(power, square)
            add(even, coefficient, power)
    odd = product(a, odd)
    add(even, -1.0, odd)
    out = scaled(solve(even, odd), 2.0)
    add_to_diagonal(out, 1.0)
    for _ in range(squarings):
        out = product(out, out)
    return out


def product_derivative(a, in_a, b, in_b):
    """The derivative of a b."""
    out = product(a, in_b)
    add(out, 1.0, product(in_a, b))
    return out


def derivative(x, direction):
    """The derivative of exp(x) in a direction; each `in_y` is that of y in `exponential`."""
    norm = largest_column(x)
    degree, squarings = degree_of(norm), squarings_of(norm)
    size = x.shape[0]
    factor = 0.5**squarings if norm < 1e300 else math.nan
    a, in_a = scaled(x, factor), scaled(direction, factor)
    square, in_square = product(a, a), product_derivative(a, in_a, a, in_a)
    power, in_power = np.zeros((size, size)), np.zeros((size, size))
    even, in_even = np.zeros((size, size)), np.zeros((size, size))
    odd, in_odd = np.zeros((size, size)), np.zeros((size, size))
    coefficient = 1.0
    add_to_diagonal(power, 1.0)
    for k in range(degree + 1):
        if k > 0:
            coefficient *= (degree - k + 1.0) / (k * (2.0 * degree - k + 1.0))
        if k % 2 == 1:
            add(odd, coefficient, power)
            add(in_odd, coefficient, in_power)
        else:
            if k > 0:
                in_power = product_derivative(power, in_power, square, in_square)
                power = product(power, square)
            add(even, coefficient, power)
            add(in_even, coefficient, in_power)
    in_odd = product_derivative(a, in_a, odd, in_odd)
    odd = product(a, odd)
    add(even, -1.0, odd)
    add(in_even, -1.0, in_odd)
    out = solve(even, odd)
    add(in_odd, -1.0, product(in_even, out))
    in_out = scaled(solve(even, in_odd), 2.0)
    out = scaled(out, 2.0)
    add_to_diagonal(out, 1.0)
    for _ in range(squarings):
        in_out = product_derivative(out, in_out, out, in_out)
        out = product(out, out)
    return in_out


def exponential_gradient(x, gradient):
    """The adjoint of the derivative in x is the derivative in x'."""
    return derivative(transposed(x), gradient)


# exp(x) y


def multiplied(x, y):
    return product(exponential(x), y)


def multiplied_gradient_x(x, y, gradient):
    return exponential_gradient(x, product(gradient, transposed(y)))


def multiplied_gradient_y(x, y, gradient):
    return product(exponential(transposed(x)), gradient)


def multiplied_gradient(x, y, gradient):
    return multiplied_gradient_x(x, y, gradient), multiplied_gradient_y(x, y, gradient)
