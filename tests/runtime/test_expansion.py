"""Ctrl-C at the moments in which chains are handed to threads: no draw is lost, nothing is computed twice."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from pplc.runtime import expansion
from pplc.runtime.contract import LogDensity, Target, Variable
from pplc.runtime.results import Draws
from pplc.runtime.threads import Threads

CHAINS, LENGTH = 3, 50


@pytest.mark.parametrize("after", [True, False], ids=["after", "before"])
@pytest.mark.parametrize("call", range(CHAINS))
def test_interrupt_while_chains_are_submitted(call: int, after: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    submitted: list[Any] = []
    generated: list[float] = []

    class Interrupted(Threads):
        def submit(self, *arguments: Any) -> Any:
            submitted.append(arguments)
            if len(submitted) != call + 1:
                return super().submit(*arguments)
            if after:  # the thread runs, but nobody has the future
                super().submit(*arguments).result()
            raise KeyboardInterrupt

    def generate(values: dict[str, Any], count: int, random: np.random.Generator) -> tuple[dict[str, Any], None]:
        generated.extend(values["x"][:, 0])
        return {"y": 2 * values["x"]}, None

    monkeypatch.setattr(expansion, "Threads", Interrupted)
    positions = np.arange(1.0 * CHAINS * LENGTH).reshape(CHAINS, LENGTH, 1)
    draws = Draws(positions, np.zeros((CHAINS, LENGTH), [("lp", float)]), np.full(CHAINS, LENGTH))
    target = Target(
        LogDensity(0, 1), (Variable("x", (1,)), Variable("y", (1,))), lambda x: {"x": x}, str, generate, ("y",)
    )
    found = expansion.expand_draws(draws, target, seed=1, threads=1)
    np.testing.assert_array_equal(found.values["x"], positions)
    reached = np.isfinite(found.values["y"])
    np.testing.assert_array_equal(found.values["y"][reached], 2 * positions[reached])
    assert found.missing == (~reached).sum()
    assert len(generated) == len(set(generated)) == reached.sum()
    if after:
        assert reached[call].all()
    assert not reached[call + 1 :].any()
