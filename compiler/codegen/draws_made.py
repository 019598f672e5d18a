"""The results of a block that ran once per draw."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pplc.grammar.diagnostics import Diagnostic

from .values import Nested

type Emit = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Draws:
    """Outputs stacked over draws, and what went wrong in those draws that failed (their values are nan)."""

    values: tuple[Nested[NDArray[Any]], ...]
    failed: NDArray[np.bool_]
    first_failure: Diagnostic | None
