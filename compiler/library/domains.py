"""Where functions are defined: the vocabulary of `domain=` in declarations.

    domain=where(a=Positive(), x=Real(lower=0))           each argument by itself, as parameters of distributions
    domain=(relation("k", "n", "at most n", lambda k, n: k <= n),)
    domain=(square("x"), symmetric("x"), positive_definite("x"))

A condition that fails where the value would be an ordinary number is declared with `nan=False`: then it is checked
with every evaluation. All others cost nothing until a result is nan and somebody asks why. Sizes are compared
before anything is computed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from . import predicates, problems
from .definitions import Condition, Sizes, Support, Tensor
from .graph import pt


def where(nan: bool = True, **supports: Support) -> tuple[Condition, ...]:
    """Each of these arguments lies in its support."""
    return all_where(supports, nan)


def all_where(supports: Mapping[str, Support], nan: bool = True) -> tuple[Condition, ...]:
    """The same of arguments whose names are not known in advance."""
    return tuple(_in_support(name, support, nan) for name, support in supports.items())


def zero_unless(**supports: Support) -> tuple[Condition, ...]:
    """The density is zero where one of these arguments is outside, and nan or -inf as it is computed."""
    return tuple(replace(_in_support(name, support, True), zero=True) for name, support in supports.items())


def unless_nan(**supports: Support) -> tuple[Condition, ...]:
    """Each of these arguments is in its support or nan, of which the function makes nan without complaint."""
    return tuple(_in_support(name, _or_nan(support), True) for name, support in supports.items())


def _or_nan(support: Support) -> Support:
    holds = support.holds
    assert holds is not None
    return replace(support, holds=lambda x: holds(x) | pt.isnan(x))


def _in_support(name: str, support: Support, nan: bool) -> Condition:
    def holds(x: Tensor) -> Tensor:
        both = [part(x) for part in (support.holds, support.implied) if part is not None]
        return both[0] if len(both) == 1 else both[0] & both[1]

    return Condition((name,), f"be {support.text}", holds, nan, support.problem)


def relation(name: str, other: str, text: str, holds: Callable[..., Tensor], nan: bool = True) -> Condition:
    """The first argument is outside where `holds(first, other)`, element by element, is false."""
    return Condition((name, other), f"be {text}", elementwise(holds), nan)


def elementwise(holds: Callable[..., Tensor]) -> Callable[..., Tensor]:
    """A predicate of numbers, of which some may be containers: it is about every element."""

    def aligned(*arguments: Tensor) -> Tensor:
        from .functions._axes import align

        return holds(*align(*arguments))

    return aligned


def satisfies(text: str, holds: Callable[[Tensor], Tensor], problem: Callable[..., str | None]) -> Condition:
    """What `unconstrain` needs of its y: that it satisfies the constraint."""
    return Condition(("y",), f"be {text}", holds, nan=False, problem=problem)


def elements(name: str, size: str, text: str, count: Callable[[Any], Any]) -> Condition:
    """A vector of so many free numbers as a matrix with `size` rows and columns is made from."""
    return Condition((name, size), f"have {text} elements", lambda x, k: pt.eq(x.shape[-1], count(k)), nan=False)


def at_most(name: str, other: str) -> Condition:
    """The first argument is no larger than the other."""
    return relation(name, other, f"at most {other}", lambda x, y: x <= y)


def not_zero(name: str) -> Condition:
    """A whole number by which another is divided."""
    return Condition((name,), "not be 0", lambda y: pt.neq(y, 0), nan=False)


def symmetric(name: str) -> Condition:
    """A symmetric matrix; of others the algorithms would just look at one half."""
    return Condition((name,), "be symmetric", predicates.symmetric, nan=False, problem=problems.symmetric)


def positive_definite(name: str) -> Condition:
    """A positive definite matrix, given that it is symmetric; the factor of others is nan."""
    return Condition((name,), "be positive definite", predicates.positive_definite, problem=problems.positive_definite)


# Sizes ------------------------------------------------------------------------------------------


def square(name: str) -> Sizes:
    """As many rows as columns."""
    return Sizes((name, name), ((-2, -1),), f"{name} has {{0}} rows and {{1}} columns, but must be square")


def not_empty(name: str) -> Sizes:
    """At least one element along the last axis."""
    return Sizes((name, name), ((-1, None),), f"{name} must not be empty")


def with_elements(name: str, unless: int) -> Sizes:
    """At least one element along the last axis, unless the density is about an empty array of outcomes: this axis."""
    return Sizes((name, "outcome"), ((-1, None),), f"{name} must not be empty", unless)


def same_sizes(name: str, other: str) -> Sizes:
    """Two containers of equal rank that agree in size; numbers go with everything."""
    return Sizes((name, other), (), f"{other} and {name} differ in size ({{1}} and {{0}})")


def as_long(name: str, axis: int, other: str, other_axis: int, text: str) -> Sizes:
    """An axis of the first argument that must be as long as one of the other; `text` says it with {0} and {1}."""
    return Sizes((name, other), ((axis, other_axis),), text)


def alike(name: str, other: str) -> Sizes:
    """Two arguments whose last axes, those of vectors or columns of matrices, are equally long."""
    return as_long(name, -1, other, -1, f"{name} has size {{0}}, but {other} has size {{1}}")


def multipliable(name: str, other: str) -> Sizes:
    """A matrix with as many columns as the other argument, a matrix or a column, has rows."""
    return as_long(name, -1, other, -2, f"{name} has {{0}} columns, but {other} has {{1}} rows")


def with_vector(name: str, axis: int, other: str) -> Sizes:
    """A matrix with as many rows (axis -2) or columns (-1) as a vector has elements."""
    lines = {-2: "rows", -1: "columns"}[axis]
    return as_long(name, axis, other, -1, f"{name} has {{0}} {lines}, but {other} has {{1}} elements")


# Outcomes that parameters confine -----------------------------------------------------------------


def category(name: str, more: int = 0) -> Condition:
    """The number of an element of a parameter, of which there are `more` than it has."""
    text = f"be at most the number of elements of {name}{f', plus {more}' * bool(more)}"
    return Condition(("outcome", name), text, lambda k, x: k <= x.shape[-1] + more)


def degrees_of_freedom(name: str, matrix: str) -> Condition:
    """More than the rows of a matrix less one."""
    text = f"be greater than the number of rows of {matrix} less 1"
    return Condition((name, matrix), text, lambda nu, x: nu > x.shape[-1] - 1)
