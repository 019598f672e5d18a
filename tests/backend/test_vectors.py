"""Wide vectors: which functions ask for them, and that memory lies where they do not straddle lines of the cache."""

from __future__ import annotations

import ast

import numpy as np
import pytest
from pplc.compiler.backend.llvm import vectors
from pplc.compiler.backend.memory import LINE, aligned, aligned_empty


@pytest.mark.parametrize("size", [1, 7, 1000])
@pytest.mark.parametrize("offset", range(8))
def test_memory_begins_at_a_line(size: int, offset: int) -> None:
    given = np.arange(size + offset, dtype=np.float64)[offset:]
    found = aligned(given)
    assert found.ctypes.data % LINE == 0
    np.testing.assert_array_equal(found, given)
    fresh = aligned_empty(size, np.int64)
    assert fresh.ctypes.data % LINE == 0
    assert fresh.shape == (size,)


@pytest.mark.parametrize(
    ("body", "wide"),
    [
        ("    for i in range(1000):\n        s = s + x[i]", True),
        ("    for i in range(100):\n        s = s + x[i]", False),
        ("    for i in range(1000):\n        for j in range(38):\n            s = s + x[38 * i + j]", False),
        ("    for i in range(10):\n        for j in range(1000):\n            s = s + x[j]", True),
        ("    for i in range(1000):\n        for j in range(1):\n            s = s + x[i]", True),
        ("    for i in range(9000):\n        s = s + x[i]\n    for i in range(9):\n        s = s + x[i]", True),
        ("    for i in range(1000):\n        s = s + x[i]\n    for i in range(n):\n        s = s + x[i]", True),
        ("    for i in range(1000):\n        if x[i] > 0.0:\n            s = s + x[i]", False),
        ("    s = x[0] + x[1]", False),
    ],
)
def test_functions_whose_work_is_in_long_loops(body: str, wide: bool) -> None:
    [function] = ast.parse(f"def f(x: floats, n: int) -> float:\n    s = 0.0\n{body}\n    return s").body
    assert isinstance(function, ast.FunctionDef)
    assert bool(vectors.attribute(function)) == wide
