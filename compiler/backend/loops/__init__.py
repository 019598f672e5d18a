"""Writes a schedule as text in the loop language.

`writer` goes through the statements; `lines` has the loops that are open and what is known in them, `buffers` the
memory of arrays, `totals` the reductions that are under way, `columns` the loops over blocks of rows by columns.
"""

from .body import Body
from .writer import write

__all__ = ["Body", "write"]
