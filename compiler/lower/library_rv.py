"""A distribution of the library as a PyTensor random variable, with bounds or without."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytensor.tensor as pt
from pytensor.graph.traversal import ancestors
from pytensor.tensor.random.op import RandomVariable

from ..library.definitions import Distribution
from ..library.kernels.draws import NO_OUTCOME

MOST_ATTEMPTS = 100_000


class LibraryRV(RandomVariable):
    """Draws from a distribution of the library; `truncated` ones take a lower and an upper bound as last inputs."""

    dtype: str
    __props__: Any = ("name", "signature", "dtype", "inplace", "distribution", "core_shape", "truncated")

    def __init__(
        self,
        distribution: Distribution,
        signature: str,
        dtype: str,
        core_shape: tuple[int, ...],
        truncated: bool,
        name: str | None = None,
        inplace: bool = False,
    ) -> None:
        self.distribution, self.core_shape, self.truncated = distribution, core_shape, truncated
        super().__init__(name=name or distribution.name, signature=signature, dtype=dtype, inplace=inplace)

    @property
    def between(self) -> bool:
        """Whether an outcome is drawn between its bounds at once, not tried for until it lies there."""
        return self.truncated and self.distribution.draw_between is not None

    @property
    def draw_name(self) -> str:
        """What generated code calls the function that draws (see `registry.draw_of`)."""
        return f"{self.distribution.name}{' between' * self.between}"

    def _supp_shape_from_params(self, dist_params: Any, param_shapes: Any = None) -> Any:
        return [pt.constant(n, dtype="int64") for n in self.core_shape]

    def rng_fn(self, rng: np.random.Generator, *arguments: Any) -> Any:
        """Draws without compilation, for constant folding and tests; the last argument is the size."""
        from ..codegen.draws import plain_draw_function

        *parameters, size = arguments
        draw = plain_draw_function(self.draw_name)
        cores = [len(signature) for signature in self.inputs_sig]
        size = tuple(size) if size is not None else ()
        parameters = [
            np.broadcast_to(p, (*size, *p.shape[p.ndim - core :])) for p, core in zip(parameters, cores, strict=True)
        ]
        result = np.empty((*size, *self.core_shape), self.dtype)
        missing = np.nan if np.dtype(self.dtype).kind == "f" else NO_OUTCOME
        for where in np.ndindex(*size):
            own = [p[where] for p in parameters]
            if self.truncated:
                *own, lower, upper = own
                if self.between:
                    result[where] = draw(rng, float(lower), float(upper), *own) if lower <= upper else missing
                    continue
                result[where] = within(lambda own=own: draw(rng, *own), float(lower), float(upper), missing)
            else:
                result[where] = draw(rng, *own)
        return result


def within(draw: Any, lower: float, upper: float, missing: float) -> Any:
    """The first of many draws that lies between the bounds; `missing` if none does."""
    for _ in range(MOST_ATTEMPTS):
        value = draw()
        if lower <= value <= upper:
            return value
    return missing


def tried_in_vain(random: Any) -> str:
    """The distribution behind a random variable whose draws may all miss their bounds; empty if there is none."""
    for variable in ancestors([random]) if random is not None else ():
        op = variable.owner.op if variable.owner is not None else None
        if isinstance(op, LibraryRV) and op.truncated and not op.between:
            return op.distribution.name
    return ""
