"""The integrals of one variable."""

from __future__ import annotations

from ..values import Slot
from .adapters import linear_adapter, plain_adapter
from .kernels import quadrature as kernels
from .solver import Problem, Solver
from .specialise import Kernel, Replacement

_KERNELS: dict[str, Kernel] = {
    "double_exponential": kernels.double_exponential,
    "gauss_kronrod": kernels.gauss_kronrod,
}
ROOT_EPSILON = "1.4901161193847656e-08"
_DEFAULTS = (ROOT_EPSILON, "0.0", "15")


def _solver(name: str, method: str, controls: int, trailing: int = 0) -> Solver:
    def write(problem: Problem) -> tuple[str, str]:
        a, b, *given = problem.control
        callback, number, vector = problem.callback, Slot("f", 0), Slot("f", 1)
        of_lower, of_upper = (int(active) for active in problem.active[:2])
        replacements: dict[str, Replacement] = {
            "integrand": plain_adapter(callback, problem.context),
            "linearise_integrand": linear_adapter(callback, (False, False), None, problem.context),
            "STOPPED": problem.message(
                f"`{name}` has refined as often as it may; it is uncertain by ", number,
                ", its best values (of the integral, then of its derivatives) are ", vector,
                help="allow a larger error, or integrate in parts between the points where the integrand has no "
                "derivative; it may have no integral",
            ),
            "STUCK": problem.message(
                f"the integrand given to `{name}`, or its derivative, is ", number, " at ", number,
                ", but must be finite",
            ),
            "MISPLACED": problem.message(f"the limits given to `{name}` are not in order: ", number, " and ", number),
        }  # fmt: skip
        controls = (*given, *_DEFAULTS[len(given) :])
        total = problem.bind(problem.call(_KERNELS[method], replacements, a, b, *controls, callback.columns))
        jacobian = ""
        if problem.differentiated:
            wanted = (of_lower, of_upper, callback.columns)
            jacobian = problem.bind(problem.call(kernels.integral_jacobian, replacements, total, a, b, *wanted))
        return problem.bind(problem.call(kernels.integral_value, {}, total)), jacobian

    refinements = "max_depth" if method == "gauss_kronrod" else "max_refinements"
    least = ((2, "relative_tolerance", ">="), (3, "absolute_tolerance", ">="), (4, refinements, ">="))[:controls]
    return Solver(name, 2 + controls, 2, 0, write, lambda _: (), (True, True), trailing, (False, False), least)


SOLVERS = tuple(
    _solver(f"integrate_1d_{method}{suffix}", method, 3 if suffix else 0)
    for method in _KERNELS
    for suffix in ("", "_tol")
)


def old_solver(arguments: int) -> Solver:
    """`integrate_1d`, called with this many arguments: a relative tolerance may come last."""
    tolerances = 1 if arguments == 7 else 0
    return _solver("integrate_1d", "double_exponential", tolerances, tolerances)
