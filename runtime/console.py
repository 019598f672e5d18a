"""What a program prints goes to the console, marked with the number of the chain that it printed for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_CHAIN: ContextVar[int | None] = ContextVar("chain", default=None)


@contextmanager
def on_behalf_of(chain: int) -> Iterator[None]:
    """Mark what is said in this context as said by a chain, counted from 0."""
    token = _CHAIN.set(chain)
    try:
        yield
    finally:
        _CHAIN.reset(token)


def say(line: str) -> None:
    """Print a line to standard output, in one piece: other chains may print at the same time."""
    chain = _CHAIN.get()
    print(f"{line}\n" if chain is None else f"Chain {chain + 1}: {line}\n", end="", flush=True)
