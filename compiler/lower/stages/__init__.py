"""A loop that must run in order, taken apart: what can be known before it, and what can wait until after it.

A recurrence often shares its loop with work that needs no order. Three parts leave the loop (all of them keep the
program's meaning, because what they need is written down where the loop would have looked at it):

- `data_part`: variables that follow from data alone are computed now, and the loop finds their values in arrays;
- `beforehand`: costly expressions of what the loop does not change are computed for all iterations at once;
- `afterwards`: densities that the loop only adds up are added after it, from the values they would have seen.

Each is switched off by its name in PPLC_REWRITES_OFF, as the rewrites are.
"""

from __future__ import annotations

from ... import ir
from ...rewrite.pipeline import is_off
from .. import generated
from ..scope import Scope
from . import afterwards, beforehand, data_part
from .nests import is_plain


def split(statement: ir.Statement, scope: Scope) -> tuple[bool, ir.Statement, list[ir.Statement]] | None:
    """The statement without what can be done apart, and statements to run after it; None where that is nothing.

    What comes before has been done, and is bound in the scope. The first of the three says whether that was the
    part that needs data only, after which the rest deserves another look.
    """
    if not is_plain(statement) or not generated.depends_on_parameters(statement, scope):
        return None
    rest = None if is_off("data_part") else data_part.take(statement, scope)
    if rest is not None:
        return True, rest, []
    shorter = statement if is_off("beforehand") else beforehand.take(statement, scope)
    core, later = (shorter, []) if is_off("afterwards") else afterwards.take(shorter, scope)
    return None if core is statement else (False, core, later)
