"""`reduce_sum` and `map_rect` as calls of the function they are given, which is what they mean.

`reduce_sum` is one call on all slices at once; two calls on half of them where the function may come back to the
same `reduce_sum` and waits for smaller parts. `map_rect` is a recursion over its jobs, whose results it joins:
their sizes are known only as they come.
"""

from __future__ import annotations

from functools import cache

from ... import ir, types
from ...synthetic import integer, reference
from ...walk import is_recursive
from .adapters import function_of

_REDUCE = ("reduce_sum", "reduce_sum_static")
SMALL_GRAINS = "`{name}`: grainsize is {{0}}, but must be at least 1"
OTHER_GROUPS = "`map_rect`: there are {{0}} groups of parameters, but {{1}} of {name}"


def as_user_call(call: ir.LibraryCall) -> ir.Expression | None:
    """The expression that means the same without a higher-order function; None for the others."""
    if call.name in _REDUCE:
        return _whole_sum(call)
    if call.name == "map_rect":
        return _all_jobs(call)
    return None


def grainsize(call: ir.LibraryCall) -> ir.Expression | None:
    """How small the slices of a sum may be, which is of no consequence here but for what Stan demands of it."""
    return call.arguments[2] if call.name in _REDUCE else None


def groups(call: ir.LibraryCall) -> tuple[tuple[ir.Expression, str], ...]:
    """The arguments that have something for each job, and what they are called: that of the parameters first."""
    return tuple(zip(call.arguments[2:], ("theta", "x_r", "x_i"), strict=True)) if call.name == "map_rect" else ()


def _whole_sum(call: ir.LibraryCall) -> ir.Expression:
    reference, slices, _, *rest = call.arguments
    assert isinstance(reference, ir.FunctionReference)
    function = function_of(reference)
    one, last = integer(1, call.span), _size(slices, call)

    def part(start: ir.Expression, end: ir.Expression, of: ir.Expression) -> ir.Expression:
        return ir.UserCall(function, (of, start, end, *rest), type=call.type, level=call.level, span=call.span)

    def choice(count: int, then: ir.Expression, otherwise: ir.Expression) -> ir.Expression:
        test = _library("logical_eq", (last, integer(count, call.span)), types.Int(), call)
        return ir.Conditional(test, then, otherwise, type=call.type, level=call.level, span=call.span)

    whole = part(one, last, slices)
    if is_recursive(function):
        middle = _library("divide", (last, integer(2, call.span)), types.Int(), call)
        after = _library("add", (middle, one), types.Int(), call)
        halves = (part(start, end, _slice(slices, start, end)) for start, end in ((one, middle), (after, last)))
        whole = choice(1, whole, _library("add", tuple(halves), call.type, call))
    return choice(0, _real(call), whole)


def _slice(of: ir.Expression, start: ir.Expression, end: ir.Expression) -> ir.Expression:
    index = (ir.Between(start, end, span=of.span),)
    return ir.Indexed(of, index, type=of.type, level=of.level, span=of.span)


def job(call: ir.LibraryCall, number: ir.Expression) -> ir.UserCall:
    """The call of the function for one job of `map_rect`."""
    reference, shared, *each = call.arguments
    assert isinstance(reference, ir.FunctionReference)
    own = (_element(argument, number, call) for argument in each)
    return ir.UserCall(
        function_of(reference), (shared, *own), type=types.Vector(), level=ir.Level.PARAMETER, span=call.span
    )


def _all_jobs(call: ir.LibraryCall) -> ir.Expression:
    reference, *arguments = call.arguments
    assert isinstance(reference, ir.FunctionReference)
    parts = tuple(argument.type for argument in arguments)
    jobs = _jobs_function(function_of(reference), parts, call.type)
    passed = (*arguments, integer(1, call.span))
    called = ir.UserCall(jobs, passed, type=call.type, level=call.level, span=call.span)
    nothing = _library("rep_vector", (_real(call), integer(0, call.span)), types.Vector(), call)
    empty = _library("logical_eq", (_size(arguments[1], call), integer(0, call.span)), types.Int(), call)
    return ir.Conditional(empty, nothing, called, type=call.type, level=call.level, span=call.span)


@cache
def _jobs_function(function: ir.Function, parts: tuple[types.Type, ...], result: types.Type) -> ir.Function:
    """vector jobs(shared, theta, x_r, x_i, n): the results of job n and those after it, joined."""
    names = ("shared", "theta", "x_r", "x_i")
    parameters = tuple(
        ir.Variable(name, type, ir.Role.ARGUMENT, level, function.span)
        for name, type, level in zip(names, parts, (*(ir.Level.PARAMETER,) * 2, *(ir.Level.DATA,) * 2), strict=True)
    )
    number = ir.Variable("job", types.Int(), ir.Role.ARGUMENT, ir.Level.DATA, function.span)
    jobs = ir.Function(f"{function.name}_jobs", (*parameters, number), (False, False, True, True, True), result,
                       function.span)  # fmt: skip
    here = integer(0, function.span)
    passed = tuple(reference(p, function.span) for p in parameters)
    at = reference(number, function.span)
    own = tuple(_element(argument, at, here) for argument in passed[1:])
    this = ir.UserCall(function, (passed[0], *own), type=result, level=ir.Level.PARAMETER, span=function.span)
    following = _library("add", (at, integer(1, here.span)), types.Int(), here)
    others = ir.UserCall(jobs, (*passed, following), type=result, level=ir.Level.PARAMETER, span=function.span)
    joined = ir.LibraryCall("append_row", (this, others), type=result, level=ir.Level.PARAMETER, span=function.span)
    is_last = _library("logical_eq", (at, _size(passed[1], here)), types.Int(), here)
    decide = ir.If(is_last, ir.Return(this, span=function.span), ir.Return(joined, span=function.span),
                   span=function.span)  # fmt: skip
    jobs.body = ir.Block((decide,), span=function.span)
    return jobs


# Small expressions, placed where `at` is ---------------------------------------------------------


def _real(at: ir.Typed) -> ir.Expression:
    return ir.RealLiteral(0.0, type=types.Real(), level=ir.Level.DATA, span=at.span)


def _size(container: ir.Expression, at: ir.Typed) -> ir.Expression:
    return _library("size", (container,), types.Int(), at)


def _library(name: str, arguments: tuple[ir.Expression, ...], type: types.Type, at: ir.Typed) -> ir.Expression:
    return ir.LibraryCall(name, arguments, type=type, level=ir.Level.DATA, span=at.span)


def _element(array: ir.Expression, number: ir.Expression, at: ir.Typed) -> ir.Expression:
    assert isinstance(array.type, types.Array)
    index = (ir.Single(number, span=at.span),)
    return ir.Indexed(array, index, type=types.element_of(array.type), level=array.level, span=at.span)
