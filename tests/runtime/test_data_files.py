"""Files of data: an R dump says the same as JSON."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pplc.runtime.data.file import FileError, read_values

# name of the case: what stands in the dump, and the value of `x`
DUMPED: dict[str, tuple[str, Any]] = {
    "an int": ("x <- 8", 8),
    "an int of R": ("x <- 8L", 8),
    "a float": ("x = -8.", -8.0),
    "a quoted name": ('"x" <- 7e-1', 0.7),
    "numbers": ("x <-\nc(28, -3.5,\n  7e-1)", [28.0, -3.5, 0.7]),
    "one number": ("x <- c(3)", [3]),
    "a range": ("x <- -1:2", [-1, 0, 1, 2]),
    "a range that goes down": ("x <- 3:1", [3, 2, 1]),
    "ranges among numbers": ("x <- c(1:3, 9L)", [1, 2, 3, 9]),
    "infinities": ("x <- c(Inf, -Inf)", [math.inf, -math.inf]),
    "nothing": ("x <- integer(0)", []),
    "zeros": ("x <- double(2)", [0, 0]),
    "a matrix, column by column": ("x <- structure(c(1, 2, 3, 4, 5, 6), .Dim = c(2, 3))", [[1, 3, 5], [2, 4, 6]]),
    "an array of length 1": ("x <- structure(c(4), .Dim = 1L)", [4]),
    "an array of a range": ("x <- structure(1:4, .Dim = c(2L, 1L, 2L))", [[[1, 3]], [[2, 4]]]),
    "an empty array": ("x <- structure(integer(0), .Dim = c(0L, 3L))", np.zeros((0, 3))),
    "comments and semicolons": ("# first\nx <- 1; # second\n", 1),
    "a name twice, as in a file that was appended to": ("x <- 1\nx <- 2", 2),
}

# name of the case: what stands in the dump, and what the message says
MISTAKEN = {
    "no value": ("x <-", "not an R dump"),
    "a list": ("x <- list(a = 1)", "not an R dump (line 1, column 6)"),
    "a word": ("x <- c(1,\n a)", "has `a` in line 1, where a number is wanted"),
    "a gap": ("x <- c(1, , 2)", "has `` in line 1"),
    "sizes that do not fit": ("x <- structure(c(1, 2), .Dim = c(2, 2))", "2 numbers whose .Dim is 2 × 2"),
}


@pytest.mark.parametrize("case", DUMPED)
def test_a_dump_gives_the_values_of_r(case: str, tmp_path: Path) -> None:
    text, wanted = DUMPED[case]
    found = _read(text, tmp_path)["x"]
    np.testing.assert_array_equal(found, wanted)
    if not np.asarray(wanted).size:
        return
    assert np.asarray(found).dtype.kind == np.asarray(wanted).dtype.kind


@pytest.mark.parametrize("case", MISTAKEN)
def test_what_is_no_dump_is_told_with_its_place(case: str, tmp_path: Path) -> None:
    text, message = MISTAKEN[case]
    with pytest.raises(FileError) as raised:
        _read(text, tmp_path)
    assert message in str(raised.value)


def test_a_dump_is_bound_like_json(tmp_path: Path) -> None:
    from pplc import compile_model

    program = "data { int N; array[N] int y; matrix[N, 2] x; } parameters { real b; } model { b ~ normal(x[1, 2], 1); }"
    path = tmp_path / "study.data.R"
    path.write_text("N <- 3\ny <- 1:3\nx <- structure(c(1, 2, 3, 4.5, 5, 6), .Dim = c(3, 2))\n")
    model = compile_model(program, path)
    assert model.data["y"].tolist() == [1, 2, 3]
    assert model.logp_dlogp(np.array([4.5]))[1] == [0.0]


def _read(text: str, folder: Path) -> dict[str, Any]:
    path = folder / "data.R"
    path.write_text(text)
    return read_values(path)
