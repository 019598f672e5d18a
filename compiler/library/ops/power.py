"""x ** y whose derivative in x is 0 at x = 0 where it would be infinite, as Stan's is.

A base that is 0 at one point is rarely a parameter, and often a product with a 0 among the data: a distance in a
covariance like exp(-(r d)**p), a dose. Its derivative is 0, and 0 times infinity would be no number.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytensor.scalar as ps
import pytensor.tensor as pt
from pytensor.graph.basic import Constant
from pytensor.tensor.elemwise import Elemwise


class Power(ps.Pow):
    """x ** y for exponents that may lie between 0 and 1."""

    def pullback(self, inputs: Sequence[Any], outputs: Sequence[Any], output_gradients: Sequence[Any]) -> list[Any]:
        x, y = inputs
        in_x, in_y = super().pullback(inputs, outputs, output_gradients)
        return [ps.switch(ps.and_(ps.eq(x, 0), ps.lt(y, 1)), 0.0, in_x), in_y]


_elementwise = Elemwise(Power(ps.upcast_out_min8, name="power"))


def power(x: Any, y: Any) -> Any:
    """x ** y; PyTensor's operation, of which rewrites know more, where the exponent has no such derivative.

    A square root is one: its derivative at 0 is infinite in Stan, too.
    """
    x, y = pt.as_tensor(x), pt.as_tensor(y)
    known = y.data if isinstance(y, Constant) else None
    if "int" in x.dtype or "int" in y.dtype or (known is not None and _plain(known).all()):
        return x**y
    return _elementwise(x, y)


def _plain(exponent: Any) -> Any:
    return (exponent <= 0) | (exponent >= 1) | (exponent == 0.5)
