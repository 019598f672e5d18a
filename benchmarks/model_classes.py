"""Time per gradient of classes of models that posteriordb lacks, beside stanli.

    python -m benchmarks.model_classes [--only NAME ...]

The programs are our own, written as users write them; data are drawn from nothing in particular.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import tempfile
import time
import warnings
from typing import Any

import numpy as np
import stanli

import pplc
from benchmarks.gradients import Loops, time_gradients
from benchmarks.models import PROGRAMS


def compare(name: str) -> tuple[float, float, float, float]:
    """Nanoseconds of ours and of stanli's, the gradients' distance, and CPU seconds of compilation."""
    text, make = PROGRAMS[name]
    data: dict[str, Any] = make(np.random.default_rng(7))
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        os.environ["PPLC_CACHE_DIR"] = folder
        begun = time.process_time()
        model = pplc.compile_model(text, data)
        address = model.logp_dlogp_address
        compilation = time.process_time() - begun
    peer = stanli.Model(stan_code=text, data=data)
    point = np.random.default_rng(1).normal(size=model.n_unconstrained) * 0.2
    theirs = np.asarray(peer.log_prob_grad(point)[1])
    distance = float(np.linalg.norm(np.asarray(model.logp_dlogp(point)[1]) - theirs) / np.linalg.norm(theirs))
    return *time_gradients(Loops(), address, peer, model.n_unconstrained), distance, compilation


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", default=[])
    only = parser.parse_args().only
    for name in PROGRAMS:
        if only and name not in only:
            continue
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            ours, theirs, distance, compilation = pool.apply(compare, (name,))
        print(
            f"{name:34} {ours / 1e3:10.1f} us {theirs / 1e3:10.1f} us ratio {theirs / ours:6.2f}   "
            f"gradients {distance:.0e} apart   compiled in {compilation:4.1f} s",
            flush=True,
        )


if __name__ == "__main__":
    main()
