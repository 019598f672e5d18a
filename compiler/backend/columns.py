"""Matrices kept by columns: transposes of arrays in memory, as parameters are and products with tall data matrices.

What is computed from them element by element is kept likewise, so that loops over their many rows meet neighbours.
"""

from __future__ import annotations

from collections.abc import Sequence

from .arrays import Array, Constant, Index, Reindex, Source, variable

MANY = 32  # rows
SWAP = (variable(1), variable(0))


def by_columns(array: Array) -> bool:
    """Whether an array is the transpose of another one."""
    return isinstance(array, Reindex) and array.index == SWAP and array.shape == array.operand.shape[::-1]


def transposed(matrix: Array) -> Array:
    """The transpose of a matrix: of one that is kept by columns, what is in memory."""
    if isinstance(matrix, Reindex) and by_columns(matrix):
        return matrix.operand
    if isinstance(matrix, Constant):
        return Constant(matrix.shape[::-1], matrix.kind, matrix.value)
    if isinstance(matrix, Source) and 1 in matrix.shape:
        return Source(matrix.shape[::-1], matrix.kind, matrix.buffer, matrix.offset)
    index = tuple(Index() if size == 1 else one for size, one in zip(matrix.shape, SWAP, strict=True))
    return Reindex(matrix.shape[::-1], matrix.kind, matrix, index)


def spreads(shape: tuple[int, ...], operands: Sequence[Array]) -> bool:
    """Whether a result of this shape is better kept by columns, as one of the operands is."""
    if len(shape) != 2 or shape[0] < MANY or shape[1] < 2:
        return False
    return any(operand.shape == shape and by_columns(operand) for operand in operands)
