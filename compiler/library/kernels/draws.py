"""Draws of counts whose mean is itself random, where it may exceed what an integer can hold."""

from __future__ import annotations

LARGEST_MEAN = 2.0**30
NO_OUTCOME = -(2**62)  # of an integer draw that is not possible


def draw_poisson(rng, mean):
    """A poisson draw; NO_OUTCOME where the mean is nan, negative or too large for an integer, as in Stan."""
    return rng.poisson(mean) if 0 <= mean < LARGEST_MEAN else NO_OUTCOME
