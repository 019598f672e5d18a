"""Factors, solves, inverses, determinants and orders in the text of a graph over arrays: calls of loops in `mathlib`.

These are the loops that the graph's back end calls at top level (`backend/convert/linear_algebra.py`); they take flat
arrays and sizes. What cannot be done gives nan, never an exception.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from .array_rule import Maker, NotArray, Positions, Rule
from .library_functions import name_of

if TYPE_CHECKING:
    from .array_text import Function


def _call(writer: Function, name: str, *arguments: str) -> None:
    writer.lines.append(f"{name}({', '.join(arguments)})")


def _flat(writer: Function, rule: Rule) -> str:
    """An array of reals in memory, as a loop of `mathlib` takes it."""
    return f"raw({writer.memory(rule, 'float64').name})"


def _new(writer: Function, sizes: tuple[str, ...], dtype: str = "np.float64") -> Rule:
    """Memory that a loop is about to fill."""
    name = writer.fresh("v")
    writer.lines.append(f"{name} = np.empty(({', '.join(sizes)},), {dtype})")
    return Rule(sizes, lambda at: f"{name}[{', '.join(at)}]", name)


def _number_in(array: Rule) -> Rule:
    """The only element of an array, as a number."""
    return Rule((), lambda at: f"{array.name}[0]")


def _matrix(writer: Function, variable: Any) -> tuple[str, str, str]:
    """A square matrix in memory, and the distances between its rows and its columns: a transpose is not made."""
    operand = writer.rule(variable)
    size = writer.bound(operand.sizes[0])
    node = writer.meant(variable).owner
    if node is not None and operand.name is None:
        order = getattr(getattr(node.op, "core_op", node.op), "new_order", None)
        if order == (1, 0):
            return _flat(writer, writer.rule(node.inputs[0])), "1", size
    return _flat(writer, operand), size, "1"


def _columns(writer: Function, sizes: tuple[str, ...]) -> str:
    """How many columns a right-hand side has; a vector is one."""
    return writer.bound(sizes[1]) if len(sizes) > 1 else "1"


def _blockwise(writer: Function, node: Any, operands: list[Rule]) -> Any:
    """A core operation, once for every position along the batch axes in front."""
    ranks = [len(signature) for signature in node.op.inputs_sig]
    batch = max(operand.rank - rank for operand, rank in zip(operands, ranks, strict=True))
    if not batch:
        return writer.operation(_Core(node), operands)
    sizes = []
    for axis in range(batch):
        known = [o.sizes[axis] for o, v in zip(operands, node.inputs, strict=True) if v.type.shape[axis] != 1]
        sizes.append(writer.bound(known[0]) if known else "1")
    at = [writer.fresh("i") for _ in sizes]
    before = dict(writer.rules)
    for variable, operand in zip(map(writer.meant, node.inputs), operands, strict=True):
        own = [writer.bound(size) for size in operand.sizes]
        places = ["0" if size == 1 else place for size, place in zip(variable.type.shape, at, strict=False)]
        filled = writer.memory(operand, variable.type.dtype) if not operand.cheap else operand
        writer.rules[variable] = filled.part(places, tuple(own[batch:]))
    outside, writer.lines = writer.lines, []
    found = writer.operation(_Core(node), [writer.rules[writer.meant(variable)] for variable in node.inputs])
    inside, writer.lines = writer.lines, outside
    writer.rules = before
    return _for_every(writer, node, list(zip(at, sizes, strict=True)), inside, found)


def _for_every(
    writer: Function, node: Any, batch: list[tuple[str, str]], inside: list[str], found: Rule | list[Rule]
) -> list[Rule]:
    """The results of lines that are repeated over positions and sizes, one behind the other."""
    rules = found if isinstance(found, list) else [found]
    given = [re.match(r" *([\w, ]+) = ", line) for line in inside]
    made = {name for one in given if one for name in re.findall(r"\w+", one[1])}
    if any(made & set(re.findall(r"[a-z]\w*", size)) for rule in rules for size in rule.sizes):
        raise NotArray(f"batches of {node.op.core_op}, whose results have sizes of their own")
    sizes = tuple(size for _, size in batch)
    dtypes = [f"np.{'float64' if output.type.dtype == 'float64' else 'int64'}" for output in node.outputs]
    results = [_new(writer, (*sizes, *rule.sizes), dtype) for rule, dtype in zip(rules, dtypes, strict=True)]
    indent = "    " * len(batch)
    writer.lines += [f"{'    ' * depth}for {i} in range({size}):" for depth, (i, size) in enumerate(batch)]
    writer.lines += [f"{indent}{line}" for line in inside]
    for rule, result in zip(rules, results, strict=True):
        inner = writer.loops(rule.sizes, len(batch))
        place = result.element([*(i for i, _ in batch), *inner])
        writer.lines.append(f"{indent}{'    ' * rule.rank}{place} = {rule.element(inner)}")
    return results


def rule_of(op: Any, rules: Mapping[str, Maker]) -> Maker | None:
    """The rule for an operation's class, or for one that it extends."""
    return next((rules[kind.__name__] for kind in type(op).__mro__ if kind.__name__ in rules), None)


class _Core:
    """A node as if its operation were the core operation."""

    def __init__(self, node: Any) -> None:
        self.op, self.inputs, self.outputs = node.op.core_op, node.inputs, node.outputs


def library_kernel(writer: Function, node: Any, operands: list[Rule]) -> list[Rule]:
    """A kernel of the library on arrays, which gives one array or number, or several."""
    passed = [writer.memory(operand, "float64").name if operand.rank else operand.text for operand in operands]
    results = [writer.fresh("v") for _ in node.outputs]
    writer.lines.append(f"{', '.join(results)} = {name_of(node.op.value)}({', '.join(map(str, passed))})")
    return [writer.named(name, len(axes)) for name, axes in zip(results, node.op.outputs, strict=True)]


# Factors and solves -----------------------------------------------------------------------------


def _cholesky(writer: Function, node: Any, operands: list[Rule]) -> Rule:
    if not node.op.lower:
        raise NotArray("upper factor")
    size = writer.bound(operands[0].sizes[0])
    out = _new(writer, (size, size))
    _call(writer, "cholesky", _flat(writer, operands[0]), f"raw({out.name})", size)
    return out


def _triangular(writer: Function, node: Any, operands: list[Rule]) -> Rule:
    return _solved_once(writer, node, operands[1], bool(node.op.lower), bool(node.op.unit_diagonal))


def _solved_once(writer: Function, node: Any, right: Rule, lower: bool, unit: bool, turned: bool = False) -> Rule:
    """The solution of a node's system: derivatives of solutions by a factor begin with what is solved elsewhere."""
    key = (*map(writer.meant, node.inputs), lower, unit, turned)
    if key not in writer.solutions:
        writer.solutions[key] = _solved(writer, node.inputs[0], right, lower, unit, turned)
    return writer.solutions[key]


def _solved(writer: Function, matrix: Any, right: Rule, lower: bool, unit: bool = False, turned: bool = False) -> Rule:
    """The solution for a triangular matrix, or for its transpose."""
    flat, row, column = _matrix(writer, matrix)
    if turned:
        row, column = column, row
    sizes = tuple(writer.bound(size) for size in right.sizes)
    given = _flat(writer, right)
    out = _new(writer, sizes)
    numbers = [sizes[0], _columns(writer, sizes), row, column, str(int(lower)), str(int(unit))]
    _call(writer, "solve_triangular", flat, given, f"raw({out.name})", *numbers)
    return out


def _from_factor(writer: Function, node: Any, operands: list[Rule]) -> Rule:
    """A = L L' (or U' U): two triangular solves."""
    lower = bool(node.op.lower)
    half = _solved_once(writer, node, operands[1], True, False, turned=not lower)
    return _solved(writer, node.inputs[0], half, False, turned=lower)


def _general(writer: Function, node: Any, operands: list[Rule]) -> Rule:
    if node.op.assume_a not in ("gen", "pos", "sym", "her"):
        raise NotArray(f"solve for {node.op.assume_a}")
    return _eliminated(writer, operands[0], operands[1])


def _eliminated(writer: Function, matrix: Rule, right: Rule) -> Rule:
    size = writer.bound(matrix.sizes[0])
    sizes = tuple(writer.bound(one) for one in right.sizes)
    flat, given = _flat(writer, matrix), _flat(writer, right)
    out, work = _new(writer, sizes), _new(writer, sizes)
    lu, pivots = _new(writer, (size, size)), _new(writer, (size,), "np.int64")
    scratch = [f"raw({array.name})" for array in (out, lu, work, pivots)]
    _call(writer, "solve_general", flat, given, *scratch, size, _columns(writer, sizes))
    return out


def _inverse(writer: Function, node: Any, operands: list[Rule]) -> Rule:
    size = writer.bound(operands[0].sizes[0])
    unit = _new(writer, (size, size))
    _call(writer, "identity", f"raw({unit.name})", size)
    return _eliminated(writer, operands[0], unit)


# Determinants -----------------------------------------------------------------------------------


def _determinant(writer: Function, node: Any, operands: list[Rule]) -> Rule:
    size = writer.bound(operands[0].sizes[0])
    flat = _flat(writer, operands[0])
    out, lu, pivots = _new(writer, ("1",)), _new(writer, (size, size)), _new(writer, (size,), "np.int64")
    _call(writer, "determinant", flat, *(f"raw({array.name})" for array in (out, lu, pivots)), size)
    return _number_in(out)


def _log_determinant(writer: Function, node: Any, operands: list[Rule]) -> list[Rule]:
    size = writer.bound(operands[0].sizes[0])
    flat = _flat(writer, operands[0])
    sign, out, lu = _new(writer, ("1",)), _new(writer, ("1",)), _new(writer, (size, size))
    pivots = _new(writer, (size,), "np.int64")
    _call(writer, "log_determinant", flat, *(f"raw({array.name})" for array in (sign, out, lu, pivots)), size)
    return [_number_in(sign), _number_in(out)]


# Diagonals --------------------------------------------------------------------------------------


def _diagonal_of(writer: Function, node: Any, operands: list[Rule]) -> Rule:
    """The diagonal of two axes, behind the others."""
    (array,) = operands
    axes = {node.op.axis1 % array.rank, node.op.axis2 % array.rank}
    if node.op.offset:
        raise NotArray(str(node.op))
    rows, columns = (writer.bound(array.sizes[axis]) for axis in sorted(axes))
    size = rows if rows == columns else writer.bound(f"min({rows}, {columns})")
    others = [axis for axis in range(array.rank) if axis not in axes]

    def element(at: Positions) -> str:
        place = dict(zip(others, at[:-1], strict=True))
        return array.element([place.get(axis, at[-1]) for axis in range(array.rank)])

    return Rule((*(array.sizes[axis] for axis in others), size), element, cheap=array.cheap)


def _diagonal_matrix(writer: Function, node: Any, operands: list[Rule]) -> Rule:
    (line,) = operands
    if line.rank != 1 or node.op.offset or (node.op.axis1, node.op.axis2) != (0, 1):
        raise NotArray(str(node.op))
    size = writer.bound(line.sizes[0])
    zero = "0.0" if node.outputs[0].type.dtype.startswith("float") else "0"

    def element(at: Positions) -> str:
        return (
            line.element([at[0]]) if at[0] == at[1] else f"({line.element([at[0]])} if {at[0]} == {at[1]} else {zero})"
        )

    return Rule((size, size), element, cheap=line.cheap)


# Order ------------------------------------------------------------------------------------------


def _order(writer: Function, node: Any, operands: list[Rule]) -> Rule:
    """Where the elements stand that come first, second, ... when sorted; equal ones stay in order."""
    (line,) = operands
    if line.rank != 1:
        raise NotArray("orders along an axis")
    size = writer.bound(line.sizes[0])
    flat = _flat(writer, Rule(line.sizes, line.element) if node.inputs[0].type.dtype != "float64" else line)
    out, work = _new(writer, (size,), "np.int64"), _new(writer, (size,), "np.int64")
    keys = _new(writer, (size,), "np.float64")
    _call(writer, "order_of", flat, *(f"raw({array.name})" for array in (out, work, keys)), size)
    return out


def _sorted(writer: Function, node: Any, operands: list[Rule]) -> Rule:
    order = _order(writer, node, operands[:1])
    return Rule(order.sizes, lambda at: operands[0].element([order.element(at)]), cheap=operands[0].cheap)


def _places(writer: Function, node: Any, operands: list[Rule]) -> Rule:
    """Where integers belong among sorted ones."""
    if len(operands) != 2 or any(source.type.dtype != "int64" for source in node.inputs):
        raise NotArray("places among reals")
    known, wanted = (writer.memory(operand, "int64") for operand in operands)
    out = _new(writer, (writer.bound(wanted.sizes[0]),), "np.int64")
    arrays = [f"raw({array.name})" for array in (known, wanted, out)]
    _call(writer, "places_among", *arrays, known.sizes[0], wanted.sizes[0], str(int(node.op.side == "right")))
    return out


ALGEBRA: Final[dict[str, Maker]] = {
    "Blockwise": _blockwise,
    "Cholesky": _cholesky,
    "SolveTriangular": _triangular,
    "CholeskySolve": _from_factor,
    "Solve": _general,
    "MatrixInverse": _inverse,
    "Det": _determinant,
    "SLogDet": _log_determinant,
    "ExtractDiag": _diagonal_of,
    "AllocDiag": _diagonal_matrix,
    "ArgSortOp": _order,
    "SortOp": _sorted,
    "SearchsortedOp": _places,
}
