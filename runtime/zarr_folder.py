"""Groups written to and read from Zarr folders, through xarray; the package zarr is optional."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pplc.runtime.groups import Group, as_datatree


def write_zarr(groups: Mapping[str, Group], path: str | Path) -> None:
    """Write a folder in place of what is there. Raises OSError."""
    as_datatree(groups).to_zarr(path, mode="w", consolidated=False)  # type: ignore[call-overload]


def read_zarr(path: str | Path) -> dict[str, Group]:
    """The groups of a folder. Raises OSError if it is not one."""
    import xarray

    try:
        tree = xarray.open_datatree(path, engine="zarr", consolidated=False)  # type: ignore[call-overload]
    except (ImportError, ValueError) as problem:
        raise OSError(str(problem)) from None
    with tree:
        return {name: _group(node.to_dataset().load()) for name, node in tree.children.items()}


def _group(dataset: object) -> Group:
    arrays = {str(name): (tuple(map(str, a.dims)), a.values) for name, a in dataset.data_vars.items()}  # type: ignore[attr-defined]
    labels = {str(name): a.values for name, a in dataset.coords.items()}  # type: ignore[attr-defined]
    return Group(arrays, labels, dict(dataset.attrs))  # type: ignore[attr-defined]
