"""N / (D sqrt(q)) = N sqrt(q) / (D q), where q is a quotient whose parts are also in N and D and cancel.

The derivative of a root divides by the root, and where that is of a quotient u / v by the square of v as well. With the
root on the other side u and v cancel, and there are fewer divisions; where q is 0, and the derivative infinite or not
defined, so may be what is left.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytensor.scalar as ps
import pytensor.tensor as pt
from pytensor.graph.rewriting.basic import node_rewriter
from pytensor.tensor.elemwise import Elemwise

from ..library.graph import multiplied
from .definition import Rewrite
from .patterns import applies, is_scalar

HIGHEST = 8  # power of a factor


@node_rewriter([Elemwise])
def turn_root(fgraph: Any, node: Any) -> list[Any] | None:
    """Rewrites a quotient with a root among its divisors, if fewer vectors are divided by then."""
    result = node.outputs[0]
    if not isinstance(node.op.scalar_op, ps.TrueDiv) or result.type.dtype != "float64":
        return None
    powers: Counter[Any] = Counter()
    _factors(result, 1, powers)
    before = _divisors(powers)
    for root, power in list(powers.items()):
        if power < 0 and applies(root.owner, ps.Sqrt):
            turned = powers.copy()
            turned[root] += 2
            _factors(root.owner.inputs[0], -1, turned)
            if _divisors(turned) < _divisors(powers):
                powers = turned
    if _divisors(powers) == before or not any(powers.values()) or max(map(abs, powers.values())) > HIGHEST:
        return None
    new = _product(powers)
    return [new] if new.type == result.type else None


def _factors(variable: Any, power: int, powers: Counter[Any]) -> None:
    """Add the factors of a variable to some power."""
    if applies(variable.owner, ps.Mul):
        for factor in variable.owner.inputs:
            _factors(factor, power, powers)
    elif applies(variable.owner, ps.Sqr):
        _factors(variable.owner.inputs[0], 2 * power, powers)
    elif applies(variable.owner, ps.TrueDiv):
        _factors(variable.owner.inputs[0], power, powers)
        _factors(variable.owner.inputs[1], -power, powers)
    elif applies(variable.owner, ps.Neg):
        _factors(variable.owner.inputs[0], power, powers)
        powers[pt.constant(-1.0)] += 1
    else:
        powers[variable] += power


def _divisors(powers: Counter[Any]) -> int:
    """How many vectors, or larger arrays, are divided by."""
    return sum(power < 0 and not is_scalar(factor) for factor, power in powers.items())


def _product(powers: Counter[Any]) -> Any:
    """Factors to their powers; numbers and arrays are multiplied and divided among themselves first."""
    parts = []
    for scalar in (True, False):
        mine = {factor: power for factor, power in powers.items() if is_scalar(factor) == scalar}
        above = [_power(factor, power) for factor, power in mine.items() if power > 0]
        below = [_power(factor, -power) for factor, power in mine.items() if power < 0]
        if below:
            parts.append(multiplied(above) / multiplied(below))
        elif above:
            parts.append(multiplied(above))
    return multiplied(parts)


def _power(factor: Any, power: int) -> Any:
    if power == 1:
        return factor
    square = pt.sqr(_power(factor, power // 2))
    return square * factor if power % 2 else square


def _example() -> tuple[list[Any], Any]:
    a, x, y = pt.dscalar("a"), pt.tensor("x", shape=(5,), dtype="float64"), pt.tensor("y", shape=(5,), dtype="float64")
    u, v = a * a * pt.exp(x), a * a + pt.exp(x)
    return [a, x, y], (y * u / (v * v * pt.sqrt(u / v))).sum()


rewrite = Rewrite("roots_of_quotients", "1 / sqrt(u / v) = v sqrt(u / v) / u", turn_root, _example, among=True)
