"""Programs named on the command line, read with a complaint that says what is wrong with the file."""

from __future__ import annotations

from pathlib import Path

from pplc.cli.exits import Stop
from pplc.compiler.frontend import read_source
from pplc.grammar.source import Source
from pplc.runtime.data.file import R_DUMP


def program_source(path: Path) -> Source:
    """The text of a program. Raises Stop with what is wrong with the file."""
    if path.suffix.lower() in (".json", *R_DUMP):
        raise Stop(f"{path} looks like data, not like a program: write pplc MODEL.ppl --data {path}")
    try:
        return read_source(path)
    except FileNotFoundError:
        near = next((p for suffix in (".ppl", ".stan") if (p := path.with_suffix(suffix)).is_file()), None)
        raise Stop(f"there is no file {path}{f'; did you mean {near}?' if near else ''}") from None
    except IsADirectoryError:
        raise Stop(f"{path} is a folder, not a program") from None
    except UnicodeDecodeError:
        raise Stop(f"{path} is not a text file, or not one in UTF-8, so it is no program") from None
    except OSError as problem:
        raise Stop(f"{path} cannot be read: {problem.strerror or problem}") from None


def folders(paths: tuple[Path, ...]) -> tuple[Path, ...]:
    """Folders to look for included files in. Raises Stop."""
    for path in paths:
        if not path.is_dir():
            raise Stop(f"--include {path}: there is no such folder")
    return paths
