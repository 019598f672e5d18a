"""What declarations say of the results: names, shapes and dimension names of their variables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pplc.compiler import ir
from pplc.compiler.lower.expressions import one_integer
from pplc.compiler.lower.program import Lowered
from pplc.compiler.lower.scope import Scope
from pplc.compiler.types import is_complex, is_discrete
from pplc.runtime.contract import Variable

from .outputs import Output, nested


def declares_of(statements: Sequence[ir.Statement]) -> list[ir.Declare]:
    """The declarations among the statements of a block."""
    return [s for s in statements if isinstance(s, ir.Declare)]


def outputs_of(lowered: Lowered, block: Sequence[ir.Statement]) -> tuple[Output, ...]:
    """The variables that a block of a lowered program declares, in order, with their sizes."""
    scope = Scope(lowered.table, bindings=dict(lowered.bindings))
    return tuple(
        output
        for declare in declares_of(block)
        for output in _parts(declare.variable, declare.variable.name, declare.sized, (), (), (), scope)
    )


def structured(outputs: Sequence[Output], values: Mapping[str, Any]) -> dict[ir.Variable, Any]:
    """The values of variables, tuples as tuples, from those of their parts by name."""
    parts: dict[ir.Variable, list[tuple[tuple[int, ...], Any]]] = {}
    for output in outputs:
        parts.setdefault(output.variable, []).append((output.path, values[output.described.name]))
    return {variable: nested(found) for variable, found in parts.items()}


def _parts(
    variable: ir.Variable,
    name: str,
    sized: ir.SizedType,
    outer: tuple[int, ...],
    dims: tuple[str, ...],
    path: tuple[int, ...],
    scope: Scope,
) -> Iterator[Output]:
    own = sized.array_sizes if isinstance(sized, ir.SizedTuple) else (*sized.array_sizes, *sized.inner_sizes)
    shape = (*outer, *(one_integer(size, scope) for size in own))
    names = (*dims, *(_dimension(size, name, len(dims) + axis) for axis, size in enumerate(own)))
    if isinstance(sized, ir.SizedTuple):
        for number, element in enumerate(sized.elements):
            yield from _parts(variable, f"{name}.{number + 1}", element, shape, names, (*path, number), scope)
        return
    dtype = "complex128" if is_complex(sized.type) else "int64" if is_discrete(sized.type) else "float64"
    yield Output(variable, Variable(name, shape, names, dtype), path)


def _dimension(size: ir.Expression, name: str, axis: int) -> str:
    """A dimension is called after the variable that gives its size."""
    return size.variable.name if isinstance(size, ir.Reference) else f"{name}_dim_{axis}"


def observed_names(program: ir.Program) -> tuple[str, ...]:
    """The data variables that stand on the left of a `~`, whole or indexed, in order of declaration."""
    from pplc.compiler.walk import nodes

    roots = {_root(node.outcome) for node in nodes(program.model) if isinstance(node, ir.Tilde)}
    return tuple(declare.variable.name for declare in program.data if declare.variable in roots)


def _root(expression: ir.Expression) -> ir.Variable | None:
    match expression:
        case ir.Reference(variable):
            return variable
        case ir.Indexed(base) | ir.TupleElement(base) | ir.Promote(base):
            return _root(base)
        case _:
            return None
