"""Covariance functions of Gaussian processes."""

from __future__ import annotations

from collections.abc import Callable

from ..definitions import Domain, Function, Support, Tensor
from ..domains import all_where
from ..graph import np, pt
from ..supports import Number, Positive, Real, Vector
from ._axes import matrix_transpose, real
from ._products import matmul

type Kernel = Callable[..., Tensor]


def _squared_distances(x: Tensor, y: Tensor) -> Tensor:
    """Between each point of x and each of y; points are rows."""
    return pt.sum(pt.sqr(x[..., :, None, :] - y[..., None, :, :]), axis=-1)


def _distances(x: Tensor, y: Tensor) -> Tensor:
    """Euclidean distances, with gradient 0 where two points coincide."""
    square = _squared_distances(x, y)
    same = pt.eq(square, 0)
    return pt.switch(same, 0.0, pt.sqrt(pt.switch(same, 1.0, square)))


def _scalar(x: Tensor) -> Tensor:
    """A number as a factor of matrices."""
    return real(x)[..., None, None]


# The kernels: points x and y are rows, already divided by the length scale.


def _exp_quad(x: Tensor, y: Tensor, sigma: Tensor) -> Tensor:
    return pt.sqr(sigma) * pt.exp(-0.5 * _squared_distances(x, y))


def _exponential(x: Tensor, y: Tensor, sigma: Tensor) -> Tensor:
    return pt.sqr(sigma) * pt.exp(-_distances(x, y))


def _matern32(x: Tensor, y: Tensor, sigma: Tensor) -> Tensor:
    d = np.sqrt(3.0) * _distances(x, y)
    return pt.sqr(sigma) * (1 + d) * pt.exp(-d)


def _matern52(x: Tensor, y: Tensor, sigma: Tensor) -> Tensor:
    square = 5 * _squared_distances(x, y)
    d = np.sqrt(5.0) * _distances(x, y)
    return pt.sqr(sigma) * (1 + d + square / 3) * pt.exp(-d)


def _dot_product(x: Tensor, y: Tensor, sigma: Tensor) -> Tensor:
    return pt.sqr(sigma) + matmul(x, matrix_transpose(y))


def _periodic(x: Tensor, y: Tensor, sigma: Tensor, scale: Tensor, period: Tensor) -> Tensor:
    return pt.sqr(sigma) * pt.exp(-2 * pt.sqr(pt.sin(np.pi * _distances(x, y) / period) / scale))


# Their signatures: points are numbers or vectors, given once or twice -----------------------------


def _points(x: Tensor, vectors: bool) -> Tensor:
    return x if vectors else real(x)[..., None]


def _covariance(kernel: Kernel, names: tuple[str, ...], vectors: bool, crossed: bool, scaled: str) -> Kernel:
    """Graph builder of one overload; `names` are the parameters', `scaled` says what divides the points first."""

    def build(*arguments: Tensor) -> Tensor:
        x = _points(arguments[0], vectors)
        y = _points(arguments[1], vectors) if crossed else x
        parameters = [*arguments[2 if crossed else 1 :]]
        if scaled:
            length_scale = parameters.pop(1)
            divisor = _scalar(length_scale) if scaled == "real" else real(length_scale)[..., None, :]
            x, y = (x / divisor, y / divisor) if crossed else (x / divisor,) * 2
        return kernel(x, y, *map(_scalar, parameters))

    build.names = ("x", "y")[: 1 + crossed] + names  # type: ignore[attr-defined]
    return build


def _domain(points: int, names: tuple[str, ...], scales: str, size: Support) -> Domain:
    """Magnitudes, lengths and periods are positive; a negative one would do, as its square is what counts."""
    several = {"length_scale": Vector(size)} if scales.startswith("array") else {}
    parameters = all_where({name: several.get(name, size) for name in names}, nan=False)
    return (*all_where(dict.fromkeys(("x", "y")[:points], Number())), *parameters)


def _overloads(
    name: str, kernel: Kernel, parameters: str, scales: tuple[str, ...], summary: str, size: Support | None = None
) -> tuple[Function, ...]:
    found = []
    size = size or Positive()
    for points in ("array[] real", "array[] vector"):
        for crossed in (False, True):
            for scale in scales:
                if scale == "array[] real" and points == "array[] real":
                    continue  # one length scale for each dimension, of which numbers have one
                arguments = ", ".join([points] * (1 + crossed) + [parameters] + [scale] * bool(scale))
                names = ("sigma", "length_scale", "period")[: 1 + bool(scale) if "," not in parameters else 3]
                build = _covariance(kernel, names, points.endswith("vector"), crossed, scale)
                found.append(
                    Function(
                        name,
                        (f"({arguments}) => matrix",),
                        build,
                        summary=summary,
                        domain=_domain(1 + crossed, names, scale, size),
                    )
                )
    return tuple(found)


_SCALES = ("real", "array[] real")

exp_quad = _overloads("gp_exp_quad_cov", _exp_quad, "real", _SCALES, "sigma^2 exp(-d^2 / 2), d the scaled distance.",
                      Real(above=0))  # fmt: skip
exponential = _overloads("gp_exponential_cov", _exponential, "real", _SCALES, "sigma^2 exp(-d), d the scaled distance.")
matern32 = _overloads("gp_matern32_cov", _matern32, "real", _SCALES, "sigma^2 (1 + r) exp(-r), r = sqrt(3) d.")
matern52 = _overloads(
    "gp_matern52_cov", _matern52, "real", _SCALES, "sigma^2 (1 + r + r^2 / 3) exp(-r), r = sqrt(5) d."
)
dot_product = _overloads("gp_dot_prod_cov", _dot_product, "real", ("",), "sigma^2 + x' y.", Real(lower=0, finite=True))
periodic = _overloads("gp_periodic_cov", _periodic, "real, real, real", ("",),
                      "sigma^2 exp(-2 (sin(pi d / period) / length_scale)^2).")  # fmt: skip
