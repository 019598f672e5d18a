"""What generated code calls besides NumPy: messages, integer arithmetic, growing buffers.

Everything here runs both compiled by Numba and as plain Python (see loader.py), and takes no Python objects.

**Messages** leave compiled code as numbers in one float64 buffer: [0] is the code of the error that ended the
run (0: none), [1] where the next record begins, [2] whether records were lost for want of space, [3:6] operands
of the error, [6] how deep a recursion is, records from FIRST on. A record is its code and its values, each as its
sizes and its elements; messages.py turns codes and values back into text.
"""

from __future__ import annotations

import numpy as np

DEPTH = 6
DEEPEST_RECURSION = 5000  # a recursion that goes deeper is taken to be endless; frames are a few hundred bytes
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


def note_elements(messages, array):  # type: ignore[no-untyped-def]
    """Append the elements of an array, row by row."""
    for element in array.flat:
        note(messages, element)


# Complex arrays meet library kernels and the graph as reals with one more axis: their real and imaginary parts.


def to_parts(z):  # type: ignore[no-untyped-def]
    """The parts of a complex array along a new last axis."""
    result = np.empty(z.shape + (2,))  # noqa: RUF005  # as Numba wants it
    result[..., 0] = z.real
    result[..., 1] = z.imag
    return result


def combined1(x, y):  # type: ignore[no-untyped-def]
    """The complex array with these parts, for one axis."""
    result = np.empty(x.shape[0], np.complex128)
    for i in range(x.shape[0]):
        result[i] = complex(x[i], y[i])
    return result


def combined2(x, y):  # type: ignore[no-untyped-def]
    """The same for two axes."""
    result = np.empty((x.shape[0], x.shape[1]), np.complex128)
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            result[i, j] = complex(x[i, j], y[i, j])
    return result


def combined3(x, y):  # type: ignore[no-untyped-def]
    """The same for three axes."""
    result = np.empty((x.shape[0], x.shape[1], x.shape[2]), np.complex128)
    for i in range(x.shape[0]):
        result[i] = combined2(x[i], y[i])
    return result


def combined4(x, y):  # type: ignore[no-untyped-def]
    """The same for four axes."""
    result = np.empty((x.shape[0], x.shape[1], x.shape[2], x.shape[3]), np.complex128)
    for i in range(x.shape[0]):
        result[i] = combined3(x[i], y[i])
    return result


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


# A variable's memory is used again by its next value, so that a loop needs no more of it in later iterations.


def room1(array, n):  # type: ignore[no-untyped-def]
    """The array, or a new one if it has other sizes; its elements are to be filled."""
    return array if array.shape[0] == n else np.empty(n, array.dtype)


def room2(array, n, m):  # type: ignore[no-untyped-def]
    """The same for two axes."""
    return array if array.shape[0] == n and array.shape[1] == m else np.empty((n, m), array.dtype)


def room3(array, n, m, k):  # type: ignore[no-untyped-def]
    """The same for three axes."""
    same = array.shape[0] == n and array.shape[1] == m and array.shape[2] == k
    return array if same else np.empty((n, m, k), array.dtype)


def room4(array, n, m, k, j):  # type: ignore[no-untyped-def]
    """The same for four axes."""
    same = array.shape[0] == n and array.shape[1] == m and array.shape[2] == k and array.shape[3] == j
    return array if same else np.empty((n, m, k, j), array.dtype)


def fill1(to, value):  # type: ignore[no-untyped-def]
    """to[:] = a number, for one axis."""
    for i in range(to.shape[0]):
        to[i] = value


def fill2(to, value):  # type: ignore[no-untyped-def]
    """to[:] = a number, for two axes."""
    for i in range(to.shape[0]):
        for j in range(to.shape[1]):
            to[i, j] = value


def fill3(to, value):  # type: ignore[no-untyped-def]
    """to[:] = a number, for three axes."""
    for i in range(to.shape[0]):
        fill2(to[i], value)


def fill4(to, value):  # type: ignore[no-untyped-def]
    """to[:] = a number, for four axes."""
    for i in range(to.shape[0]):
        fill3(to[i], value)


def take_on0(array, indices):  # type: ignore[no-untyped-def]
    """array[indices - 1], for any number of axes."""
    result = np.empty((indices.size,) + array.shape[1:], array.dtype)  # noqa: RUF005  # as Numba wants it
    for i in range(indices.size):
        result[i] = array[indices[i] - 1]
    return result


def take_on1(array, indices):  # type: ignore[no-untyped-def]
    """array[:, indices - 1]."""
    result = np.empty(array.shape[:1] + (indices.size,) + array.shape[2:], array.dtype)  # noqa: RUF005
    for i in range(array.shape[0]):
        for j in range(indices.size):
            result[i, j] = array[i, indices[j] - 1]
    return result


def take_on2(array, indices):  # type: ignore[no-untyped-def]
    """array[:, :, indices - 1]."""
    result = np.empty(array.shape[:2] + (indices.size,) + array.shape[3:], array.dtype)  # noqa: RUF005
    for i in range(array.shape[0]):
        for j in range(array.shape[1]):
            for k in range(indices.size):
                result[i, j, k] = array[i, j, indices[k] - 1]
    return result


# The tape of a reverse sweep: values about to be overwritten, kept at the end and taken back in reverse.


def save1(tape, position, array):  # type: ignore[no-untyped-def]
    """Keep an array of one axis; the position after it."""
    for i in range(array.shape[0]):
        tape[position + i] = array[i]
    return position + array.size


def save2(tape, position, array):  # type: ignore[no-untyped-def]
    """Keep an array of two axes; the position after it."""
    for i in range(array.shape[0]):
        position = save1(tape, position, array[i])
    return position


def save3(tape, position, array):  # type: ignore[no-untyped-def]
    """Keep an array of three axes; the position after it."""
    for i in range(array.shape[0]):
        position = save2(tape, position, array[i])
    return position


def save4(tape, position, array):  # type: ignore[no-untyped-def]
    """Keep an array of four axes; the position after it."""
    for i in range(array.shape[0]):
        position = save3(tape, position, array[i])
    return position


def restore1(tape, position, array):  # type: ignore[no-untyped-def]
    """Fill an array of one axis from what was kept; the position after it."""
    for i in range(array.shape[0]):
        array[i] = tape[position + i]
    return position + array.size


def restore2(tape, position, array):  # type: ignore[no-untyped-def]
    """Fill an array of two axes from what was kept; the position after it."""
    for i in range(array.shape[0]):
        position = restore1(tape, position, array[i])
    return position


def restore3(tape, position, array):  # type: ignore[no-untyped-def]
    """Fill an array of three axes from what was kept; the position after it."""
    for i in range(array.shape[0]):
        position = restore2(tape, position, array[i])
    return position


def restore4(tape, position, array):  # type: ignore[no-untyped-def]
    """Fill an array of four axes from what was kept; the position after it."""
    for i in range(array.shape[0]):
        position = restore3(tape, position, array[i])
    return position


def drain1(array):  # type: ignore[no-untyped-def]
    """A copy of an array of one axis, which becomes zero."""
    result = array.copy()
    for i in range(array.shape[0]):
        array[i] = 0.0
    return result


def drain2(array):  # type: ignore[no-untyped-def]
    """A copy of an array of two axes, which becomes zero."""
    result = array.copy()
    for i in range(array.shape[0]):
        for j in range(array.shape[1]):
            array[i, j] = 0.0
    return result


def drain3(array):  # type: ignore[no-untyped-def]
    """A copy of an array of three axes, which becomes zero."""
    result = array.copy()
    for i in range(array.shape[0]):
        drain2(array[i])
    return result


def drain4(array):  # type: ignore[no-untyped-def]
    """A copy of an array of four axes, which becomes zero."""
    result = array.copy()
    for i in range(array.shape[0]):
        drain3(array[i])
    return result


def plus1(to, more):  # type: ignore[no-untyped-def]
    """to += more, for one axis."""
    for i in range(to.shape[0]):
        to[i] += more[i]


def plus2(to, more):  # type: ignore[no-untyped-def]
    """to += more, for two axes."""
    for i in range(to.shape[0]):
        for j in range(to.shape[1]):
            to[i, j] += more[i, j]


def plus3(to, more):  # type: ignore[no-untyped-def]
    """to += more, for three axes."""
    for i in range(to.shape[0]):
        plus2(to[i], more[i])


def plus4(to, more):  # type: ignore[no-untyped-def]
    """to += more, for four axes."""
    for i in range(to.shape[0]):
        plus3(to[i], more[i])


# For more axes than the functions above are written for: NumPy's own words.


def copy_deep(to, source):  # type: ignore[no-untyped-def]
    """to[:] = source."""
    to[...] = source


def fill_deep(to, value):  # type: ignore[no-untyped-def]
    """to[:] = a number."""
    to[...] = value


def save_deep(tape, position, array):  # type: ignore[no-untyped-def]
    """Keep an array; the position after it."""
    tape[position : position + array.size] = array.copy().reshape(array.size)
    return position + array.size


def restore_deep(tape, position, array):  # type: ignore[no-untyped-def]
    """Fill an array from what was kept; the position after it."""
    array[...] = tape[position : position + array.size].reshape(array.shape)
    return position + array.size


def drain_deep(array):  # type: ignore[no-untyped-def]
    """A copy of an array, which becomes zero."""
    result = array.copy()
    array[...] = 0.0
    return result


def plus_deep(to, more):  # type: ignore[no-untyped-def]
    """to += more."""
    to[...] = to + more


def combined_deep(x, y):  # type: ignore[no-untyped-def]
    """The complex array with these parts."""
    result = np.empty(x.size, np.complex128)
    real, imaginary = x.copy().reshape(x.size), y.copy().reshape(y.size)
    for i in range(x.size):
        result[i] = complex(real[i], imaginary[i])
    return result.reshape(x.shape)


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
    fail, begin, note, note_elements, copy1, copy2, copy3, copy4,
    room1, room2, room3, room4, fill1, fill2, fill3, fill4, take_on0, take_on1, take_on2, int_divide,
    modulus, outside, int_power, reserve, save1, save2, save3, save4, restore1, restore2, restore3, restore4,
    drain1, drain2, drain3, drain4, plus1, plus2, plus3, plus4, to_parts,
    combined1, combined2, combined3, combined4,
    copy_deep, fill_deep, save_deep, restore_deep, drain_deep, plus_deep, combined_deep,
)  # fmt: skip
