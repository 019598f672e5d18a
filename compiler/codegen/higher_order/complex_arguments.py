"""Complex numbers that a solver hands on, in parts: numerical methods and their derivatives know reals only.

`solver(f, ..., z)` becomes `solver(g, ..., get_real(z), get_imag(z))`, where g puts the parts together and calls f.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from ... import ir
from ...types import (
    Array,
    Complex,
    ComplexMatrix,
    ComplexRowVector,
    ComplexVector,
    FunctionType,
    Matrix,
    Real,
    RowVector,
    Tuple,
    Type,
    Vector,
    array_of,
    is_complex,
)
from .adapters import function_of

_PART: dict[Type, Type] = {
    Complex(): Real(), ComplexVector(): Vector(), ComplexRowVector(): RowVector(), ComplexMatrix(): Matrix(),
}  # fmt: skip


def in_parts(call: ir.LibraryCall) -> ir.LibraryCall:
    """The call without complex arguments; itself if it has none."""
    reference, *others = call.arguments
    if not isinstance(reference, ir.FunctionReference) or not any(has_complex(e.type) for e in others):
        return call
    function = by_parts(function_of(reference))
    type = FunctionType(tuple((False, p.type) for p in function.parameters), function.result)
    reference = replace(reference, function=function, library=None, type=type)
    return replace(call, arguments=(reference, *(part for e in others for part in parts_of(e))))


@cache
def by_parts(function: ir.Function) -> ir.Function:
    """The function of the parts of its complex arguments; itself if it has none."""
    if not any(has_complex(parameter.type) for parameter in function.parameters):
        return function
    parameters: list[ir.Variable] = []

    def fresh(variable: ir.Variable, type: Type) -> ir.Expression:
        part = ir.Variable(f"{variable.name}_{len(parameters)}", type, ir.Role.ARGUMENT, variable.level, function.span)
        parameters.append(part)
        return ir.Reference(part, type=type, level=part.level, span=function.span)

    def build(variable: ir.Variable, type: Type) -> ir.Expression:
        if not has_complex(type):
            return fresh(variable, type)
        if isinstance(type, Tuple):
            elements = tuple(build(variable, element) for element in type.elements)
            return ir.TupleLiteral(elements, type=type, level=variable.level, span=function.span)
        parts = (fresh(variable, _part(type)), fresh(variable, _part(type)))
        return ir.LibraryCall("to_complex", parts, type=type, level=variable.level, span=function.span)

    given = tuple(build(parameter, parameter.type) for parameter in function.parameters)
    call = ir.UserCall(function, given, type=function.result, level=ir.Level.PARAMETER, span=function.span)
    body = ir.Block((ir.Return(call, span=function.span),), span=function.span)
    data_only = (False,) * len(parameters)
    return ir.Function(function.name, tuple(parameters), data_only, function.result, function.span, body)


def parts_of(e: ir.Expression) -> Iterator[ir.Expression]:
    """The expressions that are passed in its place."""
    if not has_complex(e.type):
        yield e
    elif isinstance(e.type, Tuple):
        for number, type in enumerate(e.type.elements, 1):
            yield from parts_of(ir.TupleElement(e, number, type=type, level=e.level, span=e.span))
    else:
        for name in ("get_real", "get_imag"):
            yield ir.LibraryCall(name, (e,), type=_part(e.type), level=e.level, span=e.span)


def _part(type: Type) -> Type:
    if isinstance(type, Array):
        return array_of(_PART[type.element], type.dimensions)
    return _PART[type]


def has_complex(type: Type) -> bool:
    """Whether there are complex numbers in a value of the type (arrays of tuples are not looked into)."""
    return any(map(has_complex, type.elements)) if isinstance(type, Tuple) else is_complex(type)
