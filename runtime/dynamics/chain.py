"""A chain of Hamiltonian transitions (NUTS or static) with its warmup, compiled once for all models."""

import math

from pplc.runtime.adaptation import fisher, step_size, windowed
from pplc.runtime.compiled import compiled
from pplc.runtime.dynamics.plan import FISHER
from pplc.runtime.dynamics.state import CURRENT
from pplc.runtime.dynamics.static import static_transition
from pplc.runtime.dynamics.trajectory import DIVERGED, STOPPED, transition
from pplc.runtime.generator import uniform


@compiled
def advance(density, plans, chain, draws, statistics, until, stop):
    """Make transitions until `until` are done or `stop[0]` is set; returns how many are done.

    `density` is the address of a C function (see `LogDensity`), `draws` and `statistics` have one row per kept
    draw. How a run is divided into calls has no influence on the draws.
    """
    plan, now = plans[0], chain.scalars[0]
    while now.iteration < until and stop[0] == 0:
        warming = now.iteration < plan.warmup
        if now.iteration == 0:
            begin(density, plan, chain)
        used = now.step_size
        if plan.jitter > 0.0:
            used *= 1.0 + plan.jitter * (2.0 * uniform(chain.random) - 1.0)
        if plan.steps == 0:
            outcome, depth, steps, acceptance, symmetric, energy, index = transition(
                density, chain, used, plan.max_depth, plan.max_energy_error, stop
            )
        else:
            outcome, depth, steps, acceptance, symmetric, energy, index = static_transition(
                density, chain, used, plan.steps, plan.max_energy_error, stop
            )
        if outcome == STOPPED:
            break

        kept = now.iteration - plan.keep_from
        if kept >= 0 and kept % plan.thin == 0:
            row = kept // plan.thin
            position = chain.trajectory.position[chain.trajectory.place[CURRENT]]
            for i in range(now.size):
                draws[row, i] = position[i]
            record = statistics[row]
            record.lp = now.log_density
            record.energy = energy
            record.acceptance_rate = acceptance
            record.step_size = used
            record.tree_depth = depth
            record.n_steps = steps
            record.diverging = outcome == DIVERGED

        now.iteration += 1
        if warming:
            learn(density, plan, chain, acceptance, symmetric, outcome, index)
            if now.iteration == plan.warmup:
                now.step_size = now.tuned_step_size
                now.refused = 0
        elif outcome == DIVERGED:
            now.divergences += 1
    return now.iteration


@compiled
def begin(density, plan, chain):
    """First metric and step size at the initial point."""
    now = chain.scalars[0]
    now.window_size = plan.first_window
    now.window_end = plan.early_end + plan.first_window
    if plan.adaptation == FISHER:
        fisher.begin(chain)
    else:
        windowed.begin(chain)
    step = plan.initial_step
    if plan.warmup > 0:
        step = step_size.find_reasonable(density, chain, step)
    step_size.restart(now, step)


@compiled
def learn(density, plan, chain, acceptance, symmetric, outcome, index):
    """One transition's worth of adaptation."""
    now = chain.scalars[0]
    late = now.iteration > plan.metric_end
    if plan.adaptation == FISHER:
        # Early the plain rate, which punishes steps that gain energy less; the symmetric one is less noisy.
        step_size.update(now, symmetric if late else acceptance, plan.target_accept)
        if not late:
            # A draw that stayed near a divergence says little about the scale of the target.
            fisher.adapt(density, chain, plan, abs(index) > (4 if outcome == DIVERGED else 0))
    else:
        step_size.update(now, acceptance, plan.target_accept)
        windowed.adapt(density, chain, plan)
    if not 0.0 < now.step_size < math.inf:
        step_size.restart(now, plan.initial_step)
