"""The embedded Laplace approximation in generated code: the marginal likelihood, and the latent variables given data.

The covariance is an ordinary call of the user's function, so derivatives reach its arguments through its adjoint.
"""

from __future__ import annotations

from collections.abc import Callable

from ... import ir
from ..adjoints import accumulate
from ..context import Context, Step
from ..elementwise import copy
from ..expressions import evaluate, stored
from ..messages import Output, Site
from ..reverse.calls import adjoint_function
from ..values import Leaf, Slot, Value, contiguous, only
from ..watching import method_begins, watched_method
from ..writer import Writer
from .adapters import Callback, callback_of, gradient_adapter, handed_on, pass_back, plain_adapter, spread
from .kernels import laplace as kernels
from .laplace_call import blocks_differ, sorted_arguments
from .specialise import Kernel, Replacement, specialise


def laplace_call(call: ir.LibraryCall, context: Context) -> Value:
    """The value of a call of one of these functions."""
    parts = sorted_arguments(call)
    method_begins(context)
    for limit in parts.limits:
        value = context.bind(only(stored(evaluate(limit.number, context))))
        site = Site("outside-domain", limit.sentence(call.name), limit.number.span)
        context.fail_if(f"not {value} {limit.compared} {limit.bound}", site, str(value))
    control = (parts.block, parts.max_steps, parts.tolerance)
    block, most, tolerance = (context.bind(only(stored(evaluate(e, context)))) for e in control)
    given = handed_on(parts.given, context)
    covariance = context.bind(only(stored(evaluate(parts.covariance, context))))
    size = covariance.size(0)
    uneven = Site("outside-domain", blocks_differ(call.name), parts.block.span)
    context.fail_if(f"{size} % {block} != 0", uneven, str(block), size)
    recording = context.steps is not None
    active = [recording and context.is_active(leaf) for leaf in given]
    reference = ir.FunctionReference(parts.likelihood, type=call.type, level=call.level, span=call.span)
    callback = callback_of(reference, 1, given, context, active)
    replacements = _replacements(call, callback, context)

    def run(kernel: Kernel, *arguments: object) -> str:
        name = specialise(context.unit, kernel, replacements, callback.names)
        texts = [contiguous(a) if isinstance(a, Leaf) else str(a) for a in (*arguments, *callback.forwarded)]
        return f"{name}({', '.join(['_messages', *texts])})"

    start: Leaf | str = f"np.zeros({covariance}.shape[0])"
    if parts.start is not None:
        start = context.bind(only(stored(evaluate(parts.start, context))))
    mode = context.temporary()
    context.out.write(f"{mode} = {run(kernels.laplace_mode, covariance, start, block, most, tolerance)}")
    if context.checking:
        with context.out.block("if _messages[0] != 0:"):
            context.out.write(context.failing)
    if call.name.startswith("laplace_marginal"):
        result = context.temporary()
        context.out.write(f"{result} = {run(kernels.marginal, covariance, mode, block)}")
        leaf = Leaf(result, Slot("f", 0), name=result)
        if recording:
            known = (covariance, mode, block, callback.columns)
            _record(leaf, covariance, callback, lambda adjoint: run(kernels.derivatives, *known, adjoint), context)
        return watched_method(call, [covariance, *given], leaf, context)
    factor = context.temporary()
    context.out.write(f"{factor} = {run(kernels.posterior_factor, covariance, mode, block)}")
    if call.name.endswith("_rng"):
        draw = specialise(context.unit, kernels.draw, {}, ())
        return context.bind(Leaf(f"{draw}(_rng, {mode}, {factor})", Slot("f", 1), fresh=True))
    found = (Leaf(mode, Slot("f", 1), fresh=True, name=mode), Leaf(factor, Slot("f", 2), fresh=True, name=factor))
    return watched_method(call, [covariance, *given], found, context)


def _replacements(call: ir.LibraryCall, callback: Callback, context: Context) -> dict[str, Replacement]:
    message = (f"`{call.name}` finds no mode of the latent variables; the gradient is off by ", Slot("f", 0),
               " at ", Slot("f", 1))  # fmt: skip
    return {
        "log_density": plain_adapter(callback, context),
        "gradient": gradient_adapter(callback, context),
        "all_derivatives": _all_derivatives(callback, context),
        "STUCK": context.unit.messages.code(Output("solver-stopped", message, call.span)),
        "OF_SIZE": context.unit.messages.code(Output("solver-stopped", wrong_start(call), call.span)),
        "NOT_POSITIVE": context.unit.messages.code(Output("solver-stopped", wrong_covariance(call), call.span)),
    }


def wrong_start(call: ir.LibraryCall) -> tuple[str | Slot, ...]:
    """What is said of a start that does not have one number for each latent variable."""
    return (f"`{call.name}` starts from theta_0, which must have ", Slot("f", 0), " elements, but is ", Slot("f", 1))


def wrong_covariance(call: ir.LibraryCall) -> tuple[str | Slot, ...]:
    """What is said of a covariance of which elimination meets a negative variance."""
    number = Slot("f", 0)
    return (f"`{call.name}`: the covariance is not positive semidefinite: element ", number,
            " given those before it has variance ", number)  # fmt: skip


def _all_derivatives(callback: Callback, context: Context) -> str:
    """`adapter(messages, theta, by_latent, by_argument, forwarded...)`: the derivatives of the log likelihood."""
    pattern = (True, *callback.active)

    def write(name: str) -> str:
        adjoint = adjoint_function(callback.function, pattern, context)
        gradients = [f"_g{number}" for number, active in enumerate(pattern) if active]
        out = Writer()
        out.write("@compiled")
        parameters = ["_messages", "_theta", "_by_latent", "_by_argument", *callback.names]
        with out.block(f"def {name}({', '.join(parameters)}):"):
            passed = ["_messages", "_theta", *callback.given(context), "1.0"]
            out.write(f"{', '.join(gradients)} = {adjoint}({', '.join(passed)})")
            out.write(copy(context.unit, 1, "_by_latent", "_g0"))
            spread(gradients[1:], "0", callback, out)
        return out.text

    return context.unit.define(("all derivatives", callback.function, pattern), f"{callback.function.name}_both", write)


def _record(result: Leaf, covariance: Leaf, callback: Callback, call: Callable[[str], str], context: Context) -> None:
    """Record the derivatives, which `call` finds where it is given the adjoint of the result."""
    leaves = callback.active_leaves

    def pull(context: Context, adjoint: str) -> None:
        by_covariance, parts = context.temporary(), context.temporary()
        context.out.write(f"{by_covariance}, {parts} = {call(adjoint)}")
        accumulate(context, covariance, by_covariance)
        pass_back(parts, leaves, context)

    assert context.steps is not None
    context.steps.append(Step((result,), pull))
