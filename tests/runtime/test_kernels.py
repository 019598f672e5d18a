"""Kernels are compiled once, kept on disk, and loaded again without Numba; those of the package never need it."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hand_written import independent_normal
from pplc.runtime.drivers import drivers
from pplc.runtime.kernels import shipped
from pplc.runtime.kernels.kernel import Kernel
from pplc.runtime.kernels.source import sources
from pplc.runtime.streams import new_stream
from scipy import stats

NUTS = """
import ctypes, sys
import numpy as np
from pplc.runtime.contract import LogDensity, Target, Variable
from pplc.runtime.drivers import drivers

@ctypes.CFUNCTYPE(ctypes.c_double, ctypes.POINTER(ctypes.c_double), ctypes.POINTER(ctypes.c_double))
def density(position, gradient):
    gradient[0] = -position[0]
    return -0.5 * position[0] ** 2

address = ctypes.cast(density, ctypes.c_void_p).value
target = Target(LogDensity(address, 1, density), (Variable("x", (1,)),), lambda q: {"x": q}, lambda q: "")
result = drivers()["nuts"].run(target, chains=1, seed=1)
print(result.sample.positions.sum(), "numba" in sys.modules)
"""


def add():
    return Kernel("runtime_kernels", "add", lambda: (0, np.zeros(1)))


def run_program(program, **environment):
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parent)} | environment
    finished = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env=environment, check=False
    )
    assert finished.returncode == 0, finished.stderr
    return finished.stdout.split()


def test_second_process_does_not_import_numba(tmp_path):
    program = """
import sys
import numpy as np
from pplc.runtime.kernels.kernel import Kernel
from pplc.runtime.streams import new_stream
add = Kernel("runtime_kernels", "add", lambda: (0, np.zeros(1)))
print(add(2, np.arange(3.0)), "numba" in sys.modules)
"""
    assert run_program(program, PPLC_CACHE_DIR=str(tmp_path)) == ["5", "True"]
    (compiled,) = (tmp_path / "kernels").iterdir()
    assert run_program(program, PPLC_CACHE_DIR=str(tmp_path)) == ["5", "False"]
    compiled.write_bytes(compiled.read_bytes()[:-1])  # a damaged file is compiled anew
    assert run_program(program, PPLC_CACHE_DIR=str(tmp_path)) == ["5", "True"]
    assert run_program(program, PPLC_CACHE_DIR=str(tmp_path)) == ["5", "False"]


def test_nuts_never_needs_numba(tmp_path):
    first = run_program(NUTS, PPLC_CACHE_DIR=str(tmp_path))
    assert len(list((tmp_path / "kernels").iterdir())) == 1
    assert first == run_program(NUTS, PPLC_CACHE_DIR=str(tmp_path))
    assert first[1] == "False"


@pytest.mark.parametrize("name", [name for name, driver in drivers().items() if driver.kernels])
def test_kernels_of_the_package_come_with_it(name):
    for kernel in drivers()[name].kernels:
        assert shipped.find(kernel.name, kernel.source) is not None, "`make accept` writes it"


def test_code_of_a_later_llvm_is_written_anew(tmp_path, monkeypatch):
    monkeypatch.setenv("PPLC_CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(shipped, "find", lambda name, source: b"no LLVM code")
    assert add()(2, np.arange(3.0)) == 5


def test_preparing_compiles_in_the_background(tmp_path, monkeypatch):
    monkeypatch.setenv("PPLC_CACHE_DIR", str(tmp_path))
    kernel = add()
    kernel.prepare()  # not with Numba
    assert not (tmp_path / "kernels").exists()
    code = kernel.write()
    monkeypatch.setattr(shipped, "find", lambda name, source: code)
    monkeypatch.setattr(kernel, "write", lambda: pytest.fail("the LLVM code is there"))
    kernel.prepare()
    assert kernel(2, np.arange(3.0)) == 5


def test_a_kernel_is_made_from_all_that_it_imports():
    names = {path.stem for path in sources("pplc.runtime.dynamics.chain")}
    assert {"chain", "trajectory", "fisher", "windowed", "moments", "generator", "compiled", "state"} <= names
    assert not {"run", "ascent", "kernel"} & names


def test_a_cache_that_cannot_be_written_is_done_without(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("a file where a folder should be")
    monkeypatch.setenv("PPLC_CACHE_DIR", str(tmp_path / "file"))
    assert add()(2, np.arange(3.0)) == 5
    assert list(tmp_path.iterdir()) == [tmp_path / "file"]


def test_arguments_are_checked():
    kernel = add()
    with pytest.raises(ValueError, match="C-contiguous"):
        kernel(1, np.zeros((4, 4))[:, 0])
    with pytest.raises(TypeError, match="str"):
        kernel("1", np.zeros(4))
    with pytest.raises(TypeError, match="takes"):
        kernel(1.0, np.zeros(4))


def test_python_callbacks_are_densities_too():
    density = independent_normal([2.0, 4.0]).log_density
    value, gradient = density(np.array([2.0, 4.0]))
    assert value == -1.0
    np.testing.assert_allclose(gradient, [-0.5, -0.25])
    callback = ctypes.CFUNCTYPE(ctypes.c_double, ctypes.POINTER(ctypes.c_double), ctypes.POINTER(ctypes.c_double))
    assert callback(density.address)((ctypes.c_double * 2)(2.0, 4.0), (ctypes.c_double * 2)()) == -1.0
    with pytest.raises(ValueError, match=r"shape \(2,\)"):
        density(np.zeros(3))


def test_random_numbers_have_their_distributions():
    state = new_stream(5)
    uniforms, normals = np.empty(500_000), np.empty(500_000)
    Kernel("runtime_kernels", "fill", lambda: (state, uniforms, normals))(state, uniforms, normals)
    assert stats.kstest(uniforms, "uniform").pvalue > 1e-3
    assert stats.kstest(normals, "norm").pvalue > 1e-3
    assert abs(stats.kurtosis(normals)) < 0.04
    tail = normals[np.abs(normals) > 3.8520461503683916]  # sampled by another algorithm
    expected = 2 * stats.norm.sf(3.8520461503683916) * len(normals)
    assert abs(len(tail) - expected) < 5 * np.sqrt(expected)
    assert abs(np.corrcoef(normals[1:], normals[:-1])[0, 1]) < 0.01
    assert uniforms.min() >= 0.0
    assert uniforms.max() < 1.0
