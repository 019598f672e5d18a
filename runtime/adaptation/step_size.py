"""The step size: a first guess by doubling or halving, then dual averaging (Hoffman and Gelman 2014, section 3.2)."""

import math

from pplc.runtime.compiled import compiled
from pplc.runtime.dynamics.hamiltonian import draw_momentum, leapfrog
from pplc.runtime.dynamics.state import CURRENT, PROPOSAL
from pplc.runtime.dynamics.trajectory import copy

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
    tree, now = chain.trajectory, chain.scalars[0]
    momentum = tree.momentum[0]
    direction = 0
    if momentum.shape[0] == 0:
        return step_size
    for _ in range(100):  # 2**100: further than any scale a double can hold sensibly
        copy(tree.position[CURRENT], tree.position[PROPOSAL])
        copy(tree.gradient[CURRENT], tree.gradient[PROPOSAL])
        kinetic = draw_momentum(chain.random, momentum)
        energy = kinetic - now.log_density
        log_density, kinetic = leapfrog(
            density, tree.position[PROPOSAL], tree.gradient[PROPOSAL], momentum, momentum, step_size, chain.metric
        )
        now.gradients += 1
        acceptable = energy - (kinetic - log_density) > math.log(0.8)  # false for nan
        if direction == 0:
            direction = 1 if acceptable else -1
        elif acceptable != (direction == 1):
            break
        step_size = step_size * 2.0 if direction == 1 else step_size * 0.5
    return step_size
