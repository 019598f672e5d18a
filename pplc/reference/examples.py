"""One line to run for everything in the library: a call with arguments that fit.

The arguments follow from the types of a signature, or from the supports of a distribution's arguments. Where
these do not tell the domain, the tables below do.
"""

from __future__ import annotations

from collections.abc import Sequence

from pplc.compiler.library.definitions import Distribution, Parameter, Signature, Support, Transform
from pplc.compiler.types import Array, Int, Real, Tuple, Type, core_dimensions, element_of, is_complex, scalar_of

from . import callbacks

_BY_TYPE = {
    "int": "2",
    "real": "0.5",
    "complex": "0.5 + 0.2i",
    "vector": "[0.3, 0.7]'",
    "row_vector": "[0.3, 0.7]",
    "matrix": "[[2, 0.5], [0.5, 1]]",
    "complex_vector": "[0.3, 0.7i]'",
    "complex_row_vector": "[0.3, 0.7i]",
    "complex_matrix": "[[2, 0.5i], [-0.5i, 1]]",
}
_REALS = ("0.5", "0.8", "0.3", "0.6")
_ARRAYS = {"array[] int": "{1, 2}", "array[] real": "{0.3, 0.7}"}

# The arguments of functions whose domain the types do not tell.
_ARGUMENTS = callbacks.ARGUMENTS | {
    "acosh": "1.5",
    "append_array": "{1, 2}, {3}",
    "binary_log_loss": "1, 0.8",
    "block": "[[2, 0.5], [0.5, 1]], 1, 2, 2, 1",
    "chol2inv": "[[2, 0], [0.5, 1]]",
    "choose": "6, 3",
    "csr_matrix_times_vector": "2, 2, [0.3, 0.7]', {1, 2}, {1, 2, 3}, [4, 5]'",
    "csr_to_dense_matrix": "2, 2, [0.3, 0.7]', {1, 2}, {1, 2, 3}",
    "dims": "[[1, 2, 3], [4, 5, 6]]",
    "falling_factorial": "3.5, 2",
    "hmm_hidden_state_prob": "[[-1, -2], [-2, -1]], [[0.9, 0.1], [0.2, 0.8]], [0.5, 0.5]'",
    "hmm_marginal": "[[-1, -2], [-2, -1]], [[0.9, 0.1], [0.2, 0.8]], [0.5, 0.5]'",
    "lambert_wm1": "-0.2",
    "lchoose": "6.5, 2",
    "ldexp": "0.5, 3",
    "linspaced_array": "5, 0, 1",
    "linspaced_int_array": "3, 1, 9",
    "linspaced_row_vector": "5, 0, 1",
    "linspaced_vector": "5, 0, 1",
    "lmgamma": "2, 3.5",
    "log1m_exp": "-0.5",
    "log_diff_exp": "1.5, 0.5",
    "log_falling_factorial": "6.5, 2",
    "log_inv_logit_diff": "1.5, 0.5",
    "lower_upper_bound_unconstrain": "0.5, 0, 1",
    "lower_bound_unconstrain": "0.5, 0",
    "upper_bound_unconstrain": "0.5, 1",
    "mdivide_left_tri_low": "[[2, 0], [0.5, 1]], [[1, 2], [3, 4]]",
    "mdivide_right_tri_low": "[[1, 2], [3, 4]], [[2, 0], [0.5, 1]]",
    "modulus": "7, 3",
    "segment": "{4, 5, 6}, 2, 2",
    "size": "{4, 5, 6}",
    "std_normal_log_qf": "-0.5",
    "student_t_qf": "0.9, 4, 0, 1",
    "sub_col": "[[2, 0.5], [0.5, 1]], 1, 2, 2",
    "sub_row": "[[2, 0.5], [0.5, 1]], 1, 2, 1",
    "to_matrix": "{[1, 2], [3, 4]}",
    "wiener_lccdf_unnorm": "1.5, 1.2, 0.2, 0.5, 0.3",
    "wiener_lcdf_unnorm": "1.5, 1.2, 0.2, 0.5, 0.3",
    "wiener_lpdf": "1.5, 1.2, 0.2, 0.5, 0.3, 0.4",
}

# Outcomes and arguments of distributions that have to fit each other.
_STATEMENTS = {
    "discrete_range": "2 ~ discrete_range(1, 4);",
    "gaussian_dlm_obs": "[[0.3, 0.7]] ~ gaussian_dlm_obs([[1]], [[0.9]], [[1]], [[0.5]], [0]', [[1]]);",
    "hmm_latent": "print(hmm_latent_rng([[-1, -2], [-2, -1]], [[0.9, 0.1], [0.2, 0.8]], [0.5, 0.5]'));",
    "hypergeometric": "2 ~ hypergeometric(4, 5, 6);",
    "inv_wishart": "[[2, 0.5], [0.5, 1]] ~ inv_wishart(3, [[2, 0.5], [0.5, 1]]);",
    "inv_wishart_cholesky": "[[1, 0], [0.5, 1]] ~ inv_wishart_cholesky(3, [[1, 0], [0.5, 1]]);",
    "pareto": "1.5 ~ pareto(1, 2);",
    "pareto_type_2": "1.5 ~ pareto_type_2(0, 1, 2);",
    "uniform": "0.5 ~ uniform(0, 1);",
    "wiener": "1.5 ~ wiener(1.2, 0.2, 0.5, 0.3);",
    "wishart": "[[2, 0.5], [0.5, 1]] ~ wishart(3, [[2, 0.5], [0.5, 1]]);",
    "wishart_cholesky": "[[1, 0], [0.5, 1]] ~ wishart_cholesky(3, [[1, 0], [0.5, 1]]);",
}

_BOUNDS = {"lower": "0", "upper": "1", "offset": "1", "multiplier": "2"}

# What stands for a support that is no interval, by the first words of its description.
_BY_SUPPORT = {
    "a simplex": "[0.3, 0.7]'",
    "an ordered vector": "[-0.5, 1]'",
    "a symmetric positive definite": "[[2, 0.5], [0.5, 1]]",
    "a covariance matrix or": "[[2, 0.5], [0.5, 1]]",
    "a correlation matrix": "[[1, 0.6], [0.6, 1]]",
    "a Cholesky factor": "[[1, 0], [0.5, 1]]",
    "the Cholesky factor of a correlation": "[[1, 0], [0.6, 0.8]]",
    "a matrix": "[[2, 0.5], [0.5, 1]]",
    "an array of integers": "{2, 1}",
    "a vector": "[0.3, 0.7]'",
}


def program_of(line: str) -> str:
    """The program in which a line stands: callbacks, and the block where it may be written."""
    block = "model" if "~" in line else "generated quantities" if line.startswith("print") else "parameters"
    return f"{callbacks.FUNCTIONS}{block} {{\n  {line}\n}}\n"


def function_line(name: str, signatures: Sequence[Signature]) -> str:
    """A line that prints the value of a library function, for one of the given signatures."""
    given = _ARGUMENTS.get(name)
    if given is None or (signatures and all(map(_complex, signatures))):
        plainest = min(signatures, key=_burden)
        given = _list(plainest.arguments)
    if name.endswith(("_lpdf", "_lpmf")):
        given = _bar(given)
    return f"print({name}({given}));"


def distribution_line(distribution: Distribution) -> str:
    """A statement in which an outcome has the distribution."""
    if line := _STATEMENTS.get(distribution.name):
        return line
    arguments = ", ".join(_argument(parameter) for parameter in distribution.parameters)
    return f"{_inside(distribution.outcome)} ~ {distribution.name}({arguments});"


def _bar(arguments: str) -> str:
    """The outcome, a number or an array, is set apart from what it is conditioned on."""
    end = arguments.index("}") + 1 if arguments.startswith("{") else arguments.index(",")
    return f"{arguments[:end]} |{arguments[end + 1 :]}"


# Values -------------------------------------------------------------------------------------------


def _complex(signature: Signature) -> bool:
    return any(map(is_complex, signature.arguments))


def _burden(signature: Signature) -> tuple[int, int, int]:
    """What makes arguments less plain than reals: complex numbers, ints, axes."""
    types = signature.arguments
    return sum(map(is_complex, types)), sum(scalar_of(t) == Int() for t in types), sum(map(core_dimensions, types))


def _list(types: Sequence[Type]) -> str:
    """Values of these types, the reals different from each other."""
    reals = iter(_REALS)
    return ", ".join(next(reals) if type == Real() else _value(type) for type in types)


def _value(type: Type) -> str:
    """A value of a type."""
    match type:
        case Array():
            element = _value(element_of(type))
            return _ARRAYS.get(str(type)) or f"{{{element}, {element}}}"
        case Tuple(elements):
            return f"({', '.join(map(_value, elements))})"
        case _:
            return _BY_TYPE[str(type)]


def _argument(parameter: Parameter) -> str:
    return "[[0.5, 1], [1.5, 0]]" if parameter.name == "x" else _inside(parameter.support)


def _inside(support: Support) -> str:
    """A value well inside a support."""
    if support.core:
        return next(value for text, value in _BY_SUPPORT.items() if support.text.startswith(text))
    lower, upper = support.lower, support.upper
    if lower is not None and upper is not None:
        return f"{upper:g}" if support.integer else f"{(lower + upper) / 2:g}"
    if lower is not None:
        return f"{lower + 1:g}" if support.integer else f"{lower + 1.5:g}"
    if upper is not None:
        return f"{upper - 1:g}"
    return "2" if support.integer else "0.5"


def transform_line(transform: Transform) -> str:
    """A declaration with the constraint."""
    if not transform.constrained_core:
        bounds = ", ".join(f"{name}={_BOUNDS[name]}" for name in transform.parameters)
        return f"real<{bounds}> y;"
    sizes = ", ".join(("3",) if transform.declared_sizes[0] == 1 else ("2", "3"))
    return f"{transform.name}[{sizes}] y;"
