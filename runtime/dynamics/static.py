"""One transition of Hamiltonian Monte Carlo with a fixed number of steps (Neal 2011, section 5.2)."""

import math

from pplc.runtime.compiled import compiled
from pplc.runtime.dynamics.hamiltonian import draw_momentum, leapfrog
from pplc.runtime.dynamics.state import CURRENT, PROPOSAL
from pplc.runtime.dynamics.trajectory import COMPLETE, DIVERGED, STOPPED, copy, note_refusal
from pplc.runtime.generator import uniform


@compiled
def static_transition(density, chain, step_size, steps, max_energy_error, stop):
    """Move the chain once; returns what `trajectory.transition` returns, with tree depth 0."""
    now, tree = chain.scalars[0], chain.trajectory
    position, gradient, momentum = tree.position[PROPOSAL], tree.gradient[PROPOSAL], tree.momentum[0]
    copy(tree.position[CURRENT], position)
    copy(tree.gradient[CURRENT], gradient)
    log_density, kinetic = now.log_density, draw_momentum(chain.random, momentum)
    initial_energy = kinetic - log_density
    for _ in range(steps):
        if stop[0] != 0:
            return STOPPED, 0, 0, 0.0, 0.0, initial_energy, 0
        log_density, kinetic = leapfrog(density, position, gradient, momentum, momentum, step_size, chain.metric)
    now.gradients += steps

    energy = kinetic - log_density
    gain = initial_energy - energy
    diverged = not (-max_energy_error < gain < math.inf)  # so nan diverges too
    if diverged:
        note_refusal(chain, position, log_density)
    acceptance = 0.0 if diverged else math.exp(min(0.0, gain))
    symmetric = 0.0 if diverged else 2.0 / (1.0 + math.exp(abs(gain)))
    accepted = uniform(chain.random) < acceptance
    if accepted:
        copy(position, tree.position[CURRENT])
        copy(gradient, tree.gradient[CURRENT])
        now.log_density = log_density
    return (
        DIVERGED if diverged else COMPLETE,
        0,
        steps,
        acceptance,
        symmetric,
        energy if accepted else initial_energy,
        steps if accepted else 0,
    )
