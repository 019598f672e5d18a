"""Stan's metrics: variances or the covariance of the draws, re-estimated at the ends of doubling windows.

The first and the last part of warmup tune the step size only. Each estimate is shrunk towards a small multiple
of the identity, and the step size is searched afresh whenever the metric changes.
"""

import math

from pplc.runtime.adaptation import step_size
from pplc.runtime.adaptation.moments import accumulate, accumulate_covariance, forget
from pplc.runtime.compiled import compiled
from pplc.runtime.dynamics.state import CURRENT, DENSE

PRIOR_DRAWS = 5.0  # the weight of the shrinkage, in draws
PRIOR_VARIANCE = 1e-3


@compiled
def begin(chain):
    """Start from the identity."""
    metric = chain.metric
    for i in range(metric.scale.shape[0]):
        metric.scale[i] = 1.0
    for i in range(metric.factor.shape[0]):
        for j in range(i):
            metric.factor[i, j] = 0.0
        metric.factor[i, i] = 1.0
    reset(chain)


@compiled
def reset(chain):
    moments = chain.moments
    forget(moments.draw_mean[0], moments.draw_square[0])
    chain.scalars[0].foreground = 0.0
    for i in range(moments.covariance.shape[0]):
        for j in range(i + 1):
            moments.covariance[i, j] = 0.0


@compiled
def adapt(density, chain, plan):
    """Learn from the present draw; `now.iteration` counts it already."""
    now, moments = chain.scalars[0], chain.moments
    if not plan.early_end < now.iteration <= plan.metric_end:
        return
    dense = chain.metric.kind[0] == DENSE
    draw = chain.trajectory.position[chain.trajectory.place[CURRENT]]
    now.foreground += 1.0
    if dense:
        accumulate_covariance(draw, moments.draw_mean[0], moments.covariance, moments.deviation, now.foreground)
    else:
        accumulate(draw, moments.draw_mean[0], moments.draw_square[0], now.foreground)
    if now.iteration != now.window_end:
        return

    now.window_size *= 2
    now.window_end += now.window_size
    if now.window_end + 2 * now.window_size > plan.metric_end:  # the next but one would not fit: stretch this one
        now.window_end = plan.metric_end
    count = now.foreground
    if count >= 2.0:
        if dense:
            set_dense(chain.metric.factor, moments.covariance, count)
        else:
            set_diagonal(chain.metric.scale, moments.draw_square[0], count)
        now.metric_updates += 1
        step_size.restart(now, step_size.find_reasonable(density, chain, now.step_size))
    reset(chain)


@compiled
def set_diagonal(scale, square, count):
    share = count / (count + PRIOR_DRAWS)
    for i in range(scale.shape[0]):
        variance = share * square[i] / (count - 1.0) + (1.0 - share) * PRIOR_VARIANCE
        if variance < math.inf:
            scale[i] = math.sqrt(variance)


@compiled
def set_dense(factor, covariance, count):
    """The Cholesky factor of the shrunk covariance; left as it was if that has no factor."""
    share = count / (count + PRIOR_DRAWS)
    size = covariance.shape[0]
    for i in range(size):
        for j in range(i + 1):
            covariance[i, j] *= share / (count - 1.0)
        covariance[i, i] += (1.0 - share) * PRIOR_VARIANCE
    for i in range(size):  # in place, row by row
        for j in range(i + 1):
            value = covariance[i, j]
            for k in range(j):
                value -= covariance[i, k] * covariance[j, k]
            if i > j:
                covariance[i, j] = value / covariance[j, j]
            elif 0.0 < value < math.inf:
                covariance[i, i] = math.sqrt(value)
            else:
                return
    for i in range(size):
        for j in range(i + 1):
            factor[i, j] = covariance[i, j]
