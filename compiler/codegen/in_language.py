"""Library functions that are written in the language itself, for generated code.

A graph needs to know the sizes of these before it is built; generated code learns them as it runs. The text stands with
the function (`Body`) or the constraint (`InLanguage`). What a constraint's function does to one value is done to each
element of arrays of values, and of containers of numbers with a bound each.
"""

from __future__ import annotations

import inspect
from functools import cache

from .. import ir, types
from ..library import registry
from ..library.definitions import Body, Function
from ..library.expand import TransformFunction, implementation
from ..types import Array, array_of

_SIZES = ("K", "N")  # the names of the arguments after the value
_BOUNDS = ("L", "U")
_BY_NUMBER = ("lower_bound", "upper_bound", "lower_upper_bound", "offset_multiplier")


@cache
def function(name: str, arguments: tuple[types.Type, ...], result: types.Type) -> ir.Function | None:
    """The library function for these types as a user's; None for those that have a graph for all sizes."""
    text = _of_function(name, arguments, result) or _of_constraint(name, arguments, result)
    if text is None:
        return None
    from ..frontend import read_program

    program, problems = read_program(f"functions {{ {text} }}")
    assert program is not None, problems
    return program.functions[-1]


def _of_function(name: str, arguments: tuple[types.Type, ...], result: types.Type) -> str | None:
    """The definition of a function whose declaration has one, after its helpers."""
    if not any(declared.in_language for declared in registry.functions().get(name, ())):
        return None
    match implementation(name, arguments):
        case Function(in_language=Body(statements, helpers), build=build) if build is not None:
            declared = _declared(arguments, list(inspect.signature(build).parameters))
            return f"{helpers} {result} {name}_in_language({declared}) {{ {statements} }}"
        case _:
            return None


def _of_constraint(name: str, arguments: tuple[types.Type, ...], result: types.Type) -> str | None:
    """The definition of a function that a constraint gives, after what it calls."""
    about, _, part = name.rpartition("_")
    if part not in ("constrain", "jacobian", "unconstrain"):
        return None
    match implementation(name, arguments):
        case TransformFunction(transform) if (own := transform.in_language) is not None:
            if part == "jacobian":
                of_one, body = f"{about}_of_one_jacobian", own.constrain.replace("free(", "jacobian += (")
            elif own.unconstrain:
                of_one, body = f"{name}_of_one", own.constrain if part == "constrain" else own.unconstrain
                body = body.replace("free(", "ignore_(")
            else:
                return None
            return f"void ignore_(real x) {{ }} {own.helpers} {_definitions(of_one, arguments, result, body)}"
        case _:
            return None


def _declared(arguments: tuple[types.Type, ...], names: list[str]) -> str:
    return ", ".join(f"{type} {name}" for type, name in zip(arguments, names, strict=True))


def _definitions(own: str, arguments: tuple[types.Type, ...], result: types.Type, body: str) -> str:
    """The function of one value, and one per dimension around it."""
    value, *rest = arguments
    names = ["x", *(_SIZES if rest and rest[0] == types.Int() else _BOUNDS)[: len(rest)]]
    declared = _declared(arguments, names)
    inner = _inner(value, own.startswith(_BY_NUMBER))
    if inner is None:
        return f"{result} {own}({declared}) {{ {body} }}"

    def call(index: str) -> str:
        passed = [f"{each}[{index}]" if type == value else each for type, each in zip(arguments, names, strict=True)]
        return f"{own}({', '.join(passed)})"

    given = tuple(inner if type == value else type for type in arguments)
    if not isinstance(value, Array):  # a number at a time
        if value == types.Matrix():
            sizes, loops, index = "rows(x), cols(x)", "for (i in 1:rows(x)) for (j in 1:cols(x))", "i, j"
        else:
            sizes, loops, index = "size(x)", "for (i in 1:size(x))", "i"
        around = f"{value}[{sizes}] y; {loops} y[{index}] = {call(index)}; return y;"
        return f"{_definitions(own, given, inner, body)} {result} {own}({declared}) {{ {around} }}"
    element = _inner(result, False)
    assert isinstance(result, Array)
    assert element is not None
    sizes = ", ".join("0" * result.dimensions)
    unsized = {"vector": "[0]", "row_vector": "[0]", "matrix": "[0, 0]"}.get(str(result.element), "")
    pairs = zip(arguments, names, strict=True)
    most = ", ".join(f"{each}[:size(x) - 1]" if type == value else each for type, each in pairs)
    around = (
        f"if (size(x) == 0) {{ array[{sizes}] {result.element}{unsized} y; return y; }} if (size(x) == 1) return"
        f" {{{call('1')}}}; return append_array({own}({most}), {{{call('size(x)')}}});"
    )
    return f"{_definitions(own, given, element, body)} {result} {own}({declared}) {{ {around} }}"


def _inner(type: types.Type, by_number: bool) -> types.Type | None:
    """The type of an element of an array, or of a container whose numbers are treated one by one."""
    match type:
        case Array(element, dimensions):
            return array_of(element, dimensions - 1)
        case types.Vector() | types.RowVector() | types.Matrix() if by_number:
            return types.Real()
        case _:
            return None
