"""One transition of the No-U-Turn Sampler: multinomial sampling from a trajectory doubled until it turns back.

Hoffman and Gelman (2014) as generalised by Betancourt (2017, appendix A), with the additional U-turn checks
between neighbouring subtrees that Stan makes since 2.21. Instead of recursing, a subtree's points are visited
in order and neighbours of equal size are merged as in a binary counter, so the pending subtrees form a stack.

No vector is copied: what changes its role changes its place (see `subtrees` for those of momenta).
"""

import math

import numpy as np
from pplc.runtime.compiled import compiled
from pplc.runtime.density import log_density_at
from pplc.runtime.dynamics.hamiltonian import begin, draw_momentum, turn, turn_at_fourth, turn_at_second
from pplc.runtime.dynamics.state import AHEAD, BACKWARD, CURRENT, EDGE, FORWARD, FREE, PROPOSAL
from pplc.runtime.dynamics.subtrees import join_trajectory, stack_eight
from pplc.runtime.dynamics.turns import four_turn, two_turn
from pplc.runtime.generator import next_word, uniform

# How a doubling ended.
COMPLETE, TURNED, DIVERGED, STOPPED = range(4)


@compiled
def transition(density, chain, step_size, max_depth, max_energy_error, stop):
    """Move the chain once.

    Returns (outcome of the last doubling, tree depth, number of steps, mean acceptance probability, mean of
    its symmetric form, energy, index of the new draw on the trajectory). If `stop[0]` becomes nonzero, the
    transition is abandoned with outcome STOPPED and the chain stays where it was.
    """
    now, tree, place = chain.scalars[0], chain.trajectory, chain.trajectory.place
    current = place[CURRENT]
    momentum = tree.total[0]
    kinetic = draw_momentum(chain.random, momentum, now.size)
    for edge in (BACKWARD, FORWARD):
        begin(
            tree.position[current],
            tree.gradient[current],
            momentum,
            step_size if edge == FORWARD else -step_size,
            chain.metric,
            tree.midway[tree.between[EDGE + edge]],
            tree.position[place[AHEAD + edge]],
        )

    initial_energy = kinetic - now.log_density
    describe(tree.facts[current], now.log_density, initial_energy, 0)
    # The sum of the points' weights exp(-energy), relative to exp(reference - initial energy).
    trajectory_weight, reference = 1.0, 0.0
    steps, acceptance, symmetric = 0, 0.0, 0.0
    extent_backward, extent_forward = 0, 0
    depth, outcome = 0, COMPLETE
    while depth < max_depth:
        direction = FORWARD if next_word(chain.random) >> np.uint64(63) else BACKWARD
        extent = extent_forward if direction == FORWARD else extent_backward
        outcome, taken, accepted, accepted_symmetric, weight, new_reference, turned = grow(
            density, chain, direction, extent, step_size, depth, kinetic, initial_energy, reference, max_energy_error,
            stop,
        )  # fmt: skip
        steps += taken
        acceptance += accepted
        symmetric += accepted_symmetric
        if outcome != COMPLETE:
            break

        if new_reference != reference:
            trajectory_weight *= math.exp(reference - new_reference)
            reference = new_reference
        # Biased progressive sampling: the new half is preferred, so that the draw moves far.
        swapped = swap_if(uniform(chain.random) * trajectory_weight < weight, place[PROPOSAL], place[CURRENT])
        place[PROPOSAL], place[CURRENT] = swapped
        trajectory_weight += weight
        if direction == FORWARD:
            extent_forward += 1 << depth
        else:
            extent_backward += 1 << depth
        depth += 1
        if turned:
            outcome = TURNED
            break

    chosen = tree.facts[place[CURRENT]]
    log_density, energy, index = chosen[0], chosen[1], int(chosen[2])
    now.log_density = log_density
    now.gradients += steps
    mean = 1.0 / max(steps, 1)
    return outcome, depth, steps, acceptance * mean, symmetric * mean, energy, index


@compiled
def grow(
    density, chain, direction, extent, step_size, depth, initial_kinetic, initial_energy, reference, max_energy_error,
    stop,
):  # fmt: skip
    """Integrate 2**depth steps onward from one edge of the trajectory and choose a proposal among them.

    `extent` is how many points lie in this direction already. Returns (outcome, steps taken, sum of acceptance
    probabilities, sum of their symmetric form, weight of the subtree, reference of this weight, does the trajectory
    with the subtree turn back).
    """
    tree = chain.trajectory
    place, between, midway = tree.place, tree.between, tree.midway
    sign = 1 if direction == FORWARD else -1
    time_step = sign * step_size
    here, free, proposal = place[AHEAD + direction], place[FREE], place[PROPOSAL]
    # Rows of `midway`: before the next eight points; and before the last three points and the next one, called a, b, c
    # and d, of whose momenta aa is a square and ab a product. At first c is the initial point.
    start = between[EDGE + direction]
    before_a, before_b, before_c, before_d = start, start, between[EDGE + 1 - direction], start
    aa, bb, cc = 0.0, 0.0, 2.0 * initial_kinetic
    cd = 0.0  # apart: in one tuple with those before, LLVM takes 20 ns more per step
    pending = 0  # subtrees on the stack
    total_weight = 0.0
    acceptance, symmetric = 0.0, 0.0
    outcome, leaf, turned = COMPLETE, 0, False

    log_density = log_density_at(density, tree.position[here], tree.gradient[here])
    while True:
        if stop[0] != 0:
            outcome = STOPPED
            break
        after = between[leaf & 7]
        point = (
            tree.position[here],
            tree.gradient[here],
            time_step,
            chain.metric,
            midway[before_d],
            midway[after],
            tree.position[free],
        )
        if leaf & 3 == 3:
            ab = cd  # of two points before
            dd, ac, ad, bc, bd, cd = turn_at_fourth(*point, midway[before_a], midway[before_b], midway[before_c])
            turned = two_turn(cc, dd, cd) or four_turn(aa, ab, ac, ad, bb, bc, bd, cc, cd, dd)
        elif leaf & 1 == 1 or depth == 0:
            dd, cd = turn_at_second(*point, midway[before_c])
            turned = two_turn(cc, dd, cd)
        else:
            dd = turn(*point)
        leaf += 1
        energy = 0.5 * dd - log_density
        weight = initial_energy - energy
        if not (-max_energy_error < weight < math.inf):  # so nan diverges too
            note_refusal(chain, tree.position[here], log_density)
            outcome, turned = DIVERGED, False
            break

        before_a, before_b, before_c, before_d = before_b, before_c, before_d, after
        aa, bb, cc = bb, cc, dd
        if leaf & 7 == 0 and not turned:
            pending, turned = stack_eight(tree, start, after, pending, leaf >> 3)
            between[7], start = start, after

        # The next density is asked for before this point is weighed: what it writes is needed at once, and would wait.
        finished = turned or leaf == 1 << depth
        if not finished:
            next_log_density = log_density_at(density, tree.position[free], tree.gradient[free])

        describe(tree.facts[here], log_density, energy, sign * (extent + leaf))
        total_weight, reference, relative, probability, symmetric_probability = add_weight(
            total_weight, reference, weight
        )
        acceptance += probability
        symmetric += symmetric_probability
        here, free = free, here
        free, proposal = swap_if(uniform(chain.random) * total_weight < relative, free, proposal)
        if finished:
            break
        log_density = next_log_density

    place[AHEAD + direction], place[FREE], place[PROPOSAL] = here, free, proposal
    between[EDGE + direction] = start
    if turned and depth > 0:
        outcome = TURNED
    elif outcome == COMPLETE:
        turned = join_trajectory(tree, direction, depth) or turned
    return outcome, leaf, acceptance, symmetric, total_weight, reference, turned


@compiled
def add_weight(total, reference, log_weight):
    """Add a point to a sum of weights relative to exp(reference).

    Returns (sum, its reference, weight of the point relative to it, acceptance probability, its symmetric form).
    """
    if log_weight - reference > 300.0:  # a far better region than the start: keep the sum within range
        total *= math.exp(reference - log_weight)
        reference = log_weight
    relative = math.exp(log_weight - reference)
    gain = relative if reference == 0.0 else math.exp(min(log_weight, 300.0))
    probability = min(gain, 1.0)
    return total + relative, reference, relative, probability, 2.0 * probability / (1.0 + gain)


@compiled
def note_refusal(chain, position, log_density):
    """Keep the position if the log density is not finite there."""
    if not (-math.inf < log_density < math.inf):
        now = chain.scalars[0]
        kept = chain.refused[now.refused % chain.refused.shape[0]]
        for i in range(now.size):
            kept[i] = position[i]
        now.refused += 1


@compiled
def describe(facts, log_density, energy, index):
    """What is remembered of a point besides its vectors; `index` counts steps along the trajectory."""
    facts[0], facts[1], facts[2] = log_density, energy, index


@compiled
def swap_if(condition, a, b):
    """Two integers, exchanged if a condition holds: without a branch, whose outcome nobody could predict."""
    difference = (a ^ b) * int(condition)
    return a ^ difference, b ^ difference
