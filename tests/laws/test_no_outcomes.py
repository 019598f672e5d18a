"""A density of no outcomes is 0; some, as Stan's, do not look at their parameters then, others do."""

from __future__ import annotations

import numpy as np
import pytest
from pplc.compiler.library.definitions import Distribution
from pplc.compiler.library.registry import distributions

import pplc

pytestmark = pytest.mark.filterwarnings("ignore::pplc.ProgramWarning")

BAD = {
    "multi_normal": ("[0, not_a_number()]'", "[[a, 2], [5, 1]]"),
    "multi_normal_prec": ("[0, not_a_number()]'", "[[a, 2], [5, 1]]"),
    "multi_normal_cholesky": ("[0, not_a_number()]'", "[[-a, 2], [5, 1]]"),
    "multi_student_t": ("-a", "[0, 0]'", "[[a, 2], [5, 1]]"),
    "multi_student_t_cholesky": ("-a", "[0, 0]'", "[[-a, 2], [5, 1]]"),
    "dirichlet": ("[-a, a]'",),
}
UNCHECKED = [d for d in distributions().values() if d.unchecked_if_empty]
CHECKED = ("normal", "gamma", "student_t", "lognormal", "weibull", "exponential")


def call(distribution: Distribution) -> str:
    outcome = "v" if distribution.outcome.core else "r"
    bad = BAD.get(distribution.name, ("-a",) * len(distribution.parameters))
    return f"{distribution.name}_lpdf({outcome} | {', '.join(bad)})"


def model_of(calls: list[str], count: int = 0) -> pplc.Model:
    """In transformed data (where a is known), in a graph, in a loop of unknown length and in generated quantities."""
    empty = "array[n] vector[2] v = rep_array([0.5, 0.5]', n); array[n] real r = rep_array(0.7, n);"
    known = " ".join(f"k += {text};" for text in calls)
    varying = " ".join(f"target += {text};" for text in calls)
    later = " ".join(f"g += {text};" for text in calls)
    return pplc.compile_model(
        f"""data {{ int n; }}
        transformed data {{ {empty} real k = 0; {{ real a = 1; {known} }} }}
        parameters {{ real<lower=0> a; }}
        model {{ target += k; {varying} int i = 0;
          while (i < 2) {{ i += 1; {varying} if (a > 1e3) break; }} }}
        generated quantities {{ real g = k; {later} }}""",
        {"n": count},
    )


def test_parameters_are_not_looked_at() -> None:
    model = model_of([call(distribution) for distribution in UNCHECKED])
    value, gradient = model.logp_dlogp(np.zeros(1))
    assert value == 0.0
    assert gradient == [1.0]
    assert model.constrain(np.zeros(1), generated=True)["g"] == 0.0
    assert model.failure(np.zeros(1)) is None


@pytest.mark.parametrize("name", CHECKED)
def test_others_are(name: str) -> None:
    text = call(distributions()[name])
    model = pplc.compile_model(
        f"""transformed data {{ array[0] real r; }} parameters {{ real a; }}
        model {{ a ~ normal(0, 1); target += {text}; }}"""
    )
    assert not np.isfinite(model.logp(np.ones(1)))
    assert np.isfinite(model.logp(-np.ones(1)))


@pytest.mark.parametrize("distribution", UNCHECKED, ids=lambda d: d.name)
def test_one_outcome_is_enough_to_look(distribution: Distribution) -> None:
    model = pplc.compile_model(
        f"""transformed data {{ array[1] vector[2] v = {{[0.5, 0.5]'}}; array[1] real r = {{0.7}}; }}
        parameters {{ real a; }}
        model {{ real s = 0; while (s < 1) {{ s += 1; target += {call(distribution)}; }} }}"""
    )
    assert not np.isfinite(model.logp(np.ones(1)))
    assert model.failure(np.ones(1)) is not None
