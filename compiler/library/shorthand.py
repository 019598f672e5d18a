"""Signatures as the manual writes them, and the shorthand that lets one line stand for many overloads.

    (vector, real) => vector                     one overload
    (vector|row_vector, real) => real            one for each alternative, in every combination
    (T, int) => T for T in vector|array[1:3] any the same choice at each T; `array[1:3] X` is X with one, two or
                                                 three array dimensions, `any` each type that is not an array
    (real) => real elementwise                   also on vectors, matrices and arrays up to seven dimensions; with
                                                 several arguments each is a scalar or all have the same shape
    (int|real, real) => real elementwise         scalars may differ in kind, containers may not
    (int, real) => real elementwise              kinds always differ: a container of ints is an array as deep
                                                 as the other container has axes
    (real, real) => real matrixwise              elementwise without arrays

`data` in front of an argument, alternatives included, marks one that must not depend on parameters.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import product

from ..types import (
    BASIC,
    Complex,
    ComplexMatrix,
    ComplexRowVector,
    ComplexVector,
    FunctionType,
    Int,
    Matrix,
    Real,
    RowVector,
    Tuple,
    Type,
    Vector,
    Void,
    array_of,
    core_dimensions,
)  # fmt: skip
from .definitions import Signature

_VOID = {"void": Void()}

# What a scalar becomes inside no container, a vector, a row vector, a matrix.
_LIFTED: dict[Type, tuple[Type, ...]] = {
    Int(): (Int(),),
    Real(): (Real(), Vector(), RowVector(), Matrix()),
    Complex(): (Complex(), ComplexVector(), ComplexRowVector(), ComplexMatrix()),
}
_DEEPEST = 7  # array dimensions that elementwise functions reach


def expand(declaration: str) -> Iterator[Signature]:
    """Every overload that a line of shorthand stands for, simplest first."""
    pattern, _, binding = declaration.partition(" for ")
    if binding:
        name, _, choices = binding.partition(" in ")
        for choice in _alternatives(choices):
            yield from expand(_substitute(pattern, name, choice))
        return
    pattern, elementwise, _ = pattern.partition(" elementwise")
    pattern, matrixwise, _ = pattern.partition(" matrixwise")
    arguments, result = _split_arrow(pattern)
    if elementwise or matrixwise:
        yield from _lift(arguments, parse_type(result), arrays=bool(elementwise))
        return
    data_only = tuple(argument.startswith("data ") for argument in arguments)
    for chosen in product(*(_alternatives(argument.removeprefix("data ")) for argument in arguments)):
        types = tuple(map(parse_type, chosen))
        yield Signature(types, parse_type(result), data_only if any(data_only) else ())


@cache
def parse_type(text: str) -> Type:
    """The type that Stan writes so, function types included. Raises KeyError for anything else."""
    if basic := BASIC.get(text):
        return basic
    if text.startswith("array["):
        commas, _, element = text.removeprefix("array[").partition("] ")
        return array_of(parse_type(element), len(commas) + 1)
    if text.startswith("tuple("):
        return Tuple(tuple(map(parse_type, _split_commas(text[len("tuple(") : -1]))))
    if text.startswith("("):
        arguments, result = _split_arrow(text)
        parameters = ((a.startswith("data "), parse_type(a.removeprefix("data "))) for a in arguments)
        return FunctionType(tuple(parameters), parse_type(result))
    return _VOID[text]


def _lift(arguments: list[str], result: Type, arrays: bool) -> Iterator[Signature]:
    """Elementwise overloads: all scalars, then for each shape every way to give some arguments that shape."""
    mixed = any("|" in argument for argument in arguments)
    data_only = tuple(argument.startswith("data ") for argument in arguments)
    flags = data_only if any(data_only) else ()
    for chosen in product(*(argument.removeprefix("data ").split("|") for argument in arguments)):
        scalars = tuple(BASIC[name] for name in chosen)
        yield Signature(scalars, result, flags)
        for dimensions, form in _shapes(len(scalars), arrays):
            for lifted in product((False, True), repeat=len(scalars)):
                kinds = {scalar for scalar, up in zip(scalars, lifted, strict=True) if up}
                if not kinds or (mixed and len(kinds) > 1):
                    continue
                if dimensions > _DEEPEST and (result == Int() or (not mixed and kinds == {Int()})):
                    continue
                shape = next((_LIFTED[kind][form] for kind in kinds if form < len(_LIFTED[kind])), None)
                if shape is None or form >= len(_LIFTED[result]):
                    continue
                depth = dimensions + core_dimensions(shape)
                types = tuple(
                    scalar if not up
                    else array_of(_LIFTED[scalar][form], dimensions) if form < len(_LIFTED[scalar])
                    else array_of(scalar, depth)
                    for scalar, up in zip(scalars, lifted, strict=True)
                )  # fmt: skip
                yield Signature(types, array_of(_LIFTED[result][form], dimensions), flags)


def _shapes(count: int, arrays: bool) -> Iterator[tuple[int, int]]:
    """Shapes other than a scalar's, as (array dimensions, index into a row of _LIFTED)."""
    for dimensions in range(_DEEPEST + 1 if arrays else 1):
        yield from ((dimensions, form) for form in range(4) if dimensions or form)
    if arrays and count > 1:
        yield _DEEPEST + 1, 0  # Stan's compiler goes one deeper here, for arrays of reals


@cache
def _alternatives(text: str) -> tuple[str, ...]:
    """The choices in "vector|array[1:2] any"."""
    found: list[str] = []
    for choice in text.split("|") if "(" not in text else (text,):
        if choice == "any":
            found.extend(BASIC)
        elif choice.startswith("array[") and ":" in choice:
            span, _, element = choice.removeprefix("array[").partition("] ")
            low, _, high = span.partition(":")
            for dimensions in range(int(low), int(high) + 1):
                prefix = f"array[{',' * (dimensions - 1)}] " if dimensions else ""
                found.extend(prefix + inner for inner in _alternatives(element))
        else:
            found.append(choice)
    return tuple(found)


def _substitute(pattern: str, name: str, choice: str) -> str:
    """The pattern with the type variable `name`, a single capital letter, replaced."""
    return "".join(choice if character == name else character for character in pattern)


def _split_arrow(text: str) -> tuple[list[str], str]:
    """ "(real, (real) => real) => vector" as its arguments and its result."""
    depth = 0
    for position, character in enumerate(text):
        depth += (character == "(") - (character == ")")
        if not depth:
            return _split_commas(text[1:position]), text[position + len(") => ") :]
    raise ValueError(f"not a signature: {text}")


def _split_commas(text: str) -> list[str]:
    """The parts of a list; commas in parentheses and (never followed by a space) in brackets do not separate."""
    if "(" not in text:
        return text.split(", ") if text else []
    parts: list[str] = []
    depth = 0
    for part in text.split(", "):
        if depth:
            parts[-1] += ", " + part
        else:
            parts.append(part)
        depth += part.count("(") - part.count(")")
    return parts
