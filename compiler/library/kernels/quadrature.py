"""Gauss-Legendre quadrature on 20 points, or on fewer, for kernels."""

from __future__ import annotations

# The positive nodes on [-1, 1], and the weights they share with their mirror images.
NODES = (
    0.076526521133497334,
    0.22778585114164508,
    0.37370608871541956,
    0.5108670019508271,
    0.63605368072651503,
    0.74633190646015079,
    0.83911697182221882,
    0.91223442825132591,
    0.96397192727791379,
    0.99312859918509492,
)
WEIGHTS = (
    0.15275338713072585,
    0.14917298647260375,
    0.14209610931838205,
    0.13168863844917663,
    0.11819453196151842,
    0.10193011981724044,
    0.083276741576704749,
    0.062672048334109064,
    0.040601429800386941,
    0.017614007139152118,
)

# The same of rules on 6, 10 and 20 points, and of the midpoint rule, one after the other.
_NODES = (
    0.23861918608319691,
    0.66120938646626451,
    0.93246951420315203,
    0.14887433898163121,
    0.43339539412924719,
    0.67940956829902441,
    0.86506336668898451,
    0.97390652851717172,
    *NODES,
    0.0,
)
_WEIGHTS = (
    0.46791393457269105,
    0.36076157304813861,
    0.17132449237917035,
    0.29552422471475287,
    0.26926671930999636,
    0.21908636251598204,
    0.14945134915058059,
    0.066671344308688138,
    *WEIGHTS,
    2.0,
)


def point(size, i):
    """The i-th of 1, 6, 10 or 20 points in (0, 1), and its weight."""
    first = 0 if size == 6 else (3 if size == 10 else (8 if size == 20 else 18))
    half = (size + 1) // 2
    node = _NODES[first + i] if i < half else -_NODES[first + i - half]
    return 0.5 + 0.5 * node, 0.5 * _WEIGHTS[first + (i if i < half else i - half)]
