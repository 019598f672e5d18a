"""The functions of `mathlib` that are `@aside`, compiled by themselves, so that programs need not contain them.

Each is an object file of its own in the cache: compiled once for a machine, linked once in a process that needs it.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from .mathlib import helpers

if TYPE_CHECKING:
    from .program import Bound

_DECLARED = re.compile(r"^@aside\ndef (\w+)", re.MULTILINE)


def addresses(source: str) -> dict[str, int]:
    """Where the functions are that a program declares, by name."""
    return {name: _address(name) for name in _DECLARED.findall(source)}


@cache
def _address(name: str) -> int:
    return _linked(name).addresses[name]


@cache
def _linked(name: str) -> Bound:
    from .cache import machine_code
    from .program import Bound, Text, assemble_text

    helper = helpers()[name]
    text = Text(assemble_text([helper.source], set(helper.calls)), (name,), ())
    return Bound(text, machine_code(text), {}, {}, {})
