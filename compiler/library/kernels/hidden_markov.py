"""The forward and backward recursions of hidden Markov models, scaled at every step so that nothing underflows."""

from __future__ import annotations

import math

from ..graph import np


def forward(log_omega, gamma, rho):
    """(log marginal density, forward[k, n] = P(state n is k | data up to n), scale[n] = density of datum n given those
    before over exp(peak)), for log_omega[k, n] the log density of datum n in state k."""
    states, steps = log_omega.shape
    filtered, scales, total = np.empty((states, steps)), np.empty(steps), 0.0
    weights = np.empty((states, steps))
    for n in range(steps):
        peak = -math.inf
        for k in range(states):
            peak = max(peak, log_omega[k, n])
        scale = 0.0
        for k in range(states):
            prior = rho[k]
            if n > 0:
                prior = 0.0
                for j in range(states):
                    prior += filtered[j, n - 1] * gamma[j, k]
            weights[k, n] = math.exp(log_omega[k, n] - peak)
            filtered[k, n] = prior * weights[k, n]
            scale += filtered[k, n]
        for k in range(states):
            filtered[k, n] /= scale
        scales[n] = scale
        total += math.log(scale) + peak
    return total, filtered, weights, scales


def backward(gamma, weights, scales):
    """future[k, n] = density of the data after n given state k at n, over the same given the data up to n."""
    states, steps = weights.shape
    future = np.ones((states, steps))
    for n in range(steps - 2, -1, -1):
        for k in range(states):
            value = 0.0
            for j in range(states):
                value += gamma[k, j] * weights[j, n + 1] * future[j, n + 1]
            future[k, n] = value / scales[n + 1]
    return future


def log_marginal(log_omega, gamma, rho):
    return np.asarray(forward(log_omega, gamma, rho)[0])


def log_marginal_gradient(log_omega, gamma, rho, output_gradient):
    _, filtered, weights, scales = forward(log_omega, gamma, rho)
    future = backward(gamma, weights, scales)
    states, steps = log_omega.shape
    outer = output_gradient.item()
    in_gamma, in_rho = np.zeros((states, states)), np.empty(states)
    for n in range(steps - 1):
        for j in range(states):
            for k in range(states):
                in_gamma[j, k] += outer * filtered[j, n] * weights[k, n + 1] * future[k, n + 1] / scales[n + 1]
    for k in range(states):
        in_rho[k] = outer * weights[k, 0] * future[k, 0] / scales[0]
    return outer * filtered * future, in_gamma, in_rho


def hidden_state_prob(log_omega, gamma, rho):
    _, filtered, weights, scales = forward(log_omega, gamma, rho)
    return filtered * backward(gamma, weights, scales)
