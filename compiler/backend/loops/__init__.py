"""Writes a schedule as text in the loop language.

`writer` goes through the statements; `lines` has the loops that are open and what is known in them, `buffers` the
memory of arrays, `totals` the reductions that are under way.
"""

from .writer import Body, write

__all__ = ["Body", "write"]
