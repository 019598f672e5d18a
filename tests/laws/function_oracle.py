"""Compares a library function's graph with Stan: value and gradient of a weighted sum of all numbers in its result."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytensor
import pytensor.tensor as pt
from function_cases import Case
from pplc.compiler.types import (
    Array,
    ComplexMatrix,
    ComplexRowVector,
    ComplexVector,
    Int,
    Matrix,
    Real,
    RowVector,
    Tuple,
    Type,
    Vector,
    is_complex,
    scalar_of,
)
from pytensor.compile.mode import Mode

PYTHON = Mode(linker="py", optimizer=None)  # evaluates a graph without compiling anything

_REAL_PART = {"complex": "real", "complex_vector": "vector", "complex_row_vector": "row_vector",
              "complex_matrix": "matrix"}  # fmt: skip


def weights(count: int) -> np.ndarray:
    """Weights that tell results apart."""
    return np.cos(1.0 + np.arange(count))


def evaluate(case: Case) -> tuple[float, np.ndarray, list[tuple[int, ...]]]:
    """The weighted sum by our graph, its gradient in all real numbers among the arguments, and the result's shapes."""
    parts, arguments = [], []
    for value, type in zip(case.arguments, case.signature.arguments, strict=True):
        if scalar_of(type) == Int():
            arguments.append(pt.constant(value))
        elif is_complex(type):
            parts += [pt.tensor(dtype="float64", shape=value.shape) for _ in range(2)]
            arguments.append(make_complex(*parts[-2:]))
        else:
            parts.append(pt.tensor(dtype="float64", shape=value.shape))
            arguments.append(parts[-1])
    numbers = list(_numbers(case.function.build(*arguments), case.signature.result))
    flat = pt.concatenate([pt.flatten(pt.cast(number, "float64")) for number in numbers])
    total = pt.sum(flat * pt.cos(1.0 + pt.arange(flat.shape[0])))
    gradients = pytensor.grad(total, parts, disconnected_inputs="ignore") if parts else []
    outputs = [total, *(number.shape for number in numbers), *gradients]
    results = pytensor.function(parts, outputs, mode=PYTHON, on_unused_input="ignore")(*_real_parts(case))
    shapes = [tuple(map(int, shape)) for shape in results[1 : 1 + len(numbers)]]
    slopes = [_stan_order(s, t) for s, t in zip(results[1 + len(numbers) :], _part_types(case), strict=True)]
    return float(results[0]), np.concatenate(slopes) if slopes else np.zeros(0), shapes


def make_complex(x: Any, y: Any) -> Any:
    from pplc.compiler.library.functions._complex import make

    return make(x, y)


def _numbers(result: Any, type: Type) -> Any:
    match type:
        case Tuple(elements):
            for part, element in zip(result, elements, strict=True):
                yield from _numbers(part, element)
        case _ if is_complex(type):
            from pplc.compiler.library.functions._complex import parts

            yield from parts(result)
        case _:
            yield result


def _real_parts(case: Case) -> list[np.ndarray]:
    found: list[np.ndarray] = []
    for value, type in zip(case.arguments, case.signature.arguments, strict=True):
        if is_complex(type):
            found += [value.real, value.imag]
        elif scalar_of(type) != Int():
            found.append(value)
    return found


def _part_types(case: Case) -> list[Type]:
    return [t for t in case.signature.arguments if scalar_of(t) != Int() for _ in range(1 + is_complex(t))]


def _stan_order(value: np.ndarray, type: Type) -> np.ndarray:
    """The numbers of a parameter in Stan's order: matrices by columns."""
    base = type.element if isinstance(type, Array) else type
    return np.swapaxes(value, -1, -2).ravel() if isinstance(base, Matrix | ComplexMatrix) else np.asarray(value).ravel()


# The same in Stan -------------------------------------------------------------------------------


def ask_stan(case: Case, result_shapes: list[tuple[int, ...]]) -> tuple[float, np.ndarray]:
    """The weighted sum and its gradient by stanli. Raises what stanli raises."""
    import stanli

    data: dict[str, Any] = {}
    declared: dict[str, list[str]] = {"data": [], "parameters": [], "model": []}
    names = []
    for number, (value, type) in enumerate(zip(case.arguments, case.signature.arguments, strict=True)):
        name = f"a{number}"
        names.append(name)
        if scalar_of(type) == Int():
            declared["data"].append(_declaration(type, value.shape, name))
            data[name] = value.tolist()
        elif is_complex(type):
            for part in ("re", "im"):
                declared["parameters"].append(_declaration(type, value.shape, f"{name}{part}", real=True))
            declared["model"].append(f"{_declaration(type, value.shape, name)[:-1]} = to_complex({name}re, {name}im);")
        else:
            declared["parameters"].append(_declaration(type, value.shape, name))
    call = f"{case.function.name}({', '.join(names)})"
    result = case.signature.result
    lines = [f"{_unsized(result)} r = {call};"]
    terms = list(_terms("r", result, iter(result_shapes)))
    lines += [f"target += {w!r} * {term};" for w, term in zip(weights(len(terms)).tolist(), terms, strict=True)]
    code = "".join(f"{block} {{ {' '.join(text)} }}\n" for block, text in declared.items() if block != "model")
    code += f"model {{ {' '.join(declared['model'])} {_sized(result, result_shapes)} {' '.join(lines[1:])} }}".replace(
        "@call", call)  # fmt: skip
    position = [_stan_order(v, t) for v, t in zip(_real_parts(case), _part_types(case), strict=True)]
    model = stanli.Model(stan_code=code, data=data)
    return model.log_prob_grad(np.concatenate(position) if position else np.zeros(0))


def _declaration(type: Type, shape: tuple[int, ...], name: str, real: bool = False) -> str:
    dimensions = type.dimensions if isinstance(type, Array) else 0
    base = str(type.element if isinstance(type, Array) else type)
    base = _REAL_PART.get(base, base) if real else base
    array = f"array[{', '.join(map(str, shape[:dimensions]))}] " if dimensions else ""
    inner = f"[{', '.join(map(str, shape[dimensions:]))}]" if shape[dimensions:] else ""
    return f"{array}{base}{inner} {name};"


def _sized(type: Type, shapes: list[tuple[int, ...]]) -> str:
    """A declaration of r, initialised with the call."""
    if isinstance(type, Tuple):
        inside = ", ".join(_declaration(t, s, "")[:-1].strip() for t, s in zip(type.elements, shapes, strict=True))
        return f"tuple({inside}) r = @call;"
    return f"{_declaration(type, shapes[0], 'r')[:-1]} = @call;"


def _unsized(type: Type) -> str:
    return str(type)


def _terms(name: str, type: Type, shapes: Any) -> Any:
    """Every number in the result, as an expression, in the order in which `_numbers` flattens them."""
    if isinstance(type, Tuple):
        for position, element in enumerate(type.elements, 1):
            yield from _terms(f"{name}.{position}", element, shapes)
        return
    shape = next(shapes)
    if is_complex(type):
        next(shapes)  # both parts have it
    indices = [f"[{', '.join(str(i + 1) for i in index)}]" if index else "" for index in product(*map(range, shape))]
    if is_complex(type):
        yield from (f"get_real({name}{index})" for index in indices)
        yield from (f"get_imag({name}{index})" for index in indices)
    else:
        yield from (f"{name}{index}" for index in indices)


__all__ = ["ComplexRowVector", "ComplexVector", "Real", "RowVector", "Vector"]
