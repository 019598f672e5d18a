"""Draws that were made are written, whatever happens after them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from pplc.runtime.netcdf import read_netcdf

from pplc.cli.exits import Exit, Stop
from pplc.cli.output import write

GENERATING = """
parameters {
  real x;
}
model {
  x ~ std_normal();
}
generated quantities {
  real y = normal_rng(x, 1);
  int n = poisson_rng(3);
}
"""
INTERRUPTED = """
import os, signal, sys
from pplc import generated
from pplc.cli.entry import run
before, calls = generated.GeneratedQuantities.draw, []
def draw(*arguments):
    calls.append(arguments)
    if len(calls) == 3:
        os.kill(os.getpid(), signal.SIGINT)
        __import__("time").sleep(1)
    return before(*arguments)
generated.GeneratedQuantities.draw = draw
sys.exit(run(sys.argv[1:]))
"""
QUICK = ("--draws", "60", "--warmup", "60", "--seed", "1", "--chains", "2")


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C cannot be sent to one process only")
def test_interrupt_while_generated_quantities_are_computed(tmp_path):
    (tmp_path / "m.ppl").write_text(GENERATING)
    command = [sys.executable, "-c", INTERRUPTED, "m.ppl", *QUICK, "--draws", "2000", "--threads", "1", "-o", "r.nc"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=300)
    assert done.returncode == Exit.INTERRUPTED, done.stderr
    assert "draws have no generated quantities (they hold nan), because the run was interrupted" in " ".join(
        done.stdout.split()
    )
    posterior = read_netcdf(tmp_path / "r.nc")["posterior"].arrays
    assert np.isfinite(posterior["x"][1]).all()
    assert posterior["x"][1].shape == (2, 2000)
    reached = np.isfinite(posterior["y"][1])
    assert 0 < reached.sum() < reached.size
    np.testing.assert_array_equal(np.isfinite(posterior["n"][1]), reached)


@pytest.mark.skipif(sys.platform == "win32", reason="a folder's permissions are another matter there")
def test_folder_that_vanishes(schools, tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    (tmp_path / "results").mkdir()
    command = [sys.executable, "-c", VANISHING, "schools.ppl", "-d", "schools.json", *QUICK, "-o", "results/r.nc"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=300)
    assert done.returncode == Exit.OUTPUT, done.stderr
    assert "the result cannot be written to results/r.nc: No such file or directory" in done.stderr
    [refuge] = tmp_path.glob("pplc-*/r.nc")
    assert f"it is in {refuge} instead" in done.stderr
    assert read_netcdf(refuge)["posterior"].arrays["mu"][1].shape == (2, 60)


VANISHING = """
import os, sys
from pplc.cli import job
from pplc.cli.entry import run
before = job.write
def vanish(groups, path, overwrite):
    os.rmdir(path.parent)
    return before(groups, path, overwrite)
job.write = vanish
sys.exit(run(sys.argv[1:]))
"""


def test_file_that_appears_meanwhile(tmp_path):
    path = tmp_path / "r.nc"
    path.write_text("another result")
    assert write({}, path, overwrite=False) == tmp_path / "r-2.nc"
    assert path.read_text() == "another result"
    assert write({}, path, overwrite=True) == path


def test_no_place_at_all(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(
        "pplc.cli.output._write", lambda groups, path: (_ for _ in ()).throw(OSError(28, "HDF5 says more"))
    )
    with pytest.raises(Stop, match=r"to r.nc: No space left on device; nor to .*: No space") as stop:
        write({}, Path("r.nc"), overwrite=False)
    assert stop.value.code is Exit.OUTPUT
    assert not list(tmp_path.iterdir())


def test_not_even_a_place_for_temporary_files(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "none"))
    with pytest.raises(Stop, match=r"none/r.nc: No such .*; nor to .*none: No such file or directory$"):
        write({}, tmp_path / "none" / "r.nc", overwrite=False)


@pytest.mark.skipif(os.name == "nt", reason="sizes of files are not limited there")
def test_full_disk(tmp_path, schools):
    command = f"ulimit -f 40; {sys.executable} -m pplc schools.ppl -d schools.json {' '.join(QUICK)} --draws 5000 -q"
    environment = {
        **os.environ,
        "TMPDIR": str(tmp_path),
        "PYTHONPYCACHEPREFIX": str(tmp_path),
    }  # other tests read the bytecode of the rest
    done = subprocess.run(
        ["bash", "-c", command], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == Exit.OUTPUT
    assert "cannot be written to schools.nc: File too large; nor to" in done.stderr


@pytest.mark.parametrize("where", ["summary_text", "findings_text"])
def test_mistakes_of_ours_after_sampling(tmp_path, schools, where):
    code = (
        "import sys\nfrom pplc.cli import job\nfrom pplc.cli.entry import run\n"
        f"def broken(*arguments):\n    raise IndexError('a bug')\njob.{where} = broken\nsys.exit(run(sys.argv[1:]))"
    )
    command = [sys.executable, "-c", code, "schools.ppl", "-d", "schools.json", *QUICK, "-o", "r.nc"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=300)
    assert done.returncode == Exit.BUG
    assert "the draws are in r.nc" in done.stderr
    assert read_netcdf(tmp_path / "r.nc")["posterior"].arrays["mu"][1].shape == (2, 60)


@pytest.mark.skipif(os.name == "nt", reason="pipes end otherwise there")
def test_reader_that_has_seen_enough(tmp_path, schools):
    command = f"{sys.executable} -m pplc schools.ppl -d schools.json {' '.join(QUICK)} -o r.nc | head -c 1"
    subprocess.run(command, shell=True, cwd=tmp_path, capture_output=True, timeout=300, check=True)
    assert (tmp_path / "r.nc").exists()
