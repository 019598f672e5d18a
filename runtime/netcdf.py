"""Groups written to and read from netCDF files, in the layout that xarray and ArviZ use, without importing either."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pplc.runtime.groups import Group

_OVERHEAD = 1 << 16  # bytes for names, attributes and labels


def write_netcdf(groups: Mapping[str, Group], path: str | Path) -> None:
    """Write a file; it appears under its name only when it is complete. Raises OSError."""
    path = Path(path)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        _reserve(groups, unfinished)
        _write(groups, unfinished)
        os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)


def _reserve(groups: Mapping[str, Group], path: Path) -> None:
    """See that the file will fit. HDF5 finds out too late: after a write that failed it crashes when it closes."""
    if not hasattr(os, "posix_fallocate"):
        return
    size = sum(array.nbytes for group in groups.values() for _, array in group.arrays.values())
    with open(path, "wb") as file:
        os.posix_fallocate(file.fileno(), 0, size + _OVERHEAD)


def read_netcdf(path: str | Path) -> dict[str, Group]:
    """The groups of a file. Raises OSError if it is not one."""
    import h5netcdf

    with h5netcdf.File(path, "r", decode_vlen_strings=True) as file:
        return {name: _read(group) for name, group in file.groups.items()}


def _write(groups: Mapping[str, Group], path: Path) -> None:
    import h5netcdf
    import h5py

    with h5netcdf.File(path, "w") as file:
        file.attrs.update(next((group.attributes for group in groups.values()), {}))
        for name, group in groups.items():
            place = file.create_group(name)
            place.attrs.update(group.attributes)
            for dims, array in group.arrays.values():
                place.dimensions.update(
                    {d: n for d, n in zip(dims, array.shape, strict=True) if d not in place.dimensions}
                )
            labels = {dim: ((dim,), values) for dim, values in group.labels.items()}
            for variable, (dims, array) in {**labels, **group.arrays}.items():
                if array.dtype.kind in "UO":
                    array = array.astype(h5py.string_dtype())
                stored = array.astype(np.int8) if array.dtype == bool else array
                variable = place.create_variable(variable, dims, stored.dtype)
                if stored.size:
                    variable[...] = stored
                if array.dtype == bool:
                    variable.attrs["dtype"] = "bool"  # how xarray marks them


def _read(group: Any) -> Group:
    arrays: dict[str, tuple[tuple[str, ...], NDArray[Any]]] = {}
    labels: dict[str, NDArray[Any]] = {}
    for name, variable in group.variables.items():
        array = np.asarray(variable[...])
        if variable.attrs.get("dtype") == "bool":
            array = array.astype(bool)
        if variable.dimensions == (name,):
            labels[name] = array
        else:
            arrays[name] = (tuple(variable.dimensions), array)
    return Group(arrays, labels, dict(group.attrs))
