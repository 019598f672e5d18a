"""Functions that call themselves: every call, from the program, a solver or a sweep, goes through a guard.

The guard counts the calls that are going on, so that an endless recursion is an error before the stack overflows. After
an error it returns at once: sweeps and numerical methods do not ask after each call whether there was one.
"""

from __future__ import annotations

from collections.abc import Sequence

from .. import ir
from ..walk import way_back
from .context import Context
from .messages import Site
from .support import DEEPEST_RECURSION, DEPTH
from .writer import Writer


def definition(
    function: ir.Function, name: str, parameters: Sequence[str], result: str, refused: str, body: Sequence[str],
    context: Context,
) -> str:  # fmt: skip
    """The text of a generated function of `function`, its adjoint for example, with its guard if it needs one.

    `result` says what it returns if it calls itself, `refused` is what is returned to those who are not let in.
    """
    inside, again = name, way_back(function)
    if again is not None:
        inside, new = context.unit.name_for(("inside", name), f"{name}inside")
        if new:
            site = Site("recursion-too-deep", f"the recursion of `{function.name}` does not end", again.span)
            code = context.unit.messages.code(site)
            context.unit.add(_guard(name, inside, parameters, result, refused, code))
    out = Writer()
    out.write("@compiled")
    with out.block(f"def {inside}({', '.join(parameters)}){result if inside != name else ''}:"):
        out.extend(list(body))
    return out.text


def _guard(name: str, inside: str, parameters: Sequence[str], result: str, refused: str, code: int) -> str:
    out = Writer()
    out.write("@compiled")
    with out.block(f"def {name}({', '.join(parameters)}){result}:"):
        with out.block(f"if _messages[0] == 0 and _messages[{DEPTH}] >= {DEEPEST_RECURSION}.0:"):
            out.write(f"fail(_messages, {code}, 0.0, 0.0)")
        with out.block("if _messages[0] != 0:"):
            out.write(f"return {refused}")
        out.write(f"_messages[{DEPTH}] += 1.0")
        out.write(f"_found = {inside}({', '.join(parameters)})")
        out.write(f"_messages[{DEPTH}] -= 1.0")
        out.write("return _found")
    return out.text
