"""Graph to graph: what makes a log density cheaper without changing it."""

from __future__ import annotations

from typing import Any


def simplify(graph: Any, last: bool = False) -> None:
    """Rewrite a FunctionGraph in place by PyTensor's own rewrites and those of this folder.

    `last` says that no derivatives are taken of what comes out.
    """
    from .pipeline import simplify as run

    run(graph, last)


__all__ = ["simplify"]
