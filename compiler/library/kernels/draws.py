"""Draws of counts whose mean is itself random, where it may exceed what an integer can hold."""

from __future__ import annotations

LARGEST_MEAN = 2.0**62


def draw_poisson(rng, mean):
    """A poisson draw. Raises ValueError where the mean is nan, negative or too large for an integer."""
    if not 0 <= mean < LARGEST_MEAN:
        raise ValueError("the mean of a poisson draw must be nonnegative and below 2^62")
    return rng.poisson(mean)
