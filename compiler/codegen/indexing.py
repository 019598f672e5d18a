"""Index lists: from Stan's to positions along axes, checked against the extents, then read or written.

An index list becomes one `Axis` per axis of the array. Lists that follow each other (`x[2:3][1] = v`) compose
into one, so reading and writing see a single list however it was written.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import assert_never

from pplc.grammar.source import Span

from .. import ir
from .adjoints import add_to
from .context import Context
from .elementwise import take
from .messages import Site
from .values import Leaf, Slot, Value, only, view_of

type Axis = At | Range | Gather


@dataclass(frozen=True, slots=True)
class At:
    """One position, from 0."""

    position: str


@dataclass(frozen=True, slots=True)
class Range:
    """The positions `start` (from 0) up to `stop`, exclusive; None for the first and the last."""

    start: str | None = None
    stop: str | None = None

    @property
    def is_all(self) -> bool:
        return self.start is None and self.stop is None


@dataclass(frozen=True, slots=True)
class Gather:
    """The positions in an integer array, which counts from 1."""

    indices: str


type Evaluate = Callable[[ir.Expression, Context], Value]


def resolve(leaf: Leaf, indices: Sequence[ir.Index], name: str, context: Context, evaluate: Evaluate,
            before: Sequence[Axis] = ()) -> list[Axis]:  # fmt: skip
    """The axes that `indices` select of what `before` has selected of `leaf`; out of range ends the function."""
    axes = list(before) + [Range()] * (leaf.rank - len(before))
    open_axes = [number for number, axis in enumerate(axes) if not isinstance(axis, At)]
    for number, index in zip(open_axes, indices, strict=False):
        axes[number] = _select(axes[number], leaf.size(number), index, name, context, evaluate)
    return axes


def _select(axis: Axis, size: str, index: ir.Index, name: str, context: Context, evaluate: Evaluate) -> Axis:
    extent = _extent(axis, size)
    match index:
        case ir.All():
            return axis
        case ir.Single(value):
            position = context.bind(only(evaluate(value, context)))
            if not _proved(value, context, extent):
                condition = f"{position} < 1 or {position} > {extent}"
                if position.text.isdigit() and position.text != "0":
                    condition = f"{extent} < {position}"
                _check(condition, position.text, extent, name, index.span, context)
                if position.text in context.fixed or position.text.startswith("_"):
                    context.checked.add(condition)
            return _at(axis, f"{position} - 1" if not position.text.isdigit() else str(int(position.text) - 1))
        case ir.Multiple(value):
            many = context.bind(only(evaluate(value, context)))
            bad = context.temporary()
            context.out.write(f"{bad} = outside({many}, {extent})")
            _check(f"{bad} > 0", f"{many}[{bad} - 1]", extent, name, index.span, context)
            return _gather(axis, many.text, context)
        case ir.Between(lower, upper):
            first = context.bind(only(evaluate(lower, context))).text if lower else "1"
            last = context.bind(only(evaluate(upper, context))).text if upper else extent
            return _between(axis, first, last, extent, name, index.span, context)
        case _:
            assert_never(index)


def _between(axis: Axis, first: str, last: str, extent: str, name: str, span: Span, context: Context) -> Axis:
    """`first:last`; empty, and then unchecked, when last < first."""
    if first != "1":
        _check(f"{last} >= {first} and {first} < 1", first, extent, name, span, context)
    if last != extent:
        _check(f"{last} >= {first} and {last} > {extent}", last, extent, name, span, context)
    start = str(int(first) - 1) if first.isdigit() else f"{first} - 1"
    if first != "1" or last != extent:  # an empty range may lie anywhere
        start, last = _bound(f"max({start}, 0)" if start != "0" else "0", context), _bound(f"max({last}, 0)", context)
    match axis:
        case Range(None, _):
            return Range(start, last)
        case Range(offset, _):
            return Range(f"{offset} + {start}", f"{offset} + max({start}, {last})")
        case Gather(indices):
            return Gather(_bound(f"{indices}[{start}:{last}]", context))
        case At():
            raise AssertionError("a dropped axis is not indexed again")


def _bound(text: str, context: Context) -> str:
    if text.isidentifier() or text.isdigit():
        return text
    name = context.temporary()
    context.out.write(f"{name} = {text}")
    return name


def _at(axis: Axis, position: str) -> Axis:
    match axis:
        case Range(start, _):
            return At(position if start is None else f"{start} + {position}")
        case Gather(indices):
            return At(f"{indices}[{position}] - 1")
        case At():
            raise AssertionError("a dropped axis is not indexed again")


def _gather(axis: Axis, indices: str, context: Context) -> Axis:
    match axis:
        case Range(None, _):
            return Gather(indices)
        case Range(start, _):
            return Gather(_bound(f"{indices} + {start}", context))
        case Gather(before):
            return Gather(_bound(f"{before}[{indices} - 1]", context))
        case At():
            raise AssertionError("a dropped axis is not indexed again")


def _extent(axis: Axis, size: str) -> str:
    match axis:
        case Range(start, stop):
            return size if stop is None and start is None else f"max({stop or size} - {start or 0}, 0)"
        case Gather(indices):
            return f"{indices}.size"
        case At():
            return "1"


def _check(condition: str, index: str, extent: str, name: str, span: Span, context: Context) -> None:
    site = Site("index-out-of-range", f"index {{0}} of `{name}` is out of range 1 to {{1}}", span)
    context.fail_if(condition, site, index, extent)


def _proved(index: ir.Expression, context: Context, extent: str) -> bool:
    """Whether a loop variable runs over exactly 1 to this extent."""
    match index:
        case ir.Reference(variable) if variable in context.in_range:
            return extent in context.in_range[variable]
        case _:
            return False


# Subscripts -------------------------------------------------------------------------------------


def subscript(axes: Sequence[Axis]) -> str:
    """`[i - 1, 2:5]`, gathered axes whole; nothing when everything is selected."""
    texts = [axis.position if isinstance(axis, At) else _slice(axis) for axis in axes]
    while texts and texts[-1] == ":":
        texts.pop()
    return f"[{', '.join(texts)}]" if texts else ""


def _slice(axis: Range | Gather) -> str:
    return f"{axis.start or ''}:{axis.stop or ''}" if isinstance(axis, Range) else ":"


def kept(axes: Sequence[Axis]) -> list[Range | Gather]:
    """The axes of the result."""
    return [axis for axis in axes if not isinstance(axis, At)]


def keeps_contiguous(axes: Sequence[Axis]) -> bool:
    """Whether Numba types the view as contiguous: positions, then at most one slice."""
    written = list(axes)
    while written and written[-1] == Range():
        written.pop()
    return all(isinstance(axis, At) for axis in written[:-1])


# Reading ----------------------------------------------------------------------------------------


def read(leaf: Leaf, axes: Sequence[Axis], context: Context) -> Leaf:
    """The selected part: a number, a view, or a new array where something is gathered."""
    remaining = kept(axes)
    where = subscript(axes)
    current = leaf
    if where:
        current = context.result(
            f"{leaf}{where}",
            Slot(leaf.kind, len(remaining)),
            add_to(leaf, where, len(remaining)),
            sources=(leaf,),
            fresh=False,
            contiguous=leaf.contiguous and keeps_contiguous(axes),
        )
        current = replace(current, root=view_of(leaf))
    for number, axis in enumerate(remaining):
        if isinstance(axis, Gather):
            whole = ":, " * number
            current = context.result(
                take(context.unit, len(remaining), number, str(current), axis.indices),
                Slot(leaf.kind, len(remaining)),
                add_to(current, f"[{whole}{axis.indices} - 1]", len(remaining), number),
                sources=(current,),
            )
    return current
