"""One transition of Hamiltonian Monte Carlo with a fixed number of steps (Neal 2011, section 5.2)."""

import math

from pplc.runtime.compiled import compiled
from pplc.runtime.density import log_density_at
from pplc.runtime.dynamics.hamiltonian import begin, draw_momentum, turn
from pplc.runtime.dynamics.state import CURRENT, FREE, PROPOSAL
from pplc.runtime.dynamics.trajectory import COMPLETE, DIVERGED, STOPPED, copy, note_refusal
from pplc.runtime.generator import uniform


@compiled
def static_transition(density, chain, step_size, steps, max_energy_error, stop):
    """Move the chain once; returns what `trajectory.transition` returns, with tree depth 0."""
    now, tree = chain.scalars[0], chain.trajectory
    momentum, midway, gradient = tree.momentum[0], tree.midway[0], tree.gradient[PROPOSAL]
    here, free = PROPOSAL, FREE
    log_density, kinetic = now.log_density, draw_momentum(chain.random, momentum, now.size)
    initial_energy = kinetic - log_density
    taken = 0
    begin(
        tree.position[CURRENT], tree.gradient[CURRENT], momentum, step_size, chain.metric, midway, tree.position[here]
    )
    for _ in range(steps):
        if stop[0] != 0:
            return STOPPED, 0, 0, 0.0, 0.0, initial_energy, 0
        position = tree.position[here]
        log_density = log_density_at(density, position, gradient)
        kinetic, _ = turn(
            position,
            gradient,
            momentum,
            step_size,
            chain.metric,
            midway,
            tree.position[free],
            tree.momentum[1],
            False,
        )
        here, free = free, here
        taken += 1
        if not (-math.inf < log_density < math.inf):  # nothing leads on from here
            break
    now.gradients += taken

    energy = kinetic - log_density
    gain = initial_energy - energy
    diverged = not (-max_energy_error < gain < math.inf)  # so nan diverges too
    if diverged:
        note_refusal(chain, tree.position[free], log_density)
    acceptance = 0.0 if diverged else math.exp(min(0.0, gain))
    symmetric = 0.0 if diverged else 2.0 / (1.0 + math.exp(abs(gain)))
    accepted = uniform(chain.random) < acceptance
    if accepted:
        copy(tree.position[free], tree.position[CURRENT])
        copy(gradient, tree.gradient[CURRENT])
        now.log_density = log_density
    return (
        DIVERGED if diverged else COMPLETE,
        0,
        taken,
        acceptance,
        symmetric,
        energy if accepted else initial_energy,
        steps if accepted else 0,
    )
