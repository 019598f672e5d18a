"""Densities of models as statisticians write them."""

from __future__ import annotations

import numpy as np
import pytensor.tensor as pt

from .cases import Case, Data, case, normal, position


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
def item_response() -> Case:
    data, q = Data(), position(6 + 4 + 4)
    person, item = data.integers(0, 6, 24), data.integers(0, 4, 24)
    eta = pt.exp(q[10:])[item] * (q[:6][person] - q[6:10][item])
    y = data.integers(0, 2, 24)
    return q, pt.sum(y * eta - pt.softplus(eta)) - 0.5 * pt.sum(q**2), data.values
