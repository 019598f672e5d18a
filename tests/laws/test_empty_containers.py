"""Laws of containers without elements and with one, for the functions that are not distributions.

Without elements there is a result, or an error that the declaration announces: nothing is a mistake of ours. Containers
of one shape as the arguments have no elements either; sums are 0, products 1, and what is largest is below everything.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator

import numpy as np
import pytensor.tensor as pt
import pytest
from function_cases import Case, case_of
from pplc.compiler.library import registry
from pplc.compiler.library.definitions import Function
from pplc.compiler.library.evaluation import evaluate
from pplc.compiler.library.needs import Needed, needed
from pplc.compiler.library.shorthand import expand
from pplc.compiler.types import Array, Int, Matrix, Real, RowVector, Type, Vector, core_dimensions

NUMBERS = {
    "determinant": 1, "distance": 0, "dot_product": 0, "dot_self": 0, "log_determinant": 0, "log_determinant_spd": 0,
    "log_mix": -np.inf, "log_sum_exp": -np.inf, "max": -np.inf, "min": np.inf, "multiply": 0, "norm1": 0, "norm2": 0,
    "num_elements": 0, "prod": 1, "quad_form": 0, "quad_form_sym": 0, "size": 0, "squared_distance": 0, "sum": 0,
    "trace": 0, "trace_dot": 0, "trace_gen_quad_form": 0, "trace_quad_form": 0, "wiener_lccdf_unnorm": 0,
    "wiener_lcdf_unnorm": 0, "wiener_lpdf": 0,
}  # fmt: skip
# What is about the shape of the arguments, adds elements to them, or is not about them: results that are no empty sums.
OTHERS = frozenset({
    "append_col", "append_row", "cols", "rows", "dims", "columns_dot_product", "columns_dot_self", "rows_dot_product",
    "rows_dot_self", "csr_extract", "csr_extract_u", "generate_laplace_options", "hypergeometric_3F2",
    "hypergeometric_pFq",
})  # fmt: skip
INDEXING = frozenset({"col", "row", "sub_col", "sub_row"})  # lowering looks at their indices
MOST = 4  # overloads of one function
SLOW = ("hypergeometric",)  # series, for numbers only


def is_plain(type: Type) -> bool:
    return isinstance(type, Vector | RowVector | Matrix | Int | Real) or type in (Array(Int(), 1), Array(Real(), 1))


def cases() -> Iterator[Case]:
    for name, functions in registry.functions().items():
        for function in functions:
            if function.build is not None and name not in INDEXING and not name.startswith(SLOW):
                yield from _cases_of(function)


def _cases_of(function: Function) -> Iterator[Case]:
    signatures = [
        signature
        for line in function.signatures
        for signature in expand(line)
        if all(map(is_plain, signature.arguments)) and any(map(core_dimensions, signature.arguments))
    ]
    random = np.random.default_rng(zlib.crc32(function.name.encode()))
    for place in sorted(random.permutation(len(signatures))[:MOST]):
        yield case_of(function, signatures[place])


CASES = list(cases())


def shortened(case: Case, size: int) -> list[np.ndarray]:
    return [np.asarray(value)[(slice(size),) * np.ndim(value)] for value in case.arguments]


def is_rejected(case: Case, values: list[np.ndarray]) -> bool:
    """Whether the declaration says that the function is not defined there."""
    graphs = [pt.constant(value) for value in values]
    for needs in needed(case.function.name, case.signature.arguments):
        if isinstance(needs, Needed):
            if not bool(evaluate(pt.all(needs.truth(graphs)))):
                return True
            continue
        own, other = (values[position].shape for position in needs.positions)
        if any(compared.fails(own, other) for compared in needs.comparisons(len(own), len(other))):
            return True
    return False


def results(case: Case, values: list[np.ndarray]) -> list[np.ndarray]:
    found = case.function.build(*map(pt.constant, values))
    return [evaluate(pt.as_tensor(part)) for part in (found if isinstance(found, tuple | list) else [found])]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_no_elements(case: Case) -> None:
    values = shortened(case, 0)
    if is_rejected(case, values):
        return
    for found in results(case, values):
        if case.function.name in OTHERS:
            assert np.isfinite(found).all()
        elif found.ndim:
            assert found.size == 0
        else:
            assert found == NUMBERS[case.function.name]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_one_element(case: Case) -> None:
    """A container of one number is treated as that number, where there is an overload for it."""
    values = shortened(case, 1)
    if is_rejected(case, values):
        return
    found = results(case, values)
    scalars = tuple(Int() if value.dtype.kind == "i" else Real() for value in values)
    for function in registry.functions()[case.function.name]:
        for signature in (s for line in function.signatures for s in expand(line)):
            if signature.arguments == scalars and not core_dimensions(signature.result) and function.build is not None:
                alone = evaluate(pt.as_tensor(function.build(*(pt.constant(value.ravel()[0]) for value in values))))
                np.testing.assert_array_equal(np.ravel(found[0]), alone)
                return
