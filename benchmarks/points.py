"""Unconstrained points at which a program's density and gradient by stanli are worth comparing with."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice, product, takewhile

import numpy as np
import stanli

type Point = np.ndarray
type Points = Iterable[Point]
type Random = np.random.Generator

FAR = 4.0  # where to look for points when there are none near zero
STEPS = (1e-2, 1e-3, 1e-4)  # of differences: the best one counts
AGREEMENT = 1e-9  # of a derivative with them, relative to the gradient


def usable(peer: stanli.Model, size: int, random: Random, radius: float, count: int) -> list[Point]:
    """Random points at which Stan's density is finite, closer to zero where it is not; failing that, the most
    plausible ones of a wider search."""
    near = (random.uniform(-radius, radius, size) * 0.95**attempt for attempt in range(100))
    found = [point for _, point in islice(_finite(peer, near), count)]
    if len(found) < count:
        found = _most_plausible(_finite(peer, _anywhere(size, random)), count)
    if len(found) < count:
        raise RuntimeError("the density is not finite anywhere near zero")
    return found


def consistent(peer: stanli.Model, size: int, random: Random, radius: float, count: int) -> list[Point]:
    """Points at which Stan's gradient is that of its density: near zero but for one coordinate, which is far away."""
    found: list[tuple[float, Point]] = []
    for place, far in product(range(size), (FAR, -FAR)):
        moved = (_with(random.uniform(-radius, radius, size), place, far) for _ in range(count))
        found += takewhile(lambda pair: has_its_gradient(peer, pair[1], random), _finite(peer, moved))
    return _most_plausible(found, count)


def has_its_gradient(peer: stanli.Model, point: Point, random: Random) -> bool:
    """Whether Stan's gradient agrees with differences of Stan's density, along itself and along random directions."""
    _, gradient = peer.log_prob_grad(point)
    length = np.linalg.norm(gradient)
    directions = [gradient / max(length, 1e-300)]
    directions += [random.choice([-1.0, 1.0], point.size) / np.sqrt(point.size) for _ in range(3)]

    def error(along: Point) -> float:
        slopes = (_slope(lambda q: peer.log_prob_grad(q)[0], point, along, step) for step in STEPS)
        return min(abs(slope - along @ gradient) for slope in slopes)

    try:
        return all(error(along) <= AGREEMENT * length for along in directions)
    except RuntimeError:  # outside the domain of a function
        return False


def _slope(density: Callable[[Point], float], point: Point, along: Point, step: float) -> float:
    """The derivative of the density along a direction, by differences of fourth order."""
    near = density(point + step * along) - density(point - step * along)
    far = density(point + 2 * step * along) - density(point - 2 * step * along)
    return (8 * near - far) / (12 * step)


def _with(point: Point, place: int, value: float) -> Point:
    point[place] = value
    return point


def _anywhere(size: int, random: Random) -> Points:
    return (random.uniform(-FAR, FAR, size) for _ in range(400))


def _most_plausible(found: Iterable[tuple[float, Point]], count: int) -> list[Point]:
    return [point for _, point in sorted(found, key=lambda pair: -pair[0])[:count]]


def _finite(peer: stanli.Model, points: Points) -> Iterator[tuple[float, Point]]:
    """The density and the point, where the density and its gradient are finite."""
    for point in points:
        try:
            value, gradient = peer.log_prob_grad(point)
        except RuntimeError:  # outside the domain of a function
            continue
        if np.isfinite(value) and np.isfinite(gradient).all():
            yield float(value), point
