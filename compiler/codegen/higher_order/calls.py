"""Calls of functions that take functions, in generated code."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from ... import ir
from ..adjoints import adjoint_name
from ..context import Context, Step
from ..expressions import evaluate, stored
from ..messages import Site
from ..values import Leaf, Slot, Value, contiguous, flatten, only
from ..watching import method_begins, watched_method
from . import dae, desugar, ode, quadrature, roots
from .adapters import callback_of, handed_on, pass_back
from .kernels import contraction
from .laplace import laplace_call
from .laplace_call import is_laplace
from .solver import Problem, Solver, too_small
from .specialise import specialise

if TYPE_CHECKING:
    from ...lower.number_graphs import NumberGraphs

_CONTRACTIONS = (contraction.contract0, contraction.contract1, contraction.contract2)


@cache
def _table() -> dict[str, Solver]:
    return {solver.name: solver for solver in (*ode.SOLVERS, *dae.SOLVERS, *roots.SOLVERS, *quadrature.SOLVERS)}


def solver_of(call: ir.LibraryCall) -> Solver:
    """The solver that a call is about."""
    if call.name in ode.OLD:
        return ode.old_solver(call.name, len(call.arguments))
    if call.name in roots.OLD:
        return roots.old_solver(call.name, len(call.arguments))
    if call.name == "integrate_1d":
        return quadrature.old_solver(len(call.arguments))
    return _table()[call.name]


def higher_order_call(call: ir.LibraryCall, context: Context) -> Value:
    """The value of a call with a function among its arguments."""
    plain = desugar.as_user_call(call)
    if plain is not None:
        _check_plain(call, context)
        return evaluate(plain, context)
    if is_laplace(call.name):
        return laplace_call(call, context)
    solver = solver_of(call)
    reference, control, forwarded = solver.divide(call)
    own = [context.bind(leaf) for expression in control for leaf in flatten(stored(evaluate(expression, context)))]
    passed = handed_on(forwarded, context)
    _check_sizes(solver, own, call, context)
    method_begins(context)
    recording = context.steps is not None
    active = [recording and context.is_active(leaf) for leaf in passed]
    smooth = [recording and is_smooth and context.is_active(leaf)
              for leaf, is_smooth in _with_smoothness(own, solver)]  # fmt: skip
    value, jacobian = write(solver, reference, own, passed, smooth, active, call, context)
    if context.checking:
        with context.out.block("if _messages[0] != 0:"):
            context.out.write(context.failing)
    result = Leaf(value, Slot("f", solver.rank), fresh=solver.rank > 0, name=value)
    if recording:
        if not jacobian:
            context.passive.add(value)
        else:
            leaves = [leaf for leaf, is_active in zip([*own, *passed], [*smooth, *active], strict=True) if is_active]
            _record(result, jacobian, leaves, context)
    return watched_method(call, [*own, *passed], result, context)


def _check_plain(call: ir.LibraryCall, context: Context) -> None:
    """What Stan asks of the arguments that its meaning does not depend on, or only as far as they go."""
    grainsize = desugar.grainsize(call)
    if grainsize is not None:
        size = context.bind(only(stored(evaluate(grainsize, context))))
        site = Site("outside-domain", desugar.SMALL_GRAINS.format(name=call.name), grainsize.span)
        context.fail_if(f"{size} < 1", site, str(size))
    counts = []
    for argument, name in desugar.groups(call):
        counts.append(context.bind(next(flatten(stored(evaluate(argument, context))))).size(0))
        site = Site("size-mismatch", desugar.OTHER_GROUPS.format(name=name), argument.span)
        context.fail_if(f"{counts[0]} != {counts[-1]}", site, counts[0], counts[-1])


def _check_sizes(solver: Solver, own: Sequence[Leaf], call: ir.LibraryCall, context: Context) -> None:
    for first, other, text in solver.compared_sizes():
        length, wanted = own[first].size(0), "0" if other is None else own[other].size(0)
        condition = f"{length} {'==' if other is None else '!='} {wanted}"
        context.fail_if(condition, Site("size-mismatch", text, call.span), length, wanted)


def _with_smoothness(own: Sequence[Leaf], solver: Solver) -> list[tuple[Leaf, bool]]:
    smooth = (*solver.smooth, *(False,) * len(own))
    return list(zip(own, smooth, strict=False))


def write(
    solver: Solver, reference: ir.FunctionReference, own: Sequence[Leaf], passed: Sequence[Leaf],
    smooth: Sequence[bool], active: Sequence[bool], call: ir.LibraryCall, context: Context,
    graphs: NumberGraphs | None = None,
) -> tuple[str, str]:  # fmt: skip
    """The names of the result and, where an argument is active, of its derivatives: one row per element of the
    result, one column per number in the active arguments. `graphs`: what the function computes, if sizes are known."""
    for number, what, compared in solver.least:
        site = Site("outside-domain", too_small(call.name, what, compared), call.span)
        code = context.unit.messages.code(site)
        context.out.write(f"if not {own[number]} {compared} 0:")  # the solver looks at the message before it begins
        context.out.write(f"    fail(_messages, {code}, {own[number]}, 0.0)")
    callback = callback_of(reference, solver.own, passed, context, active, graphs)
    return solver.write(Problem(solver, tuple(own), tuple(smooth), callback, call.span, context))


def _record(result: Leaf, jacobian: str, leaves: Sequence[Leaf], context: Context) -> None:
    def pull(context: Context, adjoint: str) -> None:
        contract = specialise(context.unit, _CONTRACTIONS[result.rank], {}, ())
        passed = contiguous(Leaf(adjoint_name(result), result.slot))
        parts = context.temporary()
        context.out.write(f"{parts} = {contract}({passed}, {jacobian})")
        pass_back(parts, leaves, context)

    assert context.steps is not None
    context.steps.append(Step((result,), pull))
