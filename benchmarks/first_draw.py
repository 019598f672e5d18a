"""Time from the start of a process to the first draw, for models that were never compiled before.

    python -m benchmarks.first_draw PATH [--only NAME ...] [--every N]

PATH is a checkout of stan-dev/posteriordb; every Nth model is taken (default 8). The sampler has run on this machine
before. Each model runs in a process of its own with a cache that knows no model. Seconds are of the wall and of the
processor, which say more on a busy machine; `Numba` tells whether it was imported.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from pplc.runtime.drivers import drivers

from benchmarks.checkout import one_per_model

FIRST_DRAW = """
import json, sys, warnings
warnings.simplefilter("ignore")
import pplc
from pathlib import Path
from pplc.runtime.drivers import drivers
model = pplc.compile_model(Path(sys.argv[1]), sys.argv[2])
nuts = drivers()["nuts"]
nuts.run(model.target(), nuts.settings(draws=1, warmup=0), chains=1, seed=1)
print(json.dumps("numba" in sys.modules))
"""


def seconds(program: Path, data: Path, cache: Path) -> tuple[float, float, bool]:
    """Of the wall and of the processor, and whether Numba was needed. Raises RuntimeError."""
    for folder in ("models", "objects", "programs"):
        shutil.rmtree(cache / folder, ignore_errors=True)
    environment = os.environ | {"PPLC_CACHE_DIR": str(cache)}
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", FIRST_DRAW, program, data], env=environment, capture_output=True, text=True, check=False
    )
    wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise RuntimeError(done.stderr.strip().rpartition("\n")[2])
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, spent, json.loads(done.stdout.strip().rpartition("\n")[2])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("path", type=Path, help="a checkout of posteriordb")
    parser.add_argument("--only", nargs="+", metavar="NAME", help="models")
    parser.add_argument("--every", type=int, default=8, metavar="N", help="take every Nth model")
    options = parser.parse_args()
    chosen = sorted(one_per_model(options.path), key=lambda posterior: posterior.model)
    if options.only:
        chosen = [posterior for posterior in chosen if posterior.model in options.only]
    else:
        chosen = chosen[:: options.every]
    walls, spents = [], []
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        os.environ["PPLC_CACHE_DIR"] = str(here / "cache")
        for kernel in drivers()["nuts"].kernels:
            kernel.load()
        print(f"{'model':45} {'wall':>7} {'CPU':>7}  Numba")
        for posterior in chosen:
            data = here / "data.json"
            try:
                data.write_text(json.dumps(posterior.data()), encoding="utf-8")
                wall, spent, numba = seconds(posterior.program, data, here / "cache")
            except (FileNotFoundError, RuntimeError) as problem:
                print(f"{posterior.model:45} {problem}")
                continue
            walls.append(wall)
            spents.append(spent)
            print(f"{posterior.model:45} {wall:7.2f} {spent:7.2f}  {'yes' if numba else ''}", flush=True)
    print(f"{'median':45} {statistics.median(walls):7.2f} {statistics.median(spents):7.2f}")


if __name__ == "__main__":
    main()
