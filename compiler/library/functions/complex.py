"""Complex numbers: their parts, and what is special to them."""

from __future__ import annotations

from ..definitions import Tensor, function
from ..graph import np, pt
from ._axes import elementwise
from ._complex import Pair, complex_function, make, modulus, parts


@function("() => complex", name="to_complex")
def complex_zero() -> Tensor:
    """0 + 0i."""
    return pt.zeros((2,))


@function("(real) => complex", name="to_complex")
def complex_from_real(x: Tensor) -> Tensor:
    """x + 0i."""
    return make(x, pt.zeros_like(x))


@elementwise("(real, real) => complex elementwise", reference="x + 1j * y")
def to_complex(x: Tensor, y: Tensor) -> Tensor:
    """x + y i."""
    return make(x, y)


@function("(complex) => real elementwise", reference="numpy.real(z)")
def get_real(z: Tensor) -> Tensor:
    """The real part."""
    return parts(z)[0]


@function("(complex) => real elementwise", reference="numpy.imag(z)")
def get_imag(z: Tensor) -> Tensor:
    """The imaginary part."""
    return parts(z)[1]


@function("(complex) => real elementwise", name="abs", reference="numpy.abs(z)")
def complex_modulus(z: Tensor) -> Tensor:
    """The distance from 0."""
    return modulus(parts(z))


@complex_function("(complex) => complex elementwise", reference="numpy.conj(z)")
def conj(z: Pair) -> Pair:
    """The complex conjugate."""
    return z[0], -z[1]


@function("(complex) => real", reference="numpy.angle(z)")
def arg(z: Tensor) -> Tensor:
    """The angle in (-pi, pi]."""
    x, y = parts(z)
    return pt.arctan2(y, x)


@function("(complex) => real", reference="numpy.abs(z) ** 2")
def norm(z: Tensor) -> Tensor:
    """The square of the modulus."""
    x, y = parts(z)
    return pt.sqr(x) + pt.sqr(y)


@elementwise("(real, real) => complex", reference="r * numpy.exp(1j * theta)")
def polar(r: Tensor, theta: Tensor) -> Tensor:
    """The number of modulus r, which is not negative, and angle theta."""
    there = pt.ge(r, 0) & pt.lt(pt.abs(theta), np.inf)
    return make(pt.switch(there, r * pt.cos(theta), np.nan), pt.switch(there, r * pt.sin(theta), 0.0))


@complex_function("(complex) => complex", reference="z")
def proj(z: Pair) -> Pair:
    """The projection onto the Riemann sphere: every infinity becomes (inf, +-0)."""
    infinite = pt.isinf(z[0]) | pt.isinf(z[1])
    zero = pt.switch(pt.lt(z[1], 0), -0.0, 0.0)
    return pt.switch(infinite, np.inf, z[0]), pt.switch(infinite, zero, z[1])


@function("(complex, complex) => int", name="logical_eq")
def equal(z: Tensor, w: Tensor) -> Tensor:
    """z == w: both parts are equal."""
    return pt.cast(_same(parts(z), parts(w)), "int64")


@function("(complex, real) => int", name="logical_eq")
def equal_to_real(z: Tensor, x: Tensor) -> Tensor:
    """z == x: the real part is x, the imaginary part 0."""
    return pt.cast(_same(parts(z), (x, pt.zeros_like(x))), "int64")


@function("(complex, complex) => int", name="logical_neq")
def unequal(z: Tensor, w: Tensor) -> Tensor:
    """z != w: a part differs."""
    return 1 - equal(z, w)


@function("(complex, real) => int", name="logical_neq")
def unequal_to_real(z: Tensor, x: Tensor) -> Tensor:
    """z != x."""
    return 1 - equal_to_real(z, x)


def _same(z: Pair, w: Pair) -> Tensor:
    return pt.eq(z[0], w[0]) & pt.eq(z[1], w[1])
