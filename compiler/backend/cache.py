"""Compiled programs on disk, shared by processes.

`objects/<key>.o` is machine code under a hash of its source, processor and LLVM version; `programs/<key>.npz`
is all a process needs to bind a program to data without PyTensor or a compiler. Files appear whole or not
at all; a folder that cannot be written is read, and ignored where it cannot be read.
"""

from __future__ import annotations

import contextlib
import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from pplc.folders import cache_folder, write_whole

from .machine import machine_name
from .program import Bound, Slot, Text, digest


def folder() -> Path:
    """Where compiled programs are kept."""
    return Path(cache_folder())


def write(path: Path, content: bytes) -> None:
    """Put a file in place at once; do nothing where that is not allowed."""
    with contextlib.suppress(OSError):
        write_whole(path, content)


def write_arrays(path: Path, arrays: Mapping[str, Any]) -> None:
    """The same for arrays by name, which `numpy.load` reads."""
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    write(path, buffer.getvalue())


def read(path: Path) -> bytes | None:
    """The content of a file, None where there is none."""
    try:
        return path.read_bytes()
    except OSError:
        return None


def machine_code(text: Text) -> bytes:
    """A program's object file, compiled if it is not known yet."""
    from .program import compile_text

    path = folder() / "objects" / f"{text.key}.o"
    code = read(path)
    if code is None:
        code = compile_text(text)
        write(path, code)
    return code


def store(key: str, bound: Bound, facts: Mapping[str, Any]) -> bool:
    """Keep a bound program under a key of the caller's; False where it needs functions of this process."""
    if bound.text.externals:
        return False
    meta = {"text": asdict(bound.text), "facts": dict(facts), "data": bound.data_names, "machine": machine_name()}
    meta["assumed"] = bound.assumed
    meta["shapes"] = {name: list(shape) for name, shape in bound.data_shapes.items()}
    arrays = {f"array_{name}": value for name, value in bound.constants.items()}
    arrays["meta"] = np.frombuffer(json.dumps(meta).encode(), dtype=np.uint8)
    arrays["code"] = np.frombuffer(bound.code, dtype=np.uint8)
    write_arrays(folder() / "programs" / f"{key}.npz", arrays)
    return True


def load(key: str, data: Mapping[str, Any]) -> tuple[Bound, dict[str, Any]] | None:
    """A stored program bound to data given by name; None where it is not known or does not fit."""
    path = folder() / "programs" / f"{key}.npz"
    try:
        with np.load(path, allow_pickle=False) as file:
            content = {name: file[name] for name in file.files}
        meta = json.loads(content["meta"].tobytes())
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None
    if meta["machine"] != machine_name():
        return None
    for name, expected in meta["assumed"].items():
        if name not in data or digest(data[name]) != expected:
            return None
    arrays = {name.removeprefix("array_"): value for name, value in content.items() if name.startswith("array_")}
    for buffer, name in meta["data"].items():
        if name not in data or list(np.shape(data[name])) != meta["shapes"][buffer]:
            return None
        arrays[buffer] = np.asarray(data[name])
    fields = meta["text"]
    text = Text(
        fields["source"],
        tuple(fields["exported"]),
        tuple(Slot(**slot) for slot in fields["slots"]),
        tuple((name, size) for name, size in fields["checks"]),
    )
    bound = Bound(text, content["code"].tobytes(), arrays, {}, meta["data"], None, meta["assumed"])
    return bound, meta["facts"]
