"""cofactors(A) / det(A) = inv(A)': the derivative of log(det(A)) needs no determinant, which may overflow.

PyTensor applies it among its canonical forms, and then takes log(det(A)) for one function if nothing else uses det(A).
"""

from __future__ import annotations

from functools import cache
from typing import Any

import pytensor.scalar as ps
import pytensor.tensor as pt
from pytensor.compile.mode import optdb
from pytensor.graph.rewriting.basic import node_rewriter
from pytensor.tensor.blockwise import Blockwise
from pytensor.tensor.elemwise import DimShuffle, Elemwise

from ..library.graph import multiplied
from ..library.ops.determinant import Cofactors

NAME = "cofactors_over_determinants"


@node_rewriter([Elemwise(ps.true_div)])
def cofactors_over_determinants(fgraph: Any, node: Any) -> list[Any] | None:
    """Of factors over the determinant, or over its absolute value."""
    numerator, denominator = node.inputs
    factors = _factors(numerator)
    for place, factor in enumerate(factors):
        match factor.owner_op_and_inputs:
            case (Blockwise(Cofactors()), _, inverse, determinant):
                sign = _sign(_number(denominator), _number(determinant))
                if sign is not None:
                    factors[place] = inverse.mT * pt.expand_dims(sign, (-2, -1))
                    return [multiplied(factors)]
    return None


def _factors(product: Any) -> list[Any]:
    match product.owner_op_and_inputs:
        case (Elemwise(scalar_op=ps.Mul()), *factors):
            return factors
        case _:
            return [product]


def _number(x: Any) -> Any:
    """What was stretched to a matrix."""
    match x.owner_op_and_inputs:
        case (DimShuffle(is_expand_dims=True), number):
            return number
        case _:
            return x


def _sign(denominator: Any, determinant: Any) -> Any:
    """The determinant over the denominator: 1, its sign, or None for anything else."""
    if denominator is determinant:
        return pt.constant(1.0)
    match denominator.owner_op_and_inputs:
        case (Elemwise(scalar_op=ps.Abs()), inner) if inner is determinant:
            return pt.sign(determinant)
        case _:
            return None


@cache
def register() -> None:
    """Let PyTensor know the rule under a name of its own, which only a query that includes it finds."""
    optdb["canonicalize"].register(NAME, cofactors_over_determinants)
