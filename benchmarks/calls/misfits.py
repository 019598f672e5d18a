"""Calls with arguments that do not fit: valid values for every argument, replacements, and programs that call."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
import pytensor.tensor as pt
from numpy.typing import NDArray
from pplc.compiler.library import registry
from pplc.compiler.library.definitions import Signature
from pplc.compiler.library.evaluation import evaluate
from pplc.compiler.types import Array, Int, Matrix, Type, core_dimensions, is_complex, scalar_of

from benchmarks.calls.arguments import SIZE, Argument, arguments_of
from benchmarks.calls.programs import call_text, summed, total_functions

NUMBERS = {"nan": np.nan, "inf": np.inf, "-inf": -np.inf, "-1": -1.0, "0": 0.0, "2.5": 2.5}
INTEGERS = (-1, 0, 1, SIZE, SIZE + 1, 40)


class Way(StrEnum):
    """Where a call is made: its arguments are parameters, or data."""

    DENSITY = "density"
    DATA = "data"


@dataclass(frozen=True)
class Call:
    """A call with a value for every argument; `changed` says which one is not as it should be, 0 means all."""

    name: str
    signature: Signature
    values: tuple[NDArray[Any], ...]
    changed: int | None = None
    text: str = "valid"


@dataclass(frozen=True)
class Program:
    """The text of a program that makes a call, its data, and a position; the last coordinate multiplies the call."""

    text: str
    data: dict[str, Any]
    position: NDArray[np.float64]

    @property
    def key(self) -> str:
        return self.text + json.dumps(self.data)


# Values -----------------------------------------------------------------------------------------


def valid(name: str, signature: Signature) -> Call:
    """A call inside the domain."""
    return Call(name, signature, tuple(map(_value, arguments_of(name, signature, frozenset()))))


def _value(argument: Argument) -> NDArray[Any]:
    if argument.parts:
        real, imaginary = map(_value, argument.parts)
        return real + 1j * imaginary
    if argument.block == "data":
        return np.asarray(argument.value)
    declared = re.fullmatch(r"(?:array\[(?P<outer>[^]]*)] )?(?P<base>\w+)(?:\[(?P<inner>[^]]*)])?", argument.declared)
    assert declared is not None
    outer, inner = (
        tuple(map(int, (declared[part] or "").split(", ") if declared[part] else ())) for part in ("outer", "inner")
    )
    base, coordinates = declared["base"], np.asarray(argument.value[0], dtype=np.float64)
    transform = registry.transforms().get(base)
    if transform is not None:
        shape = inner * 2 if transform.constrained_core == 2 and len(inner) == 1 else inner
        free = coordinates.reshape((*outer, *transform.unconstrained_shape(shape)))
        sizes = {"shape": shape} if transform.takes_shape else {}
        return np.asarray(evaluate(transform.constrain(pt.constant(free), **sizes)))
    if base == "matrix":  # column by column
        return np.swapaxes(coordinates.reshape((*outer, *inner[::-1])), -1, -2)
    return coordinates.reshape((*outer, *inner))


# Replacements -----------------------------------------------------------------------------------


def probes(call: Call) -> Iterator[Call]:
    """The call with one argument after the other replaced, then with all containers without and with one element."""
    for place, (type, value) in enumerate(zip(call.signature.arguments, call.values, strict=True)):
        for text, replaced in _replacements(type, value):
            yield _changed(call, {place: replaced}, place + 1, text)
    containers = {place: value for place, value in enumerate(call.values) if value.ndim}
    if containers:
        yield _changed(
            call, {place: value[(slice(0),) * value.ndim] for place, value in containers.items()}, 0, "empty"
        )
        yield _changed(call, {place: value[(slice(1),) * value.ndim] for place, value in containers.items()}, 0, "one")


def _changed(call: Call, replaced: dict[int, NDArray[Any]], changed: int, text: str) -> Call:
    values = tuple(replaced.get(place, value) for place, value in enumerate(call.values))
    return Call(call.name, call.signature, values, changed, text)


def _replacements(type: Type, value: NDArray[Any]) -> Iterator[tuple[str, NDArray[Any]]]:
    element = type.element if isinstance(type, Array) else type
    if scalar_of(type) == Int():
        yield from ((str(number), _with(value, -1, number)) for number in INTEGERS)
    else:
        yield from ((text, _with(value, -1, number)) for text, number in NUMBERS.items())
        if isinstance(element, Matrix):
            yield "nan above the diagonal", _with(value, _place(value, 0, 1), np.nan)
            yield "nan below the diagonal", _with(value, _place(value, 1, 0), np.nan)
            yield "not symmetric", _with(value, _place(value, 0, 1), value[..., 0, 1].ravel()[0] + 0.5)
            yield "not definite", _with(value, _place(value, 0, 0), -1.0)
            yield "zeros", np.zeros_like(value)
        elif core_dimensions(element):
            yield "zeros", np.zeros_like(value)
            yield "decreasing", -np.sort(-value)
    yield from _other_sizes(value)


def _place(value: NDArray[Any], row: int, column: int) -> int:
    """The position of an element of the first matrix."""
    return row * value.shape[-1] + column


def _with(value: NDArray[Any], place: int, number: complex) -> NDArray[Any]:
    changed = np.array(value)
    changed.reshape(-1)[place] = number
    return changed


def _other_sizes(value: NDArray[Any]) -> Iterator[tuple[str, NDArray[Any]]]:
    """One axis after the other without elements, one shorter and one longer."""
    for axis in range(value.ndim):
        for text, places in (
            ("0", []),
            ("fewer", [*range(value.shape[axis] - 1)]),
            ("more", [*range(value.shape[axis]), 0]),
        ):
            changed = np.take(value, np.array(places, dtype=np.int64), axis=axis)
            sizes = "x".join(map(str, changed.shape))
            if text != "fewer" or value.shape[axis] > 1:
                yield f"size {sizes}", changed


# Programs ---------------------------------------------------------------------------------------


def program_of(call: Call, way: Way, stan: bool = False) -> Program:
    """A program whose log density is a parameter times the sum of the call's numbers."""
    data: dict[str, Any] = {}
    declared: dict[str, list[str]] = {"data": [], "parameters": []}
    coordinates: list[NDArray[np.float64]] = []
    texts = []
    fixed = call.signature.data_only or (False,) * len(call.values)
    for place, (type, value) in enumerate(zip(call.signature.arguments, call.values, strict=True)):
        known = fixed[place] or scalar_of(type) == Int() or way == Way.DATA
        parts = {"x": value.real, "y": value.imag} if is_complex(type) else {"x": value}
        for letter, part in parts.items():
            name = f"{letter}{place}"
            declared["data" if known else "parameters"].append(f"{_declaration(type, part.shape)} {name};")
            if known:
                data[name] = part.tolist()
            else:
                columns = core_dimensions(type.element if isinstance(type, Array) else type) == 2
                coordinates.append((np.swapaxes(part, -1, -2) if columns else part).ravel())
        texts.append(f"to_complex(x{place}, y{place})" if is_complex(type) else f"x{place}")
    whole = f"total({call_text(call.name, texts)})"
    functions = dict.fromkeys((*total_functions(summed(call.name, call.signature.result), stan),))
    blocks = {"functions": "".join(functions), "data": " ".join(declared["data"])}
    declared["parameters"].append("real f;")
    if way == Way.DATA:
        blocks |= {"transformed data": f"real t = {whole};"}
    blocks["parameters"] = " ".join(declared["parameters"])
    if way == Way.DENSITY and call.name.endswith("_jacobian"):  # may be called there only
        blocks |= {"transformed parameters": f"real t = {whole};"}
    blocks["model"] = f"target += f * {whole if len(blocks) == 3 else 't'};"
    text = "".join(f"{name} {{\n{inside}\n}}\n" for name, inside in blocks.items() if inside)
    return Program(text, data, np.concatenate([*coordinates, [0.7]]))


def _declaration(type: Type, shape: tuple[int, ...]) -> str:
    """The declaration of a container, or of the real or imaginary part of a complex one."""
    element = type.element if isinstance(type, Array) else type
    dimensions = len(shape) - core_dimensions(element)
    base = str(element).replace("complex_", "").replace("complex", "real")
    array = f"array[{', '.join(map(str, shape[:dimensions]))}] " if dimensions else ""
    inner = f"[{', '.join(map(str, shape[dimensions:]))}]" if shape[dimensions:] else ""
    return f"{array}{base}{inner}"
