"""The order of numbers; equal numbers stay as they stand, nan comes last.

Numbers in no order make every branch on a comparison a guess, and a wrong guess costs as much as a dozen additions. So
none is made: places are counted, of few numbers by comparing all with all, of many by their bytes.
"""

# ruff: noqa: F821
from ..language import exact, fast


@exact
def comes_before(a: float, b: float) -> bool:
    """Whether a has to stand before b."""
    return a < b or (b != b and a == a)


@exact
def order_of(x: floats, out: ints, work: ints, keys: floats, n: int) -> None:
    """Where the first, second, ... of n numbers stand; `work` and `keys` are room for n each.

    Numbers that are sorted already, as they often are from one iteration to the next, are only looked at.
    """
    for i in range(n):
        out[i] = i
        keys[i] = x[i]
    if not are_in_order(keys, n):
        counted = False
        if n > 12 and n <= 128:
            counted = order_by_counting(x, out, n)
        if not counted:
            if n <= 32:
                order_by_insertion(out, keys, n)
            else:
                order_many(x, out, work, keys, n)


@exact
def are_in_order(x: floats, n: int) -> bool:
    """Whether no number has to stand before the one that it follows."""
    ordered = True
    for i in range(1, n):
        ordered = ordered and not comes_before(x[i], x[i - 1])
    return ordered


@exact
def order_by_counting(x: floats, out: ints, n: int) -> bool:
    """Order at most 128 numbers of which none is nan or there twice: each one's place is how many are smaller.

    Whether they are such numbers; where not, nothing is ordered: the places are then not those from 0 to n - 1.
    """
    rounded = (n + 7) // 8 * 8
    values = floats(128)
    places = floats(128)
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
            out[int(places[i])] = i
    return distinct


@exact
def order_by_insertion(out: ints, keys: floats, n: int) -> None:
    """Each number moves down to its place."""
    for i in range(1, n):
        insert(out, keys, i)


@exact
def insert(out: ints, keys: floats, i: int) -> int:
    """Number i moves down to its place among those before it, which are in order; how far."""
    value = keys[i]
    index = out[i]
    place = i
    while place > 0:
        if not comes_before(value, keys[place - 1]):
            break
        out[place] = out[place - 1]
        keys[place] = keys[place - 1]
        place = place - 1
    out[place] = index
    keys[place] = value
    return i - place


@exact
def order_many(x: floats, out: ints, work: ints, keys: floats, n: int) -> None:
    """By the high half of the bits, which leaves few numbers out of order; where many agree in it, by all bits."""
    if n > 32768:
        order_by_bytes(x, out, work, n, True)
    order_by_bytes(x, out, work, n, False)
    for i in range(n):
        keys[i] = x[out[i]]
    if not insert_stragglers(out, keys, n):
        order_by_bytes(x, out, work, n, True)
        order_by_bytes(x, out, work, n, False)


@exact
def insert_stragglers(out: ints, keys: floats, n: int) -> bool:
    """Order numbers nearly in order, by insertion; whether that was no more than a few moves for each."""
    moves = 0
    i = 1
    while i < n and moves <= 4 * n:
        if comes_before(keys[i], keys[i - 1]):
            moves = moves + insert(out, keys, i)
        i = i + 1
    return i == n


@exact
def order_by_bytes(x: floats, out: ints, work: ints, n: int, low: bool) -> None:
    """Reorder `out` by the low or the high half of the numbers' bits: a counting pass for each byte, the lowest first.

    Each pass leaves equal bytes in order. Half of the bits and the index stand side by side in one integer.
    """
    starts = ints(1024)
    for k in range(1024):
        starts[k] = 0
    for i in range(n):
        index = out[i]
        word = sorting_bits(x[index])
        half = word & 4294967295 if low else (word >> 32) + 2147483648
        work[i] = (half << 32) | index
        starts[half & 255] += 1
        starts[256 + ((half >> 8) & 255)] += 1
        starts[512 + ((half >> 16) & 255)] += 1
        starts[768 + (half >> 24)] += 1
    for first in range(0, 1024, 256):
        before = 0
        for k in range(first, first + 256):
            count = starts[k]
            starts[k] = before
            before = before + count
    for byte in range(0, 4, 2):
        distribute(work, out, starts[256 * byte :], 32 + 8 * byte, n)
        distribute(out, work, starts[256 * byte + 256 :], 40 + 8 * byte, n)
    for i in range(n):
        out[i] = work[i] & 4294967295


@exact
def distribute(source: ints, target: ints, starts: ints, shift: int, n: int) -> None:
    """Each integer moves to where those with its byte start, behind the ones before it."""
    for i in range(n):
        word = source[i]
        byte = (word >> shift) & 255
        target[starts[byte]] = word
        starts[byte] += 1


@exact
def sorting_bits(x: float) -> int:
    """An integer that is larger for larger numbers, the same for both zeros, and largest for nan."""
    word = bits(x + 0.0)
    ordered = word if word >= 0 else word ^ 9223372036854775807
    return ordered if x == x else 9223372036854775807


@fast
def places_among(sorted: ints, x: ints, out: ints, n: int, m: int, right: int) -> None:
    """Where each of m numbers belongs among n sorted ones: before those equal to it, or to the right of them."""
    for i in range(m):
        low = 0
        high = n
        while low < high:
            middle = (low + high) // 2
            if sorted[middle] < x[i] + right:
                low = middle + 1
            else:
                high = middle
        out[i] = low
