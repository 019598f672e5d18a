"""What the commands do when all is well: results and their names, summaries, checking, formatting, interrupts."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
from pplc.runtime.netcdf import read_netcdf

from pplc.cli.entry import run

QUICK = ("--draws", "50", "--warmup", "60", "--seed", "1")


def test_result_has_the_groups_of_arviz(pplc, schools, tmp_path):
    done = pplc("schools.ppl", "--data", "schools.json", *QUICK, "--save-warmup", "--predict", "--output", "r.nc")
    assert done.returncode == 0, done.stderr
    groups = read_netcdf(tmp_path / "r.nc")
    assert set(groups) == {
        "posterior", "sample_stats", "warmup_posterior", "warmup_sample_stats", "observed_data", "constant_data",
        "posterior_predictive", "log_likelihood", "prior", "prior_predictive",
    }  # fmt: skip
    dims, theta = groups["posterior"].arrays["theta"]
    assert dims == ("chain", "draw", "J")
    assert theta.shape == (4, 50, 8)
    np.testing.assert_array_equal(groups["observed_data"].arrays["y"][1], schools["y"])
    np.testing.assert_array_equal(groups["constant_data"].arrays["sigma"][1], schools["sigma"])
    assert groups["warmup_posterior"].arrays["mu"][1].shape == (4, 60)
    assert groups["sample_stats"].arrays["diverging"][1].dtype == bool
    sigma = np.array(schools["sigma"])
    expected = -0.5 * ((schools["y"] - theta) / sigma) ** 2 - np.log(sigma * np.sqrt(2 * np.pi))
    np.testing.assert_allclose(groups["log_likelihood"].arrays["y"][1], expected, rtol=1e-10)


def test_xarray_reads_the_result(pplc, schools, tmp_path):
    xarray = pytest.importorskip("xarray")
    pplc("schools.ppl", "--data", "schools.json", *QUICK, "-q", "--output", "r.nc")
    with xarray.open_datatree(tmp_path / "r.nc", engine="h5netcdf") as tree:
        assert dict(tree["posterior"].sizes) == {"chain": 4, "draw": 50, "J": 8}
        assert tree.attrs["seed"] == 1
        assert tree["sample_stats"]["diverging"].dtype == bool


def test_results_are_never_overwritten_unasked(pplc, tmp_path):
    (tmp_path / "m.ppl").write_text("parameters {\n  real x;\n}\nmodel {\n  x ~ std_normal();\n}\n")
    for name in ("m.nc", "m-2.nc"):
        done = pplc("m.ppl", *QUICK)
        assert f"the result is in {name}" in done.stdout
        assert (tmp_path / name).exists()
    before = (tmp_path / "m.nc").stat().st_mtime_ns
    assert pplc("m.ppl", *QUICK, "-q", "--overwrite").stdout == ""
    assert (tmp_path / "m.nc").stat().st_mtime_ns > before
    assert not (tmp_path / "m-3.nc").exists()


def test_same_seed_same_draws_however_many_threads(pplc, schools, tmp_path):
    for name, threads in (("a", 1), ("b", 4)):
        pplc("schools.ppl", "-d", "schools.json", *QUICK, "-q", "--threads", threads, "-o", f"{name}.nc")
    first, second = (read_netcdf(tmp_path / f"{name}.nc")["posterior"].arrays["theta"][1] for name in "ab")
    np.testing.assert_array_equal(first, second)


def test_summary_of_a_result_repeats_the_table(pplc, schools):
    done = pplc("schools.ppl", "--data", "schools.json", *QUICK, "-o", "r.nc")
    again = pplc("summary", "r.nc")
    assert again.returncode == 0, again.stderr
    table = [line for line in done.stdout.splitlines() if line.startswith(("mu", "tau", "theta"))]
    assert len(table) == 10
    assert all(line in again.stdout for line in table)
    assert pplc("summary", "r.nc", "-v", "mu").stdout.splitlines()[1].startswith("mu")


def test_start_from_an_earlier_result(pplc, schools, tmp_path):
    pplc("schools.ppl", "--data", "schools.json", *QUICK, "-q", "-o", "first.nc")
    done = pplc("schools.ppl", "--data", "schools.json", "--draws", 3, "--warmup", 0, "--step-size", 1e-9,
                "--init", "first.nc", "-q", "-o", "second.nc")  # fmt: skip
    assert done.returncode == 0, done.stderr
    first, second = (read_netcdf(tmp_path / f"{n}.nc")["posterior"].arrays["tau"][1] for n in ("first", "second"))
    np.testing.assert_allclose(second[:, 0], first[:, -1], rtol=1e-4)


def test_zarr(pplc, schools):
    done = pplc("schools.ppl", "--data", "schools.json", *QUICK, "-o", "r.zarr")
    assert done.returncode == 0, done.stderr
    assert "Warning" not in done.stderr
    again = pplc("summary", "r.zarr")
    assert [line for line in done.stdout.splitlines() if line.startswith("theta")] == [
        line for line in again.stdout.splitlines() if line.startswith("theta")
    ]
    assert "r.zarr: the file exists" in pplc("schools.ppl", "-d", "schools.json", "-o", "r.zarr").stderr
    assert pplc("schools.ppl", "-d", "schools.json", *QUICK, "-q", "--init", "r.zarr", "-o", "n.nc").returncode == 0


def test_other_methods(pplc, schools, tmp_path):
    done = pplc("schools.ppl", "--data", "schools.json", "--method", "advi", "--seed", 1, "--draws", 200, "-o", "a.nc")
    assert done.returncode == 0, done.stderr
    fit = read_netcdf(tmp_path / "a.nc")["fit"]
    assert fit.arrays["elbo_trace"][0] == ("chain", "iteration")
    assert fit.arrays["pareto_k"][1].shape == (4,)


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C cannot be sent to one process only")
def test_interrupt_keeps_the_draws(schools, tmp_path):
    command = [sys.executable, "-m", "pplc", "schools.ppl", "--data", "schools.json", "--draws", "20000",
               "--thin", "1000", "--warmup", "100", "--seed", "1", "--output", "r.nc", "--chains", "2"]  # fmt: skip
    process = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    while "parameters, compiled" not in process.stderr.readline():
        assert process.poll() is None
    time.sleep(5)
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=120)
    assert process.returncode == 130, errors
    assert "the run was interrupted" in output
    draws = read_netcdf(tmp_path / "r.nc")["posterior"].arrays["mu"][1].shape[1]
    assert 0 < draws < 20000


def test_interrupt_while_compiling(schools, tmp_path, monkeypatch, capsys):
    def interrupted(job):
        raise KeyboardInterrupt

    monkeypatch.setattr("pplc.cli.job.run", interrupted)
    assert run([str(tmp_path / "schools.ppl")]) == 130
    assert capsys.readouterr().err.strip() == "error: interrupted"


def test_check_reports_all_mistakes(pplc, tmp_path):
    (tmp_path / "a.ppl").write_text("parameters {\n  real x;\n}\nmodel {\n  x ~ normal(mu, s);\n}\n")
    (tmp_path / "b.ppl").write_text("parameters {\n  real x;\n}\nmodel {\n  x ~ std_normal();\n}\n")
    done = pplc("check", "a.ppl", "b.ppl")
    assert done.returncode == 1
    assert "a.ppl:5:14" in done.stderr
    assert "`s`" in done.stderr
    assert "b.ppl: no mistakes" in done.stderr
    assert pplc("check", "-q", "b.ppl").stderr == ""


def test_format(pplc, tmp_path):
    untidy = "parameters{real x;}\n\n\nmodel{x~std_normal( );}\n"
    (tmp_path / "a.ppl").write_text(untidy)
    assert pplc("format", "--check", "a.ppl").returncode == 1
    assert (tmp_path / "a.ppl").read_text() == untidy
    printed = pplc("format", "a.ppl").stdout
    assert pplc("format", "--write", "a.ppl").returncode == 0
    assert (tmp_path / "a.ppl").read_text() == printed == (
        "parameters {\n  real x;\n}\n\nmodel {\n  x ~ std_normal();\n}\n"
    )  # fmt: skip
    assert pplc("format", "--check", "a.ppl").returncode == 0


def test_comments_in_another_encoding_keep_their_bytes(pplc, tmp_path):
    """Stan reads bytes; comments in Shift JIS and Latin-1 are common in programs that came with books and papers."""
    (tmp_path / "note.stan").write_bytes("/* 確率 */".encode("shift_jis"))
    text = b'#include "note.stan"\nparameters {real x;} // caf\xe9\nmodel {x ~ normal(0, 1);}\n'
    (tmp_path / "a.stan").write_bytes(text)
    assert "a.stan: no mistakes" in pplc("check", "a.stan").stderr
    assert pplc("format", "--write", "a.stan").returncode == 0
    assert b"  real x;\n} // caf\xe9\n" in (tmp_path / "a.stan").read_bytes()


def test_format_upgrades_only_if_asked(pplc, tmp_path):
    (tmp_path / "old.ppl").write_text("data {\n  real x[3];\n}\n")
    assert "real x[3];" in pplc("format", "old.ppl").stdout
    assert "array[3] real x;" in pplc("format", "--upgrade", "old.ppl").stdout


def test_stages_can_be_printed(pplc, schools):
    assert "parameters:" in pplc("schools.ppl", "--emit", "ir").stdout
    assert "Vector(float64" in pplc("schools.ppl", "--data", "schools.json", "--emit", "graph").stdout
    assert len(pplc("schools.ppl", "--data", "schools.json", "--emit", "source").stdout) > 200


def test_help_names_every_setting_and_exit_code(pplc):
    import dataclasses

    from pplc.runtime.drivers import drivers

    from pplc.cli.exits import Exit

    text = pplc("--help").stdout
    for driver in drivers().values():
        for field in dataclasses.fields(driver.settings):
            assert f"--{field.name.replace('_', '-')}" in text
    for code in Exit:
        assert f" {code.value} " in text
    assert pplc().stdout == text


def test_light_commands_stay_light(schools, tmp_path):
    """Checking and formatting import neither NumPy nor what builds on it."""
    for arguments in (["check", "schools.ppl"], ["format", "schools.ppl"]):
        code = (
            "import sys; from pplc.cli.entry import run; "
            f"code = run({arguments!r}); heavy = {{'numpy', 'numba', 'rich'}} & set(sys.modules); "
            "sys.exit(1 if heavy or code else 0)"
        )
        assert subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True).returncode == 0


def test_sampling_does_not_import_what_it_does_not_need(schools, tmp_path):
    code = (
        "import sys; from pplc.cli.entry import run; "
        "run('schools.ppl --data schools.json --draws 20 --warmup 20 --overwrite'.split()); "
        "print({'arviz', 'xarray', 'pandas', 'numba', 'scipy', 'pytensor'} & set(sys.modules))"
    )
    environment = os.environ | {"PPLC_CACHE_DIR": str(tmp_path / "cache")}
    for expected in ("{'pytensor'}", "set()"):  # compiled first, then known
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        assert done.stdout.splitlines()[-1] == expected, done.stderr
