"""Products and sums in canonical form: nested ones are one, equal factors cancel, constants are folded.

PyTensor's rule takes apart whatever a product is made of, also what others use. In a chain of n variables, each of them
the one before times something, the k-th is then a product of k factors, and of 2**k where each is the one before times
itself. Here a product that is used more than once is a factor of others like any variable, unless it is short.

PyTensor's rules that look at products this way are replaced (`canonical_forms`): the canonical forms themselves,
distribution over sums, and products of sigmoids and exponentials.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import inf
from typing import Any

import numpy as np
import pytensor.tensor as pt
from pytensor.graph.basic import Variable
from pytensor.graph.rewriting.basic import NodeRewriter
from pytensor.scalar.basic import Mul
from pytensor.tensor.basic import get_underlying_scalar_constant_value
from pytensor.tensor.elemwise import DimShuffle, Elemwise
from pytensor.tensor.exceptions import NotScalarConstantError
from pytensor.tensor.rewriting import math as theirs
from pytensor.tensor.variable import TensorConstant

SMALLEST_NORMAL = float(np.finfo(np.float64).tiny)
SHORT = 8  # factors of a product that is written out wherever it is used

type Parts = tuple[list[Variable], list[Variable]]  # factors and divisors, or what is added and what is subtracted


class Canonical(NodeRewriter):  # type: ignore[misc]
    """The canonical form of products (`mul`, `true_div`, `reciprocal`) or sums (`add`, `sub`, `neg`)."""

    def __init__(self, rule: Any) -> None:
        self.rule = rule  # PyTensor's, which cancels factors, folds constants and puts parts together again
        self.main, self.inverse, self.opposite = (type(op.scalar_op) for op in rule.tracks())
        self.zero = rule.absorbing_element

    def tracks(self) -> list[Any]:
        return list(self.rule.tracks())

    def __str__(self) -> str:
        return f"Canonical({self.main.__name__})"

    def parts(self, fgraph: Any, variable: Variable, whole: bool = True) -> Parts:
        """What a product is made of; of any other variable, that itself.

        With `whole` it is taken apart even if it is long and used more than once.
        """
        found: Parts = [], []
        stack = [(variable, 0)]
        while stack:
            part, side = stack.pop()
            inner = self._operands(part)
            if inner is None or (not (whole and part is variable) and self._stays(fgraph, part)):
                found[side].append(part)
            else:
                stack.extend((operand, side ^ other) for operand, other in reversed(inner))
        return found

    def _operands(self, variable: Variable) -> Sequence[tuple[Variable, int]] | None:
        """The operands of a product, each with 1 if it divides; None if it is none."""
        node = variable.owner
        if node is None:
            return None
        op, inputs = node.op, node.inputs
        if isinstance(op, Elemwise):
            kind = type(op.scalar_op)
            if kind is self.main:
                return [(operand, 0) for operand in inputs]
            if kind is self.inverse:
                return [(inputs[0], 0), (inputs[1], 1)]
            return [(inputs[0], 1)] if kind is self.opposite else None
        if isinstance(op, DimShuffle) and (op.is_left_expand_dims or op.new_order == tuple(range(inputs[0].type.ndim))):
            return [(inputs[0], 0)]  # Elemwise inserts it, and will again
        return None

    def _stays(self, fgraph: Any, variable: Variable) -> bool:
        """Whether a product is used more than once and long."""
        if len(fgraph.clients.get(variable, ())) < 2:
            return False
        count, stack = 0, [variable]
        while stack:
            inner = self._operands(stack.pop())
            if inner is None:
                count += 1
            else:
                stack.extend(operand for operand, _ in inner)
            if count + len(stack) > SHORT:
                return True
        return False

    def _is_part(self, fgraph: Any, variable: Variable) -> bool:
        """Whether a product is taken apart where another is made of it."""
        if self._stays(fgraph, variable):
            return False
        for user, _ in fgraph.clients[variable]:
            if isinstance(user.op, DimShuffle):
                if self._is_part(fgraph, user.outputs[0]):
                    return True
            elif isinstance(user.op, Elemwise) and self._operands(user.outputs[0]) is not None:
                return True
        return False

    def transform(self, fgraph: Any, node: Any, enforce_tracks: bool = True) -> Any:
        [out] = node.outputs
        before = self._operands(out) if isinstance(node.op, Elemwise) else None
        if before is None or not fgraph.clients.get(out) or self._is_part(fgraph, out):
            return None
        if self.zero is not None and type(node.op.scalar_op) is self.main and any(map(self._is_zero, node.inputs)):
            return self._like(pt.constant(self.zero, dtype=out.type.dtype, ndim=out.type.ndim), node)
        old = self.parts(fgraph, out)
        if self.main is Mul and _goes_out_of_range(old):
            return None  # x 1e308 10 at 0 would be 0 inf
        new = self.rule.simplify(list(old[0]), list(old[1]), out.type)
        if old == tuple(new) and not self._is_nested(node, old):
            return None
        return self._like(self.rule.merge_num_denum(*new), node)

    def _is_zero(self, factor: Variable) -> bool:
        if isinstance(factor, TensorConstant):
            return bool(factor.unique_value is not None and factor.unique_value == self.zero)
        if self._operands(factor) is not None:
            return False  # a zero in it shows where it is taken apart
        try:
            return bool(get_underlying_scalar_constant_value(factor) == self.zero)
        except NotScalarConstantError:
            return False

    def _is_nested(self, node: Any, parts: Parts) -> bool:
        """Whether a product that nothing simplifies has a product for an operand."""
        main, inverse = parts
        if not inverse:
            return len(node.inputs) < len(main)
        [first, *_] = node.inputs
        is_opposite = type(node.op.scalar_op) is self.opposite and self.rule.use_reciprocal
        return bool(is_opposite and not main and first.owner and len(first.owner.inputs) < len(inverse))

    def _like(self, new: Variable, node: Any) -> list[Variable] | None:
        """A replacement for a node's output: with its type, stretched where an operand that left had stretched it."""
        [out] = node.outputs
        if new.type.dtype != out.type.dtype:
            new = pt.cast(new, out.type.dtype)
        if new.type.broadcastable != out.type.broadcastable:
            for operand in node.inputs:
                new = pt.second(operand, new)
        return [new] if new.type.broadcastable == out.type.broadcastable else None


def _goes_out_of_range(parts: Parts) -> bool:
    """Whether constant factors that are finite and not 0 make a constant that is infinite, 0 or subnormal."""
    above, below = map(_sizes, parts)
    if len(above) + len(below) < 2 or not all(0 < x < inf for x in (*above, *below)):
        return False
    with np.errstate(all="ignore"):
        product = np.prod(above) / np.prod(below)
    return not SMALLEST_NORMAL <= product < inf


def _sizes(factors: Sequence[Variable]) -> list[float]:
    """Those of the factors that are known numbers."""
    known: list[Any] = [factor.unique_value for factor in factors if isinstance(factor, TensorConstant)]
    return [float(abs(value)) for value in known if value is not None]


products = Canonical(theirs.local_mul_canonizer)
sums = Canonical(theirs.local_add_canonizer)
