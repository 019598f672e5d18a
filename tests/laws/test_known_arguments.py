"""Functions of numbers and distributions have one value, whether their arguments are known at compile time or not.

What is known is worked out by NumPy, SciPy and kernels as plain Python, the rest by compiled code: they agree to 1e-8,
and in which infinity or nan they give, at zeros of both signs, poles, infinities, nan, subnormal and huge numbers.
"""

from __future__ import annotations

from itertools import product

import numpy as np
import pytensor.tensor as pt
import pytest
from pplc.compiler.backend.functions import compile_function
from pplc.compiler.library.definitions import Distribution, Function, Signature, Support
from pplc.compiler.library.densities import checked_arguments, parameters_of, pointwise
from pplc.compiler.library.evaluation import evaluate
from pplc.compiler.library.expand import all_names, implementation, signatures_of
from pplc.compiler.library.needs import Needed, needed
from pplc.compiler.types import Array, Int, Real, Type, Vector
from scalar_calls import NUMBERS, parts_of

import pplc

pytestmark = pytest.mark.filterwarnings("ignore::pplc.ProgramWarning")

REALS = (0.0, -0.0, 1.0, -1.0, -2.0, 0.3, -0.3, 2.5, -2.5, 20.0, -20.0, 1e-8, 171.0, 40.5, -1e9 - 0.5, 1e300, -1e300,
         1e-310, -1e-310, np.inf, -np.inf, np.nan)  # fmt: skip
FEW = (0.0, -0.0, 1.0, -1.0, 0.3, 2.5, 1e300, 1e-310, np.inf, -np.inf, np.nan)
INTS = (0, 1, -1, 5)
DENSEST = 150  # points of a distribution
MOST = 20  # points where there are more than two reals


def signature_of(name: str) -> Signature | None:
    """The overload of numbers with the most reals."""
    of_numbers = [
        s for s in signatures_of(name) if set(s.arguments) <= {Int(), Real()} >= {s.result} and Real() in s.arguments
    ]
    served = [s for s in of_numbers if isinstance(found := implementation(name, s.arguments), Function) and found.build]
    return max(served, key=lambda s: s.arguments.count(Real()), default=None)


NAMES = [name for name in sorted(all_names()) if signature_of(name) is not None and not name.endswith("_rng")]


@pytest.mark.parametrize("name", NAMES)
def test_one_value(name: str) -> None:
    signature = signature_of(name)
    assert signature is not None
    count = signature.arguments.count(Real())
    points = np.array(list(product(REALS if count < 2 else FEW, repeat=min(count, 2))))
    if count > 2:
        points = np.random.default_rng(0).choice(FEW, (MOST, count))
    columns = [pt.tensor(shape=(len(points),), dtype="float64") for _ in range(count)]
    values = [column.copy() for column in points.T]
    integers = list(product(INTS, repeat=signature.arguments.count(Int())))
    graphs = [_graph(name, signature, chosen, columns) for chosen in integers]
    compiled = compile_function(columns, graphs, {})(*values)
    for chosen, graph, found in zip(integers, graphs, compiled, strict=True):
        known = evaluate(graph, dict(zip(columns, values, strict=True))).astype(float)
        found = np.asarray(found, float)
        outside = ~_defined(name, signature, chosen, points)
        both = np.isfinite(known) & np.isfinite(found)
        same = np.where(both, np.isclose(known, found, rtol=1e-8, atol=1e-14), _kind(known) == _kind(found)) | outside
        wrong = [(*chosen, *points[i], known.flat[i], found.flat[i]) for i in np.flatnonzero(~same)]
        assert not wrong, f"(arguments, known, compiled) {wrong[:5]}"


def _graph(
    name: str, signature: Signature, integers: tuple[int, ...], columns: list[pt.TensorVariable]
) -> pt.TensorVariable:
    known, unknown = iter(integers), iter(columns)
    arguments = [pt.constant(np.int64(next(known))) if k == Int() else next(unknown) for k in signature.arguments]
    found = implementation(name, signature.arguments)
    assert isinstance(found, Function)
    assert found.build is not None
    return pt.as_tensor(found.build(*arguments))


def _defined(name: str, signature: Signature, integers: tuple[int, ...], points: np.ndarray) -> np.ndarray:
    """Where a call is no error, whatever its value: what is outside and gives nan is compared all the same."""
    known, unknown = iter(integers), iter(points.T)
    arguments = [pt.constant(next(known) if k == Int() else next(unknown)) for k in signature.arguments]
    needs = (n for n in needed(name, signature.arguments) if isinstance(n, Needed) and not n.condition.nan)
    truths = [np.broadcast_to(evaluate(pt.as_tensor(one.truth(arguments))), len(points)) for one in needs]
    return np.logical_and.reduce([np.ones(len(points), bool), *truths])


def _kind(x: np.ndarray) -> np.ndarray:
    """-1 and 1 for infinities, 2 for nan, 0 for numbers."""
    return np.where(np.isnan(x), 2, np.where(np.isinf(x), np.sign(x), 0))


def edges(support: Support) -> list[float]:
    """The ends of a support and moderate numbers in it: far out, sums of large terms depend on their order."""
    lower, upper = support.lower, support.upper
    if support.integer:
        least = 0.0 if lower is None else lower
        return [least, least + 1, least + 5] if upper is None else [least, upper]
    if lower is not None and upper is not None:
        return [lower, upper, 0.3 * lower + 0.7 * upper]
    if lower is None:
        return [0.0, 1.3, -0.7, 20.0, np.inf, -np.inf]
    return [lower, lower + 0.4, lower + 1, lower + 2, lower + 20, np.inf]


@pytest.mark.parametrize("distribution", NUMBERS, ids=lambda d: d.name)
def test_one_value_of_a_distribution(distribution: Distribution) -> None:
    """At arguments that it takes."""
    taken = parameters_of(distribution)
    points = np.array(list(product(*(edges(p.support) for p in taken))))
    if len(points) > DENSEST:
        points = np.random.default_rng(0).choice(points, DENSEST, replace=False)
    dtypes = ["int64" if p.support.integer else "float64" for p in taken]
    columns = [pt.tensor(shape=(len(points),), dtype=dtype) for dtype in dtypes]
    values = [column.astype(dtype) for column, dtype in zip(points.T, dtypes, strict=True)]
    types: list[Type] = [Array(Int(), 1) if p.support.integer else Vector() for p in taken]
    graphs = [pointwise(distribution, part, columns, types, 0) for part in parts_of(distribution)]
    at = dict(zip(columns, values, strict=True))
    for part, graph, found in zip(
        parts_of(distribution), graphs, compile_function(columns, graphs, {})(*values), strict=True
    ):
        checked = checked_arguments(distribution, part, columns, types, 0)
        inside = np.logical_and.reduce([evaluate(support.holds(column), at) for _, support, column in checked], axis=0)
        known = np.broadcast_to(evaluate(graph, at), found.shape)
        both = np.isfinite(known) & np.isfinite(found)
        same = np.where(both, np.isclose(known, found, rtol=1e-8, atol=1e-13), _kind(known) == _kind(found)) | ~inside
        wrong = [(*points[i], known[i], found[i]) for i in np.flatnonzero(~same)]
        assert not wrong, f"{part}: (arguments, known, compiled) {wrong[:5]}"


@pytest.mark.parametrize(
    ("call", "value"),
    {
        "lgamma(x)": np.inf,
        "lmgamma(2, x)": np.inf,
        "trigamma(x)": np.inf,
        "digamma(x * 0)": np.nan,
    }.items(),
)
def test_at_minus_infinity_as_in_stan(call: str, value: float) -> None:
    call = call.replace("x * 0", "0 * 0.0")
    program = f"transformed data {{ real x = negative_infinity(); real k = {call}; }} parameters {{ real y; }}"
    model = pplc.compile_model(f"{program} generated quantities {{ real g = k; }}")
    np.testing.assert_equal(float(model.constrain(np.zeros(1), generated=True)["g"]), value)


def test_far_below_zero_costs_no_more() -> None:
    """As many steps as the argument is large were taken once."""
    model = pplc.compile_model("parameters { real x; } model { target += lgamma(x) + trigamma(x); }")
    np.testing.assert_allclose(model.logp(np.array([-1e9 - 0.5])), -19723265847.7 + 9.8696044, rtol=1e-9)
