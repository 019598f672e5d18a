"""Random log densities: a graph is built from a recipe, a list of steps each with a seed of its own choices.

A recipe is plain data, so a failing one can be shortened step by step and kept.
"""

from __future__ import annotations

import random

import numpy as np
import pytensor.tensor as pt
from pytensor.graph.basic import Variable

from .corpus import Case
from .random_pool import Pool, Refused
from .random_steps import STEPS

type Recipe = tuple[int, tuple[tuple[str, int], ...]]


def recipe(seed: int, longest: int = 14) -> Recipe:
    """A random recipe."""
    rng = random.Random(seed)
    names = list(STEPS)
    return seed, tuple((rng.choice(names), rng.randrange(10**6)) for _ in range(rng.randint(2, longest)))


def build(what: Recipe) -> tuple[Case, np.ndarray, dict[Variable, np.ndarray]]:
    """The density of a recipe, a point, and the values of all expressions there. Steps that do not fit are left out."""
    seed, steps = what
    pool = Pool(seed)
    for name, choices in steps:
        pool.rng.seed(choices)
        pool.numbers = np.random.default_rng(choices)
        try:
            pool.add(STEPS[name](pool))
        except Refused:
            continue
    pool.rng.seed(seed)
    pool.numbers = np.random.default_rng(seed)
    roots = [pool.floats[-1], *(pool.some() for _ in range(pool.rng.randint(0, 3)))]
    total = -0.1 * pt.sum(pool.position**2) if pool.rng.random() < 0.7 else pt.as_tensor(0.0)
    for x in roots:
        match pool.rng.randrange(4):
            case 0:
                total = total + pt.sum(x)
            case 1:
                total = total + pt.sum(pt.tanh(x))
            case 2:
                total = total + pt.sum(x * pool.normal(x.type.shape))
            case _:
                total = total + pt.sum(pt.switch(pt.gt(x, -1e6), -0.5 * pt.sqr(x - 0.3), -np.inf))
    return (pool.position, total, pool.data), pool.point, pool.values
