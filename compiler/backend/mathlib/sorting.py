"""The order of numbers; equal numbers stay as they stand, nan comes last.

Numbers in no order make every branch on a comparison a guess, and a wrong guess costs as much as a dozen additions. So
none is made: places are counted in short stretches, and merging moves indices by what a comparison says.
"""

# ruff: noqa: F821
from ..language import exact


@exact
def comes_before(a: float, b: float) -> bool:
    """Whether a has to stand before b."""
    return a < b or (b != b and a == a)


@exact
def order_of(x: floats, out: ints, work: ints, keys: floats, n: int) -> None:
    """Where the first, second, ... of n numbers stand: stretches of 32 by counting, then merged two by two.

    Numbers that are sorted already, as they often are from one iteration to the next, are only looked at. `keys` has
    room for 2 n numbers: those that `out` points to, and behind them those of a stretch that is being merged.
    """
    for i in range(n):
        out[i] = i
        keys[i] = x[i]
    first = 0
    while first < n:
        order_stretch(x[first:], out[first:], keys[first:], first, n - first if n - first < 32 else 32)
        first = first + 32
    width = 32
    while width < n:
        start = 0
        while start + width < n:
            middle = start + width
            last = start + 2 * width if start + 2 * width < n else n
            if comes_before(keys[middle], keys[middle - 1]):
                merge_orders(out, work, keys, keys[n:], start, middle, last)
            start = start + 2 * width
        width = 2 * width


@exact
def order_stretch(x: floats, out: ints, keys: floats, first: int, n: int) -> None:
    """Order at most 32 numbers; `out` counts from `first`."""
    ordered = True
    for i in range(1, n):
        ordered = ordered and not comes_before(x[i], x[i - 1])
    if not ordered:
        counted = False
        if n > 12:
            counted = order_by_counting(x, out, keys, first, n)
        if not counted:
            order_by_insertion(x, out, keys, first, n)


@exact
def order_by_counting(x: floats, out: ints, keys: floats, first: int, n: int) -> bool:
    """The same for numbers of which none is nan or there twice: each one's place is how many are smaller.

    Whether they are such numbers; where not, nothing is ordered: the places are then not those from 0 to n - 1.
    """
    rounded = (n + 7) // 8 * 8
    values = floats(32)
    places = floats(32)
    for i in range(rounded):
        values[i] = inf
        places[i] = 0.0
    for i in range(n):
        values[i] = x[i]
    for j in range(0, rounded, 4):
        a = values[j]
        b = values[j + 1]
        c = values[j + 2]
        d = values[j + 3]
        for i in range(rounded):
            value = values[i]
            two = (1.0 if a < value else 0.0) + (1.0 if b < value else 0.0)
            places[i] = places[i] + two + ((1.0 if c < value else 0.0) + (1.0 if d < value else 0.0))
    total = 0.0
    for i in range(n):
        total = total + places[i]
    distinct = 2.0 * total == float(n * (n - 1))
    if distinct:
        for i in range(n):
            place = int(places[i])
            out[place] = first + i
            keys[place] = x[i]
    return distinct


@exact
def order_by_insertion(x: floats, out: ints, keys: floats, first: int, n: int) -> None:
    """The same for few numbers, or with nan among them."""
    for i in range(1, n):
        value = x[i]
        place = i
        while place > 0:
            if not comes_before(value, keys[place - 1]):
                break
            out[place] = out[place - 1]
            keys[place] = keys[place - 1]
            place = place - 1
        out[place] = first + i
        keys[place] = value


@exact
def merge_orders(out: ints, work: ints, keys: floats, others: floats, start: int, middle: int, last: int) -> None:
    """Merge the sorted stretches of `out` and its keys from start and from middle on."""
    for k in range(start, middle):
        work[k] = out[k]
        others[k] = keys[k]
    left = start
    right = middle
    k = start
    while left < middle and right < last:
        a = others[left]
        b = keys[right]
        takes_right = comes_before(b, a)
        out[k] = out[right] if takes_right else work[left]
        keys[k] = b if takes_right else a
        right = right + int(takes_right)
        left = left + int(not takes_right)
        k = k + 1
    while left < middle:
        out[k] = work[left]
        keys[k] = others[left]
        left = left + 1
        k = k + 1
