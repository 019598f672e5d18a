"""The variables a user sees in the results: names, shapes and dimension names of parameters and quantities."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from pplc.compiler import ir
from pplc.compiler.types import is_complex, is_discrete
from pplc.runtime.contract import Variable


@dataclass(frozen=True)
class Output:
    """One numeric part of a block-level variable; tuples have several, named `t.1`, `t.2`."""

    variable: ir.Variable | None  # None in a model that was found compiled on disk
    described: Variable
    path: tuple[int, ...] = ()  # tuple elements from the variable to this part, from 0


def outputs_of(declares: Sequence[ir.Declare], sizes: Any) -> tuple[Output, ...]:
    """The outputs of declarations, in order; `sizes(expression)` evaluates a declared size to an int."""
    return tuple(
        output
        for declare in declares
        for output in _parts(declare.variable, declare.variable.name, declare.sized, (), (), (), sizes)
    )


def _parts(
    variable: ir.Variable,
    name: str,
    sized: ir.SizedType,
    outer: tuple[int, ...],
    dims: tuple[str, ...],
    path: tuple[int, ...],
    sizes: Any,
) -> Iterator[Output]:
    own = sized.array_sizes if isinstance(sized, ir.SizedTuple) else (*sized.array_sizes, *sized.inner_sizes)
    shape = (*outer, *(sizes(size) for size in own))
    names = (*dims, *(_dimension(size, name, len(dims) + axis) for axis, size in enumerate(own)))
    if isinstance(sized, ir.SizedTuple):
        for number, element in enumerate(sized.elements):
            yield from _parts(variable, f"{name}.{number + 1}", element, shape, names, (*path, number), sizes)
        return
    dtype = "complex128" if is_complex(sized.type) else "int64" if is_discrete(sized.type) else "float64"
    yield Output(variable, Variable(name, shape, names, dtype), path)


def _dimension(size: ir.Expression, name: str, axis: int) -> str:
    """A dimension is called after the variable that gives its size."""
    return size.variable.name if isinstance(size, ir.Reference) else f"{name}_dim_{axis}"


def part(value: Any, path: tuple[int, ...]) -> Any:
    """The part of a (nested tuple) value."""
    for number in path:
        value = value[number]
    return value


def element_names(described: Variable) -> list[str]:
    """Stan's names of the single numbers: `theta.1.2`, the first index fastest."""
    if not described.shape:
        return [described.name]
    index = np.indices(described.shape[::-1]).reshape(len(described.shape), -1)[::-1].T + 1
    return [".".join([described.name, *map(str, row)]) for row in index]


def observed_names(program: ir.Program) -> tuple[str, ...]:
    """The data variables that stand on the left of a `~`, whole or indexed, in order of declaration."""
    from pplc.compiler.lower.walk import nodes

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


def nested(parts: list[tuple[tuple[int, ...], Any]]) -> Any:
    """The tuple structure that paths describe."""
    if parts[0][0] == ():
        return parts[0][1]
    heads = sorted({path[0] for path, _ in parts})
    return tuple(nested([(path[1:], value) for path, value in parts if path[0] == head]) for head in heads)
