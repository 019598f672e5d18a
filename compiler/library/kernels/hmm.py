"""Hidden Markov models with finitely many states: the forward-backward recursions.

Everywhere `log_omega[k, n]` is the log likelihood of the n-th observation in state k, `gamma[i, j]` the
probability of moving from state i to j, and `rho` that of the first state. Columns are scaled by their
largest element and the forward probabilities to sum one, so nothing under- or overflows (Rabiner 1989, V.A).
"""

from __future__ import annotations

import math

from ..graph import np

TOLERANCE = 1e-8


def is_distribution(weights):
    """Whether the weights are probabilities that sum to one."""
    total = 0.0
    for i in range(weights.shape[0]):
        if not weights[i] >= 0:
            return False
        total += weights[i]
    return abs(total - 1) <= TOLERANCE


def is_markov(gamma, rho):
    for i in range(gamma.shape[0]):
        if not is_distribution(gamma[i]):
            return False
    return is_distribution(rho)


def likelihoods(log_omega):
    """exp(log_omega), each column relative to its largest element, and those elements' sum."""
    states = log_omega.shape[0]
    count = log_omega.shape[1]
    omega = np.empty((states, count))
    total = 0.0
    for n in range(count):
        largest = -math.inf
        for k in range(states):
            largest = max(largest, log_omega[k, n])
        if largest == -math.inf:
            largest = 0.0
        total += largest
        for k in range(states):
            omega[k, n] = math.exp(log_omega[k, n] - largest)
    return omega, total


def forward(omega, gamma, rho):
    """The probabilities of each state given the observations up to it, and what each step was divided by."""
    states = omega.shape[0]
    count = omega.shape[1]
    alpha = np.empty((states, count))
    scale = np.empty(count)
    for n in range(count):
        scale[n] = 0.0
        for j in range(states):
            prior = rho[j]
            if n > 0:
                prior = 0.0
                for i in range(states):
                    prior += alpha[i, n - 1] * gamma[i, j]
            alpha[j, n] = omega[j, n] * prior
            scale[n] += alpha[j, n]
        if scale[n] > 0:
            for j in range(states):
                alpha[j, n] /= scale[n]
    return alpha, scale


def backward(omega, gamma, scale):
    """The likelihood of the later observations given each state, on the scale of `forward`."""
    states = omega.shape[0]
    count = omega.shape[1]
    beta = np.empty((states, count))
    for i in range(states):
        beta[i, count - 1] = 1.0
    for step in range(count - 1):
        n = count - 2 - step
        for i in range(states):
            total = 0.0
            for j in range(states):
                total += gamma[i, j] * omega[j, n + 1] * beta[j, n + 1]
            beta[i, n] = total / scale[n + 1]
    return beta


def log_marginal(log_omega, gamma, rho):
    """The log likelihood of all observations, the states summed out; nan for what is no Markov chain."""
    if not is_markov(gamma, rho):
        return math.nan
    omega, total = likelihoods(log_omega)
    _, scale = forward(omega, gamma, rho)
    for n in range(scale.shape[0]):
        total += -math.inf if scale[n] == 0 else math.log(scale[n])
    return total


def log_marginal_gradient(log_omega, gamma, rho, slope):
    """Its derivatives: state probabilities, and expected transitions and first states over their probabilities."""
    states = log_omega.shape[0]
    count = log_omega.shape[1]
    omega, _ = likelihoods(log_omega)
    alpha, scale = forward(omega, gamma, rho)
    beta = backward(omega, gamma, scale)
    in_gamma = np.zeros((states, states))
    in_rho = np.zeros(states)
    for n in range(1, count):
        for i in range(states):
            for j in range(states):
                in_gamma[i, j] += slope * alpha[i, n - 1] * omega[j, n] * beta[j, n] / scale[n]
    if count > 0:
        for i in range(states):
            in_rho[i] = slope * omega[i, 0] * beta[i, 0] / scale[0]
    in_log_omega = np.empty((states, count))
    for k in range(states):
        for n in range(count):
            in_log_omega[k, n] = slope * alpha[k, n] * beta[k, n]
    return in_log_omega, in_gamma, in_rho


def state_probabilities(log_omega, gamma, rho):
    """The probability of each state at each observation, given all of them."""
    omega, _ = likelihoods(log_omega)
    alpha, scale = forward(omega, gamma, rho)
    beta = backward(omega, gamma, scale)
    found = np.empty((alpha.shape[0], alpha.shape[1]))
    for k in range(alpha.shape[0]):
        for n in range(alpha.shape[1]):
            found[k, n] = alpha[k, n] * beta[k, n]
    return found


def draw_states(rng, log_omega, gamma, rho):
    """The hidden states, 1 to K, drawn jointly given the observations: backwards from the last one."""
    states = log_omega.shape[0]
    count = log_omega.shape[1]
    omega, _ = likelihoods(log_omega)
    alpha, _ = forward(omega, gamma, rho)
    drawn = np.empty(count, np.int64)
    for n in range(count - 1, -1, -1):
        total = 0.0
        for k in range(states):
            total += alpha[k, n] * (gamma[k, drawn[n + 1] - 1] if n + 1 < count else 1.0)
        left = rng.random() * total
        state = 0
        for k in range(states):
            weight = alpha[k, n] * (gamma[k, drawn[n + 1] - 1] if n + 1 < count else 1.0)
            if weight > 0:
                state = k
                left -= weight
                if left <= 0:
                    break
        drawn[n] = state + 1
    return drawn
