"""Distributions of vectors and matrices, and regressions, against Stan: value and gradient in every argument.

Each case writes its arguments as Stan declarations. Real arguments become parameters of a Stan program whose
target is the density, so its gradient runs through Stan's transforms and ours.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from math import prod
from typing import Any

import numpy as np
import pytensor
import pytensor.tensor as pt
import pytest
import stanli
from pplc.compiler.library.densities import pointwise
from pplc.compiler.library.registry import distributions, transforms
from pplc.compiler.library.shorthand import parse_type
from pplc.compiler.types import Type, array_of
from pytensor.compile.mode import Mode

INTERPRETED = Mode(linker="py", optimizer=None)
SQUARE = {"corr_matrix", "cov_matrix", "cholesky_factor_corr", "cholesky_factor_cov"}
BOUND = {"<lower=0>": ("lower", (0.0,)), "<lower=2>": ("lower", (2.0,)), "": None}


@dataclass(frozen=True)
class Argument:
    """A declaration such as `array[4] vector[3]`: the name of its transform, its sizes and its type."""

    text: str
    array: tuple[int, ...]
    base: str
    bound: str
    inner: tuple[int, ...]

    @property
    def type(self) -> Type:
        base = self.base
        if base in transforms():
            base = ("vector", "vector", "matrix")[transforms()[base].constrained_core]
        return array_of(parse_type(base), len(self.array))

    @property
    def core(self) -> tuple[int, ...]:
        return (*self.inner, *self.inner) if self.base in SQUARE else self.inner


@cache
def parse(text: str) -> Argument:
    array, base, bound, inner = re.fullmatch(r"(?:array\[([\d,]+)\] )?(\w+)(<[^>]*>)?(?:\[([\d,]+)\])?", text).groups()
    sizes = [tuple(map(int, found.split(","))) if found else () for found in (array, inner)]
    return Argument(text, sizes[0], base, bound or "", sizes[1])


@dataclass(frozen=True)
class Case:
    """`distribution_lpdf(arguments)`; integer arguments are given with their values after an equals sign."""

    distribution: str
    arguments: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.distribution}({', '.join(self.arguments)})"


def case(distribution: str, *arguments: str) -> Case:
    return Case(distribution, arguments)


K = 3
VECTORS = [f"vector[{K}]", f"array[4] vector[{K}]"]
CASES = [
    *(case("multi_normal", y, mu, f"cov_matrix[{K}]") for y in VECTORS for mu in VECTORS),
    case("multi_normal", "array[4] row_vector[3]", "row_vector[3]", "cov_matrix[3]"),
    case("multi_normal", "array[1] vector[3]", "array[1] vector[3]", "cov_matrix[3]"),
    case("multi_normal", "vector[1]", "vector[1]", "cov_matrix[1]"),
    *(case("multi_normal_prec", y, VECTORS[0], f"cov_matrix[{K}]") for y in VECTORS),
    *(case("multi_normal_cholesky", y, mu, f"cholesky_factor_cov[{K}]") for y in VECTORS for mu in VECTORS),
    *(case("multi_student_t", y, "real<lower=0>", VECTORS[0], f"cov_matrix[{K}]") for y in VECTORS),
    *(case("multi_student_t_cholesky", y, "real<lower=0>", VECTORS[1], f"cholesky_factor_cov[{K}]") for y in VECTORS),
    case("multi_gp", "matrix[3,3]", "cov_matrix[3]", "vector<lower=0>[3]"),
    case("multi_gp_cholesky", "matrix[3,3]", "cholesky_factor_cov[3]", "vector<lower=0>[3]"),
    case("dirichlet", "simplex[3]", "vector<lower=0>[3]"),
    case("dirichlet", "array[4] simplex[3]", "vector<lower=0>[3]"),
    case("dirichlet", "array[2] simplex[3]", "array[2] vector<lower=0>[3]"),
    case("dirichlet", "simplex[3]", "array[2] vector<lower=0>[3]"),
    case("multinomial", "array[3] int=[2,0,5]", "simplex[3]"),
    case("multinomial_logit", "array[3] int=[2,0,5]", "vector[3]"),
    case("dirichlet_multinomial", "array[3] int=[2,0,5]", "vector<lower=0>[3]"),
    case("dirichlet_multinomial", "array[3] int=[0,0,0]", "vector<lower=0>[3]"),
    *(case("lkj_corr", f"corr_matrix[{size}]", "real<lower=0>") for size in (1, 2, 3, 5)),
    *(case("lkj_corr_cholesky", f"cholesky_factor_corr[{size}]", "real<lower=0>") for size in (1, 2, 3, 5)),
    case("lkj_cov", "cov_matrix[3]", "vector[3]", "vector<lower=0>[3]", "real<lower=0>"),
    *(case(name, "cov_matrix[3]", "real<lower=2>", "cov_matrix[3]") for name in ("wishart", "inv_wishart")),
    *(
        case(name, "cholesky_factor_cov[3]", "real<lower=2>", "cholesky_factor_cov[3]")
        for name in ("wishart_cholesky", "inv_wishart_cholesky")
    ),
    *(
        case("normal_id_glm", y, x, alpha, "vector[2]", sigma)
        for y, x in (("vector[4]", "matrix[4,2]"), ("vector[4]", "row_vector[2]"), ("real", "matrix[4,2]"))
        for alpha in ("real", "vector[4]")
        for sigma in ("real<lower=0>", "vector<lower=0>[4]")
    ),
    *(
        case(f"{name}_glm", f"array[4] int={outcomes}", *more, x, alpha, "vector[2]", *after)
        for name, outcomes, more, after in (
            ("bernoulli_logit", "[0,1,1,0]", (), ()),
            ("binomial_logit", "[0,1,3,2]", ("array[4] int=[3,1,4,2]",), ()),
            ("poisson_log", "[0,1,7,2]", (), ()),
            ("neg_binomial_2_log", "[0,1,7,2]", (), ("real<lower=0>",)),
        )
        for x in ("matrix[4,2]", "row_vector[2]")
        for alpha in ("real", "vector[4]")
    ),
    *(
        case(f"{name}_glm", "int=1", "matrix[4,2]", alpha, "vector[2]", *after)
        for name, after in (("bernoulli_logit", ()), ("poisson_log", ()), ("neg_binomial_2_log", ("real<lower=0>",)))
        for alpha in ("real", "vector[4]")
    ),
    case("binomial_logit_glm", "int=2", "int=5", "matrix[4,2]", "vector[4]", "vector[2]"),
    case("binomial_logit_glm", "int=1", "array[4] int=[3,1,4,2]", "matrix[4,2]", "real", "vector[2]"),
    *(
        case("categorical_logit_glm", y, x, "vector[3]", "matrix[2,3]")
        for y in ("array[4] int=[1,3,2,3]", "int=2")
        for x in ("matrix[4,2]", "row_vector[2]")
    ),
    *(
        case("ordered_logistic_glm", y, x, "vector[2]", "ordered[3]")
        for y in ("array[4] int=[1,4,2,3]", "int=2")
        for x in ("matrix[4,2]", "row_vector[2]")
    ),
]  # fmt: skip


def column_major(x: Any, axes: int) -> Any:
    """The elements of a container in the order of Stan's unconstrained vector, undone: matrices by column."""
    return pt.swapaxes(x, -1, -2) if axes == 2 else x


def place(argument: Argument, q: Any, start: int) -> tuple[Any, Any, int]:
    """(value, log Jacobian, end) of a parameter whose free numbers begin at q[start]."""
    constraint = transforms().get(argument.base)
    if constraint is None and argument.bound:
        constraint = transforms()["lower"]
    bounds = (float(argument.bound[7:-1]),) if argument.bound else ()
    structured = constraint is not None and constraint.constrained_core > 0
    free = constraint.unconstrained_shape(argument.core) if structured else argument.core
    end = start + prod(argument.array) * prod(free)
    plain_matrix = not structured and len(argument.core) == 2
    x = q[start:end].reshape((*argument.array, *(free[::-1] if plain_matrix else free)))
    x = column_major(x, len(argument.core) if plain_matrix else 0)
    if constraint is None:
        return x, 0.0, end
    sized = {"shape": argument.core} if constraint.takes_shape else {}
    return constraint.constrain(x, *bounds, **sized), pt.sum(constraint.log_jacobian(x, *bounds, **sized)), end


def evaluate(case: Case) -> tuple[Any, Any, int]:
    """Our (value, gradient) function, Stan's model, and the number of free parameters."""
    distribution = distributions()[case.distribution]
    suffix = "lpmf" if distribution.discrete else "lpdf"
    parameters, data, names, types, values, jacobian, end = [], {}, [], [], [], 0.0, 0
    q = pt.vector("q", shape=(200,))
    for position, text in enumerate(case.arguments):
        declaration, _, integers = text.partition("=") if " int=" in text or text.startswith("int=") else (text, "", "")
        argument, name = parse(declaration), f"a{position}"
        if integers:
            data[name] = eval(integers)
            values.append(pt.constant(np.array(data[name]), dtype="int64"))
        else:
            value, change, end = place(argument, q, end)
            parameters.append(f"{declaration} {name};")
            values.append(value)
            jacobian += change
        names.append(name)
        types.append(argument.type)
    terms = pointwise(distribution, suffix, values, types, 0)
    log_density = pt.sum(terms) + jacobian
    gradient = pt.grad(log_density, q, disconnected_inputs="ignore")
    integers = "".join(
        f"{text.partition('=')[0]} {name};" for name, text in zip(names, case.arguments, strict=True) if name in data
    )
    called = [
        f"rep_matrix({name}, 4)" if "array[4] int" in case.arguments[0] and "row_vector" in text else name
        for name, text in zip(names, case.arguments, strict=True)  # stanli refuses a row_vector there
    ]
    model = stanli.Model(
        stan_code=f"data {{ {integers} }} parameters {{ {' '.join(parameters)} }}"
        f"model {{ target += {case.distribution}_{suffix}({called[0]} | {', '.join(called[1:])}); }}",
        data=data,
    )
    return pytensor.function([q], [log_density, gradient], mode=INTERPRETED), model, end


def values_of(case: Case, position: np.ndarray) -> tuple[list[np.ndarray], list[Type]]:
    """The arguments at a position of the free numbers, and their types."""
    q, end, values, types = pt.constant(position), 0, [], []
    for text in case.arguments:
        declaration, _, integers = text.partition("=") if "int=" in text else (text, "", "")
        if integers:
            values.append(np.array(eval(integers)))
        else:
            value, _, end = place(parse(declaration), q, end)
            values.append(value.eval(mode=INTERPRETED))
        types.append(parse(declaration).type)
    return values, types


ONE_OF_EACH = list({case.distribution: case for case in CASES}.values()) + [
    case
    for case in CASES
    if case.distribution in ("multi_normal", "bernoulli_logit_glm") and "array[4]" in case.arguments[0]
]


@pytest.mark.parametrize("shared", ["nothing", "rest"])
@pytest.mark.parametrize("case", ONE_OF_EACH, ids=str)
def test_a_batch_is_a_stack(case: Case, shared: str) -> None:
    """A batch axis in front of every argument, of length one for those that all positions share."""
    distribution = distributions()[case.distribution]
    suffix = "lpmf" if distribution.discrete else "lpdf"
    rng = np.random.default_rng(5)
    points = [values_of(case, rng.uniform(-1, 1, 200)) for _ in range(3)]
    types = points[0][1]
    batch = [np.stack(column) for column in zip(*(values for values, _ in points), strict=True)]
    for position in range(len(batch)):
        if shared == "rest" and position > 0:
            batch[position] = batch[position][:1]
    terms = pointwise(distribution, suffix, [pt.constant(value) for value in batch], types, 1)
    found = terms.eval(mode=INTERPRETED)
    for number in range(3):
        values = [pt.constant(value[min(number, len(value) - 1)]) for value in batch]
        expected = pointwise(distribution, suffix, values, types, 0).eval(mode=INTERPRETED)
        np.testing.assert_allclose(found[min(number, len(found) - 1)], expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_agrees_with_stan(case: Case) -> None:
    ours, stan, size = evaluate(case)
    rng = np.random.default_rng(7)
    for scale in (0.3, 1.0, 2.0):
        position = np.zeros(200)
        position[:size] = rng.uniform(-scale, scale, size)
        value, gradient = ours(position)
        expected_value, expected_gradient = stan.log_prob_grad(position[:size])
        np.testing.assert_allclose(value, expected_value, rtol=1e-10, atol=1e-10)
        largest = np.abs(expected_gradient).max(initial=1.0)
        np.testing.assert_allclose(gradient[:size], expected_gradient, rtol=1e-9, atol=1e-10 * largest)
