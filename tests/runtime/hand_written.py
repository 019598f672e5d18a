"""Hand-written log densities, so that the samplers are tested without a compiler."""

from __future__ import annotations

from collections.abc import Callable

import numba
import numpy as np
from pplc.runtime.contract import LogDensity, Target, Variable

SIGNATURE = "float64(CPointer(float64), CPointer(float64))"


def target(function: Callable[..., float], size: int) -> Target:
    """`function(position, gradient)` on pointers, compiled by Numba, as a target whose one variable is `x`."""
    compiled = numba.cfunc(SIGNATURE)(function)
    return Target(
        LogDensity(compiled.address, size, compiled),
        (Variable("x", (size,)),),
        lambda positions: {"x": positions},
        lambda position: "the density is not finite",
    )


def independent_normal(scale: list[float], mean: float = 0.0) -> Target:
    deviations = np.array(scale)
    size = len(scale)

    def function(position, gradient):
        total = 0.0
        for i in range(size):
            z = (position[i] - mean) / deviations[i]
            gradient[i] = -z / deviations[i]
            total -= 0.5 * z * z
        return total

    return target(function, size)


def correlated_normal(covariance: np.ndarray) -> Target:
    precision = np.ascontiguousarray(np.linalg.inv(covariance))
    size = len(covariance)

    def function(position, gradient):
        total = 0.0
        for i in range(size):
            force = 0.0
            for j in range(size):
                force += precision[i, j] * position[j]
            gradient[i] = -force
            total -= 0.5 * force * position[i]
        return total

    return target(function, size)


def funnel(size: int) -> Target:
    """Neal's funnel, centred: v ~ normal(0, 3), the others normal(0, exp(v / 2))."""

    def function(position, gradient):
        v = position[0]
        total = -v * v / 18.0 - 0.5 * (size - 1) * v
        gradient[0] = -v / 9.0 - 0.5 * (size - 1)
        precision = np.exp(-v)
        for i in range(1, size):
            total -= 0.5 * precision * position[i] ** 2
            gradient[i] = -precision * position[i]
            gradient[0] += 0.5 * precision * position[i] ** 2
        return total

    return target(function, size)


def truncated_normal(bound: float) -> Target:
    """A standard normal that is nan above `bound`."""

    def function(position, gradient):
        gradient[0] = -position[0]
        return -0.5 * position[0] ** 2 if position[0] < bound else np.nan

    return target(function, 1)


def nothing_finite() -> Target:
    def function(position, gradient):
        gradient[0] = 0.0
        return -np.inf

    return target(function, 1)


def slow_normal(size: int, work: int) -> Target:
    """A standard normal that takes about `work` microseconds."""

    def function(position, gradient):
        total = 0.0
        for i in range(work * 100):
            total += np.sin(total + i)
        waste = 1e-300 * total
        total = 0.0
        for i in range(size):
            gradient[i] = -position[i]
            total -= 0.5 * position[i] ** 2
        return total + waste

    return target(function, size)
