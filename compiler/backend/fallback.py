"""Ops without an array expression run PyTensor's own Numba code, called as a C function.

It costs the time Numba takes to compile the op, and a few allocations per call.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import numpy as np
from pytensor.graph.basic import Apply

from .arrays import Array, Call, Kind, Shape

if TYPE_CHECKING:
    from .convert.registry import Converter


class NumbaFunction:
    """An op compiled by Numba: a C function over pointers, inputs first, then outputs."""

    def __init__(self, name: str, function: Any, node: Apply, inputs: list[Shape], outputs: list[Shape]) -> None:
        self.name = name
        self._parts = function, node, inputs, outputs
        self._callback: Any = None

    @property
    def address(self) -> int:
        """Compiles it at first use."""
        import numba

        if self._callback is None:
            _, node, _, _ = self._parts
            variables = (*node.inputs, *node.outputs)
            types = [numba.types.CPointer(getattr(numba, _stored(v.type.dtype))) for v in variables]
            self._callback = numba.cfunc(numba.void(*types))(self._wrapper())
        return int(self._callback.address)

    def _wrapper(self) -> Any:
        import numba

        function, node, input_shapes, output_shapes = self._parts
        source = _wrapper_source(node, input_shapes, output_shapes)
        namespace: dict[str, Any] = {"function": function, "np": np, "carray": numba.carray}
        exec(source, namespace)
        return namespace["wrapper"]


def _stored(dtype: str) -> str:
    return "float64" if dtype.startswith("float") else "int64"


def convert_by_numba(node: Apply, converter: Converter) -> list[Array | None]:
    """A Call of the op's Numba implementation on whole arrays."""
    from .convert.registry import Unsupported, kind_of

    operands = tuple(converter.array(variable) for variable in node.inputs)
    kinds: list[Kind] = []
    shapes: list[Shape] = []
    for output in node.outputs:
        sizes = getattr(output.type, "shape", ())
        if None in sizes:
            shapes = _inferred_shapes(node, converter)
            break
        shapes.append(tuple(sizes))
    kinds = ["float" if kind_of(output.type.dtype) == "float" else "int" for output in node.outputs]
    if any(None in shape for shape in shapes):
        raise Unsupported(f"{node.op}: the shape of its result is not known")
    function = numba_function(node, [operand.shape for operand in operands], shapes)

    def render(inputs: list[str], outputs: list[str]) -> list[str]:
        return [f"{function.name}({', '.join(inputs + outputs)})"]

    return list(Call(operands, tuple(shapes), tuple(kinds), render, function).outputs)


def _inferred_shapes(node: Apply, converter: Converter) -> list[Shape]:
    """Shapes found by running the op once on ones of the operands' shapes."""
    values = []
    for variable in node.inputs:
        known = converter.static(variable)
        shape = converter.array(variable).shape
        values.append(np.ones(shape, variable.type.dtype) if known is None else known.astype(variable.type.dtype))
    storage: list[list[Any]] = [[None] for _ in node.outputs]
    node.op.perform(node, values, storage)
    return [np.shape(cell[0]) for cell in storage]


def numba_function(node: Apply, input_shapes: list[Shape], output_shapes: list[Shape]) -> NumbaFunction:
    """An op's Numba implementation behind a C signature."""
    from pytensor.link.numba.dispatch import numba_funcify

    from . import for_pytensor  # noqa: F401  (so that it knows the operations of this package)

    compiled = numba_funcify(node.op, node=node)
    function = compiled[0] if isinstance(compiled, tuple) else compiled
    identity = f"{node.op!r}{[v.type for v in node.inputs]}{input_shapes}{output_shapes}"
    name = "numba_" + hashlib.sha256(identity.encode()).hexdigest()[:16]
    return NumbaFunction(name, function, node, input_shapes, output_shapes)


def _wrapper_source(node: Apply, input_shapes: list[Shape], output_shapes: list[Shape]) -> str:
    """A function that looks at pointers as arrays, calls the op, and answers nan where the op raises."""
    from pytensor.scalar.basic import ScalarType

    names, views, values, failed, filled = [], [], [], [], []
    for number, (variable, shape) in enumerate(zip(node.inputs, input_shapes, strict=True)):
        dtype = variable.type.dtype
        names.append(f"p{number}")
        views.append(f"    x{number} = carray(p{number}, {_tuple(shape)}, np.{_stored(dtype)})")
        if isinstance(variable.type, ScalarType):
            values.append(f"np.{_numpy_name(dtype)}(x{number}[()])")
        else:
            values.append(f"x{number}" if dtype == _stored(dtype) else f"x{number}.astype(np.{_numpy_name(dtype)})")
    for number, (variable, shape) in enumerate(zip(node.outputs, output_shapes, strict=True)):
        dtype = variable.type.dtype
        names.append(f"o{number}")
        views.append(f"    y{number} = carray(o{number}, {_tuple(shape)}, np.{_stored(dtype)})")
        filled.append(f"        y{number}[...] = r{number}")
        failed.append(f"        y{number}[...] = {'np.nan' if _stored(dtype) == 'float64' else '0'}")
    results = ", ".join(f"r{number}" for number in range(len(node.outputs)))
    return "\n".join(
        [
            f"def wrapper({', '.join(names)}):",
            *views,
            "    try:",
            f"        {results} = function({', '.join(values)})",
            *filled,
            "    except Exception:",
            *failed,
        ]
    )


def _numpy_name(dtype: str) -> str:
    return "bool_" if dtype == "bool" else dtype


def _tuple(shape: Shape) -> str:
    return f"({''.join(f'{size}, ' for size in shape)})"


def elementwise_by_numba(op: Any, node: Apply, operands: list[Array]) -> Array:
    """A scalar op that only Numba knows, applied to whole arrays."""
    from pytensor.tensor.elemwise import Elemwise

    from .convert.elementwise import broadcast_shape
    from .convert.registry import kind_of

    if not isinstance(node.op, Elemwise):
        result: Any = Elemwise(op)(*node.inputs)
        node = result.owner
    shape = broadcast_shape(operands)
    function = numba_function(node, [operand.shape for operand in operands], [shape])

    def render(inputs: list[str], outputs: list[str]) -> list[str]:
        return [f"{function.name}({', '.join(inputs + outputs)})"]

    kind: Kind = "float" if kind_of(node.outputs[0].type.dtype) == "float" else "int"
    return Call(tuple(operands), (shape,), (kind,), render, function).outputs[0]
