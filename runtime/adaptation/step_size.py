"""The step size: a first guess by doubling or halving, then dual averaging (Hoffman and Gelman 2014, section 3.2)."""

import math

from pplc.runtime.compiled import compiled
from pplc.runtime.density import log_density_at
from pplc.runtime.dynamics.hamiltonian import begin, draw_momentum, turn
from pplc.runtime.dynamics.state import CURRENT, FREE, PROPOSAL

SHRINKAGE = 0.05  # gamma: pull towards the centre
DELAY = 10.0  # t0: how little the first iterations count
FORGETTING = 0.75  # kappa: how fast old iterates leave the mean


@compiled
def restart(now, step_size):
    """Begin dual averaging afresh around a step size that is known to be reasonable."""
    now.step_size = step_size
    now.tuned_step_size = step_size
    now.log_step = math.log(step_size)
    now.log_step_mean = 0.0
    now.log_step_centre = math.log(10.0 * step_size)  # larger steps are cheap: try them first
    now.acceptance_error = 0.0
    now.step_count = 0.0


@compiled
def update(now, acceptance, target):
    """Learn from one transition's mean acceptance probability."""
    now.step_count += 1.0
    count = now.step_count
    share = 1.0 / (count + DELAY)
    now.acceptance_error = (1.0 - share) * now.acceptance_error + share * (target - acceptance)
    now.log_step = now.log_step_centre - math.sqrt(count) / SHRINKAGE * now.acceptance_error
    weight = count**-FORGETTING
    now.log_step_mean = weight * now.log_step + (1.0 - weight) * now.log_step_mean
    now.step_size = math.exp(now.log_step)
    now.tuned_step_size = math.exp(now.log_step_mean)


@compiled
def find_reasonable(density, chain, step_size):
    """The power of two times `step_size` at which one step's acceptance probability crosses 0.8."""
    tree, now, metric = chain.trajectory, chain.scalars[0], chain.metric
    momentum, midway, onward = tree.total[0], tree.midway[0], tree.midway[1]
    current, proposal, beyond = tree.place[CURRENT], tree.place[PROPOSAL], tree.position[tree.place[FREE]]
    position, gradient = tree.position[proposal], tree.gradient[proposal]
    direction = 0
    if now.size == 0:
        return step_size
    for _ in range(100):  # 2**100: further than any scale a double can hold sensibly
        energy = draw_momentum(chain.random, momentum, now.size) - now.log_density
        begin(tree.position[current], tree.gradient[current], momentum, step_size, metric, midway, position)
        log_density = log_density_at(density, position, gradient)
        squared = turn(position, gradient, step_size, metric, midway, onward, beyond)
        now.gradients += 1
        acceptable = energy - (0.5 * squared - log_density) > math.log(0.8)  # false for nan
        if direction == 0:
            direction = 1 if acceptable else -1
        elif acceptable != (direction == 1):
            break
        step_size = step_size * 2.0 if direction == 1 else step_size * 0.5
    return step_size
