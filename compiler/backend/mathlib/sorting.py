"""The order of numbers; equal numbers stay as they stand, nan comes last."""

# ruff: noqa: F821
from ..language import exact


@exact
def comes_before(a: float, b: float) -> bool:
    """Whether a has to stand before b."""
    return a < b or (b != b and a == a)


@exact
def order_of(x: floats, out: ints, work: ints, n: int) -> None:
    """Where the first, second, ... of n numbers stand: runs of eight by insertion, then merged two by two.

    Numbers that are sorted already, as they often are from one iteration to the next, are only looked at.
    """
    for run in range((n + 7) // 8):
        first = 8 * run
        for i in range(first, first + 8 if first + 8 < n else n):
            value = x[i]
            place = i
            while place > first:
                other = out[place - 1]
                if not comes_before(value, x[other]):
                    break
                out[place] = other
                place = place - 1
            out[place] = i
    width = 8
    while width < n:
        start = 0
        while start + width < n:
            middle = start + width
            last = start + 2 * width if start + 2 * width < n else n
            if comes_before(x[out[middle]], x[out[middle - 1]]):
                merge_orders(x, out, work, start, middle, last)
            start = start + 2 * width
        width = 2 * width


@exact
def merge_orders(x: floats, out: ints, work: ints, start: int, middle: int, last: int) -> None:
    """Merge the sorted stretches of `out` from start and from middle on."""
    for k in range(start, middle):
        work[k] = out[k]
    left = start
    right = middle
    k = start
    a = x[work[left]]
    b = x[out[right]]
    while left < middle:
        if right < last:
            if comes_before(b, a):
                out[k] = out[right]
                right = right + 1
                if right < last:
                    b = x[out[right]]
            else:
                out[k] = work[left]
                left = left + 1
                if left < middle:
                    a = x[work[left]]
        else:
            out[k] = work[left]
            left = left + 1
        k = k + 1
