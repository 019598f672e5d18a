"""The graph of a density or cdf evaluated in thirty digits: what the formula is worth without rounding.

Only graphs of scalars: elementwise operations, and kernels by the functions of mpmath that they stand for.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath as mp
from pplc.compiler.library.definitions import Distribution
from pplc.compiler.library.densities import parameters_of, pointwise
from pplc.compiler.types import Int, Real
from pytensor.graph.basic import Constant
from pytensor.graph.traversal import toposort
from pytensor.tensor.basic import TensorFromScalar
from pytensor.tensor.elemwise import DimShuffle, Elemwise

DIGITS = 30
INFINITY = mp.inf


def exact(distribution: Distribution, kind: str, arguments: tuple[float | int, ...]) -> tuple[Any, list[Any]]:
    """The value, and its derivative in each real argument, of `NAME_kind(arguments)`."""
    with mp.workdps(DIGITS):
        evaluate = evaluator(distribution, kind)
        numbers = [mp.mpf(a) for a in arguments]
        slopes = []
        for place, parameter in enumerate(parameters_of(distribution)):
            if parameter.support.integer:
                continue
            step = max(abs(numbers[place]), mp.mpf(10) ** -30) * mp.mpf(10) ** -13
            moved = [[*numbers[:place], numbers[place] + sign * step, *numbers[place + 1 :]] for sign in (1, -1)]
            slopes.append((evaluate(moved[0]) - evaluate(moved[1])) / (2 * step))
        return evaluate(numbers), slopes


def evaluator(distribution: Distribution, kind: str) -> Callable[[list[Any]], Any]:
    import pytensor.tensor as pt

    everything = parameters_of(distribution)
    inputs = [pt.lscalar() if p.support.integer else pt.dscalar() for p in everything]
    types = [Int() if p.support.integer else Real() for p in everything]
    output = pointwise(distribution, kind, inputs, types, 0)
    nodes = list(toposort([output]))

    def evaluate(numbers: list[Any]) -> Any:
        known: dict[Any, Any] = dict(zip(inputs, numbers, strict=True))
        for node in nodes:
            values = [v.data.item() if isinstance(v, Constant) else known[v] for v in node.inputs]
            known[node.outputs[0]] = _apply(node.op, values)
        return known[output]

    return evaluate


def _apply(op: Any, values: list[Any]) -> Any:
    match op:
        case DimShuffle() | TensorFromScalar():
            return values[0]
        case Elemwise() if type(op.scalar_op).__name__ == "KernelOp":
            return KERNELS[op.scalar_op.value.__name__](*map(mp.mpf, values))
        case Elemwise() if type(op.scalar_op).__name__ == "TextOp":
            return (KERNELS | OPERATIONS)[op.scalar_op.text](*map(mp.mpf, values))
        case _ if type(op).__name__ == "DisconnectedGrad":
            return values[0]
        case _ if type(op).__name__ == "LogAddExp":
            return mp.log(mp.exp(values[0]) + mp.exp(values[1]))
        case Elemwise():
            return OPERATIONS[type(op.scalar_op).__name__](*values)
        case _:
            raise NotImplementedError(str(op))


def log(x: Any) -> Any:
    return mp.log(x) if x > 0 else -INFINITY if x == 0 else mp.nan


def times(*factors: Any) -> Any:
    product = factors[0]
    for factor in factors[1:]:
        product = product * factor
    return product


def softplus(x: Any) -> Any:
    return mp.log1p(mp.exp(x)) if x < 100 else x + mp.exp(-x)


OPERATIONS: dict[str, Callable[..., Any]] = {
    "Add": lambda *terms: sum(terms),
    "Mul": times,
    "Sub": lambda a, b: a - b,
    "TrueDiv": lambda a, b: mp.mpf(a) / b if b else mp.nan,
    "Neg": lambda x: -x,
    "Abs": abs,
    "Sqr": lambda x: x * x,
    "Sqrt": mp.sqrt,
    "Pow": lambda a, b: mp.mpf(a) ** b,
    "Reciprocal": lambda x: 1 / mp.mpf(x),
    "Exp": mp.exp,
    "Expm1": mp.expm1,
    "Log": log,
    "Log1p": lambda x: log(1 + mp.mpf(x)),
    "Log1mexp": lambda x: log(-mp.expm1(x)),
    "Softplus": softplus,
    "Sigmoid": lambda x: 1 / (1 + mp.exp(-x)),
    "Tanh": mp.tanh,
    "Cos": mp.cos,
    "Sin": mp.sin,
    "ArcTan": mp.atan,
    "ArcTan2": mp.atan2,
    "log_gamma": mp.loggamma,
    "Erfc": mp.erfc,
    "Switch": lambda test, a, b: a if test else b,
    "LE": lambda a, b: a <= b,
    "LT": lambda a, b: a < b,
    "GE": lambda a, b: a >= b,
    "GT": lambda a, b: a > b,
    "EQ": lambda a, b: a == b,
    "NEQ": lambda a, b: a != b,
    "AND": lambda a, b: bool(a) and bool(b),
    "OR": lambda a, b: bool(a) or bool(b),
    "Invert": lambda a: not a,
    "IsInf": mp.isinf,
    "IsNan": mp.isnan,
    "Maximum": max,
    "Minimum": min,
    "Clip": lambda x, low, high: min(max(x, low), high),
    "Cast": lambda x: x,
    "Identity": lambda x: x,
    "Sign": mp.sign,
    "Floor": mp.floor,
}


# Kernels ------------------------------------------------------------------------------------------


def log_ndtr(x: Any) -> Any:
    return log(mp.erfc(-x / mp.sqrt(2)) / 2)


def gamma_parts(a: Any, x: Any) -> tuple[Any, Any]:
    """(P, Q), each from the expansion that has no cancellation (DLMF 8.7.1 and 8.9.2)."""
    if x == 0:
        return mp.mpf(0), mp.mpf(1)
    weight = mp.exp(a * mp.log(x) - x - mp.loggamma(a + 1))
    if x < a + 1:
        total = term = mp.mpf(1)
        n = 0
        while term > mp.eps * total:
            n += 1
            term *= x / (a + n)
            total += term
        return weight * total, 1 - weight * total
    fraction = lentz(lambda k: (k * (a - k), x + 2 * k + 1 - a), x + 1 - a)
    return 1 - weight * a / fraction, weight * a / fraction


def beta_part(a: Any, b: Any, x: Any, complement: Any) -> Any:
    """I_x(a, b) (DLMF 8.17.22)."""
    if x <= 0 or complement <= 0:
        return mp.mpf(x > 0)
    if x * (a + b + 2) >= a + 1:
        return 1 - beta_part(b, a, complement, x)

    def term(k: int) -> tuple[Any, Any]:
        m = k // 2
        if k % 2:
            return -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)), 1
        return m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)), 1

    log_weight = a * mp.log(x) + b * mp.log(complement) - log_beta(a, b)
    return mp.exp(log_weight) / (a * lentz(term, mp.mpf(1)))


def lentz(term: Callable[[int], tuple[Any, Any]], first: Any) -> Any:
    """first + a1 / (b1 + a2 / (b2 + ...)) where term(k) is (ak, bk)."""
    value = upper = first
    lower = mp.mpf(0)
    for k in range(1, 500_000):
        a, b = term(k)
        lower = 1 / (b + a * lower)
        upper = b + a / upper
        value *= upper * lower
        if abs(upper * lower - 1) < mp.eps * 10:
            return value
    raise ArithmeticError("no convergence")


def log_beta(a: Any, b: Any) -> Any:
    return mp.loggamma(a) + mp.loggamma(b) - mp.loggamma(a + b)


def student(z: Any, nu: Any) -> Any:
    square = z * z
    tail = beta_part(nu / 2, mp.mpf(1) / 2, nu / (nu + square), square / (nu + square)) / 2
    return log(tail if z < 0 else 1 - tail)


def skew_normal(z: Any, alpha: Any) -> Any:
    """Owen's integral of exp(-z^2 / (2 sin(t)^2)) / pi up to arccot(alpha), in x = cot(t); for z > 0 of the rest."""
    if z > 0:
        return log(1 - mp.exp(skew_normal(-z, -alpha)))
    start = max(alpha, mp.mpf(0))  # where the integrand is largest
    width = 1 / max(abs(z), mp.mpf(1)) ** 2 / (1 + start)
    edges = [alpha, start, mp.inf, *(start + width * k for k in (-64, -8, -1, 1, 8, 64))]
    edges = sorted(e for e in set(edges) if e >= alpha)
    scale = z * z * (1 + start**2) / 2
    inner = mp.quad(lambda x: mp.exp(scale - z * z * (1 + x * x) / 2) / (1 + x * x), edges)
    return mp.log(inner / mp.pi) - scale


def von_mises(start: Any, end: Any, mu: Any, kappa: Any) -> Any:
    scale = mp.log(2 * mp.pi) + mp.log(mp.besseli(0, kappa))
    edges = [start, *(p for p in (mu - 1, mu, mu + 1) if start < p < end), end]
    return log(mp.quad(lambda x: mp.exp(kappa * mp.cos(x - mu) - scale), edges))


def beta_binomial(n: Any, trials: Any, a: Any, b: Any) -> Any:
    if n < 0 or n >= trials:
        return mp.mpf(0) if n >= 0 else -INFINITY
    masses = (
        mp.exp(mp.log(mp.binomial(trials, k)) + log_beta(k + a, trials - k + b) - log_beta(a, b))
        for k in range(int(n) + 1)
    )
    return log(mp.fsum(masses))


def beta_neg_binomial(n: Any, r: Any, a: Any, b: Any) -> Any:
    if n < 0:
        return -INFINITY
    total = mass = mp.exp(log_beta(r, a + b) - log_beta(r, a))
    for k in range(int(n)):
        mass *= (k + r) * (k + b) / ((k + 1) * (k + r + a + b))
        total += mass
    return log(total)


def beta_neg_binomial_rest(n: Any, r: Any, a: Any, b: Any) -> Any:
    with mp.workdps(mp.mp.dps + 310):
        return log(-mp.expm1(beta_neg_binomial(n, r, a, b)))


def first_passage(u: Any, w: Any) -> Any:
    if not u > 0:
        return -INFINITY
    reach = range(-12, 13)
    short = mp.fsum((w + 2 * k) * mp.exp(-((w + 2 * k) ** 2) / (2 * u)) for k in reach)
    long = mp.fsum(k * mp.sin(k * mp.pi * w) * mp.exp(-((k * mp.pi) ** 2) * u / 2) for k in range(1, 40))
    return log(short / mp.sqrt(2 * mp.pi * u**3) if u < 0.5 else mp.pi * long)


KERNELS: dict[str, Callable[..., Any]] = {
    "stirling_error": lambda x: mp.loggamma(x) - (x - mp.mpf("0.5")) * mp.log(x) + x - mp.log(2 * mp.pi) / 2,
    "log_ndtr": log_ndtr,
    "log_tail_rest": lambda x: log_ndtr(-x) + (x * x / 2 if x >= 0 else 0),
    "log_p": lambda a, x: log(gamma_parts(a, x)[0]),
    "log_q": lambda a, x: log(gamma_parts(a, x)[1]),
    "log_inc_beta": lambda a, b, x, y: log(beta_part(a, b, x, y)),
    "inc_beta": beta_part,
    "fraction": lambda a, b, x, y: mp.mpf(0),  # which the next does without
    "log_peak": lambda a, b: mp.mpf(0),
    "log_inc_beta_by": lambda a, b, x, y, peak, whole: log(beta_part(a, b, x, y)),
    "log_student_t_cdf": student,
    "log_beta": log_beta,
    "log_rising_ratio": lambda a, n: mp.loggamma(a + n) - mp.loggamma(a) - n * mp.log(a),
    "half_step": lambda x: mp.loggamma(x + mp.mpf("0.5")) - mp.loggamma(x) - mp.log(x) / 2,
    "log_i0_scaled": lambda x: mp.log(mp.besseli(0, x)) - x,
    "tail": lambda z, alpha: mp.mpf(0),  # which the next does without
    "log_skew_normal_cdf": lambda z, alpha, tail: skew_normal(z, alpha),
    "log_cdf": lambda y, mu, kappa: von_mises(-mp.pi, y, mu, kappa),
    "log_ccdf": lambda y, mu, kappa: von_mises(y, mp.pi, mu, kappa),
    "beta_binomial_log_cdf": beta_binomial,
    "beta_neg_binomial_log_cdf": beta_neg_binomial,
    "beta_neg_binomial_log_ccdf": beta_neg_binomial_rest,
    "log_first_passage": first_passage,
}
