"""Small log densities shaped like what lowering makes, each with its data: (position, log density, data)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytensor.tensor as pt

Case = tuple[Any, Any, dict[Any, np.ndarray]]
CASES: dict[str, Callable[[], Case]] = {}


def case(build: Callable[[], Case]) -> Callable[[], Case]:
    CASES[build.__name__] = build
    return build


def normal(x: Any, mu: Any, sigma: Any) -> Any:
    return -0.5 * ((x - mu) / sigma) ** 2 - pt.log(sigma) - 0.5 * np.log(2 * np.pi)


def position(size: int) -> Any:
    return pt.vector("q", shape=(size,), dtype="float64")


class Data:
    """Hands out data variables."""

    def __init__(self, seed: int = 0) -> None:
        self.rng = np.random.default_rng(seed)
        self.values: dict[Any, np.ndarray] = {}

    def __call__(self, value: Any) -> Any:
        value = np.asarray(value)
        variable = pt.tensor(f"data{len(self.values)}", dtype=str(value.dtype), shape=value.shape)
        self.values[variable] = value
        return variable

    def normal(self, *shape: int) -> Any:
        return self(self.rng.normal(size=shape))

    def integers(self, low: int, high: int, *shape: int) -> Any:
        return self(self.rng.integers(low, high, size=shape))


@case
def eight_schools() -> Case:
    data, q = Data(), position(10)
    tau, eta = pt.exp(q[1]), q[2:10]
    y, sigma = data.normal(8), data(np.linspace(9.0, 18.0, 8))
    theta = q[0] + tau * eta
    return (
        q,
        normal(q[0], 0, 5) + normal(tau, 0, 5) + q[1] + normal(eta, 0, 1).sum() + normal(y, theta, sigma).sum(),
        data.values,
    )


@case
def varying_slopes() -> Case:
    data, groups, rows = Data(), 7, 60
    q = position(5 + 2 * groups)
    a, b = q[5 : 5 + groups], q[5 + groups :]
    y, x, group = data.normal(rows), data.normal(rows), data.integers(1, groups + 1, rows)
    sigma = pt.exp(q[4])
    lp = normal(a, q[0], pt.exp(q[2])).sum() + normal(b, q[1], pt.exp(q[3])).sum() + q[2] + q[3] + q[4]
    return q, lp + normal(y, a[group - 1] + b[group - 1] * x, sigma).sum(), data.values


@case
def gather_of_transformed() -> Case:
    data, groups, rows = Data(), 5, 40
    q = position(groups + 1)
    sigma = pt.exp(q[1:])
    y, group = data.normal(rows), data.integers(0, groups, rows)
    return q, normal(y, q[0], sigma[group]).sum() + q[1:].sum(), data.values


@case
def logistic_regression() -> Case:
    data, q = Data(), position(4)
    x, y = data.normal(50, 3), data.integers(0, 2, 50)
    eta = q[0] + x @ q[1:]
    return q, normal(q, 0, 1).sum() + pt.sum(y * eta - pt.softplus(eta)), data.values


@case
def wide_regression() -> Case:
    data, q = Data(), position(41)
    x, y = data.normal(30, 40), data.normal(30)
    return q, normal(y, x @ q[:40], pt.exp(q[40])).sum() + normal(q, 0, 1).sum(), data.values


@case
def poisson_regression() -> Case:
    data, q = Data(), position(3)
    x, y = data.normal(25, 2), data.integers(0, 9, 25)
    eta = q[0] + pt.dot(x, q[1:])
    return q, pt.sum(y * eta - pt.exp(eta) - pt.gammaln(y + 1.0)), data.values


@case
def mixture() -> Case:
    data, q = Data(), position(7)
    y = data.normal(30)
    weights = pt.special.log_softmax(pt.concatenate([q[:2], pt.zeros(1)]))
    mu = q[2:5]
    sigma = pt.exp(q[5])
    terms = weights[None, :] + normal(y[:, None], mu[None, :], sigma)
    return q, pt.logsumexp(terms, axis=1).sum() + normal(mu, 0, 2).sum() + q[5] - q[6] ** 2, data.values


@case
def wide_mixture() -> Case:
    data, q = Data(), position(24)
    y = data.normal(15)
    terms = q[None, :12] + normal(y[:, None], q[None, 12:], 1.0)
    return q, pt.logsumexp(terms, axis=-1).sum() - pt.sum(q**2), data.values


@case
def categorical() -> Case:
    data, q = Data(), position(12)
    x, y = data.normal(20, 4), data.integers(0, 3, 20)
    eta = x @ q.reshape((4, 3))
    return q, (eta[pt.arange(20), y] - pt.logsumexp(eta, axis=1)).sum() - pt.sum(q**2), data.values


@case
def matrix_product() -> Case:
    data, q = Data(), position(12 + 20)
    a, b = q[:12].reshape((3, 4)), q[12:].reshape((4, 5))
    return q, -pt.sum((a @ b - data.normal(3, 5)) ** 2) - pt.sum(q**2), data.values


@case
def gram_and_transpose() -> Case:
    data, q = Data(), position(30)
    a = q.reshape((10, 3))
    return q, -pt.sum((a.T @ a - data.normal(3, 3)) ** 2) - pt.sum((a @ a.T)[2] ** 2), data.values


@case
def batched_product() -> Case:
    data, q = Data(), position(2 * 12)
    a = q.reshape((2, 3, 4))
    return q, -pt.sum((pt.matmul(a, data.normal(2, 4, 2))) ** 2) - pt.sum(q**2), data.values


@case
def multi_normal_cholesky() -> Case:
    data, q = Data(), position(3 + 6)
    lower = pt.zeros((3, 3))
    rows, columns = np.tril_indices(3)
    lower = pt.set_subtensor(lower[rows, columns], q[3:])
    lower = pt.set_subtensor(lower[np.arange(3), np.arange(3)], pt.exp(pt.diagonal(lower)))
    z = pt.linalg.solve_triangular(lower, (data.normal(12, 3) - q[:3]).T, lower=True)
    return q, -0.5 * pt.sum(z**2) - 12 * pt.sum(pt.log(pt.diagonal(lower))) - pt.sum(q**2), data.values


@case
def multi_normal_covariance() -> Case:
    data, q = Data(), position(6)
    x = data.normal(4)
    distance = (x[:, None] - x[None, :]) ** 2
    cov = pt.exp(q[0]) * pt.exp(-distance * pt.exp(q[1])) + pt.eye(4) * (0.1 + pt.exp(q[5]))
    chol = pt.linalg.cholesky(cov)
    z = pt.linalg.solve_triangular(chol, q[1:5], lower=True)
    return q, -0.5 * pt.dot(z, z) - pt.sum(pt.log(pt.diagonal(chol))) - pt.sum(q**2), data.values


@case
def gaussian_process_noncentred() -> Case:
    data, q = Data(), position(12)
    x, y = data.normal(10), data.normal(10)
    cov = pt.exp(-0.5 * ((x[:, None] - x[None, :]) / pt.exp(q[0])) ** 2) * pt.exp(2 * q[1]) + 1e-6 * pt.eye(10)
    f = pt.linalg.cholesky(cov) @ q[2:]
    return q, normal(y, f, 1.0).sum() - 0.5 * pt.sum(q**2), data.values


@case
def log_determinant_and_inverse() -> Case:
    data, q = Data(), position(4)
    a = q.reshape((2, 2)) @ q.reshape((2, 2)).T + pt.eye(2)
    return q, pt.log(pt.linalg.det(a)) - pt.sum(pt.linalg.inv(a)) - pt.sum(q**2), data.values


@case
def filled_in_pieces() -> Case:
    data, q = Data(), position(6)
    x = pt.zeros(8)
    x = pt.set_subtensor(x[:3], pt.exp(q[:3]))
    x = pt.set_subtensor(x[3], q[3] * q[4])
    x = pt.set_subtensor(x[4:], x[:4] * q[5])
    return q, normal(data.normal(8), x, 1.0).sum() - pt.sum(q**2), data.values


@case
def switch_on_data() -> Case:
    data, q = Data(), position(4)
    flag, y = data.integers(0, 2, 20), data.normal(20)
    return (
        q,
        pt.switch(pt.eq(flag, 1), normal(y, q[0], pt.exp(q[1])), -pt.softplus(q[2] * y)).sum() - q[3] ** 2,
        data.values,
    )


@case
def switch_on_parameters() -> Case:
    data, q = Data(), position(3)
    y = data.normal(11)
    return q, pt.switch(pt.gt(q[0], y), y * q[1], pt.exp(q[2]) * y**2).sum() - pt.sum(q**2), data.values


@case
def bounded() -> Case:
    data, q = Data(), position(5)
    p = 0.2 + 0.6 * pt.sigmoid(q)
    y = data.integers(0, 2, 5)
    return (
        q,
        pt.sum(y * pt.log(p) + (1 - y) * pt.log1p(-p)) + pt.sum(pt.log(0.6) - pt.softplus(q) - pt.softplus(-q)),
        data.values,
    )


@case
def ordered() -> Case:
    data, q = Data(), position(5)
    cut = pt.concatenate([q[:1], q[0] + pt.cumsum(pt.exp(q[1:4]))])
    y = data.integers(0, 5, 30)
    padded = pt.concatenate([pt.full((1,), -1e3), cut, pt.full((1,), 1e3)])
    upper, lower = pt.sigmoid(padded[y + 1] - q[4]), pt.sigmoid(padded[y] - q[4])
    return q, pt.sum(pt.log(upper - lower)) + pt.sum(q[1:4]) - pt.sum(q**2), data.values


@case
def simplex() -> Case:
    data, q = Data(), position(4)
    p = pt.special.softmax(pt.concatenate([q, [0.0]]))
    return q, pt.sum(data.integers(0, 5, 5) * pt.log(p)) + pt.sum(pt.log(p)), data.values


@case
def gamma_family() -> Case:
    data, q = Data(), position(4)
    a, b = pt.exp(q[0]), pt.exp(q[1])
    y = data(np.random.default_rng(3).gamma(2.0, size=9))
    lp = a * pt.log(b) - pt.gammaln(a) + (a - 1) * pt.log(y) - b * y
    return q, lp.sum() + pt.gammaln(pt.exp(q[2:]) + 1).sum() - pt.sum(q**2), data.values


@case
def beta_binomial() -> Case:
    data, q = Data(), position(2)
    a, b = pt.exp(q[0]), pt.exp(q[1])
    n, y = 12, data.integers(0, 12, 8)
    betaln = lambda u, v: pt.gammaln(u) + pt.gammaln(v) - pt.gammaln(u + v)  # noqa: E731
    return q, pt.sum(betaln(a + y, b + n - y) - betaln(a, b)) - pt.sum(q**2), data.values


@case
def probit_and_tails() -> Case:
    data, q = Data(), position(2)
    x = data.normal(10)
    z = q[0] + q[1] * x
    return q, pt.sum(pt.log(0.5 * pt.erfc(-z / np.sqrt(2)))) + pt.sum(pt.erf(z)) - pt.sum(q**2), data.values


@case
def student() -> Case:
    data, q = Data(), position(3)
    y, nu = data.normal(15), 2 + pt.exp(q[2])
    sigma = pt.exp(q[1])
    lp = pt.gammaln((nu + 1) / 2) - pt.gammaln(nu / 2) - 0.5 * pt.log(nu * np.pi) - pt.log(sigma)
    return q, (lp - (nu + 1) / 2 * pt.log1p(((y - q[0]) / sigma) ** 2 / nu)).sum() - pt.sum(q**2), data.values


@case
def autoregression() -> Case:
    data, q = Data(), position(3)
    y = data.normal(30)
    return q, normal(y[1:], q[0] + q[1] * y[:-1], pt.exp(q[2])).sum(), data.values


@case
def random_walk() -> Case:
    data, q = Data(), position(21)
    x = q[:20]
    return q, normal(x[1:], x[:-1], pt.exp(q[20])).sum() + normal(data.normal(20), x, 1.0).sum(), data.values


@case
def column_means() -> Case:
    data, q = Data(), position(12)
    x = q.reshape((4, 3))
    centred = x - x.mean(axis=0)
    return q, -pt.sum(centred**2) * 3 - pt.sum(x.mean(axis=1) ** 2) - pt.sum(pt.max(x, axis=1)), data.values


@case
def two_way() -> Case:
    data, q = Data(), position(4 + 5 + 1)
    row, column = data.integers(0, 4, 33), data.integers(0, 5, 33)
    table = q[:4][:, None] * pt.exp(q[4:9])[None, :]
    return q, normal(data.normal(33), table[row, column], pt.exp(q[9])).sum() - pt.sum(q**2), data.values


@case
def outer_products() -> Case:
    data, q = Data(), position(11)
    return q, -pt.sum((pt.outer(pt.exp(q[:5]), pt.tanh(q[5:])) - data.normal(5, 6)) ** 2), data.values


@case
def item_response() -> Case:
    data, q = Data(), position(6 + 4 + 4)
    person, item = data.integers(0, 6, 24), data.integers(0, 4, 24)
    eta = pt.exp(q[10:])[item] * (q[:6][person] - q[6:10][item])
    y = data.integers(0, 2, 24)
    return q, pt.sum(y * eta - pt.softplus(eta)) - 0.5 * pt.sum(q**2), data.values


@case
def overlapping_slices() -> Case:
    data, q = Data(), position(9)
    return (
        q,
        normal(q[:6], q[3:], 1.0).sum() - pt.sum(q[2] * q[::2]) - pt.exp(q[-1]) - q[data.integers(0, 9, 5)].sum(),
        data.values,
    )


@case
def empty_and_single() -> Case:
    data, q = Data(), position(2)
    none, one = data(np.zeros(0)), data(np.array([0.7]))
    return q, normal(none, q[0], 1).sum() + normal(one, q[0], pt.exp(q[1])).sum() + pt.sum(q[2:] ** 2), data.values


@case
def without_data() -> Case:
    q = position(3)
    return q, normal(q, 0, 1).sum(), {}


@case
def unused_parameters() -> Case:
    q = position(4)
    return q, -(q[1] ** 2), {}


@case
def constant_density() -> Case:
    data, q = Data(), position(2)
    return q, data.normal(3).sum(), data.values


@case
def large() -> Case:
    data, q = Data(), position(3)
    y = data.normal(20_000)
    z = (y - q[0]) / pt.exp(q[1])
    return q, pt.sum(pt.log1p(z**2)) * -(q[2] ** 2) - pt.max(z) - pt.sum(pt.cumsum(z)[-5:]), data.values


@case
def random_index() -> Case:
    data, q = Data(), position(5)
    where = pt.cast(pt.floor(pt.sigmoid(q[0]) * 4), "int64")
    return q, -((q[1 + where] - 0.3) ** 2) - pt.sum(q**2) * data(np.array(0.5)), data.values


@case
def stacked_scalars() -> Case:
    data, q = Data(), position(4)
    x = pt.stack([q[0], q[1] * q[2], pt.exp(q[3])])
    m = pt.stack([x, x * q[0]], axis=1)
    return q, -pt.sum((m @ data.normal(2)) ** 2) - x[1] * m[2, 0], data.values


@case
def products_and_extremes() -> Case:
    data, q = Data(), position(5)
    return q, pt.prod(q[:3]) - pt.max(q) + pt.min(q * data.normal(5)) - pt.sum(pt.abs(q)), data.values


@case
def sorted_parameters() -> Case:
    data, q = Data(), position(5)
    return q, -pt.sum((pt.sort(q) - data.normal(5)) ** 2), data.values


@case
def incomplete_gamma() -> Case:
    q = position(3)
    return q, pt.sum(pt.log(pt.gammainc(2.5, pt.exp(q)))), {}


@case
def triangles_and_diagonals() -> Case:
    data, q = Data(), position(9)
    m = q.reshape((3, 3))
    s = pt.tril(m) + pt.triu(m, 1).T
    return (
        q,
        -pt.sum(s**2) + pt.trace(m) - pt.sum(pt.diag(q[:3]) @ m) - pt.sum(data.normal(3) * pt.diagonal(m)),
        data.values,
    )


@case
def conditions_on_support() -> Case:
    data, q = Data(), position(4)
    y = data.normal(9)
    lp = pt.switch(pt.all(pt.isinf(q[:2]) - 1), normal(y, q[0], pt.exp(q[1])).sum(), -np.inf)
    return q, lp + pt.sum(pt.switch(pt.lt(y, 9), y * q[2] - q[2] ** 2, -np.inf)) - q[3] ** 2, data.values
