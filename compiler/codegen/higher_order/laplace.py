"""The embedded Laplace approximation in generated code: the marginal likelihood, and the latent variables given data.

The covariance is an ordinary call of the user's function, so derivatives reach its arguments through its adjoint.
"""

from __future__ import annotations

from ... import ir
from ..adjoints import accumulate
from ..context import Context, Step
from ..expressions import evaluate, stored
from ..messages import Output, Site
from ..reverse.calls import adjoint_function
from ..values import Leaf, Slot, Value, contiguous, only
from ..writer import Writer
from .adapters import Callback, callback_of, gradient_adapter, handed_on, plain_adapter, spread
from .kernels import laplace as kernels
from .laplace_call import sorted_arguments
from .solver import too_small
from .specialise import Replacement, specialise


def laplace_call(call: ir.LibraryCall, context: Context) -> Value:
    """The value of a call of one of these functions."""
    parts = sorted_arguments(call)
    for number, what, compared in parts.least:
        value = context.bind(only(stored(evaluate(number, context))))
        site = Site("outside-domain", too_small(call.name, what, compared), number.span)
        context.fail_if(f"not {value} {compared} 0", site, str(value))
    block, most = (context.bind(only(stored(evaluate(e, context)))) for e in (parts.block, parts.max_steps))
    given = handed_on(parts.given, context)
    covariance = context.bind(only(stored(evaluate(parts.covariance, context))))
    recording = context.steps is not None
    active = [recording and context.is_active(leaf) for leaf in given]
    reference = ir.FunctionReference(parts.likelihood, type=call.type, level=call.level, span=call.span)
    callback = callback_of(reference, 1, given, context, active)
    replacements = _replacements(call, callback, context)

    def run(kernel: object, *arguments: object) -> str:
        name = specialise(context.unit, kernel, replacements, callback.names)  # type: ignore[arg-type]
        texts = [contiguous(a) if isinstance(a, Leaf) else str(a) for a in (*arguments, *callback.forwarded)]
        return f"{name}({', '.join(['_messages', *texts])})"

    start: Leaf | str = f"np.zeros({covariance}.shape[0])"
    if parts.start is not None:
        start = context.bind(only(stored(evaluate(parts.start, context))))
    mode = context.temporary()
    context.out.write(f"{mode} = {run(kernels.laplace_mode, covariance, start, block, most)}")
    if context.checking:
        with context.out.block("if _messages[0] != 0:"):
            context.out.write(context.failing)
    if call.name.startswith("laplace_marginal"):
        result = context.temporary()
        context.out.write(f"{result} = {run(kernels.marginal, covariance, mode, block)}")
        leaf = Leaf(result, Slot("f", 0), name=result)
        if recording:
            _record(
                leaf, covariance, callback, run(kernels.derivatives, covariance, mode, block, callback.columns), context
            )
        return leaf
    factor = context.temporary()
    context.out.write(f"{factor} = {run(kernels.posterior_factor, covariance, mode, block)}")
    if call.name.endswith("_rng"):
        draw = specialise(context.unit, kernels.draw, {}, ())
        return context.bind(Leaf(f"{draw}(_rng, {mode}, {factor})", Slot("f", 1), fresh=True))
    return (Leaf(mode, Slot("f", 1), fresh=True, name=mode), Leaf(factor, Slot("f", 2), fresh=True, name=factor))


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
            passed = ["_messages", "_theta", *callback.given, "1.0"]
            out.write(f"{', '.join(gradients)} = {adjoint}({', '.join(passed)})")
            out.write("copy1(_by_latent, _g0)")
            spread(gradients[1:], "0", callback, out)
        return out.text

    return context.unit.define(("all derivatives", callback.function, pattern), f"{callback.function.name}_both", write)


def _record(result: Leaf, covariance: Leaf, callback: Callback, call: str, context: Context) -> None:
    leaves = callback.active_leaves

    def pull(context: Context, adjoint: str) -> None:
        by_covariance, by_argument = context.temporary(), context.temporary()
        context.out.write(f"{by_covariance}, {by_argument} = {call}")
        accumulate(context, covariance, f"{adjoint} * {by_covariance}")
        at = "0"
        for leaf in leaves:
            end = context.temporary()
            context.out.write(f"{end} = {at} + {f'{leaf}.size' if leaf.rank else '1'}")
            part = f"{by_argument}[0, {at}:{end}]" if leaf.rank else f"{by_argument}[0, {at}]"
            if leaf.rank > 1:
                sizes = ", ".join(leaf.size(axis) for axis in range(leaf.rank))
                part = f"{part}.copy().reshape(({sizes}))"
            accumulate(context, leaf, f"{adjoint} * {part}")
            at = end

    assert context.steps is not None
    context.steps.append(Step((result,), pull))
