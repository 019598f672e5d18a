"""The data of the random programs, and what functions, which see no data, have in their place."""

from __future__ import annotations

from benchmarks.typed.kinds import kind_of

DATA = {"N": 3, "K": 2, "g": [2, 1, 2], "y": [0.4, -0.7, 1.1], "X": [[0.3, -0.2, 0.5], [1.1, 0.4, -0.6]],
        "P": [[[0.2, 0.9], [-0.4, 0.3]], [[0.1, -0.8], [0.7, 0.6]]]}  # fmt: skip
DECLARATIONS = "int N; int K; array[3] int g; vector[N] y; matrix[K, N] X; array[K] matrix[K, K] P;"
KINDS = {"g": kind_of("array[3] int"), "y": kind_of("vector[3]"), "X": kind_of("matrix[2, 3]"),
         "P": kind_of("array[2] matrix[2, 2]")}  # fmt: skip
LOCAL = (
    "int K = 2; array[3] int g = {2, 1, 2}; vector[3] y = [0.4, -0.7, 1.1]'; "
    "matrix[2, 3] X = [[0.3, -0.2, 0.5], [1.1, 0.4, -0.6]];"
)
LOCAL_KINDS = {name: KINDS[name] for name in ("y", "X")}
