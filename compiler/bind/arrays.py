"""Given values as NumPy arrays of the declared type and shape."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import ir
from ..types import is_complex, is_discrete

SMALLEST, LARGEST = -(2**31), 2**31 - 1
_NUMBERS = frozenset({int, float, bool})


class Problem(Exception):
    """One thing that is wrong with a value."""


def describe(sized: ir.SizedType) -> str:
    """A declared type as the program writes it, without its constraint: `array[J] vector[K]`."""
    sizes = ", ".join(size.span.text for size in sized.array_sizes)
    prefix = f"array[{sizes}] " if sizes else ""
    if isinstance(sized, ir.SizedTuple):
        return f"{prefix}tuple({', '.join(describe(element) for element in sized.elements)})"
    inner = ", ".join(size.span.text for size in sized.inner_sizes)
    return f"{prefix}{_scalar_name(sized)}{f'[{inner}]' if inner else ''}"


def _scalar_name(sized: ir.Sized) -> str:
    name = str(sized.type)
    return name.split("] ", 1)[1] if name.startswith("array[") else name


def as_array(name: str, given: Any, sized: ir.Sized, shape: tuple[int, ...]) -> NDArray[Any]:
    """The value as an array of exactly this shape. Raises Problem."""
    array = numeric(name, given)
    kind = "complex" if is_complex(sized.type) else "int" if is_discrete(sized.type) else "real"
    if kind == "complex" and array.dtype.kind != "c":
        array = _pairs(name, array, shape)
    if 0 in shape and array.size == 0:
        return np.zeros(shape, {"complex": complex, "int": np.int64, "real": float}[kind])
    if array.shape != shape:
        if array.ndim == 0 and shape == (1,):
            array = array.reshape(1)  # a lone number for a container of length one
        else:
            raise Problem(f"`{name}` has {_shape(array.shape)}, but {describe(sized)} wants {_shape(shape)}")
    if kind == "int":
        return _integers(name, array, sized)
    if array.dtype.kind == "c" and kind == "real":
        raise Problem(f"`{name}` holds complex numbers, but is declared {describe(sized)}")
    return array.astype(complex if kind == "complex" else float)


def _shape(shape: tuple[int, ...]) -> str:
    if not shape:
        return "a single number"
    if len(shape) == 1:
        return f"{shape[0]} element{'s' if shape[0] != 1 else ''}"
    return f"shape {' × '.join(map(str, shape))}"


def numeric(name: str, given: Any) -> NDArray[Any]:
    """A number, nested list, or anything with an array inside, as a numeric array. Raises Problem."""
    if isinstance(given, Mapping):
        raise Problem(f"`{name}` is an object, but a number or list is expected")
    if hasattr(given, "to_numpy"):
        given = given.to_numpy()
    elif hasattr(given, "values") and not isinstance(given, np.ndarray):
        given = given.values
    if np.ma.isMaskedArray(given) and (masked := np.ma.getmaskarray(given)).any():
        where = tuple(map(int, np.unravel_index(int(masked.argmax()), masked.shape)))
        raise Problem(
            f"`{_element(name, where)}` is masked; missing values are not supported, remove them or model them"
        )
    if given is None:
        raise Problem(f"`{name}` is null; missing values are not supported, remove them or model them")
    if isinstance(given, list | tuple):
        _check_list(name, given)
    try:
        array = np.asarray(given)
    except ValueError:
        raise Problem(f"`{name}` is ragged: its lists have different lengths") from None
    if array.dtype == object:
        _check_size(name, array)
        try:
            array = np.asarray(array.tolist(), dtype=float)
        except (TypeError, ValueError):
            raise Problem(f"`{name}` holds values that are not numbers") from None
    if array.dtype.kind == "b":
        array = array.astype(np.int64)
    if array.dtype.kind not in "iufc":
        example = array.flat[0] if array.size else ""
        raise Problem(f"`{name}` holds {str(example)!r}, which is not a number")
    return array


def _check_size(name: str, array: NDArray[Any]) -> None:
    """Python's integers have no limit, NumPy's have; raises Problem."""
    for where, item in np.ndenumerate(array):
        if isinstance(item, int) and not SMALLEST <= item <= LARGEST:
            raise Problem(f"`{_element(name, where)}` is {item}, beyond the range of int (32 bits)")


def _check_list(name: str, items: Any, index: tuple[int, ...] = ()) -> tuple[int, ...]:
    """The shape of a nested list; raises Problem at the first element that does not fit."""
    if _NUMBERS.issuperset(map(type, items)):  # most lists, and long ones; the loop would take longer than reading them
        return (len(items),)
    shapes = set()
    for position, item in enumerate(items):
        here = (*index, position + 1)
        if isinstance(item, list | tuple):
            shapes.add(_check_list(name, item, here))
        elif isinstance(item, str):
            raise Problem(f"`{_at(name, here)}` is the text {item!r}, but a number is expected")
        elif item is None:
            raise Problem(f"`{_at(name, here)}` is null; missing values are not supported, remove them or model them")
        elif isinstance(item, Mapping):
            raise Problem(f"`{_at(name, here)}` is an object, but a number is expected")
        else:
            shapes.add(np.shape(item))
        if len(shapes) > 1:
            raise Problem(f"`{name}` is ragged: `{_at(name, here)}` has another length than those before it")
    return (len(items), *next(iter(shapes), ()))


def _at(name: str, index: tuple[int, ...]) -> str:
    return f"{name}[{', '.join(map(str, index))}]"


def _pairs(name: str, array: NDArray[Any], shape: tuple[int, ...]) -> NDArray[Any]:
    """Complex numbers, as many as are given, from their real and imaginary parts along the last axis; reals of the
    wanted shape are taken as they are."""
    if array.ndim == len(shape) + 1 and array.shape[-1] == 2:
        return array[..., 0] + 1j * array[..., 1]
    if array.shape == shape:
        return array.astype(complex)
    raise Problem(f"`{name}` has {_shape(array.shape)}; complex numbers are pairs [real, imaginary]")


def _integers(name: str, array: NDArray[Any], sized: ir.Sized) -> NDArray[np.int64]:
    if array.dtype.kind in "iu":
        outside = (array < SMALLEST) | (array > LARGEST)
        if outside.any():
            where = _first(outside)
            raise Problem(f"`{_element(name, where)}` is {array[where]}, beyond the range of int (32 bits)")
        return array.astype(np.int64)
    where = _first(np.ones(array.shape, dtype=bool))
    fraction = array != np.floor(array.real) if array.dtype.kind == "f" else np.ones(array.shape, dtype=bool)
    if fraction.any():
        where = _first(fraction)
    number = array[where]
    hint = "" if fraction.any() else "; write it without a decimal point, or use .astype(int)"
    raise Problem(f"`{_element(name, where)}` is {number}, but {describe(sized)} holds integers{hint}")


def _first(mask: NDArray[np.bool_]) -> tuple[int, ...]:
    return tuple(int(i) for i in np.argwhere(mask)[0])


def _element(name: str, where: tuple[int, ...]) -> str:
    return _at(name, tuple(i + 1 for i in where)) if where else name


# Tuples -----------------------------------------------------------------------------------------


def as_tuple(name: str, given: Any, count: int, shape: tuple[int, ...]) -> tuple[Any, ...]:
    """The elements of a tuple, or of an array of tuples: one (nested list of) value per element."""
    if shape:
        items = list(given) if isinstance(given, list | tuple | np.ndarray) else None
        if isinstance(given, tuple) and len(given) == count and not (items and isinstance(items[0], Mapping | tuple)):
            return given  # a tuple of arrays
        if items is None or (len(items) != shape[0]):
            found = "no list" if items is None else _shape((len(items),))
            raise Problem(f"`{name}` has {found}, but an array of {shape[0]} tuples is declared")
        columns = [as_tuple(f"{name}[{n + 1}]", item, count, shape[1:]) for n, item in enumerate(items)]
        return tuple([column[k] for column in columns] for k in range(count))
    if isinstance(given, Mapping):
        keys = [str(k + 1) for k in range(count)]
        if sorted(map(str, given)) != sorted(keys):
            raise Problem(f"`{name}` is a tuple with the elements {', '.join(keys)}, not {', '.join(map(str, given))}")
        by_name = {str(key): value for key, value in given.items()}
        return tuple(by_name[key] for key in keys)
    if isinstance(given, tuple | list) and len(given) == count:
        return tuple(given)
    raise Problem(f"`{name}` is a tuple of {count}: write {{'1': ..., '2': ...}}")
