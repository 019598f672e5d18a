"""A model that was compiled before is taken from disk: what must be the same, and what must make it another model."""

from __future__ import annotations

import pickle
import warnings

import numpy as np
import pytest
from pplc.compiler.backend import functions

import pplc as package
from pplc.errors import ProgramWarning


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("PPLC_CACHE_DIR", str(tmp_path / "cache"))


def compiled(path, data=None, **options):
    """The model, kept on disk, and its warnings."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        model = package.compile_model(path, data, **options)
        model.target()
    return model, [warning.message for warning in caught]


OLD = "parameters {\n  real x[2];\n}\nmodel {\n  x ~ normal(0, 1);\n}\n"


def test_warnings_are_given_every_time(tmp_path):
    for name in ("first.ppl", "second.ppl"):
        (tmp_path / name).write_text(OLD)
        model, found = compiled(tmp_path / name)
        [warning] = found
        assert isinstance(warning, ProgramWarning)
        assert f"{name}:2:10: the sizes of an array stand before its type" in str(warning)
    assert model._built.snapshot is not None


def test_included_files_are_part_of_the_program(tmp_path):
    folder = tmp_path / "functions"
    folder.mkdir()
    (tmp_path / "m.ppl").write_text(
        "functions {\n#include f.stanfunctions\n}\nparameters {\n  real x;\n}\nmodel {\n  x ~ normal(f(), 1);\n}\n"
    )
    means = []
    for mean in (1, 1, 5):
        (folder / "f.stanfunctions").write_text(f"#include g.stan\nreal f() {{\n  return g() + {mean};\n}}\n")
        (folder / "g.stan").write_text("real g() {\n  return 0;\n}\n")
        model, _ = compiled(tmp_path / "m.ppl", include_paths=[folder])
        means.append(model.logp_dlogp(np.zeros(1))[1].item())
    assert means == [1, 1, 5]
    (folder / "g.stan").write_text("real g() {\n  return 2;\n}\n")
    model, _ = compiled(tmp_path / "m.ppl", include_paths=[folder])
    assert model.logp_dlogp(np.zeros(1))[1] == [7]
    model, _ = compiled(tmp_path / "m.ppl", include_paths=[folder])
    assert model._built.snapshot is not None


def test_constrained_values_wait_until_they_are_wanted(tmp_path, monkeypatch):
    program, data = tmp_path / "m.ppl", {"k": 3, "u": [0.5, 2.0]}
    program.write_text(
        "data { int k; vector[2] u; } parameters { real<lower=0> x; }"
        "transformed parameters { real z = 2 * x; vector[2] w = k * u; } model { x ~ gamma(2, z); }"
    )
    calls = []
    compile_function = functions.compile_function
    monkeypatch.setattr(functions, "compile_function", lambda *given: calls.append(given) or compile_function(*given))
    first = package.compile_model(program, data)
    first.logp_dlogp(np.zeros(1))
    assert not calls
    for kept in (False, True, True):
        model = package.compile_model(program, data)
        assert (model._built.snapshot.constrain is not None) == kept
        values = model.constrain(np.zeros(1))
        assert {name: value.tolist() for name, value in values.items()} == {"x": 1.0, "z": 2.0, "w": [1.5, 6.0]}
    assert len(calls) == 1


@pytest.mark.parametrize("kept", [True, False])
def test_models_can_be_sent_to_other_processes(tmp_path, kept):
    program = tmp_path / "m.ppl"
    program.write_text("data {\n  vector[3] y;\n}\nparameters {\n  real x;\n}\nmodel {\n  y ~ normal(x, 1);\n}\n")
    data = {"y": np.float32([1.0, 2.0, 4.0])} if kept else {"y": tuple(np.float32([1.0, 2.0, 4.0]))}
    model, _ = compiled(program, data)
    assert (model._built.origin.key is not None) == kept
    program.unlink()
    other = pickle.loads(pickle.dumps(model))
    assert other.name == "m"
    assert other.logp_dlogp(np.ones(1)) == model.logp_dlogp(np.ones(1))
