"""Lines for functions that take functions, and the functions that these lines pass."""

from __future__ import annotations

FUNCTIONS = """\
functions {
  vector decay(real t, vector y, real rate) {
    return -rate * y;
  }
  vector residual(real t, vector y, vector slope, real rate) {
    return slope + rate * y;
  }
  vector square_less(vector x, real a) {
    return square(x) - a;
  }
  real bump(real x, real gap, real a) {
    return exp(-a * square(x));
  }
  real partial_sum(array[] real part, int first, int last, real mu) {
    return normal_lpdf(part | mu, 1);
  }
  real log_likelihood(vector theta, array[] int y) {
    return poisson_log_lpmf(y | theta);
  }
  matrix covariance(array[] real x, real scale) {
    return gp_exp_quad_cov(x, 1.0, scale);
  }
  vector system(vector x, vector theta, data array[] real reals, data array[] int ints) {
    return square(x) - theta;
  }
  vector shard(vector common, vector own, data array[] real reals, data array[] int ints) {
    return common + own;
  }
  real integrand(real x, real gap, array[] real theta, data array[] real reals, data array[] int ints) {
    return exp(-theta[1] * square(x));
  }
  array[] real dynamics(real t, array[] real y, array[] real theta, data array[] real reals, data array[] int ints) {
    return {-theta[1] * y[1]};
  }
}
"""

_TOLERANCES = "1e-8, 1e-8, 1000"
_LAPLACE = "log_likelihood, ({1, 3},), 1, covariance, ({0.0, 1.0}, 0.8)"
_LAPLACE_KNOWN = {
    "bernoulli_logit": "{1, 0}, {1, 2}, [0, 0]', 1, covariance, ({0.0, 1.0}, 0.8)",
    "neg_binomial_2_log": "{1, 3}, {1, 2}, [2.0, 2.0]', [0, 0]', 1, covariance, ({0.0, 1.0}, 0.8)",
    "poisson_log": "{1, 3}, {1, 2}, [0, 0]', 1, covariance, ({0.0, 1.0}, 0.8)",
}
_CONTROL = "([0, 0]', 1e-8, 100, 1, 10, 1)"

ARGUMENTS: dict[str, str] = {
    **{f"ode_{solver}": "decay, [1.0]', 0, {1.0, 2.0}, 0.5" for solver in ("rk45", "ckrk", "bdf", "adams")},
    **{
        f"ode_{solver}_tol": f"decay, [1.0]', 0, {{1.0, 2.0}}, {_TOLERANCES}, 0.5"
        for solver in ("rk45", "ckrk", "bdf", "adams")
    },
    "ode_adjoint_tol_ctl": (
        "decay, [1.0]', 0, {1.0, 2.0}, 1e-8, [1e-8]', 1e-8, [1e-8]', 1e-8, 1e-8, 1000, 100, 1, 1, 1, 0.5"
    ),
    **{
        f"integrate_ode{solver}": "dynamics, {1.0}, 0, {1.0, 2.0}, {0.5}, {0.0}, {0}"
        for solver in ("", "_rk45", "_bdf", "_adams")
    },
    "dae": "residual, [1.0]', [-0.5]', 0, {1.0, 2.0}, 0.5",
    "dae_tol": f"residual, [1.0]', [-0.5]', 0, {{1.0, 2.0}}, {_TOLERANCES}, 0.5",
    **{f"solve_{method}": "square_less, [1.0]', 2.0" for method in ("newton", "powell")},
    **{f"solve_{method}_tol": f"square_less, [1.0]', {_TOLERANCES}, 2.0" for method in ("newton", "powell")},
    "algebra_solver": "system, [1.0]', [2.0]', {0.0}, {0}",
    "algebra_solver_newton": "system, [1.0]', [2.0]', {0.0}, {0}",
    "integrate_1d": "integrand, 0, 1, {0.5}, {0.0}, {0}",
    **{f"integrate_1d_{method}": "bump, 0, 1, 0.5" for method in ("gauss_kronrod", "double_exponential")},
    **{
        f"integrate_1d_{method}_tol": "bump, 0, 1, 1e-8, 1e-8, 10, 0.5"
        for method in ("gauss_kronrod", "double_exponential")
    },
    "map_rect": "shard, [2.0]', {[1.0]', [3.0]'}, {{0.0}, {0.0}}, {{0}, {0}}",
    "reduce_sum": "partial_sum, {0.3, 0.7}, 1, 0.5",
    "reduce_sum_static": "partial_sum, {0.3, 0.7}, 1, 0.5",
    **{
        f"laplace_{what}{control and '_tol'}{end}": _LAPLACE + control
        for what, end in (("marginal", ""), ("latent", "_rng"), ("latent_solve", ""))
        for control in ("", f", {_CONTROL}")
    },
    **{
        f"laplace_{what}{control and '_tol'}_{likelihood}_{end}": arguments + control
        for likelihood, arguments in _LAPLACE_KNOWN.items()
        for what, end in (("marginal", "lpmf"), ("latent", "rng"))
        for control in ("", f", {_CONTROL}")
    },
}
