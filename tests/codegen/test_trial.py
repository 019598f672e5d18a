"""What a pass keeps is counted without computing values."""

from __future__ import annotations

import numpy as np
import pytest
from pplc.compiler.codegen import trial

PASS = """
def total(x):
    result = 0.0
    for k in range(x.size):
        result += x[k]
    return result

def loop(_messages, n, x, counts):
    top = 0
    copied = np.zeros(n, np.int64)
    sums = np.zeros(3)
    for i in range(n):
        sums[i % 3] = costly(x)
        copied[i] = counts[i]
    for i in range(n):
        if copied[i] > 2:
            top += sums.size
        else:
            y = costly(sums)
        for _ in range(copied[i]):
            top += 1
    if sums.size != 3:
        raise ValueError
    kept = np.zeros(top)
    return top, kept.shape
"""


def test_values_are_not_computed() -> None:
    """`costly` exists nowhere; elements that decide how often a loop goes round do count."""
    counts = np.array([1, 4, 0, 3])
    assert trial.outcome(PASS, [4, np.ones(5), counts]) == (8 + 2 * 3, (14,))


def test_what_raises_has_no_outcome() -> None:
    assert trial.outcome(PASS, [5, np.ones(5), np.array([1, 4, 0, 3])]) is None


def test_what_takes_long_has_no_outcome() -> None:
    assert trial.outcome(PASS, [1, np.ones(5), np.array([trial.MOST_TRIPS])]) is None


def test_functions_are_run_where_they_decide() -> None:
    text = PASS.replace("loop(_messages, n, x, counts):", "loop(_messages, n, x, counts):\n    n = int(total(counts))")
    text = text.replace("copied[i] = counts[i]", "")
    assert trial.outcome(text, [0, np.ones(5), np.array([1.0, 3.0])]) == (0, (0,))


@pytest.mark.parametrize("check", ["if n > 3:", "if total(x) > 3:"])
def test_checks_of_what_decides_are_made(check: str) -> None:
    """Others, of what is not computed, are not: the pass itself will make them."""
    text = PASS.replace("if sums.size != 3:", check)
    made = check == "if n > 3:"
    assert (trial.outcome(text, [4, np.ones(5), np.array([1, 4, 0, 3])]) is None) == made
