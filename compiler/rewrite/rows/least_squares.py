"""sum of squares of A phi = sum of squares of R phi, for A = Q R with orthogonal Q: as few rows as columns.

A residual that is linear in parameters, with known coefficients, is A phi: phi holds the parameters and 1, a column of
A their coefficients (the outcome is the coefficient of 1). Where parameters are gathered by group, each
group of rows has a phi of its own and is reduced by itself. An orthogonal transformation is as accurate as the sum
itself: nothing is squared that was not squared before, so no centring is needed. Golub and Van Loan, Matrix
Computations, section 5.3; rows that vanish to rounding are dropped.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytensor.scalar as ps
import pytensor.tensor as pt
from pytensor.graph.basic import Variable
from pytensor.tensor.elemwise import DimShuffle, Elemwise
from pytensor.tensor.math import Dot
from scipy.linalg import qr

from .definition import RowRewrite
from .expressions import Data, NotByRow, Rebuilt, Rows, is_scalar, keeps_order, spread

WORTH = 0.6  # numbers read, as a part of those read before, at which the shorter sum pays
FEWEST = 16  # rows
WIDEST = 200  # columns


@dataclass(frozen=True)
class Piece:
    """coefficients (rows, k) times a vector of k parameters, times or divided by factors that vary with the row.

    Without a vector (None) there is one column.
    """

    coefficients: np.ndarray
    vector: Variable | None = None
    factors: tuple[Variable, ...] = ()
    divisors: tuple[Variable, ...] = ()

    def scaled(self, by: np.ndarray) -> Piece:
        return Piece(self.coefficients * by[:, None], self.vector, self.factors, self.divisors)


def linear(variable: Variable, rows: Rows) -> list[Piece]:
    """The pieces whose sum an expression is; raises NotByRow."""
    data = rows.data
    if data.known(variable):
        return [Piece(spread(data.value(variable), rows.shape)[:, None].astype("float64"))]
    node = variable.owner
    match None if node is None else node.op:
        case Elemwise(scalar_op=ps.Add()):
            return [piece for operand in node.inputs for piece in linear(operand, rows)]
        case Elemwise(scalar_op=ps.Sub()):
            left, right = (linear(operand, rows) for operand in node.inputs)
            return left + [piece.scaled(np.full(rows.size, -1.0)) for piece in right]
        case Elemwise(scalar_op=ps.Neg()):
            return [piece.scaled(np.full(rows.size, -1.0)) for piece in linear(node.inputs[0], rows)]
        case Elemwise(scalar_op=ps.Mul()):
            return _product(node, rows)
        case Elemwise(scalar_op=ps.TrueDiv()):
            above, below = node.inputs
            if data.known(below):
                return [piece.scaled(1.0 / spread(data.value(below), rows.shape)) for piece in linear(above, rows)]
            rows.find(below)
            return [
                Piece(piece.coefficients, piece.vector, piece.factors, (*piece.divisors, below))
                for piece in linear(above, rows)
            ]
        case DimShuffle() if not is_scalar(variable) and keeps_order(node.op) and rows.shape == variable.type.shape:
            inner = node.inputs[0]
            if inner.owner is not None and isinstance(inner.owner.op, Dot) and node.op.drop:
                matrix, vector = inner.owner.inputs
                if data.known(matrix) and vector.type.shape[-1] == 1 and data.value(matrix).shape[1] <= WIDEST:
                    return [Piece(data.value(matrix).astype("float64"), vector.flatten())]
    rows.find(variable)
    return [Piece(np.ones((rows.size, 1)), None, (variable,))]


def _product(node: Any, rows: Rows) -> list[Piece]:
    """Known factors scale; of the others the one with most pieces is linear, the rest vary with the row."""
    known = [operand for operand in node.inputs if rows.data.known(operand)]
    others = [operand for operand in node.inputs if not rows.data.known(operand)]
    scale = np.ones(rows.size)
    for operand in known:
        scale = scale * spread(rows.data.value(operand), rows.shape)
    sums = [operand for operand in others if not is_scalar(operand) and operand.type.shape == rows.shape]
    inner = sums[0] if sums else others[0]
    factors = list(others)
    factors.remove(inner)
    for factor in factors if sums else others:
        rows.find(factor)
    pieces = linear(inner, rows) if sums else [Piece(np.ones((rows.size, 1)), None, (inner,))]
    return [
        Piece(piece.coefficients * scale[:, None], piece.vector, (*piece.factors, *factors), piece.divisors)
        for piece in pieces
    ]


def merged(pieces: list[Piece]) -> list[Piece]:
    """Pieces with the same parameters as one."""
    found: dict[Any, Piece] = {}
    for piece in pieces:
        key = (piece.vector, tuple(sorted(map(id, piece.factors))), tuple(sorted(map(id, piece.divisors))))
        if key in found:
            coefficients = found[key].coefficients + piece.coefficients
            piece = Piece(coefficients, piece.vector, piece.factors, piece.divisors)
        found[key] = piece
    return list(found.values())


def shorten(term: Any, data: Data) -> Any | None:
    """The sum of scalar * (linear expression)**2 over fewer rows."""
    scalars, square = _square(term)
    if square is None or None in term.type.shape or is_scalar(term):
        return None
    rows = Rows(data, term.type.shape)
    if rows.size < FEWEST:
        return None
    try:
        pieces = merged(linear(square, rows))
    except NotByRow:
        return None
    reduced = _reduce(pieces, rows)
    if reduced is None:
        return None
    coefficients, chosen = reduced
    rebuilt = Rebuilt(rows, chosen)
    total = None
    start = 0
    for piece in pieces:
        width = piece.coefficients.shape[1]
        part = coefficients[:, start : start + width]
        start += width
        product = data.input(part[:, 0]) if piece.vector is None else pt.dot(data.input(part), piece.vector)
        for factor in piece.factors:
            product = product * rebuilt.expression(factor)
        for divisor in piece.divisors:
            product = product / rebuilt.expression(divisor)
        total = product if total is None else total + product
    result = pt.sum(pt.sqr(total))
    for scalar in scalars:
        result = result * (scalar.dimshuffle() if scalar.type.ndim else scalar)
    return result


def _square(term: Any) -> tuple[list[Any], Any]:
    """Scalar factors and what is squared, None where the term is not like that."""
    node = term.owner
    match None if node is None else node.op:
        case Elemwise(scalar_op=ps.Sqr()):
            return [], node.inputs[0]
        case Elemwise(scalar_op=ps.Mul()):
            scalars = [operand for operand in node.inputs if is_scalar(operand)]
            others = [operand for operand in node.inputs if not is_scalar(operand)]
            if len(others) == 1 and others[0].owner is not None:
                inner = others[0].owner
                if isinstance(inner.op, Elemwise) and isinstance(inner.op.scalar_op, ps.Sqr):
                    return scalars, inner.inputs[0]
    return [], None


def _reduce(pieces: list[Piece], rows: Rows) -> tuple[np.ndarray, np.ndarray] | None:
    """Fewer rows of coefficients with the same sum of squares, and an old row for each; None if it does not pay."""
    width = sum(piece.coefficients.shape[1] for piece in pieces)
    varying = sum(int(np.ptp(piece.coefficients, axis=0).astype(bool).sum()) for piece in pieces)
    gathered = len(rows.columns)
    before = rows.size * (varying + 2 * gathered)
    most = int(WORTH * before / (width + 2 * gathered))
    if width > WIDEST or width >= rows.size:
        return None
    codes = rows.codes(list(rows.columns.values()), most)
    if codes is None:
        return None
    coefficients = np.hstack([piece.coefficients for piece in pieces])
    if not np.all(np.isfinite(coefficients)):
        return None
    order = np.argsort(codes, kind="stable")
    blocks, chosen = [], []
    for group in np.split(order, np.flatnonzero(np.diff(codes[order])) + 1):
        block = _triangle(coefficients[group])
        blocks.append(block)
        chosen += [group[0]] * len(block)
    if len(chosen) > most:
        return None
    return np.vstack(blocks), np.array(chosen, dtype=np.int64)


def _triangle(block: np.ndarray) -> np.ndarray:
    """R of a block's QR decomposition, columns in their order, without rows that vanish."""
    if len(block) == 1:
        return block
    triangle, pivots = qr(block, mode="r", pivoting=True, check_finite=False)
    triangle = triangle[: min(block.shape)]
    sizes = np.abs(triangle).max(axis=1)
    kept = triangle[sizes > 1e-15 * sizes.max(initial=0.0)]
    result = np.empty_like(kept)
    result[:, pivots] = kept
    return result


def _example() -> tuple[Any, Any, dict[Any, np.ndarray]]:
    q = pt.vector("q", shape=(7,))
    x, y = pt.matrix("x", shape=(60, 3)), pt.vector("y", shape=(60,))
    group = pt.lvector("group", shape=(60,))
    rng = np.random.default_rng(0)
    values = {x: rng.normal(size=(60, 3)), y: rng.normal(5.0, 1.0, 60), group: np.repeat([0, 1], 30)}
    residual = (y - q[group] - pt.dot(x, q[2:5]) - q[5]) / pt.exp(q[6])
    return q, pt.sum(-0.5 * residual**2), values


rewrite = RowRewrite("least_squares", "sum of squares of Q R phi = sum of squares of R phi", shorten, _example)
