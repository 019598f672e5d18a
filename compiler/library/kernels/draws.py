"""What draws of several distributions share."""

from __future__ import annotations

LARGEST_MEAN = 2.0**30
NO_OUTCOME = -(2**62)  # of an integer draw that is not possible


def draw_poisson(rng, mean):
    """A Poisson draw, for means that may be random themselves.

    NO_OUTCOME where the mean is nan, negative or too large for an integer, as in Stan.
    """
    return rng.poisson(mean) if 0 <= mean < LARGEST_MEAN else NO_OUTCOME


def category_of(latent, cuts):
    """The interval between the cut points in which a latent variable lies, from 1."""
    category = 1
    for cut in cuts:
        if latent > cut:
            category += 1
    return category
