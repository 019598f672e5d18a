"""Which source a kernel is made from: its module and the modules of this package that those import."""

from __future__ import annotations

import hashlib
import importlib.util
import re
from pathlib import Path

_ROOT = Path(__file__).parent.parent
_PACKAGE = "pplc.runtime"
_IMPORT = re.compile(r"^from (pplc\.runtime[\w.]*) import (?:\(([^)]*)\)|(.*))", re.MULTILINE)


def fingerprint(module: str, name: str, types: str) -> str:
    """Names a kernel by all that its LLVM code depends on."""
    digest = hashlib.sha256(f"{module} {name} {types}".encode())
    for path in sources(module):
        digest.update(path.read_text(encoding="utf-8").encode())  # as text: line endings are a checkout's own business
    return digest.hexdigest()[:32]


def sources(module: str) -> list[Path]:
    """The files, the module's own first."""
    specification = importlib.util.find_spec(module)
    if specification is None or specification.origin is None:
        raise ModuleNotFoundError(f"no module named {module}", name=module)
    found = [Path(specification.origin)]
    for path in found:
        for base, several, one in _IMPORT.findall(path.read_text(encoding="utf-8")):
            names = re.findall(r"\w+", several or one)
            paths = map(_path, [base, *(f"{base}.{name}" for name in names)])
            found += [path for path in paths if path.is_file() and path not in found]
    return found


def _path(module: str) -> Path:
    return _ROOT / f"{module.removeprefix(_PACKAGE).removeprefix('.').replace('.', '/')}.py"
