"""One transition of the No-U-Turn Sampler: multinomial sampling from a trajectory doubled until it turns back.

Hoffman and Gelman (2014) as generalised by Betancourt (2017, appendix A), with the additional U-turn checks
between neighbouring subtrees that Stan makes since 2.21. Instead of recursing, a subtree's leaves are visited
in order and neighbours of equal size are merged as in a binary counter, so the pending subtrees form a stack.

A subtree is known by its first and last momentum and the sum of all. The first momentum of the stack's entry `s`
stays in row `s` of `momentum` from the leaf's integration until the end; last momenta are found through `slot`.
No vector is copied while a subtree grows except a proposal that is accepted.
"""

import math

import numpy as np
from pplc.runtime.compiled import compiled
from pplc.runtime.dynamics.hamiltonian import draw_momentum, leapfrog
from pplc.runtime.dynamics.state import BACKWARD, CURRENT, FORWARD, PROPOSAL
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
    now, tree = chain.scalars[0], chain.trajectory
    edges = max_depth + 2  # slot[edges] and slot[edges + 1]: rows of the momenta at the two ends
    for s in range(tree.slot.shape[0]):
        tree.slot[s] = max_depth + 1 + s
    backward, forward = tree.momentum[tree.slot[edges + BACKWARD]], tree.momentum[tree.slot[edges + FORWARD]]
    trajectory_total = tree.total[max_depth + 1]

    kinetic = draw_momentum(chain.random, forward)
    copy(forward, backward)
    copy(forward, trajectory_total)
    for edge in (BACKWARD, FORWARD):
        copy(tree.position[CURRENT], tree.position[edge])
        copy(tree.gradient[CURRENT], tree.gradient[edge])

    initial_energy = kinetic - now.log_density
    energy, log_density = initial_energy, now.log_density
    log_weight = 0.0  # of the whole trajectory, relative to the initial point
    steps, acceptance, symmetric = 0, 0.0, 0.0
    extent_backward, extent_forward, index = 0, 0, 0
    depth, outcome = 0, COMPLETE
    while depth < max_depth:
        direction = FORWARD if next_word(chain.random) >> np.uint64(63) else BACKWARD
        (outcome, taken, accepted, accepted_symmetric, subtree_weight, proposed_log_density, proposed_energy, leaf) = (
            grow(density, chain, direction, step_size, depth, max_depth, initial_energy, max_energy_error, stop)
        )
        steps += taken
        acceptance += accepted
        symmetric += accepted_symmetric
        if outcome != COMPLETE:
            break

        # Biased progressive sampling: the new half is preferred, so that the draw moves far.
        difference = subtree_weight - log_weight
        if difference >= 0.0 or uniform(chain.random) < math.exp(difference):
            copy(tree.position[PROPOSAL], tree.position[CURRENT])
            copy(tree.gradient[PROPOSAL], tree.gradient[CURRENT])
            log_density, energy = proposed_log_density, proposed_energy
            index = extent_forward + 1 + leaf if direction == FORWARD else -(extent_backward + 1 + leaf)
        log_weight = log_sum_exp(log_weight, subtree_weight)
        if direction == FORWARD:
            extent_forward += 1 << depth
        else:
            extent_backward += 1 << depth

        near, far = edges + direction, edges + 1 - direction
        last = tree.slot[0] if depth > 0 else 0
        if turns(
            tree.momentum[tree.slot[far]],
            tree.momentum[tree.slot[near]],
            trajectory_total,
            tree.momentum[0],
            tree.momentum[last],
            tree.total[0] if depth > 0 else tree.momentum[0],
        ):
            outcome = TURNED
        if depth > 0:
            tree.slot[0], tree.slot[near] = tree.slot[near], tree.slot[0]
        else:
            copy(tree.momentum[0], tree.momentum[tree.slot[near]])
        depth += 1
        if outcome == TURNED:
            break

    now.log_density = log_density
    now.gradients += steps
    mean = 1.0 / max(steps, 1)
    return outcome, depth, steps, acceptance * mean, symmetric * mean, energy, index


@compiled
def grow(density, chain, direction, step_size, depth, max_depth, initial_energy, max_energy_error, stop):
    """Integrate 2**depth steps onward from one edge of the trajectory and choose a proposal among them.

    Returns (outcome, steps taken, sum of acceptance probabilities, sum of their symmetric form, log weight of
    the subtree, log density, energy and leaf of the proposal); the last four only if complete.

    A complete subtree starts at momentum row 0, ends at row slot[0] (row 0 if depth is 0) and has its sum in row 0
    of `total`.
    """
    tree = chain.trajectory
    position, gradient = tree.position[direction], tree.gradient[direction]
    time_step = step_size if direction == FORWARD else -step_size
    spare = max_depth + 1  # slot[spare]: a momentum row that nothing uses
    previous = tree.slot[max_depth + 2 + direction]
    pending = 0  # subtrees on the stack
    previous_squared = 0.0
    # The sum of the leaves' weights exp(-energy), relative to exp(-reference); no logarithm per leaf is needed.
    total_weight, reference = 0.0, 0.0
    acceptance, symmetric = 0.0, 0.0
    chosen_log_density, chosen_energy, chosen = math.nan, math.nan, 0

    for leaf in range(1 << depth):
        if stop[0] != 0:
            return STOPPED, leaf, acceptance, symmetric, -math.inf, math.nan, math.nan, 0
        opens = leaf & 1 == 0
        row = pending if opens else tree.slot[spare]
        log_density, kinetic = leapfrog(
            density, position, gradient, tree.momentum[previous], tree.momentum[row], time_step, chain.metric
        )
        previous = row
        weight = initial_energy - (kinetic - log_density)
        if not (-max_energy_error < weight < math.inf):  # so nan diverges too
            note_refusal(chain, position, log_density)
            return DIVERGED, leaf + 1, acceptance, symmetric, -math.inf, math.nan, math.nan, 0

        shrunk = math.exp(-abs(weight))
        acceptance += 1.0 if weight >= 0.0 else shrunk
        symmetric += 2.0 * shrunk / (1.0 + shrunk)
        if weight - reference > 300.0:  # a far better region than the start: keep the sum within range
            total_weight *= math.exp(reference - weight)
            reference = weight
        relative = shrunk if reference == 0.0 and weight <= 0.0 else math.exp(weight - reference)
        total_weight += relative
        if uniform(chain.random) * total_weight < relative:
            copy(position, tree.position[PROPOSAL])
            copy(gradient, tree.gradient[PROPOSAL])
            chosen_log_density, chosen_energy, chosen = log_density, kinetic - log_density, leaf

        if opens:
            pending += 1
        else:
            top = pending - 1
            if turns_between(tree.momentum[top], tree.momentum[row], previous_squared, 2.0 * kinetic, tree.total[top]):
                return TURNED, leaf + 1, acceptance, symmetric, -math.inf, math.nan, math.nan, 0
            rest = leaf >> 1
            while rest & 1:
                if turns(
                    tree.momentum[top - 1],
                    tree.momentum[tree.slot[top - 1]],
                    tree.total[top - 1],
                    tree.momentum[top],
                    tree.momentum[row],
                    tree.total[top],
                ):
                    return TURNED, leaf + 1, acceptance, symmetric, -math.inf, math.nan, math.nan, 0
                top -= 1
                rest >>= 1
            pending = top + 1
            tree.slot[top], tree.slot[spare] = row, tree.slot[top]
        previous_squared = 2.0 * kinetic

    log_weight = reference + math.log(total_weight)
    return COMPLETE, 1 << depth, acceptance, symmetric, log_weight, chosen_log_density, chosen_energy, chosen


@compiled
def note_refusal(chain, position, log_density):
    """Keep the position if the log density is not finite there."""
    if not (-math.inf < log_density < math.inf):
        now = chain.scalars[0]
        copy(position, chain.refused[now.refused % chain.refused.shape[0]])
        now.refused += 1


@compiled
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


@compiled
def turns_between(first, last, first_squared, last_squared, total):
    """`turns` for two single points, whose squared lengths are known: writes their sum to `total`."""
    product = 0.0
    for i in range(total.shape[0]):
        product += first[i] * last[i]
        total[i] = first[i] + last[i]
    return not (first_squared + product > 0.0 and last_squared + product > 0.0)


@compiled
def copy(source, target):
    for i in range(source.shape[0]):
        target[i] = source[i]


@compiled
def log_sum_exp(a, b):
    """log(exp(a) + exp(b)); either may be -inf, not both."""
    high, low = max(a, b), min(a, b)
    return high + math.log1p(math.exp(low - high))
