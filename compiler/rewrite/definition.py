"""What a rewrite is: a graph rewriter of PyTensor with a name, the theorem it rests on and an example."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Rewrite:
    """`rewriter` is a PyTensor node rewriter; `example()` gives inputs and an output it changes.

    With `last` the result has no derivative: such rewrites run where all derivatives have been taken.
    With `first` it runs there, too, before all others. With `among` it runs among PyTensor's own, which then go on with
    what it made. With `everywhere` it is also for the functions that generated loops call, as those with `first` are.

    A rewrite is switched off by its name in the environment variable PPLC_REWRITES_OFF (names with commas
    between, or `all`).
    """

    name: str
    theorem: str
    rewriter: Any
    example: Callable[[], tuple[list[Any], Any]]
    first: bool = False
    last: bool = False
    among: bool = False
    everywhere: bool = False
