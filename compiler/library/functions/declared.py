# ruff: noqa
"""Declared for the checker; not built yet."""

from __future__ import annotations

from ..definitions import Function

_declared: dict[str, list[str]] = {
    "wiener_lcdf_unnorm": [
        "(real, real, real, real, real) => real",
        "(real, real, real, real, real, data real) => real",
        "(real, real, real, real, real, real, real, real) => real",
        "(real, real, real, real, real, real, real, real, data real) => real",
        "(vector, vector, vector, vector, vector) => real",
        "(vector, vector, vector, vector, vector, data real) => real",
        "(vector, vector, vector, vector, vector, vector, vector, vector) => real",
        "(vector, vector, vector, vector, vector, vector, vector, vector, data real) => real",
    ],
    "wiener_lccdf_unnorm": [
        "(real, real, real, real, real) => real",
        "(real, real, real, real, real, data real) => real",
        "(real, real, real, real, real, real, real, real) => real",
        "(real, real, real, real, real, real, real, real, data real) => real",
        "(vector, vector, vector, vector, vector) => real",
        "(vector, vector, vector, vector, vector, data real) => real",
        "(vector, vector, vector, vector, vector, vector, vector, vector) => real",
        "(vector, vector, vector, vector, vector, vector, vector, vector, data real) => real",
    ],
}
declared = tuple(Function(name, tuple(lines), None) for name, lines in _declared.items())
