"""One-line programs for library functions: arguments of every overload, at points inside each function's domain."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from pplc.compiler.library.definitions import Function, Signature
from pplc.compiler.types import (
    Array,
    Complex,
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
    scalar_of,
)

from benchmarks.calls.arguments import DOMAINS, INTEGERS, SIZE, USUAL, WIENER_PRECISION

ARRAY = SIZE  # of every array dimension: elementwise functions pair arrays with vectors

# Matrices that must be symmetric positive definite or lower triangular are made so inside the program.
POSITIVE_DEFINITE = {
    "cholesky_decompose": (0,),
    "inverse_spd": (0,),
    "log_determinant_spd": (0,),
    "mdivide_left_spd": (0,),
    "mdivide_right_spd": (1,),
    "quad_form_sym": (0,),
    "eigenvalues_sym": (0,),
    "eigenvectors_sym": (0,),
    "eigendecompose_sym": (0,),
}

# Arguments that must fit each other.
GIVEN: dict[str, tuple[Any, ...]] = {
    "csr_matrix_times_vector": (3, 3, None, [1, 3, 2], [1, 3, 3, 4], None),
    "csr_to_dense_matrix": (3, 3, None, [1, 3, 2], [1, 3, 3, 4]),
    "hmm_marginal": (None, [[0.2, 0.5, 0.3], [0.1, 0.7, 0.2], [0.4, 0.4, 0.2]], [0.5, 0.2, 0.3]),
    "hmm_hidden_state_prob": (None, [[0.2, 0.5, 0.3], [0.1, 0.7, 0.2], [0.4, 0.4, 0.2]], [0.5, 0.2, 0.3]),
}


@dataclass(frozen=True, eq=False)
class Case:
    """A function, one of its overloads, and a value for each argument."""

    function: Function
    signature: Signature
    arguments: tuple[np.ndarray, ...] = field(repr=False)

    def __str__(self) -> str:
        return f"{self.function.name}{self.signature}"


def case_of(function: Function, signature: Signature, seed: int = 0) -> Case:
    """The overload with arguments drawn from the function's domain."""
    rng = np.random.default_rng([seed, *function.name.encode()])
    arguments = []
    for position, type in enumerate(signature.arguments):
        given = GIVEN.get(function.name, (None,) * len(signature.arguments))[position]
        if given is not None:
            arguments.append(np.array(given))
            continue
        if function.name.startswith("wiener") and signature.data_only and signature.data_only[position]:
            arguments.append(np.array(WIENER_PRECISION))
            continue
        shape = shape_of(type, function.name)
        match scalar_of(type):
            case Int():
                choices = INTEGERS.get(function.name, (2,))
                arguments.append(np.full(shape, choices[min(position, len(choices) - 1)], dtype=np.int64))
            case Complex():
                low, high = _interval(function.name, position)
                value = rng.uniform(low, high, shape) + 1j * rng.uniform(low, high, shape)
                arguments.append(
                    value + value.conj().T if position in POSITIVE_DEFINITE.get(function.name, ()) else value
                )
            case _:
                low, high = _interval(function.name, position)
                value = rng.uniform(low, high, shape)
                if position in POSITIVE_DEFINITE.get(function.name, ()):
                    value = value @ value.T + np.diag(np.arange(1.0, SIZE + 1))
                arguments.append(value)
    return Case(function, signature, tuple(arguments))


def _interval(name: str, position: int) -> tuple[float, float]:
    match DOMAINS.get(name, USUAL):
        case (float(low), float(high)):
            return low, high
        case intervals:
            return intervals[min(position, len(intervals) - 1)]


def shape_of(type: Type, name: str = "") -> tuple[int, ...]:
    """The shape of an argument: arrays of ARRAY, vectors and matrices of SIZE."""
    match type:
        case Array(Int() | Real() | Complex(), 1) if name == "to_matrix":
            return (SIZE**2,)
        case Array(element, dimensions):
            return (ARRAY,) * dimensions + shape_of(element)
        case Vector() | RowVector() | ComplexVector() | ComplexRowVector():
            return (SIZE**2 if name == "to_matrix" else SIZE,)
        case Matrix() | ComplexMatrix():
            return (SIZE, SIZE)
        case Int() | Real() | Complex():
            return ()
        case Tuple():
            raise TypeError("tuples have no shape")
        case _:
            raise TypeError(f"no argument of type {type}")
