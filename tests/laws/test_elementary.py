"""Elementary functions and their derivatives, compiled, are as exact as `benchmarks.exact_functions` says."""

from __future__ import annotations

import pytest

from benchmarks.elementary import errors
from benchmarks.exact_functions import ENTRIES, Entry

POINTS = 60


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: f"{entry.name} {entry.domain}")
def test_values_and_derivatives_are_exact(entry: Entry) -> None:
    (error, at), (slope_error, slope_at) = errors(entry, POINTS)
    assert not error > entry.error, f"{error} ulp at {at}"
    assert not slope_error > entry.slope_error, f"the derivative is {slope_error} ulp off at {slope_at}"
