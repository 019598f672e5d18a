"""Writes what editors know of the language, from the grammar's words and the library's names.

    python editors/generate.py            write the files
    python editors/generate.py --check    exit with 1 if one of them is out of date

`grammar/names.json` serves the parser, old names and the Pygments lexer, `editors/vscode/syntaxes/` Visual Studio Code.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from pplc.compiler.library.expand import all_names
from pplc.compiler.library.registry import distributions, transforms
from pplc.grammar.situation import BLOCKS, PLAIN_TYPES, TYPES
from pplc.grammar.tables import load_tables

ROOT = Path(__file__).resolve().parent.parent
CONSTRAINT_WORDS = ("lower", "upper", "offset", "multiplier")
EFFECTS = ("target", "jacobian", "print", "reject", "fatal_error", "profile")
PLAIN = {1: "vector", 2: "matrix"}
NOT_KEYWORDS = {"T"}  # truncates, but can also name a variable


def names() -> dict[str, Any]:
    """All names by their kind."""
    words = set(load_tables().words) - NOT_KEYWORDS
    plain = words - TYPES - BLOCKS - set(CONSTRAINT_WORDS) - set(EFFECTS) - {"void", "data"}
    constrained = {
        name: (PLAIN[transform.constrained_core], transform.declared_sizes)
        for name, transform in sorted(transforms().items())
        if transform.constrained_core
    }
    return {
        "blocks": sorted(BLOCKS),
        "types": sorted({*PLAIN_TYPES, *constrained, "void"}),
        "constrained_types": constrained,
        "keywords": sorted(plain),
        "constraints": list(CONSTRAINT_WORDS),
        "effects": sorted(EFFECTS),
        "functions": sorted(all_names()),
        "distributions": {
            name: "lpmf" if distribution.discrete else "lpdf" for name, distribution in sorted(distributions().items())
        },
    }


def textmate(known: dict[str, Any]) -> dict[str, Any]:
    """The TextMate grammar: which regular expression makes which scope."""

    def words(kind: str) -> str:
        return r"\b(?:" + "|".join(sorted(known[kind], key=lambda word: (-len(word), word))) + r")\b"

    blocks = r"\b(?:" + "|".join(sorted((b.replace(" ", r"\s+") for b in known["blocks"]), key=len, reverse=True)) + ")"
    number = load_tables().patterns
    patterns: list[dict[str, Any]] = [
        {"name": "comment.block.ppl", "begin": r"/\*", "end": r"\*/"},
        {"name": "comment.line.double-slash.ppl", "match": r"//.*$"},
        {
            "match": r"(#include)\s+(.*)$",
            "captures": {"1": {"name": "keyword.control.directive.ppl"}, "2": {"name": "string.unquoted.ppl"}},
        },
        {"name": "string.quoted.double.ppl", "match": number["STRING"]},
        {"match": rf"({blocks})\s*(?=\{{)", "captures": {"1": {"name": "entity.name.section.ppl"}}},
        {"name": "storage.modifier.ppl", "match": r"\bdata\b"},
        {"name": "keyword.control.ppl", "match": words("keywords")},
        {"name": "storage.type.ppl", "match": words("types")},
        {"name": "variable.parameter.constraint.ppl", "match": words("constraints") + r"(?=\s*=)"},
        {"name": "support.function.effect.ppl", "match": words("effects")},
        {
            "match": rf"(~)\s*({words('distributions')})?",
            "captures": {"1": {"name": "keyword.operator.sampling.ppl"}, "2": {"name": "support.class.ppl"}},
        },
        {"name": "support.function.ppl", "match": words("functions") + r"(?=\s*\()"},
        {"name": "entity.name.function.ppl", "match": r"\b[a-zA-Z]\w*(?=\s*\()"},
        *(
            {"name": f"constant.numeric.{name.lower()}.ppl", "match": rf"(?<![\w.]){number[name]}"}
            for name in ("IMAGINARY", "REAL", "INTEGER")
        ),
        {"name": "keyword.operator.assignment.ppl", "match": r"(?:\.\*|\./|[-+*/])?=(?!=)|<-"},
        {"name": "keyword.operator.ppl", "match": r"\|\||&&|[=!<>]=|%/%|\.[*/^]|[-+*/\\^%!<>?:|']"},
    ]
    return {
        "$schema": "https://raw.githubusercontent.com/martinring/tmlanguage/master/tmlanguage.json",
        "name": "PPL",
        "scopeName": "source.ppl",
        "fileTypes": ["ppl", "stan", "stanfunctions"],
        "patterns": patterns,
    }


def generated() -> dict[Path, str]:
    """Each file and what it should contain."""
    known = names()
    contents = {
        ROOT / "grammar" / "names.json": known,
        ROOT / "editors" / "vscode" / "syntaxes" / "ppl.tmLanguage.json": textmate(known),
    }
    return {path: json.dumps(content, indent=1) + "\n" for path, content in contents.items()}


def main() -> int:
    stale = [path for path, text in generated().items() if not path.exists() or path.read_text() != text]
    for path in stale:
        print(f"{'out of date' if '--check' in sys.argv else 'written'}: {path.relative_to(ROOT)}")
        if "--check" not in sys.argv:
            path.write_text(generated()[path])
    return 1 if stale and "--check" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
