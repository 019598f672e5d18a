"""exp(x) * sigmoid(-x) = sigmoid(x), which does not overflow.

PyTensor's rule, among the factors that `canonical` finds in a product.
"""

from __future__ import annotations

from typing import Any

import pytensor.scalar as ps
import pytensor.scalar.math as psm
from pytensor.graph.basic import Variable
from pytensor.graph.rewriting.basic import node_rewriter
from pytensor.tensor.elemwise import Elemwise
from pytensor.tensor.math import mul, sigmoid

from .canonical import products
from .patterns import negated


@node_rewriter([mul])
def sigmoids_of_exponentials(fgraph: Any, node: Any) -> list[Variable] | None:
    """A product without exponentials that a sigmoid among its factors takes in."""
    factors, divisors = products.parts(fgraph, node.outputs[0])
    if divisors:
        return None
    left = list(factors)
    for exponential in factors:
        exponent = _argument(exponential, ps.Exp)
        if exponent is None:
            continue
        for place, factor in enumerate(left):
            argument = _argument(factor, psm.Sigmoid)
            if argument is not None and (_is_minus(argument, exponent) or _is_minus(exponent, argument)):
                left[place] = sigmoid(exponent)
                left.remove(exponential)
                break
    if len(left) == len(factors):
        return None
    new = mul(*left) if len(left) > 1 else left[0]
    return [new] if new.type == node.outputs[0].type else None


def _argument(variable: Variable, function: type) -> Variable | None:
    match variable.owner_op_and_inputs:
        case (Elemwise(scalar_op=found), argument) if type(found) is function:
            return argument
        case _:
            return None


def _is_minus(variable: Variable, x: Variable) -> bool:
    """Whether a variable is written as -x."""
    match negated(variable):
        case [factor]:
            return factor is x
        case _:
            return False
