"""What Python users hand over by mistake is refused in words, and nothing is guessed."""

from __future__ import annotations

import numpy as np
import pytest

import pplc

LINE = """data {
  int N;
  vector[N] y;
}
parameters {
  real mu;
}
model {
  mu ~ std_normal();
  y ~ normal(mu, 1);
}
"""


@pytest.fixture(scope="module")
def model():
    return pplc.compile_model(LINE, {"N": 2, "y": [1, 2]})


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ([1, 2], "data are a dict of values by name or the path of a file, not a list"),
        ({"N": 2, "y": np.ma.array([1.0, 2.0], mask=[False, True])}, r"`y\[2\]` is masked"),
        ({"N": 2, "y": {1, 2}}, "`y` holds values that are not numbers"),
        ({"n": 2, "y": [1, 2]}, "`N` is missing.* Did you mean `n`"),
    ],
)
def test_data(data, words):
    with pytest.raises(pplc.DataError, match=words):
        pplc.compile_model(LINE, data)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "`K` is missing; the program declares it as int (line 2)"),
        ({"K": "a"}, "`K` holds 'a', which is not a number"),
        ({"K": -1}, "`K` must be at least 0, but it is -1"),
    ],
)
def test_what_is_bounded_by_a_mistake_is_not_looked_at(given, words):
    program = """data {
      int<lower=0> K;
      array[2] int<lower=1, upper=K> y;
      array[1] tuple(real<upper=K>, int) t;
    }"""
    with pytest.raises(pplc.DataError) as caught:
        pplc.compile_model(program, {"y": [1, 2], "t": [{"1": 0.5, "2": 3}], **given})
    assert str(caught.value).splitlines() == ["the data do not fit the program:", f"  - {words}"]


@pytest.mark.parametrize(
    ("declaration", "value", "words"),
    [
        ("vector<lower=[1, 5]'>[2] y;", [2, 4.5], "`y` must be at least 5, but element [2] is 4.5"),
        ("array[2] vector<upper=3>[1] y;", [[4], [1]], "`y` must be at most 3, but element [1, 1] is 4"),
        ("row_vector<lower=0, upper=[1, 2]>[2] y;", [0, 3], "`y` must be between 0 and 2, but element [2] is 3"),
        ("complex_vector[3] y;", [[1, 2], [3, 4]], "`y` has 2 elements, but complex_vector[3] wants 3 elements"),
        ("complex_vector[3] y;", [1, 2], "`y` has 2 elements; complex numbers are pairs [real, imaginary]"),
        ("array[2] tuple(int, int) y;", [{"1": 1, "2": 2}], "`y` has 1 element, but an array of 2 tuples is declared"),
    ],
)
def test_sentences(declaration, value, words):
    with pytest.raises(pplc.DataError) as caught:
        pplc.compile_model(f"data {{ {declaration} }}", {"y": value})
    assert str(caught.value).splitlines()[1:] == [f"  - {words}"]


def test_masked_data_are_not_those_that_were_kept(model):
    assert model.logp([0.0]) < 0
    pplc.compile_model(LINE, {"N": 2, "y": np.array([1.0, 2.0])}).logp([0.0])
    with pytest.raises(pplc.DataError, match="masked"):
        pplc.compile_model(LINE, {"N": 2, "y": np.ma.array([1.0, 2.0], mask=[False, True])})


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"draws": "10"}, "draws must be a number, not '10'"),
        ({"draws": np.int64(-5)}, "draws must be at least 0, not -5"),
        ({"draws": True}, "draws must be a number, not True"),
        ({"save_warmup": 1}, "save_warmup must be true or false, not 1"),
        ({"target_accept": "high"}, "target_accept must be a number, not 'high'"),
        ({"step_size": float("inf")}, "step_size must be a finite number, not inf"),
        ({"chains": 2.0}, "chains must be a whole number, not 2.0"),
        ({"seed": "a"}, "seed must be a whole number, not 'a'"),
        ({"seed": 2**63}, r"seed must be less than 2\^63"),
        ({"threads": "2", "time_limit": "3"}, "threads must be a whole number, not '2'; time_limit must be a number"),
    ],
)
def test_options(model, options, words):
    with pytest.raises(pplc.OptionError, match=words):
        model.sample(progress=False, **options)


def test_a_seed_may_be_of_numpy(model):
    drawn = model.sample(seed=np.int64(3), chains=np.int32(1), draws=np.int64(5), warmup=5, progress=False)
    assert drawn.posterior["mu"].shape == (1, 5)


def test_other_things(model):
    with pytest.raises(pplc.OptionError, match=r"an earlier result is a DataTree.*, not a dict"):
        model.sample_posterior_predictive({"mu": [1]})
    with pytest.raises(TypeError, match="the path of a file or its text, not a NoneType"):
        pplc.compile_model(None)
    with pytest.raises(ValueError, match=r"a position has shape \(1,\), not \(2,\)"):
        model.constrain([1, 2])
    with pytest.raises(pplc.InitialValuesError, match=r"initial value of `mu` is null"):
        model.sample(inits={"mu": None}, progress=False)
