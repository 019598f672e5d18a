"""The solvers of systems of equations. The result does not depend on the guess as far as derivatives go."""

from __future__ import annotations

from ..values import Slot
from .adapters import linear_adapter, value_adapter
from .kernels import roots as kernels
from .solver import Problem, Solver
from .specialise import Kernel, Replacement

_DEFAULTS = {"newton": ("0.001", "1e-06", "200"), "powell": ("1e-10", "1e-06", "200")}
_KERNELS: dict[str, Kernel] = {"newton": kernels.newton, "powell": kernels.powell}


def _solver(name: str, method: str, controls: int, trailing: int = 0) -> Solver:
    def write(problem: Problem) -> tuple[str, str]:
        guess, *tolerances = problem.control
        callback = problem.callback
        number, vector = Slot("f", 0), Slot("f", 1)
        replacements: dict[str, Replacement] = {
            "root": value_adapter(callback, 0, problem.context),
            "linearise_root": linear_adapter(callback, (True,), 0, problem.context),
            "STOPPED": problem.message(
                f"`{name}` has taken ", number, " steps, as many as it may (max_num_steps); the norm of the function",
                " is ", number, " at ", vector, help="allow more steps, or begin with a guess nearer to the root",
            ),
            "STUCK": problem.message(
                f"`{name}` finds no root; the norm of the function is ", number, " at ", vector,
                help="begin with a guess nearer to a root; for these arguments there may be none",
            ),
            "NOT_FINITE": problem.message(
                f"`{name}`: element ", number, " of the guess is ", number, ", but must be finite"
            ),
            "MISPLACED": problem.message(
                f"the Jacobian of the function given to `{name}` is singular (pivot ", number, ") at its root ", vector,
                help="the root has no derivatives by the arguments of the function there",
            ),
        }  # fmt: skip
        controls = tolerances or _DEFAULTS[method]
        found = problem.bind(problem.call(_KERNELS[method], replacements, guess, *controls, callback.columns))
        jacobian = ""
        if problem.differentiated:
            jacobian = problem.bind(problem.call(kernels.root_jacobian, replacements, found, callback.columns))
        return problem.bind(problem.call(kernels.root_value, {}, found)), jacobian

    first = "scaling_step" if method == "newton" else "relative_tolerance"
    least = ((1, first, ">="), (2, "function_tolerance", ">="), (3, "max_num_steps", ">"))[:controls]
    return Solver(
        name, 1 + controls, 1, 1, write, lambda control: control[0], (), trailing, (True,),
        least, ((0, "the guess"),),
    )  # fmt: skip


SOLVERS = tuple(
    _solver(f"solve_{method}{suffix}", method, 3 if suffix else 0) for method in _KERNELS for suffix in ("", "_tol")
)
# Of the old interface: the same with fixed arguments, tolerances last.
OLD = {"algebra_solver": "powell", "algebra_solver_newton": "newton"}


def old_solver(name: str, arguments: int) -> Solver:
    """The solver behind an old name, called with this many arguments."""
    tolerances = 3 if arguments == 8 else 0
    return _solver(name, OLD[name], tolerances, tolerances)
