"""`python -m pplc.reference [--check]`: write the reference pages, or say which are not as they should be."""

from __future__ import annotations

import sys
from pathlib import Path

from .pages import index, pages

FOLDER = Path(__file__).parents[2] / "docs" / "functions"


def texts() -> dict[Path, str]:
    """Every file of the reference manual with the text it should have."""
    written = pages()
    return {FOLDER / f"{page.stem}.md": str(page) for page in written} | {FOLDER / "README.md": index(written)}


def outdated(expected: dict[Path, str]) -> list[Path]:
    """The files that differ from what they should be, those that should not exist included."""
    present = {path: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.md")}
    return sorted(path for path in present.keys() | expected.keys() if present.get(path) != expected.get(path))


def main() -> int:
    """Returns the exit status."""
    expected = texts()
    changed = outdated(expected)
    if "--check" in sys.argv[1:]:
        for path in changed:
            print(f"{path.name} is not what `python -m pplc.reference` writes")
        return bool(changed)
    FOLDER.mkdir(parents=True, exist_ok=True)
    for path in changed:
        if path in expected:
            path.write_text(expected[path], encoding="utf-8")
        else:
            path.unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main())
