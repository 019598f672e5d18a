"""LLVM code of the package's own kernels, as Numba wrote it before: files of `code`, named by their source.

    python -m pplc.runtime.kernels            write what is missing, by Numba
    python -m pplc.runtime.kernels --check    exit with 1 if a file is missing or out of date

It is the same for every processor and system with words of 64 bits. A kernel whose source has changed since is not
found, and Numba writes it when it is used.
"""

from __future__ import annotations

import sys
from pathlib import Path

FOLDER = Path(__file__).parent / "code"


def path(name: str, source: str) -> Path:
    """Where the code of a kernel with this fingerprint belongs."""
    return FOLDER / f"{name}-{source}.bc"


def find(name: str, source: str) -> bytes | None:
    """The LLVM code of a kernel, if it came with the package."""
    if sys.maxsize < 2**32 or sys.byteorder != "little":
        return None
    try:
        return path(name, source).read_bytes()
    except OSError:
        return None
