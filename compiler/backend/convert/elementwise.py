"""Elementwise ops and reductions."""

from __future__ import annotations

from math import prod
from types import FunctionType
from typing import Any

import pytensor.scalar as ps
from pytensor.graph.basic import Apply
from pytensor.tensor.basic import ScalarFromTensor, TensorFromScalar
from pytensor.tensor.elemwise import CAReduce, DimShuffle, Elemwise
from pytensor.tensor.math import MulWithoutZeros

from ...rewrite.logs_of_products import SumOfLogs
from ..arrays import Array, Constant, Elementwise, Index, Reduction, Reindex, Source, variable
from ..columns import by_columns, spreads, transposed
from ..schedule import UNROLL_INNER
from .registry import Converter, Unsupported, convert, kind_of
from .scalars import expression


def broadcast_shape(arrays: list[Array]) -> tuple[int, ...]:
    """The common shape of arrays of the same rank whose axes of length 1 are stretched."""
    shape = []
    for sizes in zip(*(array.shape for array in arrays), strict=True):
        wanted = {size for size in sizes if size != 1}
        if len(wanted) > 1:
            raise ValueError(f"shapes {[array.shape for array in arrays]} do not fit together")
        shape.append(wanted.pop() if wanted else 1)
    return tuple(shape)


def elementwise(template: str, kind: Any, cost: float, *operands: Array) -> Array:
    """An Elementwise over the operands' common shape."""
    shape = broadcast_shape(list(operands))
    if spreads(shape, operands):
        return transposed(Elementwise(shape[::-1], kind, template, tuple(map(transposed, operands)), cost))
    return Elementwise(shape, kind, template, operands, cost)


LARGEST_POWER = 16


def _power(base: Array, exponent: Array) -> tuple[str, float] | None:
    """Powers that need no logarithm."""
    if not isinstance(exponent, Constant) or base.kind == "bool":
        return None
    number = exponent.value
    if base.kind == "float" and number == 0.5:
        return "sqrt({0})", 5.0
    if not (number == int(number) and 1 <= abs(number) <= LARGEST_POWER) or (base.kind == "int" and number < 0):
        return None
    product, cost = _product_of(int(abs(number)))
    return (product, cost) if number > 0 else (f"1.0 / ({product})", cost + 4.0)


def _product_of(factors: int) -> tuple[str, float]:
    """{0} multiplied by itself, and the number of products if equal ones are computed once."""
    if factors == 1:
        return "{0}", 0.0
    half, cost = _product_of(factors // 2)
    square = f"({half}) * ({half})" if factors > 3 else "{0} * {0}"
    return (f"({square}) * {{0}}", cost + 2.0) if factors % 2 else (square, cost + 1.0)


@convert.register(Elemwise)
def convert_elemwise(op: Elemwise, node: Apply, converter: Converter) -> list[Array | None]:
    operands = [converter.array(variable) for variable in node.inputs]
    return [scalar_op(op.scalar_op, node, operands, converter)]


@convert.register(ps.ScalarOp)
def convert_scalar(op: ps.ScalarOp, node: Apply, converter: Converter) -> list[Array | None]:
    return [scalar_op(op, node, [converter.array(variable) for variable in node.inputs], converter)]


def scalar_op(op: Any, node: Apply, operands: list[Array], converter: Converter) -> Array:
    """A scalar op applied element by element."""
    if len(node.outputs) != 1:
        raise Unsupported(f"{op} with several results")
    output = node.outputs[0].type.dtype
    found = None
    if isinstance(op, ps.Pow):
        found = _power(*operands) if output.startswith("float") == (operands[0].kind == "float") else None
    if found is None:
        found = expression(op, [variable.type.dtype for variable in node.inputs], output)
    if found is None and isinstance(getattr(op, "value", None), FunctionType):
        from ..embedded import scalar_function

        name = scalar_function(op.value)
        if name is not None:
            found = f"{name}({', '.join(f'{{{number}}}' for number in range(len(operands)))})", 60
    if found is None:
        from ..fallback import elementwise_by_numba

        return elementwise_by_numba(op, node, operands)
    template, cost = found
    return elementwise(template, kind_of(output), cost, *operands)


@convert.register(TensorFromScalar)
@convert.register(ScalarFromTensor)
def convert_scalar_tensor(op: Any, node: Apply, converter: Converter) -> list[Array | None]:
    return [converter.array(node.inputs[0])]


@convert.register(DimShuffle)
def convert_dimshuffle(op: DimShuffle, node: Apply, converter: Converter) -> list[Array | None]:
    operand = converter.array(node.inputs[0])
    new_order = op.new_order
    if new_order == (1, 0) and len(operand.shape) == 2:
        return [transposed(operand)]
    shape = tuple(1 if axis == "x" else operand.shape[axis] for axis in new_order)
    return [reindex(operand, shape, {axis: position for position, axis in enumerate(new_order) if axis != "x"})]


def reindex(operand: Array, shape: tuple[int, ...], position: dict[int, int]) -> Array:
    """Move axes: axis a of the operand becomes `position[a]`; axes without position have length 1."""
    if isinstance(operand, Constant):
        return Constant(shape, operand.kind, operand.value)
    kept = [axis for axis in sorted(position) if operand.shape[axis] != 1]
    if isinstance(operand, Source) and [position[axis] for axis in kept] == sorted(position[axis] for axis in kept):
        return Source(shape, operand.kind, operand.buffer, operand.offset)
    index = tuple(variable(position[axis]) if axis in position else Index() for axis in range(len(operand.shape)))
    return Reindex(shape, operand.kind, operand, index)


_REDUCTION_NAMES = {
    ps.Add: "sum", ps.Mul: "prod", ps.Maximum: "max", ps.Minimum: "min", ps.OR: "any", ps.AND: "all",
}  # fmt: skip


@convert.register(CAReduce)
def convert_reduction(op: CAReduce, node: Apply, converter: Converter) -> list[Array | None]:
    operand = converter.array(node.inputs[0])
    operation = _REDUCTION_NAMES.get(type(op.scalar_op))
    if isinstance(op.scalar_op, MulWithoutZeros):
        operand, operation = elementwise("1.0 if {0} == 0.0 else {0}", "float", 1, operand), "prod"
    if operation is None:
        from ..fallback import convert_by_numba

        return convert_by_numba(node, converter)
    axes = tuple(range(len(operand.shape))) if op.axis is None else tuple(a % len(operand.shape) for a in op.axis)
    # `initial` only says that an empty maximum is the identity, which ours always is.
    return [reduction(operation, operand, axes, kind_of(node.outputs[0].type.dtype))]


def reduction(operation: str, operand: Array, axes: tuple[int, ...], kind: Any) -> Array:
    """A total over some axes, row by row. There is no loop over an axis of length 1.

    A matrix kept by columns is added up column by column, unless its rows are so short that they are written out.
    """
    if isinstance(operand, Reindex) and by_columns(operand) and (0 in axes or operand.shape[1] > UNROLL_INNER):
        return reduction(operation, operand.operand, tuple(sorted(1 - axis for axis in axes)), kind)
    kept = [axis for axis, size in enumerate(operand.shape) if axis not in axes or size != 1]
    place = {axis: number for number, axis in enumerate(kept)}
    operand = reindex(operand, tuple(operand.shape[axis] for axis in kept), place)
    axes = tuple(number for number, axis in enumerate(kept) if axis in axes)
    if not axes:
        return operand
    rank = len(operand.shape)
    shape = tuple(size for axis, size in enumerate(operand.shape) if axis not in axes)
    if kind == "bool":  # counted: LLVM makes choices of a chain of `and`, and then no vectors
        operand = Elementwise(operand.shape, "int", "int({0} != 0)", (operand,), 1)
        count = Reduction(shape, "int", "sum", operand, axes, tuple(range(rank)))
        every = prod(operand.shape[axis] for axis in axes)
        return Elementwise(shape, "bool", f"{{0}} == {every}" if operation == "all" else "{0} != 0", (count,), 1)
    return Reduction(shape, kind, operation, operand, axes, tuple(range(rank)))


@convert.register(SumOfLogs)
def convert_sum_of_logs(op: SumOfLogs, node: Apply, converter: Converter) -> list[Array | None]:
    operand = converter.array(node.inputs[0])
    return [Reduction((), "float", "logs", operand, tuple(range(len(operand.shape))), tuple(range(len(operand.shape))))]
