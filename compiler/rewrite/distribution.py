"""(a / x + b / y) * x * y = a * y + b * x, where that saves operations.

PyTensor's rule, over products and sums as `canonical` takes them apart. A factor goes into a sum if it cancels with
divisors of its terms.
"""

from __future__ import annotations

from typing import Any

from pytensor.graph.basic import Variable
from pytensor.graph.rewriting.basic import node_rewriter
from pytensor.tensor.math import mul, reciprocal, true_div

from .canonical import Parts, products, sums

DIVISION = 1.5  # its cost in multiplications

type Terms = tuple[list[Parts], list[Parts]]  # the products that are added, and those that are subtracted


@node_rewriter([mul, true_div, reciprocal])
def distribution(fgraph: Any, node: Any) -> list[Variable] | None:
    """A product some of whose factors are moved into a sum among them."""
    [out] = node.outputs
    left = products.parts(fgraph, out)
    done: Parts = [], []
    changed = False
    for side in (0, 1):
        while left[side]:
            candidate = left[side].pop(0)
            terms = _terms(fgraph, candidate)
            if terms is not None:
                moved = [_move(left[side], terms, 0, out.type), _move(left[1 - side], terms, 1, out.type)]
                if any(moved):
                    changed = True
                    candidate = _sum(terms)
            done[side].append(candidate)
    if not changed:
        return None
    new = products.rule.merge_num_denum(*done)
    return [new] if new.type == out.type else None


def _terms(fgraph: Any, variable: Variable) -> Terms | None:
    """The terms of a sum; None if it has less than two."""
    added, subtracted = sums.parts(fgraph, variable, whole=False)
    if len(added) + len(subtracted) < 2:
        return None
    return tuple([products.parts(fgraph, term, whole=False) for term in part] for part in (added, subtracted))  # type: ignore[return-value]


def _sum(terms: Terms) -> Variable:
    merged = ([products.rule.merge_num_denum(*parts) for parts in part] for part in terms)
    return sums.rule.merge_num_denum(*merged)


def _move(factors: list[Variable], terms: Terms, side: int, type: Any) -> bool:
    """Multiply (side 0) or divide (side 1) the terms by those factors with which that saves something."""
    moved = False
    for factor in list(factors):
        every = [parts for part in terms for parts in part]
        if not any(factor in parts[1 - side] for parts in every):
            continue
        new = [[_times(parts, factor, side, type) for parts in part] for part in terms]
        before = (DIVISION if side else 1.0) + sum(map(_cost, every))
        if sum(_cost(parts) for part in new for parts in part) < before:
            for part, changed in zip(terms, new, strict=True):
                part[:] = changed
            factors.remove(factor)
            moved = True
    return moved


def _times(parts: Parts, factor: Variable, side: int, type: Any) -> Parts:
    both = list(parts[0]), list(parts[1])
    both[side].append(factor)
    return products.rule.simplify(*both, type)  # type: ignore[no-any-return]


def _cost(parts: Parts) -> float:
    return len(parts[0]) + DIVISION * len(parts[1])
