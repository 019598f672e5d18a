"""Graph to graph: what makes a log density cheaper without changing it."""

from __future__ import annotations

from typing import Any


def simplify(graph: Any, derived: bool = False, last: bool = False) -> None:
    """Rewrite a FunctionGraph in place by PyTensor's own rewrites and those of this folder.

    `derived` says that no derivatives are taken of what comes out, `last` that it becomes loops, too: sums may be
    operations that only these know.
    """
    from .pipeline import simplify as run

    run(graph, derived, last)


__all__ = ["simplify"]
