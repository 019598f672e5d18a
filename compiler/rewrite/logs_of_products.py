"""sum(log x) = sum(k) log 2 + log(product of m) for x = m 2**k with m near 1: a sum of logarithms takes hardly one.

Likewise for log(1 + x), and for softplus(x) = max(x, 0) + log(1 + exp(-|x|)). A logarithm costs two divisions and some
thirty products, its argument's exponent a few shifts. Rounding in a product of n factors is at most n / 2 ulp, which is
that of adding up n logarithms: both are absolute errors of 1e-16 for each term. Where a term of log(1 + x) is so small
that this would be seen (a factor before the sum may be large), the series of the logarithm is added up instead.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log, prod
from typing import Any

import numpy as np
import pytensor.scalar as ps
import pytensor.scalar.math as psm
import pytensor.tensor as pt
from pytensor.graph.basic import Apply
from pytensor.graph.op import Op
from pytensor.graph.rewriting.basic import node_rewriter
from pytensor.tensor.elemwise import Elemwise
from pytensor.tensor.math import Sum

from ..library.graph import added
from .definition import Rewrite
from .patterns import is_full, is_scalar

FEWEST = 64  # terms worth a product
SMALL = 2.0**-10  # below, five terms of the series of log(1 + x) are exact, and 1 + x would lose ten digits of it


class SumOfLogs(Op):  # type: ignore[misc]
    """The sum of the logarithms of numbers between 1/2 and 2 (or 0, inf, nan), by products of a few hundred of them."""

    __props__ = ()

    def make_node(self, *factors: Any) -> Apply:
        (vector,) = factors
        return Apply(self, [pt.as_tensor(vector)], [pt.dscalar()])

    def perform(self, node: Apply, inputs: Sequence[Any], outputs: list[list[Any]]) -> None:
        with np.errstate(divide="ignore", invalid="ignore"):
            outputs[0][0] = np.log(inputs[0]).sum()


class Mantissa(ps.UnaryScalarOp):  # type: ignore[misc]
    """m of x = m 2**k, where 1/2 <= m < 2; of 0, inf and nan themselves, of negative numbers nan."""

    def impl(self, x: float) -> float:
        return np.frexp(x)[0] if x >= 0 else np.nan

    def c_code(self, *_: Any) -> str:
        raise NotImplementedError


class Exponent(ps.UnaryScalarOp):  # type: ignore[misc]
    """k of x = m 2**k; 0 where the mantissa is the number itself."""

    def impl(self, x: float) -> float:
        return float(np.frexp(x)[1]) if 0 < x < np.inf else 0.0

    def c_code(self, *_: Any) -> str:
        raise NotImplementedError


class NormalMantissa(Mantissa):
    """The same, but not of subnormal numbers."""


class NormalExponent(Exponent):
    """The same, but not of subnormal numbers."""


mantissa = Elemwise(Mantissa(ps.upgrade_to_float64, name="mantissa"))
exponent = Elemwise(Exponent(ps.upgrade_to_float64, name="exponent"))
normal_mantissa = Elemwise(NormalMantissa(ps.upgrade_to_float64, name="normal_mantissa"))
normal_exponent = Elemwise(NormalExponent(ps.upgrade_to_float64, name="normal_exponent"))


@dataclass(frozen=True)
class Term:
    """A part of an argument: `factors` are numbers, the same everywhere, that it is multiplied by."""

    variable: Any
    factors: tuple[Any, ...]

    def scaled(self, total: Any) -> Any:
        return pt.mul(*(f.dimshuffle() for f in self.factors), total) if self.factors else total


@node_rewriter([Sum])
def multiply_out(fgraph: Any, node: Any) -> list[Any] | None:
    """Rewrites a full sum with terms that are logarithms, or multiples of them, used nowhere else."""
    (argument,) = node.inputs
    shape = argument.type.shape
    if argument.type.dtype != "float64" or None in shape or prod(shape) < FEWEST:
        return None
    if not is_full(node):
        return None
    totals, rest = [], []
    for term in _terms(fgraph, argument):
        total = _sum_of_logs(fgraph, term.variable, shape)
        if total is None:
            rest.append(term)
        else:
            totals.append(term.scaled(total))
    if not totals:
        return None
    full = [term.variable for term in rest if term.variable.type.shape == shape and not term.factors]
    for term in rest:
        if is_scalar(term.variable):
            totals.append(term.scaled(float(prod(shape)) * pt.cast(term.variable.dimshuffle(), "float64")))
        elif term.variable.type.shape != shape:
            return None  # a stretched term would be counted too few times
        elif term.factors:
            totals.append(term.scaled(pt.sum(term.variable)))
    if full:
        totals.append(pt.sum(added(full), dtype="float64"))
    return [added(totals)]


def _terms(fgraph: Any, variable: Any, factors: tuple[Any, ...] = ()) -> Iterator[Term]:
    """What is added up to a variable, with its factors; what others use, too, is not looked into."""
    node = variable.owner
    if node is None or not isinstance(node.op, Elemwise) or not _is_used_once(fgraph, variable):
        yield Term(variable, factors)
        return
    minus = (*factors, pt.constant(-1.0))
    match node.op.scalar_op:
        case ps.Add():
            for operand in node.inputs:
                yield from _terms(fgraph, operand, factors)
        case ps.Sub():
            yield from _terms(fgraph, node.inputs[0], factors)
            yield from _terms(fgraph, node.inputs[1], minus)
        case ps.Neg():
            yield from _terms(fgraph, node.inputs[0], minus)
        case ps.Mul() if sum(not is_scalar(x) for x in node.inputs) == 1:
            numbers = [x for x in node.inputs if is_scalar(x)]
            [other] = [x for x in node.inputs if not is_scalar(x)]
            yield from _terms(fgraph, other, (*factors, *numbers))
        case _:
            yield Term(variable, factors)


def _is_used_once(fgraph: Any, variable: Any) -> bool:
    return len(fgraph.clients.get(variable, ())) == 1


def _sum_of_logs(fgraph: Any, variable: Any, shape: tuple[int, ...]) -> Any | None:
    """The sum of a logarithm's elements by products; None where it is none."""
    node = variable.owner
    if node is None or not isinstance(node.op, Elemwise) or not _is_used_once(fgraph, variable):
        return None
    x = node.inputs[0]
    if x.type.shape != shape or x.type.dtype != "float64":
        return None
    match node.op.scalar_op:
        case psm.Softplus():
            return pt.sum(pt.maximum(x, 0.0)) + SumOfLogs()(1.0 + pt.exp(-pt.abs(x)))
        case ps.Log():
            return SumOfLogs()(mantissa(x)) + log(2.0) * pt.sum(exponent(x))
        case ps.Log1p():
            small = pt.lt(pt.abs(x), SMALL)
            series = x * (1.0 + x * (-1 / 2 + x * (1 / 3 + x * (-1 / 4 + x * (1 / 5)))))
            large = pt.switch(small, 1.0, 1.0 + x)  # never subnormal: 0 or at least 2**-53
            logs = SumOfLogs()(normal_mantissa(large)) + log(2.0) * pt.sum(normal_exponent(large))
            return pt.sum(pt.switch(small, series, 0.0)) + logs
    return None


def _example() -> tuple[list[Any], Any]:
    a, v = pt.dscalar("a"), pt.tensor("v", shape=(200,), dtype="float64")
    return [a, v], pt.sum(v - pt.softplus(a * v) - 0.5 * (a + pt.log1p(v * v)) + pt.log(pt.exp(v) + v * v))


rewrite = Rewrite(
    "logs_of_products", "sum(log x) = sum(exponents) log 2 + log(prod(mantissas))", multiply_out, _example, last=True
)
