"""The command line as a user meets it: a process with arguments, output and an exit code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SCHOOLS = Path(__file__).parents[2] / "examples" / "eight_schools"


@pytest.fixture
def pplc(tmp_path):
    """Run `pplc` in an empty folder with the given arguments."""

    def run(*arguments, **options):
        environment = {**os.environ, "NO_COLOR": "1", "COLUMNS": "100"}
        return subprocess.run(
            [sys.executable, "-m", "pplc", *map(str, arguments)],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            timeout=300,
            **options,
        )

    return run


@pytest.fixture
def schools(tmp_path):
    """The eight schools in the folder: `schools.ppl`, `schools.json`; returns the data for variations."""
    (tmp_path / "schools.ppl").write_text((SCHOOLS / "eight_schools.ppl").read_text())
    text = (SCHOOLS / "eight_schools.json").read_text()
    (tmp_path / "schools.json").write_text(text)
    return json.loads(text)
