"""Where caches live, for all parts of the package: compiled code, the parser's tables, bytecode."""

from __future__ import annotations

import os
import sys


def cache_folder() -> str:
    """$PPLC_CACHE_DIR, else `pplc` in the user's folder for caches; it need not exist.

    A string, because the command line asks before it imports anything.
    """
    if chosen := os.environ.get("PPLC_CACHE_DIR"):
        return chosen
    home = os.path.expanduser("~")
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or os.path.join(home, "AppData", "Local")
    elif sys.platform == "darwin":
        base = os.path.join(home, "Library", "Caches")
    else:
        base = os.environ.get("XDG_CACHE_HOME") or os.path.join(home, ".cache")
    return os.path.join(base, "pplc")


def write_whole(path: str | os.PathLike[str], content: bytes) -> None:
    """Put a file in place; other processes and threads see all of it or what was there before. Raises OSError."""
    import tempfile

    folder = os.path.dirname(path)
    os.makedirs(folder, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=folder, prefix=".")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.replace(name, path)
    except OSError:
        os.unlink(name)
        raise


def keep_bytecode() -> None:
    """Where Python may not put bytecode beside the sources, keep it with the other caches.

    Without bytecode every module of NumPy and of this package is compiled at each start, which takes longer than
    sampling most models. PYTHONDONTWRITEBYTECODE, common in containers, keeps folders of sources clean; so does this.
    For commands only: a program that imports pplc decides for itself.
    """
    if sys.dont_write_bytecode and sys.pycache_prefix is None and not _installed_with_bytecode():
        sys.pycache_prefix = _bytecode_folder()
        sys.dont_write_bytecode = False


def failed_in_our_bytecode(problem: Exception) -> bool:
    """Whether an error is that of an import from the bytecode that we keep.

    Before version 3.14, Python takes no notice of a full disk when it writes bytecode, and fails when it reads it.
    """
    frame = problem.__traceback__
    while frame is not None and frame.tb_frame.f_code.co_name != "_compile_bytecode":
        frame = frame.tb_next
    return frame is not None and sys.pycache_prefix == _bytecode_folder()


def drop_bytecode() -> None:
    """Remove the bytecode that we keep; this process goes on without."""
    sys.pycache_prefix, sys.dont_write_bytecode = None, True
    import shutil

    shutil.rmtree(_bytecode_folder(), ignore_errors=True)


def _bytecode_folder() -> str:
    return os.path.join(cache_folder(), "bytecode")


def _installed_with_bytecode() -> bool:
    """Whether bytecode is beside the sources already: pip puts it there, uv does not."""
    return any(os.path.isdir(os.path.join(folder, "numpy", "__pycache__")) for folder in sys.path)
