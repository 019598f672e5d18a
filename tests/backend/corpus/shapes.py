"""Densities that are there for an operation, a shape of the graph, or a size."""

from __future__ import annotations

import numpy as np
import pytensor.tensor as pt

from .cases import Case, Data, case, normal, position


@case
def gather_of_transformed() -> Case:
    data, groups, rows = Data(), 5, 40
    q = position(groups + 1)
    sigma = pt.exp(q[1:])
    y, group = data.normal(rows), data.integers(0, groups, rows)
    return q, normal(y, q[0], sigma[group]).sum() + q[1:].sum(), data.values


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
