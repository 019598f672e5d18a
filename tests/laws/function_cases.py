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

SIZE = 3  # of vectors and of both sides of matrices
ARRAY = 3  # of every array dimension: elementwise functions pair arrays with vectors

# Where arguments lie: one interval for all, or one per argument. Everything else lies in (0.15, 0.85).
DOMAINS: dict[str, tuple[float, float] | tuple[tuple[float, float], ...]] = {
    "acosh": (1.1, 3.0),
    "lambert_wm1": (-0.35, -0.05),
    "log1m_exp": (-3.0, -0.1),
    "std_normal_log_qf": (-4.0, -0.05),
    "log_diff_exp": ((1.0, 2.0), (-1.0, 0.5)),
    "log_inv_logit_diff": ((1.0, 2.0), (-1.0, 0.5)),
    "lmgamma": (2.0, 4.0),
    "lchoose": ((4.0, 6.0), (1.0, 3.0)),
    "log_falling_factorial": ((4.0, 6.0), (1.0, 3.0)),
    "inv_erfc": (0.2, 1.8),
    "fma": (-2.0, 2.0),
    "hypergeometric_1F0": (-0.6, 0.6),
}
# Ints: one value for all, or one per argument. Everything else is 2.
INTEGERS: dict[str, tuple[int, ...]] = {
    "acos": (1,),
    "asin": (1,),
    "atanh": (0,),
    "binary_log_loss": (1,),
    "block": (0, 2, 1, 2, 3),
    "choose": (6, 3),
    "falling_factorial": (5, 3),
    "inv_Phi": (0,),
    "inv_erfc": (1,),
    "lchoose": (6, 4),
    "lambert_wm1": (0,),
    "linspaced_int_array": (3, 1, 9),
    "log1m": (0,),
    "log1m_exp": (-2,),
    "log_diff_exp": (3, 0),
    "log_falling_factorial": (6, 3),
    "log_inv_logit_diff": (3, 0),
    "logit": (0,),
    "pow": (2, 3),
    "rising_factorial": (5, 3),
    "segment": (0, 2, 1),
    "std_normal_log_qf": (-1,),
    "std_normal_qf": (0,),
    "sub_col": (0, 1, 2, 2),
    "sub_row": (0, 2, 1, 2),
    "to_matrix": (0, SIZE, SIZE, 0),
}
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


DOMAINS |= dict.fromkeys(
    ("wiener_lpdf", "wiener_lcdf_unnorm", "wiener_lccdf_unnorm"),
    ((1.2, 2.0), (1.0, 2.0), (0.1, 0.4), (0.3, 0.7), (-1.0, 1.0), (0.1, 0.5), (0.05, 0.2), (0.05, 0.2)),
)
PRECISION = 1e-11  # for the arguments that ask for one

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
            arguments.append(np.array(PRECISION))
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
    match DOMAINS.get(name, (0.15, 0.85)):
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
