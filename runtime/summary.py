"""The summary table: one row per scalar of every variable, computed in blocks so that thousands of rows are quick."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pplc.runtime import diagnostics

COLUMNS = ("mean", "sd", "q5", "q50", "q95", "mcse_mean", "ess_bulk", "ess_tail", "r_hat")
_BLOCK = 2_000_000  # draws looked at together: bounds the memory of a summary


@dataclass(frozen=True)
class Summary:
    """`names[i]` (like `theta[1,2]`, counted from 1) has the values `table[i]`, in the order of COLUMNS."""

    names: tuple[str, ...]
    table: NDArray[np.float64]  # shape (row, column)

    def column(self, name: str) -> NDArray[np.float64]:
        return self.table[:, COLUMNS.index(name)]


def summarise(posterior: Mapping[str, NDArray[np.generic]]) -> Summary:
    """Summarise variables of shape (chain, draw, *shape); of complex ones the parts, and empty ones not at all."""
    names: list[str] = []
    tables = [np.empty((0, len(COLUMNS)))]
    for name, values in real_parts(posterior):
        if not values.size:
            continue
        flat = values.reshape(*values.shape[:2], -1)
        names += element_names(name, values.shape[2:])
        width = max(1, _BLOCK // (flat.shape[0] * flat.shape[1]))
        for start in range(0, flat.shape[2], width):
            tables.append(_rows(np.asarray(flat[:, :, start : start + width], np.float64)))
    return Summary(tuple(names), np.concatenate(tables))


def real_parts(posterior: Mapping[str, NDArray[np.generic]]) -> Iterator[tuple[str, NDArray[np.generic]]]:
    """The variables by name; a complex `z` as `z.real` and `z.imag`."""
    for name, values in posterior.items():
        if np.iscomplexobj(values):
            yield f"{name}.real", values.real
            yield f"{name}.imag", values.imag
        else:
            yield name, values


def element_names(name: str, shape: tuple[int, ...]) -> Iterator[str]:
    """`name[1,1]`, `name[1,2]`, ... in row-major order; just `name` for a scalar."""
    for index in np.ndindex(shape):
        yield f"{name}[{','.join(str(i + 1) for i in index)}]" if index else name


def _rows(draws: NDArray[np.float64]) -> NDArray[np.float64]:
    quantiles = np.quantile(draws, [0.05, 0.5, 0.95], axis=(0, 1))
    count = draws.shape[0] * draws.shape[1]
    with np.errstate(invalid="ignore", divide="ignore"):  # a single draw has no deviation
        deviation = np.sqrt(draws.var(axis=(0, 1)) * np.divide(count, count - 1))
        deviation = np.where((np.ptp(draws, axis=(0, 1)) == 0.0) & (count > 1), 0.0, deviation)  # not 1e-16
        columns = (
            draws.mean(axis=(0, 1)),
            deviation,
            *quantiles,
            deviation / np.sqrt(diagnostics.ess_mean(draws)),
            diagnostics.ess_bulk(draws),
            diagnostics.ess_tail(draws),
            diagnostics.r_hat(draws),
        )
    return np.stack(columns, axis=1)
