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


def _known(name: str, *signatures: str, deprecated: str | None = None) -> Function:
    return Function(name, signatures, build=None, deprecated=deprecated)


fixed = (
    *(
        _known(
            name,
            f"({SYSTEM}, vector, vector, data array[] real, data array[] int) => vector",
            f"({SYSTEM}, vector, vector, data array[] real, data array[] int{TOLERANCES}) => vector",
            deprecated=f"use `{successor}`",
        )
        for name, successor in (("algebra_solver", "solve_powell"), ("algebra_solver_newton", "solve_newton"))
    ),
    _known(
        "integrate_1d",
        f"({INTEGRAND}, real, real, array[] real, data array[] real, data array[] int) => real",
        f"({INTEGRAND}, real, real, array[] real, data array[] real, data array[] int, data real) => real",
    ),
    _known("integrate_ode", f"({DYNAMICS}, {DYNAMICS_ARGUMENTS}) => array[,] real", deprecated="use `ode_rk45`"),
    *(
        _known(
            f"integrate_{method}",
            f"({DYNAMICS}, {DYNAMICS_ARGUMENTS}) => array[,] real",
            f"({DYNAMICS}, {DYNAMICS_ARGUMENTS}{TOLERANCES}) => array[,] real",
            deprecated=f"use `{method}`",
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
