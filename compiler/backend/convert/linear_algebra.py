"""Decompositions, solvers, running sums and searches: calls of loops in `mathlib`, over batches where asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import singledispatch
from math import prod
from typing import Any

from pytensor.compile.builders import OpFromGraph
from pytensor.graph.basic import Apply
from pytensor.tensor.basic import AllocDiag, Eye
from pytensor.tensor.blockwise import Blockwise
from pytensor.tensor.elemwise import DimShuffle
from pytensor.tensor.extra_ops import CumOp, SearchsortedOp
from pytensor.tensor.linalg.decomposition.cholesky import Cholesky
from pytensor.tensor.linalg.inverse import MatrixInverse
from pytensor.tensor.linalg.solvers.general import Solve
from pytensor.tensor.linalg.solvers.psd import CholeskySolve
from pytensor.tensor.linalg.solvers.triangular import SolveTriangular
from pytensor.tensor.linalg.summary import Det, SLogDet
from pytensor.tensor.math import Argmax, Dot
from pytensor.tensor.sort import ArgSortOp

from ...library.ops.array_kernel import ArrayKernel
from ..arrays import Array, Call, Index, Kind, Part, Reindex, Shape, Update, variable
from ..embedded import array_function
from ..schedule import UNROLL_INNER
from .elementwise import elementwise, reindex
from .products import product_of_matrices
from .registry import Converter, convert
from .shapes import diagonal_matrix, reshape, stretch

type Lines = Callable[[list[str], list[str]], list[str]]


@dataclass(frozen=True)
class Core:
    """A call for one batch element: result shapes and kinds, the lines, and scratch arrays (kind, size)."""

    shapes: tuple[Shape, ...]
    kinds: tuple[Kind, ...]
    lines: Lines
    scratch: tuple[tuple[Kind, int], ...] = ()


@singledispatch
def core_of(op: Any, shapes: list[Shape]) -> Core | None:
    """How to compute an op on operands of these shapes; None if it has no loops here."""
    if isinstance(op, ArrayKernel):
        return _library_kernel(op, shapes)
    return None


def _library_kernel(op: Any, shapes: list[Shape]) -> Core | None:
    """A kernel of the library (`library.ops.array_kernel`)."""
    results = op.result_shapes(shapes)
    kinds: tuple[Kind, ...] = tuple("float" for _ in results)
    name = array_function(op.value, shapes, results)
    return None if name is None else Core(tuple(results), kinds, _call(name))


def _call(name: str, *numbers: int) -> Lines:
    def lines(inputs: list[str], outputs: list[str]) -> list[str]:
        return [f"{name}({', '.join([*inputs, *outputs, *map(str, numbers)])})"]

    return lines


@core_of.register(Cholesky)
def cholesky(op: Cholesky, shapes: list[Shape]) -> Core | None:
    return Core((shapes[0],), ("float",), _call("cholesky", shapes[0][0])) if op.lower else None


@core_of.register(SolveTriangular)
def solve_triangular(op: SolveTriangular, shapes: list[Shape]) -> Core:
    n, m = shapes[0][0], prod(shapes[1][1:])
    return Core((shapes[1],), ("float",), _call("solve_triangular", n, m, n, 1, int(op.lower), int(op.unit_diagonal)))


@core_of.register(CholeskySolve)
def cholesky_solve(op: CholeskySolve, shapes: list[Shape]) -> Core:
    """A = L L' (or U' U): two triangular solves through a scratch array."""
    n, m = shapes[0][0], prod(shapes[1][1:])
    first, second = (f"{n}, 1, 1, 0", f"1, {n}, 0, 0") if op.lower else (f"1, {n}, 1, 0", f"{n}, 1, 0, 0")

    def lines(inputs: list[str], outputs: list[str]) -> list[str]:
        (a, b), (out, work) = inputs, outputs
        return [
            f"solve_triangular({a}, {b}, {work}, {n}, {m}, {first})",
            f"solve_triangular({a}, {work}, {out}, {n}, {m}, {second})",
        ]

    return Core((shapes[1],), ("float",), lines, (("float", n * m),))


@core_of.register(Solve)
def solve(op: Solve, shapes: list[Shape]) -> Core | None:
    if op.assume_a not in ("gen", "pos", "sym", "her"):
        return None
    n, m = shapes[0][0], prod(shapes[1][1:])
    scratch: tuple[tuple[Kind, int], ...] = (("float", n * n), ("float", n * m), ("int", n))
    return Core((shapes[1],), ("float",), _call("solve_general", n, m), scratch)


@core_of.register(MatrixInverse)
def inverse(op: MatrixInverse, shapes: list[Shape]) -> Core:
    n = shapes[0][0]

    def lines(inputs: list[str], outputs: list[str]) -> list[str]:
        out, unit, *scratch = outputs
        return [f"identity({unit}, {n})", f"solve_general({', '.join([*inputs, unit, out, *scratch])}, {n}, {n})"]

    scratch: tuple[tuple[Kind, int], ...] = (("float", n * n), ("float", n * n), ("float", n * n), ("int", n))
    return Core((shapes[0],), ("float",), lines, scratch)


@core_of.register(Det)
def determinant(op: Det, shapes: list[Shape]) -> Core:
    n = shapes[0][0]
    return Core(((),), ("float",), _call("determinant", n), (("float", n * n), ("int", n)))


@core_of.register(SLogDet)
def log_determinant(op: SLogDet, shapes: list[Shape]) -> Core:
    n = shapes[0][0]
    return Core(((), ()), ("float", "float"), _call("log_determinant", n), (("float", n * n), ("int", n)))


def call_core(core: Core, operands: list[Array], batch: Shape) -> list[Array]:
    """The results over a batch of operands (all with the batch's axes in front)."""
    number = prod(batch)
    shapes = [*((*batch, *shape) for shape in core.shapes), *((size,) for _, size in core.scratch)]
    kinds = [*core.kinds, *(kind for kind, _ in core.scratch)]
    input_sizes = [prod(operand.shape[len(batch) :]) for operand in operands]
    output_sizes = [prod(shape) for shape in core.shapes]

    def render(inputs: list[str], outputs: list[str]) -> list[str]:
        if number == 1:
            return core.lines(inputs, outputs)
        moved_in = [f"{name}[b * {size}:]" for name, size in zip(inputs, input_sizes, strict=True)]
        results, scratch = outputs[: len(output_sizes)], outputs[len(output_sizes) :]
        moved_out = [f"{name}[b * {size}:]" for name, size in zip(results, output_sizes, strict=True)]
        return [f"for b in range({number}):", *(f"    {line}" for line in core.lines(moved_in, moved_out + scratch))]

    call = Call(tuple(operands), tuple(shapes), tuple(kinds), render)
    return list(call.outputs[: len(core.shapes)])


def _whole(core_op: Any, node: Apply, converter: Converter) -> list[Array | None]:
    operands = [converter.array(variable) for variable in node.inputs]
    core = core_of(core_op, [operand.shape for operand in operands])
    if core is None:
        from ..fallback import convert_by_numba

        return convert_by_numba(node, converter)
    return list(call_core(core, operands, ()))


for _op in (Cholesky, SolveTriangular, CholeskySolve, MatrixInverse, Det, SLogDet):
    convert.register(_op)(_whole)


@convert.register(Solve)
def convert_solve(op: Solve, node: Apply, converter: Converter) -> list[Array | None]:
    """Factors first, by themselves: those of data are known before the density is called."""
    matrix, right = (converter.array(variable) for variable in node.inputs)
    core = solve(op, [matrix.shape, right.shape])
    if core is None or matrix.kind != "float" or right.kind != "float":
        return _whole(op, node, converter)
    n, m = matrix.shape[0], prod(right.shape[1:])
    factors = call_core(Core(((n, n), (n,)), ("float", "int"), _call("factor_lu", n)), [matrix], ())
    known = Core((right.shape,), ("float",), _call("solve_factored", n, m), (("float", n * m),))
    return list(call_core(known, [*factors, right], ()))


@convert.register(Blockwise)
def convert_blockwise(op: Blockwise, node: Apply, converter: Converter) -> list[Array | None]:
    """A core op over leading batch axes."""
    operands = [converter.array(variable) for variable in node.inputs]
    ranks = [len(signature) for signature in op.inputs_sig]
    batches = [operand.shape[: len(operand.shape) - rank] for operand, rank in zip(operands, ranks, strict=True)]
    batch = tuple(max(sizes) if 0 not in sizes else 0 for sizes in zip(*batches, strict=True))
    if isinstance(op.core_op, Dot):
        return [product_of_matrices(*operands)]
    if isinstance(op.core_op, DimShuffle):
        order = op.core_op.new_order
        lead = len(batch)
        shape = (*batch, *(1 if axis == "x" else operands[0].shape[lead + axis] for axis in order))
        moved = {axis: axis for axis in range(lead)}
        moved |= {lead + axis: lead + place for place, axis in enumerate(order) if axis != "x"}
        return [reindex(operands[0], shape, moved)]
    if isinstance(op.core_op, Solve) and not batch:
        return convert_solve(op.core_op, node, converter)
    if isinstance(op.core_op, AllocDiag):
        return [diagonal_matrix(op.core_op, operands[0], len(batch))]
    if isinstance(op.core_op, OpFromGraph):
        return _batched_graph(op.core_op, node, converter)
    if isinstance(op.core_op, Eye) and not any(operand.shape for operand in operands):
        alone: Any = op.core_op(*node.inputs)
        return convert(op.core_op, alone.owner, converter)
    cores = [operand.shape[len(operand.shape) - rank :] for operand, rank in zip(operands, ranks, strict=True)]
    core = core_of(op.core_op, cores)
    if core is None or 0 in batch:
        from ..fallback import convert_by_numba

        return convert_by_numba(node, converter)
    whole = [stretch(operand, (*batch, *inner)) for operand, inner in zip(operands, cores, strict=True)]
    return list(call_core(core, whole, batch))


def _batched_graph(op: OpFromGraph, node: Apply, converter: Converter) -> list[Array | None]:
    """An op that is a graph, its graph vectorised over the batch axes."""
    from pytensor.graph.replace import vectorize_graph

    graph = op.fgraph.unfreeze()
    outputs = vectorize_graph(graph.outputs, dict(zip(graph.inputs, node.inputs, strict=True)))
    return list(converter.convert_all(outputs))


@convert.register(CumOp)
def convert_running(op: CumOp, node: Apply, converter: Converter) -> list[Array | None]:
    operand = converter.array(node.inputs[0])
    if op.axis is not None and operand.kind != "bool" and 1 < operand.shape[op.axis] <= UNROLL_INNER:
        return [_written_out(operand, op.axis, "{0} + {1}" if op.mode == "add" else "{0} * {1}")]
    name = "cumulative_sum" if op.mode == "add" else "cumulative_product"
    if operand.kind != "float":
        if op.mode != "add":
            from ..fallback import convert_by_numba

            return convert_by_numba(node, converter)
        name += "_of_ints"
    kind: Kind = "float" if operand.kind == "float" else "int"
    return [_along_axis(name, operand, op.axis, operand.shape, kind)]


def _written_out(operand: Array, axis: int, combine: str) -> Array:
    """Running totals along a short axis as one array per element, so that no memory need come between loops."""
    size = operand.shape[axis]
    shape = (*operand.shape[:axis], 1, *operand.shape[axis + 1 :])
    kind: Kind = "float" if operand.kind == "float" else "int"
    parts: list[Part] = []
    for number in range(size):
        place = tuple(Index(number) if one == axis else variable(one) for one in range(len(shape)))
        element: Array = Reindex(shape, operand.kind, operand, place)
        if parts:
            element = elementwise(combine, kind, 1, parts[-1].value, element)
        parts.append(Part(element, place, False))
    return Update(operand.shape, kind, None, tuple(parts))


@convert.register(SearchsortedOp)
def convert_places(op: SearchsortedOp, node: Apply, converter: Converter) -> list[Array | None]:
    """Places of integers among sorted ones."""
    operands = [converter.array(variable) for variable in node.inputs]
    if len(operands) != 2 or any(operand.storage != "ints" for operand in operands):
        from ..fallback import convert_by_numba

        return convert_by_numba(node, converter)
    (n,), m = operands[0].shape, operands[1].size
    core = Core((operands[1].shape,), ("int",), _call("places_among", n, m, int(op.side == "right")))
    return list(call_core(core, operands, ()))


@convert.register(ArgSortOp)
def convert_order(op: ArgSortOp, node: Apply, converter: Converter) -> list[Array | None]:
    operand = converter.array(node.inputs[0])
    if op.axis not in (-1, len(operand.shape) - 1):
        from ..fallback import convert_by_numba

        return convert_by_numba(node, converter)
    n = operand.shape[-1]
    core = Core(((n,),), ("int",), _call("order_of", n), (("int", n), ("float", n)))
    if operand.kind != "float":
        operand = elementwise("float({0})", "float", 1, operand)
    return list(call_core(core, [operand], operand.shape[:-1]))


@convert.register(Argmax)
def convert_argmax(op: Argmax, node: Apply, converter: Converter) -> list[Array | None]:
    operand = converter.array(node.inputs[0])
    rank = len(operand.shape)
    axes = tuple(range(rank)) if op.axis is None else op.axis
    if len(axes) == rank:
        operand, axes = reshape(operand, (operand.size,)), (0,)
    if len(axes) != 1:
        from ..fallback import convert_by_numba

        return convert_by_numba(node, converter)
    name = "index_of_maximum" if operand.kind == "float" else "index_of_maximum_of_ints"
    shape = tuple(size for axis, size in enumerate(operand.shape) if axis != axes[0])
    return [_along_axis(name, operand, axes[0], shape, "int")]


def _along_axis(name: str, operand: Array, axis: int, shape: Shape, kind: Kind) -> Array:
    outer, n, inner = prod(operand.shape[:axis]), operand.shape[axis], prod(operand.shape[axis + 1 :])
    return Call((operand,), (shape,), (kind,), _call(name, outer, n, inner)).outputs[0]
