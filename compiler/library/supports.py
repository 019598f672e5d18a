"""Where outcomes and parameters of distributions live: `Real(lower=0)`, `Integer(lower=0)`, `Simplex()`, ...

Each factory returns a `Support`. Its `holds` is a graph over the trailing `core` axes; a comparison with nan is
false, so nan is outside every bounded support. Unbounded supports have none: a nan there makes the density nan, which
rejects the point as well. Those of numbers work on NumPy arrays, too.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from . import predicates, problems
from .definitions import Support, Tensor
from .graph import np, pt
from .transforms import (
    cholesky_factor_corr,
    cholesky_factor_cov,
    corr_matrix,
    cov_matrix,
    ordered,
    simplex,
)

type Predicate = Callable[[Tensor], Tensor]


# Numbers ----------------------------------------------------------------------------------------


def Real(
    lower: float | None = None,
    upper: float | None = None,
    *,
    above: float | None = None,
    below: float | None = None,
    finite: bool = False,
) -> Support:
    """Reals with lower <= x <= upper, above < x < below; without `finite` infinities belong to it."""
    bounds = _bounds(lower, upper, above, below)
    text = " and ".join((["finite"] if finite else []) + [words for words, _ in bounds]) or "a number"
    within = ([_is_finite] if finite else []) + [holds for _, holds in bounds]
    return Support(
        text,
        holds=_all_of(within),
        lower=lower if above is None else above,
        upper=upper if below is None else below,
        open_below=above is not None,
        open_above=below is not None,
        finite=finite,
    )


def Integer(lower: int | None = None, upper: int | None = None) -> Support:
    """Integers with lower <= x <= upper."""
    bounds = _bounds(lower, upper, None, None)
    text = " and ".join(["an integer", *(words for words, _ in bounds)])
    return Support(text, integer=True, holds=_all_of([holds for _, holds in bounds]), lower=lower, upper=upper)


def Number() -> Support:
    """Anything but nan."""
    return Support("a number", holds=lambda x: abs(x) <= float("inf"))


def Location() -> Support:
    """A finite number: where a distribution sits."""
    return Real(finite=True)


def Positive() -> Support:
    """A scale, shape or rate: positive and finite."""
    return Real(above=0, finite=True)


def Probability() -> Support:
    return Real(lower=0, upper=1)


def _bounds(
    lower: float | None, upper: float | None, above: float | None, below: float | None
) -> list[tuple[str, Predicate]]:
    """The words and the predicate of each bound that is given."""
    written: list[tuple[float | None, str, Callable[[Tensor, float], Tensor]]] = [
        (lower, "at least", lambda x, bound: x >= bound),
        (above, "greater than", lambda x, bound: x > bound),
        (upper, "at most", lambda x, bound: x <= bound),
        (below, "less than", lambda x, bound: x < bound),
    ]
    return [
        (f"{words} {bound:g}", _comparison(compare, bound)) for bound, words, compare in written if bound is not None
    ]


def _comparison(compare: Callable[[Tensor, float], Tensor], bound: float) -> Predicate:
    return lambda x: compare(x, bound)


def _is_finite(x: Tensor) -> Tensor:
    return abs(x) < float("inf")  # false for nan, and one comparison that fuses with its neighbours


def _all_of(predicates: list[Predicate]) -> Predicate | None:
    def holds(x: Tensor) -> Tensor:
        answer = predicates[0](x)
        for other in predicates[1:]:
            answer = answer & other(x)
        return answer

    return holds if predicates else None


# Vectors and integer arrays -----------------------------------------------------------------------


def Vector(elements: Support | None = None) -> Support:
    """Vectors, each of whose elements lies in `elements` (default: any number)."""
    elements = elements or Real()
    each = elements.holds
    return Support(
        f"a vector whose elements are {elements.text}",
        core=1,
        holds=each and (lambda x: pt.all(each(x), axis=-1)),
        problem=each and _elements_problem(each, elements.text),
    )


def IntegerArray(lower: int | None = None) -> Support:
    """One-dimensional arrays of integers, each at least `lower`."""
    return Support(
        "an array of integers" + ("" if lower is None else f", each at least {lower}"),
        core=1,
        integer=True,
        holds=None if lower is None else (lambda x: pt.all(pt.ge(x, lower), axis=-1)),
        problem=None if lower is None else _elements_problem(lambda x: x >= lower, f"at least {lower}"),
    )


def _elements_problem(each: Predicate, text: str) -> Callable[[Any], str | None]:
    return lambda x: problems.elements(x, each(np.asarray(x)), text)


def Simplex() -> Support:
    """Vectors of nonnegative numbers that sum to one."""
    return Support("a simplex", core=1, holds=simplex.holds, problem=simplex.problem, constraint="simplex")


def Ordered() -> Support:
    """Vectors of strictly increasing finite numbers."""
    text = "an ordered vector (strictly increasing and finite)"
    return Support(text, core=1, holds=_is_ordered, problem=_ordered_problem, constraint="ordered")


def _ordered_problem(x: Any) -> str | None:
    return problems.elements(x, np.isfinite(x), "finite") or ordered.problem(x)


def _is_ordered(x: Tensor) -> Tensor:
    return pt.all(_is_finite(x), axis=-1) & ordered.holds(x)


# Matrices ---------------------------------------------------------------------------------------


def Matrix() -> Support:
    return Support("a matrix", core=2)


def CovMatrix() -> Support:
    """Symmetric positive definite matrices.

    Only symmetry is looked at here: a density factorises its matrix anyway, and the factor of a matrix that is
    not positive definite is nan, which rejects the point.
    """
    return Support(
        "a symmetric positive definite matrix",
        core=2,
        holds=predicates.symmetric,
        implied=predicates.positive_definite,
        problem=cov_matrix.problem,
        constraint="cov_matrix",
    )


def CorrMatrix() -> Support:
    """Covariance matrices with a unit diagonal."""
    return Support(
        "a correlation matrix",
        core=2,
        holds=lambda x: predicates.symmetric(x) & corr_matrix.has_unit_diagonal(x),
        implied=predicates.positive_definite,
        problem=corr_matrix.problem,
        constraint="corr_matrix",
    )


def CholeskyFactorCov() -> Support:
    """Lower triangular matrices with a positive diagonal."""
    return Support(
        "a Cholesky factor (lower triangular, positive diagonal)",
        core=2,
        holds=cholesky_factor_cov.holds,
        problem=cholesky_factor_cov.problem,
        constraint="cholesky_factor_cov",
    )


def CholeskyFactorCorr() -> Support:
    """Cholesky factors of correlation matrices: their rows have unit length."""
    return Support(
        "the Cholesky factor of a correlation matrix",
        core=2,
        holds=cholesky_factor_corr.holds,
        problem=cholesky_factor_corr.problem,
        constraint="cholesky_factor_corr",
    )
