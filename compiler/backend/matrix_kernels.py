"""Loops for products of matrices, written out for their sizes: blocks of the result stay in registers.

Both forms read along contiguous rows only. `products_of_rows` is for a long inner axis: each number of the result is
the product of two rows. `sums_of_rows` is for long rows of the result: each is a sum of rows of the second matrix.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil

from .mathlib import Helper, register

ROWS = 4  # of the left matrix that go together
COLUMNS = (5, 4, 3)  # with how many of the right one: their products fit in registers
LENGTH = 512  # of their rows that stay in the first level of the cache
TARGETS = (5, 4, 3)  # rows of the result that are added to together
TERMS = 4  # rows that are added to them at once
DEPTH = 64  # rows that stay in the second level of the cache while all rows of the result pass by
STRIP = 320  # columns of them that stay in the first


def products_of_rows(n: int, inner: int, m: int, by_columns: bool) -> str:
    """The name of a function (a, b, out) of A (n, inner) and B (m, inner) for A B', or its transpose `by_columns`."""
    name = f"products_of_rows_{n}_{inner}_{m}{'_by_columns' if by_columns else ''}"
    place = (1, n) if by_columns else (m, 1)
    wide = _best(COLUMNS, m)

    length = LENGTH if inner > 2 * LENGTH else inner

    def block(rows: int, columns: int, terms: int) -> Iterator[str]:
        yield from (f"a{r} = a[(i + {r}) * {inner} + top:]" for r in range(rows))
        yield from (f"b{c} = b[(j + {c}) * {inner} + top:]" for c in range(columns))
        pairs = [(r, c) for r in range(rows) for c in range(columns)]
        yield from (f"s{r}_{c} = 0.0" for r, c in pairs)
        yield f"for k in range({terms}):"
        yield from (f"    s{r}_{c} = s{r}_{c} + a{r}[k] * b{c}[k]" for r, c in pairs)
        for r, c in pairs:
            target = f"out[(i + {r}) * {place[0]} + (j + {c}) * {place[1]}]"
            yield f"{target} = s{r}_{c}" if length == inner else f"{target} = {target} + s{r}_{c}"

    def all_columns(rows: int, terms: int) -> Iterator[str]:
        for columns, first, last in _blocks(m, wide):
            yield from _counted("j", columns, first, last, block(rows, columns, terms))

    def all_rows(terms: int) -> Iterator[str]:
        for rows, first, last in _blocks(n, ROWS):
            yield from _counted("i", rows, first, last, all_columns(rows, terms))

    body = [] if length == inner else [f"for j in range({n * m}):", "    out[j] = 0.0"]
    for terms, first, last in _blocks(inner, length):
        body += _counted("top", terms, first, last, all_rows(terms))
    return _defined(name, body)


def sums_of_rows(n: int, inner: int, m: int, row: int, column: int) -> str:
    """The name of a function (a, b, out) for A B with A[i, k] = a[i * row + k * column] and B (inner, m)."""
    name = f"sums_of_rows_{n}_{inner}_{m}_{row}_{column}"
    high = _best(TARGETS, n)
    strip = min(m, 8 * ceil(m / ceil(m / STRIP) / 8))

    def block(targets: int, terms: int, width: int) -> Iterator[str]:
        yield from (f"x{r} = out[(i + {r}) * {m} + left:]" for r in range(targets))
        yield from (f"b{c} = b[(k + {c}) * {m} + left:]" for c in range(terms))
        yield from (
            f"f{r}_{c} = a[(i + {r}) * {row} + (k + {c}) * {column}]" for r in range(targets) for c in range(terms)
        )
        yield f"for j in range({width}):"
        for r in range(targets):
            total = " + ".join(f"f{r}_{c} * b{c}[j]" for c in range(terms))
            yield f"    x{r}[j] = x{r}[j] + ({total})"

    def all_targets(depth: int, width: int) -> Iterator[str]:
        for targets, first, last in _blocks(n, high):
            yield from _counted("i", targets, first, last, all_terms(depth, targets, width))

    def all_terms(depth: int, targets: int, width: int) -> Iterator[str]:
        for terms, first, last in _blocks(depth, TERMS):
            yield from _counted("k", terms, first, last, block(targets, terms, width), "top + ")

    body = [f"for j in range({n * m}):", "    out[j] = 0.0"]
    for width, left, right in _blocks(m, strip):
        deep = [
            line
            for depth, top, end in _blocks(inner, DEPTH)
            for line in _counted("top", depth, top, end, all_targets(depth, width))
        ]
        body += _counted("left", width, left, right, deep)
    return _defined(name, body)


def _best(numbers: tuple[int, ...], size: int) -> int:
    """The block size that leaves least over."""
    return min(numbers, key=lambda number: size // number + size % number)


def _blocks(size: int, block: int) -> Iterator[tuple[int, int, int]]:
    """Blocks of a size, from where to where; what is left over as one more where blocks are long, else one by one."""
    whole = size - size % block
    if whole:
        yield block, 0, whole
    if size % block:
        rest = size - whole if block > max(ROWS, *COLUMNS, *TARGETS, TERMS) else 1
        yield rest, whole, size


def _counted(name: str, step: int, first: int, last: int, body: Iterator[str] | list[str], base: str = "") -> list[str]:
    """A loop in which `name` goes from first to last by steps."""
    lines = [
        f"for {name}_block in range({(last - first) // step}):",
        f"    {name} = {base}{first} + {step} * {name}_block",
    ]
    return [*lines, *(f"    {line}" for line in body)]


def _defined(name: str, body: list[str]) -> str:
    lines = ["@fast", f"def {name}(a: floats, b: floats, out: floats) -> None:", *(f"    {line}" for line in body)]
    register([Helper(name, "\n".join(lines), ())])
    return name
