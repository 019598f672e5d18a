"""One transition of Hamiltonian Monte Carlo with a fixed number of steps (Neal 2011, section 5.2)."""

import math

from pplc.runtime.compiled import compiled
from pplc.runtime.density import log_density_at
from pplc.runtime.dynamics.hamiltonian import begin, draw_momentum, turn
from pplc.runtime.dynamics.state import CURRENT, FREE, PROPOSAL
from pplc.runtime.dynamics.trajectory import COMPLETE, DIVERGED, STOPPED, note_refusal
from pplc.runtime.generator import uniform


@compiled
def static_transition(density, chain, step_size, steps, max_energy_error, stop):
    """Move the chain once; returns what `trajectory.transition` returns, with tree depth 0."""
    now, tree, place = chain.scalars[0], chain.trajectory, chain.trajectory.place
    momentum, midway = tree.total[0], tree.midway
    last, here, before, after = place[FREE], place[PROPOSAL], 0, 1
    log_density, kinetic = now.log_density, draw_momentum(chain.random, momentum, now.size)
    initial_energy = kinetic - log_density
    taken = 0
    begin(
        tree.position[place[CURRENT]],
        tree.gradient[place[CURRENT]],
        momentum,
        step_size,
        chain.metric,
        midway[before],
        tree.position[here],
    )
    for _ in range(steps):
        if stop[0] != 0:
            return STOPPED, 0, 0, 0.0, 0.0, initial_energy, 0
        position, gradient = tree.position[here], tree.gradient[here]
        log_density = log_density_at(density, position, gradient)
        squared = turn(position, gradient, step_size, chain.metric, midway[before], midway[after], tree.position[last])
        kinetic = 0.5 * squared
        last, here, before, after = here, last, after, before
        taken += 1
        if not (-math.inf < log_density < math.inf):  # nothing leads on from here
            break
    now.gradients += taken

    energy = kinetic - log_density
    gain = initial_energy - energy
    diverged = not (-max_energy_error < gain < math.inf)  # so nan diverges too
    if diverged:
        note_refusal(chain, tree.position[last], log_density)
    acceptance = 0.0 if diverged else math.exp(min(0.0, gain))
    symmetric = 0.0 if diverged else 2.0 / (1.0 + math.exp(abs(gain)))
    accepted = uniform(chain.random) < acceptance
    if accepted:
        place[CURRENT], place[PROPOSAL], place[FREE] = last, here, place[CURRENT]
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
