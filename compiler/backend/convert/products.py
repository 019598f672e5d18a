"""Products of matrices: large ones by kernels over matrices in memory, small ones inside the loops around them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pytensor.graph.basic import Apply
from pytensor.tensor.blas import BatchedDot
from pytensor.tensor.math import Dot

from ..arrays import Array, Call, Reduction, Reindex, variable
from ..columns import by_columns, transposed
from ..matrix_kernels import products_of_rows, sums_of_rows
from ..schedule import LONG_LOOP, UNROLL_SUMS, UNROLL_TOTAL
from .elementwise import elementwise, reduction, reindex
from .registry import Converter, convert

LARGE = 16  # rows and columns from which a product is large whatever its shape
LONG = 32  # of one side, where the others are more than a loop over it writes out

# What moving an element costs, and what a row has to be worth for whole vectors; both in multiplications.
COPY = 8.0
COPY_OF_DATA = 0.1  # made once
START_OF_TOTAL = 12.0
START_OF_ROW = 8.0


@convert.register(Dot)
@convert.register(BatchedDot)
def convert_dot(op: Any, node: Apply, converter: Converter) -> list[Array | None]:
    left, right = (converter.array(variable) for variable in node.inputs)
    if is_large(left, right):
        varying = [variable in converter.varying for variable in node.inputs]
        return [large_product(left, right, *varying)]
    return [product_of_matrices(left, right)]


def is_large(left: Array, right: Array) -> bool:
    """Whether a product of two matrices is worth memory for its operands and its result."""
    if len(left.shape) != 2 or len(right.shape) != 2 or not left.kind == right.kind == "float":
        return False
    short, middle, long = sorted((*left.shape, right.shape[1]))
    return short >= LARGE or (short >= 2 and long >= LONG and short * middle > UNROLL_TOTAL)


def large_product(left: Array, right: Array, left_varies: bool, right_varies: bool) -> Array:
    """The product by the kernel that moves least: along the inner axis, the result's rows or its columns."""
    (n, inner), m = left.shape, right.shape[1]

    def move(matrix: Array, rows: bool, varies: bool) -> float:
        """What it costs to have a matrix's rows, or its columns, in memory one after the other."""
        there = by_columns(matrix) != rows
        return 0.0 if there else matrix.size * (COPY if varies else COPY_OF_DATA)

    work = n * inner * m
    ways: list[tuple[float, Callable[[], Array]]] = [
        (
            work * (1 + START_OF_TOTAL / inner) + move(left, True, left_varies) + move(right, False, right_varies),
            lambda: _by_totals(left, right),
        ),
        (work * (1 + START_OF_ROW / m) + move(right, True, right_varies), lambda: _by_rows(left, right)),
        (
            work * (1 + START_OF_ROW / n) + move(left, False, left_varies),
            lambda: transposed(_by_rows(transposed(right), transposed(left))),
        ),
    ]
    return min(ways, key=lambda way: way[0])[1]()


def _by_totals(left: Array, right: Array) -> Array:
    """Each number of the result as a product of two rows in memory; a tall result is kept by columns."""
    (n, inner), m = left.shape, right.shape[1]
    tall = n >= LONG_LOOP and m <= UNROLL_SUMS
    name = products_of_rows(n, inner, m, tall)
    result = _called(name, left, transposed(right), (m, n) if tall else (n, m))
    return transposed(result) if tall else result


def _by_rows(left: Array, right: Array) -> Array:
    """Each row of the result as a sum of rows of the right matrix."""
    (n, inner), m = left.shape, right.shape[1]
    there = by_columns(left)
    name = sums_of_rows(n, inner, m, *((1, n) if there else (inner, 1)))
    return _called(name, transposed(left) if there else left, right, (n, m))


def _called(name: str, left: Array, right: Array, shape: tuple[int, int]) -> Array:
    call = Call((left, right), (shape,), ("float",), lambda inputs, outputs: [f"{name}({', '.join(inputs + outputs)})"])
    return call.outputs[0]


def product_of_matrices(left: Array, right: Array) -> Array:
    """(..., n, k) times (..., k, m) with equal leading axes; either may also be a plain vector."""
    if len(left.shape) == 1 and len(right.shape) == 1:
        return reduction("sum", elementwise("{0} * {1}", "float", 1, left, right), (0,), "float")
    if len(left.shape) == 1:
        stretched = reindex(left, (*left.shape, 1), {0: 0})
        product = elementwise("{0} * {1}", "float", 1, stretched, right)
        return _ordered(product, (0,), (1, 0) if _column_major(right) else (0, 1))
    if len(right.shape) == 1:
        stretched = reindex(right, (1, *right.shape), {0: 1})
        product = elementwise("{0} * {1}", "float", 1, left, stretched)
        return _ordered(product, (1,), (1, 0) if _column_major(left) else (0, 1))
    batch = len(left.shape) - 2
    same = {axis: axis for axis in range(batch)}
    a = reindex(left, (*left.shape, 1), same | {batch: batch, batch + 1: batch + 1})
    b = reindex(right, (*right.shape[:batch], 1, *right.shape[batch:]), same | {batch: batch + 1, batch + 1: batch + 2})
    product = elementwise("{0} * {1}", "float", 1, a, b)
    n, k, m = batch, batch + 1, batch + 2
    if _column_major(left):
        inner = (k, n, m)
    elif _column_major(right):
        inner = (n, m, k)
    else:
        inner = (n, k, m)
    return _ordered(product, (k,), (*range(batch), *inner))


def _ordered(product: Array, axes: tuple[int, ...], order: tuple[int, ...]) -> Array:
    shape = tuple(size for axis, size in enumerate(product.shape) if axis not in axes)
    if product.shape[axes[0]] == 1:
        return reduction("sum", product, axes, "float")
    return Reduction(shape, "float", "sum", product, axes, order)


def _column_major(matrix: Array) -> bool:
    """Whether the last axis is not the one that is contiguous in memory."""
    rank = len(matrix.shape)
    return isinstance(matrix, Reindex) and len(matrix.index) >= 2 and matrix.index[-1] == variable(rank - 2)
