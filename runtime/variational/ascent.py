"""Stochastic ascent of the evidence lower bound (ADVI, Kucukelbir et al. 2017), compiled once for all models.

Gradients take the path through the draws only, as in Roeder, Wu and Duvenaud (2017): their noise vanishes as the
approximation becomes exact. Adam moves the mean in units of the approximation's own standard deviations and the
scales by factors, so that the scales of the parameters do not matter. The rate falls whenever a window of
iterations is not better than the one before it by more than its Monte Carlo error; below a last rate the
optimiser stops and keeps the average over its last window.
"""

import math

from pplc.runtime.compiled import compiled
from pplc.runtime.density import log_density_at
from pplc.runtime.generator import standard_normals

FIRST_DECAY, SECOND_DECAY, GUARD = 0.9, 0.99, 1e-8  # Adam's (Kingma and Ba 2015), with a shorter memory
RETREAT = 0.2  # by how much all scales shrink (in logarithms) if every draw fell outside the support
NOISE, POSITION, GRADIENT, PATH, SPREAD, ANCHOR = range(6)  # rows of `work`


@compiled
def ascend(density, plans, state, objectives, until, stop):
    """Iterate until `until` iterations are done, the optimiser has converged, or `stop[0]` is set.

    `objectives` receives each iteration's estimate of the bound. Returns the number of iterations done.
    """
    plan, now = plans[0], state.scalars[0]
    while now.iteration < until and not now.converged and stop[0] == 0:
        objective = estimate(density, plan.samples, state)
        objectives[now.iteration] = objective
        now.iteration += 1
        if objective == objective:  # not nan: at least one draw was inside the support
            step(state)
            watch(plan, state, objective)
    return now.iteration


@compiled
def estimate(density, samples, state):
    """Estimate the bound and, in `gradient` and `factor_gradient`, its derivatives; nan if no draw was finite."""
    size, full = state.mean.shape[0], state.factor.shape[0] > 0
    noise, path, anchor = state.work[NOISE], state.work[PATH], state.work[ANCHOR]
    for i in range(size):
        state.gradient[0, i] = 0.0
        state.gradient[1, i] = 0.0
        if full:
            for j in range(i):
                state.factor_gradient[i, j] = 0.0
    total, finite = 0.0, 0
    for _ in range(samples):
        log_density, log_approximation = draw(density, state)
        slope = 0.0
        for i in range(size):
            slope += state.work[GRADIENT, i]
        if not (abs(log_density) < math.inf and abs(slope) < math.inf):
            continue
        finite += 1
        for i in range(size):
            anchor[i] = state.work[POSITION, i]
        total += log_density - log_approximation
        score(state)
        for i in range(size):
            state.gradient[0, i] += path[i]
            state.gradient[1, i] += path[i] * noise[i] * math.exp(state.log_scale[i])
            if full:
                for j in range(i):
                    state.factor_gradient[i, j] += path[i] * noise[j]
    if finite == 0:  # far outside the support: start again, narrower, from the last point that was inside
        for i in range(size):
            state.mean[i] = anchor[i]
            state.log_scale[i] -= RETREAT
            if full:
                for j in range(i):
                    state.factor[i, j] *= math.exp(-RETREAT)
        return math.nan
    for i in range(size):
        state.gradient[0, i] /= finite
        state.gradient[1, i] /= finite
        if full:
            for j in range(i):
                state.factor_gradient[i, j] /= finite
    return total / finite


@compiled
def draw(density, state):
    """Draw a position; returns its log density and its log density under the approximation."""
    noise, position = state.work[NOISE], state.work[POSITION]
    log_approximation = 0.0
    standard_normals(state.random, noise, noise.shape[0])
    for i in range(noise.shape[0]):
        log_approximation -= 0.5 * noise[i] * noise[i] + state.log_scale[i] + 0.5 * math.log(2.0 * math.pi)
        position[i] = state.mean[i] + math.exp(state.log_scale[i]) * noise[i]
        if state.factor.shape[0] > 0:
            for j in range(i):
                position[i] += state.factor[i, j] * noise[j]
    state.scalars[0].gradients += 1
    return log_density_at(density, position, state.work[GRADIENT]), log_approximation


@compiled
def score(state):
    """path = gradient of log density minus log approximation = gradient + L'^-1 noise."""
    path, gradient, noise = state.work[PATH], state.work[GRADIENT], state.work[NOISE]
    size = path.shape[0]
    if state.factor.shape[0] == 0:
        for i in range(size):
            path[i] = gradient[i] + noise[i] * math.exp(-state.log_scale[i])
        return
    for i in range(size):
        path[i] = noise[i]
    for back in range(size):
        i = size - 1 - back
        path[i] *= math.exp(-state.log_scale[i])
        for j in range(i):
            path[j] -= state.factor[i, j] * path[i]
    for i in range(size):
        path[i] += gradient[i]


@compiled
def step(state):
    """One Adam step uphill."""
    now, spread = state.scalars[0], state.work[SPREAD]
    size, full = state.mean.shape[0], state.factor.shape[0] > 0
    now.adam_count += 1.0
    first = 1.0 - FIRST_DECAY**now.adam_count
    second = 1.0 - SECOND_DECAY**now.adam_count
    for i in range(size):
        variance = math.exp(2.0 * state.log_scale[i])
        if full:
            for j in range(i):
                variance += state.factor[i, j] * state.factor[i, j]
        spread[i] = math.sqrt(variance)
    for i in range(size):
        moments = state.moments
        scaled = state.gradient[0, i] * spread[i]
        moments[0, i] = FIRST_DECAY * moments[0, i] + (1.0 - FIRST_DECAY) * scaled
        moments[1, i] = SECOND_DECAY * moments[1, i] + (1.0 - SECOND_DECAY) * scaled * scaled
        state.mean[i] += now.rate * spread[i] * (moments[0, i] / first) / (math.sqrt(moments[1, i] / second) + GUARD)
        # The entropy's part of the gradient in log_scale is contained in the path.
        scaled = state.gradient[1, i]
        moments[2, i] = FIRST_DECAY * moments[2, i] + (1.0 - FIRST_DECAY) * scaled
        moments[3, i] = SECOND_DECAY * moments[3, i] + (1.0 - SECOND_DECAY) * scaled * scaled
        state.log_scale[i] += now.rate * (moments[2, i] / first) / (math.sqrt(moments[3, i] / second) + GUARD)
        if full:
            for j in range(i):
                scaled = state.factor_gradient[i, j] * spread[i]
                mean = FIRST_DECAY * state.factor_moments[0, i, j] + (1.0 - FIRST_DECAY) * scaled
                square = SECOND_DECAY * state.factor_moments[1, i, j] + (1.0 - SECOND_DECAY) * scaled * scaled
                state.factor_moments[0, i, j] = mean
                state.factor_moments[1, i, j] = square
                state.factor[i, j] += now.rate * spread[i] * (mean / first) / (math.sqrt(square / second) + GUARD)


@compiled
def watch(plan, state, objective):
    """Average the window; at its end, lower the rate or stop if nothing was gained."""
    now = state.scalars[0]
    now.window_count += 1
    share = 1.0 / now.window_count
    deviation = objective - now.window_mean
    now.window_mean += deviation * share
    now.window_square += deviation * (objective - now.window_mean)
    for i in range(state.mean.shape[0]):
        state.average[0, i] += share * (state.mean[i] - state.average[0, i])
        state.average[1, i] += share * (state.log_scale[i] - state.average[1, i])
        if state.factor.shape[0] > 0:
            for j in range(i):
                state.factor_average[i, j] += share * (state.factor[i, j] - state.factor_average[i, j])
    if now.window_count < plan.window:
        return

    error = now.window_square / (plan.window * (plan.window - 1.0))  # squared standard error of the mean
    gain = now.window_mean - now.previous_mean
    if gain < plan.tolerance + math.sqrt(error + now.previous_error):  # false while there is no previous window
        now.rate *= plan.rate_factor
        now.adam_count = 0.0
        forget_moments(state)
        now.previous_mean = math.nan
        for i in range(state.mean.shape[0]):
            state.mean[i] = state.average[0, i]
            state.log_scale[i] = state.average[1, i]
            if state.factor.shape[0] > 0:
                for j in range(i):
                    state.factor[i, j] = state.factor_average[i, j]
        now.converged = now.rate < plan.last_rate
    else:
        now.previous_mean = now.window_mean
        now.previous_error = error
    now.window_count = 0
    now.window_mean = 0.0
    now.window_square = 0.0


@compiled
def forget_moments(state):
    for i in range(state.mean.shape[0]):
        for row in range(4):
            state.moments[row, i] = 0.0
        if state.factor.shape[0] > 0:
            for j in range(i):
                state.factor_moments[0, i, j] = 0.0
                state.factor_moments[1, i, j] = 0.0


@compiled
def sample(density, state, draws, statistics, stop):
    """Fill `draws` and `statistics` from the approximation; returns how many draws were made before a stop."""
    for row in range(draws.shape[0]):
        if stop[0] != 0:
            return row
        log_density, log_approximation = draw(density, state)
        for i in range(draws.shape[1]):
            draws[row, i] = state.work[POSITION, i]
        statistics[row].lp = log_density
        statistics[row].log_q = log_approximation
    return draws.shape[0]
