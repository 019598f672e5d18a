"""Eigenvalues, singular values and their vectors of complex matrices, with derivatives of every order.

A complex number is a pair of reals in a last axis; a gradient g of it means dL = Re(g* dz). The formulas are those for
real matrices with adjoints in the place of transposes (Boeddeker et al. 2017, Wan and Zhang 2019). They hold for
functions that do not depend on the arbitrary phase of each vector.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytensor.tensor as pt
from pytensor.gradient import DisconnectedType
from pytensor.graph.basic import Apply
from pytensor.tensor.blockwise import Blockwise

from ..kernels.complex_singular import complex_singular
from ..kernels.general import eigen
from ..kernels.hermitian import hermitian_eigen
from .array_kernel import ArrayKernel, zeros_if_unused
from .eigen import NOISE

type Pair = tuple[Any, Any]  # real and imaginary matrix

EIGEN = "(n,n,c)->(n,n,c),(n,c)"


class Hermitian(ArrayKernel):
    """(vectors as columns, real values as complex numbers, smallest first) of the Hermitian part of a matrix."""

    def __init__(self) -> None:
        super().__init__(hermitian_eigen, None, EIGEN)

    def perform(self, node: Apply, inputs: Sequence[Any], outputs: list[list[Any]]) -> None:
        z = _joined(inputs[0])
        values, vectors = np.linalg.eigh(0.5 * (z + z.conj().T)) if _finite(z) else (z[:, 0] * np.nan, z * np.nan)
        outputs[0][0], outputs[1][0] = _parted(vectors), _parted(values)

    def pullback(self, inputs: Sequence[Any], outputs: Sequence[Any], output_gradients: Sequence[Any]) -> list[Any]:
        in_vectors, in_values = zeros_if_unused(outputs, output_gradients)
        vectors, values = parts(outputs[0]), outputs[1][:, 0]
        gaps = values[None, :] - values[:, None]
        off = 1 - pt.eye(values.shape[0])
        x, y = turn(vectors, parts(in_vectors))
        a, b = product(vectors, divided((off * x, off * y), gaps, by_pairs(noise_of(in_vectors))))
        left = a + vectors[0] * in_values[:, 0], b + vectors[1] * in_values[:, 0]
        return [whole(product(left, adjoint(vectors)))]


class General(ArrayKernel):
    """(vectors of length 1 as columns, values) of a square matrix."""

    def __init__(self) -> None:
        super().__init__(eigen, None, EIGEN)

    def perform(self, node: Apply, inputs: Sequence[Any], outputs: list[list[Any]]) -> None:
        z = _joined(inputs[0])
        values, vectors = np.linalg.eig(z) if _finite(z) else (z[:, 0] * np.nan, z * np.nan)
        outputs[0][0], outputs[1][0] = _parted(vectors), _parted(values)

    def pullback(self, inputs: Sequence[Any], outputs: Sequence[Any], output_gradients: Sequence[Any]) -> list[Any]:
        """V* (g_V - the part that changes lengths) / gaps + diag(g_w), in the basis of the columns of V."""
        in_vectors, in_values = zeros_if_unused(outputs, output_gradients)
        vectors, (u, v) = parts(outputs[0]), parts(outputs[1])
        unit = pt.eye(u.shape[0])
        inner: Pair = (unit * in_values[:, 0], unit * in_values[:, 1])
        if not isinstance(output_gradients[0].type, DisconnectedType):
            overlap = product(adjoint(vectors), parts(in_vectors))
            lengths = product(adjoint(vectors), vectors)
            along = pt.sum(unit * overlap[0], axis=0)
            moved = overlap[0] - lengths[0] * along, overlap[1] - lengths[1] * along
            gaps = u[None, :] - u[:, None], v[:, None] - v[None, :]  # the conjugates of w_j - w_i
            off = 1 - unit
            x, y = quotient((off * moved[0], off * moved[1]), gaps, by_pairs(noise_of(in_vectors)))
            inner = inner[0] + x, inner[1] + y
        return [whole(solved(adjoint(vectors), product(inner, adjoint(vectors))))]


class Singular(ArrayKernel):
    """(U, values, V) with z = U diag(values) V*, the values largest first."""

    def __init__(self) -> None:
        super().__init__(complex_singular, None, "(m,n,c)->(m,least,c),(least),(n,least,c)")

    def perform(self, node: Apply, inputs: Sequence[Any], outputs: list[list[Any]]) -> None:
        z = _joined(inputs[0])
        left, values, right = np.linalg.svd(np.where(np.isfinite(z), z, 0), full_matrices=False)
        bad = 1.0 if _finite(z) else np.nan
        outputs[0][0], outputs[1][0], outputs[2][0] = _parted(bad * left), bad * values, _parted(bad * right.conj().T)

    def pullback(self, inputs: Sequence[Any], outputs: Sequence[Any], output_gradients: Sequence[Any]) -> list[Any]:
        """As for real matrices (`singular`); (A - B)_ii is what a phase common to both vectors leaves alone."""
        in_left, in_values, in_right = zeros_if_unused(outputs, output_gradients)
        left, values, right = parts(outputs[0]), outputs[1], parts(outputs[2])
        a, b = turn(left, parts(in_left)), turn(right, parts(in_right))
        noise = by_pairs(noise_of(in_left) + noise_of(in_right))
        off = 1 - pt.eye(values.shape[0])
        gaps, sums = values[None, :] - values[:, None], values[None, :] + values[:, None]
        c, d = divided((off * (a[0] + b[0]), off * (a[1] + b[1])), gaps, noise)
        e, f = divided((a[0] - b[0], a[1] - b[1]), sums, noise)
        x, y = product(left, (c + e, d + f))
        gradient = product((x + left[0] * in_values, y + left[1] * in_values), adjoint(right))
        for z in (
            product(outside(left, in_left, values), adjoint(right)),
            adjoint(product(outside(right, in_right, values), adjoint(left))),
        ):
            gradient = gradient[0] + z[0], gradient[1] + z[1]
        return [whole(gradient)]


# Pairs of matrices ------------------------------------------------------------------------------


def parts(z: Any) -> Pair:
    return z[..., 0], z[..., 1]


def whole(z: Pair) -> Any:
    return pt.stack(z, axis=-1)


def product(z: Pair, w: Pair) -> Pair:
    (a, b), (c, d) = z, w
    return a @ c - b @ d, a @ d + b @ c


def adjoint(z: Pair) -> Pair:
    return z[0].T, -z[1].T


def turn(vectors: Pair, in_vectors: Pair) -> Pair:
    """What a gradient says of turning vectors among themselves: the anti-Hermitian part of V* g."""
    x, y = product(adjoint(vectors), in_vectors)
    return 0.5 * (x - x.T), 0.5 * (y + y.T)


def outside(vectors: Pair, in_vectors: Any, values: Any) -> Pair:
    """The part of a gradient in vectors that is orthogonal to them all, over the values."""
    x, y = product(vectors, product(adjoint(vectors), parts(in_vectors)))
    rest = in_vectors[..., 0] - x, in_vectors[..., 1] - y
    return divided(rest, values[None, :], noise_of(in_vectors)[None, :])


def noise_of(in_vectors: Any) -> Any:
    """The rounding errors of products with the columns of a gradient."""
    return NOISE * pt.sqrt(pt.sum(pt.sqr(in_vectors), axis=(0, 2)))


def by_pairs(noise: Any) -> Any:
    return noise[None, :] + noise[:, None]


def is_noise(z: Pair, noise: Any) -> Any:
    return pt.le(pt.sqr(z[0]) + pt.sqr(z[1]), pt.sqr(noise))


def divided(z: Pair, gaps: Any, noise: Any) -> Pair:
    """z / gaps by elements, 0 where z is noise."""
    nothing = is_noise(z, noise)
    safe = pt.switch(nothing, 1.0, gaps)
    return pt.switch(nothing, 0.0, z[0]) / safe, pt.switch(nothing, 0.0, z[1]) / safe


def quotient(z: Pair, w: Pair, noise: Any) -> Pair:
    """z / w by elements, 0 where z is noise."""
    (a, b), (c, d) = z, w
    nothing = is_noise(z, noise)
    size = pt.switch(nothing, 1.0, pt.sqr(c) + pt.sqr(d))
    return pt.switch(nothing, 0.0, a * c + b * d) / size, pt.switch(nothing, 0.0, b * c - a * d) / size


def solved(z: Pair, w: Pair) -> Pair:
    """z^-1 w as a real system of twice the size: [[a, -b], [b, a]] [x, y] = [c, d]."""
    (a, b), (c, d) = z, w
    system = pt.join(0, pt.join(1, a, -b), pt.join(1, b, a))
    both = pt.linalg.solve(system, pt.join(0, c, d), b_ndim=2)
    n = a.shape[-1]
    return both[:n], both[n:]


# Complex arrays, where a graph is evaluated without compiling it --------------------------------


def _joined(z: Any) -> Any:
    return z[..., 0] + 1j * z[..., 1]


def _parted(z: Any) -> Any:
    return np.stack([z.real, z.imag], axis=-1)


def _finite(z: Any) -> bool:
    return bool(np.isfinite(z).all())


hermitian_eigenpairs = Blockwise(Hermitian())
eigenpairs = Blockwise(General())
complex_singular_parts = Blockwise(Singular())
