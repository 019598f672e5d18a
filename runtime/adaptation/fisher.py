"""A diagonal metric from draws and gradients, renewed after every transition.

The scale (var(draws) / var(gradients))**(1/4) minimises the Fisher divergence between the whitened target and a
standard normal. It is exact for any normal with a diagonal covariance after two draws, because there the gradient is
a linear function of the draw (Seyboldt, Carlson and Carpenter 2026). Where coordinates are correlated it is smaller
than the standard deviation, which serves better then, but which takes many draws to be known and is nonsense while a
chain still travels from its start. Hence the Fisher scale in the first phase of warmup, and then their geometric
mean, in which the standard deviation's weight grows with the number of draws (docs/decisions/0005).

Estimates run; a second one, begun later, takes the first one's place from time to time so that the transient is
forgotten.
"""

import math

from pplc.runtime.adaptation import step_size
from pplc.runtime.adaptation.moments import accumulate, forget
from pplc.runtime.compiled import compiled
from pplc.runtime.dynamics.state import CURRENT

SMALLEST, LARGEST = 1e-10, 1e10  # scales beyond these mean a flat or broken coordinate
EARLY_WINDOW = 10.0  # draws after which the next estimate takes over, at first
GROWTH = 1.5  # and how later windows grow
TRUSTED_DRAWS = 20.0  # draws after which the standard deviation counts as much as the Fisher scale


@compiled
def begin(chain):
    """A first metric from the gradient alone: the scale of a normal whose density falls so steeply here."""
    gradient, scale = chain.trajectory.gradient[chain.trajectory.place[CURRENT]], chain.metric.scale
    for i in range(scale.shape[0]):
        steepness = abs(gradient[i])
        scale[i] = clamp(1.0 / math.sqrt(steepness)) if steepness > 0.0 else 1.0
    moments, now = chain.moments, chain.scalars[0]
    for row in range(2):
        forget(moments.draw_mean[row], moments.draw_square[row])
        forget(moments.gradient_mean[row], moments.gradient_square[row])
    now.foreground, now.background, now.metric_updates = 0.0, 0.0, 0


@compiled
def adapt(density, chain, plan, moved):
    """Learn from the present draw, unless the chain stood still."""
    now, moments, tree = chain.scalars[0], chain.moments, chain.trajectory
    draw, gradient = tree.position[tree.place[CURRENT]], tree.gradient[tree.place[CURRENT]]
    if moved:
        now.foreground += 1.0
        now.background += 1.0
        counts = (now.foreground, now.background)
        for row in range(2):
            accumulate(draw, moments.draw_mean[row], moments.draw_square[row], counts[row])
            accumulate(gradient, moments.gradient_mean[row], moments.gradient_square[row], counts[row])

    early = now.iteration < plan.early_end
    window = EARLY_WINDOW if early else float(now.window_size)
    if now.background >= window and now.iteration + window <= plan.metric_end:
        take_over(moments)
        now.foreground, now.background = now.background, 0.0
        if not early:
            now.window_size = math.ceil(GROWTH * now.window_size)
    if moved and now.foreground >= 3.0:
        trusted = 0.0 if early else now.foreground
        renew(chain.metric.scale, moments, now.foreground, trusted / (trusted + TRUSTED_DRAWS))
        now.metric_updates += 1
        if now.metric_updates == 1:  # the first guess at the step size was for another metric
            step_size.restart(now, step_size.find_reasonable(density, chain, now.step_size))


@compiled
def take_over(moments):
    """The background estimate becomes the one in use, and a new one starts from nothing."""
    for rows in (moments.draw_mean, moments.draw_square, moments.gradient_mean, moments.gradient_square):
        for i in range(rows.shape[1]):
            rows[0, i] = rows[1, i]
            rows[1, i] = 0.0


@compiled
def renew(scale, moments, count, share):
    """Scales from `count` draws and their gradients; `share` is the weight of the draws' standard deviation."""
    for i in range(scale.shape[0]):
        square = moments.draw_square[0, i]
        ratio = square / moments.gradient_square[0, i]  # the counts cancel
        if not 0.0 < ratio < math.inf:  # a coordinate that never moved keeps its scale
            continue
        if share == 0.0:
            scale[i] = clamp(math.sqrt(math.sqrt(ratio)))
        else:
            variance = square / (count - 1.0)
            scale[i] = clamp(math.exp(0.5 * share * math.log(variance) + 0.25 * (1.0 - share) * math.log(ratio)))


@compiled
def clamp(scale):
    return min(max(scale, SMALLEST), LARGEST)
