"""The Bessel function of the second kind, which PyTensor lacks."""

from __future__ import annotations

from typing import Any

import scipy.special
from pytensor.gradient import grad_not_implemented
from pytensor.scalar.basic import BinaryScalarOp, upgrade_to_float
from pytensor.tensor.elemwise import Elemwise


class Yv(BinaryScalarOp):
    """Y of real order v at x > 0; Numba calls SciPy's compiled function of this name."""

    nfunc_spec = ("scipy.special.yv", 2, 1)

    def impl(self, v: float, x: float) -> Any:
        return scipy.special.yv(v, x)

    def pullback(self, inputs: list[Any], outputs: list[Any], output_gradients: list[Any]) -> list[Any]:
        v, x = inputs
        (gradient,) = output_gradients
        return [grad_not_implemented(self, 0, v), gradient * (scalar_yv(v - 1, x) - scalar_yv(v + 1, x)) / 2]

    def c_code(self, *arguments: Any) -> str:
        raise NotImplementedError("compiled by Numba")


scalar_yv = Yv(upgrade_to_float, name="yv")
yv = Elemwise(scalar_yv)
