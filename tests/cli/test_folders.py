"""Where caches live, and what is kept there where Python itself keeps nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

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
    bare = "import sys; from pplc import folders; folders._installed_with_bytecode = lambda: False; "
    (tmp_path / "m.ppl").write_text("parameters { real x; } model { x ~ std_normal(); }")
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PPLC_CACHE_DIR": str(tmp_path / "cache")}
    environment.pop("PYTHONPYCACHEPREFIX", None)
    command = [sys.executable, "-c", f"{bare}from pplc.__main__ import main; sys.exit(main())", "check", "m.ppl"]
    assert subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True).returncode == 0
    assert list((tmp_path / "cache" / "bytecode").rglob("parser.*.pyc"))
