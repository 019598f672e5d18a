"""Complex exponentials, logarithms, powers, roots, trigonometric and hyperbolic functions.

Each is a formula in `exp`, `log` and `sqrt` with their principal branches, or in real functions of the parts
(DLMF 4.21, 4.23, 4.35, 4.37).
"""

from __future__ import annotations

from ..graph import pt
from ._complex import Pair, complex_function, exponential, logarithm, over, root, times

COMPLEX = "(complex) => complex"
LOG_10 = 2.302585092994046


def _turned(z: Pair) -> Pair:
    """i z."""
    return -z[1], z[0]


def _turned_back(z: Pair) -> Pair:
    """-i z."""
    return z[1], -z[0]


def _plus(z: Pair, number: float) -> Pair:
    return z[0] + number, z[1]


@complex_function(COMPLEX, reference="numpy.exp(z)")
def exp(z: Pair) -> Pair:
    """e to the power z."""
    return exponential(z)


@complex_function(COMPLEX, reference="numpy.log(z)")
def log(z: Pair) -> Pair:
    """The principal logarithm."""
    return logarithm(z)


@complex_function(COMPLEX, reference="numpy.log10(z)")
def log10(z: Pair) -> Pair:
    """The principal logarithm to base 10."""
    x, y = logarithm(z)
    return x / LOG_10, y / LOG_10


@complex_function(COMPLEX, reference="numpy.sqrt(z)")
def sqrt(z: Pair) -> Pair:
    """The principal square root."""
    return root(z)


@complex_function("(complex, complex) => complex elementwise", elementwise=True, name="pow", reference="z**w")
def power(z: Pair, w: Pair) -> Pair:
    """z to the power w: exp(w log(z)), and 0 for z = 0."""
    zero = pt.eq(z[0], 0) & pt.eq(z[1], 0)
    x, y = exponential(times(w, logarithm((pt.switch(zero, 1.0, z[0]), z[1]))))
    return pt.switch(zero, 0.0, x), pt.switch(zero, 0.0, y)


# Hyperbolic -------------------------------------------------------------------------------------


def _sinh(z: Pair) -> Pair:
    x, y = z
    return pt.sinh(x) * pt.cos(y), pt.cosh(x) * pt.sin(y)


def _cosh(z: Pair) -> Pair:
    x, y = z
    return pt.cosh(x) * pt.cos(y), pt.sinh(x) * pt.sin(y)


def _tanh(z: Pair) -> Pair:
    """From tanh(x) and tan(y), which do not overflow."""
    t, u = pt.tanh(z[0]), pt.tan(z[1])
    return over((t, u), (pt.ones_like(t), t * u))


def _asinh(z: Pair) -> Pair:
    """log(z + sqrt(z^2 + 1)), for the z on the right; the function is odd."""
    sign = pt.switch(pt.lt(z[0], 0), -1.0, 1.0)
    z = sign * z[0], sign * z[1]
    below = root(_plus(times(z, z), 1.0))
    x, y = logarithm((z[0] + below[0], z[1] + below[1]))
    return sign * x, sign * y


def _acosh(z: Pair) -> Pair:
    """log(z + sqrt(z + 1) sqrt(z - 1))."""
    product = times(root(_plus(z, 1.0)), root(_plus(z, -1.0)))
    return logarithm((z[0] + product[0], z[1] + product[1]))


def _atanh(z: Pair) -> Pair:
    """(log(1 + z) - log(1 - z)) / 2."""
    (a, b), (c, d) = logarithm(_plus(z, 1.0)), logarithm((1 - z[0], -z[1]))
    return (a - c) / 2, (b - d) / 2


@complex_function(COMPLEX, reference="numpy.sinh(z)")
def sinh(z: Pair) -> Pair:
    """The hyperbolic sine."""
    return _sinh(z)


@complex_function(COMPLEX, reference="numpy.cosh(z)")
def cosh(z: Pair) -> Pair:
    """The hyperbolic cosine."""
    return _cosh(z)


@complex_function(COMPLEX, reference="numpy.tanh(z)")
def tanh(z: Pair) -> Pair:
    """The hyperbolic tangent."""
    return _tanh(z)


@complex_function(COMPLEX, reference="numpy.arcsinh(z)")
def asinh(z: Pair) -> Pair:
    """The inverse hyperbolic sine."""
    return _asinh(z)


@complex_function(COMPLEX, reference="numpy.arccosh(z)")
def acosh(z: Pair) -> Pair:
    """The inverse hyperbolic cosine."""
    return _acosh(z)


@complex_function(COMPLEX, reference="numpy.arctanh(z)")
def atanh(z: Pair) -> Pair:
    """The inverse hyperbolic tangent."""
    return _atanh(z)


# Trigonometric: the hyperbolic functions, turned by a right angle ----------------------------------


@complex_function(COMPLEX, reference="numpy.sin(z)")
def sin(z: Pair) -> Pair:
    """The sine."""
    return _turned_back(_sinh(_turned(z)))


@complex_function(COMPLEX, reference="numpy.cos(z)")
def cos(z: Pair) -> Pair:
    """The cosine."""
    return _cosh(_turned(z))


@complex_function(COMPLEX, reference="numpy.tan(z)")
def tan(z: Pair) -> Pair:
    """The tangent."""
    return _turned_back(_tanh(_turned(z)))


@complex_function(COMPLEX, reference="numpy.arcsin(z)")
def asin(z: Pair) -> Pair:
    """The inverse sine."""
    return _turned_back(_asinh(_turned(z)))


@complex_function(COMPLEX, reference="numpy.arccos(z)")
def acos(z: Pair) -> Pair:
    """The inverse cosine: pi / 2 - asin(z)."""
    x, y = _turned_back(_asinh(_turned(z)))
    return 1.5707963267948966 - x, -y


@complex_function(COMPLEX, reference="numpy.arctan(z)")
def atan(z: Pair) -> Pair:
    """The inverse tangent."""
    return _turned_back(_atanh(_turned(z)))
