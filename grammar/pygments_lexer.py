"""Colours for Pygments (Sphinx, Jupyter, LaTeX's minted): ```` ```ppl ```` or ```` ```stan ````."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from pygments.lexer import RegexLexer, bygroups, include, words
from pygments.token import Comment, Keyword, Name, Number, Operator, Punctuation, String, Whitespace

from .names import names

NAMES = names()


def whole(kind: Iterable[str]) -> words:
    return words(tuple(kind), prefix=r"\b", suffix=r"\b")


class PplLexer(RegexLexer):  # type: ignore[misc] # Pygments has no types
    """The language of `.ppl` and `.stan` files."""

    name = "PPL"
    aliases: ClassVar[list[str]] = ["ppl", "stan"]
    filenames: ClassVar[list[str]] = ["*.ppl", "*.stan", "*.stanfunctions"]
    url = "https://mc-stan.org/docs/reference-manual/"

    tokens: ClassVar = {
        "space": [
            (r"\s+", Whitespace),
            (r"//[^\n]*", Comment.Single),
            (r"/\*", Comment.Multiline, "comment"),
            (r"(#include)([ \t]+)(\"[^\"\n]*\"|<[^>\n]*>|\S*)", bygroups(Comment.Preproc, Whitespace, String)),
        ],
        "comment": [(r"\*/", Comment.Multiline, "#pop"), (r"[^*]+|\*", Comment.Multiline)],
        "root": [
            include("space"),
            (r'"[^"\n]*"', String.Double),
            (
                r"(functions|transformed\s+data|data|transformed\s+parameters|parameters|model|generated\s+quantities)"
                r"(\s*)(\{)",
                bygroups(Keyword.Namespace, Whitespace, Punctuation),
            ),
            (whole(["data"]), Keyword.Declaration),
            (whole(NAMES["types"]), Keyword.Type),
            (whole(NAMES["keywords"]), Keyword),
            (words(tuple(NAMES["constraints"]), prefix=r"\b", suffix=r"\b(?=\s*=)"), Name.Attribute),
            (whole(NAMES["effects"]), Keyword.Pseudo),
            (r"(~)(\s*)([a-zA-Z]\w*)", bygroups(Operator, Whitespace, Name.Class)),
            (words(tuple(NAMES["functions"]), prefix=r"\b", suffix=r"\b(?=\s*\()"), Name.Builtin),
            (r"[a-zA-Z]\w*(?=\s*\()", Name.Function),
            (r"[a-zA-Z]\w*", Name),
            (r"(?:\d[\d_]*\.?(?:\d[\d_]*)?|\.\d[\d_]*)(?:[eE][+-]?\d[\d_]*)?i\b", Number),
            (r"\d[\d_]*\.(?:\d[\d_]*)?(?:[eE][+-]?\d[\d_]*)?|\.?\d[\d_]*[eE][+-]?\d[\d_]*|\.\d[\d_]*", Number.Float),
            (r"\d[\d_]*", Number.Integer),
            (r"\|\||&&|[=!<>]=|<-|%/%|\.[*/]=|[-+*/]=|\.[*/^]|[-+*/\\^%!<>=~?:|']", Operator),
            (r"[(){}\[\],;]", Punctuation),
        ],
    }
