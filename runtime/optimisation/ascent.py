"""Climbing to a mode by L-BFGS (Nocedal 1980), its line search by Lewis and Overton (2013).

A step is accepted when the log density rises enough and the slope along it falls enough (weak Wolfe conditions), found
by halving and doubling. That needs no finite values beyond the start: a point outside the support is a step too long.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from pplc.runtime.chains import Progress, Stop
from pplc.runtime.contract import Array, LogDensity

RISE, SLOPE = 1e-4, 0.9  # the line search's usual constants
LONGEST_SEARCH = 60  # halvings: from there on the steps are below rounding
MEMORY = 5  # pairs of steps and changes of gradient, as in Stan


class Point(NamedTuple):
    position: Array
    log_density: float
    gradient: Array


@dataclass
class Ascent:
    """One climb, as `run_chains` wants it; one that has arrived counts as done.

    It has arrived when another step promises to raise the log density by less than `tolerance`, or when rounding lets
    no step raise it.
    """

    index: int
    density: LogDensity
    points: list[Point]  # the start and the end of every step
    total: int  # steps at most
    tolerance: float
    arrived: bool = False
    evaluations: int = 0
    _pairs: deque[tuple[Array, Array]] = field(default_factory=lambda: deque(maxlen=MEMORY))

    def advance(self, until: int, stop: Stop) -> int:
        while not self.arrived and len(self.points) <= until and stop[0] == 0:
            self._step()
        return self.progress().done

    def progress(self) -> Progress:
        done = self.total if self.arrived else len(self.points) - 1
        return Progress(self.index, done, self.total, 0, 0, math.nan, self.evaluations)

    def _step(self) -> None:
        here = self.points[-1]
        direction = self._direction(here.gradient)
        slope = float(direction @ here.gradient)
        if not slope > 0.0 and self._pairs:  # the memory is spoilt by rounding
            self._pairs.clear()
            direction, slope = here.gradient, float(here.gradient @ here.gradient)
        if not slope > self.tolerance:
            self.arrived = True
            return
        # Nothing is known about scales at first: a step of length 1 at most.
        length = 1.0 if self._pairs else min(1.0, 1.0 / math.sqrt(slope))
        end = self._search(here, direction, slope, length)
        if end is None:
            self.arrived = not self._pairs  # uphill itself leads nowhere: rounding hides what is left to gain
            self._pairs.clear()
            return
        step, change = end.position - here.position, here.gradient - end.gradient
        if step @ change > 1e-12 * (change @ change):
            self._pairs.append((step, change))
        self.points.append(end)

    def _direction(self, gradient: Array) -> Array:
        """The approximate inverse of the negative Hessian times `gradient` (the two-loop recursion)."""
        direction, weights = gradient.copy(), []
        for step, change in reversed(self._pairs):
            weights.append(step @ direction / (step @ change))
            direction -= weights[-1] * change
        if self._pairs:
            step, change = self._pairs[-1]
            direction *= step @ change / (change @ change)
        for (step, change), weight in zip(self._pairs, reversed(weights), strict=True):
            direction += (weight - change @ direction / (step @ change)) * step
        return direction

    def _search(self, here: Point, direction: Array, slope: float, length: float) -> Point | None:
        """A point that meets both conditions, or the best rise if none is found in time, or None without any."""
        short, long = 0.0, math.inf
        best: Point | None = None
        for _ in range(LONGEST_SEARCH):
            position = here.position + length * direction
            value, gradient = self.density(position)
            self.evaluations += 1
            finite = math.isfinite(value) and np.isfinite(gradient).all()
            if not (finite and value > here.log_density + RISE * length * slope):
                long = length
            else:
                if best is None or value > best.log_density:
                    best = Point(position, value, gradient)
                if gradient @ direction <= SLOPE * slope:
                    return Point(position, value, gradient)
                short = length
            length = 0.5 * (short + long) if math.isfinite(long) else 2.0 * length
            if math.isfinite(long) and long - short < 1e-16 * long:
                break
        return best
