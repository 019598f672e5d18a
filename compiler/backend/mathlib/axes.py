"""Running values along an axis, and where its largest element is: arrays are taken as (outer, n, inner)."""

# ruff: noqa: F821
from ..language import fast


@fast
def cumulative_sum(x: floats, out: floats, outer: int, n: int, inner: int) -> None:
    """Running sums along the middle axis of (outer, n, inner)."""
    for i in range(outer):
        for c in range(inner):
            total = 0.0
            for k in range(n):
                total = total + x[(i * n + k) * inner + c]
                out[(i * n + k) * inner + c] = total


@fast
def cumulative_product(x: floats, out: floats, outer: int, n: int, inner: int) -> None:
    """Running products along the middle axis of (outer, n, inner)."""
    for i in range(outer):
        for c in range(inner):
            total = 1.0
            for k in range(n):
                total = total * x[(i * n + k) * inner + c]
                out[(i * n + k) * inner + c] = total


@fast
def cumulative_sum_of_ints(x: ints, out: ints, outer: int, n: int, inner: int) -> None:
    """Running sums along the middle axis of (outer, n, inner)."""
    for i in range(outer):
        for c in range(inner):
            total = 0
            for k in range(n):
                total = total + x[(i * n + k) * inner + c]
                out[(i * n + k) * inner + c] = total


@fast
def index_of_maximum(x: floats, out: ints, outer: int, n: int, inner: int) -> None:
    """Where the largest element along the middle axis of (outer, n, inner) stands first."""
    for i in range(outer):
        for c in range(inner):
            best = 0
            for k in range(1, n):
                if x[(i * n + k) * inner + c] > x[(i * n + best) * inner + c]:
                    best = k
            out[i * inner + c] = best


@fast
def index_of_maximum_of_ints(x: ints, out: ints, outer: int, n: int, inner: int) -> None:
    """Where the largest element along the middle axis of (outer, n, inner) stands first."""
    for i in range(outer):
        for c in range(inner):
            best = 0
            for k in range(1, n):
                if x[(i * n + k) * inner + c] > x[(i * n + best) * inner + c]:
                    best = k
            out[i * inner + c] = best
