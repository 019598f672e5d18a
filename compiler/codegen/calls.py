"""Calls of library functions: structural ones from a table, random draws, everything else from its graph."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from .. import ir, types
from . import functions, in_language, kernels, structural
from .adjoints import accumulate, begin
from .complex_parts import combined
from .context import Context, Step
from .domain import about_something, check_domain
from .values import Leaf, Slot, Value, contiguous, each, flatten, slots, unflatten
from .watching import watched


def library_call(call: ir.LibraryCall, context: Context) -> Value:
    """The value of a call of a library function or density."""
    from .expressions import evaluate, stored

    if any(isinstance(argument, ir.FunctionReference) for argument in call.arguments):
        from .higher_order.calls import higher_order_call

        return higher_order_call(call, context)
    arguments = [stored(evaluate(argument, context)) for argument in call.arguments]
    if context.unit.watching:
        arguments = [each(argument, context.bind) for argument in arguments]
    return watched(call, list(flatten(*arguments)), _value(call, arguments, context), context)


def _value(call: ir.LibraryCall, arguments: list[Value], context: Context) -> Value:
    own = in_language.function(call.name, tuple(argument.type for argument in call.arguments), call.type)
    if own is not None:
        leaves, _ = check_domain(call, list(flatten(*arguments)), context)
        same = ir.UserCall(own, call.arguments, type=call.type, level=call.level, span=call.span)
        with context.unit.not_watching():  # its statements are not the program's
            name = functions.generated(own, context)
        return functions.called(same, name, leaves, context)
    if call.name in structural.TABLE:
        value = structural.TABLE[call.name](call, arguments, context)
        if value is not None:
            return value
    if call.name.endswith("_rng"):
        from .random import draw

        return draw(call, arguments, context)
    return _from_graph(call, arguments, context)


def _from_graph(call: ir.LibraryCall, arguments: list[Value], context: Context) -> Value:
    types_ = tuple(argument.type for argument in call.arguments)
    kernel = kernels.value_kernel(call.name, types_)
    leaves, positive = check_domain(call, list(flatten(*arguments)), context)
    if call.type == types.Int() and len(leaves) == 2 and call.name in _INTEGER_DIVISIONS:
        return _integer_division(call, leaves, context)
    if context.steps is not None:
        leaves = [context.bind(leaf) for leaf in leaves]
    wanted = list(flatten(slots(call.type)))
    if kernel.results == ("{0}",) and wanted == [leaves[0].slot]:
        return leaves[0]  # the identity
    operands = kernels.operands(leaves, context)
    if kernel.inline:
        context.unit.library(kernel)
        operands = [context.bind(leaf) if uses > 1 else leaf for leaf, uses in zip(operands, kernel.uses, strict=True)]
        texts = [result.format(*operands) for result in kernel.results]
    else:
        texts = _results(f"{context.unit.kernel(kernel)}({', '.join(map(contiguous, operands))})", wanted, context)
    if positive:
        texts = [f"({texts[0]} if {positive} else -np.inf)"]
    booleans = _grouped(kernel.booleans, wanted, lambda pair: False)
    known = context.results.get(id(call)) if context.steps is not None else None
    if known is not None:
        texts = [known]
    results = []
    for text, slot, boolean in zip(_from_parts(texts, wanted, context), wanted, booleans, strict=True):
        leaf = Leaf(text, Slot("b", 0) if boolean and not slot.rank else slot, fresh=slot.rank > 0)
        if boolean and slot.rank:
            leaf = Leaf(f"{text}.astype(np.int64)", slot, fresh=True)
        results.append(context.bind(leaf) if context.steps is not None or id(call) in context.results else leaf)
    if context.steps is None and id(call) in context.results:
        context.results[id(call)] = results[0].text
    if context.steps is not None:
        _record(call, types_, leaves, results, context)
    return unflatten(slots(call.type), iter(results))


def _record(call: ir.LibraryCall, types_: tuple[types.Type, ...], leaves: list[Leaf], results: list[Leaf],
            context: Context) -> None:  # fmt: skip
    """Keep how adjoints flow through the call, where they do."""
    assert context.steps is not None
    active = tuple(context.is_active(leaf) for leaf in leaves)
    if not any(active):
        context.passive |= {result.name for result in results if result.name}
        return
    if not any(result.kind in "fc" for result in results):
        return

    def pull(context: Context, adjoint: str) -> None:
        counted = about_something(call, leaves)
        if counted:
            for leaf, is_active in zip(leaves, active, strict=True):
                if is_active:
                    begin(context, leaf)
            with context.out.block(f"if {counted}:"):
                pull_each(context, adjoint)
        else:
            pull_each(context, adjoint)

    def pull_each(context: Context, adjoint: str) -> None:
        kernel = None
        if results[0].text == context.results.get(id(call)):
            kernel = kernels.adjoint_from_result(call.name, types_, active)
        known = [] if kernel is None else [results[0].text]
        kernel = kernel or kernels.adjoint_kernel(call.name, types_, active)
        given = [adjoint] if len(results) == 1 else [context.adjoint_or_zero(result) for result in results]
        seeds = [Leaf(text, result.slot) for text, result in zip(given, results, strict=True)]
        incoming = [contiguous(leaf) for leaf in kernels.operands(seeds, context)] + known
        operands = kernels.operands(leaves, context)
        wanted = [leaf for leaf, is_active in zip(leaves, active, strict=True) if is_active]
        if kernel.inline:
            context.unit.library(kernel)
            texts = [result.format(*map(str, operands), *incoming) for result in kernel.results]
        else:
            passed = [contiguous(leaf) if kernel.reads(n) else "0.0" for n, leaf in enumerate(operands)]
            call_text = f"{context.unit.kernel(kernel)}({', '.join([*passed, *incoming])})"
            texts = _results(call_text, [leaf.slot for leaf in wanted], context)
        gradients = _from_parts(texts, [leaf.slot for leaf in wanted], context)
        for leaf, gradient in zip(wanted, gradients, strict=True):
            if gradient not in ("0", "0.0"):
                accumulate(context, leaf, gradient)

    context.steps.append(Step(tuple(results), pull))


def _results(call: str, wanted: list[Slot], context: Context) -> list[str]:
    """The texts of a kernel's results, which are bound to temporaries where there are several."""
    count = sum(1 + (slot.kind == "c") for slot in wanted)
    if count == 1:
        return [call]
    texts = [context.temporary() for _ in range(count)]
    context.out.write(f"{', '.join(texts)} = {call}")
    return texts


def _grouped[T](texts: Sequence[T], wanted: list[Slot], pair: Callable[[tuple[T, T]], T]) -> list[T]:
    """One item per leaf, from one or (of complex leaves) two per leaf."""
    remaining = iter(texts)
    return [pair((next(remaining), next(remaining))) if slot.kind == "c" else next(remaining) for slot in wanted]


def _from_parts(texts: Sequence[str], wanted: list[Slot], context: Context) -> list[str]:
    """The texts of leaves from those of their parts."""
    ranks = iter([slot.rank for slot in wanted if slot.kind == "c"])
    return _grouped(texts, wanted, lambda parts: combined(*parts, next(ranks), context.unit))


# Integers ---------------------------------------------------------------------------------------

_INTEGER_DIVISIONS = {
    "divide": "int_divide",
    "elt_divide": "int_divide",
    "modulus": "modulus",
}


def _integer_division(call: ir.LibraryCall, leaves: list[Leaf], context: Context) -> Leaf:
    dividend, divisor = leaves
    return Leaf(f"{_INTEGER_DIVISIONS[call.name]}({dividend}, {divisor})", Slot("i", 0))
