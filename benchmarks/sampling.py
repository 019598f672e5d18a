"""Wall time from process start to summary and effective draws per second, beside stanli and nutpie with PyMC.

    python -m benchmarks.sampling PATH [--nutpie PYTHON] [--only NAME ...] [--json FILE]

PATH is a checkout of stan-dev/posteriordb. Everybody samples with their own default settings, in processes of their
own: `pplc MODEL --data DATA`, and the scripts in `benchmarks/peers`. PYTHON is an interpreter that has nutpie and PyMC
(default: this one); without them, or where no model is written for them, their columns stay empty.

Cold: caches are empty. Warm: the same again, also in seconds of the processor, which say more on a busy machine. `ESS`
is the smallest effective size (bulk) among the numbers that all report, `ESS/s` that per second of the warm process,
`ESS/cpu s` that per second of the processor, and `while sampling` that per second without start-up, compilation and
summary. The last column is the largest difference between the means of pplc and another, in combined Monte Carlo
standard errors.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import h5py
import numpy as np
from numpy.typing import NDArray
from pplc.runtime.summary import element_names, summarise

from benchmarks.checkout import Posterior, posteriors
from benchmarks.peers.sample_nutpie import MODELS

CHOSEN = (
    "eight_schools-eight_schools_noncentered",
    "arma-arma11",
    "garch-garch11",
    "earnings-logearn_interaction_z",
    "wells_data-wells_dist100_model",
    "low_dim_gauss_mix-low_dim_gauss_mix",
    "gp_pois_regr-gp_pois_regr",
    "hudson_lynx_hare-lotka_volterra",
    "radon_mn-radon_variable_intercept_slope_noncentered",
    "irt_2pl-irt_2pl",
)
PEERS = Path(__file__).parent / "peers"

type Arrays = dict[str, NDArray[np.float64]]  # each of shape (chain, draw)


@dataclass
class Measurement:
    """One sampler on one posterior; times in seconds."""

    posterior: str
    sampler: str
    cold: float
    warm: float
    cpu: float  # of the warm run
    sampling: float  # of the warm run, without compilation and summary
    ess: float = np.nan
    r_hat: float = np.nan
    difference: float = np.nan  # to pplc, in combined standard errors


def measure(posterior: Posterior, nutpie: str | None) -> list[Measurement]:
    """All samplers on one posterior."""
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        data = here / "data.json"
        data.write_text(json.dumps(posterior.data()), encoding="utf-8")
        output = here / "out.nc"
        program = shutil.copy(posterior.program, here / "model.stan")
        runs = {"pplc": [sys.executable, "-m", "pplc", program, "--data", data, "-o", output, "--overwrite", "-s", "1"]}
        output = here / "peer.npz"
        runs["stanli"] = [sys.executable, PEERS / "sample_stanli.py", program, data, output]
        if nutpie is not None and posterior.model in MODELS:
            runs["nutpie"] = [nutpie, PEERS / "sample_nutpie.py", posterior.model, data, output]
        found, draws = [], {}
        for sampler, command in runs.items():
            caches = {"PPLC_CACHE_DIR": f"{here}/{sampler}", "PYTENSOR_FLAGS": f"base_compiledir={here}/{sampler}"}
            cold, _ = _run(command, caches)
            warm, cpu = _run(command, caches)
            draws[sampler], sampling = _pplc_draws(here / "out.nc") if sampler == "pplc" else _peer_draws(output)
            found.append(Measurement(posterior.name, sampler, cold, warm, cpu, sampling))
    return _compare(found, draws)


def _run(command: Sequence[object], caches: Mapping[str, str]) -> tuple[float, float]:
    """Seconds from the start of a process to its end, and seconds of the processor."""
    began, used = time.perf_counter(), _processor_seconds()
    subprocess.run([str(word) for word in command], check=True, env=os.environ | caches, capture_output=True)
    return time.perf_counter() - began, _processor_seconds() - used


def _processor_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _pplc_draws(path: Path) -> tuple[Arrays, float]:
    """All numbers of a result file by Stan's names, and the seconds of sampling."""
    arrays: Arrays = {}
    with h5py.File(path) as file:
        group = file["posterior"]
        for name, values in group.items():
            if values.ndim >= 2:  # the others label dimensions
                flat = values[:].reshape(*values.shape[:2], -1)
                arrays |= {label: flat[:, :, i] for i, label in enumerate(element_names(name, values.shape[2:]))}
        return arrays, float(np.ravel(group.attrs["sampling_time"])[0])


def _peer_draws(path: Path) -> tuple[Arrays, float]:
    with np.load(path) as file:
        return {name: file[name] for name in file.files if name != "seconds"}, float(file["seconds"])


def _compare(found: list[Measurement], draws: dict[str, Arrays]) -> list[Measurement]:
    """Fill in what the draws tell, over the numbers that all samplers report and that are not constant."""
    common = [name for name in draws["pplc"] if all(name in arrays for arrays in draws.values())]
    common = [name for name in common if np.ptp(draws["pplc"][name]) > 0]
    tables = {sampler: summarise({name: arrays[name] for name in common}) for sampler, arrays in draws.items()}
    ours = tables["pplc"]
    for measurement in found:
        table = tables[measurement.sampler]
        error = np.hypot(table.column("mcse_mean"), ours.column("mcse_mean"))
        measurement.ess = float(table.column("ess_bulk").min())
        measurement.r_hat = float(table.column("r_hat").max())
        measurement.difference = float(np.max(np.abs(table.column("mean") - ours.column("mean")) / error))
    return found


def _has_nutpie(python: str) -> bool:
    command = [python, "-c", "import nutpie, pymc"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def _line(m: Measurement) -> str:
    difference = "" if m.sampler == "pplc" else f"{m.difference:5.1f}"
    return (
        f"{m.posterior.split('-')[-1]:44} {m.sampler:7} {m.cold:7.2f} {m.warm:7.2f} {m.cpu:6.2f} {m.sampling:10.3f} "
        f"{m.ess:6.0f} {m.r_hat:6.3f} {m.ess / m.warm:7.0f} {m.ess / m.cpu:9.0f} {m.ess / m.sampling:14.0f} "
        f"{difference:>10}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkout", type=Path)
    parser.add_argument("--nutpie", default=sys.executable, metavar="PYTHON")
    parser.add_argument("--only", nargs="+", default=CHOSEN)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    nutpie = options.nutpie
    if not _has_nutpie(nutpie):
        print(f"{nutpie} has no nutpie with PyMC: it is left out")
        nutpie = None
    print(
        f"{'posterior':44} {'sampler':7} {'cold s':>7} {'warm s':>7} {'cpu s':>6} {'sampling s':>10} {'ESS':>6} "
        f"{'R-hat':>6} {'ESS/s':>7} {'ESS/cpu s':>9} {'while sampling':>14} {'difference':>10}"
    )
    found = []
    for posterior in posteriors(options.checkout):
        if posterior.name not in options.only and posterior.model not in options.only:
            continue
        for measurement in measure(posterior, nutpie):
            print(_line(measurement), flush=True)
            found.append(measurement)
    if options.json:
        options.json.write_text(json.dumps([asdict(m) for m in found], indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
