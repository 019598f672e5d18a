"""Laws of the constraint transforms: round trip, log Jacobian, support, batches, and agreement with Stan."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import prod
from typing import Any

import numpy as np
import pytensor
import pytensor.tensor as pt
import pytest
import stanli
from pplc.compiler.library.definitions import Condition, Transform
from pplc.compiler.library.evaluation import evaluate
from pplc.compiler.library.registry import transforms
from pytensor.compile.mode import Mode

INTERPRETED = Mode(linker="py", optimizer=None)
BOUNDS = {"lower": -1.5, "upper": 2.25, "offset": 0.75, "multiplier": 1.8}
SIZES = (1, 2, 3, 7)
RECTANGLES = ((1, 3), (3, 2), (4, 4), (5, 1))
LONG = 40  # beyond the largest dense isometry


@dataclass(frozen=True)
class Case:
    """A transform at one shape, with the arguments of its bounds."""

    name: str
    shape: tuple[int, ...]

    @property
    def transform(self) -> Transform:
        return transforms()[self.name]

    @property
    def arguments(self) -> tuple[float, ...]:
        return tuple(BOUNDS[name] for name in self.transform.parameters)

    @property
    def free_shape(self) -> tuple[int, ...]:
        return self.transform.unconstrained_shape(self.shape)

    @property
    def shape_argument(self) -> dict[str, Any]:
        return {"shape": self.shape} if self.transform.takes_shape else {}

    def __str__(self) -> str:
        return f"{self.name}{list(self.shape)}"


def cases() -> list[Case]:
    found = []
    for name, transform in transforms().items():
        match transform.constrained_core:
            case 0:
                shapes: list[tuple[int, ...]] = [()]
            case 1:
                shapes = [(size,) for size in (*SIZES, LONG)]
            case _ if transform.declared_sizes == (1,):
                shapes = [(size, size) for size in SIZES]
            case _:
                shapes = [shape for shape in RECTANGLES if transform.sizes(shape) is None]
        found += [Case(name, shape) for shape in shapes]
    return [case for case in found if prod(case.free_shape)]


@cache
def compiled(case: Case, leading: tuple[int, ...] = ()) -> Any:
    """x -> (y, log Jacobian, y's Jacobian unless batched), and y -> x."""
    transform = case.transform
    size = prod(leading) * prod(case.free_shape)
    flat = pt.vector("flat", shape=(size,))
    x = flat.reshape((*leading, *case.free_shape))
    y = transform.constrain(x, *case.arguments, **case.shape_argument)
    outputs = [y, transform.log_jacobian(x, *case.arguments, **case.shape_argument)]
    if not leading:
        elements = y.reshape((prod(case.shape),))
        outputs += [pt.grad(elements[i], flat, disconnected_inputs="ignore") for i in range(prod(case.shape))]
    function = pytensor.function([flat], outputs, mode=INTERPRETED)
    value = pt.tensor("y", shape=(*leading, *case.shape), dtype="float64")
    backward = pytensor.function([value], transform.unconstrain(value, *case.arguments), mode=INTERPRETED)

    def forward(position: np.ndarray) -> tuple[np.ndarray, ...]:
        y, log_jacobian, *rows = function(np.ravel(position))
        return (y, log_jacobian, np.stack(rows)) if rows else (y, log_jacobian)

    return forward, backward


def positions(case: Case, *, scales: tuple[float, ...] = (0.3, 1.0, 2.5)) -> list[np.ndarray]:
    rng = np.random.default_rng(20)
    return [rng.uniform(-scale, scale, size=case.free_shape) for scale in scales]


def log_volume(case: Case, jacobian: np.ndarray) -> float:
    """log |det| of the map to the coordinates of the constrained value, or of the area that it spreads over."""
    if case.transform.coordinates is None:
        return 0.5 * float(np.linalg.slogdet(jacobian.T @ jacobian)[1])
    rows = np.arange(prod(case.shape)).reshape(case.shape)[case.transform.coordinates(case.shape)]
    return float(np.linalg.slogdet(jacobian[np.ravel(rows)])[1])


def restricts(case: Case) -> bool:
    """Whether anything lies outside: any number is an ordered vector."""
    values = np.random.default_rng(20).normal(scale=10, size=(20, *case.shape))
    return any(case.transform.problem(value, *case.arguments) for value in values)


every_case = pytest.mark.parametrize("case", cases(), ids=str)


@every_case
def test_round_trip(case: Case) -> None:
    forward, backward = compiled(case)
    for x in positions(case):
        if case.name == "unit_vector":
            x /= np.linalg.norm(x)
        np.testing.assert_allclose(backward(forward(x)[0]), x, rtol=1e-8, atol=1e-8)


@every_case
def test_log_jacobian_is_the_log_determinant(case: Case) -> None:
    if case.name == "unit_vector":
        pytest.skip("its extra dimension has no determinant; agreement with Stan is tested")
    forward, _ = compiled(case)
    for x in positions(case):
        _, log_jacobian, jacobian = forward(x)
        np.testing.assert_allclose(np.sum(log_jacobian), log_volume(case, jacobian), rtol=1e-8, atol=1e-8)


@every_case
def test_lands_in_the_support_and_leaves_it_when_pushed(case: Case) -> None:
    forward, _ = compiled(case)
    check = case.transform.problem
    for x in positions(case):
        y = forward(x)[0]
        assert y.shape == case.shape
        assert check(y, *case.arguments) is None
        if not restricts(case):
            continue
        for far in (-100.0, 100.0):
            broken = np.array(y)
            broken.flat[-1] = far
            complaints = [check(broken, *case.arguments), check(-broken, *case.arguments)]
            assert any("must" in str(complaint) for complaint in complaints)
        broken = np.array(y)
        broken.flat[0] = np.nan
        assert check(broken, *case.arguments) is not None


@pytest.mark.parametrize("name", transforms())
def test_a_constraint_restricts_something(name: str) -> None:
    free_choice = name == "offset_multiplier"  # a change of scale
    assert any(restricts(case) for case in cases() if case.name == name) != free_choice


@every_case
def test_a_batch_is_a_stack(case: Case) -> None:
    batched, backward = compiled(case, (3,))
    single, _ = compiled(case)
    stack = np.stack(positions(case))
    y, log_jacobian = batched(stack)
    results = [single(x) for x in stack]
    np.testing.assert_allclose(y, np.stack([result[0] for result in results]), rtol=1e-14, atol=1e-15)
    np.testing.assert_allclose(log_jacobian, np.stack([result[1] for result in results]), rtol=1e-13, atol=1e-14)
    if case.name != "unit_vector":
        np.testing.assert_allclose(backward(y), stack, rtol=1e-8, atol=1e-8)


# Against Stan -----------------------------------------------------------------------------------


def stan_parameter(case: Case) -> str:
    """A declaration of p; stanli knows stochastic matrices only as functions of a free matrix."""
    transform = case.transform
    if "stochastic" in case.name and transform.free_matrix_lacks:
        free = [size - less for size, less in zip(case.shape, transform.free_matrix_lacks, strict=True)]
        declared = f"matrix[{case.shape[0]}, {case.shape[1]}] p = {transform.function_name}_jacobian(x);"
        return f"parameters {{ matrix[{free[0]}, {free[1]}] x; }} transformed parameters {{ {declared} }}"
    if transform.constrained_core:
        sizes = case.shape[: max(transform.declared_sizes)]
        return f"parameters {{ {case.name}[{', '.join(map(str, sizes))}] p; }}"
    return f"parameters {{ real<{', '.join(f'{name}={BOUNDS[name]}' for name in transform.parameters)}> p; }}"


def stan_model(case: Case, weights: np.ndarray) -> Any:
    """A density whose gradient tells every element of p and its place apart."""
    flat = {0: "rep_vector(p, 1)", 1: "p", 2: "to_vector(p)"}[case.transform.constrained_core]
    program = (
        f"data {{ int n; vector[n] w; }} {stan_parameter(case)}"
        f"model {{ target += dot_product(w, {flat}) + dot_product(w, square({flat})); }}"
    )
    try:
        return stanli.Model(stan_code=program, data={"n": weights.size, "w": weights.tolist()})
    except RuntimeError as failure:
        if "parsing error" in str(failure):
            pytest.skip("not a constraint of Stan")
        raise


@pytest.mark.parametrize("case", [case for case in cases() if case != Case("unit_vector", (1,))], ids=str)
def test_agrees_with_stan(case: Case) -> None:
    weights = np.sin(1.0 + np.arange(prod(case.shape)))
    model = stan_model(case, weights)
    q = pt.vector("q", shape=(prod(case.free_shape),))
    x = q.reshape(case.free_shape)
    y = case.transform.constrain(x, *case.arguments, **case.shape_argument)
    y = y.T.reshape((prod(case.shape),))
    log_jacobian = case.transform.log_jacobian(x, *case.arguments, **case.shape_argument)
    log_density = pt.dot(weights, y) + pt.dot(weights, y**2) + pt.sum(log_jacobian)
    value_and_gradient = pytensor.function([q], [log_density, pt.grad(log_density, q)], mode=INTERPRETED)
    for position in positions(case, scales=(0.3, 1.0, 3.0)):
        value, gradient = value_and_gradient(position.ravel())
        expected_value, expected_gradient = model.log_prob_grad(position.ravel())
        np.testing.assert_allclose(value, expected_value, rtol=1e-11, atol=1e-11)
        np.testing.assert_allclose(gradient, expected_gradient, rtol=1e-10, atol=1e-10 * abs(expected_gradient).max())


# Edges ------------------------------------------------------------------------------------------


def smallest() -> list[tuple[str, int]]:
    """Constraints with the sizes of values that no numbers make; matrices of free numbers have no negative sides."""
    found = []
    for name, transform in transforms().items():
        for size in range(transform.free_matrix_lacks is not None, 2) if transform.constrained_core else ():
            if prod(transform.unconstrained_shape((size,) * transform.constrained_core)) == 0:
                found.append((name, size))
    return found


@pytest.mark.parametrize(("name", "size"), smallest())
def test_nothing_is_a_value(name: str, size: int) -> None:
    transform = transforms()[name]
    shape = (size,) * transform.constrained_core
    x = pt.zeros(transform.unconstrained_shape(shape))
    sized = {"shape": shape} if transform.takes_shape else {}
    assert transform.constrain(x, **sized).eval(mode=INTERPRETED).shape == shape
    assert transform.log_jacobian(x, **sized).eval(mode=INTERPRETED) == 0


@pytest.mark.parametrize("case", [case for case in cases() if prod(case.free_shape) <= 21], ids=str)
def test_extreme_positions_stay_finite(case: Case) -> None:
    forward, _ = compiled(case)
    for sign in (-1.0, 1.0):
        x = np.full(case.free_shape, 30.0 * sign)
        x.flat[::3] *= -1 if x.size > 1 else 1
        y, log_jacobian, jacobian = forward(x)
        assert np.isfinite(y).all()
        assert np.isfinite(log_jacobian).all()
        assert np.isfinite(jacobian).all()


@pytest.mark.parametrize("symbolic", [False, True], ids=["constant", "computed"])
@pytest.mark.parametrize(
    ("name", "infinite", "same_as"),
    [
        ("lower", (-np.inf,), None),
        ("upper", (np.inf,), None),
        ("lower_upper", (-1.5, np.inf), ("lower", (-1.5,))),
        ("lower_upper", (-np.inf, 2.25), ("upper", (2.25,))),
        ("lower_upper", (-np.inf, np.inf), None),
    ],
)
def test_infinite_bounds_do_not_bind(name: str, infinite: tuple, same_as: tuple | None, symbolic: bool) -> None:
    """Values, log Jacobians and derivatives, for bounds known in advance and for computed ones."""
    x = pt.vector("x", shape=(3,))
    bounds = [pt.dscalar() for _ in infinite] if symbolic else [pt.constant(bound) for bound in infinite]
    transform = transforms()[name]
    y, log_jacobian = transform.constrain(x, *bounds), transform.log_jacobian(x, *bounds)
    gradient = pt.grad(pt.sum(y) + pt.sum(log_jacobian), x, disconnected_inputs="ignore")
    inputs = [x, *(bounds if symbolic else [])]
    position = np.array([-30.0, 0.5, 30.0])
    found = pytensor.function(inputs, [y, log_jacobian, gradient], mode=INTERPRETED)(
        position, *(infinite if symbolic else ())
    )
    if same_as is None:
        expected = [position, np.zeros(3), np.ones(3)]
    else:
        other, arguments = same_as
        value, change = transforms()[other].constrain(x, *arguments), transforms()[other].log_jacobian(x, *arguments)
        slope = pt.grad(pt.sum(value) + pt.sum(change), x)
        expected = pytensor.function([x], [value, change, slope], mode=INTERPRETED)(position)
    for ours, theirs in zip(found, expected, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-14)


@pytest.mark.parametrize(("name", "bound"), [("lower", np.inf), ("upper", -np.inf)])
def test_a_bound_at_the_wrong_end_leaves_no_number(name: str, bound: float) -> None:
    for given in (bound, pt.constant(bound)):
        value = transforms()[name].constrain(pt.constant(np.array([0.3, -2.0])), given)
        np.testing.assert_array_equal(value.eval(mode=INTERPRETED), [bound, bound])


def test_bounds_that_depend_on_parameters_have_derivatives() -> None:
    x, lower, upper = pt.vector("x", shape=(2,)), pt.vector("lower", shape=(2,)), pt.vector("upper", shape=(2,))
    transform = transforms()["lower_upper"]
    total = pt.sum(transform.constrain(x, lower, upper) ** 2) + pt.sum(transform.log_jacobian(x, lower, upper))
    value = pytensor.function([x, lower, upper], total, mode=INTERPRETED)
    gradient = pytensor.function([x, lower, upper], pt.grad(total, [lower, upper]), mode=INTERPRETED)
    point = [np.array([0.3, -1.2]), np.array([-0.5, 1.0]), np.array([2.0, 4.0])]
    for argument, slopes in zip((1, 2), gradient(*point), strict=True):
        for i in range(2):
            up, down = [np.array(p) for p in point], [np.array(p) for p in point]
            up[argument][i] += 1e-6
            down[argument][i] -= 1e-6
            np.testing.assert_allclose(slopes[i], (value(*up) - value(*down)) / 2e-6, rtol=1e-7)
    free_side = [point[0], np.array([-np.inf, 1.0]), np.array([2.0, np.inf])]
    assert np.isfinite(value(*free_side))
    assert np.isfinite(np.concatenate(gradient(*free_side))).all()


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("simplex", [0.5, 0.5001], "must sum to one, but its sum is 1.0001"),
        ("ordered", [1.0, 1.0], "must be increasing, but element [2] is 1, after 1 at [1]"),
        ("positive_ordered", [-0.5, 1.0], "must be at least 0, but element [1] is -0.5"),
        ("sum_to_zero_vector", [1.0, -0.5], "must sum to zero, but its sum is 0.5"),
        ("cov_matrix", [[1.0, 2.0], [2.0, 1.0]], "the smallest eigenvalue of the matrix is -1"),
        ("corr_matrix", [[1.0, 0.2], [0.3, 1.0]], "must be symmetric, but element [1, 2] is 0.2"),
        ("corr_matrix", [[2.0, 0.2], [0.2, 1.0]], "must be one on the diagonal, but element [1] is 2"),
        ("cholesky_factor_cov", [[1.0, 0.5], [0.0, 1.0]], "must be zero above the diagonal, but element [1, 2] is 0.5"),
        (
            "cholesky_factor_cov",
            [[1.0, 0.0], [0.5, -1.0]],
            "must be positive on the diagonal, but element [2, 2] is -1",
        ),
        ("cholesky_factor_corr", [[1.0, 0.0], [0.5, 1.0]], "squared row length at [2] is 1.25"),
        ("column_stochastic_matrix", [[0.5, 0.5], [0.5, 0.4]], "sum at [2] is 0.9"),
        ("sum_to_zero_matrix", [[1.0, -1.0], [1.0, -1.0]], "column sum at [1] is 2"),
    ],
)
def test_what_is_wrong_is_said(name: str, value: list, complaint: str) -> None:
    assert complaint in str(transforms()[name].problem(np.array(value)))


# Domains of the constraint functions ------------------------------------------------------------


@pytest.mark.parametrize("case", [case for case in cases() if prod(case.shape) <= 12], ids=str)
def test_graph_and_message_agree_about_what_satisfies_the_constraint(case: Case) -> None:
    """`holds` decides for transformed parameters, `check` for data; a lone number that is nan is in order for one."""
    forward, _ = compiled(case)
    y = forward(positions(case)[1])[0]
    more, less, nan = np.array(y), np.array(y), np.where(y == y.max(), np.nan, y)
    more.flat[-1] += 0.5
    less.flat[0] -= 0.5
    values = [y, nan, more, less, y + 0.3, y - 4.0, np.zeros_like(y), -y, y.T.reshape(y.shape)]
    for value in values:
        if not restricts(case) and np.isnan(value).any():
            continue  # where any number will do, nobody looks at it
        graph = case.transform.holds(pt.constant(value), *case.arguments)
        assert bool(evaluate(pt.all(graph))) == (case.transform.problem(value, *case.arguments) is None), value
    batch = pt.constant(np.stack(values[:2]))
    assert case.transform.holds(batch, *case.arguments).ndim <= batch.ndim - case.transform.constrained_core


@pytest.mark.parametrize("case", [case for case in cases() if prod(case.shape) <= 12], ids=str)
def test_what_unconstrain_is_defined_for_is_what_satisfies_the_constraint(case: Case) -> None:
    """The condition of the function and the check of declared variables are about the same values."""
    forward, _ = compiled(case)
    y = forward(positions(case)[1])[0]
    conditions = [needs for needs in case.transform.domain if isinstance(needs, Condition)]
    given = dict(zip(case.transform.parameters, case.arguments, strict=True))

    def holds(value: np.ndarray) -> bool:
        tensors = {"y": pt.constant(value), **{name: pt.constant(bound) for name, bound in given.items()}}
        truths = [needs.holds(*(tensors[name] for name in needs.arguments)) for needs in conditions]
        return all(bool(evaluate(pt.all(truth))) for truth in truths)

    values = [y, np.where(y == y.max(), np.nan, y), y + 0.3, y - 4.0, np.zeros_like(y), -y]
    for value in values:
        if case.name == "cov_matrix" and not np.allclose(value, value.T):
            continue  # Stan looks at the lower triangle only
        if case.name in ("ordered", "positive_ordered") and value.size == 1 and np.isnan(value).any():
            continue  # nothing to compare with; the result is nan
        if case.name == "offset_multiplier":
            assert holds(value)
        else:
            assert holds(value) == (case.transform.problem(value, *case.arguments) is None), value
