"""Promotion: which wider types a value can take (int -> real -> complex, in arrays and tuples too), at what cost."""

from __future__ import annotations

from .types import (
    Array,
    Complex,
    ComplexMatrix,
    ComplexRowVector,
    ComplexVector,
    Int,
    Matrix,
    Real,
    RowVector,
    Tuple,
    Type,
    Vector,
)  # fmt: skip

# The steps that Stan takes by itself; int -> complex counts as the two that it consists of.
_STEPS: dict[tuple[Type, Type], int] = {
    (Int(), Real()): 1,
    (Int(), Complex()): 2,
    (Real(), Complex()): 1,
    (Vector(), ComplexVector()): 1,
    (RowVector(), ComplexRowVector()): 1,
    (Matrix(), ComplexMatrix()): 1,
}


def promotion_cost(given: Type, wanted: Type) -> int | None:
    """How many promotions turn `given` into `wanted`: 0 when they are equal, None when there is no way."""
    if given == wanted:
        return 0
    match given, wanted:
        case Array(inner, depth), Array(wider, same_depth) if depth == same_depth:
            return promotion_cost(inner, wider)
        case Tuple(parts), Tuple(wider_parts) if len(parts) == len(wider_parts):
            costs = [promotion_cost(part, wider) for part, wider in zip(parts, wider_parts, strict=True)]
            return None if None in costs else sum(cost for cost in costs if cost)
        case _:
            return _STEPS.get((given, wanted))


def common_type(first: Type, second: Type) -> Type | None:
    """The narrowest type that both can be promoted to, if there is one."""
    if promotion_cost(first, second) is not None:
        return second
    if promotion_cost(second, first) is not None:
        return first
    match first, second:  # neither holds the other, but element by element there may be a common type
        case Array(inner, depth), Array(other, same_depth) if depth == same_depth:
            element = common_type(inner, other)
            return element and Array(element, depth)
        case Tuple(parts), Tuple(others) if len(parts) == len(others):
            common = [common_type(part, other) for part, other in zip(parts, others, strict=True)]
            return None if None in common else Tuple(tuple(type for type in common if type))
        case _:
            return None
