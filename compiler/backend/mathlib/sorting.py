"""The order of numbers; equal numbers stay as they stand, nan comes last.

Which of two numbers comes first cannot be foreseen, so that is computed, not branched on.
"""

# ruff: noqa: F821
from ..language import exact


@exact
def comes_before(a: float, b: float) -> int:
    """Whether a has to stand before b."""
    return 1 if a < b or (b != b and a == a) else 0


@exact
def order_of(x: floats, out: ints, work: ints, n: int) -> None:
    """Where the first, second, ... of n numbers stand: runs of eight by counting, then merged two by two."""
    for run in range((n + 7) // 8):
        first = 8 * run
        last = first + 8 if first + 8 < n else n
        for i in range(first, last):
            place = first
            for j in range(first, i):
                later = comes_before(x[i], x[j])
                work[j] = work[j] + later
                place = place + 1 - later
            work[i] = place
        for i in range(first, last):
            out[work[i]] = i
    width = 8
    while width < n:
        start = 0
        while start < n:
            middle = start + width if start + width < n else n
            last = start + 2 * width if start + 2 * width < n else n
            left = start
            right = middle
            k = start
            while left < middle and right < last:
                i = out[left]
                j = out[right]
                later = comes_before(x[j], x[i])
                work[k] = j if later == 1 else i
                right = right + later
                left = left + 1 - later
                k = k + 1
            for rest in range(middle - left):
                work[k + rest] = out[left + rest]
            k = k + middle - left
            for rest in range(last - right):
                work[k + rest] = out[right + rest]
            start = start + 2 * width
        for k in range(n):
            out[k] = work[k]
        width = 2 * width
