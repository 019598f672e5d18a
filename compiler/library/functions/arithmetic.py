"""+, -, *, / and ^ on numbers, and element by element on vectors and matrices."""

from __future__ import annotations

from .. import elementary
from ..definitions import Tensor, function
from ..domains import not_zero, same_sizes
from ..graph import pt
from ._axes import ELEMENTWISE_2, align, elementwise
from ._cancelling import difference_of, sum_of, unless_divided_out
from ._zero_factor import over, times

INTEGERS = "(int, int) => int"
MATRIXWISE = "(real, real) => real matrixwise"


@function(INTEGERS, MATRIXWISE, reference="x + y", domain=(same_sizes("y", "x"),))
def add(x: Tensor, y: Tensor) -> Tensor:
    """x + y."""
    return sum_of(*align(x, y))


@function(INTEGERS, MATRIXWISE, reference="x - y", domain=(same_sizes("y", "x"),))
def subtract(x: Tensor, y: Tensor) -> Tensor:
    """x - y."""
    return difference_of(*align(x, y))


@function(INTEGERS, MATRIXWISE, reference="x * y", domain=(same_sizes("y", "x"),))
def elt_multiply(x: Tensor, y: Tensor) -> Tensor:
    """x .* y."""
    x, y = align(x, y)
    return unless_divided_out(times(x, y))


@elementwise(MATRIXWISE, reference="x / y")
def elt_divide(x: Tensor, y: Tensor) -> Tensor:
    """x ./ y."""
    return unless_divided_out(over(x, y))


def _integer_divide(x: Tensor, y: Tensor) -> Tensor:
    """x / y of ints, with the fraction dropped (towards zero, as in C)."""
    x, y = align(x, y)
    return pt.sign(x) * pt.sign(y) * pt.int_div(pt.abs(x), pt.abs(y))


integer_divisions = tuple(
    function(INTEGERS, name=name, reference="numpy.trunc(x / y).astype(int)", domain=(not_zero("y"),))(_integer_divide)
    for name in ("divide", "elt_divide")
)


@elementwise(
    "(T, real) => T for T in real|vector|row_vector|matrix",
    "(real, T) => T for T in vector|row_vector|matrix",
    reference="x / y",
)
def divide(x: Tensor, y: Tensor) -> Tensor:
    """x / y; one of them is a scalar (a matrix below the line is `mdivide_right`)."""
    return unless_divided_out(over(x, y))


@function(
    INTEGERS,
    "(T, real) => T for T in real|vector|row_vector|matrix",
    "(real, T) => T for T in vector|row_vector|matrix",
    name="multiply", reference="x * y",
)  # fmt: skip
def scale(x: Tensor, y: Tensor) -> Tensor:
    """x * y where one of them is a scalar."""
    x, y = align(x, y)
    return unless_divided_out(times(x, y))


@function("(T) => T for T in int|real|complex|vector|row_vector|matrix", reference="x")
def plus(x: Tensor) -> Tensor:
    """x itself."""
    return x


@function("(int) => int elementwise", "(real) => real elementwise", "(complex) => complex elementwise", reference="-x")
def minus(x: Tensor) -> Tensor:
    """-x."""
    return -x


@elementwise(ELEMENTWISE_2, name="pow", reference="numpy.power(x, y)")
def power(x: Tensor, y: Tensor) -> Tensor:
    """x to the power y."""
    from ..ops import power as operation

    return operation.power(x, y)


@elementwise("(real, real, real) => real matrixwise", reference="x * y + z")
def fma(x: Tensor, y: Tensor, z: Tensor) -> Tensor:
    """x * y + z, rounded once."""
    return elementary.fma(x, y, z)
