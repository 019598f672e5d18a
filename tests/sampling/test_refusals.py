"""Trajectories that end where the program refuses the point: counted, and a reason told."""

from __future__ import annotations

import pytest

import pplc
from pplc.sampling import SamplingWarning


@pytest.mark.parametrize("method", ["nuts", "hmc"])
def test_a_reason_is_told(method: str) -> None:
    program = "parameters { real x; }\nmodel {\n  x ~ normal(0, 1);\n  1 ~ normal(0, x + 1.0);\n}\n"
    model = pplc.compile_model(program, {})
    with pytest.warns(SamplingWarning) as warned:
        model.sample(method, chains=2, draws=2000, warmup=200, seed=1, inits={"x": 0.5}, progress=False)
    (message,) = [str(w.message) for w in warned if "diverged" in str(w.message)]
    assert (
        " ended where the log density is not finite, in line 4 for example because `normal_lpdf`: sigma is -" in message
    )
    assert "but must be greater than 0)" in message
