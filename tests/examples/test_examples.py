"""Every example runs through the command line as its README says, and finds what is known about its data."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"
PROGRAMS = sorted(EXAMPLES.glob("*/*.ppl"))

# Posterior means, and how far a default run may be from them. Stan's own sampler (stanli 0.24, seed 20261126, 4 chains
# of 10,000 draws; `lsat` 2,000, with its answers expanded beforehand; `radon` 1,000) is within a third of the tolerance
# of each; where the value is known from elsewhere, too, the comment says so.
KNOWN = {
    # Stan's reference draws for this model and data
    "eight_schools": {"mu": (4.41, 0.25), "tau": (3.60, 0.35), "theta[1]": (6.15, 0.4)},
    # marginal maximum likelihood (Bock and Lieberman 1970): slopes near 0.8, intercepts as here
    "lsat": {"easiness[1]": (2.77, 0.1), "easiness[3]": (0.249, 0.03), "solved[1]": (0.924, 0.003)},
    # least squares per rat gives a mean growth of 6.19 and a mean weight of 242.7 grams
    "rats": {"mu[1]": (242.7, 0.6), "mu[2]": (6.19, 0.03), "sigma": (6.1, 0.15)},
    # the share of households that switched is 1737 of 3020
    "wells": {"predicted_share": (0.5752, 0.002), "effect_of_100m": (-0.226, 0.006)},
    # maximum likelihood: built 1965-69 against 1960-64 is 0.70, 1970-74 is 0.82, late service 0.38
    "ships": {"late_effect": (0.38, 0.03), "alpha": (-6.13, 0.06)},
    # the EM algorithm for two normals finds a share near 0.36
    "old_faithful": {"share[1]": (0.357, 0.006), "mu[1]": (2.036, 0.006), "mu[2]": (4.289, 0.006)},
    "motorcycle": {"sigma": (0.473, 0.01)},
    "radon": {"sigma": (0.89, 0.003), "mu_beta": (-0.759, 0.01), "floor_factor": (0.468, 0.005)},
}


def run(program: Path, folder: Path, *options: object) -> subprocess.CompletedProcess[str]:
    data = program.with_name(f"{program.parent.name}.json")
    return subprocess.run(
        [sys.executable, "-m", "pplc", str(program), "--data", str(data), "--seed", "1", *map(str, options)],
        cwd=folder,
        env={**os.environ, "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        timeout=1800,
    )


def test_there_are_enough():
    assert len({program.parent for program in PROGRAMS}) >= 8


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.stem)
def test_example_runs(program, tmp_path):
    done = run(program, tmp_path, "--draws", 20, "--warmup", 20, "--chains", 2, "--max-depth", 4)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / f"{program.stem}.nc").exists()
    assert "nan" not in done.stdout


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.stem)
def test_example_is_tidy(program):
    done = subprocess.run([sys.executable, "-m", "pplc", "format", "--check", str(program)], capture_output=True)
    assert done.returncode == 0, done.stderr
    done = subprocess.run([sys.executable, "-m", "pplc", "check", "--std", "stan", str(program)], capture_output=True)
    assert done.returncode == 0, done.stderr
    assert b"warning" not in done.stderr


@pytest.mark.parametrize("folder", sorted({program.parent for program in PROGRAMS}), ids=lambda folder: folder.name)
def test_readme_gives_the_command(folder):
    text = (folder / "README.md").read_text()
    name = f"examples/{folder.name}/{folder.name}"
    assert f"uv run pplc {name}.ppl --data {name}.json" in text
    for program in folder.glob("*.ppl"):
        assert program.name in text


@pytest.mark.slow
@pytest.mark.parametrize("name", KNOWN)
def test_known_results(name, tmp_path):
    done = run(EXAMPLES / name / f"{name}.ppl", tmp_path)
    assert done.returncode == 0, done.stderr
    means = dict(re.findall(r"^(\S+) +(-?[\d.]+)", done.stdout, re.MULTILINE))
    for quantity, (value, tolerance) in KNOWN[name].items():
        assert float(means[quantity]) == pytest.approx(value, abs=tolerance), quantity
