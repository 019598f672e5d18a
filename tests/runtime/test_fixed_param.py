"""Parameters that stay where they start."""

from __future__ import annotations

import numpy as np
import pytest
from hand_written import independent_normal
from pplc.runtime.drivers import drivers
from pplc.runtime.expansion import expand_draws
from pplc.runtime.summary import summarise
from pplc.runtime.warnings import find_problems

FIXED = drivers()["fixed_param"]


def test_every_draw_is_the_start():
    density = independent_normal([1.0, 2.0])
    starts = np.array([[0.5, 1.0], [-0.5, 2.0]])
    result = FIXED.run(density, FIXED.settings(draws=5), chains=2, seed=1, starts=starts)
    np.testing.assert_array_equal(result.sample.positions, np.repeat(starts[:, None], 5, axis=1))
    assert result.sample.statistics["lp"][0] == pytest.approx(np.full(5, -0.25))


def test_chains_share_a_random_start_and_nothing_is_doubted():
    density = independent_normal([1.0, 2.0])
    result = FIXED.run(density, chains=3, seed=1)
    assert np.ptp(result.sample.positions, axis=(0, 1)) == pytest.approx([0.0, 0.0])
    posterior = expand_draws(result.sample, density, 1).values
    assert find_problems(result, posterior, summarise(posterior)) == []
