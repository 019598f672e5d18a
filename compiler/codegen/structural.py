"""Functions that only move values about, written straight in NumPy: sizes, repetition, pieces, joining, reshaping.

Their definitions in the library stay the reference (tests compare the two); as graphs they would build shapes
and copies at each call inside a loop. Each entry takes the call, its arguments and the context, and gives the
result with its pull, or None to leave the call to its definition.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from .. import ir, types
from .adjoints import accumulate, add_to
from .context import Context
from .messages import Site
from .values import Leaf, Slot, Value, contiguous, each, flatten, only, slot, view_of

type Entry = Callable[[ir.LibraryCall, list[Value], Context], Value | None]

TABLE: dict[str, Entry] = {}


def _entry(*names: str) -> Callable[[Entry], Entry]:
    def add(entry: Entry) -> Entry:
        TABLE.update(dict.fromkeys(names, entry))
        return entry

    return add


def _first(value: Value, context: Context) -> Leaf:
    """A leaf that has the value's array axes."""
    return context.bind(next(flatten(value)))


_INT = Slot("i", 0)

# Sizes ------------------------------------------------------------------------------------------


@_entry("size")
def _size(call: ir.LibraryCall, arguments: list[Value], context: Context) -> Value:
    leaf = _first(arguments[0], context)
    if isinstance(call.arguments[0].type, types.Array):
        return Leaf(leaf.size(0), _INT)
    return Leaf(f"{leaf}.size" if leaf.rank else "1", _INT)


@_entry("num_elements")
def _num_elements(call: ir.LibraryCall, arguments: list[Value], context: Context) -> Value:
    leaf = _first(arguments[0], context)
    return Leaf(f"{leaf}.size" if leaf.rank else "1", _INT)


@_entry("rows")
def _rows(call: ir.LibraryCall, arguments: list[Value], context: Context) -> Value:
    is_row = isinstance(call.arguments[0].type, types.RowVector | types.ComplexRowVector)
    return Leaf("1" if is_row else _first(arguments[0], context).size(0), _INT)


@_entry("cols")
def _cols(call: ir.LibraryCall, arguments: list[Value], context: Context) -> Value:
    is_column = isinstance(call.arguments[0].type, types.Vector | types.ComplexVector)
    return Leaf("1" if is_column else _first(arguments[0], context).size(-1), _INT)


@_entry("dims")
def _dims(call: ir.LibraryCall, arguments: list[Value], context: Context) -> Value:
    leaf = _first(arguments[0], context)
    lengths = types.dims_of(call.arguments[0].type, [leaf.size(axis) for axis in range(leaf.rank)], "1")
    text = f"np.array([{', '.join(lengths)}], np.int64)" if leaf.rank else "np.empty(0, np.int64)"
    return Leaf(text, Slot("i", 1), fresh=True)


# Repetition -------------------------------------------------------------------------------------


@_entry("rep_vector", "rep_row_vector", "rep_matrix", "rep_array")
def _rep(call: ir.LibraryCall, arguments: list[Value], context: Context) -> Value | None:
    if isinstance(arguments[0], tuple):
        return None
    value = arguments[0]
    wanted = slot(call.type)
    sizes = [_not_negative(only(size), call, context) for size in arguments[1:]]
    shape = "".join(f"{size}, " for size in sizes)
    if not value.rank:
        return context.result(
            f"np.full(({shape}), {value}, {wanted.dtype})", wanted, _sum_into(value), sources=(value,)
        )
    value = context.bind(value)
    name = context.temporary()
    if call.name == "rep_matrix" and isinstance(call.arguments[0].type, types.Vector):  # columns are repeated
        context.out.write(f"{name} = np.empty(({value.size(0)}, {shape}), {wanted.dtype})")
        context.out.write(f"{name}[:] = {contiguous(value)}.reshape({value.size(0)}, 1)")
        return _named(name, wanted, context, lambda adjoint: f"np.sum({adjoint}, 1)", value)
    context.out.write(f"{name} = np.empty(({shape}) + {value}.shape, {wanted.dtype})")
    context.out.write(f"{name}[:] = {value}")

    def summed(adjoint: str) -> str:
        for _ in sizes:
            adjoint = f"np.sum({adjoint}, 0)"
        return adjoint

    return _named(name, wanted, context, summed, value)


def _named(name: str, slot: Slot, context: Context, back: Callable[[str], str], source: Leaf) -> Leaf:
    """A new array that lines before have filled, with the adjoint that goes back to its source."""
    return context.result(
        name, slot, lambda context, adjoint: accumulate(context, source, back(adjoint)), sources=(source,)
    )


def _sum_into(value: Leaf) -> Callable[[Context, str], None]:
    return lambda context, adjoint: accumulate(context, value, f"np.sum({adjoint})")


def _not_negative(size: Leaf, call: ir.LibraryCall, context: Context) -> Leaf:
    size = context.bind(size)
    if not size.text.isdigit():
        site = Site("negative-size", f"a size given to `{call.name}` is {{0}}", call.span)
        context.fail_if(f"{size} < 0", site, size.text)
    return size


# Pieces -----------------------------------------------------------------------------------------


def _piece(value: Value, text: str, rank: int, context: Context, contiguous: bool) -> Value:
    """`value[text]` of every leaf; `rank` axes are dropped."""

    def select(leaf: Leaf) -> Leaf:
        bound = context.bind(leaf)
        view = Slot(bound.kind, bound.rank - rank)
        keep = contiguous and bound.contiguous
        piece = context.result(
            f"{bound}{text}", view, add_to(bound, text, view.rank), sources=(bound,), fresh=False, contiguous=keep
        )
        return replace(piece, root=view_of(bound))

    return each(value, select)


def _count(number: Leaf, leaf: Leaf, axis: int, call: ir.LibraryCall, context: Context) -> Leaf:
    """A number of elements between 0 and the size of an axis."""
    number = context.bind(number)
    site = Site("index-out-of-range", f"`{call.name}` is asked for {{0}} of {{1}} elements", call.span)
    context.fail_if(f"{number} < 0 or {number} > {leaf.size(axis)}", site, number.text, leaf.size(axis))
    return number


def _position(number: Leaf, leaf: Leaf, axis: int, call: ir.LibraryCall, context: Context) -> Leaf:
    number = context.bind(number)
    site = Site("index-out-of-range", f"index {{0}} given to `{call.name}` is out of range 1 to {{1}}", call.span)
    context.fail_if(f"{number} < 1 or {number} > {leaf.size(axis)}", site, number.text, leaf.size(axis))
    return number


def _stretch(start: Leaf, count: Leaf, leaf: Leaf, axis: int, call: ir.LibraryCall, context: Context) -> str:
    """`count` elements from `start` on, as a slice."""
    start, count = context.bind(start), context.bind(count)
    site = Site("index-out-of-range", f"`{call.name}` is asked for {{1}} elements from {{0}} on, more than there are",
                call.span)  # fmt: skip
    condition = f"{count} < 0 or ({count} > 0 and ({start} < 1 or {start} - 1 + {count} > {leaf.size(axis)}))"
    context.fail_if(condition, site, start.text, count.text)
    return f"max({start} - 1, 0):max({start} - 1, 0) + {count}"


@_entry("head")
def _head(call: ir.LibraryCall, arguments: list[Value], context: Context) -> Value:
    count = _count(only(arguments[1]), leaf := _first(arguments[0], context), 0, call, context)
    value = leaf if isinstance(arguments[0], Leaf) else arguments[0]
    return _piece(value, f"[:{count}]", 0, context, contiguous=True)


@_entry("tail")
def _tail(call: ir.LibraryCall, arguments: list[Value], context: Context) -> Value:
    count = _count(only(arguments[1]), leaf := _first(arguments[0], context), 0, call, context)
    value = leaf if isinstance(arguments[0], Leaf) else arguments[0]
    return _piece(value, f"[{leaf.size(0)} - {count}:]", 0, context, contiguous=True)


@_entry("segment")
def _segment(call: ir.LibraryCall, arguments: list[Value], context: Context) -> Value:
    leaf = _first(arguments[0], context)
    where = _stretch(only(arguments[1]), only(arguments[2]), leaf, 0, call, context)
    value = leaf if isinstance(arguments[0], Leaf) else arguments[0]
    return _piece(value, f"[{where}]", 0, context, contiguous=True)


@_entry("row", "col")
def _row_or_col(call: ir.LibraryCall, arguments: list[Value], context: Context) -> Value:
    leaf = _first(arguments[0], context)
    axis = 0 if call.name == "row" else 1
    position = _position(only(arguments[1]), leaf, axis, call, context)
    text = f"[{position} - 1]" if axis == 0 else f"[:, {position} - 1]"
    return _piece(leaf, text, 1, context, contiguous=axis == 0)


@_entry("block")
def _block(call: ir.LibraryCall, arguments: list[Value], context: Context) -> Value:
    leaf = _first(arguments[0], context)
    row, column, rows, columns = map(only, arguments[1:])
    down = _stretch(row, rows, leaf, 0, call, context)
    across = _stretch(column, columns, leaf, 1, call, context)
    return _piece(leaf, f"[{down}, {across}]", 0, context, contiguous=False)


@_entry("sub_col", "sub_row")
def _sub(call: ir.LibraryCall, arguments: list[Value], context: Context) -> Value:
    leaf = _first(arguments[0], context)
    row, column, count = map(only, arguments[1:])
    if call.name == "sub_col":
        at = _position(column, leaf, 1, call, context)
        return _piece(leaf, f"[{_stretch(row, count, leaf, 0, call, context)}, {at} - 1]", 1, context, contiguous=False)
    at = _position(row, leaf, 0, call, context)
    return _piece(leaf, f"[{at} - 1, {_stretch(column, count, leaf, 1, call, context)}]", 1, context, contiguous=True)


@_entry("transpose")
def _transpose(call: ir.LibraryCall, arguments: list[Value], context: Context) -> Value:
    leaf = only(arguments[0])
    if leaf.rank == 1:
        return leaf
    leaf = context.bind(leaf)

    def pull(context: Context, adjoint: str) -> None:
        accumulate(context, leaf, f"{adjoint}.T")

    turned = context.result(f"{leaf}.T", leaf.slot, pull, sources=(leaf,), fresh=False, contiguous=False)
    return replace(turned, root=view_of(leaf))


# Joining ----------------------------------------------------------------------------------------


@_entry("append_row", "append_col", "append_array")
def _append(call: ir.LibraryCall, arguments: list[Value], context: Context) -> Value | None:
    if any(isinstance(argument, tuple) for argument in arguments):
        return None
    wanted = slot(call.type)
    first, second = (context.bind(only(argument)) for argument in arguments)
    if wanted.rank == 2 and call.name != "append_array":
        return None  # joining matrices with vectors: rare, and its definition says it well
    parts = [leaf if leaf.rank else Leaf(f"np.full(1, {leaf})", wanted) for leaf in (first, second)]
    if wanted.rank > 1:  # arrays of containers agree in size unless one is empty
        for axis in range(1, wanted.rank):
            sizes = first.size(axis), second.size(axis)
            site = Site("size-mismatch", "arrays of containers of different sizes ({0} and {1}) are joined", call.span)
            condition = f"{first.size(0)} > 0 and {second.size(0)} > 0 and {sizes[0]} != {sizes[1]}"
            context.fail_if(condition, site, *sizes)
        return None if context.steps is not None else Leaf(f"np.concatenate(({first}, {second}))", wanted, fresh=True)

    def pull(context: Context, adjoint: str) -> None:
        split = first.size(0) if first.rank else "1"
        accumulate(context, first, f"{adjoint}[:{split}]" if first.rank else f"{adjoint}[0]")
        accumulate(context, second, f"{adjoint}[{split}:]" if second.rank else f"{adjoint}[{split}]")

    return context.result(f"np.concatenate(({parts[0]}, {parts[1]}))", wanted, pull, sources=(first, second))


# Reshaping: Stan fills and empties matrices column by column ----------------------------------------


@_entry("to_vector", "to_row_vector", "to_array_1d")
def _to_one_axis(call: ir.LibraryCall, arguments: list[Value], context: Context) -> Value | None:
    leaf = only(arguments[0])
    wanted = slot(call.type)
    if leaf.kind != wanted.kind:
        return None
    if leaf.rank == 1:
        return leaf
    leaf = context.bind(leaf)
    is_matrix = isinstance(call.arguments[0].type, types.Matrix | types.ComplexMatrix)
    if not is_matrix and call.name != "to_array_1d":
        return None
    if isinstance(call.arguments[0].type, types.Array) and slot(call.arguments[0].type.element).rank == 2:
        return None

    def pull(context: Context, adjoint: str) -> None:
        shape = f"{leaf}.shape"
        back = f"{adjoint}.copy()"
        if is_matrix:
            accumulate(context, leaf, f"{back}.reshape({leaf.size(1)}, {leaf.size(0)}).T")
        else:
            accumulate(context, leaf, f"{back}.reshape({shape})")

    text = f"{leaf}.T.copy()" if is_matrix else f"{leaf}.copy()"
    return context.result(f"{text}.reshape({leaf}.size)", wanted, pull, sources=(leaf,))
