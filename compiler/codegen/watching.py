"""Where nan comes from: code that looks for it ends at the first call that makes nan of numbers.

Many functions are nan beyond their domain without complaint, in Stan as well (`log(-1)`), and nan arises of infinities
(`x - x`). A density that is nan is explained by running its statements once more as such code.
"""

from __future__ import annotations

from .. import ir
from .context import Context
from .messages import MadeNan, notes
from .values import Leaf


def end_at_nan(call: ir.LibraryCall, leaves: list[Leaf], results: list[Leaf], context: Context) -> list[Leaf]:
    """The results; the function ends if one of them has nan and no argument does."""
    types = tuple(argument.type for argument in call.arguments)
    if len(leaves) != len(types) or any(leaf.kind == "c" for leaf in leaves):
        return results
    results = [context.bind(result) for result in results]
    leaves = [context.bind(leaf) for leaf in leaves]
    made = [_has_nan(result, context) for result in results if result.kind == "f"]
    given = [_has_nan(leaf, context) for leaf in leaves if leaf.kind == "f"]
    if not made:
        return results
    code = context.unit.messages.code(MadeNan(call.name, types, tuple(leaf.slot for leaf in leaves), call.span))
    unless = f" and not ({' or '.join(given)})" if given else ""
    with context.out.block(f"if ({' or '.join(made)}){unless}:"):
        context.out.write(f"begin(_messages, {code})")
        for leaf in leaves:
            context.out.extend(notes(leaf))
        context.out.write(f"fail(_messages, {code}, 0.0, 0.0)")
        context.out.write(context.failing)
    return results


def _has_nan(leaf: Leaf, context: Context) -> str:
    if not leaf.rank:
        return f"{leaf} != {leaf}"
    name, new = context.unit.name_for(("has nan", leaf.rank), f"has_nan_{leaf.rank}")
    if new:
        indices = [f"i{axis}" for axis in range(leaf.rank)]
        lines = [f"{'    ' * (n + 1)}for {i} in range(x.shape[{n}]):" for n, i in enumerate(indices)]
        element = f"x[{', '.join(indices)}]"
        inside = "    " * (leaf.rank + 1)
        lines += [f"{inside}if {element} != {element}:", f"{inside}    return True"]
        context.unit.add("\n".join([f"def {name}(x):", *lines, "    return False"]))
    return f"{name}({leaf})"
