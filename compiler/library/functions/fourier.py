"""Discrete Fourier transforms, as products with the matrix of roots of unity."""

from __future__ import annotations

import math
from typing import Any

from ..graph import pt
from ._axes import length, matrix_transpose
from ._complex import Pair, complex_function


def _transform(z: Pair, direction: int) -> Pair:
    """Along the last axis: the sum over k of z[k] exp(direction 2 pi i j k / n)."""
    n: Any = length(z[0], -1)
    if n == 0:
        return z
    k = pt.arange(n)
    angle = direction * 2 * math.pi / n * ((k[:, None] * k) % n)  # the remainder keeps angles exact
    cosine, sine = pt.cos(angle), pt.sin(angle)
    (x, y) = z
    return pt.dot(x, cosine) - pt.dot(y, sine), pt.dot(x, sine) + pt.dot(y, cosine)


def _divided(z: Pair, n: Any) -> Pair:
    return z[0] / n, z[1] / n


def _both_axes(z: Pair, direction: int) -> Pair:
    x, y = _transform(z, direction)
    x, y = _transform((matrix_transpose(x), matrix_transpose(y)), direction)
    return matrix_transpose(x), matrix_transpose(y)


@complex_function("(complex_vector) => complex_vector", reference="numpy.fft.fft(z)")
def fft(z: Pair) -> Pair:
    """The discrete Fourier transform."""
    return _transform(z, -1)


@complex_function("(complex_vector) => complex_vector", reference="numpy.fft.ifft(z)")
def inv_fft(z: Pair) -> Pair:
    """Its inverse."""
    return _divided(_transform(z, 1), length(z[0], -1))


@complex_function("(complex_matrix) => complex_matrix", reference="numpy.fft.fft2(z)")
def fft2(z: Pair) -> Pair:
    """The discrete Fourier transform along both axes."""
    return _both_axes(z, -1)


@complex_function("(complex_matrix) => complex_matrix", reference="numpy.fft.ifft2(z)")
def inv_fft2(z: Pair) -> Pair:
    """Its inverse."""
    return _divided(_both_axes(z, 1), length(z[0], -1) * length(z[0], -2))
