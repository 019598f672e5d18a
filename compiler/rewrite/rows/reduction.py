"""Known rows of coefficients as fewer rows with the same sum of squares.

sum of squares of A phi = sum of squares of R phi for A = Q R with orthogonal Q; phi holds the parameters and 1, whose
coefficient is the outcome. Golub and Van Loan, Matrix Computations, section 5.3. Where parameters are gathered by
group, each group of rows has a phi of its own and is reduced by itself.

A residual is small next to its terms when the parameters are near values c that fit the data. Row by row that
cancellation is nearly exact, but a row of R stands for many rows, and its rounding counts as often. So the fit is
taken out of the outcome first: y + X b = (y + X c) + X (b - c), and no large terms are left to cancel. What is still
not reproduced to `ACCURACY` is not reduced.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...library.graph import linalg

ACCURACY = 1e-9  # of gradients, relative to the length of a column times that of the residuals
WITHOUT_CENTRES = 1e-12  # the same where nothing need be taken out: centres cost time in each evaluation
VANISHING = 4e-16  # of a column's length
OPEN = 1e-6  # part of a direction's length below which the data do not say what fits: the values there stay small


@dataclass(frozen=True)
class Family:
    """Columns with one divisor: the outcome's, those of parameters of all rows, those of a group's own parameters."""

    known: int
    shared: tuple[int, ...]
    own: tuple[int, ...]


@dataclass(frozen=True)
class Reduced:
    """Element k of the residual is the sum over j of coefficients[k, j] * (phi[j] - centres[k, j]).

    Row k stands for group `owners[k]` of the old rows, to which the old row `chosen[k]` belongs. Shared columns have
    one centre.
    """

    coefficients: np.ndarray
    centres: np.ndarray
    chosen: np.ndarray
    owners: np.ndarray


def reduce_rows(columns: np.ndarray, codes: np.ndarray, families: Sequence[Family], most: int) -> Reduced | None:
    """Fewer rows, at most `most`; None where they would be more or not accurate."""
    order = np.argsort(codes, kind="stable")
    groups = np.split(order, np.flatnonzero(np.diff(codes[order])) + 1)
    centred = columns.copy()
    fit = np.zeros((len(groups), columns.shape[1]))
    for family in families:
        _take_fit_out(centred, fit, family, groups)
    if not (np.all(np.isfinite(fit)) and np.all(np.isfinite(centred))):
        return None
    left = float(np.linalg.norm(centred[:, [family.known for family in families]].sum(axis=1)))
    for candidate, centres, accuracy in ((columns, np.zeros_like(fit), WITHOUT_CENTRES), (centred, fit, ACCURACY)):
        reduced = _reduced(candidate, centres, groups)
        if len(reduced.chosen) <= most and _reproduces(reduced, columns, fit, left, groups, families, accuracy):
            return reduced
    return None


def _reduced(columns: np.ndarray, centres: np.ndarray, groups: Sequence[np.ndarray]) -> Reduced:
    lengths = np.sqrt(np.einsum("ij,ij->j", columns, columns))
    blocks = [_triangle(columns[group], VANISHING * lengths) for group in groups]
    owners = np.repeat(np.arange(len(groups)), [len(block) for block in blocks])
    chosen = np.array([group[0] for group in groups], dtype=np.int64)[owners]
    return Reduced(np.vstack(blocks), centres[owners], chosen, owners)


def _take_fit_out(centred: np.ndarray, centres: np.ndarray, family: Family, groups: Sequence[np.ndarray]) -> None:
    """Put the values that fit a family's outcome best into `centres`, and what they leave of it into `centred`.

    The shared ones are found from what the groups' own columns cannot explain (Frisch, Waugh and Lovell).
    """
    shared, own, known = list(family.shared), list(family.own), family.known
    if shared:
        rest = centred[:, [*shared, known]]
        for group in groups if own else ():
            mine = centred[np.ix_(group, own)]
            rest[group] -= mine @ _solution(mine, rest[group])
        centres[:, shared] = -_solution(rest[:, :-1], rest[:, -1])
        centred[:, known] += centred[:, shared] @ centres[0, shared]
    for number, group in enumerate(groups if own else ()):
        mine = centred[np.ix_(group, own)]
        centres[number, own] = -_solution(mine, centred[group, known])
        centred[group, known] += mine @ centres[number, own]


def _solution(matrix: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Least squares, whatever the columns' units."""
    lengths = np.sqrt(np.einsum("ij,ij->j", matrix, matrix))
    lengths[lengths == 0] = 1.0
    found = np.linalg.lstsq(matrix / lengths, right, rcond=OPEN)[0]
    return np.asarray(found / (lengths if right.ndim == 1 else lengths[:, None]))


def _triangle(block: np.ndarray, vanishing: np.ndarray) -> np.ndarray:
    """R of a block's QR decomposition, columns in their order, without rows that vanish.

    With the longest rows first, rows of very different weights keep their digits (Cox and Higham 1998).
    """
    if len(block) == 1:
        return block
    order = np.argsort(-np.abs(block).max(axis=1), kind="stable")
    triangle, pivots = linalg.qr(block[order], mode="r", pivoting=True, check_finite=False)
    result = np.empty((min(block.shape), block.shape[1]))
    result[:, pivots] = triangle[: min(block.shape)]
    return result[np.any(np.abs(result) > vanishing, axis=1)]


def _reproduces(
    reduced: Reduced,
    columns: np.ndarray,
    fit: np.ndarray,
    left: float,
    groups: Sequence[np.ndarray],
    families: Sequence[Family],
    accuracy: float,
) -> bool:
    """Whether value and gradient are the same, off the fit by as much as the data leave open, and near 0.

    `left` is the length of the residuals of the fit.
    """
    known = [family.known for family in families]
    own = [column for family in families for column in family.own]
    others = [column for column in range(columns.shape[1]) if column not in known]
    lengths = np.sqrt(np.einsum("ij,ij->j", columns, columns))
    size = left or np.linalg.norm(columns[:, known].sum(axis=1)) or 1.0
    steps = size / np.where(lengths > 0, lengths, 1.0) * np.random.default_rng(0).normal(size=(1, columns.shape[1]))
    number = np.empty(len(columns), dtype=np.int64)
    for one, group in enumerate(groups):
        number[group] = one
    for values in (fit + steps, np.repeat(steps, len(groups), axis=0)):
        values[:, known] = 1.0
        common = values[0].copy()
        common[own] = 0.0
        full = columns @ common + np.einsum("ij,ij->i", columns[:, own], values[np.ix_(number, own)])
        short = np.einsum("ij,ij->i", reduced.coefficients, values[reduced.owners] - reduced.centres)
        length = np.linalg.norm(full)
        differences = (columns.T @ full - reduced.coefficients.T @ short)[others]
        if not np.all(np.abs(differences) <= accuracy * lengths[others] * length):
            return False
        if not abs(length**2 - short @ short) <= accuracy * length**2:
            return False
    return True
