"""The Kalman filter of a linear Gaussian state-space model with constant matrices, and its reverse sweep.

State x_t = G x_(t-1) + w_t, observation y_t = F' x_t + v_t, with w_t ~ normal(0, W) and v_t ~ normal(0, V);
y holds one observation per row, x_0 ~ normal(m0, C0) (West & Harrison 1997, chapter 4).
"""

from __future__ import annotations

import math

from ..graph import np
from .matrices import (
    add,
    apply,
    copied,
    factor_of,
    is_semidefinite,
    product,
    solve_lower_in_place,
    square_of,
    transposed,
)

LOG_2PI = math.log(2 * math.pi)


def identity_like(x):
    out = np.zeros((x.shape[0], x.shape[0]))
    for i in range(x.shape[0]):
        out[i, i] = 1.0
    return out


def add_outer(out, x, y, weight):
    """out += weight x y'."""
    for i in range(x.shape[0]):
        for j in range(y.shape[0]):
            out[i, j] += weight * x[i] * y[j]


def inverse_and_log_determinant(Q):
    """Q^-1 and log det Q; nan where Q is not positive definite."""
    factor = factor_of(Q)
    half = identity_like(Q)
    solve_lower_in_place(factor, half)
    log_determinant = 0.0
    for i in range(Q.shape[0]):
        log_determinant += 2 * math.log(factor[i, i]) if factor[i, i] > 0 else math.nan
    return square_of(transposed(half)), log_determinant


def predicted_covariance(G, W, C):
    """R = G C G' + W."""
    R = product(product(G, C), transposed(G))
    add(R, 1.0, W)
    return R


def innovation_covariance(F, V, B):
    """Q = F' B + V, for B = R F."""
    Q = product(transposed(F), B)
    add(Q, 1.0, V)
    return Q


def innovation(y, F, a):
    """The observation less what the predicted state a led to expect."""
    error = apply(transposed(F), a)
    for i in range(y.shape[0]):
        error[i] = y[i] - error[i]
    return error


def updated_mean(a, B, weighted):
    """a + B S error, for weighted = S error."""
    mean = apply(B, weighted)
    for i in range(mean.shape[0]):
        mean[i] += a[i]
    return mean


def updated_covariance(R, B, S):
    """R - B S B'."""
    covariance = product(product(B, S), transposed(B))
    for i in range(R.shape[0]):
        for j in range(R.shape[1]):
            covariance[i, j] = R[i, j] - covariance[i, j]
    return covariance


def log_likelihood(y, F, G, V, W, m0, C0):
    """The log density of all observations; nan where a covariance matrix is none."""
    if not (is_semidefinite(V) and is_semidefinite(W) and is_semidefinite(C0)):
        return math.nan
    m = m0.copy()
    C = copied(C0)
    total = -0.5 * y.shape[0] * y.shape[1] * LOG_2PI
    for t in range(y.shape[0]):
        a = apply(G, m)
        R = predicted_covariance(G, W, C)
        B = product(R, F)
        S, log_determinant = inverse_and_log_determinant(innovation_covariance(F, V, B))
        error = innovation(y[t], F, a)
        weighted = apply(S, error)
        total -= 0.5 * log_determinant
        for i in range(error.shape[0]):
            total -= 0.5 * error[i] * weighted[i]
        m = updated_mean(a, B, weighted)
        C = updated_covariance(R, B, S)
    return total


def log_likelihood_gradient(y, F, G, V, W, m0, C0, slope):
    """Its derivatives in every argument, times `slope`, by one sweep backwards over stored states."""
    count = y.shape[0]
    n = F.shape[0]
    means = np.empty((count + 1, n))
    covariances = np.empty((count + 1, n, n))
    means[0] = m0
    covariances[0] = C0
    for t in range(count):
        a = apply(G, means[t])
        R = predicted_covariance(G, W, covariances[t])
        B = product(R, F)
        S, _ = inverse_and_log_determinant(innovation_covariance(F, V, B))
        means[t + 1] = updated_mean(a, B, apply(S, innovation(y[t], F, a)))
        covariances[t + 1] = updated_covariance(R, B, S)

    in_y = np.zeros((y.shape[0], y.shape[1]))
    in_F = np.zeros((F.shape[0], F.shape[1]))
    in_G = np.zeros((n, n))
    in_V = np.zeros((V.shape[0], V.shape[1]))
    in_W = np.zeros((n, n))
    in_m = np.zeros(n)  # of the state after step t
    in_C = np.zeros((n, n))
    for step in range(count):
        t = count - 1 - step
        m = means[t]
        C = covariances[t]
        a = apply(G, m)
        R = predicted_covariance(G, W, C)
        B = product(R, F)
        S, _ = inverse_and_log_determinant(innovation_covariance(F, V, B))
        error = innovation(y[t], F, a)
        weighted = apply(S, error)
        # updated mean a + B weighted, updated covariance R - B S B'
        both = copied(in_C)
        add(both, 1.0, transposed(in_C))
        in_B = np.zeros((B.shape[0], B.shape[1]))
        add(in_B, -1.0, product(product(both, B), S))
        add_outer(in_B, in_m, weighted, 1.0)
        in_weighted = apply(transposed(B), in_m)
        in_S = np.zeros((S.shape[0], S.shape[1]))
        add(in_S, -1.0, product(product(transposed(B), in_C), B))
        # weighted = S error, and the term -(log det Q + error' S error) / 2
        add_outer(in_S, in_weighted, error, 1.0)
        add_outer(in_S, error, error, -0.5 * slope)
        in_error = apply(S, in_weighted)
        for i in range(in_error.shape[0]):
            in_error[i] -= slope * weighted[i]
        in_Q = np.zeros((S.shape[0], S.shape[1]))
        add(in_Q, -0.5 * slope, S)
        add(in_Q, -1.0, product(product(S, in_S), S))
        # Q = F' B + V and B = R F
        add(in_V, 1.0, in_Q)
        add(in_B, 1.0, product(F, in_Q))
        add(in_F, 1.0, product(B, transposed(in_Q)))
        add(in_F, 1.0, product(R, in_B))
        in_R = copied(in_C)
        add(in_R, 1.0, product(in_B, transposed(F)))
        # error = y - F' a
        in_y[t] = in_error
        add_outer(in_F, a, in_error, -1.0)
        in_a = apply(F, in_error)
        for i in range(n):
            in_a[i] = in_m[i] - in_a[i]
        # a = G m and R = G C G' + W
        add(in_W, 1.0, in_R)
        add_outer(in_G, in_a, m, 1.0)
        both = copied(in_R)
        add(both, 1.0, transposed(in_R))
        add(in_G, 1.0, product(product(both, G), C))
        in_m = apply(transposed(G), in_a)
        in_C = product(product(transposed(G), in_R), G)
    return in_y, in_F, in_G, in_V, in_W, in_m, in_C
