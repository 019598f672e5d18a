"""Small log densities shaped like what lowering makes, each with its data: `CASES` by name."""

from . import models, shapes  # noqa: F401  (they add theirs)
from .cases import CASES, Case, Data, position

__all__ = ["CASES", "Case", "Data", "position"]
