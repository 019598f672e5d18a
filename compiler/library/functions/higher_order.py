"""Functions that take functions. Only their names and fixed signatures are here; the checker knows how the
variadic ones are typed, and lowering builds them all."""

from __future__ import annotations

from ..definitions import Function

SYSTEM = "(vector, vector, data array[] real, data array[] int) => vector"
INTEGRAND = "(real, real, array[] real, data array[] real, data array[] int) => real"
DYNAMICS = "(real, array[] real, array[] real, data array[] real, data array[] int) => array[] real"
DYNAMICS_ARGUMENTS = "array[] real, real, array[] real, array[] real, data array[] real, data array[] int"
TOLERANCES = ", data real, data real, data real"
LAPLACE_LIKELIHOODS = ("bernoulli_logit", "neg_binomial_2_log", "poisson_log")

_METHODS = {
    "rk45": "Runge-Kutta of order 5 with steps of Dormand and Prince",
    "ckrk": "Runge-Kutta of order 5 with steps of Cash and Karp",
    "bdf": "backward differentiation, for stiff equations",
    "adams": "Adams-Moulton formulas, for smooth equations at tight tolerances",
    "adjoint": "backward differentiation or Adams formulas, with tolerances for the adjoint equations too",
}
_ODE = "States at the given times of an ordinary differential equation with known initial state: "
_ROOT = "The root of a system of equations, from a first guess: "
_LAPLACE = "with the latent Gaussian values integrated out by their normal approximation at the mode"
SUMMARIES = {
    **{f"ode_{name}": f"{_ODE}{method}." for name, method in _METHODS.items()},
    **{f"integrate_ode_{name}": f"{_ODE}{method}." for name, method in _METHODS.items()},
    "integrate_ode": f"{_ODE}{_METHODS['rk45']}.",
    "dae": "States at the given times of a differential-algebraic equation, given as a residual that vanishes.",
    "solve_newton": f"{_ROOT}Newton's method.",
    "solve_powell": f"{_ROOT}Powell's dogleg method.",
    "algebra_solver": f"{_ROOT}Powell's dogleg method.",
    "algebra_solver_newton": f"{_ROOT}Newton's method.",
    "integrate_1d": "The integral of a function between two limits, which may be infinite.",
    "integrate_1d_gauss_kronrod": "An integral by adaptive Gauss-Kronrod quadrature.",
    "integrate_1d_double_exponential": "An integral by double exponential quadrature, for singularities at the limits.",
    "reduce_sum": "The sum of a function over slices of an array.",
    "reduce_sum_static": "The sum of a function over slices of an array, which are always cut the same way.",
    "map_rect": "A function applied to each group of parameters and data, the results one below the other.",
    "laplace_marginal": f"The log density of data {_LAPLACE}.",
    "laplace_latent_rng": "A draw of latent Gaussian values from their normal approximation at the mode.",
    "laplace_latent_solve": "The mode of the latent Gaussian values, and a matrix for the normal approximation there.",
}


def _summary(name: str) -> str:
    """What a function does; a known likelihood or tolerances in its name do not change that."""
    for part in (*(f"_{likelihood}" for likelihood in LAPLACE_LIKELIHOODS), "_tol", "_ctl", "_lpmf"):
        name = name.replace(part, "")
    return SUMMARIES[name]


# What the solvers of today do differently from those that had to pack their arguments.
AS_ODE = "`{}` does the same with a vector as state and any arguments after the times"


def _known(name: str, *signatures: str, deprecated: str | None = None) -> Function:
    return Function(name, signatures, build=None, deprecated=deprecated, summary=_summary(name))


fixed = (
    *(
        _known(
            name,
            f"({SYSTEM}, vector, vector, data array[] real, data array[] int) => vector",
            f"({SYSTEM}, vector, vector, data array[] real, data array[] int{TOLERANCES}) => vector",
            deprecated=f"`{successor}` does the same with any arguments after the guess",
        )
        for name, successor in (("algebra_solver", "solve_powell"), ("algebra_solver_newton", "solve_newton"))
    ),
    _known(
        "integrate_1d",
        f"({INTEGRAND}, real, real, array[] real, data array[] real, data array[] int) => real",
        f"({INTEGRAND}, real, real, array[] real, data array[] real, data array[] int, data real) => real",
    ),
    _known(
        "integrate_ode", f"({DYNAMICS}, {DYNAMICS_ARGUMENTS}) => array[,] real", deprecated=AS_ODE.format("ode_rk45")
    ),
    *(
        _known(
            f"integrate_{method}",
            f"({DYNAMICS}, {DYNAMICS_ARGUMENTS}) => array[,] real",
            f"({DYNAMICS}, {DYNAMICS_ARGUMENTS}{TOLERANCES}) => array[,] real",
            deprecated=AS_ODE.format(method),
        )
        for method in ("ode_rk45", "ode_adams", "ode_bdf")
    ),
    _known("map_rect", f"({SYSTEM}, vector, array[] vector, data array[,] real, data array[,] int) => vector"),
)

variadic = tuple(
    _known(name)
    for name in (
        *(f"ode_{method}{tolerances}" for method in ("rk45", "ckrk", "adams", "bdf") for tolerances in ("", "_tol")),
        "ode_adjoint_tol_ctl",
        *(f"{solver}{tolerances}" for solver in ("dae", "solve_newton", "solve_powell") for tolerances in ("", "_tol")),
        *(
            f"integrate_1d_{method}{tolerances}"
            for method in ("gauss_kronrod", "double_exponential")
            for tolerances in ("", "_tol")
        ),
        "reduce_sum",
        "reduce_sum_static",
        *(
            name
            for tolerances in ("", "_tol")
            for name in (
                f"laplace_marginal{tolerances}",
                f"laplace_latent{tolerances}_rng",
                f"laplace_latent_solve{tolerances}",
                *(f"laplace_marginal{tolerances}_{likelihood}_lpmf" for likelihood in LAPLACE_LIKELIHOODS),
                *(f"laplace_latent{tolerances}_{likelihood}_rng" for likelihood in LAPLACE_LIKELIHOODS),
            )
        ),
    )
)
