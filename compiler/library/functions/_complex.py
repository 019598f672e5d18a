"""Complex numbers as tensors: one more axis at the end, of length 2, holds the real and the imaginary part.

PyTensor has complex tensors but no gradients through them; in this form a complex number is two reals, and every
derivative is that of the real formula. All other axes are those of the same container of reals.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from ..definitions import Function, Tensor, function
from ..domains import same_sizes
from ..graph import np, pt
from ._axes import align

type Pair = tuple[Tensor, Tensor]


def make(x: Tensor, y: Tensor) -> Tensor:
    """x + y i. A number with a container is repeated, so that each part by itself has every element."""
    x, y = pt.as_tensor(x), pt.as_tensor(y)
    if x.type.shape != y.type.shape:
        x, y = pt.broadcast_arrays(x, y)
    z = pt.stack([x, y], axis=-1)
    z.tag.complex_parts = (x, y)
    return z


def parts(z: Tensor) -> Pair:
    """The real and the imaginary part."""
    return getattr(z.tag, "complex_parts", None) or (z[..., 0], z[..., 1])


def by_parts(build: Callable[..., Any]) -> Callable[..., Any]:
    """The function that treats real and imaginary parts alike: moving, repeating, adding or counting numbers."""

    def both(*arguments: Tensor) -> Any:
        pairs = [parts(a) if a.dtype.startswith("float") else (a, a) for a in map(pt.as_tensor, arguments)]
        x = build(*(pair[0] for pair in pairs))
        return x if x.dtype.startswith("int") else make(x, build(*(pair[1] for pair in pairs)))

    both.__wrapped__ = build  # type: ignore[attr-defined]  # its argument names are those of `reference`
    return both


def complex_twin(real: Function, *signatures: str) -> Function:
    """The same function of complex containers, part by part."""
    assert real.build is not None
    return Function(
        real.name, signatures, by_parts(real.build), real.reference, summary=real.summary, domain=real.domain
    )


def complex_function(
    *signatures: str, name: str | None = None, reference: str | None = None, elementwise: bool = False
) -> Callable[[Callable[..., Pair]], Function]:
    """A library function whose Python function takes and gives pairs (real part, imaginary part).

    With `elementwise` the arguments get the same axes first, as scalars are combined with containers; containers must
    then agree in size.
    """

    def wrap(build: Callable[..., Pair]) -> Function:
        def on_tensors(*arguments: Tensor) -> Tensor:
            if not elementwise:
                return make(*build(*map(parts, arguments)))
            pairs = [parts(argument) for argument in arguments]
            aligned = align(*(part for pair in pairs for part in pair))
            return make(*build(*zip(aligned[::2], aligned[1::2], strict=True)))

        on_tensors.__name__, on_tensors.__doc__ = build.__name__, build.__doc__
        on_tensors.__wrapped__ = build  # type: ignore[attr-defined]
        first, *others = inspect.signature(build).parameters
        domain = tuple(same_sizes(other, first) for other in others) if elementwise else ()
        return function(*signatures, name=name, reference=reference, domain=domain)(on_tensors)

    return wrap


# Formulas ---------------------------------------------------------------------------------------


def times(z: Pair, w: Pair) -> Pair:
    """z w."""
    (a, b), (c, d) = z, w
    return a * c - b * d, a * d + b * c


def over(z: Pair, w: Pair) -> Pair:
    """z / w, scaled by the larger part of w so that nothing overflows (Smith's algorithm); nan where w is 0.

    That is looked at because PyTensor takes away factors that z and w share.
    """
    (a, b), (c, d) = z, w
    wide = pt.ge(pt.abs(c), pt.abs(d))
    larger, smaller = pt.switch(wide, c, d), pt.switch(wide, d, c)
    ratio = smaller / larger
    scale = larger + smaller * ratio
    x = pt.switch(wide, a + b * ratio, a * ratio + b) / scale
    y = pt.switch(wide, b - a * ratio, b * ratio - a) / scale
    nowhere = pt.eq(larger, 0)
    return pt.switch(nowhere, np.nan, x), pt.switch(nowhere, np.nan, y)


def modulus(z: Pair) -> Tensor:
    """|z|, without overflow; its gradient at 0 is 0."""
    x, y = pt.abs(z[0]), pt.abs(z[1])
    ordered = pt.gt(x, y)
    large, small = pt.switch(ordered, x, y), pt.switch(ordered, y, x)
    zero = pt.eq(large, 0)
    return large * pt.sqrt(1 + pt.sqr(small / pt.switch(zero, 1.0, large)))


def exponential(z: Pair) -> Pair:
    scale = pt.exp(z[0])
    return scale * pt.cos(z[1]), scale * pt.sin(z[1])


def logarithm(z: Pair) -> Pair:
    """log |z| + i arg z."""
    return pt.log(modulus(z)), pt.arctan2(z[1], z[0])


def root(z: Pair) -> Pair:
    """The square root in the right half plane; the part that would cancel is computed from the other."""
    x, y = z
    size = modulus(z)
    zero = pt.eq(size, 0)
    safe = pt.switch(zero, 1.0, size)
    main = pt.sqrt(0.5 * (safe + pt.abs(x)))
    other = 0.5 * pt.abs(y) / main
    sign = pt.switch(pt.lt(y, 0), -1.0, 1.0)
    right = pt.ge(x, 0)
    return pt.switch(zero, 0.0, pt.switch(right, main, other)), pt.switch(
        zero, 0.0, sign * pt.switch(right, other, main)
    )
