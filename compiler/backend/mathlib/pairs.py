"""Arithmetic on pairs of floats whose exact sum is meant, for results that a float of rounding errors would drown.

The first of a pair is the sum rounded, so that the second is what it lacks. Sums and products are right to 2^-103
relative to the larger operand (Joldes, Muller and Popescu 2017). These functions are slow: they are for few numbers.
"""

# ruff: noqa: F821
from ..language import aside, strict


@aside
@strict
def pair_of_sum(a, b):
    """a + b of two floats, exactly."""
    both = a + b
    added = both - a
    return both, (a - (both - added)) + (b - added)


@aside
@strict
def pair_of_product(a, b):
    """a b of two floats, exactly."""
    both = a * b
    return both, fma(a, b, -both)


@aside
@strict
def renormalised(high, low):
    """The pair of a sum whose second term is small."""
    both = high + low
    return both, low - (both - high)


@aside
@strict
def sum_of_pairs(x, y):
    """x + y, without a loss of digits where they cancel."""
    high, high_rest = pair_of_sum(x[0], y[0])
    low, low_rest = pair_of_sum(x[1], y[1])
    high, high_rest = renormalised(high, high_rest + low)
    return renormalised(high, high_rest + low_rest)


@aside
@strict
def product_of_pairs(x, y):
    """x y."""
    high, low = pair_of_product(x[0], y[0])
    return renormalised(high, low + fma(x[0], y[1], fma(x[1], y[0], x[1] * y[1])))


@aside
@strict
def quotient_of_pairs(x, y):
    """x / y, in three steps of long division."""
    first = x[0] / y[0]
    rest = sum_of_pairs(x, product_of_pairs((-first, 0.0), y))
    second = rest[0] / y[0]
    rest = sum_of_pairs(rest, product_of_pairs((-second, 0.0), y))
    high, low = renormalised(first, second)
    return renormalised(high, low + rest[0] / y[0])
