"""Where caches live, and what is kept there where Python itself keeps nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pplc.cli.exits import Exit
from pplc.folders import cache_folder


def test_cache_folder(monkeypatch):
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.delenv("PPLC_CACHE_DIR", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", "/somewhere")
    assert cache_folder() == "/somewhere/pplc"
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert Path(cache_folder()) == Path.home() / ".cache" / "pplc"
    monkeypatch.setenv("PPLC_CACHE_DIR", "/elsewhere")
    assert cache_folder() == "/elsewhere"


def test_commands_keep_bytecode_with_the_caches(tmp_path):
    assert checked_without_bytecode(tmp_path).returncode == 0
    assert list((tmp_path / "cache" / "bytecode").rglob("parser.*.pyc"))


@pytest.mark.parametrize("module", ["pplc/errors", "grammar/parser", "pplc/cli/check"])
def test_bytecode_cut_short_by_a_full_disk(tmp_path, module):
    assert checked_without_bytecode(tmp_path).returncode == 0
    (written,) = (tmp_path / "cache" / "bytecode").rglob(f"{module}.*.pyc")
    written.write_bytes(written.read_bytes()[:200])
    again = checked_without_bytecode(tmp_path)
    assert again.returncode == Exit.OUTPUT
    assert "bytecode in pplc's cache was damaged and is removed; please run again" in again.stderr
    assert "Traceback" not in again.stderr
    assert checked_without_bytecode(tmp_path).returncode == 0


def checked_without_bytecode(folder: Path) -> subprocess.CompletedProcess[str]:
    """`pplc check` of a program where Python finds no bytecode and may not write it beside the sources."""
    bare = "import sys; from pplc import folders; folders._installed_with_bytecode = lambda: False; "
    (folder / "m.ppl").write_text("parameters { real x; } model { x ~ std_normal(); }")
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PPLC_CACHE_DIR": str(folder / "cache")}
    environment.pop("PYTHONPYCACHEPREFIX", None)
    command = [sys.executable, "-c", f"{bare}from pplc.__main__ import main; sys.exit(main())", "check", "m.ppl"]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
