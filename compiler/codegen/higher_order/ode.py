"""The solvers of initial value problems, with forward sensitivities."""

from __future__ import annotations

from collections.abc import Callable

from ..values import Slot
from .adapters import linear_adapter, slope_adapter, value_adapter
from .kernels import ode as kernels
from .kernels import runge_kutta
from .solver import Problem, Solver
from .specialise import Kernel, Replacement

_RUNGE_KUTTA: dict[str, Kernel] = {
    "rk45": runge_kutta.dormand_prince,
    "ckrk": runge_kutta.cash_karp,
}
_DEFAULTS = {"rk45": ("1e-06", "1e-06", "1000000"), "ckrk": ("1e-06", "1e-06", "1000000")}
_DEFAULT_MULTISTEP = ("1e-10", "1e-10", "100000000")


def _replacements(problem: Problem, explicit: bool) -> dict[str, Replacement]:
    callback, context = problem.callback, problem.context
    name, number, vector = problem.solver.name, Slot("f", 0), Slot("f", 1)
    return {
        **_slopes(problem, explicit),
        "system": value_adapter(callback, 1, context),
        "residual": kernels.implicit_residual,
        "linear_parts": kernels.implicit_linear_parts,
        **stops(problem, MORE_STEPS if name.startswith(STIFF) else f"{MORE_STEPS}; {STIFFNESS}"),
        "NEGATIVE": problem.message(f"`{name}`: an absolute tolerance is ", number, ", but must be positive: ", vector),
    }


def _slopes(problem: Problem, explicit: bool) -> dict[str, Replacement]:
    """An explicit method needs the slope of the state with its sensitivities; the others need derivatives by the state
    at each step, and that slope once."""
    if explicit:
        slope = slope_adapter(problem.callback, int(any(problem.active[:2])), problem.context)
        if slope is not None:
            return {"slope": slope}
    return {"linearise": linear_adapter(problem.callback, (False, True), 1, problem.context)}


MORE_STEPS = "allow more steps or larger tolerances"
STIFFNESS = "rates that differ by orders of magnitude (a stiff system) are for `ode_bdf`"
STIFF = ("ode_bdf", "ode_adjoint", "integrate_ode_bdf")


def stops(problem: Problem, more_steps: str) -> dict[str, Replacement]:
    """What is said when a solver of initial value problems stops; `more_steps`: what to do when there are too few."""
    name, number, vector = problem.solver.name, Slot("f", 0), Slot("f", 1)
    return {
        "STOPPED": problem.message(
            f"`{name}` has taken ", number, " steps, as many as it may (max_num_steps); it got to time ", number,
            " and state ", vector, help=more_steps,
        ),
        "STUCK": problem.message(
            f"`{name}` finds no step short enough at time ", number, " and state ", vector,
            help="the system may jump there, grow without bounds, or be undefined",
        ),
        "NOT_FINITE": problem.message(f"`{name}`: at the initial time ", number, " the state is ", vector,
                                      ", but must be finite"),
        "MISPLACED": problem.message(
            f"the times given to `{name}` are not finite, in order and after the initial time ", number, ": ", vector
        ),
    }  # fmt: skip


def _write(method: str) -> Callable[[Problem], tuple[str, str]]:
    def write(problem: Problem) -> tuple[str, str]:
        y0, t0, ts, *tolerances = problem.control
        of_state, of_start, of_times = (int(active) for active in problem.active[:3])
        initial = int(of_state or of_start)
        extra = problem.callback.columns
        common = (initial, extra)
        replacements = _replacements(problem, method in _RUNGE_KUTTA)
        if method in _RUNGE_KUTTA:
            controls = tolerances or _DEFAULTS[method]
            text = problem.call(_RUNGE_KUTTA[method], replacements, y0, t0, ts, *controls, *common)
        elif method == "adjoint":
            relative, absolute, _, backward, _, _, max_steps, _, _, forward, _ = tolerances
            adams = f"2 - {forward}"
            text = problem.call(
                kernels.ode_adjoint, replacements, adams, y0, t0, ts, relative, absolute, backward, max_steps, *common
            )
        else:
            controls = tolerances or _DEFAULT_MULTISTEP
            adams = str(int(method == "adams"))
            text = problem.call(kernels.ode_multistep_uniform, replacements, adams, y0, t0, ts, *controls, *common)
        solution = problem.bind(text)
        jacobian = ""
        if problem.differentiated:
            wanted = (of_state, of_start, of_times, *common)
            jacobian = problem.bind(problem.call(kernels.ode_jacobian, replacements, solution, y0, t0, ts, *wanted))
        return problem.bind(problem.call(kernels.ode_states, {}, solution, y0.size(0))), jacobian

    return write


def _shape(control: list[tuple[int, ...]]) -> tuple[int, ...]:
    return control[2][0], control[0][0]


_SMOOTH = (True, True, True)


_ADJOINT_LEAST = tuple(
    (number, name, ">")
    for number, name in (
        (3, "relative_tolerance_forward"), (5, "relative_tolerance_backward"), (7, "relative_tolerance_quadrature"),
        (8, "absolute_tolerance_quadrature"), (9, "max_num_steps"), (10, "num_steps_between_checkpoints"),
        (11, "interpolation_polynomial"), (12, "solver_forward"), (13, "solver_backward"),
    )
)  # fmt: skip
_ADJOINT_ALIKE = tuple(
    (0, number, f"the initial state has {{0}} elements, but {name} {{1}}")
    for number, name in ((4, "absolute_tolerance_forward"), (6, "absolute_tolerance_backward"))
)


def _solver(name: str, method: str, controls: int, trailing: int = 0) -> Solver:
    least: tuple[tuple[int, str, str], ...] = ()
    alike: tuple[tuple[int, int, str], ...] = ()
    if controls == 3:
        least = ((3, "relative_tolerance", ">"), (4, "absolute_tolerance", ">"), (5, "max_num_steps", ">"))
    elif controls:
        least, alike = _ADJOINT_LEAST, _ADJOINT_ALIKE
    return Solver(
        name, 3 + controls, 2, 2, _write(method), _shape, _SMOOTH, trailing, (False, True),
        least, ((0, "the initial state"), (2, "times")), alike,
    )  # fmt: skip


SOLVERS = (
    *(
        _solver(f"ode_{method}{suffix}", method, 3 if suffix else 0)
        for method in ("rk45", "ckrk", "bdf", "adams")
        for suffix in ("", "_tol")
    ),
    _solver("ode_adjoint_tol_ctl", "adjoint", 11),
)
# Of the old interface: the same with fixed arguments, tolerances last.
OLD = {
    "integrate_ode": "rk45", "integrate_ode_rk45": "rk45", "integrate_ode_bdf": "bdf", "integrate_ode_adams": "adams",
}  # fmt: skip


def old_solver(name: str, arguments: int) -> Solver:
    """The solver behind an old name, called with this many arguments."""
    tolerances = 3 if arguments == 10 else 0
    return _solver(name, OLD[name], tolerances, tolerances)
