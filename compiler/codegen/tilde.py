"""`outcome ~ distribution(arguments) T[lower, upper]` as the increments of the target that it stands for.

Truncated, the target is -inf for an outcome outside the bounds. Inside, the log probability of the interval is taken
off: once per element of the outcome, or, where arguments are vectors, once per element of these. A cdf sums over
vectors by itself; the difference of two has to be taken element by element.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce

from .. import ir, types
from ..library.expand import is_library_name
from ..synthetic import integer, reference

_NUMBERS = (types.Int(), types.Real())
_LARGEST = 2**31 - 1


def statements(node: ir.Tilde) -> Iterator[ir.Statement]:
    """The density of the outcome, as a statement."""
    suffix = "lpdf" if is_library_name(f"{node.distribution}_lpdf") else "lpmf"
    density = _density(node, suffix, node.function, node.outcome, node.arguments)
    increment = ir.TargetIncrement(density, span=node.span)
    bounds = node.truncation
    if bounds is None or (bounds.lower is None and bounds.upper is None):
        yield increment
        return
    outside = []
    if bounds.lower is not None:
        outside.append(_call("logical_lt", types.Int(), _extreme("min", node.outcome), bounds.lower))
    if bounds.upper is not None:
        outside.append(_call("logical_gt", types.Int(), _extreme("max", node.outcome), bounds.upper))
    level = ir.Level(max(test.level for test in outside))
    test = reduce(lambda a, b: ir.Or(a, b, type=types.Int(), level=level, span=node.span), outside)
    nothing = ir.TargetIncrement(ir.RealLiteral(-float("inf"), type=types.Real(), level=ir.Level.DATA, span=node.span),
                                 span=node.span)  # fmt: skip
    inside = ir.Block((increment, _less_mass(node, bounds)), span=node.span)
    yield ir.If(test, nothing, inside, span=node.span)


def _extreme(name: str, outcome: ir.Expression) -> ir.Expression:
    """The outcome itself, or the element of it that is the first to leave the bounds."""
    if outcome.type in _NUMBERS:
        return outcome
    number = types.Int() if types.is_discrete(outcome.type) else types.Real()
    none: ir.Expression = integer(_LARGEST if name == "min" else -_LARGEST, outcome.span)
    if number == types.Real():
        none = ir.Promote(none, type=number, level=none.level, span=outcome.span)
    empty = _call("logical_eq", types.Int(), _size(outcome), integer(0, outcome.span))
    extreme = _call(name, number, outcome)
    return ir.Conditional(empty, none, extreme, type=number, level=outcome.level, span=outcome.span)


def _less_mass(node: ir.Tilde, bounds: ir.Truncation) -> ir.Statement:
    """The log probability of the interval taken off the target, for all elements."""
    cdfs = dict(node.cdfs)

    def cdf(kind: str, bound: ir.Expression, arguments: tuple[ir.Expression, ...]) -> ir.Expression:
        return _density(node, kind, cdfs.get(kind), bound, arguments)

    def between(arguments: tuple[ir.Expression, ...]) -> ir.Expression:
        assert upper is not None
        assert lower is not None
        return _call("log_diff_exp", types.Real(), cdf("lcdf", upper, arguments), cdf("lcdf", lower, arguments))

    lower, upper = bounds.lower, bounds.upper
    if lower is not None and types.is_discrete(node.outcome.type):  # the probability of less than the bound
        lower = _call("subtract", lower.type, lower, integer(1, lower.span))
    lists = [argument for argument in node.arguments if _is_list(argument.type)]
    if lower is not None and upper is not None and lists:
        index = ir.Variable("element", types.Int(), ir.Role.LOOP, ir.Level.DATA, node.span)
        here = reference(index, node.span)
        only = (ir.Between(here, here, span=node.span),)
        elements = tuple(
            ir.Indexed(a, only, type=a.type, level=a.level, span=a.span) if a in lists else a for a in node.arguments
        )
        step = _increment(_call("minus", types.Real(), between(elements)))
        return ir.For(index, integer(1, node.outcome.span), _size(lists[0]), step, span=node.span)
    if lower is not None and upper is not None:
        mass = between(node.arguments)
    else:
        kind, bound = ("lcdf", upper) if lower is None else ("lccdf", lower)
        assert bound is not None
        mass = cdf(kind, bound, node.arguments)
    times = integer(1, node.outcome.span) if lists or node.outcome.type in _NUMBERS else _size(node.outcome)
    times = ir.Promote(times, type=types.Real(), level=times.level, span=times.span)
    return _increment(_call("minus", types.Real(), _call("multiply", types.Real(), times, mass)))


def _is_list(type: types.Type) -> bool:
    """Whether it holds one number for every element of the outcome."""
    return isinstance(type, types.Vector | types.RowVector) or (
        isinstance(type, types.Array) and type.dimensions == 1 and type.element in _NUMBERS
    )


def _density(node: ir.Tilde, suffix: str, function: ir.Function | None, outcome: ir.Expression,
             arguments: tuple[ir.Expression, ...]) -> ir.Expression:  # fmt: skip
    given = (outcome, *arguments)
    level = ir.Level(max(argument.level for argument in given))
    if function is not None:
        return ir.UserCall(function, given, type=types.Real(), level=level, span=node.span)
    return ir.LibraryCall(f"{node.distribution}_{suffix}", given, type=types.Real(), level=level, span=node.span)


def _increment(value: ir.Expression) -> ir.Statement:
    return ir.TargetIncrement(value, span=value.span)


def _call(name: str, type: types.Type, *arguments: ir.Expression) -> ir.Expression:
    level = ir.Level(max(argument.level for argument in arguments))
    return ir.LibraryCall(name, arguments, type=type, level=level, span=arguments[0].span)


def _size(container: ir.Expression) -> ir.Expression:
    return _call("num_elements", types.Int(), container)
