"""Lines of the reverse sweep: written beside the forward lines, and adjoints passed through an expression."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from ... import ir
from ..adjoints import accumulate, pull_steps
from ..context import Context
from ..expressions import evaluate, stored
from ..values import Leaf, flatten
from ..writer import Writer


def reverse_lines(context: Context, write: Callable[[], None]) -> list[str]:
    """The lines that `write` writes, as part of the reverse sweep: nothing is checked or kept again."""
    before = context.checking, context.taping, context.checked
    with context.elsewhere(Writer()) as out:
        context.checking, context.taping, context.checked = False, False, set()
        context.begun = set()
        write()
        context.checking, context.taping, context.checked = before
    return without_unused(out.lines, may_fail=False)


def without_unused(lines: list[str], may_fail: bool = True) -> list[str]:
    """The lines except those whose only effect is a result that no later line mentions.

    Calls that `may_fail` stay; in a reverse sweep they have not failed when they were made before.
    """
    found: list[str] = []
    mentioned: set[str] = set()
    for line in reversed(lines):
        result = re.match(r" *(_\d+) = (?!drain)", line)
        if result is None or result[1] in mentioned or (may_fail and "_messages" in line):
            found.append(line)
            mentioned.update(re.findall(r"\b_\d+\b", line[result.end() :] if result else line))
    return list(_without_empty_blocks(found[::-1]))


def _without_empty_blocks(lines: list[str]) -> Iterator[str]:
    for line, following in pairwise([*lines, ""]):
        yield line
        depth = len(line) - len(line.lstrip())
        if line.endswith(":") and len(following) - len(following.lstrip()) <= depth:
            yield f"{' ' * depth}    pass"


def pull(expression: ir.Expression, adjoints: Sequence[str], context: Context) -> None:
    """Evaluate the expression again, recording, and pass the adjoints of its leaves down."""
    context.steps = []
    value = stored(evaluate(expression, context))
    steps, context.steps = context.steps, None
    for leaf, adjoint in zip(flatten(value), adjoints, strict=False):
        assert isinstance(leaf, Leaf)
        accumulate(context, leaf, adjoint)
    pull_steps(steps, context)
