"""What generated code calls besides NumPy: messages, integer arithmetic, growing buffers.

Everything here runs both compiled by Numba and as plain Python (see loader.py), and takes no Python objects.
What depends on the number of axes is written into the code instead (elementwise.py).

**Messages** leave compiled code as numbers in one float64 buffer: [0] is the code of the error that ended the
run (0: none), [1] where the next record begins, [2] whether records were lost for want of space, [3:6] operands
of the error, [6] how deep a recursion is, [7] the last nan that a call has made (in code that watches), records from
FIRST on. A record is its code and its values, each as its sizes and its elements; messages.py turns codes and values
back into text.
"""

from __future__ import annotations

import numpy as np

DEPTH = 6
LAST_NAN = 7
DEEPEST_RECURSION = 5000  # a recursion that goes deeper is taken to be endless; a call through a solver takes 1.5 KB
FIRST = 8
CAPACITY = 1 << 14
UNSET = np.iinfo(np.int64).min  # an integer before its first assignment, as int32's minimum in Stan


def fail(messages, code, first, second):
    """Record the error and its operands; the caller returns at once."""
    messages[0] = code
    messages[3] = first
    messages[4] = second


def begin(messages, code):
    """Start a record."""
    note(messages, code)


def note(messages, number):
    """Append one number."""
    position = int(messages[1])
    if position < messages.size:
        messages[position] = number
        messages[1] = position + 1
    else:
        messages[2] = 1


def note_elements(messages, array):
    """Append the elements of an array, row by row."""
    for element in array.flat:
        note(messages, element)


# Complex arrays meet library kernels and the graph as reals with one more axis: their real and imaginary parts.


def to_parts(z):
    """The parts of a complex array along a new last axis."""
    result = np.empty(z.shape + (2,))  # noqa: RUF005  # as Numba wants it
    result[..., 0] = z.real
    result[..., 1] = z.imag
    return result


def int_divide(a, b):
    """a / b of integers, truncated towards zero; b is not zero."""
    quotient = abs(a) // abs(b)
    return quotient if (a < 0) == (b < 0) else -quotient


def modulus(a, b):
    """The remainder that goes with `int_divide`: it has the sign of a."""
    return a - b * int_divide(a, b)


def outside(indices, size):
    """The position, from 1, of the first of `indices` that is not within 1..size; 0 when all are."""
    for position in range(indices.size):
        if indices[position] < 1 or indices[position] > size:
            return position + 1
    return 0


def int_power(base, exponent):
    """An integer to a nonnegative integer power."""
    result = 1
    for _ in range(exponent):
        result *= base
    return result


def reserve(tape, position, more):
    """The tape, or a larger copy of it, with room for `more` numbers at `position`."""
    if position + more <= tape.size:
        return tape
    larger = np.empty(max(2 * tape.size, position + more), tape.dtype)
    larger[:position] = tape[:position]
    return larger


COMPILED = (fail, begin, note, note_elements, to_parts, int_divide, modulus, outside, int_power, reserve)
