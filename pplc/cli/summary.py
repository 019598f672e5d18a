"""`pplc summary RESULT`: the table and the warnings of a result that was written earlier."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import click
import numpy as np

from pplc.cli.exits import Exit, Stop
from pplc.cli.output import ZARR
from pplc.cli.report import findings_text, shapes_of, summary_text
from pplc.runtime.groups import Group
from pplc.runtime.netcdf import read_netcdf
from pplc.runtime.results import Draws, Result
from pplc.runtime.summary import summarise
from pplc.runtime.warnings import find_problems
from pplc.runtime.zarr_folder import read_zarr


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("result", type=click.Path(path_type=Path))
@click.option("--variable", "-v", "wanted", multiple=True, metavar="NAME", help="Only this variable; repeatable.")
@click.option("--all", "full", is_flag=True, help="Show every element of long vectors.")
def command(result: Path, wanted: tuple[str, ...], full: bool) -> int:
    """Summarise RESULT, a netCDF file (.nc) or Zarr folder (.zarr) written by pplc or by ArviZ.

    The columns are the mean, standard deviation and quantiles of the posterior, the Monte Carlo standard error of the
    mean, the effective number of draws for the centre and for the tails, and R-hat, which is 1 when chains agree.
    """
    groups = _read(result)
    posterior = {name: array for name, (_, array) in groups["posterior"].arrays.items()}
    unknown = [name for name in wanted if name not in posterior]
    if unknown:
        raise Stop(f"{result} has no variable {', '.join(unknown)}; it has {', '.join(posterior)}")
    posterior = {name: array for name, array in posterior.items() if not wanted or name in wanted}
    if not any(array.size for array in posterior.values()):
        raise Stop(f"{result} has no draws", Exit.DATA)
    summary = summarise(posterior)
    chains = len(next(iter(posterior.values())))
    click.echo(summary_text(summary, shapes_of(posterior), chains, full))
    click.echo(findings_text(find_problems(_rebuilt(groups), posterior, summary)), nl=False)
    return Exit.OK


def _read(path: Path) -> dict[str, Group]:
    if not path.exists():
        raise Stop(f"there is no file {path}")
    if path.is_dir() and path.suffix not in ZARR:
        raise Stop(f"{path} is a folder, not a result")
    try:
        groups = read_zarr(path) if path.suffix in ZARR else read_netcdf(path)
    except (OSError, KeyError, ValueError) as problem:
        raise Stop(f"{path} is not a result that can be read: {problem}", Exit.DATA) from None
    if "posterior" not in groups:
        raise Stop(f"{path} has no group `posterior`", Exit.DATA)
    return groups


def _rebuilt(groups: Mapping[str, Group]) -> Result:
    """What the warnings look at: statistics of the draws and settings, but no positions."""
    posterior = groups["posterior"]
    chains, draws = next(iter(posterior.arrays.values()))[1].shape[:2]
    stored = groups["sample_stats"].arrays if "sample_stats" in groups else {}
    columns = {name: array for name, (_, array) in stored.items() if array.ndim == 2}
    statistics = np.zeros((chains, draws), [(name, array.dtype) for name, array in columns.items()])
    for name, array in columns.items():
        statistics[name] = array
    attributes = posterior.attributes
    fit = groups.get("fit")
    report: dict[str, Any] = {name: array for name, (_, array) in fit.arrays.items()} if fit else {}
    return Result(
        method=str(attributes.get("method", "")),
        settings=SimpleNamespace(**json.loads(attributes.get("settings", "{}"))),
        seed=int(attributes.get("seed", 0)),
        sample=Draws(np.empty((chains, draws, 0)), statistics, np.full(chains, draws)),
        complete=bool(attributes.get("complete", 1)),
        reason="interrupted",
        report=report,
    )
