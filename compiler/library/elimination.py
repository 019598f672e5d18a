"""Systems of linear equations as numbers: infinities and nan where a matrix is singular or not finite, never an error.

As in Stan and in compiled code, which eliminate with partial pivoting.
"""

from __future__ import annotations

from typing import Any

import numpy as np


def solve(a: Any, b: Any) -> Any:
    """a^-1 b, of shapes (..., n, n) and (..., n, m)."""
    return _each(a, b)


def inverse(a: Any) -> Any:
    """a^-1, of shape (..., n, n)."""
    return _each(a, np.eye(np.shape(a)[-1]))


def _solve(a: Any, b: Any) -> Any:
    if np.isfinite(a).all():
        try:
            return np.linalg.solve(a, b)
        except np.linalg.LinAlgError:
            pass
    with np.errstate(all="ignore"):
        return _eliminated(np.array(a, float), np.array(b, float))


_each = np.vectorize(_solve, signature="(n,n),(n,m)->(n,m)", otypes=[float])


def _eliminated(a: Any, b: Any) -> Any:
    size = len(a)
    for k in range(size):
        pivot = k + int(np.argmax(np.abs(a[k:, k])))
        a[[k, pivot]], b[[k, pivot]] = a[[pivot, k]], b[[pivot, k]]
        factors = a[k + 1 :, k] / a[k, k]
        a[k + 1 :, k + 1 :] -= np.outer(factors, a[k, k + 1 :])
        b[k + 1 :] -= np.outer(factors, b[k])
    for k in reversed(range(size)):
        b[k] = (b[k] - a[k, k + 1 :] @ b[k + 1 :]) / a[k, k]
    return b
