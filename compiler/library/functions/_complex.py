"""Complex numbers as tensors: one more axis at the end, of length 2, holds the real and the imaginary part.

PyTensor has complex tensors but no gradients through them; in this form a complex number is two reals, and every
derivative is that of the real formula. All other axes are those of the same container of reals.
"""

from __future__ import annotations

from ..definitions import Tensor
from ..graph import pt


def make(x: Tensor, y: Tensor) -> Tensor:
    """x + y i."""
    z = pt.stack(pt.broadcast_arrays(x, y) if x.ndim == y.ndim and x.type.shape != y.type.shape else [x, y], axis=-1)
    z.tag.complex_parts = (x, y)
    return z


def parts(z: Tensor) -> tuple[Tensor, Tensor]:
    """The real and the imaginary part."""
    return getattr(z.tag, "complex_parts", None) or (z[..., 0], z[..., 1])
