"""A compiled model on disk: what sampling needs, found again without parsing, PyTensor or a compiler.

A snapshot belongs to one text of a program with one set of data, and to one state of this package. It holds the
machine code of the density and of the constrained values, their data, and what the results are called.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pplc.compiler.backend import cache as files
from pplc.runtime.contract import Variable

from . import stored_objects
from .facts import Facts

if TYPE_CHECKING:
    from pplc.compiler.backend.density import CompiledDensity
    from pplc.compiler.backend.functions import CompiledFunction
    from pplc.grammar.diagnostics import Diagnostic
    from pplc.grammar.source import Source

    from .generated import GeneratedQuantities

VERSION = 4


@dataclass(frozen=True)
class Snapshot:
    """A model as it was compiled before; its generated quantities are loaded when they are wanted.

    `constrain` is None where no process has wanted the constrained values yet.
    """

    facts: Facts
    data: dict[str, NDArray[Any]]
    density: CompiledDensity
    constrain: CompiledFunction | None
    warnings: tuple[Diagnostic, ...] = ()


def key_of(source: Source, data: object, include_paths: Sequence[Path], std: str) -> str | None:
    """The key of a program, with all that it includes, and its data; None where they cannot be told from others."""
    digest = hashlib.sha256()
    for part in (str(VERSION), package_state(), std, source.text, *_included(source, include_paths)):
        digest.update(part.encode())
        digest.update(b"\0")
    if isinstance(data, Path):
        try:
            digest.update(data.read_bytes())
        except OSError:
            return None
    elif not _digest_values(data or {}, digest):
        return None
    return digest.hexdigest()[:40]


def _included(source: Source, include_paths: Sequence[Path]) -> Iterator[str]:
    """Names and texts of the files that a program includes."""
    if "#include" in source.text:
        from pplc.grammar.includes import included_texts

        for pair in included_texts(source, include_paths):
            yield from pair


def _digest_values(values: Any, digest: Any) -> bool:
    """Add values of a mapping to a digest; False for kinds of values whose content is not plain."""
    if not isinstance(values, Mapping):
        return False
    for name in values:
        value = values[name]
        if isinstance(value, np.ndarray) and value.dtype.kind in "iufb" and not np.ma.isMaskedArray(value):
            digest.update(f"{name}\0{value.dtype}{value.shape}".encode())
            digest.update(np.ascontiguousarray(value).tobytes())
        else:
            try:
                digest.update(f"{name}\0{json.dumps(value)}\0".encode())
            except (TypeError, ValueError):
                return False
    return True


@cache
def package_state() -> str:
    """Changes whenever a file of the compiler does, so that code of another version is never loaded."""
    root = Path(files.__file__).parent.parent
    found = []
    for folder in (root, root.parent / "grammar", Path(__file__).parent):
        for path, _, names in os.walk(folder):
            for name in sorted(names):
                if name.endswith((".py", ".lark")):
                    state = os.stat(os.path.join(path, name))
                    found.append(f"{name}{state.st_size}{state.st_mtime_ns}")
    return hashlib.sha256("".join(found).encode()).hexdigest()


def save(key: str, snapshot: Snapshot, table: Mapping[str, NDArray[Any]], source: Source) -> None:
    """Keep a model, without `constrain`, under its key, if it can be kept. `table` holds the graphs' data by name."""
    if not snapshot.density.store(f"{key}-density"):
        return
    meta = json.dumps(asdict(snapshot.facts)).encode()
    arrays = {"meta": _bytes(meta), "warnings": _bytes(stored_objects.dumps(snapshot.warnings, source))}
    arrays |= {f"data_{name}": array for name, array in snapshot.data.items()}
    arrays |= {f"table_{name}": array for name, array in table.items()}
    files.write_arrays(files.folder() / "models" / f"{key}.npz", arrays)


def save_constrain(key: str, constrain: CompiledFunction) -> None:
    """Keep what computes the constrained values of a model, if it can be kept."""
    constrain.store(f"{key}-constrain")


def _bytes(content: bytes) -> NDArray[Any]:
    return np.frombuffer(content, dtype=np.uint8)


def load(key: str, source: Source) -> Snapshot | None:
    """The model kept under a key; None where there is none or its density is gone. `source` is its program."""
    from pplc.compiler.backend.density import load_cached
    from pplc.compiler.backend.functions import load_cached_function

    try:
        with np.load(files.folder() / "models" / f"{key}.npz", allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        meta = json.loads(arrays.pop("meta").tobytes())
        warnings = stored_objects.loads(arrays.pop("warnings").tobytes(), source)
    except (OSError, ValueError, KeyError, EOFError):
        return None
    table = {name.removeprefix("table_"): array for name, array in arrays.items() if name.startswith("table_")}
    data = {name.removeprefix("data_"): array for name, array in arrays.items() if name.startswith("data_")}
    density = load_cached(f"{key}-density", table)
    if density is None:
        return None
    return Snapshot(_facts(meta), data, density, load_cached_function(f"{key}-constrain", table), warnings)


def _facts(meta: dict[str, Any]) -> Facts:
    def variables(name: str) -> tuple[Variable, ...]:
        return tuple(Variable(v["name"], tuple(v["shape"]), tuple(v["dims"]), v["dtype"]) for v in meta[name])

    return Facts(
        meta["size"],
        {name: (start, end) for name, (start, end) in meta["offsets"].items()},
        variables("parameters"),
        variables("transformed_parameters"),
        tuple(meta["observed"]),
        {name: tuple(dims) for name, dims in meta["data_dims"].items()},
        variables("generated_quantities"),
        meta["profiled"],
    )


def save_generated(key: str, quantities: GeneratedQuantities, source: Source) -> None:
    """Keep the generated quantities of a model."""
    files.write(files.folder() / "models" / f"{key}.generated", stored_objects.dumps(quantities, source))


def load_generated(key: str, source: Source) -> GeneratedQuantities | None:
    """The generated quantities kept under a model's key, if they are there."""
    content = files.read(files.folder() / "models" / f"{key}.generated")
    try:
        found = None if content is None else stored_objects.loads(content, source)
    except ValueError:
        return None
    return found if found is not None and found.block.usable else None
