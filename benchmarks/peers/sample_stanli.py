"""Samples a program with stanli, in a process of its own: PROGRAM DATA OUTPUT; prints the summary as a user would.

OUTPUT, an .npz, receives one array of shape (chain, draw) for each number, and the seconds that sampling took.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import numpy as np
import stanli


def main(program: str, data: str, output: str) -> None:
    model = stanli.Model(stan_code=Path(program).read_text(encoding="utf-8"), data=json.loads(Path(data).read_text()))
    began = time.perf_counter()
    fit = model.sample(seed=1, refresh=0)
    seconds = time.perf_counter() - began
    print(fit.summary())
    np.savez(output, seconds=seconds, **{name: fit.draws(name) for name in fit.names})


if __name__ == "__main__":
    main(*sys.argv[1:])
