"""Groups written to and read from Zarr folders, through xarray; the package zarr is optional."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from pplc.runtime.groups import Group, as_datatree


def write_zarr(groups: Mapping[str, Group], path: str | Path) -> None:
    """Write a folder; what is there under its name goes only when the new one is complete. Raises OSError."""
    path = Path(path)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        as_datatree(groups).to_zarr(unfinished, mode="w", consolidated=False)  # type: ignore[call-overload]
        if path.exists():
            shutil.rmtree(path)
        os.replace(unfinished, path)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


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
