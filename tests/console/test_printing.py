"""What programs print, reject and stop at: lines on the console in Stan's form, with the number of the chain."""

from __future__ import annotations

import numpy as np
import pytest

import pplc
from pplc.cli.report import profile_text

NOISY = """
functions {
  real noisy(real x) {
    print("noisy ", x);
    for (k in 1:2) if (k == 2) return 2 * x;
    return 0;
  }
}
data { int N; vector[N] y; }
transformed data {
  real a = noisy(N);
  for (n in 1:N) print("y", n, " is ", y[n]);
  print("all: ", y, " ", {1, 2}, " ", (1, 2.5));
}
parameters { real mu; real<lower=0> sigma; }
transformed parameters { real s2 = square(sigma); print("s2 ", s2); }
model {
  vector[N] r = y - mu;
  mu ~ normal(0, 1);
  y ~ normal(mu, sigma);
  for (n in 1:2) if (r[n] > 1) print("r", n, " ", r[n]);
  print("target ", target());
  if (mu < 0) reject("mu is ", mu);
}
generated quantities { int k = poisson_rng(3); print("k ", k); }
"""
DATA = {"N": 2, "y": [1.0, 2.0]}


def lines(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return capsys.readouterr().out.splitlines()


def test_transformed_data_prints_once_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    model = pplc.compile_model(NOISY, DATA)
    assert model.n_unconstrained == 2
    assert lines(capsys) == ["noisy 2", "y1 is 1", "y2 is 2", "all: [1,2] [1,2] (1,2.5)"]
    pplc.compile_model(NOISY, DATA).logp_dlogp(np.array([0.3, 0.1]))  # kept on disk or not, it prints again
    assert "noisy 2" in lines(capsys)


DEBUGGED = """
data { int debug; int N; array[2] real y; }
transformed data { int silent = 1 - debug; }
parameters { real mu; }
model {
  for (n in 1:N) {
    if (debug && y[n] > 0) print("y", n);
    y[n] ~ normal(mu, 1);
  }
  if (silent) mu ~ normal(0, 1); else { print("mu ", mu); }
}
"""


@pytest.mark.parametrize("debug", [0, 1])
def test_a_print_that_data_turn_off_costs_nothing(debug: int, capsys: pytest.CaptureFixture[str]) -> None:
    model = pplc.compile_model(DEBUGGED, {"debug": debug, "N": 2, "y": [1.0, -1.0]})
    model.logp_dlogp(np.array([0.3]))
    assert lines(capsys) == (["y1", "mu 0.3"] if debug else [])
    assert (model._effects is not None) == bool(debug)


def test_density_prints_where_it_is_evaluated(capsys: pytest.CaptureFixture[str]) -> None:
    model = pplc.compile_model(NOISY, DATA)
    position = np.array([0.3, 0.1])
    value, _ = model.logp_dlogp(position)
    printed = lines(capsys)[4:]
    assert printed == [f"s2 {np.exp(0.2):.6g}", "r2 1.7", f"target {value:.6g}"]
    value, _ = model.logp_dlogp(-position)
    assert value == -np.inf
    assert "mu is" in model.explain(-position)
    assert lines(capsys)[0] == f"s2 {np.exp(-0.2):.6g}"


def test_chains_print_with_their_number(capsys: pytest.CaptureFixture[str]) -> None:
    model = pplc.compile_model(NOISY, DATA)
    model.sample(chains=2, draws=3, warmup=20, seed=1, progress=False)
    printed = lines(capsys)[4:]
    for chain in ("Chain 1: ", "Chain 2: "):
        mine = [line.removeprefix(chain) for line in printed if line.startswith(chain)]
        assert sum(line.startswith("target") for line in mine) > 23  # at least one per transition
        assert sum(line.startswith("k ") for line in mine) == 3  # one per draw
    assert all(line.startswith("Chain ") for line in printed)


def test_rejection_by_data_names_its_values() -> None:
    program = 'data { real x; } transformed data { if (x < 0) reject("x is ", x); } parameters { real z; } model { }'
    pplc.compile_model(program, {"x": 1.0}).logp_dlogp(np.zeros(1))
    with pytest.raises(pplc.ProgramError, match="x is -2"):
        pplc.compile_model(program, {"x": -2.0}).logp_dlogp(np.zeros(1))


@pytest.mark.parametrize("word", ["reject", "fatal_error"])
def test_rejection_by_parameters(word: str) -> None:
    model = pplc.compile_model(f'parameters {{ real z; }} model {{ z ~ normal(0, 1); if (z > 1) {word}("too big"); }}')
    assert np.isfinite(model.logp_dlogp(np.zeros(1))[0])
    assert "too big" in model.explain(np.array([2.0]))


def test_reject_confines_the_chains() -> None:
    model = pplc.compile_model('parameters { real z; } model { z ~ normal(0, 1); if (z > 1) reject("too big"); }')
    assert model.logp_dlogp(np.array([2.0]))[0] == -np.inf
    draws = model.sample(chains=2, draws=200, warmup=100, seed=1, progress=False)["posterior"]["z"]
    assert float(draws.max()) <= 1


FATAL = 'parameters { real z; } model { z ~ normal(0, 1); if (z > 3) fatal_error("z is ", z); }'


def test_fatal_error_ends_the_run_and_keeps_its_draws() -> None:
    model = pplc.compile_model(FATAL)
    with pytest.raises(pplc.ProgramError, match="z is 4"):
        model.logp_dlogp(np.array([4.0]))
    with pytest.warns(pplc.SamplingWarning, match="ended by fatal_error in line 1: z is 3"):
        result = model.sample(draws=100_000, warmup=0, seed=1, inits={"z": 0.0}, progress=False)
    assert 0 < result.posterior.sizes["draw"] < 100_000
    assert float(result.posterior["z"].max()) <= 3


def test_fatal_error_ends_the_search_for_a_start() -> None:
    with pytest.raises(pplc.InitialisationFailed, match="ended by fatal_error in line 1: z is 5"):
        pplc.compile_model(FATAL).sample(inits={"z": 5.0}, progress=False)


def test_rejection_in_a_function_and_a_loop() -> None:
    model = pplc.compile_model(
        'functions { void check(real x) { if (x > 1) reject("x is ", x); } }'
        "parameters { vector[3] z; } model { for (k in 1:3) check(z[k]); z ~ normal(0, 1); }"
    )
    assert np.isfinite(model.logp_dlogp(np.zeros(3))[0])
    assert model.logp_dlogp(np.array([0.0, 0.0, 2.0]))[0] == -np.inf


def test_silent_programs_are_not_watched() -> None:
    model = pplc.compile_model("parameters { real z; } model { z ~ normal(0, 1); }")
    assert model.target().log_density.address == model.logp_dlogp_address


def test_nothing_printed_is_lost(capsys: pytest.CaptureFixture[str]) -> None:
    program = 'transformed data { real u; for (n in 1:30000) { u = uniform_rng(0, 1); print(n, " ", u); } print(u); }'
    _ = pplc.compile_model(program + " parameters { real z; }").lowered
    printed = lines(capsys)
    assert len(printed) == 30001
    assert printed[-2] == f"30000 {printed[-1]}"


def test_profile_sections_are_timed() -> None:
    model = pplc.compile_model(
        "data { int N; vector[N] y; } parameters { real mu; }"
        'transformed parameters { real a; profile("only values") { a = 2 * mu; } }'
        'model { profile("prior") { mu ~ normal(0, 1); } profile("likelihood") { y ~ normal(a, 1); target += -a^2; } }',
        DATA,
    )
    sections = model.profile_times()
    assert [(section.label, section.terms) for section in sections] == [
        ("only values", 0), ("prior", 1), ("likelihood", 2)
    ]  # fmt: skip
    assert sections[0].seconds is None
    assert all(0 < section.seconds < 1 for section in sections[1:])
    heading, first, second, _ = profile_text(sections, 1000).splitlines()
    assert heading.split() == ["profile", "terms", "per", "gradient", "1000", "gradients"]
    assert first.split() == [
        "only",
        "values",
        "0",
        *["not", "measured:", "it", "adds", "nothing", "to", "the", "density", "itself"],
    ]
    assert second.split()[:2] == ["prior", "1"]


@pytest.mark.parametrize(
    ("loop", "said"),
    [
        ('for (j in 1:3) if (n[j] > 2) reject("n (", j, ") is ", n[j], " of ", n);', "n (2) is 5 of [1,5,7]"),
        ('for (j in 1:3) for (k in j:3) if (n[k] > 2 * j) reject(j, " ", k, " ", n[k]);', "1 2 5"),
        ('for (m in n) if (m > 5) reject("no ", m, " with ", z);', "no 7 with {z}"),
    ],
)
def test_a_loop_over_data_rejects_with_the_values_of_its_first_iteration_that_does(loop, said):
    text = f"data {{ array[3] int n; }} parameters {{ real z; }} model {{ z ~ std_normal(); {loop} }}"
    with pytest.raises(pplc.ProgramError) as caught:
        _ = pplc.compile_model(text, {"n": [1, 5, 7]}).logp(np.zeros(1))
    assert f"^ {said}\n" in str(caught.value)
