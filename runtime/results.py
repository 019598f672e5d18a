"""What a run leaves behind, and its way into an ArviZ DataTree."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pplc.runtime.contract import Array, Target, Variable

if TYPE_CHECKING:
    import xarray

_STREAM = 2  # keeps the randomness of generated quantities apart from that of the chain


@dataclass(frozen=True)
class Draws:
    """Draws of one phase of all chains; an interrupted chain has fewer than the arrays have room for."""

    positions: Array  # shape (chain, draw, size), unconstrained
    statistics: NDArray[np.void]  # shape (chain, draw), a record per draw with ArviZ's names
    lengths: NDArray[np.integer]  # shape (chain,): draws that were made

    def rectangle(self) -> Draws:
        """The part in which all chains are equally long; chains without a draw are left out if others have some."""
        chains = np.flatnonzero(self.lengths)
        length = int(self.lengths[chains].min()) if chains.size else 0
        if chains.size == len(self.lengths):  # a slice is a view: no draw is copied
            return Draws(self.positions[:, :length], self.statistics[:, :length], self.lengths.clip(max=length))
        return Draws(
            self.positions[chains, :length], self.statistics[chains, :length], self.lengths[chains].clip(max=length)
        )


@dataclass(frozen=True)
class Result:
    """The outcome of any driver."""

    method: str
    settings: Any
    seed: int
    sample: Draws
    warmup: Draws | None = None
    complete: bool = True
    reason: str = ""  # why the run is incomplete
    step_size: Array | None = None  # shape (chain,)
    scale: Array | None = None  # shape (chain, size): the metric as standard deviations
    gradients: int = 0
    timings: Mapping[str, float] = field(default_factory=dict)  # seconds
    # What only this method has to tell: numbers, and arrays of shape (chain,) or (chain, iteration).
    report: Mapping[str, Any] = field(default_factory=dict)


def expand_draws(draws: Draws, target: Target, seed: int) -> dict[str, NDArray[Any]]:
    """The named variables of all draws, each of shape (chain, draw, *variable.shape).

    Random generated quantities depend on `seed` and the chain only. One chain is expanded at a time, so no more
    than one chain's values exist twice.
    """
    chains, length, _ = draws.positions.shape
    expanded = {v.name: np.empty((chains, length, *v.shape), v.dtype) for v in target.variables}
    for chain in range(chains if length else 0):
        stream = np.random.SeedSequence(seed, spawn_key=(chain, _STREAM))
        values = target.expand(draws.positions[chain], int(stream.generate_state(1)[0]))
        for name, array in expanded.items():
            array[chain] = values[name]
    return expanded


def to_datatree(
    result: Result,
    target: Target,
    *,
    posterior: Mapping[str, NDArray[Any]] | None = None,
    observed_data: Mapping[str, ArrayLike] | None = None,
    constant_data: Mapping[str, ArrayLike] | None = None,
    data_dims: Mapping[str, Sequence[str]] | None = None,
    coords: Mapping[str, Sequence[Any]] | None = None,
    attributes: Mapping[str, Any] | None = None,
) -> xarray.DataTree:
    """The ArviZ groups posterior and sample_stats, the warmup's if saved, the data's if given, and `fit` for reports.

    `posterior` may pass on what `expand_draws` returned for `result.sample.rectangle()`. `coords` labels dimensions;
    others count from 0. Raises ValueError if a label list has the wrong length.
    """
    import xarray

    attributes = _attributes(result) | dict(attributes or {})
    coords, data_dims = dict(coords or {}), dict(data_dims or {})
    groups = {}
    for prefix, draws in (("", result.sample), ("warmup_", result.warmup)):
        if draws is None:
            continue
        draws = draws.rectangle()
        values = posterior if posterior is not None and not prefix else expand_draws(draws, target, result.seed)
        groups[f"{prefix}posterior"] = _dataset(
            values, {v.name: v for v in target.variables}, coords, ("chain", "draw")
        )
        statistics = {name: draws.statistics[name] for name in draws.statistics.dtype.names or ()}
        groups["sample_stats" if not prefix else "warmup_sample_stats"] = _dataset(
            statistics, {}, coords, ("chain", "draw")
        )
    if result.report:
        groups["fit"] = _fit_dataset(result.report)
    for name, data in (("observed_data", observed_data), ("constant_data", constant_data)):
        if data:
            arrays = {key: np.asarray(value) for key, value in data.items()}
            shapes = {key: Variable(key, a.shape, tuple(data_dims.get(key, ()))) for key, a in arrays.items()}
            groups[name] = _dataset(arrays, shapes, coords, ())
    for dataset in groups.values():
        dataset.attrs.update(attributes)
    tree = xarray.DataTree.from_dict({f"/{name}": dataset for name, dataset in groups.items()})
    tree.attrs.update(attributes)
    return tree


def _dataset(
    values: Mapping[str, NDArray[Any]],
    variables: Mapping[str, Variable],
    coords: Mapping[str, Sequence[Any]],
    leading: tuple[str, ...],
) -> xarray.Dataset:
    import xarray

    arrays: dict[str, tuple[tuple[str, ...], NDArray[Any]]] = {}
    lengths: dict[str, int] = {}
    for name, array in values.items():
        dims = leading + _dimensions(name, variables.get(name), array.ndim - len(leading))
        if any(lengths.get(dim, size) != size for dim, size in zip(dims, array.shape, strict=True)):
            dims = leading + _dimensions(name, None, array.ndim - len(leading))  # one name for two lengths: use own
        lengths.update(zip(dims, array.shape, strict=True))
        arrays[name] = (dims, array)
    labels = {}
    for dim, length in lengths.items():
        given = coords.get(dim)
        if given is not None and len(given) != length:
            raise ValueError(f"coords gives {len(given)} labels for the dimension {dim}, whose length is {length}")
        labels[dim] = np.arange(length) if given is None else np.asarray(given)
    return xarray.Dataset(arrays, coords=labels)


def _fit_dataset(report: Mapping[str, Any]) -> xarray.Dataset:
    """What a method reports about itself per chain, and per chain and iteration."""
    import xarray

    dims = ("chain", "iteration")
    arrays = {name: value for name, value in report.items() if isinstance(value, np.ndarray)}
    return xarray.Dataset({name: (dims[: array.ndim], array) for name, array in arrays.items()})


def _dimensions(name: str, variable: Variable | None, rank: int) -> tuple[str, ...]:
    """Declared names, made different where one repeats (a K by K matrix), or ArviZ's default names."""
    if variable is None or len(variable.dims) != rank:
        return tuple(f"{name}_dim_{axis}" for axis in range(rank))
    unique: list[str] = []
    for dim in variable.dims:
        while dim in unique:
            dim += "_bis"
        unique.append(dim)
    return tuple(unique)


def _attributes(result: Result) -> dict[str, Any]:
    """What describes the run; only types that netCDF can hold."""
    described: dict[str, Any] = {
        "inference_library": "pplc",
        "inference_library_version": version("pplc"),
        "created_at": datetime.now(UTC).isoformat(),
        "method": result.method,
        "seed": result.seed,
        "settings": json.dumps(dataclasses.asdict(result.settings)),
        "complete": int(result.complete),
        "gradient_evaluations": result.gradients,
    }
    described |= {f"{name}_time": seconds for name, seconds in result.timings.items()}
    described |= {name: value for name, value in result.report.items() if isinstance(value, int | float | str)}
    return described
