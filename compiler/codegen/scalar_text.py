"""Graphs of numbers only, as Python expressions: the library's scalar functions without a call.

Serves graphs whose inputs, outputs and everything between are 0-d; whatever else a definition builds goes
through the backend's kernels.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

# By class name of PyTensor's scalar op; {0}, {1} are the inputs.
_TEXT: dict[str, str] = {
    "Sub": "({0} - {1})", "TrueDiv": "({0} / {1})", "IntDiv": "({0} // {1})", "Neg": "(-{0})", "Abs": "abs({0})",
    "Pow": "math.pow({0}, {1})", "Exp": "math.exp({0})", "Expm1": "math.expm1({0})", "Log": "math.log({0})",
    "Log1p": "math.log1p({0})", "Log2": "math.log2({0})", "Log10": "math.log10({0})", "Sqrt": "math.sqrt({0})",
    "Sin": "math.sin({0})", "Cos": "math.cos({0})", "Tan": "math.tan({0})", "ArcSin": "math.asin({0})",
    "ArcCos": "math.acos({0})", "ArcTan": "math.atan({0})", "ArcTan2": "math.atan2({0}, {1})",
    "Sinh": "math.sinh({0})", "Cosh": "math.cosh({0})", "Tanh": "math.tanh({0})", "ArcSinh": "math.asinh({0})",
    "ArcCosh": "math.acosh({0})", "ArcTanh": "math.atanh({0})", "Floor": "math.floor({0})", "Ceil": "math.ceil({0})",
    "GammaLn": "math.lgamma({0})", "Erf": "math.erf({0})", "Erfc": "math.erfc({0})",
    "EQ": "({0} == {1})", "NEQ": "({0} != {1})", "LT": "({0} < {1})", "LE": "({0} <= {1})",
    "GT": "({0} > {1})", "GE": "({0} >= {1})", "Switch": "({1} if {0} else {2})", "Second": "{1}",
    "Reciprocal": "(1.0 / {0})", "Identity": "{0}", "IsNan": "math.isnan({0})", "IsInf": "math.isinf({0})",
    "Sqr": "({0} * {0})",
}  # fmt: skip
_FLOAT_RESULT = {"Floor", "Ceil"}  # Python's give integers
_JOINED = {"Add": " + ", "Mul": " * ", "AND": " and ", "OR": " or "}


class NotScalar(Exception):
    """The graph has containers or an operation without a text."""


def scalar_function(inputs: list[Any], outputs: list[Any]) -> tuple[list[str], list[str]]:
    """Lines and result texts of a rewritten scalar graph whose inputs are called {0}, {1}, ... in order."""
    names: dict[Any, str] = {variable: f"{{{number}}}" for number, variable in enumerate(inputs)}
    order = _sorted(outputs, set(inputs))
    uses = Counter(source for node in order for source in node.inputs) + Counter(outputs)
    lines: list[str] = []
    for node in order:
        (result,) = node.outputs
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
    if not isinstance(variable, Constant) or getattr(variable.type, "ndim", 0):
        raise NotScalar(str(variable))
    value = variable.data.item()
    if isinstance(value, bool | int):
        return str(value)
    if value != value or value in (float("inf"), float("-inf")):
        return {"nan": "math.nan", "inf": "math.inf", "-inf": "(-math.inf)"}[repr(value)]
    return f"({value!r})" if isinstance(value, complex) or value < 0 else repr(value)


def _node(node: Any, arguments: list[str]) -> str:
    from pytensor.tensor.basic import ScalarFromTensor, TensorFromScalar
    from pytensor.tensor.elemwise import DimShuffle, Elemwise

    if any(getattr(variable.type, "ndim", 0) for variable in (*node.inputs, *node.outputs)):
        raise NotScalar(str(node))
    match node.op:
        case Elemwise():
            return _scalar_op(node.op.scalar_op, arguments, node)
        case DimShuffle() | ScalarFromTensor() | TensorFromScalar():
            return arguments[0]
        case _:
            raise NotScalar(str(node))


def _scalar_op(op: Any, arguments: list[str], node: Any) -> str:
    kind = type(op).__name__
    dtype = node.outputs[0].type.dtype
    if kind == "Sqr" and not (arguments[0].startswith("{") or arguments[0].isidentifier()):
        return f"math.pow({arguments[0]}, 2.0)" if dtype == "float64" else f"({arguments[0]} * {arguments[0]})"
    if kind in ("AND", "OR") and node.inputs[0].type.dtype != "bool":
        raise NotScalar(kind)
    if kind in _JOINED:
        return f"({_JOINED[kind].join(arguments)})"
    if kind == "Cast":
        return _cast(arguments[0], node.inputs[0].type.dtype, dtype)
    if dtype.startswith("complex") or any(v.type.dtype.startswith("complex") for v in node.inputs):
        if kind not in ("Sub", "TrueDiv", "Neg", "Sqr", "EQ", "NEQ", "Switch", "Second", "Identity"):
            raise NotScalar(kind)
    if kind not in _TEXT:
        raise NotScalar(kind)
    text = _TEXT[kind].format(*arguments)
    return f"float({text})" if kind in _FLOAT_RESULT else text


def _cast(text: str, source: str, wanted: str) -> str:
    if source == wanted:
        return text
    if wanted.startswith("float"):
        return f"float({text})"
    if wanted.startswith(("int", "uint")):
        return f"int({text})"
    if wanted == "bool":
        return f"({text} != 0)"
    raise NotScalar(wanted)
