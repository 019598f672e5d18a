"""Compares a program's log density and gradient with Stan's own, through stanli."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Any

import numpy as np
import stanli

import pplc


def assert_agrees(
    text: str, data: Mapping[str, Any] | None = None, *, radius: float = 1.0, points: int = 3, tolerance: float = 1e-8
) -> None:
    """Gradients at random points, and differences of log density between them, agree."""
    data = dict(data or {})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = pplc.compile_model(text, data)
    peer = stanli.Model(stan_code=text, data=data)
    random = np.random.default_rng(20)
    where = [random.uniform(-radius, radius, model.n_unconstrained) for _ in range(points)]
    ours = [model.logp_dlogp(position) for position in where]
    theirs = [peer.log_prob_grad(position) for position in where]
    for (value, gradient), (other, expected) in zip(ours, theirs, strict=True):
        assert np.isfinite(value) == np.isfinite(other), (value, other)
        scale = max(1e-300, float(np.linalg.norm(expected)))
        assert np.linalg.norm(gradient - expected) <= tolerance * scale, (gradient, expected)
    for (value, _), (other, _) in zip(ours[1:], theirs[1:], strict=True):
        difference, wanted = value - ours[0][0], other - theirs[0][0]
        assert abs(difference - wanted) <= tolerance * max(1.0, abs(wanted)), (difference, wanted)
