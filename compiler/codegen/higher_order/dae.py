"""The solver of differential-algebraic systems."""

from __future__ import annotations

from ..values import Slot
from .adapters import linear_adapter, value_adapter
from .kernels import dae as kernels
from .kernels import ode as ode_kernels
from .ode import MORE_STEPS, stops
from .solver import Problem, Solver
from .specialise import Replacement

_DEFAULTS = ("1e-10", "1e-10", "100000000")


def _solver(name: str, controls: int) -> Solver:
    def write(problem: Problem) -> tuple[str, str]:
        y0, rate0, t0, ts, *tolerances = problem.control
        callback, number, vector = problem.callback, Slot("f", 0), Slot("f", 1)
        replacements: dict[str, Replacement] = {
            "equations": value_adapter(callback, 1, problem.context),
            "residual": kernels.scaled_equations,
            "linear_parts": linear_adapter(callback, (False, True, True), 1, problem.context),
            **stops(problem, MORE_STEPS),
            "UNFIT": problem.message(
                f"`{name}` finds no first step: at time ", number, " the state is ", vector, ", its derivative ",
                vector, ", and there the residuals are ", vector,
                help="the initial state and its derivative must make all residuals zero",
            ),
        }  # fmt: skip
        wanted = (*(int(active) for active in problem.active[:2]), callback.columns)
        controls = tolerances or _DEFAULTS
        solution = problem.bind(problem.call(kernels.dae, replacements, y0, rate0, t0, ts, *controls, *wanted))
        jacobian = ""
        if problem.differentiated:
            jacobian = problem.bind(problem.call(kernels.dae_jacobian, {}, solution, y0.size(0)))
        return problem.bind(problem.call(ode_kernels.ode_states, {}, solution, y0.size(0))), jacobian

    def shape(control: list[tuple[int, ...]]) -> tuple[int, ...]:
        return control[3][0], control[0][0]

    least = ((4, "relative_tolerance", ">"), (5, "absolute_tolerance", ">"), (6, "max_num_steps", ">"))[:controls]
    differs = "the initial state has {0} elements, but its derivative {1}"
    return Solver(
        name, 4 + controls, 3, 2, write, shape, (True, True), 0, (False, True, True),
        least, ((0, "the initial state"), (3, "times")), ((0, 1, differs),),
    )  # fmt: skip


SOLVERS = (_solver("dae", 0), _solver("dae_tol", 3))
