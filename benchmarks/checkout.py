"""Reads a checkout of stan-dev/posteriordb: models, data and reference draws."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Posterior:
    """A model with one of its data sets; paths may be missing from the checkout."""

    name: str
    model: str
    program: Path
    data_file: Path
    draws_file: Path | None

    @property
    def text(self) -> str:
        return self.program.read_text(encoding="utf-8")

    def data(self) -> dict[str, Any]:
        """The data as nested lists, or FileNotFoundError."""
        return _zipped(self.data_file)

    def reference(self) -> dict[str, np.ndarray]:
        """Reference draws by Stan's name of the number (`theta[1]`), all chains one after another."""
        assert self.draws_file is not None
        chains = _zipped(self.draws_file)
        return {name: np.concatenate([np.asarray(chain[name], dtype=float) for chain in chains]) for name in chains[0]}


def posteriors(checkout: Path) -> Iterator[Posterior]:
    """Every posterior with a Stan program, by name."""
    base = checkout if (checkout / "posteriors").is_dir() else checkout / "posterior_database"
    for file in sorted((base / "posteriors").glob("*.json")):
        entry = json.loads(file.read_text(encoding="utf-8"))
        program = base / "models" / "stan" / f"{entry['model_name']}.stan"
        draws = entry.get("reference_posterior_name")
        draws_file = base / "reference_posteriors" / "draws" / "draws" / f"{draws}.json.zip" if draws else None
        yield Posterior(
            file.stem,
            entry["model_name"],
            program,
            base / "data" / "data" / f"{entry['data_name']}.json.zip",
            draws_file if draws_file is not None and draws_file.exists() else None,
        )


def one_per_model(checkout: Path) -> Iterator[Posterior]:
    """The first posterior of each model."""
    seen: set[str] = set()
    for posterior in posteriors(checkout):
        if posterior.model not in seen:
            seen.add(posterior.model)
            yield posterior


def _zipped(path: Path) -> Any:
    with zipfile.ZipFile(path) as archive:
        return json.loads(archive.read(archive.namelist()[0]))
