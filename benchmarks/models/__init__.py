"""Programs of the kinds that users write and posteriordb lacks, with data: one file for each kind."""

from benchmarks.models import factors, hierarchical, regression, space, time_series  # noqa: F401  (they add theirs)
from benchmarks.models.programs import PROGRAMS

__all__ = ["PROGRAMS"]
