"""Statements and solvers as generated code."""

from __future__ import annotations

from typing import Any

from pytensor.graph.basic import Apply
from pytensor.link.numba.dispatch.basic import register_funcify_and_cache_key

from ...codegen import loader
from ...codegen.higher_order.solve_op import Solution
from ...codegen.loop_op import GeneratedLoop, GeneratedSweep
from ...codegen.support import DEPTH, FIRST
from ..embedded import MESSAGE_SPACE


@register_funcify_and_cache_key(GeneratedLoop)
@register_funcify_and_cache_key(GeneratedSweep)
@register_funcify_and_cache_key(Solution)
def generated(op: GeneratedLoop | GeneratedSweep | Solution, node: Apply, **_: Any) -> tuple[Any, str]:
    """A function of arrays, 0-d ones included, as PyTensor wants it."""
    parameters = [f"a{number}" for number in range(len(node.inputs))]
    passed = [f"{name}.item()" if not x.type.ndim else name for name, x in zip(parameters, node.inputs, strict=True)]
    results = [f"np.asarray(r[{n}])" if not out.type.ndim else f"r[{n}]" for n, out in enumerate(node.outputs)]
    text = "\n".join([
        op.source,
        "@entry",
        f"def call({', '.join(parameters)}):",
        f"    messages = np.empty({MESSAGE_SPACE})",
        "    messages[0] = 0.0",
        f"    messages[1] = {FIRST}",
        f"    messages[{DEPTH}] = 0.0",
        f"    r = loop({', '.join(['messages', *passed])})",
        f"    return {', '.join(results)}",
    ])  # fmt: skip
    module = loader.load_compiled(text.replace("@entry\ndef loop", "@compiled\ndef loop"))
    return module.call, module.__name__
