"""The rules of basic operations: elementwise ones, reductions, sizes, arrays made from nothing, products."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from .array_rule import DTYPE, Maker, NotArray, Positions, Rule, literal
from .scalar_text import NotScalar, scalar_op_text

if TYPE_CHECKING:
    from .array_text import Function

_NEUTRAL = {
    "Add": "0",
    "Mul": "1",
    "MulWithoutZeros": "1",
    "Maximum": "-np.inf",
    "Minimum": "np.inf",
    "AND": "True",
    "OR": "False",
}
_LARGEST = "9223372036854775807"
_NEUTRAL_OF_INTS = {"Maximum": f"-{_LARGEST}", "Minimum": _LARGEST}
_COMBINE = {
    "Add": "{0} += {1}",
    "Mul": "{0} *= {1}",
    "MulWithoutZeros": "{0} *= {1} if {1} != 0.0 else 1.0",
    "AND": "{0} = {0} and {1}",
    "OR": "{0} = {0} or {1}",
    "Maximum": "{0} = maximum({0}, {1})",
    "Minimum": "{0} = minimum({0}, {1})",
}
_COMBINE_INTS = {"Maximum": "{0} = max({0}, {1})", "Minimum": "{0} = min({0}, {1})"}  # fmt: skip


def _elementwise(writer: Function, node: Any, operands: list[Rule]) -> Rule:
    rank = node.outputs[0].type.ndim
    if not rank:
        return of_numbers(node, operands)
    types = [source.type for source in node.inputs]
    sizes = []
    for axis in range(rank):
        known = [o.sizes[axis] for o, t in zip(operands, types, strict=True) if t.shape[axis] != 1]
        sizes.append(writer.bound(known[0]) if known else "1")

    def element(at: Positions) -> str:
        texts = []
        for operand, type in zip(operands, types, strict=True):
            own = ["0" if type.shape[axis] == 1 else at[axis] for axis in range(type.ndim)]
            texts.append(operand.element(own))
        try:
            return scalar_op_text(node.op.scalar_op, texts, node)
        except NotScalar as problem:
            raise NotArray(str(problem)) from None

    listed = next((operand.items for operand in operands if operand.items), ())
    if listed and all(o.items or t.shape == (1,) for o, t in zip(operands, types, strict=True)):
        return _listed([element([str(position)]) for position in range(len(listed))])
    element(["0"] * rank)  # refuse now what has no text
    return Rule(tuple(sizes), element, cheap=False)


def of_numbers(node: Any, operands: list[Rule]) -> Rule:
    """An operation on numbers."""
    texts = [operand.text for operand in operands]
    op = getattr(node.op, "scalar_op", node.op)
    if node.outputs[0].type.dtype == "int64" and all(map(_is_integer, texts)):  # what comes of the number of axes
        found = literal(int(op.impl(*(int(text.strip("()")) for text in texts))))
        return Rule((), lambda at: found)
    try:
        text = scalar_op_text(op, texts, node)
    except NotScalar as problem:
        raise NotArray(str(problem)) from None
    return Rule((), lambda at: text, cheap=False)


def _shuffled(writer: Function, node: Any, operands: list[Rule]) -> Rule:
    (operand,) = operands
    order = node.op.new_order
    sizes = tuple("1" if source == "x" else operand.sizes[source] for source in order)

    def element(at: Positions) -> str:
        own = ["0"] * operand.rank
        for position, source in zip(at, order, strict=True):
            if source != "x":
                own[source] = position
        return operand.element(own)

    return Rule(sizes, element, cheap=operand.cheap)


def _reduced(writer: Function, node: Any, operands: list[Rule]) -> Rule:
    (operand,) = operands
    kind = type(node.op.scalar_op).__name__.removeprefix("Scalar")
    if kind not in _COMBINE:
        raise NotArray(kind)
    axes = tuple(range(operand.rank)) if node.op.axis is None else tuple(node.op.axis)
    kept = [axis for axis in range(operand.rank) if axis not in axes]
    dtype = node.outputs[0].type.dtype
    neutral, combine = _NEUTRAL[kind], _COMBINE[kind]
    if dtype.startswith("float"):
        neutral += ".0" if neutral in "01" else ""
    elif kind in _COMBINE_INTS:
        neutral, combine = _NEUTRAL_OF_INTS[kind], _COMBINE_INTS[kind]
    sizes = {axis: writer.bound(size) for axis, size in enumerate(operand.sizes)}
    name = writer.fresh("v")
    if kept:
        shape = ", ".join(sizes[axis] for axis in kept)
        writer.lines.append(f"{name} = np.empty(({shape},), {DTYPE.get(dtype, 'np.int64')})")
    outer = writer.loops([sizes[axis] for axis in kept])
    total = writer.fresh("t")
    depth = len(kept)
    writer.lines.append("    " * depth + f"{total} = {neutral}")
    if operand.rank == 1 and sizes[0].isdigit() and int(sizes[0]) <= 4:  # the numbers of a shape, for example
        for position in range(int(sizes[0])):
            writer.lines.append(combine.format(total, operand.element([str(position)])))
        return Rule((), lambda at: total)
    inner = writer.loops([sizes[axis] for axis in axes], depth)
    at = dict(zip([*kept, *axes], [*outer, *inner], strict=True))
    text = operand.element([at[axis] for axis in range(operand.rank)])
    writer.lines.append("    " * (depth + len(axes)) + combine.format(total, text))
    if not kept:
        return Rule((), lambda at: total)
    writer.lines.append("    " * depth + f"{name}[{', '.join(outer)}] = {total}")
    return Rule(tuple(sizes[axis] for axis in kept), lambda at: f"{name}[{', '.join(at)}]", name)


def _running(writer: Function, node: Any, operands: list[Rule]) -> Rule:
    (operand,) = operands
    axis = node.op.axis
    sizes = [writer.bound(size) for size in operand.sizes]
    name, total, dtype = writer.fresh("v"), writer.fresh("t"), node.outputs[0].type.dtype
    writer.lines.append(f"{name} = np.empty(({', '.join(sizes)},), {DTYPE.get(dtype, 'np.int64')})")
    others = [number for number in range(operand.rank) if number != axis]
    outer = writer.loops([sizes[number] for number in others])
    depth = "    " * len(others)
    neutral, operator = ("0", "+=") if node.op.mode == "add" else ("1", "*=")
    writer.lines.append(f"{depth}{total} = {neutral}{'.0' if dtype.startswith('float') else ''}")
    (position,) = writer.loops([sizes[axis]], len(others))
    at = list(outer)
    at.insert(axis, position)
    writer.lines.append(f"{depth}    {total} {operator} {operand.element(at)}")
    writer.lines.append(f"{depth}    {name}[{', '.join(at)}] = {total}")
    return Rule(tuple(sizes), lambda at: f"{name}[{', '.join(at)}]", name)


# Sizes and numbers --------------------------------------------------------------------------------


def _size(writer: Function, node: Any, operands: list[Rule]) -> Rule:
    size = operands[0].sizes[node.op.i]
    return Rule((), lambda at: size)


def _sizes(writer: Function, node: Any, operands: list[Rule]) -> Rule:
    return _listed(list(operands[0].sizes))


def _vector(writer: Function, node: Any, operands: list[Rule]) -> Rule:
    return _listed([operand.text for operand in operands])


def _listed(texts: list[str]) -> Rule:
    def element(at: Positions) -> str:
        if at[0].isdigit():
            return texts[int(at[0])]
        raise NotArray("a position in a list of numbers")

    return Rule((str(len(texts)),), element, items=tuple(texts))


def _same(writer: Function, node: Any, operands: list[Rule]) -> Rule:
    return operands[0]


# Made from nothing --------------------------------------------------------------------------------


def _filled(writer: Function, node: Any, operands: list[Rule]) -> Rule:
    value, *sizes = operands
    shape = node.inputs[0].type.shape

    def element(at: Positions) -> str:
        own = at[len(at) - value.rank :]
        return value.element(["0" if size == 1 else p for size, p in zip(shape, own, strict=True)])

    return Rule(tuple(writer.bound(size.text) for size in sizes), element, cheap=value.cheap)


def _range(writer: Function, node: Any, operands: list[Rule]) -> Rule:
    start, stop, step = (operand.text for operand in operands)
    if step not in ("1", "1.0"):
        raise NotArray("a step")
    length = f"max({stop} - {start}, 0)"
    if any(source.type.dtype == "float64" for source in node.inputs):  # whole numbers all the same
        length = f"int({length})"
    return Rule((writer.bound(length),), lambda at: f"({start} + {at[0]})")


def _identity(writer: Function, node: Any, operands: list[Rule]) -> Rule:
    rows, columns, offset = (operand.text for operand in operands)
    value = "1.0 if {0} + %s == {1} else 0.0" % offset  # noqa: UP031
    return Rule((rows, columns), lambda at: f"({value.format(*at)})")


# Products -----------------------------------------------------------------------------------------


def _product(writer: Function, node: Any, operands: list[Rule]) -> Rule:
    left, right = (
        operand if operand.cheap else writer.memory(operand, source.type.dtype)
        for operand, source in zip(operands, node.inputs, strict=True)
    )
    rows, inner, columns = (writer.bound(size) for size in (left.sizes[0], left.sizes[1], right.sizes[1]))
    name, total, dtype = writer.fresh("v"), writer.fresh("t"), node.outputs[0].type.dtype
    writer.lines.append(f"{name} = np.empty(({rows}, {columns}), {DTYPE.get(dtype, 'np.int64')})")
    i, j = writer.loops([rows, columns])
    writer.lines.append(f"        {total} = {'0.0' if dtype == 'float64' else '0'}")
    (k,) = writer.loops([inner], 2)
    writer.lines.append(f"            {total} += {left.element([i, k])} * {right.element([k, j])}")
    writer.lines.append(f"        {name}[{i}, {j}] = {total}")
    return Rule((rows, columns), lambda at: f"{name}[{', '.join(at)}]", name)


def _reshaped(writer: Function, node: Any, operands: list[Rule]) -> Rule:
    source, shape = operands
    wanted = [shape.element([str(axis)]) for axis in range(int(shape.sizes[0]))]
    if "(-1)" in wanted:  # the axis that takes what remains
        rest = [size for size in wanted if size != "(-1)"]
        whole = " * ".join(source.sizes) or "1"
        wanted[wanted.index("(-1)")] = writer.bound(f"({whole}) // max({' * '.join(rest) or '1'}, 1)")
    filled = writer.memory(source, node.inputs[0].type.dtype)
    name = writer.fresh("v")
    writer.lines.append(f"{name} = {filled.name}.copy().reshape(({', '.join(wanted)},))")
    return writer.named(name, len(wanted))


def _is_integer(text: str) -> bool:
    return text.strip("()").removeprefix("-").isdigit()


_REDUCTIONS = ("Sum", "Prod", "ProdWithoutZeros", "Max", "Min", "All", "Any", "CAReduce")

BASIC: Final[dict[str, Maker]] = {
    "Elemwise": _elementwise,
    "DimShuffle": _shuffled,
    **dict.fromkeys(_REDUCTIONS, _reduced),
    "CumOp": _running,
    "Shape_i": _size,
    "Shape": _sizes,
    "MakeVector": _vector,
    "ScalarFromTensor": _same,
    "TensorFromScalar": _same,
    "SpecifyShape": _same,
    "Alloc": _filled,
    "ARange": _range,
    "Eye": _identity,
    "Dot": _product,
    "Reshape": _reshaped,
}
