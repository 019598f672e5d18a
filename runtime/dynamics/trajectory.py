"""One transition of the No-U-Turn Sampler: multinomial sampling from a trajectory doubled until it turns back.

Hoffman and Gelman (2014) as generalised by Betancourt (2017, appendix A), with the additional U-turn checks
between neighbouring subtrees that Stan makes since 2.21. Instead of recursing, a subtree's leaves are visited
in order and neighbours of equal size are merged as in a binary counter, so the pending subtrees form a stack.

A subtree is known by its first and last momentum and the sum of all, which for one of two leaves is that of its ends.
The first momentum of the stack's entry `s` stays in row `s` of `momentum` from the leaf's integration until the end;
other rows are found through `slot`. No vector is copied: what is accepted changes its slot.
"""

import math

import numpy as np
from pplc.runtime.compiled import compiled, disjoint
from pplc.runtime.density import log_density_at
from pplc.runtime.dynamics.hamiltonian import begin, draw_momentum, kick, turn
from pplc.runtime.dynamics.state import AHEAD, BACKWARD, CURRENT, ENDS, FORWARD, FREE, PROPOSAL
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
    now, tree, slot = chain.scalars[0], chain.trajectory, chain.trajectory.slot
    for s in range(slot.shape[0]):
        slot[s] = s if s < ENDS else max_depth + 1 + s - ENDS
    edges = ENDS + max_depth + 1  # slot[edges] and slot[edges + 1]: rows of the momenta at the two ends
    momentum, trajectory_total = tree.momentum[slot[edges]], tree.total[max_depth + 1]

    kinetic = draw_momentum(chain.random, momentum, now.size)
    copy(momentum, tree.momentum[slot[edges + 1]])
    copy(momentum, trajectory_total)
    for edge in (BACKWARD, FORWARD):
        begin(
            tree.position[CURRENT],
            tree.gradient[CURRENT],
            momentum,
            step_size if edge == FORWARD else -step_size,
            chain.metric,
            tree.midway[edge],
            tree.position[AHEAD + edge],
        )

    initial_energy = kinetic - now.log_density
    describe(tree.facts[CURRENT], now.log_density, initial_energy, 0)
    # The sum of the points' weights exp(-energy), relative to exp(reference - initial energy).
    trajectory_weight, reference = 1.0, 0.0
    steps, acceptance, symmetric = 0, 0.0, 0.0
    extent_backward, extent_forward = 0, 0
    depth, outcome = 0, COMPLETE
    while depth < max_depth:
        direction = FORWARD if next_word(chain.random) >> np.uint64(63) else BACKWARD
        extent = extent_forward if direction == FORWARD else extent_backward
        (outcome, taken, accepted, accepted_symmetric, weight, new_reference) = grow(
            density,
            chain,
            direction,
            extent,
            step_size,
            depth,
            max_depth,
            initial_energy,
            reference,
            max_energy_error,
            stop,
        )
        steps += taken
        acceptance += accepted
        symmetric += accepted_symmetric
        if outcome != COMPLETE:
            break

        if new_reference != reference:
            trajectory_weight *= math.exp(reference - new_reference)
            reference = new_reference
        # Biased progressive sampling: the new half is preferred, so that the draw moves far.
        swapped = swap_if(uniform(chain.random) * trajectory_weight < weight, slot[PROPOSAL], slot[CURRENT])
        slot[PROPOSAL], slot[CURRENT] = swapped
        trajectory_weight += weight
        if direction == FORWARD:
            extent_forward += 1 << depth
        else:
            extent_backward += 1 << depth

        near, far = edges + direction, edges + 1 - direction
        last = slot[ENDS] if depth > 0 else 0
        if depth == 1:
            kick(tree.momentum[0], tree.momentum[last], 1.0, tree.total[0])
        if turns(
            tree.momentum[slot[far]],
            tree.momentum[slot[near]],
            trajectory_total,
            tree.momentum[0],
            tree.momentum[last],
            tree.total[0] if depth > 0 else tree.momentum[0],
        ):
            outcome = TURNED
        if depth > 0:
            slot[ENDS], slot[near] = slot[near], slot[ENDS]
        else:
            copy(tree.momentum[0], tree.momentum[slot[near]])
        depth += 1
        if outcome == TURNED:
            break

    chosen = slot[CURRENT]
    if chosen != CURRENT:
        copy(tree.position[chosen], tree.position[CURRENT])
        copy(tree.gradient[chosen], tree.gradient[CURRENT])
    log_density, energy, index = tree.facts[chosen, 0], tree.facts[chosen, 1], int(tree.facts[chosen, 2])
    now.log_density = log_density
    now.gradients += steps
    mean = 1.0 / max(steps, 1)
    return outcome, depth, steps, acceptance * mean, symmetric * mean, energy, index


@compiled
def grow(
    density,
    chain,
    direction,
    extent,
    step_size,
    depth,
    max_depth,
    initial_energy,
    reference,
    max_energy_error,
    stop,
):
    """Integrate 2**depth steps onward from one edge of the trajectory and choose a proposal among them.

    `extent` is how many points lie in this direction already. Returns (outcome, steps taken, sum of acceptance
    probabilities, sum of their symmetric form, weight of the subtree, reference of this weight).

    A complete subtree starts at momentum row 0, ends at row slot[ENDS] (row 0 if depth is 0) and has its sum in row 0
    of `total` (if depth is 2 or more).
    """
    tree, slot = chain.trajectory, chain.trajectory.slot
    midway = tree.midway[direction]
    sign = 1 if direction == FORWARD else -1
    time_step = sign * step_size
    spare = ENDS + max_depth  # slot[spare]: a momentum row that nothing uses
    previous = slot[spare + 1 + direction]
    here, free, proposal = slot[AHEAD + direction], slot[FREE], slot[PROPOSAL]
    pending = 0  # subtrees on the stack
    previous_squared = 0.0
    total_weight = 0.0
    acceptance, symmetric = 0.0, 0.0
    outcome, leaf = COMPLETE, 0

    while leaf < 1 << depth:
        if stop[0] != 0:
            outcome = STOPPED
            break
        opens = leaf & 1 == 0
        row = pending if opens else slot[spare]
        position, gradient = tree.position[here], tree.gradient[here]
        log_density = log_density_at(density, position, gradient)
        kinetic, product = turn(
            position,
            gradient,
            tree.momentum[row],
            time_step,
            chain.metric,
            midway,
            tree.position[free],
            tree.momentum[previous],
            not opens,
        )
        previous = row
        leaf += 1
        energy = kinetic - log_density
        weight = initial_energy - energy
        if not (-max_energy_error < weight < math.inf):  # so nan diverges too
            note_refusal(chain, position, log_density)
            outcome = DIVERGED
            break
        describe(tree.facts[here], log_density, energy, sign * (extent + leaf))

        shrunk = math.exp(-abs(weight))
        acceptance += 1.0 if weight >= 0.0 else shrunk
        symmetric += 2.0 * shrunk / (1.0 + shrunk)
        if reference == 0.0 and weight <= 300.0:
            relative = shrunk if weight <= 0.0 else 1.0 / shrunk
        else:
            if weight - reference > 300.0:  # a far better region than the start: keep the sum within range
                total_weight *= math.exp(reference - weight)
                reference = weight
            relative = math.exp(weight - reference)
        total_weight += relative
        here, free = free, here
        free, proposal = swap_if(uniform(chain.random) * total_weight < relative, free, proposal)

        if opens:
            pending += 1
        else:
            top = pending - 1
            if not (previous_squared + product > 0.0 and 2.0 * kinetic + product > 0.0):
                outcome = TURNED
                break
            rest = leaf - 1 >> 1
            turned = False
            if rest & 1:
                turned = turns_in_pairs(
                    tree.momentum[top - 1],
                    tree.momentum[slot[ENDS + top - 1]],
                    tree.momentum[top],
                    tree.momentum[row],
                    tree.total[top - 1],
                )
                top -= 1
                rest >>= 1
            while rest & 1 and not turned:
                turned = turns(
                    tree.momentum[top - 1],
                    tree.momentum[slot[ENDS + top - 1]],
                    tree.total[top - 1],
                    tree.momentum[top],
                    tree.momentum[row],
                    tree.total[top],
                )
                top -= 1
                rest >>= 1
            if turned:
                outcome = TURNED
                break
            pending = top + 1
            slot[ENDS + top], slot[spare] = row, slot[ENDS + top]
        previous_squared = 2.0 * kinetic

    slot[AHEAD + direction], slot[FREE], slot[PROPOSAL] = here, free, proposal
    return outcome, leaf, acceptance, symmetric, total_weight, reference


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


@disjoint
def turns(first_left, last_left, total_left, first_right, last_right, total_right):
    """Merge two neighbouring subtrees: adds the right sum to `total_left`; does the union turn back on itself?

    Checked are the union, the left subtree with the first point of the right, and the last point of the left
    with the right subtree: each must move apart at both its ends.
    """
    whole_first, whole_last, left_first, left_last, right_first, right_last = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    for i in range(total_left.shape[0]):
        left, right = total_left[i], total_right[i]
        whole = left + right
        total_left[i] = whole
        whole_first += whole * first_left[i]
        whole_last += whole * last_right[i]
        left += first_right[i]
        left_first += left * first_left[i]
        left_last += left * first_right[i]
        right += last_left[i]
        right_first += right * last_left[i]
        right_last += right * last_right[i]
    return not (
        whole_first > 0.0
        and whole_last > 0.0
        and left_first > 0.0
        and left_last > 0.0
        and right_first > 0.0
        and right_last > 0.0
    )


@disjoint
def turns_in_pairs(first_left, last_left, first_right, last_right, total):
    """`turns` for two subtrees of two points each: writes the sum of all to `total`."""
    whole_first, whole_last, left_first, left_last, right_first, right_last = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    for i in range(total.shape[0]):
        a, b, c, d = first_left[i], last_left[i], first_right[i], last_right[i]
        left, right = a + b, c + d
        whole = left + right
        total[i] = whole
        whole_first += whole * a
        whole_last += whole * d
        left += c
        left_first += left * a
        left_last += left * c
        right += b
        right_first += right * b
        right_last += right * d
    return not (
        whole_first > 0.0
        and whole_last > 0.0
        and left_first > 0.0
        and left_last > 0.0
        and right_first > 0.0
        and right_last > 0.0
    )


@disjoint
def copy(source, target):
    for i in range(source.shape[0]):
        target[i] = source[i]
