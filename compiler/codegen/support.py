"""What generated code calls besides NumPy: messages, integer arithmetic, growing buffers.

Everything here runs both compiled by Numba and as plain Python (see loader.py), and takes no Python objects.

**Messages** leave compiled code as numbers in one float64 buffer: [0] is the code of the error that ended the
run (0: none), [1] where the next record begins, [2] whether records were lost for want of space, [3:6] operands
of the error, records from FIRST on. A record is its code and its values, each as its sizes and its elements;
messages.py turns codes and values back into text.
"""

from __future__ import annotations

import numpy as np

FIRST = 8
CAPACITY = 1 << 14
UNSET = np.iinfo(np.int64).min  # an integer before its first assignment, as int32's minimum in Stan


def fail(messages, code, first, second):  # type: ignore[no-untyped-def]
    """Record the error and its operands; the caller returns at once."""
    messages[0] = code
    messages[3] = first
    messages[4] = second


def begin(messages, code):  # type: ignore[no-untyped-def]
    """Start a record."""
    note(messages, code)


def note(messages, number):  # type: ignore[no-untyped-def]
    """Append one number."""
    position = int(messages[1])
    if position < messages.size:
        messages[position] = number
        messages[1] = position + 1
    else:
        messages[2] = 1


def note_array(messages, array):  # type: ignore[no-untyped-def]
    """Append an array: its sizes, then its elements."""
    for size in array.shape:
        note(messages, size)
    for element in array.flat:
        note(messages, element)


# Copying and gathering as loops: NumPy's own assignments take Numba several times as long to compile.


def copy1(to, source):  # type: ignore[no-untyped-def]
    """to[:] = source, for one axis; they do not overlap."""
    for i in range(source.shape[0]):
        to[i] = source[i]


def copy2(to, source):  # type: ignore[no-untyped-def]
    """to[:] = source, for two axes."""
    for i in range(source.shape[0]):
        for j in range(source.shape[1]):
            to[i, j] = source[i, j]


def copy3(to, source):  # type: ignore[no-untyped-def]
    """to[:] = source, for three axes."""
    for i in range(source.shape[0]):
        copy2(to[i], source[i])


def copy4(to, source):  # type: ignore[no-untyped-def]
    """to[:] = source, for four axes."""
    for i in range(source.shape[0]):
        copy3(to[i], source[i])


def take1(array, indices):  # type: ignore[no-untyped-def]
    """array[indices - 1], for one axis."""
    result = np.empty(indices.size, array.dtype)
    for i in range(indices.size):
        result[i] = array[indices[i] - 1]
    return result


def take2(array, indices):  # type: ignore[no-untyped-def]
    """array[indices - 1], for two axes."""
    result = np.empty((indices.size, array.shape[1]), array.dtype)
    for i in range(indices.size):
        for j in range(array.shape[1]):
            result[i, j] = array[indices[i] - 1, j]
    return result


def int_divide(a, b):  # type: ignore[no-untyped-def]
    """a / b of integers, truncated towards zero; b is not zero."""
    quotient = abs(a) // abs(b)
    return quotient if (a < 0) == (b < 0) else -quotient


def modulus(a, b):  # type: ignore[no-untyped-def]
    """The remainder that goes with `int_divide`: it has the sign of a."""
    return a - b * int_divide(a, b)


def outside(indices, size):  # type: ignore[no-untyped-def]
    """The position, from 1, of the first of `indices` that is not within 1..size; 0 when all are."""
    for position in range(indices.size):
        if indices[position] < 1 or indices[position] > size:
            return position + 1
    return 0


def int_power(base, exponent):  # type: ignore[no-untyped-def]
    """An integer to a nonnegative integer power."""
    result = 1
    for _ in range(exponent):
        result *= base
    return result


def reserve(tape, position, more):  # type: ignore[no-untyped-def]
    """The tape, or a larger copy of it, with room for `more` numbers at `position`."""
    if position + more <= tape.size:
        return tape
    larger = np.empty(max(2 * tape.size, position + more), tape.dtype)
    larger[:position] = tape[:position]
    return larger


COMPILED = (
    fail, begin, note, note_array, copy1, copy2, copy3, copy4, take1, take2, int_divide, modulus, outside, int_power,
    reserve,
)  # fmt: skip
