"""Graph to graph: what makes a log density cheaper without changing it."""

from __future__ import annotations

from typing import Any


def simplify(graph: Any) -> None:
    """Rewrite a FunctionGraph in place by PyTensor's own rewrites and those of this folder."""
    from .pipeline import simplify as run

    run(graph)


__all__ = ["simplify"]
