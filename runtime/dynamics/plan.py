"""What a run of NUTS or HMC is told: one structured value, laid out for compiled code."""

from __future__ import annotations

import numpy as np
from pplc.runtime.dynamics.state import Record

FISHER, WINDOWED = range(2)  # how the metric is learned

PLAN = np.dtype(
    [
        ("warmup", np.int64),
        ("early_end", np.int64),  # transitions before it belong to the first phase of warmup
        ("metric_end", np.int64),  # from here on only the step size is tuned
        ("adaptation", np.int64),  # FISHER or WINDOWED
        ("first_window", np.int64),
        ("target_accept", np.float64),
        ("initial_step", np.float64),
        ("jitter", np.float64),
        ("steps", np.int64),  # of every trajectory; 0 lets NUTS decide
        ("max_depth", np.int64),
        ("max_energy_error", np.float64),
        ("keep_from", np.int64),  # the first transition that is written to the draws
        ("thin", np.int64),
    ],
    align=True,
)


def fisher_schedule(warmup: int) -> dict[str, int]:
    """30% early phase with short windows, then windows from 80 draws up, 15% for the step size alone."""
    return {"early_end": int(0.3 * warmup), "metric_end": warmup - int(0.15 * warmup), "first_window": 80}


def windowed_schedule(warmup: int) -> dict[str, int]:
    """Stan's: 75 transitions, windows of 25, 50, 100, ..., 50 transitions; 15%, 75%, 10% of a short warmup."""
    if warmup < 20:
        return {"early_end": warmup, "metric_end": warmup, "first_window": warmup + 1}
    if warmup < 150:
        early, late = int(0.15 * warmup), int(0.1 * warmup)
        return {"early_end": early, "metric_end": warmup - late, "first_window": warmup - early - late}
    return {"early_end": 75, "metric_end": warmup - 50, "first_window": 25}


def new_plan(**values: float) -> Record:
    plan = np.zeros(1, PLAN)
    for name, value in values.items():
        plan[name] = value
    return plan
