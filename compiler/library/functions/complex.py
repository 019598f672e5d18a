"""Complex numbers: their parts, and what is special to them."""

from __future__ import annotations

from ..definitions import Tensor, function
from ..graph import pt
from ._axes import elementwise


@function("() => complex", name="to_complex")
def complex_zero() -> Tensor:
    """0 + 0i."""
    return pt.constant(0j)


@function("(real) => complex", name="to_complex")
def complex_from_real(x: Tensor) -> Tensor:
    """x + 0i."""
    return pt.cast(x, "complex128")


@elementwise("(real, real) => complex elementwise")
def to_complex(x: Tensor, y: Tensor) -> Tensor:
    """x + y i."""
    return pt.complex(x, y)


@function("(complex) => real elementwise", reference="numpy.real(z)")
def get_real(z: Tensor) -> Tensor:
    """The real part."""
    return pt.real(z)


@function("(complex) => real elementwise", reference="numpy.imag(z)")
def get_imag(z: Tensor) -> Tensor:
    """The imaginary part."""
    return pt.imag(z)


@function("(complex) => complex elementwise", reference="numpy.conj(z)")
def conj(z: Tensor) -> Tensor:
    """The complex conjugate."""
    return pt.complex(pt.real(z), -pt.imag(z))


@function("(complex) => real", reference="numpy.angle(z)")
def arg(z: Tensor) -> Tensor:
    """The angle in (-pi, pi]."""
    return pt.arctan2(pt.imag(z), pt.real(z))


@function("(complex) => real", reference="numpy.abs(z) ** 2")
def norm(z: Tensor) -> Tensor:
    """The square of the modulus."""
    return pt.sqr(pt.real(z)) + pt.sqr(pt.imag(z))


@elementwise("(real, real) => complex", reference="r * numpy.exp(1j * theta)")
def polar(r: Tensor, theta: Tensor) -> Tensor:
    """The number of modulus r and angle theta."""
    return pt.complex(r * pt.cos(theta), r * pt.sin(theta))


@function("(complex) => complex")
def proj(z: Tensor) -> Tensor:
    """The projection onto the Riemann sphere: every infinity becomes (inf, +-0)."""
    infinite = pt.isinf(pt.real(z)) | pt.isinf(pt.imag(z))
    zero = pt.switch(pt.lt(pt.imag(z), 0), -0.0, 0.0)
    return pt.complex(pt.switch(infinite, float("inf"), pt.real(z)), pt.switch(infinite, zero, pt.imag(z)))


@function(
    "(complex_vector|complex_row_vector, complex_vector|complex_row_vector) => complex",
    "(array[] complex, array[] complex) => complex",
    name="dot_product", reference="numpy.sum(numpy.conj(x) * y)",
)  # fmt: skip
def complex_dot_product(x: Tensor, y: Tensor) -> Tensor:
    """The sum of products with the conjugate of the first."""
    return pt.sum(pt.complex(pt.real(x), -pt.imag(x)) * y, axis=-1)


@function("(complex_vector|complex_row_vector) => complex", name="dot_self", reference="numpy.sum(numpy.conj(x) * x)")
def complex_dot_self(x: Tensor) -> Tensor:
    """The sum of squared moduli."""
    return pt.cast(pt.sum(pt.sqr(pt.real(x)) + pt.sqr(pt.imag(x)), axis=-1), "complex128")
