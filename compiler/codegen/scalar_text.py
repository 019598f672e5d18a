"""Graphs of numbers only, as Python expressions: the library's scalar functions without a call.

Serves graphs whose inputs, outputs and everything between are 0-d; whatever else a definition builds goes
through the backend's kernels.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from .library_functions import call, is_kernel


class NotScalar(Exception):
    """The graph has containers or an operation without a text."""


def scalar_function(inputs: list[Any], outputs: list[Any]) -> tuple[list[str], list[str]]:
    """Lines and result texts of a rewritten scalar graph whose inputs are called {0}, {1}, ... in order."""
    names: dict[Any, str] = {variable: f"{{{number}}}" for number, variable in enumerate(inputs)}
    order = _sorted(outputs, set(inputs))
    uses = Counter(source for node in order for source in node.inputs) + Counter(outputs)
    lines: list[str] = []
    for node in order:
        result, *others = node.outputs
        if others:
            raise NotScalar(str(node))
        text = _node(node, [_text(source, names) for source in node.inputs])
        if uses[result] > 1 and not text.startswith("{") and len(text) > 3:
            lines.append(f"s{len(lines)} = {text}")
            text = f"s{len(lines) - 1}"
        names[result] = text
    return lines, [_text(output, names) for output in outputs]


def _sorted(outputs: list[Any], inputs: set[Any]) -> list[Any]:
    from pytensor.graph.traversal import io_toposort

    return list(io_toposort(list(inputs), outputs))


def _text(variable: Any, names: dict[Any, str]) -> str:
    from pytensor.graph.basic import Constant

    if variable in names:
        return names[variable]
    if not isinstance(variable, Constant) or _rank(variable):
        raise NotScalar(str(variable))
    value = variable.data.item()
    if isinstance(value, bool | int):
        return str(value)
    if value != value or value in (float("inf"), float("-inf")):
        return {"nan": "nan", "inf": "inf", "-inf": "(-inf)"}[repr(value)]
    return f"({value!r})" if isinstance(value, complex) or value < 0 else repr(value)


def _rank(variable: Any) -> int:
    """How many axes; scalars of PyTensor's other kind, which stand inside operations, have none."""
    return getattr(variable.type, "ndim", 0)


def _node(node: Any, arguments: list[str]) -> str:
    from pytensor.tensor.basic import ScalarFromTensor, TensorFromScalar
    from pytensor.tensor.elemwise import DimShuffle, Elemwise

    if any(map(_rank, (*node.inputs, *node.outputs))):
        raise NotScalar(str(node))
    match node.op:
        case Elemwise():
            return scalar_op_text(node.op.scalar_op, arguments, node)
        case DimShuffle() | ScalarFromTensor() | TensorFromScalar():
            return arguments[0]
        case _:
            raise NotScalar(str(node))


def scalar_op_text(op: Any, arguments: Sequence[str], node: Any) -> str:
    """The text of a scalar op applied to texts; the texts themselves are the backend's, for the whole compiler."""
    from ..backend.convert.scalars import expression

    inputs = [source.type.dtype for source in node.inputs]
    output = node.outputs[0].type.dtype
    is_complex = output.startswith("complex") or any(dtype.startswith("complex") for dtype in inputs)
    if is_complex and type(op).__name__ not in _COMPLEX:
        raise NotScalar(str(op))
    if is_kernel(op):
        return call(op.value, arguments, inputs)
    found = expression(op, inputs, output)
    if found is None:
        raise NotScalar(str(op))
    return f"({found[0].format(*arguments)})" if found[0] != "{0}" else arguments[0]


_COMPLEX = {"Add", "Mul", "Sub", "TrueDiv", "Neg", "Sqr", "EQ", "NEQ", "Switch", "Second", "Identity"}
