"""Values for the arguments of library functions, inside their domains; mostly from what the library declares."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from pplc.compiler.library.definitions import Parameter, Signature, Support
from pplc.compiler.library.expand import DistributionFunction, implementation
from pplc.compiler.types import (
    Array,
    ComplexMatrix,
    ComplexRowVector,
    ComplexVector,
    Int,
    Matrix,
    RowVector,
    Type,
    Vector,
    core_dimensions,
    is_complex,
    scalar_of,
)

POINTS = 3  # at which everything is compared
SIZE = 3  # of vectors and of both sides of matrices
INNER_AXES = 2  # of nested arrays all axes but the last two have length 1

type Interval = tuple[float, float]

# Where the arguments of functions lie: one interval for all, or one per argument.
USUAL: Interval = (0.15, 0.85)
DOMAINS: dict[str, Interval | tuple[Interval, ...]] = {
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
    "linspaced_array": ((0.0, 0.0), (0.1, 0.4), (0.5, 0.9)),
    "hypergeometric_1F0": (-0.6, 0.6),
    "lower_upper_bound_constrain": ((-1.0, 1.0), (-2.0, -1.0), (1.0, 2.0)),
    "lower_upper_bound_jacobian": ((-1.0, 1.0), (-2.0, -1.0), (1.0, 2.0)),
    "lower_upper_bound_unconstrain": ((-0.5, 0.5), (-2.0, -1.0), (1.0, 2.0)),
    "lower_bound_unconstrain": ((0.5, 1.0), (-2.0, 0.0)),
    "upper_bound_unconstrain": ((0.5, 1.0), (1.2, 2.0)),
    # distributions whose arguments must fit each other
    "uniform": ((0.2, 0.8), (-1.0, 0.0), (1.0, 2.0)),
    "pareto": ((2.0, 3.0), (0.5, 1.5), (0.5, 2.0)),
    "pareto_type_2": ((2.0, 3.0), (0.5, 1.5), (0.5, 2.0), (0.5, 2.0)),
    "wiener": ((1.2, 2.0), (1.0, 2.0), (0.1, 0.4), (0.3, 0.7), (-1.0, 1.0), (0.1, 0.5), (0.05, 0.2), (0.05, 0.2)),
    "wishart": ((0.0, 0.0), (4.0, 6.0)),
    "inv_wishart": ((0.0, 0.0), (4.0, 6.0)),
    "wishart_cholesky": ((0.0, 0.0), (4.0, 6.0)),
    "inv_wishart_cholesky": ((0.0, 0.0), (4.0, 6.0)),
}
DOMAINS |= dict.fromkeys(("wiener_lpdf", "wiener_lcdf_unnorm", "wiener_lccdf_unnorm"), DOMAINS["wiener"])

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
    "cholesky_factor_corr_constrain": (SIZE,),
    "cholesky_factor_corr_jacobian": (SIZE,),
    "cholesky_factor_cov_constrain": (SIZE,),
    "cholesky_factor_cov_jacobian": (SIZE,),
    "corr_matrix_constrain": (SIZE,),
    "corr_matrix_jacobian": (SIZE,),
    "cov_matrix_constrain": (SIZE,),
    "cov_matrix_jacobian": (SIZE,),
    # distributions
    "hypergeometric": (2, 4, 5, 6),
    "discrete_range": (2, 1, 4),
    "binomial": (2, 5),
    "binomial_logit": (2, 5),
    "binomial_logit_glm": (2, 5),
    "beta_binomial": (2, 5),
    "bernoulli": (0,),
    "bernoulli_logit": (1,),
    "bernoulli_logit_glm": (1,),
    "lkj_corr": (SIZE,),
    "lkj_corr_cholesky": (SIZE,),
}

# Arguments with structure are declared as parameters with that constraint.
STRUCTURED: dict[str, dict[int, str]] = {
    "cholesky_decompose": {0: "cov_matrix"},
    "inverse_spd": {0: "cov_matrix"},
    "log_determinant_spd": {0: "cov_matrix"},
    "mdivide_left_spd": {0: "cov_matrix"},
    "mdivide_right_spd": {1: "cov_matrix"},
    "quad_form_sym": {0: "cov_matrix"},
    "trace_quad_form": {},
    "eigenvalues_sym": {0: "cov_matrix"},
    "eigenvectors_sym": {0: "cov_matrix"},
    "eigendecompose_sym": {0: "cov_matrix"},
    "chol2inv": {0: "cholesky_factor_cov"},
    "cov_matrix_unconstrain": {0: "cov_matrix"},
    "corr_matrix_unconstrain": {0: "corr_matrix"},
    "cholesky_factor_cov_unconstrain": {0: "cholesky_factor_cov"},
    "cholesky_factor_corr_unconstrain": {0: "cholesky_factor_corr"},
    "simplex_unconstrain": {0: "simplex"},
    "ordered_unconstrain": {0: "ordered"},
    "positive_ordered_unconstrain": {0: "positive_ordered"},
    "unit_vector_unconstrain": {0: "unit_vector"},
    "sum_to_zero_unconstrain": {0: "sum_to_zero_"},
    "stochastic_column_unconstrain": {0: "column_stochastic_matrix"},
    "stochastic_row_unconstrain": {0: "row_stochastic_matrix"},
    "hmm_marginal": {1: "row_stochastic_matrix", 2: "simplex"},
    "hmm_latent": {1: "row_stochastic_matrix", 2: "simplex"},
    "gaussian_dlm_obs": {3: "cov_matrix", 4: "cov_matrix", 6: "cov_matrix"},
    "ordered_logistic_glm": {4: "ordered"},
    "ordered_logistic": {2: "ordered"},
    "ordered_probit": {2: "ordered"},
}
FREE_SIZES = {
    "simplex": SIZE - 1,
    "ordered": SIZE,
    "positive_ordered": SIZE,
    "unit_vector": SIZE,
    "sum_to_zero_vector": SIZE - 1,
    "sum_to_zero_matrix": (SIZE - 1) ** 2,
    "cov_matrix": SIZE * (SIZE + 1) // 2,
    "corr_matrix": SIZE * (SIZE - 1) // 2,
    "cholesky_factor_cov": SIZE * (SIZE + 1) // 2,
    "cholesky_factor_corr": SIZE * (SIZE - 1) // 2,
    "column_stochastic_matrix": (SIZE - 1) * SIZE,
    "row_stochastic_matrix": (SIZE - 1) * SIZE,
}
# The constraint that a support stands for, by the words in its description.
_SUPPORTS = {
    "a simplex": "simplex",
    "an ordered vector": "ordered",
    "a symmetric positive definite": "cov_matrix",
    "a correlation matrix": "corr_matrix",
    "a Cholesky factor": "cholesky_factor_cov",
    "the Cholesky factor of a correlation": "cholesky_factor_corr",
}

# Arguments that must fit each other, as they are.
GIVEN: dict[str, dict[int, Any]] = {
    "csr_matrix_times_vector": {0: 3, 1: 3, 3: [1, 3, 2], 4: [1, 3, 3, 4]},
    "csr_to_dense_matrix": {0: 3, 1: 3, 3: [1, 3, 2], 4: [1, 3, 3, 4]},
    "multinomial": {0: [2, 0, 3]},
    "multinomial_logit": {0: [2, 0, 3]},
    "dirichlet_multinomial": {0: [2, 0, 3]},
    "hmm_hidden_state_prob": {1: [[0.2, 0.5, 0.3], [0.1, 0.7, 0.2], [0.4, 0.4, 0.2]], 2: [0.5, 0.2, 0.3]},
}
# Vectors of another length than SIZE.
LENGTHS = dict.fromkeys(
    ("cov_matrix_constrain", "cov_matrix_jacobian", "cholesky_factor_cov_constrain", "cholesky_factor_cov_jacobian"),
    SIZE * (SIZE + 1) // 2,
) | {"to_matrix": SIZE**2}
SHORTENED = ("head", "tail", "segment")  # of whose first argument a part is taken
WIENER_PRECISION = 1e-11


@dataclass(frozen=True)
class Argument:
    """How an argument enters a program: a declaration, the block it stands in, its value or free coordinates."""

    block: str  # "data" or "parameters"
    declared: str  # without the name: "array[3] vector[3]"
    value: Any  # for data: what the JSON holds; for parameters: the coordinates at each point
    build: str = "{}"  # from the names of its parts to the argument
    parts: tuple[Argument, ...] = ()


def arguments_of(name: str, signature: Signature, data: frozenset[int]) -> list[Argument]:
    """An argument for each position; those in `data` (and those that must be) are data."""
    distribution = _distribution(name, signature)
    found = []
    for position, type in enumerate(signature.arguments):
        random = np.random.default_rng([position, *name.encode()])
        support = distribution[position].support if distribution else None
        base = name.rpartition("_")[0] if distribution else name
        if name.endswith("_rng") and distribution:
            base, position = base, position + 1  # tables count the outcome
        known = bool(signature.data_only) and signature.data_only[position]
        kind = STRUCTURED.get(base, {}).get(position) or _kind(support)
        given = GIVEN.get(base, {}).get(position)
        if "wiener" in base and known:
            given = WIENER_PRECISION
        if given is not None:
            found.append(_given(type, given, known or position in data))
        elif scalar_of(type) == Int():
            shape = _shape(type, base)
            choices = INTEGERS.get(base, (2,))
            value = choices[min(position, len(choices) - 1)]
            found.append(Argument("data", _declaration(type, shape), np.full(shape, value).tolist()))
        elif kind and scalar_of(type) not in (Int(),) and not is_complex(type):
            found.append(_structured(type, kind, random))
        else:
            low, high = _interval(base, position, support)
            found.append(_numbers(type, _shape(type, base), low, high, random, known or position in data))
            if kind == "cov_matrix":  # of complex numbers: a Hermitian matrix
                found[-1] = replace(found[-1], build="to_complex({0} + {0}', {1} - {1}')")
    return found


def _distribution(name: str, signature: Signature) -> tuple[Parameter, ...] | None:
    chosen = implementation(name, signature.arguments)
    if not isinstance(chosen, DistributionFunction):
        return None
    outcome = Parameter("outcome", chosen.distribution.outcome)
    parameters = chosen.distribution.parameters
    if len(signature.arguments) != len(parameters) + (chosen.part != "draw"):
        return None
    return parameters if chosen.part == "draw" else (outcome, *parameters)


def _kind(support: Support | None) -> str | None:
    if support is None:
        return None
    return next((kind for text, kind in _SUPPORTS.items() if support.text.startswith(text)), None)


def _interval(base: str, position: int, support: Support | None) -> Interval:
    match DOMAINS.get(base):
        case None if support is not None:
            return _inside(support)
        case None:
            return USUAL
        case (float(low), float(high)):
            return low, high
        case intervals:
            return intervals[min(position, len(intervals) - 1)]


def _inside(support: Support) -> Interval:
    """An interval well inside a support."""
    match support.lower, support.upper:
        case None, None:
            return (0.4, 1.7) if "greater than 0" in support.text else (-1.0, 1.5)
        case float() | int() as lower, None:
            return lower + 0.4, lower + 1.7
        case None, upper:
            return upper - 1.7, upper - 0.4
        case lower, upper:
            return lower + 0.15 * (upper - lower), lower + 0.85 * (upper - lower)


def _shape(type: Type, base: str) -> tuple[int, ...]:
    inside = LENGTHS.get(base, SIZE)
    match type:
        case Array(element, 1) if base == "to_matrix":
            return (inside, *_shape(element, ""))
        case Array(element, dimensions):
            sizes = _array_sizes(dimensions, element)
            return ((SIZE, *sizes[1:]) if base in SHORTENED else sizes) + _shape(element, base)
        case Vector() | RowVector() | ComplexVector() | ComplexRowVector():
            return (inside,)
        case Matrix() | ComplexMatrix():
            return (SIZE, SIZE)
        case _:
            return ()


def _array_sizes(dimensions: int, element: Type) -> tuple[int, ...]:
    """Sizes that agree between arrays of vectors and deeper arrays of numbers."""
    short = max(0, dimensions + core_dimensions(element) - INNER_AXES)
    return (1,) * min(short, dimensions) + (SIZE,) * (dimensions - min(short, dimensions))


def _declaration(type: Type, shape: tuple[int, ...], base: str | None = None) -> str:
    dimensions = type.dimensions if isinstance(type, Array) else 0
    base = base or str(type.element if isinstance(type, Array) else type)
    array = f"array[{', '.join(map(str, shape[:dimensions]))}] " if dimensions else ""
    inner = f"[{', '.join(map(str, shape[dimensions:]))}]" if shape[dimensions:] else ""
    return f"{array}{base}{inner}"


def _given(type: Type, value: Any, data: bool) -> Argument:
    shape = np.shape(value)
    if data or scalar_of(type) == Int():
        return Argument("data", _declaration(type, shape), value)
    return Argument("parameters", _declaration(type, shape), [np.ravel(value)] * POINTS)


def _structured(type: Type, kind: str, random: np.random.Generator) -> Argument:
    dimensions = type.dimensions if isinstance(type, Array) else 0
    element = type.element if isinstance(type, Array) else type
    kind = kind if kind != "sum_to_zero_" else "sum_to_zero_vector" if element == Vector() else "sum_to_zero_matrix"
    outer = _array_sizes(dimensions, element)
    array = f"array[{', '.join(map(str, outer))}] " if dimensions else ""
    sizes = f"{SIZE}, {SIZE}" if kind.endswith(("stochastic_matrix", "zero_matrix")) else f"{SIZE}"
    count = FREE_SIZES[kind] * int(np.prod(outer, dtype=np.int64))
    turned = ("turned({})" if dimensions else "{}'") if element == RowVector() else "{}"
    free = [random.uniform(-0.7, 0.7, count) for _ in range(POINTS)]
    return Argument("parameters", f"{array}{kind}[{sizes}]", free, turned)


def _numbers(
    type: Type, shape: tuple[int, ...], low: float, high: float, random: np.random.Generator, data: bool
) -> Argument:
    if is_complex(type):
        real = {"complex": "real", "complex_vector": "vector", "complex_row_vector": "row_vector",
                "complex_matrix": "matrix"}[str(type.element if isinstance(type, Array) else type)]  # fmt: skip
        parts = tuple(_plain(type, shape, _declaration(type, shape, real), low, high, random, data) for _ in range(2))
        deeper = max(0, (type.dimensions if isinstance(type, Array) else 0) - 7)  # than to_complex takes
        first = f"[{', '.join(['1'] * deeper)}]" if deeper else ""
        build = f"to_complex({{0}}{first}, {{1}}{first})"
        return Argument("", "", None, "{{" * deeper + build + "}}" * deeper, parts)
    return _plain(type, shape, _declaration(type, shape), low, high, random, data)


def _plain(
    type: Type,
    shape: tuple[int, ...],
    declared: str,
    low: float,
    high: float,
    random: np.random.Generator,
    data: bool,
) -> Argument:
    values = [random.uniform(low, high, shape) for _ in range(POINTS)]
    if data:
        return Argument("data", declared, values[0].tolist())
    element = type.element if isinstance(type, Array) else type
    columns = isinstance(element, Matrix | ComplexMatrix)  # which stand column by column in the position
    return Argument("parameters", declared, [(np.swapaxes(v, -1, -2) if columns else v).ravel() for v in values])
