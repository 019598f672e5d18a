"""Compiled programs come back from disk, bound to new data, without PyTensor or Numba."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

import numpy as np
import pytest
from pplc.compiler.backend.density import compile_log_density, load_cached
from pplc.compiler.backend.functions import compile_function, load_cached_function

from .corpus import CASES, Data, position


def test_round_trip_with_new_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PPLC_CACHE_DIR", str(tmp_path))
    monkeypatch.setenv("PPLC_REWRITES_OFF", "least_squares,repeated_rows")  # programs for one set of data only
    q, log_density, data = CASES["varying_slopes"]()
    values = {variable.name: value for variable, value in data.items()}
    first = compile_log_density(q, log_density, data)
    assert first.store("key")
    point = np.linspace(-1, 1, first.size)
    again = load_cached("key", values)
    assert again is not None
    assert again(point)[0] == first(point)[0]
    moved = {name: value + (value.dtype.kind == "f") for name, value in values.items()}
    other = load_cached("key", moved)
    fresh = compile_log_density(q, log_density, {v: moved[v.name] for v in data})
    assert other is not None
    np.testing.assert_array_equal(other(point)[1], fresh(point)[1])
    assert other(point)[0] != first(point)[0]


def test_misfits_are_unknown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PPLC_CACHE_DIR", str(tmp_path))
    q, log_density, data = CASES["eight_schools"]()
    compile_log_density(q, log_density, data).store("key")
    assert load_cached("other", {}) is None
    assert load_cached("key", {}) is None
    assert load_cached("key", {v.name: np.ones(3) for v in data}) is None
    (tmp_path / "programs" / "key.npz").write_bytes(b"broken")
    assert load_cached("key", {v.name: value for v, value in data.items()}) is None


def test_read_only_folder_is_no_obstacle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv("PPLC_CACHE_DIR", str(tmp_path / "file"))
    compiled = compile_log_density(*CASES["without_data"]())
    assert np.isfinite(compiled(np.zeros(3))[0])


def test_bad_index_in_new_data_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PPLC_CACHE_DIR", str(tmp_path))
    data, q = Data(), position(4)
    index = data(np.array([0, 3, 1]))
    compile_log_density(q, q[index].sum(), data.values).store("key")
    with pytest.raises(IndexError, match="index 4 is out of bounds for an axis of size 4"):
        load_cached("key", {index.name: np.array([0, 4, 1])})


def test_functions_round_trip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PPLC_CACHE_DIR", str(tmp_path))
    data, q = Data(), position(4)
    x = data.normal(3, 4)
    function = compile_function([q], [x @ q, q > 0], data.values)
    assert function.store("key")
    again = load_cached_function("key", {x.name: data.values[x]})
    assert again is not None
    draws = np.random.default_rng(0).normal(size=(5, 4))
    for ours, theirs in zip(again.over_draws(draws), (draws @ data.values[x].T, draws > 0), strict=True):
        np.testing.assert_allclose(ours, theirs)
        assert ours.dtype == theirs.dtype


def test_loading_needs_neither_pytensor_nor_numba(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PPLC_CACHE_DIR", str(tmp_path))
    compile_log_density(*CASES["without_data"]()).store("key")
    program = """
        import sys
        from pplc.compiler.backend.density import load_cached
        import numpy
        assert load_cached("key", {})(numpy.zeros(3))[0] < 0
        assert not {"pytensor", "numba", "scipy"} & set(sys.modules)
    """
    subprocess.run([sys.executable, "-c", textwrap.dedent(program)], check=True)


def test_equal_graphs_have_equal_code() -> None:
    """Code that was compiled before is found by its text."""

    def source() -> str:
        data, q = Data(), position(12)
        rows, columns = (data(np.array(index)) for index in ([0, 2, 1, 1], [1, 3, 0, 2]))
        return compile_log_density(q, q.reshape((3, 4))[rows, columns].sum(), data.values).source

    assert len({source() for _ in range(12)}) == 1
