"""log(exp(x)) = x and log(exp(x) y) = x + log(y): the logarithm of what a positive parameter is made of.

PyTensor knows the former only where nothing stands between. Here axes may be added or taken away in between, elements
may be picked, and where exp(x) underflows to 0 a number may stand in for it, or 0 itself, which has no slope.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import pytensor.scalar as ps
import pytensor.tensor as pt
from pytensor.graph.rewriting.basic import node_rewriter
from pytensor.tensor.elemwise import DimShuffle, Elemwise
from pytensor.tensor.subtensor import AdvancedSubtensor, Subtensor

from .definition import Rewrite
from .patterns import is_constant


@node_rewriter([Elemwise])
def take_exponent(fgraph: Any, node: Any) -> list[Any] | None:
    """Rewrites a logarithm in whose argument an exponential is a factor or a divisor."""
    result = node.outputs[0]
    if not isinstance(node.op.scalar_op, ps.Log) or result.type.dtype != "float64":
        return None
    parts = _parts(node.inputs[0])
    if parts is None:
        return None
    exponent, rest = parts
    new = exponent if rest is None else exponent + pt.log(rest)
    return [new] if new.type == result.type else None


def _parts(variable: Any) -> tuple[Any, Any] | None:
    """x and y (None for 1) of a variable exp(x) y; None where no factor is an exponential.

    y stays one product: its factors may be negative.
    """
    match variable.owner_op_and_inputs:
        case (Elemwise(scalar_op=ps.Exp()), x) if x.type.dtype == "float64":
            return x, None
        case (DimShuffle() as op, x):
            return _each(op, op, _parts(x))
        case (AdvancedSubtensor() | Subtensor() as op, x, *index) if None not in x.type.shape:
            pick = partial(_picked, op, x.type.shape, index)
            return _each(pick, pick, _parts(x))
        case (Elemwise(scalar_op=ps.Switch()), condition, one, x) if is_constant(one, 1):
            return _each(partial(pt.switch, condition, 0.0), partial(pt.switch, condition, 1.0), _parts(x))
        case (Elemwise(scalar_op=ps.Switch()), is_zero, zero, x) if _stands_still(is_zero, zero, x):
            return _each(lambda exponent: exponent, lambda rest: pt.switch(pt.eq(rest, 0), 0.0, rest), _parts(x))
        case (Elemwise(scalar_op=ps.Mul()), *factors):
            parts = [_parts(factor) or (None, factor) for factor in factors]
            exponents = [exponent for exponent, _ in parts if exponent is not None]
            rests = [rest for _, rest in parts if rest is not None]
            return (_joined(pt.add, exponents), _joined(pt.mul, rests)) if exponents else None
        case (Elemwise(scalar_op=ps.TrueDiv()), above, below):
            over, under = _parts(above), _parts(below)
            if over is None and under is None:
                return None
            (a, y), (b, z) = over or (None, above), under or (None, below)
            exponent = a if b is None else -b if a is None else a - b
            rest = y if z is None else pt.reciprocal(z) if y is None else y / z
            return exponent, rest
    return None


def _stands_still(condition: Any, zero: Any, x: Any) -> bool:
    """Whether a switch is x by another name: 0 where x is 0."""
    match condition.owner_op_and_inputs:
        case (Elemwise(scalar_op=ps.EQ()), compared, other):
            return compared is x and is_constant(other, 0) and is_constant(zero, 0)
        case _:
            return False


def _each(on_exponent: Any, on_rest: Any, parts: tuple[Any, Any] | None) -> tuple[Any, Any] | None:
    """Both parts, changed."""
    if parts is None:
        return None
    exponent, rest = parts
    return on_exponent(exponent), None if rest is None else on_rest(rest)


def _picked(op: Any, shape: tuple[int, ...], index: list[Any], part: Any) -> Any:
    """Elements of a part that has this shape once it is stretched."""
    return op(part if part.type.shape == shape else pt.alloc(part, *shape), *index)


def _joined(operation: Any, terms: list[Any]) -> Any:
    return operation(*terms) if len(terms) > 1 else terms[0] if terms else None


def _example() -> tuple[list[Any], Any]:
    a, x, y = pt.dscalar("a"), pt.tensor("x", shape=(5,), dtype="float64"), pt.tensor("y", shape=(5,), dtype="float64")
    scale = pt.exp(a)
    return [a, x, y], (
        pt.log(scale.dimshuffle("x") * (y / -(1 + pt.abs(y))) * y / -pt.exp(x))
        + pt.log(pt.switch(pt.eq(y, 0), 1, pt.exp(x)))
        + pt.log(pt.switch(pt.eq(pt.exp(x) * pt.abs(y), 0), 0, pt.exp(x) * pt.abs(y)))
        + pt.log((scale * pt.exp(y))[pt.constant([0, 3, 3, 1, 4])])
    ).sum()


rewrite = Rewrite("logs_of_exponentials", "log(exp(x) y) = x + log(y)", take_exponent, _example)
