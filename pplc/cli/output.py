"""Where a result goes: a name that is decided before the work starts, and a file that is written whatever happens."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from pplc.cli.exits import Exit, Stop
from pplc.cli.terminal import say

if TYPE_CHECKING:
    from pplc.runtime.groups import Group

NETCDF, ZARR = (".nc", ".netcdf", ".h5", ".hdf5"), (".zarr",)


def output_path(wanted: Path | None, model: str, overwrite: bool) -> Path:
    """Where a result goes, decided before the work starts. Raises Stop.

    Without a wish it is `MODEL.nc` here, or `MODEL-2.nc` and so on where that exists: no result is ever overwritten
    unasked.
    """
    if wanted is None:
        path = next(path for path in _numbered(Path(f"{model}.nc")) if overwrite or not path.exists())
    else:
        path = wanted
        if path.suffix not in NETCDF + ZARR:
            raise Stop(f"--output {path}: the name must end in .nc (netCDF) or .zarr")
        if path.suffix in ZARR and find_spec("zarr") is None:
            raise Stop(
                f"--output {path}: writing Zarr needs the package zarr (pip install 'pplc[zarr]'); or choose a .nc file"
            )
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


def _numbered(path: Path) -> Iterator[Path]:
    """`m.nc`, `m-2.nc`, `m-3.nc`, ..."""
    yield path
    for number in count(2):
        yield path.with_stem(f"{path.stem}-{number}")


def write(groups: Mapping[str, Group], path: Path, overwrite: bool) -> Path:
    """Write a result and return where it is. Draws may have taken days, so it goes elsewhere if it must.

    A file that has appeared since the name was chosen is left alone; where the folder cannot be written to, the
    result goes to a folder for temporary files, and Stop says so.
    """
    path = next(path for path in _numbered(path) if overwrite or not path.exists())
    try:
        _unhurried(lambda: _write(groups, path))
        return path
    except OSError as problem:
        reason = f"the result cannot be written to {path}: {_reason(problem)}"
    with ExitStack() as undo:
        refuge = Path(tempfile.gettempdir())
        try:
            refuge = Path(tempfile.mkdtemp(prefix="pplc-"))
            undo.callback(refuge.rmdir)
            _unhurried(lambda: _write(groups, refuge / path.name))
        except OSError as problem:
            raise Stop(f"{reason}; nor to {refuge}: {_reason(problem)}", Exit.OUTPUT) from None
        undo.pop_all()
    raise Stop(f"{reason}; it is in {refuge / path.name} instead", Exit.OUTPUT)


def _reason(problem: OSError) -> str:
    """What the system says; HDF5 wraps it in a long sentence of its own."""
    return os.strerror(problem.errno) if problem.errno else str(problem)


def _write(groups: Mapping[str, Group], path: Path) -> None:
    """The result as netCDF, or as Zarr by the file's name. Raises OSError."""
    if path.suffix in ZARR:
        from pplc.runtime.zarr_folder import write_zarr

        write_zarr(groups, path)
    else:
        from pplc.runtime.netcdf import write_netcdf

        write_netcdf(groups, path)


def _unhurried(work: Callable[[], None]) -> None:
    """Work that one Ctrl-C does not end; a second one does."""
    asked = False
    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(work)
        while True:
            try:
                return done.result(0.2)
            except TimeoutError:
                if done.done():
                    return done.result()
            except KeyboardInterrupt:
                if asked:
                    os._exit(Exit.INTERRUPTED)
                asked = True
                say("writing the result; Ctrl-C again to give it up")
