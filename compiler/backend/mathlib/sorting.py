"""The order of numbers, by merging sorted runs; equal numbers stay as they stand, nan comes last."""

# ruff: noqa: F821
from ..language import exact


@exact
def comes_before(a: float, b: float) -> bool:
    """Whether a has to stand before b."""
    return a < b or (b != b and a == a)


@exact
def order_of(x: floats, out: ints, work: ints, n: int) -> None:
    """Where the first, second, ... of n numbers stand: runs of eight by insertion, then merged two by two."""
    for run in range((n + 7) // 8):
        first = 8 * run
        for i in range(first, first + 8 if first + 8 < n else n):
            place = i
            while place > first:
                other = out[place - 1]
                if not comes_before(x[i], x[other]):
                    break
                out[place] = other
                place = place - 1
            out[place] = i
    width = 8
    while width < n:
        start = 0
        while start < n:
            middle = start + width if start + width < n else n
            last = start + 2 * width if start + 2 * width < n else n
            left = start
            right = middle
            for k in range(start, last):
                from_left = 0
                if left < middle:
                    if right == last:
                        from_left = 1
                    else:
                        from_left = 0 if comes_before(x[out[right]], x[out[left]]) else 1
                if from_left == 1:
                    work[k] = out[left]
                    left = left + 1
                else:
                    work[k] = out[right]
                    right = right + 1
            start = start + 2 * width
        for k in range(n):
            out[k] = work[k]
        width = 2 * width
