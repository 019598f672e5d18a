"""What a program of these folders is: a text, and data for it that a generator of random numbers makes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

type Make = Callable[[np.random.Generator], dict[str, Any]]

PROGRAMS: dict[str, tuple[str, Make]] = {}


def program(name: str, text: str) -> Callable[[Make], Make]:
    """Adds a program under a name; it decorates the function that makes its data."""

    def add(make: Make) -> Make:
        PROGRAMS[name] = text, make
        return make

    return add
