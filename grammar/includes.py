"""`#include`: which file a directive means, and all files that a program is made of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from .source import Source, Span, text_of

INCLUDE: Final = re.compile(r'#include[ \t\f\r\n]+(?:"([^"\r\n]*)"|<([^>\r\n]*)>|([^ \t\f\r\n]*))')


def included_name(directive: str) -> str:
    """The file that an `#include` names."""
    match = INCLUDE.match(directive)
    assert match is not None
    return match.group(match.lastindex or 0)


def folders_for(source: Source, include_paths: Sequence[Path]) -> tuple[Path, ...]:
    """Where files that a source includes are looked for: the given paths, beside it, beside the files it is part of."""
    beside = [Path(source.name).parent]
    while source.included_from is not None:
        source = source.included_from.source
        beside.append(Path(source.name).parent)
    return tuple(dict.fromkeys((*include_paths, *beside)))


def find_included(name: str, folders: Sequence[Path]) -> Path | None:
    """The first file of this name. A leading `/` is that of a folder, as in R packages, before that of the system."""
    candidates = [folder / name.lstrip("/") for folder in folders] + [Path(name)] * name.startswith("/")
    return next((path for path in candidates if path.is_file()), None)


def read_included(path: Path) -> str:
    """The text of an included file. Raises OSError, UnicodeDecodeError."""
    return text_of(path)[0]


def included_texts(source: Source, include_paths: Sequence[Path]) -> Iterator[tuple[str, str]]:
    """Name and text of every file that a program may include, directly or not; each file once.

    Directives in comments count, too: this is to notice changes, not to read the program. A name without a
    readable file comes with an empty text.
    """
    seen: set[Path] = set()
    pending = [source]
    while pending:
        current = pending.pop()
        for match in INCLUDE.finditer(current.text):
            name = included_name(match.group())
            path = find_included(name, folders_for(current, include_paths))
            if path is not None and path.resolve() in seen:
                continue
            text = ""
            if path is not None:
                seen.add(path.resolve())
                try:
                    text = read_included(path)
                except (OSError, UnicodeDecodeError):
                    path = None
            yield name, text
            if path is not None:
                pending.append(Source(str(path), text, Span(current, match.start(), match.end())))
