"""Files named on the command line: programs to read, results to write."""

from __future__ import annotations

import os
from importlib.util import find_spec
from itertools import count
from pathlib import Path

from pplc.cli.exits import Exit, Stop
from pplc.compiler.frontend import read_source
from pplc.grammar.source import Source

NETCDF, ZARR = (".nc", ".netcdf", ".h5", ".hdf5"), (".zarr",)


def program_source(path: Path) -> Source:
    """The text of a program. Raises Stop with what is wrong with the file."""
    if path.suffix == ".json":
        raise Stop(f"{path} looks like data, not like a program: write pplc MODEL.ppl --data {path}")
    try:
        return read_source(path)
    except FileNotFoundError:
        near = next((p for suffix in (".ppl", ".stan") if (p := path.with_suffix(suffix)).is_file()), None)
        raise Stop(f"there is no file {path}{f'; did you mean {near}?' if near else ''}") from None
    except IsADirectoryError:
        raise Stop(f"{path} is a folder, not a program") from None
    except UnicodeDecodeError:
        raise Stop(f"{path} is not a text file in UTF-8, so it is no program") from None
    except OSError as problem:
        raise Stop(f"{path} cannot be read: {problem.strerror or problem}") from None


def folders(paths: tuple[Path, ...]) -> tuple[Path, ...]:
    """Folders to look for included files in. Raises Stop."""
    for path in paths:
        if not path.is_dir():
            raise Stop(f"--include {path}: there is no such folder")
    return paths


def output_path(wanted: Path | None, model: str, overwrite: bool) -> Path:
    """Where a result goes, decided before the work starts. Raises Stop.

    Without a wish it is `MODEL.nc` here, or `MODEL-2.nc` and so on where that exists: no result is ever overwritten
    unasked.
    """
    if wanted is None:
        free = (Path(f"{model}.nc") if n == 1 else Path(f"{model}-{n}.nc") for n in count(1))
        path = next(path for path in free if overwrite or not path.exists())
    else:
        path = wanted
        if path.suffix not in NETCDF + ZARR:
            raise Stop(f"--output {path}: the name must end in .nc (netCDF) or .zarr")
        if path.suffix in ZARR and find_spec("zarr") is None:
            raise Stop(f"--output {path}: writing Zarr needs the package zarr (pip install zarr), or choose a .nc file")
        if path.exists() and not overwrite:
            raise Stop(f"--output {path}: the file exists; choose another name or add --overwrite")
        if path.is_dir() and path.suffix in NETCDF:
            raise Stop(f"--output {path} is a folder")
    folder = path.parent
    if not folder.is_dir():
        raise Stop(f"--output {path}: there is no folder {folder}")
    if not os.access(folder, os.W_OK):
        raise Stop(f"{path} cannot be written: no permission for the folder {folder.resolve()}", Exit.OUTPUT)
    return path
