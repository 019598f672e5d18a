"""The Kalman filter of a linear Gaussian state-space model with constant matrices, and its reverse sweep.

State x_t = G x_(t-1) + w_t, observation y_t = F' x_t + v_t, with w_t ~ normal(0, W) and v_t ~ normal(0, V);
y holds the observations as columns, x_0 ~ normal(m0, C0) (West & Harrison 1997, chapter 4).
"""

from __future__ import annotations

import math

from ..graph import np
from .matrices import factor_of, identity, is_semidefinite, product, solve_lower_in_place, square_of, transposed

LOG_2PI = math.log(2 * math.pi)


def apply(a, x):
    """a x for a vector x."""
    out = np.zeros(a.shape[0])
    for i in range(a.shape[0]):
        for j in range(a.shape[1]):
            out[i] += a[i, j] * x[j]
    return out


def add_outer(out, x, y, weight):
    """out += weight x y'."""
    for i in range(x.shape[0]):
        for j in range(y.shape[0]):
            out[i, j] += weight * x[i] * y[j]


def inverse_and_log_determinant(Q):
    """Q^-1 and log det Q; nan where Q is not positive definite."""
    factor = factor_of(Q)
    half = identity(Q.shape[0])
    solve_lower_in_place(factor, half)
    log_determinant = 0.0
    for i in range(Q.shape[0]):
        log_determinant += 2 * math.log(factor[i, i]) if factor[i, i] > 0 else math.nan
    return square_of(transposed(half)), log_determinant


def predict(F, G, V, W, m, C):
    """The next state's mean and covariance R, R F, and the observation's inverse covariance and log determinant."""
    a = apply(G, m)
    R = product(product(G, C), transposed(G)) + W
    B = product(R, F)
    S, log_determinant = inverse_and_log_determinant(product(transposed(F), B) + V)
    return a, R, B, S, log_determinant


def log_likelihood(y, F, G, V, W, m0, C0):
    """The log density of all observations; nan where a covariance matrix is none."""
    size, count = y.shape
    if not (is_semidefinite(V) and is_semidefinite(W) and is_semidefinite(C0)):
        return math.nan
    m, C = m0, C0
    total = -0.5 * size * count * LOG_2PI
    for t in range(count):
        a, R, B, S, log_determinant = predict(F, G, V, W, m, C)
        error = y[:, t] - apply(transposed(F), a)
        weighted = apply(S, error)
        total -= 0.5 * log_determinant
        for i in range(size):
            total -= 0.5 * error[i] * weighted[i]
        m = a + apply(B, weighted)
        C = R - product(product(B, S), transposed(B))
    return total


def log_likelihood_gradient(y, F, G, V, W, m0, C0):
    """Its derivatives in every argument, by one sweep backwards over stored states."""
    count = y.shape[1]
    n = F.shape[0]
    means, covariances = np.empty((count + 1, n)), np.empty((count + 1, n, n))
    means[0], covariances[0] = m0, C0
    for t in range(count):
        a, R, B, S, _ = predict(F, G, V, W, means[t], covariances[t])
        weighted = apply(S, y[:, t] - apply(transposed(F), a))
        means[t + 1] = a + apply(B, weighted)
        covariances[t + 1] = R - product(product(B, S), transposed(B))

    in_y, in_F, in_G = np.zeros(y.shape), np.zeros(F.shape), np.zeros(G.shape)
    in_V, in_W = np.zeros(V.shape), np.zeros(W.shape)
    in_m, in_C = np.zeros(n), np.zeros((n, n))  # of the state after step t
    for t in range(count - 1, -1, -1):
        m, C = means[t], covariances[t]
        a, R, B, S, _ = predict(F, G, V, W, m, C)
        error = y[:, t] - apply(transposed(F), a)
        weighted = apply(S, error)
        # m' = a + B weighted and C' = R - B S B'
        in_a, in_R = in_m.copy(), in_C.copy()
        in_B = -product(product(in_C + transposed(in_C), B), S)
        add_outer(in_B, in_m, weighted, 1.0)
        in_weighted = apply(transposed(B), in_m)
        in_S = -product(product(transposed(B), in_C), B)
        # weighted = S error, and the term -(log det Q + error' S error) / 2
        add_outer(in_S, in_weighted, error, 1.0)
        add_outer(in_S, error, error, -0.5)
        in_error = apply(S, in_weighted) - weighted
        in_Q = -0.5 * S - product(product(S, in_S), S)
        # Q = F' B + V and B = R F
        in_V += in_Q
        in_B += product(F, in_Q)
        in_F += product(B, transposed(in_Q)) + product(R, in_B)
        in_R += product(in_B, transposed(F))
        # error = y - F' a
        in_y[:, t] = in_error
        add_outer(in_F, a, in_error, -1.0)
        in_a -= apply(F, in_error)
        # a = G m and R = G C G' + W
        in_W += in_R
        add_outer(in_G, in_a, m, 1.0)
        in_G += product(product(in_R + transposed(in_R), G), C)
        in_m = apply(transposed(G), in_a)
        in_C = product(product(transposed(G), in_R), G)
    return in_y, in_F, in_G, in_V, in_W, in_m, in_C
