"""First-passage times whose drift, start and delay vary from trial to trial, and their cumulative functions.

The drift varies normally (its standard deviation is `var_delta`), which is integrated out in closed form; the
start varies uniformly over `var_beta` of the distance and the delay uniformly over `var_tau`, which is done by
quadrature, as is the time below (above) which the cumulative functions count (`kernels/first_passage.py`). It is as
fine as double precision asks for, so the precision argument has no effect.
Henrich, Hartmann, Pratz, Voss and Klauer 2024, Behavior Research Methods 56; the density with constant
parameters is `distributions/wiener.py`.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from ..definitions import Function, KernelFunction, Tensor
from ..domains import all_where, relation
from ..graph import pt
from ..kernels import first_passage
from ..special import log_first_passage
from ..supports import Location, Positive, Real

type Value = Callable[..., Tensor]

SUMMARIES = {
    "wiener_lpdf": "Log density of when a drifting process reaches the upper of two boundaries, in trials that vary.",
    "wiener_lcdf_unnorm": "Log probability of reaching the upper boundary by a time (the lower may come first).",
    "wiener_lccdf_unnorm": "Log probability of reaching the upper boundary after a time (the lower may come first).",
}


NAMES = ("y", "alpha", "tau", "beta", "delta", "var_delta", "var_beta", "var_tau", "precision")
SUPPORTS = {
    "y": Positive(),
    "alpha": Positive(),
    "tau": Real(lower=0, finite=True),
    "beta": Real(above=0, below=1),
    "delta": Location(),
    "var_delta": Real(lower=0, finite=True),
    "var_beta": Real(lower=0, below=1),
    "var_tau": Real(lower=0, finite=True),
}
STARTS = relation(
    "var_beta",
    "beta",
    "so small that all starts lie between the boundaries",
    lambda var_beta, beta: (beta - 0.5 * var_beta > 0) & (beta + 0.5 * var_beta < 1),
)

BEGUN = relation("y", "tau", "greater than tau", lambda y, tau: y > tau)


def _varying_drift(time: Tensor, alpha: Tensor, beta: Tensor, delta: Tensor, var_delta: Tensor) -> Tensor:
    """Log density of reaching the upper boundary after `time`."""
    begun = pt.gt(time, 0)
    time = pt.switch(begun, time, 1.0)
    start = pt.switch(pt.gt(beta, 0) & pt.lt(beta, 1) & pt.ge(var_delta, 0), 1 - beta, math.nan)
    distance = alpha * start
    scale = 1 + var_delta**2 * time
    exponent = ((var_delta * distance) ** 2 + 2 * delta * distance - delta**2 * time) / (2 * scale)
    passage = log_first_passage(time / alpha**2, start) - 2 * pt.log(alpha)
    return pt.switch(begun, exponent - 0.5 * pt.log(scale) + passage, math.nan)


def _integral(kernel: KernelFunction) -> Value:
    """The same of a kernel: what is not given does not vary."""

    def value(*arguments: Tensor) -> Tensor:
        from ..ops.with_slopes import with_slopes

        return with_slopes(kernel)(*arguments, *[pt.constant(0.0)] * (7 - len(arguments)))

    return value


def _define(name: str, values: dict[int, Value]) -> list[Function]:
    """The overloads of `name` for numbers and vectors, with so many arguments and perhaps a precision after them."""

    is_density = name == "wiener_lpdf"

    def overload(count: int, value: Value, of: str) -> Function:
        def build(*arguments: Tensor) -> Tensor:
            y, alpha, tau, *process = (pt.cast(x, "float64") for x in arguments[:count])
            begun = pt.gt(y, tau) if is_density else pt.gt(y, 0)
            time = pt.switch(begun & pt.ge(tau, 0), y - tau, math.nan)
            terms = value(time, alpha, *process)
            return pt.sum(terms, axis=-1) if of == "vector" else terms

        build.names = NAMES  # type: ignore[attr-defined]
        several = ", ".join([of] * count)
        plain = (f"({several}) => real",) if count > 5 or not is_density else ()
        domain = (
            all_where({argument: SUPPORTS[argument] for argument in NAMES[:count]})
            + (STARTS,) * (count == 8)
            + (BEGUN,)
        )
        signatures = (*plain, f"({several}, data real) => real")
        return Function(name, signatures, build, summary=SUMMARIES[name], domain=domain)

    return [overload(count, value, of) for count, value in values.items() for of in ("real", "vector")]


density = _define("wiener_lpdf", {6: _varying_drift, 8: _integral(first_passage.log_density)})
cumulative = _define("wiener_lcdf_unnorm", {count: _integral(first_passage.log_sooner) for count in (5, 8)})
complementary = _define("wiener_lccdf_unnorm", {count: _integral(first_passage.log_later) for count in (5, 8)})
