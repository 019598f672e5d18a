"""The compiled transition does, step for step, what a plain reading of the algorithm does."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hand_written import correlated_normal, funnel
from pplc.runtime.dynamics.state import CURRENT, new_chain
from pplc.runtime.dynamics.trajectory import COMPLETE, DIVERGED, TURNED
from pplc.runtime.kernels.kernel import Kernel
from pplc.runtime.streams import OTHER, new_stream

MAX_DEPTH = 7
WORD = 2**64 - 1
MOMENTUM = Kernel("runtime_kernels", "momentum_of_next", lambda: (new_stream(0), np.zeros(1)))
TRANSITION = Kernel(
    "runtime_kernels",
    "one_transition",
    lambda: (0, new_chain(1, 0, 0, 1, dense=False), 0.1, 1, np.zeros(1, np.int64), np.zeros(7)),
)


class Random:
    """xoshiro256++ on Python's integers."""

    def __init__(self, stream):
        self.state = [int(word) for word in stream[OTHER, :4]]

    def word(self):
        def rotate(x, bits):
            return ((x << bits) | (x >> (64 - bits))) & WORD

        a, b, c, d = self.state
        result = (rotate((a + d) & WORD, 23) + a) & WORD
        c, d = c ^ a, d ^ b
        self.state = [a ^ d, b ^ c, c ^ (b << 17) & WORD, rotate(d, 45)]
        return result

    def uniform(self):
        return (self.word() >> 11) * 2.0**-53


def turned(momenta):
    """Is this run of neighbouring points, whose length is a power of two, folded back on itself somewhere?"""
    if len(momenta) == 1:
        return False
    half = len(momenta) // 2
    left, right = momenta[:half], momenta[half:]
    spans = (momenta, [*left, right[0]], [left[-1], *right])
    return (
        turned(left)
        or turned(right)
        or any(np.dot(sum(span), end) <= 0 for span in spans for end in (span[0], span[-1]))
    )


def plain_transition(density, random, position, momentum, step_size):
    """Lists of points, every check made from the definition; returns what the compiled one reports and the draw."""
    value, gradient = density(position)
    points = {0: (position, momentum, gradient, value)}
    weight = {0: 0.0}
    initial = 0.5 * momentum @ momentum - value
    chosen, trajectory_weight, steps, acceptance = 0, 1.0, 0, 0.0
    for depth in range(MAX_DEPTH):
        forward = random.word() >> 63 == 1
        edge = max(points) if forward else min(points)
        sign = 1 if forward else -1
        new, proposal, total = [], None, 0.0
        for leaf in range(2**depth):
            q, p, g, _ = points[edge + sign * leaf]
            p = p + 0.5 * sign * step_size * g
            q = q + sign * step_size * p
            value, g = density(q)
            p = p + 0.5 * sign * step_size * g
            index = edge + sign * (leaf + 1)
            points[index] = (q, p, g, value)
            gain = initial - (0.5 * p @ p - value)
            steps += 1
            if not -1000 < gain < math.inf:
                return DIVERGED, depth, steps, acceptance / steps, points[chosen][0], chosen
            acceptance += min(1.0, math.exp(gain))
            weight[index] = gain
            new.append(index)
            total += math.exp(gain)
            if random.uniform() * total < math.exp(gain):
                proposal = index
            finished = [2**k for k in range(1, depth + 1) if (leaf + 1) % 2**k == 0]
            if any(turned([points[i][1] for i in new[-size:]]) for size in finished):
                return TURNED, depth, steps, acceptance / steps, points[chosen][0], chosen
        if random.uniform() * trajectory_weight < total:
            chosen = proposal
        trajectory_weight += total
        old = [i for i in points if i not in new]
        ordered = [*sorted(old, key=lambda i: sign * i), *new]
        if turned([points[i][1] for i in ordered]):
            return TURNED, depth + 1, steps, acceptance / steps, points[chosen][0], chosen
    return COMPLETE, MAX_DEPTH, steps, acceptance / steps, points[chosen][0], chosen


@pytest.mark.parametrize(
    ("density", "step_size"),
    [
        (correlated_normal(np.array([[1.0, 0.9, 0.0], [0.9, 1.0, 0.0], [0.0, 0.0, 9.0]])), 0.3),
        (correlated_normal(np.diag([1.0, 100.0])), 0.15),
        (correlated_normal(np.diag(np.linspace(0.5, 9.0, 11))), 0.2),
        (correlated_normal(np.diag(np.linspace(1.0, 25.0, 16))), 0.1),
        (correlated_normal(np.diag(np.linspace(0.5, 9.0, 75))), 0.2),
        (funnel(4), 0.3),
    ],
    ids=["correlated", "long trajectories", "several lines", "whole lines", "odd number of lines", "funnel"],
)
def test_transition(density, step_size):
    density = density.log_density
    chain = new_chain(density.size, seed=11, chain=0, max_depth=MAX_DEPTH, dense=False)
    tree = chain.trajectory
    position = np.full(density.size, 0.5)
    seen = set()
    for _ in range(150):
        value, gradient = density(position)
        current = tree.place[CURRENT]
        tree.position[current, : density.size], tree.gradient[current, : density.size] = position, gradient
        chain.scalars["log_density"] = value
        momentum, state = np.empty(density.size), chain.random.copy()
        MOMENTUM(state, momentum)
        expected = plain_transition(density, Random(state), position, momentum, step_size)
        outcome = np.empty(7)
        TRANSITION(density.address, chain, step_size, MAX_DEPTH, np.zeros(1, np.int64), outcome)
        assert tuple(outcome[:3]) == expected[:3]
        assert outcome[3] == pytest.approx(expected[3], rel=1e-9)
        assert outcome[6] == expected[5]
        current = tree.place[CURRENT]
        position = tree.position[current, : density.size].copy()
        np.testing.assert_allclose(position, expected[4], rtol=1e-7, atol=1e-9)
        assert chain.scalars["log_density"][0] == pytest.approx(density(position)[0], rel=1e-12)
        np.testing.assert_array_equal(tree.gradient[current, : density.size], density(position)[1])
        seen.add(int(outcome[0]))
    assert TURNED in seen
