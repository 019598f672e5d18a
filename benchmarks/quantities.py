"""Parameters, transformed parameters and generated quantities at a point, beside Stan's.

stanli has no function for them, but a chain that begins at the point and may hardly move (one draw, a step size of
1e-300) returns them. What depends on random numbers is recognised by its values under several seeds, ours and stanli's.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import stanli

import pplc

SEEDS = range(1, 5)


@dataclass(frozen=True)
class Disagreement:
    """The largest error of an element, relative to its size or to 1; its variable; the number compared."""

    error: float
    variable: str
    compared: int


def disagreement(model: pplc.Model, peer: stanli.Model, position: np.ndarray) -> Disagreement:
    """The worst of all variables that no random number decides; nan and infinities have to be where Stan's are."""
    ours = [model.constrain(position, generated=True, seed=seed) for seed in SEEDS]
    theirs = [_stan_values(peer, position, seed) for seed in SEEDS]
    worst = Disagreement(0.0, "", 0)
    for name in theirs[0].keys() & ours[0].keys():
        if _varies([values[name] for values in ours]) or _varies([values[name] for values in theirs]):
            continue
        error = _error(np.asarray(ours[0][name]), theirs[0][name])
        larger = error > worst.error
        worst = Disagreement(error if larger else worst.error, name if larger else worst.variable, worst.compared + 1)
    return worst


def _stan_values(peer: stanli.Model, position: np.ndarray, seed: int) -> dict[str, np.ndarray]:
    fit = peer.sample(
        chains=1, warmup=0, samples=1, seed=seed, inits=position, step_size=1e-300, adapt_engaged=False, max_depth=1,
        refresh=0,
    )  # fmt: skip
    return {name: fit.draws(name)[0, 0] for name in fit.variables}


def _varies(values: list[np.ndarray]) -> bool:
    return any(not np.array_equal(values[0], other, equal_nan=True) for other in values[1:])


def _error(ours: np.ndarray, theirs: np.ndarray) -> float:
    if ours.shape != theirs.shape:
        return np.inf
    same = (ours == theirs) | (np.isnan(ours) & np.isnan(theirs))
    with np.errstate(invalid="ignore"):
        errors = np.where(same, 0.0, np.abs(ours - theirs) / np.maximum(1.0, np.abs(theirs)))
    return float(np.nan_to_num(errors, nan=np.inf).max(initial=0.0))
