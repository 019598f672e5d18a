"""How transforms say what is wrong with a value: NumPy only, for data and initial values."""

from __future__ import annotations

from typing import Any

from .graph import np

TOLERANCE = 1e-8  # Stan's, for equality constraints


def place(index: tuple[int, ...]) -> str:
    """A zero-based NumPy index as the language writes it: `[2, 1]`; empty for a scalar."""
    return f"[{', '.join(str(i + 1) for i in index)}]" if index else ""


def first(wrong: Any) -> tuple[int, ...] | None:
    """The first index at which a boolean array is true."""
    wrong = np.asarray(wrong)
    if not wrong.any():
        return None
    return tuple(int(i) for i in np.unravel_index(np.argmax(wrong), wrong.shape))


def elements(y: Any, good: Any, wanted: str, *bounds: Any) -> str | None:
    """Every element must be good; each `{}` in `wanted` stands for a bound of the element."""
    y = np.asarray(y)
    index = first(~np.broadcast_to(good, y.shape))
    if index is None:
        return None
    where = f"element {place(index)}" if index else "it"
    own = (f"{np.broadcast_to(bound, y.shape)[index]:.10g}" for bound in bounds)
    return f"must be {wanted.format(*own)}, but {where} is {y[index]:.10g}"


def rows(found: Any, good: Any, wanted: str, quantity: str) -> str | None:
    """Every leading position must have a good `quantity`, of which `found` are the values."""
    index = first(~np.asarray(good))
    if index is None:
        return None
    which = f" at {place(index)}" if index else ""
    return f"must {wanted}, but its {quantity}{which} is {np.asarray(found)[index]:.10g}"


def symmetric(y: Any) -> str | None:
    """y[i, j] = y[j, i] within the tolerance, and both finite."""
    y = np.asarray(y)
    flipped = np.swapaxes(y, -1, -2)
    with np.errstate(invalid="ignore"):  # the difference of infinities
        index = first(~(np.abs(y - flipped) <= TOLERANCE))
    if index is None:
        return None
    if not np.isfinite(y[index]):
        return elements(y, np.isfinite(y), "finite")
    return (
        f"must be symmetric, but element {place(index)} is {y[index]:.10g} and its mirror image {flipped[index]:.10g}"
    )


def positive_definite(y: Any) -> str | None:
    """Every matrix has a Cholesky factor."""
    y = np.asarray(y)
    for index in np.ndindex(y.shape[:-2]):
        try:
            np.linalg.cholesky(y[index])
        except np.linalg.LinAlgError:
            which = f" {place(index)}" if index else ""
            smallest = np.linalg.eigvalsh(y[index]).min()
            return f"must be positive definite, but the smallest eigenvalue of the matrix{which} is {smallest:.10g}"
    return None


def lower_triangular(y: Any) -> str | None:
    """Zeros above the diagonal and a positive diagonal."""
    y = np.asarray(y)
    height, width = y.shape[-2:]
    i, j = np.arange(height)[:, None], np.arange(width)[None, :]
    return elements(y, (y == 0) | (i >= j), "zero above the diagonal") or elements(
        y, (y > 0) | (i != j), "positive on the diagonal"
    )
