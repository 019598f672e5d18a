"""Machine code of kernels on disk: files are whole or count as missing, and where none can be written none are kept."""

from __future__ import annotations

import contextlib
import hashlib
from pathlib import Path

from pplc.folders import write_whole

_KEPT_VERSIONS = 8
_DIGEST = 32  # bytes of a digest of the rest, in front


def read(path: Path) -> bytes | None:
    """The content of a file where `write` left it."""
    try:
        content = path.read_bytes()
    except OSError:
        return None
    whole = hashlib.sha256(content[_DIGEST:]).digest() == content[:_DIGEST]  # else cut short or foreign
    return content[_DIGEST:] if whole else None


def write(path: Path, content: bytes) -> None:
    """Put a file in place at once; do nothing where that is not allowed."""
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_whole(path, hashlib.sha256(content).digest() + content)
        _forget_old(path)


def _forget_old(newest: Path) -> None:
    """Keep a few versions of a kernel (other environments may use them), not all that ever were."""
    versions = newest.parent.glob(f"{newest.name.rsplit('-', 1)[0]}-*.o")
    for path in sorted(versions, key=lambda path: path.stat().st_mtime)[:-_KEPT_VERSIONS]:
        path.unlink(missing_ok=True)
