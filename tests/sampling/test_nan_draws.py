"""Draws that hold nan: which variables, in how many draws, and where it began."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

import pplc
from pplc.errors import DrawsWarning

PROGRAM = """
data { real b; }
transformed data { array[2] real u = {uniform_rng(0, 1), 0}; }
parameters { real a; }
transformed parameters { real c = a; BETWEEN }
model { a ~ std_normal(); }
generated quantities { real d = a; GENERATED }
"""


def told(between: str = "", generated: str = "", draws: int = 20) -> list[DrawsWarning]:
    """What is said of a run with these statements."""
    program = PROGRAM.replace("BETWEEN", between).replace("GENERATED", generated)
    model = pplc.compile_model(program, {"b": -2})
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        model.sample(draws=draws, warmup=20, chains=2, seed=1, progress=False)
    return [warning.message for warning in caught if isinstance(warning.message, DrawsWarning)]


def test_without_nan_nothing_is_said() -> None:
    assert told() == []


@pytest.mark.parametrize("generated", ["real e = sqrt(b);", "array[2] real e = {1, sqrt(b)};", "complex e = sqrt(b);"])
def test_generated_quantities(generated: str) -> None:
    [warning] = told(generated=generated)
    assert isinstance(warning, pplc.NanWarning)
    assert str(warning) == "`e` is nan in 40 of 40 draws: `sqrt` is nan where x is -2 (line 7)"
    assert warning.diagnostic.mark.span.text == "sqrt(b)"


def test_transformed_parameters_come_first() -> None:
    [warning] = told(between="vector[2] e; e[1] = a;", generated="vector[2] f = 2 * e; real g = log(-1);")
    assert isinstance(warning, pplc.NanWarning)
    assert warning.variables == ("e", "f", "g")
    assert "`e` is nan in 40 of 40 draws (in some 2 other variables too)" in str(warning)
    assert "`e` is used where it has no value yet" in str(warning)


def test_some_draws() -> None:
    [warning] = told(generated="real e = sqrt(a);")
    assert isinstance(warning, pplc.NanWarning)
    assert 0 < warning.nan < 40
    assert "`sqrt` is nan where x is -" in str(warning)


def test_draws_that_fail_are_told_apart() -> None:
    failed, nan = told(generated="real e = normal_rng(sqrt(a), 1); real f = log(b);")
    assert isinstance(failed, pplc.GenerationWarning)
    assert "`sqrt` is nan where x is -" in str(failed)
    [beside] = failed.diagnostic.related
    assert beside.label.startswith("`normal_rng`: mu is nan")
    assert isinstance(nan, pplc.NanWarning)
    assert failed.failed + nan.nan == 40
    assert "`f` is nan" in str(nan)
    assert "`log` is nan where x is -2" in str(nan)


def test_the_draws_are_kept_if_no_reason_can_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def lost(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(pplc.Model, "why_nan", lost)
    [warning] = told(generated="real e = sqrt(b);")
    assert str(warning) == "`e` is nan in 40 of 40 draws: where that began is not known (line 7)"


def test_nan_that_comes_with_the_data() -> None:
    model = pplc.compile_model("data { vector[2] y; } generated quantities { real e = sum(y); }", {"y": [1, np.nan]})
    with pytest.warns(pplc.NanWarning, match=r"`e` is nan in 4 of 4 draws: the data hold nan: `y\[2\]`"):
        model.sample("fixed_param", draws=4, chains=1, seed=1, progress=False)


def test_constants_are_calls_that_never_made_a_nan() -> None:
    [warning] = told(generated="real e = pi() * sqrt(b) + machine_precision();")
    assert str(warning) == "`e` is nan in 40 of 40 draws: `sqrt` is nan where x is -2 (line 7)"
