"""Chains depend on seed and number only, and a stopped run keeps what it has."""

from __future__ import annotations

import _thread
import ctypes
import dataclasses
import itertools
import threading
import time

import numpy as np
import pytest
from hand_written import independent_normal, nothing_finite, slow_normal, target, truncated_normal
from pplc.runtime.contract import DENSITY_TYPE, LogDensity
from pplc.runtime.drivers import drivers
from pplc.runtime.initial import InitialisationError, find_start

NUTS = drivers()["nuts"]
SHORT = NUTS.settings(draws=200, warmup=100)


def test_draws_depend_on_seed_and_chain_only():
    density = independent_normal([1.0, 5.0, 0.1])
    reference = NUTS.run(density, SHORT, chains=4, seed=7).sample
    for options in ({"threads": 1}, {"threads": 4}, {"chunk": 1}, {"chunk": 17, "threads": 3}):
        again = NUTS.run(density, SHORT, chains=4, seed=7, **options).sample
        np.testing.assert_array_equal(again.positions, reference.positions)
        np.testing.assert_array_equal(again.statistics, reference.statistics)
    fewer = NUTS.run(density, SHORT, chains=2, seed=7).sample
    np.testing.assert_array_equal(fewer.positions, reference.positions[:2])
    other = NUTS.run(density, SHORT, chains=4, seed=8).sample
    assert not np.isin(other.positions, reference.positions).any()
    assert not np.isin(reference.positions[1:], reference.positions[0]).any()


def test_progress_is_observed():
    seen = []
    result = NUTS.run(slow_normal(3, 100), SHORT, chains=2, seed=1, observe=seen.append)
    assert len(seen) >= 2
    for before, after in itertools.pairwise(seen):
        assert all(a.done <= b.done for a, b in zip(before, after, strict=True))
    last = seen[-1]
    assert [p.chain for p in last] == [0, 1]
    assert all(p.finished and p.done == p.total == 300 and p.step_size > 0 for p in last)
    assert sum(p.gradients for p in last) == result.gradients


def check_partial(result, chains):
    assert not result.complete
    assert result.sample.lengths.max() > 0
    part = result.sample.rectangle()
    assert part.positions.shape[0] <= chains
    assert (part.lengths == part.positions.shape[1]).all()
    np.testing.assert_allclose(part.statistics["lp"], -0.5 * (part.positions**2).sum(axis=2), rtol=1e-9)


def test_time_limit_keeps_draws():
    began = time.perf_counter()
    result = NUTS.run(slow_normal(2, 300), NUTS.settings(draws=100_000, warmup=5), chains=2, seed=1, time_limit=0.5)
    assert time.perf_counter() - began < 5
    assert "time limit" in result.reason
    check_partial(result, 2)


@pytest.mark.parametrize("observe", [None, lambda progress: None])
def test_interrupt_keeps_draws(observe):
    slow = slow_normal(2, 300)
    NUTS.run(slow, NUTS.settings(draws=1, warmup=1), chains=1, seed=1)  # the sampler is loaded
    timer = threading.Timer(2, _thread.interrupt_main)  # long after the first draw, also on a busy machine
    timer.start()
    result = NUTS.run(slow, NUTS.settings(draws=100_000, warmup=5), chains=3, threads=2, seed=1, observe=observe)
    timer.join()
    assert result.reason == "interrupted"
    check_partial(result, 3)


def test_an_error_while_observing_stops_the_run():
    def observe(progress):
        raise RuntimeError("the screen is gone")

    began = time.perf_counter()
    with pytest.raises(RuntimeError, match="screen"):
        NUTS.run(slow_normal(2, 300), NUTS.settings(draws=100_000), chains=2, seed=1, observe=observe)
    assert time.perf_counter() - began < 5


def test_starts_are_finite_and_within_the_radius():
    density = truncated_normal(-1.0).log_density
    starts = [find_start(density, 1, chain) for chain in range(20)]
    positions = np.array([start.position[0] for start in starts])
    assert positions.min() >= -2.0
    assert positions.max() < -1.0
    assert len(set(positions)) == 20
    assert starts[0].log_density == pytest.approx(-0.5 * positions[0] ** 2)
    assert find_start(independent_normal([1.0]).log_density, 1, 0, radius=0.0).position == [0.0]


def explodes(position, gradient):
    """A normal whose precision is absurd on the positive side, as where a recurrence explodes."""
    precision = 1e40 if position[0] > -1.5 else 1.0
    gradient[0] = -precision * position[0]
    return -0.5 * precision * position[0] ** 2


def test_starts_are_where_differences_of_log_density_can_be_told():
    density = target(explodes, 1).log_density
    assert all(find_start(density, seed, 0).position[0] <= -1.5 for seed in range(10))
    nowhere = find_start(density, 1, 0, radius=1.0)
    assert abs(nowhere.position[0]) < 0.1  # the best of what there is
    assert find_start(density, 1, 0, given=np.array([1.0])).position == [1.0]


def test_given_starts_are_used():
    starts = np.array([[0.25], [-0.5]])
    settings = NUTS.settings(draws=1, warmup=0, step_size=1e-9)
    result = NUTS.run(independent_normal([1.0]), settings, chains=2, seed=1, starts=starts)
    np.testing.assert_allclose(result.sample.positions[:, 0], starts, atol=1e-4)


def test_no_start_is_an_error_that_knows_the_position():
    with pytest.raises(InitialisationError) as caught:
        NUTS.run(nothing_finite(), chains=2, seed=1)
    assert caught.value.position.shape == (1,)
    with pytest.raises(InitialisationError, match="given for chain 2") as caught:
        NUTS.run(truncated_normal(0.0), chains=2, seed=1, starts=np.array([[-1.0], [1.0]]))
    assert caught.value.position == [1.0]
    assert caught.value.chain == 1


def endless(at):
    """A density that does not come back, from its evaluation number `at` on."""
    normal = independent_normal([1.0])
    evaluate = DENSITY_TYPE(normal.log_density.address)
    count = itertools.count()

    def density(position, gradient):
        while next(count) >= at:
            time.sleep(0.01)
        return float(evaluate(position, gradient))

    callback = DENSITY_TYPE(density)
    return dataclasses.replace(
        normal, log_density=LogDensity(ctypes.cast(callback, ctypes.c_void_p).value, 1, (callback, normal))
    )


def test_a_start_that_takes_forever_can_be_given_up():
    timer = threading.Timer(0.5, _thread.interrupt_main)
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        NUTS.run(endless(0), SHORT, chains=1, seed=1)
    with pytest.raises(InitialisationError, match="did not end within the time limit of"):
        NUTS.run(endless(0), SHORT, chains=1, seed=1, time_limit=0.3)


def test_chains_that_never_return_can_be_given_up(monkeypatch):
    NUTS.run(independent_normal([1.0]), NUTS.settings(draws=1, warmup=1), chains=1, seed=1)  # the sampler is loaded
    timers = [threading.Timer(seconds, _thread.interrupt_main) for seconds in (0.5, 1.0)]
    for timer in timers:
        timer.start()
    with pytest.raises(KeyboardInterrupt):
        NUTS.run(endless(500), SHORT, chains=1, seed=1)
    monkeypatch.setattr("pplc.runtime.chains.GRACE", 0.2)
    result = NUTS.run(endless(500), NUTS.settings(draws=1000, warmup=20), chains=1, seed=1, time_limit=0.5)
    assert not result.complete
    assert "0.2 s later an evaluation of the density had not returned" in result.reason
    assert 0 < result.sample.lengths[0] < 1000
