"""What the library makes of the functions that it is given, with SciPy's solvers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.integrate import quad, solve_ivp
from scipy.optimize import root

type Call = Callable[..., Any]


def _sum(function: Call, values: list[Any], grain: int, *rest: Any) -> Any:
    return function(values, 1, len(values), *rest) if values else 0.0


def _system(function: Call, start: Any, t0: float, times: list[float], *rest: Any) -> Any:
    more = rest[3:]  # after both tolerances and the number of steps
    found = solve_ivp(
        lambda t, u: function(float(t), u, *more), (t0, times[-1]), start, "DOP853", times, rtol=1e-13, atol=1e-14
    )
    return [np.array(state) for state in found.y.T]


def _equations(function: Call, guess: Any, scaling: float, tolerance: float, steps: int, *rest: Any) -> Any:
    return root(lambda u: function(u, *rest), guess, tol=1e-14).x


def _integral(function: Call, low: float, high: float, theta: Any, d: Any, k: Any, tolerance: float) -> float:
    return quad(lambda x: function(x, min(x - low, high - x), theta, d, k), low, high, epsabs=1e-13, epsrel=1e-13)[0]


SOLUTIONS: dict[str, Call] = {
    "reduce_sum": _sum,
    "reduce_sum_static": _sum,
    **dict.fromkeys(("ode_rk45_tol", "ode_ckrk_tol", "ode_bdf_tol", "ode_adams_tol"), _system),
    "solve_newton_tol": _equations,
    "solve_powell_tol": _equations,
    "integrate_1d": _integral,
}
