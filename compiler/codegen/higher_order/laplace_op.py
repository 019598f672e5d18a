"""The mode of a latent Gaussian model as one operation of a graph; derivatives are taken outside (lower/laplace.py)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ... import ir
from ...lower.values import leaves
from ..complex_parts import parts_slot
from ..context import Context
from ..graphs import applied, held
from ..messages import Output
from ..unit import Unit
from ..values import Leaf, Slot, contiguous, flatten, slots
from ..writer import Writer
from .adapters import Callback, gradient_adapter, plain_adapter
from .kernels import laplace
from .laplace import wrong_covariance, wrong_start
from .solve_op import Solution
from .specialise import Replacement, specialise

if TYPE_CHECKING:
    from ...lower.values import AnyValue, DataTable


def mode(
    call: ir.LibraryCall, likelihood: ir.Function, arguments: Sequence[AnyValue], covariance: Any, start: Any,
    block: int, max_steps: int, tolerance: float, table: DataTable,
) -> Any:  # fmt: skip
    """The tensor of the mode, without derivatives. `arguments`: of the likelihood, after the latent variables;
    `start`: where the search for it begins."""

    declared = [slot for p in likelihood.parameters[1:] for slot in flatten(slots(p.type)) if isinstance(slot, Slot)]
    passed = [parts_slot(slot) for slot in declared]
    names = [Leaf(f"_x{number}", slot, name=f"_x{number}") for number, slot in enumerate(passed)]
    context = Context(Unit())
    callback = Callback(likelihood, 1, tuple(names), (False,) * len(names), call.span)
    message = (f"`{call.name}` finds no mode of the latent variables; the gradient is off by ", Slot("f", 0),
               " at ", Slot("f", 1))  # fmt: skip
    replacements: dict[str, Replacement] = {
        "log_density": plain_adapter(callback, context),
        "gradient": gradient_adapter(callback, context),
        "STUCK": context.unit.messages.code(Output("solver-stopped", message, call.span)),
        "OF_SIZE": context.unit.messages.code(Output("solver-stopped", wrong_start(call), call.span)),
        "NOT_POSITIVE": context.unit.messages.code(Output("solver-stopped", wrong_covariance(call), call.span)),
    }
    kernel = specialise(context.unit, laplace.laplace_mode, replacements, callback.names)
    texts = ["_messages", "_covariance", "_start", str(block), str(max_steps), repr(tolerance), *map(contiguous, names)]
    with context.elsewhere(Writer()) as body:
        context.out.write(f"return ({kernel}({', '.join(texts)}),)")
    with context.out.block(f"def loop({', '.join(['_messages', '_covariance', '_start', *map(str, names)])}):"):
        context.out.extend(body.lines)
    context.unit.add("@entry\n" + context.out.text)
    given = [table.tensor(leaf) for value in arguments for leaf in leaves(value)]
    inputs = [covariance, start, *(held(tensor, slot) for tensor, slot in zip(given, passed, strict=True))]
    size = covariance.type.shape[0]
    op = Solution(call.name, context.unit.source, context.unit.messages, (False,) * len(inputs), ((size,),))
    return applied(op, inputs)[0]
