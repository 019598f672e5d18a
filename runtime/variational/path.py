"""The best normal approximation along the climb to a mode (Zhang, Carpenter, Gelman and Vehtari 2022)."""

from __future__ import annotations

import numpy as np
from pplc.runtime.contract import Array, LogDensity
from pplc.runtime.optimisation.ascent import MEMORY, Ascent
from pplc.runtime.variational.curvature import Normal, approximate, next_diagonal


def best_normal(density: LogDensity, ascent: Ascent, count: int, random: np.random.Generator) -> tuple[Normal, float]:
    """The approximation along a path with the largest evidence lower bound, and that bound."""
    start = ascent.points[0]
    alpha = np.ones(density.size)
    # Where no curvature was seen yet: as wide as the scale on which the gradient acts.
    best = Normal(start.position, alpha, np.empty((density.size, 0)), np.empty((0, 0)))
    highest = -np.inf
    steps: list[Array] = []
    changes: list[Array] = []
    for before, here in zip(ascent.points, ascent.points[1:], strict=False):
        step, change = here.position - before.position, before.gradient - here.gradient
        if step @ change > 1e-12 * (change @ change) > 0.0:
            alpha = next_diagonal(alpha, step, change)
            steps, changes = [*steps, step][-MEMORY:], [*changes, change][-MEMORY:]
        pairs = (np.stack(steps, axis=1), np.stack(changes, axis=1)) if steps else (np.empty((density.size, 0)),) * 2
        normal = approximate(here.position, here.gradient, alpha, *pairs)
        if normal is None:
            continue
        positions, log_q = normal.draw(count, random)
        gains = log_densities(density, positions) - log_q
        bound = float(gains.mean()) if np.isfinite(gains).all() else -np.inf
        if bound > highest:
            best, highest = normal, bound
    return best, highest


def log_densities(density: LogDensity, positions: Array) -> Array:
    """At all positions; -inf outside the support."""
    values = np.array([density(position)[0] for position in positions])
    return np.where(np.isnan(values), -np.inf, values)
