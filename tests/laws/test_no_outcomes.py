"""A density of no outcomes is 0; some, as Stan's, do not look at their parameters then, others do."""

from __future__ import annotations

import numpy as np
import pytest
import stanli
from component_edges import in_graph
from pplc.compiler.library.definitions import Distribution, Support
from pplc.compiler.library.densities import parameters_of
from pplc.compiler.library.registry import distributions
from scalar_calls import NUMBERS, parts_of, point
from scalar_calls import call as call_of

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
UNCHECKED = [d for d in distributions().values() if d.unchecked_if_empty and not d.discrete]
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


SHOWN = (
    "uniform_lpdf(r | a, 0.5)",  # bounds the wrong way round
    "uniform_lcdf(r | a, 0.5)",
    "normal_lpdf(r | log(-a), 1)",
    "normal_lpdf(log(-a) | r, 1)",
    "poisson_log_lpmf(e | log(-a))",
    "discrete_range_lpmf(e | 2, one)",
)


@pytest.mark.parametrize("text", SHOWN)
def test_what_only_outcomes_would_show_is_looked_at(text: str) -> None:
    """In a graph, in a loop of unknown length, and where everything is known; a finite term is not missed."""
    start = "data { int n; int one; } transformed data { array[n] real r; array[n] int e; "
    loop = f"int i = 0; while (i < 1) {{ i += 1; target += {text}; if (a > 1e3) break; }}"
    for body in (f"target += {text};", loop):
        program = f"{start}}} parameters {{ real<lower=0> a; }} model {{ {body} }}"
        model = pplc.compile_model(program, {"n": 0, "one": 1})
        assert not np.isfinite(model.logp(np.zeros(1)))
        assert text.partition("(")[0] in str(model.failure(np.zeros(1)))
    known = f"{start} real a = 1; real k = {text}; }} parameters {{ real z; }} model {{ target += k; }}"
    with pytest.raises(pplc.ProgramError, match=text.partition("(")[0]):
        pplc.compile_model(known, {"n": 0, "one": 1}).logp(np.zeros(1))


def outside(support: Support) -> float:
    if support.lower is not None:
        return support.lower - 1
    return np.nan if support.upper is None else support.upper + 1


@pytest.mark.slow
@pytest.mark.parametrize("distribution", [d for d in NUMBERS if not d.discrete], ids=lambda d: d.name)
def test_parameters_are_looked_at_as_in_stan(distribution: Distribution) -> None:
    """One after the other is moved out of its support."""
    names = [f"x{place} / one" for place in range(1, len(parameters_of(distribution)))]
    declared = " ".join(f"real {name.split()[0]};" for name in names)
    for part in parts_of(distribution):
        density = call_of(f"{distribution.name}_{part}", ["none", *names])
        text = f"transformed data {{ array[0] real none; }} parameters {{ {declared} real one; }}"
        text += f" model {{ target += {density}; }}"
        ours, stan = in_graph(text), stanli.Model(stan_code=text)
        for place, parameter in enumerate(parameters_of(distribution)[1:]):
            at = np.array([*point(distribution)[1:], 1.0])
            at[place] = outside(parameter.support)
            try:
                expected = stan.log_prob_grad(at)[0]
            except RuntimeError:
                expected = -np.inf
            assert ours(at)[0] == expected, (density, at)
