"""Warnings about draws that hold nan: generated quantities that failed, and variables whose value is nan."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pplc.grammar.diagnostics import Diagnostic, Mark
from pplc.runtime.expansion import Expansion

from .errors import DrawsWarning, GenerationWarning, NanWarning

if TYPE_CHECKING:
    from .model import Model


def nan_warnings(model: Model, positions: NDArray[np.float64], expansion: Expansion) -> Iterator[DrawsWarning]:
    """The warnings about draws at positions, shape (chains, draws, n_unconstrained), and their variables.

    Reasons are found by running the statements once more for the first draw concerned. Where that fails, the warning
    has no reason: the draws must not be lost for it.
    """
    failed = np.zeros(positions.shape[:2], np.bool_)
    if expansion.failures:
        failed = np.logical_and.reduce([_nan(expansion.values[v.name], np.all) for v in model.generated_quantities])
        reason = _found(model.generation_failure, positions[failed])
        count = sum(failure.count for failure in expansion.failures)
        yield GenerationWarning(reason or expansion.failures[0].reason, count, failed.size)
    variables = model.transformed_parameters + (() if expansion.missing else model.generated_quantities)
    found = {v.name: _nan(expansion.values[v.name], np.any) & ~failed for v in variables}
    found = {name: nan for name, nan in found.items() if nan.any()}
    if found:
        name, nan = next(iter(found.items()))
        reason = _found(model.why_nan, positions[nan]) or _nothing_known(model, name)
        yield NanWarning(list(found), int(nan.sum()), nan.size, reason)


def _found(
    reason: Callable[[NDArray[np.float64]], Diagnostic | None], positions: NDArray[np.float64]
) -> Diagnostic | None:
    try:
        return reason(positions[0]) if len(positions) else None
    except (Exception, KeyboardInterrupt):  # whatever goes wrong, the draws are not lost
        return None


def _nan(values: NDArray[Any], of: Any) -> NDArray[np.bool_]:
    """In which draws all numbers of a variable, or any, are nan."""
    if values.dtype.kind not in "fc":
        return np.zeros(values.shape[:2], np.bool_)
    return np.asarray(of(np.isnan(values), axis=tuple(range(2, values.ndim))))


def _nothing_known(model: Model, name: str) -> Diagnostic:
    from .declared import declares_of

    program = model.program
    declares = declares_of([*program.transformed_parameters, *program.generated_quantities])
    [span] = [d.variable.span for d in declares if d.variable.name == name.split(".")[0]]
    return Diagnostic("not-a-number", "where that began is not known", Mark(span, "declared here"))
