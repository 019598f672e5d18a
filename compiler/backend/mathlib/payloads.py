"""What the bits of a nan say beside that it is one: a payload, which arithmetic hands on (IEEE 754, section 6.2.3)."""

# ruff: noqa: F821
from ..language import exact


@exact
def payload(x):
    """The number that a nan holds, from 1 to 2^50 - 1; 0 for a nan that holds none, and for other numbers."""
    return 0 if x == x else bits(x) & 1125899906842623


@exact
def says_nothing(x):
    """Whether x is a nan that holds no number."""
    return x != x and payload(x) == 0


@exact
def with_payload(x, number):
    """A nan that holds the number, if x is one that holds none; x itself otherwise."""
    return from_bits(9221120237041090560 + number) if says_nothing(x) else x
