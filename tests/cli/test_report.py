"""What is printed: numbers with as many digits as are meant, long vectors abbreviated, times as people say them."""

from __future__ import annotations

import io

import numpy as np
import pytest
from pplc.runtime.chains import Progress
from pplc.runtime.summary import summarise

from pplc.cli.report import shapes_of, summary_text
from pplc.progress import describe, duration, watch


def lines(full=False, **variables):
    posterior = {name: np.asarray(array, float) for name, array in variables.items()}
    chains = len(next(iter(posterior.values())))
    return summary_text(summarise(posterior), shapes_of(posterior), chains, full, io.StringIO()).splitlines()


def normal(*shape, mean=0.0, sd=1.0):
    return mean + sd * np.random.default_rng(1).standard_normal((4, 500, *shape))


@pytest.mark.parametrize(("mean", "sd", "decimals"), [(3.0, 2.0, 2), (3.0, 0.02, 4), (3000.0, 250.0, 0), (0.5, 0.5, 3)])
def test_decimals_follow_the_standard_deviation(mean, sd, decimals):
    row = lines(x=normal(mean=mean, sd=sd))[1].split()
    assert float(row[1]) == pytest.approx(mean, abs=sd / 5)
    assert len(row[1].partition(".")[2]) == decimals


def test_long_vectors_are_abbreviated_with_their_worst_diagnostics():
    bad = normal(100)
    bad[:, :, 70] = np.arange(4)[:, None] + 0.01 * normal()
    table = lines(theta=bad, mu=normal())
    assert [row.split()[0] for row in table[1:]] == ["theta[1]", "theta[2]", "theta[3]", "theta[4]", "...", "mu"]
    assert "96 more" in table[5]
    assert float(table[5].split()[-1]) > 2
    assert len(lines(full=True, theta=bad, mu=normal())) == 102


def test_rows_of_later_variables_are_their_own():
    table = lines(a=normal(20), b=normal(mean=100))
    assert float(table[-1].split()[1]) == pytest.approx(100, abs=1)


def test_of_a_single_draw_there_are_values_only():
    assert lines(x=[[3.5]], y=[[[1.0, np.nan]]]) == ["      value", "x      3.50", "y[1]   1.00", "y[2]    nan"]


def test_constants_have_no_r_hat():
    assert lines(x=np.ones((4, 100)))[1].split()[-1] == "-"


def test_nan_is_shown():
    assert "nan" in lines(x=np.full((4, 100), np.nan))[1]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.04, "0.0 s"), (9.96, "10.0 s"), (42.3, "42 s"), (300, "5 min"), (8000, "2 h 13 min"), (float("inf"), "?")],
)
def test_durations(seconds, text):
    assert duration(seconds) == text


def test_progress_in_a_line():
    chains = [Progress(0, 750, 1500, 500, 2, 0.5, 9000), Progress(1, 250, 1500, 500, 0, 0.5, 4000)]
    text = describe(chains, 20.0)
    assert "33% after 20 s" in text
    assert "chains at 750, 250 of 1500" in text
    assert "1 warming up" in text
    assert "2 divergences" in text
    assert text.endswith("40 s left")


def test_short_runs_print_no_progress():
    stream = io.StringIO()
    with watch(stream) as observe:
        observe([Progress(0, 10, 100, 50, 0, 0.1, 70)])
    assert stream.getvalue() == ""
