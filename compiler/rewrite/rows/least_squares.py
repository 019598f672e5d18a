"""sum of squares of A phi = sum of squares of R phi, for A = Q R with orthogonal Q: as few rows as columns.

A residual that is linear in parameters, with known coefficients, is A phi: phi holds the parameters and 1, a column of
A their coefficients (the outcome is the coefficient of 1). `reduction` finds R.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pytensor.scalar as ps
import pytensor.tensor as pt
from pytensor.tensor.elemwise import DimShuffle, Elemwise
from pytensor.tensor.math import Dot

from ...library.definitions import Tensor
from ..patterns import is_scalar
from .definition import RowRewrite
from .expressions import Data, NotByRow, Rebuilt, Rows, keeps_order, spread
from .reduction import Family, Reduced, reduce_rows

WORTH = 0.6  # numbers read, as a part of those read before, at which the shorter sum pays
FEWEST = 16  # rows
WIDEST = 200  # columns


@dataclass(frozen=True)
class Piece:
    """coefficients (rows, k) times a vector of k parameters, times or divided by factors that vary with the row.

    Without a vector (None) there is one column.
    """

    coefficients: np.ndarray
    vector: Tensor | None = None
    factors: tuple[Tensor, ...] = ()
    divisors: tuple[Tensor, ...] = ()

    def scaled(self, by: np.ndarray) -> Piece:
        return Piece(self.coefficients * by[:, None], self.vector, self.factors, self.divisors)


def linear(variable: Tensor, rows: Rows) -> list[Piece]:
    """The pieces whose sum an expression is, one for the same parameters; raises NotByRow, also where they are wide."""
    if variable not in rows.notes:
        rows.notes[variable] = merged(_linear(variable, rows))
    pieces: list[Piece] = rows.notes[variable]
    if sum(piece.coefficients.shape[1] for piece in pieces) > WIDEST:
        raise NotByRow("too many columns")
    return pieces


def _linear(variable: Tensor, rows: Rows) -> list[Piece]:
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
        pieces = linear(square, rows)
    except NotByRow:
        return None
    reduced = _reduce(pieces, rows)
    if reduced is None:
        return None
    rebuilt = Rebuilt(rows, reduced.chosen)
    bases = _bases(pieces)
    total = None
    start = 0
    for piece in pieces:
        stop = start + piece.coefficients.shape[1]
        parts = reduced.coefficients[:, start:stop], reduced.centres[:, start:stop]
        product = _rebuilt(piece, bases.get(id(piece)), *parts, rebuilt)
        start = stop
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


def _rebuilt(piece: Piece, base: Piece | None, coefficients: np.ndarray, centres: np.ndarray, rebuilt: Rebuilt) -> Any:
    """A piece over the new rows: (its value - its centre) times what it shares with the outcome."""
    new = rebuilt.rows.data.input
    factors = list(piece.factors) if base is None else _beyond(piece.factors, base.factors)
    value = None
    for factor in factors or ():
        one = rebuilt.expression(factor)
        value = one if value is None else value * one
    if piece.vector is not None:
        vector = piece.vector - new(centres[0]) if centres.any() else piece.vector
        product = pt.dot(new(coefficients), vector)
        product = product if value is None else product * value
    else:
        product = new(coefficients[:, 0])
        if value is not None:
            product = product * (value - new(centres[:, 0]) if centres.any() else value)
    for factor in () if base is None else base.factors:
        product = product * rebuilt.expression(factor)
    for divisor in piece.divisors:
        product = product / rebuilt.expression(divisor)
    return product


def _beyond(factors: tuple[Tensor, ...], common: tuple[Tensor, ...]) -> list[Tensor] | None:
    """The factors besides those in common; None where they do not have these in common."""
    rest = list(factors)
    for factor in common:
        if factor not in rest:
            return None
        rest.remove(factor)
    return rest


def _bases(pieces: list[Piece]) -> dict[int, Piece]:
    """For each piece that is an outcome's (coefficients times factors) times something: the outcome, by id."""
    found: dict[int, Piece] = {}
    for base in sorted((p for p in pieces if p.vector is None), key=lambda piece: len(piece.factors)):
        for piece in pieces:
            same = sorted(map(id, piece.divisors)) == sorted(map(id, base.divisors))
            if same and piece is not base and id(base) not in found and id(piece) not in found:
                rest = _beyond(piece.factors, base.factors)
                if rest is not None and not (piece.vector is not None and rest):
                    found[id(piece)] = base
    return found


def _reduce(pieces: list[Piece], rows: Rows) -> Reduced | None:
    """The pieces' coefficients over fewer rows; None if it does not pay."""
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
    columns = np.hstack([piece.coefficients for piece in pieces])
    if not np.all(np.isfinite(columns)):
        return None
    return reduce_rows(columns, codes, _families(pieces), most)


def _families(pieces: list[Piece]) -> list[Family]:
    """The columns of each outcome and of the parameters that are to fit it."""
    starts = np.cumsum([0, *(piece.coefficients.shape[1] for piece in pieces)])
    places = {id(p): range(first, last) for p, (first, last) in zip(pieces, pairwise(starts), strict=True)}
    bases = _bases(pieces)
    found = []
    for base in {id(base): base for base in bases.values()}.values():
        mine = [piece for piece in pieces if bases.get(id(piece)) is base]
        shared = [column for piece in mine if piece.vector is not None for column in places[id(piece)]]
        own = [column for piece in mine if piece.vector is None for column in places[id(piece)]]
        found.append(Family(places[id(base)][0], tuple(shared), tuple(own)))
    return found


def _example() -> tuple[Any, Any, dict[Any, np.ndarray]]:
    q = pt.vector("q", shape=(7,))
    x, y = pt.matrix("x", shape=(60, 3)), pt.vector("y", shape=(60,))
    group = pt.lvector("group", shape=(60,))
    rng = np.random.default_rng(0)
    values = {x: rng.normal(size=(60, 3)), y: rng.normal(5.0, 1.0, 60), group: np.repeat([0, 1], 30)}
    residual = (y - q[group] - pt.dot(x, q[2:5]) - q[5]) / pt.exp(q[6])
    return q, pt.sum(-0.5 * residual**2), values


rewrite = RowRewrite("least_squares", "sum of squares of Q R phi = sum of squares of R phi", shorten, _example)
