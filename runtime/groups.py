"""The groups of a result, as ArviZ names them: labelled arrays, on their way to a DataTree or a file.

A group is plain NumPy: a run can be written to disk without importing xarray, which takes longer than many runs.
"""

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
from pplc.runtime.contract import Target, Variable
from pplc.runtime.expansion import expand_draws
from pplc.runtime.results import Result

if TYPE_CHECKING:
    import xarray

type Coords = Mapping[str, Sequence[Any]]

DRAWS = ("chain", "draw")


@dataclass(frozen=True)
class Group:
    """Arrays with named dimensions, the labels of these, and what describes the whole."""

    arrays: Mapping[str, tuple[tuple[str, ...], NDArray[Any]]]
    labels: Mapping[str, NDArray[Any]]
    attributes: dict[str, Any] = field(default_factory=dict)


def result_groups(
    result: Result,
    target: Target,
    *,
    posterior: Mapping[str, NDArray[Any]] | None = None,
    observed_data: Mapping[str, ArrayLike] | None = None,
    constant_data: Mapping[str, ArrayLike] | None = None,
    data_dims: Mapping[str, Sequence[str]] | None = None,
    coords: Coords | None = None,
    attributes: Mapping[str, Any] | None = None,
) -> dict[str, Group]:
    """The groups posterior and sample_stats, the warmup's if saved, the data's if given, and `fit` for reports.

    `posterior` may pass on the values of `expand_draws` for `result.sample.rectangle()`. `coords` labels dimensions;
    others count from 0. Raises ValueError if a label list has the wrong length.
    """
    coords, data_dims = dict(coords or {}), dict(data_dims or {})
    variables = {variable.name: variable for variable in target.variables}
    groups = {}
    for prefix, draws in (("", result.sample), ("warmup_", result.warmup)):
        if draws is None:
            continue
        draws = draws.rectangle()
        values = posterior if posterior is not None and not prefix else expand_draws(draws, target, result.seed).values
        groups[f"{prefix}posterior"] = make_group(values, variables, coords, DRAWS)
        statistics = {name: draws.statistics[name] for name in draws.statistics.dtype.names or ()}
        groups[f"{prefix}sample_stats"] = make_group(statistics, {}, coords, DRAWS)
    if result.report:
        groups["fit"] = _fit(result.report)
    for name, data in (("observed_data", observed_data), ("constant_data", constant_data)):
        if data:
            arrays = {key: np.asarray(value) for key, value in data.items()}
            shapes = {key: Variable(key, a.shape, tuple(data_dims.get(key, ()))) for key, a in arrays.items()}
            groups[name] = make_group(arrays, shapes, coords, ())
    described = _attributes(result) | dict(attributes or {})
    for group in groups.values():
        group.attributes.update(described)
    return groups


def make_group(
    values: Mapping[str, NDArray[Any]], variables: Mapping[str, Variable], coords: Coords, leading: tuple[str, ...]
) -> Group:
    """Label arrays whose first dimensions are `leading` and whose others `variables` name.

    An array called like a dimension is left out: it is the dimension's length, and has no other place beside it.
    Raises ValueError if a label list has the wrong length.
    """
    arrays: dict[str, tuple[tuple[str, ...], NDArray[Any]]] = {}
    lengths: dict[str, int] = {}
    for name, array in values.items():
        dims = leading + _dimensions(name, variables.get(name), array.ndim - len(leading))
        if any(lengths.get(dim, size) != size for dim, size in zip(dims, array.shape, strict=True)):
            dims = leading + _dimensions(name, None, array.ndim - len(leading))  # one name for two lengths: use own
        lengths.update(zip(dims, array.shape, strict=True))
        arrays[name] = (dims, array)
    arrays = {name: array for name, array in arrays.items() if name not in lengths}  # a size that names a dimension
    labels = {}
    for dim, length in lengths.items():
        given = coords.get(dim)
        if given is not None and len(given) != length:
            raise ValueError(f"coords gives {len(given)} labels for the dimension {dim}, whose length is {length}")
        labels[dim] = np.arange(length) if given is None else np.asarray(given)
    return Group(arrays, labels)


def as_datatree(groups: Mapping[str, Group]) -> xarray.DataTree:
    """The groups as an ArviZ DataTree; arrays are shared, not copied."""
    import xarray

    datasets = {
        f"/{name}": xarray.Dataset(dict(group.arrays), dict(group.labels), group.attributes)
        for name, group in groups.items()
    }
    tree = xarray.DataTree.from_dict(datasets)
    tree.attrs.update(next((group.attributes for group in groups.values()), {}))
    return tree


def to_datatree(result: Result, target: Target, **options: Any) -> xarray.DataTree:
    """`result_groups` as an ArviZ DataTree."""
    return as_datatree(result_groups(result, target, **options))


def _fit(report: Mapping[str, Any]) -> Group:
    """What a method reports about itself per chain, and per chain and iteration."""
    dims = ("chain", "iteration")
    arrays = {name: value for name, value in report.items() if isinstance(value, np.ndarray)}
    return Group({name: (dims[: array.ndim], array) for name, array in arrays.items()}, {})


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
