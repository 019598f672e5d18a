"""What PyTensor infers about matrices, without a rule that is wrong for stacks of them.

`x[i, i] = v` keeps a matrix diagonal, but PyTensor 3.3 says the same of every axis but the last two: in a stack of
stacks of matrices it takes `zeros[0, 0] = M` for diagonal matrices, and products with them lose what is beside the
diagonal. No graph of this compiler writes a diagonal that way, so the rule can go.
"""

from __future__ import annotations

from pytensor.assumptions.core import ASSUMPTION_INFER_REGISTRY, DIAGONAL
from pytensor.tensor.subtensor import AdvancedIncSubtensor, IncSubtensor


def forget_diagonal_writes() -> None:
    """Take the rule out of PyTensor's registry."""
    for op in (IncSubtensor, AdvancedIncSubtensor):
        rules = ASSUMPTION_INFER_REGISTRY.get((DIAGONAL, op), [])
        rules[:] = [rule for rule in rules if rule.__name__ != "_inc_subtensor"]
