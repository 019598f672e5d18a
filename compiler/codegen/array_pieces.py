"""Pieces of arrays: views, gathers, writing to some elements, joining and splitting."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from .array_rule import DTYPE, Maker, NotArray, Positions, Rule

if TYPE_CHECKING:
    from .array_text import Function


@dataclass(frozen=True, slots=True)
class _Gather:
    """The sizes of what lists of positions pick, and where in the source each element is."""

    sizes: tuple[str, ...]
    place: Callable[[Positions], list[str]]


def _view(writer: Function, node: Any, operands: list[Rule]) -> Rule:
    source, *numbers = operands
    picks = _picks(writer, node.op.idx_list, source, [number.text for number in numbers])
    sizes = tuple(pick[0] for pick in picks if pick[0] is not None)

    def element(at: Positions) -> str:
        given = iter(at)
        return source.element([place(next(given) if size is not None else "") for size, place in picks])

    return Rule(sizes, element, cheap=source.cheap)


def _picks(
    writer: Function, entries: Any, source: Rule, numbers: list[str]
) -> list[tuple[str | None, Callable[[str], str]]]:
    """Per axis: the size that remains (None: dropped) and the position in the source of a position."""

    def text(entry: int | None) -> str | None:  # an integer names the input that holds the number
        return None if entry is None else numbers[entry]

    picks: list[tuple[str | None, Callable[[str], str]]] = []
    for axis in range(source.rank):
        size = writer.bound(source.sizes[axis])
        entry = entries[axis] if axis < len(entries) else slice(None)
        if isinstance(entry, slice):
            picks.append(_slice(writer, text(entry.start), text(entry.stop), text(entry.step), size))
        else:
            position = _from_end(writer, text(entry) or "0", size)
            picks.append((None, _always(position)))
    return picks


def _always(position: str) -> Callable[[str], str]:
    return lambda _: position


def _from_end(writer: Function, position: str, size: str) -> str:
    position = position.removeprefix("(").removesuffix(")") if position.startswith("(-") else position
    if position.isdigit():
        return position
    if position.startswith("-") and position[1:].isdigit() and size.isdigit():
        return str(int(size) + int(position))
    if position.startswith("-") and position[1:].isdigit():
        return f"{size} - {position[1:]}"
    name = writer.bound(position)
    return writer.bound(f"{name} if {name} >= 0 else {name} + {size}")


def _slice(writer: Function, start: str | None, stop: str | None, step: str | None, size: str) -> tuple[
    str, Callable[[str], str]
]:  # fmt: skip
    step = (step or "1").strip("()")
    if step == "-1" and start is None and stop is None:
        return size, lambda at: f"({size} - 1 - {at})"
    if step != "1":
        raise NotArray("a step")
    first = "0" if start is None else writer.bound(f"min(max({_from_end(writer, start.strip('()'), size)}, 0), {size})")
    last = size if stop is None else writer.bound(f"min({_from_end(writer, stop.strip('()'), size)}, {size})")
    length = last if first == "0" and stop is None else writer.bound(f"max({last} - {first}, 0)")
    return length, (lambda at: at) if first == "0" else (lambda at: f"({first} + {at})")


def _rows(writer: Function, node: Any, operands: list[Rule]) -> Rule:
    source, indices = operands
    size = writer.bound(source.sizes[0])

    def element(at: Positions) -> str:
        return source.element([indices.element([at[0]]), *at[1:]])

    del size
    return Rule((indices.sizes[0], *source.sizes[1:]), element, cheap=source.cheap and indices.cheap)


def _elements(writer: Function, node: Any, operands: list[Rule]) -> Rule:
    source, *indices = operands
    gather = _gather(writer, node.op.idx_list, source, indices, node.inputs[1:])
    return Rule(gather.sizes, lambda at: source.element(gather.place(at)), cheap=source.cheap)


def _gather(writer: Function, entries: Any, source: Rule, indices: list[Rule], given: list[Any]) -> _Gather:
    """Which elements lists of positions pick: lists that stand side by side run together, along one axis."""
    entries = [*entries, *[slice(None)] * (source.rank - len(entries))]
    gathered = [axis for axis, entry in enumerate(entries) if entry != slice(None)]
    lists = [indices[entries[axis]] for axis in gathered if isinstance(entries[axis], int)]
    if len(lists) < len(gathered) or any(one.rank != 1 for one in lists) or not gathered:
        raise NotArray("several index arrays")
    first = gathered[0]
    if gathered != list(range(first, first + len(gathered))):
        raise NotArray("index arrays apart from each other")
    alone = [given[entries[axis]].type.shape[0] == 1 for axis in gathered]
    length = next((one.sizes[0] for one, single in zip(lists, alone, strict=True) if not single), "1")
    sizes = [writer.bound(size) for size in source.sizes]
    last = gathered[-1] + 1

    def place(at: Positions) -> list[str]:
        picked = [one.element(["0" if single else at[first]]) for one, single in zip(lists, alone, strict=True)]
        return [*at[:first], *picked, *at[first + 1 :]]

    return _Gather((*sizes[:first], writer.bound(length), *sizes[last:]), place)


def _add_to_elements(writer: Function, node: Any, operands: list[Rule]) -> Rule:
    base, amount, *indices = operands
    gather = _gather(writer, node.op.idx_list, base, indices, node.inputs[2:])
    filled = _copied(writer, base, node.outputs[0].type.dtype)
    at = writer.loops(gather.sizes)
    own = ["0" if size == 1 else at[len(at) - amount.rank + axis]
           for axis, size in enumerate(node.inputs[1].type.shape)]  # fmt: skip
    operator = "=" if node.op.set_instead_of_inc else "+="
    target = ", ".join(gather.place(at))
    writer.lines.append("    " * len(at) + f"{filled.name}[{target}] {operator} {amount.element(own)}")
    return filled


def _add_to_rows(writer: Function, node: Any, operands: list[Rule]) -> Rule:
    return _add_to_elements(writer, node, operands)


def _copied(writer: Function, base: Rule, dtype: str) -> Rule:
    """The elements in memory of their own."""
    name = writer.fresh("v")
    sizes = tuple(writer.bound(size) for size in base.sizes)
    writer.lines.append(f"{name} = np.empty(({', '.join(sizes)},), {DTYPE.get(dtype, 'np.int64')})")
    at = writer.loops(sizes)
    writer.lines.append("    " * len(sizes) + f"{name}[{', '.join(at)}] = {base.element(at)}")
    return Rule(sizes, lambda at: f"{name}[{', '.join(at)}]", name)


def _add_to_view(writer: Function, node: Any, operands: list[Rule]) -> Rule:
    base, amount, *numbers = operands
    filled = _copied(writer, base, node.outputs[0].type.dtype)
    picks = _picks(writer, node.op.idx_list, base, [number.text for number in numbers])
    kept = [size for size, _ in picks if size is not None]
    at = writer.loops(kept)
    given = iter(at)
    target = ", ".join(place(next(given) if size is not None else "") for size, place in picks)
    own = ["0" if size == 1 else at[len(at) - amount.rank + axis]
           for axis, size in enumerate(node.inputs[1].type.shape)]  # fmt: skip
    operator = "=" if node.op.set_instead_of_inc else "+="
    writer.lines.append("    " * len(kept) + f"{filled.name}[{target}] {operator} {amount.element(own)}")
    return filled


def _join(writer: Function, node: Any, operands: list[Rule]) -> Rule:
    parts = operands
    axis = node.op.axis if node.op.axis >= 0 else node.op.axis + parts[0].rank
    lengths = [writer.bound(part.sizes[axis]) for part in parts]
    sizes = [writer.bound(size) for size in parts[0].sizes]
    sizes[axis] = writer.bound(" + ".join(lengths))
    name = writer.fresh("v")
    dtype = node.outputs[0].type.dtype
    writer.lines.append(f"{name} = np.empty(({', '.join(sizes)},), {DTYPE.get(dtype, 'np.int64')})")
    offset = "0"
    for part, length in zip(parts, lengths, strict=True):
        own = list(sizes)
        own[axis] = length
        at = writer.loops(own)
        target = [f"{offset} + {p}" if number == axis and offset != "0" else p for number, p in enumerate(at)]
        writer.lines.append("    " * len(own) + f"{name}[{', '.join(target)}] = {part.element(at)}")
        offset = length if offset == "0" else writer.bound(f"{offset} + {length}")
    return Rule(tuple(sizes), lambda at: f"{name}[{', '.join(at)}]", name)


def _split(writer: Function, node: Any, operands: list[Rule]) -> list[Rule]:
    source, lengths = operands
    axis, offset, parts = node.op.axis, "0", []
    for number in range(node.op.len_splits):
        length = writer.bound(lengths.element([str(number)]))
        sizes = list(source.sizes)
        sizes[axis] = length

        def element(at: Positions, offset: str = offset) -> str:
            own = list(at)
            own[axis] = at[axis] if offset == "0" else f"({offset} + {at[axis]})"
            return source.element(own)

        parts.append(Rule(tuple(sizes), element, cheap=source.cheap))
        offset = length if offset == "0" else writer.bound(f"{offset} + {length}")
    return parts


def _places_of_truth(writer: Function, node: Any, operands: list[Rule]) -> list[Rule]:
    """Where the elements stand that are not zero: their positions along each axis."""
    (array,) = operands
    sizes = [writer.bound(size) for size in array.sizes]
    inside = "    " * len(sizes)
    count, place = writer.fresh("n"), writer.fresh("n")
    writer.lines.append(f"{count} = 0")
    writer.lines.append(f"{inside}{count} += 1 if {array.element(writer.loops(sizes))} else 0")
    names = [writer.fresh("v") for _ in sizes]
    writer.lines += [f"{name} = np.empty(({count},), np.int64)" for name in names]
    writer.lines.append(f"{place} = 0")
    at = writer.loops(sizes)
    writer.lines.append(f"{inside}if {array.element(at)}:")
    writer.lines += [f"{inside}    {name}[{place}] = {position}" for name, position in zip(names, at, strict=True)]
    writer.lines.append(f"{inside}    {place} += 1")
    return [writer.named(name, 1) for name in names]


def _asserted(writer: Function, node: Any, operands: list[Rule]) -> Rule:
    """nan where a condition fails, as in the graph's back end."""
    source, *conditions = operands
    if not node.outputs[0].type.dtype.startswith("float") or not conditions:
        return source
    test = writer.bound(" and ".join(condition.text for condition in conditions), "x")
    return Rule(source.sizes, lambda at: f"({source.element(at)} if {test} else nan)", cheap=source.cheap)


PIECES: Final[dict[str, Maker]] = {
    "Subtensor": _view,
    "AdvancedSubtensor1": _rows,
    "AdvancedSubtensor": _elements,
    "AdvancedIncSubtensor1": _add_to_rows,
    "AdvancedIncSubtensor": _add_to_elements,
    "IncSubtensor": _add_to_view,
    "Join": _join,
    "Split": _split,
    "Nonzero": _places_of_truth,
    "Assert": _asserted,
}
