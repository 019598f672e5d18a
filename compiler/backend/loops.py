"""Writes a schedule as text in the loop language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import product
from math import isinf, isnan, prod

from .arrays import (
    REDUCTIONS,
    Array,
    CallOutput,
    Constant,
    Elementwise,
    Index,
    Kind,
    Loaded,
    Reduction,
    Reindex,
    Reshape,
    Source,
    Take,
    Update,
    linear,
    operands_of,
    strides,
    variable,
)
from .products import rounds_between_logs
from .schedule import (
    Group,
    NotAffine,
    Schedule,
    Statement,
    covering_part,
    plan,
    reshaped_index,
    resolve_entry,
    taken_index,
    trimmed,
    walk,
)

RESERVED = ("inf", "nan")
ZERO = Index()


@dataclass(frozen=True, slots=True)
class Scalar:
    """A computed number: its text, kind, and how many loops must be open where it is valid."""

    text: str
    kind: Kind
    level: int


@dataclass
class _Block:
    """A loop body being written; `known` remembers what was computed in it."""

    lines: list[str | _Block | _Store] = field(default_factory=list)
    known: dict[object, Scalar] = field(default_factory=dict)
    header: str = ""


@dataclass
class _Store:
    """A line that writes to a buffer; left out when nobody reads the buffer."""

    buffer: str
    text: str


@dataclass
class Body:
    """The lines that fill the wanted arrays, the local arrays they need, and where returned scalars are."""

    lines: list[str]
    locals: dict[str, tuple[str, int]]  # name -> (type, size)
    scalars: list[str]
    names: set[str]  # every identifier used


def write(stores: Iterable[tuple[Array, Source]], scalars: Iterable[Array] = ()) -> Body:
    """Lines that fill each destination with its array and compute the scalars (arrays of shape ())."""
    return _Writer(list(stores), list(scalars)).write()


def literal(value: float | int | bool) -> str:
    """A number in the loop language."""
    if isinstance(value, bool | int):
        return str(value)
    if isnan(value):
        return "nan"
    if isinf(value):
        return "inf" if value > 0 else "-inf"
    return repr(float(value))


class _Writer:
    def __init__(self, stores: list[tuple[Array, Source]], scalars: list[Array]) -> None:
        roots: list[Array] = []
        self.buffers: dict[int, Source] = {}
        self.outputs = {destination.buffer for _, destination in stores}
        for array, destination in stores:
            # A destination of its own: inputs, and arrays wanted twice, are copied.
            if isinstance(array, Source | Constant | CallOutput) or id(array) in self.buffers:
                array = Elementwise(array.shape, array.kind, "{0}", (array,), 0.0)
            self.buffers[id(array)] = destination
            roots.append(array)
        self.scalars = scalars
        wanted = [Elementwise((), s.kind, "{0}", (s,), 0.0) if isinstance(s, Source | Constant) else s for s in scalars]
        self.schedule: Schedule = plan(roots + wanted)
        self.wanted = wanted
        self.locals: dict[str, tuple[str, int]] = {}
        self.blocks = [_Block()]
        self.levels: dict[str, int] = {}  # loop variable -> number of open loops inside it
        self.position: list[Index] = []  # value of each loop variable of the current nest
        self.lanes: list[Index] = []  # values of the outermost one, where several iterations run side by side
        self.side_by_side = self._written_side_by_side()
        self.accumulators: dict[object, str] = {}
        self.products: dict[str, str] = {}  # accumulators of factors -> the sum of logarithms of those before
        self.pending: list[str] = []  # those with factors whose logarithm has not been added
        self.loaded: set[str] = set()
        self.counter = 0
        self._share_buffers_in_place()

    def _written_side_by_side(self) -> dict[int, int]:
        """How many iterations' worth of memory an array needs that is used up in one, where there are several."""
        return {
            id(statement.array): path[0].together
            for statement, path in walk(self.schedule.tree)
            if path and path[0].together > 1 and self.schedule.contracted.get(id(statement.array), 0)
        }

    # Buffers --------------------------------------------------------------------------------------

    def _share_buffers_in_place(self) -> None:
        """An Update writes into its base's memory when nobody else reads the base."""
        clients: dict[int, int] = {}
        seen: set[int] = set()
        stack: list[Array] = [*self.schedule.stored.values(), *self.wanted]
        while stack:
            array = stack.pop()
            if id(array) in seen:
                continue
            seen.add(id(array))
            for operand in operands_of(array):
                clients[id(operand)] = clients.get(id(operand), 0) + 1
                stack.append(operand)
        self.in_place: set[int] = set()
        wanted = {id(array) for array in self.wanted}
        for array in self.schedule.stored.values():
            if not isinstance(array, Update) or array.base is None or array.base.size != array.size:
                continue
            base = array.base
            if (
                isinstance(base, Update | CallOutput)
                and clients[id(base)] == 1
                and id(base) not in self.buffers
                and id(base) not in wanted
            ):
                self.in_place.add(id(array))
                self.buffers[id(base)] = self.buffer(array)

    def buffer(self, array: Array) -> Source:
        """The memory of a stored array."""
        if isinstance(array, Source):
            return array
        found = self.buffers.get(id(array))
        if found is None:
            name = f"w{len(self.locals)}"
            dropped = self.schedule.contracted.get(id(array), 0)
            times = self.side_by_side.get(id(array), 1)
            self.locals[name] = (array.storage, times * max(prod(array.shape[dropped:]), 1))
            found = self.buffers[id(array)] = Source(array.shape, array.kind, name)
        return found

    def offset(self, array: Array, index: tuple[Index, ...]) -> Index:
        """Where an element stands in its array's buffer."""
        buffer = self.buffer(array)
        dropped = self.schedule.contracted.get(id(array), 0)
        lane = index[0].constant % self.side_by_side[id(array)] if id(array) in self.side_by_side else 0
        start = Index(buffer.offset + lane * prod(array.shape[dropped:]))
        return linear(index[dropped:], array.shape[dropped:]) + start

    # Text -----------------------------------------------------------------------------------------

    def fresh(self, prefix: str = "t") -> str:
        self.counter += 1
        return f"{prefix}{self.counter}"

    @property
    def block(self) -> _Block:
        return self.blocks[-1]

    def let(self, text: str, kind: Kind, level: int) -> Scalar:
        """Name the value of an expression at the outermost place where it can be computed."""
        name = self.fresh()
        self.blocks[level].lines.append(f"{name} = {text}")
        return Scalar(name, kind, level)

    def remembered(self, key: object) -> Scalar | None:
        for block in reversed(self.blocks):
            if key in block.known:
                return block.known[key]
        return None

    def remember(self, key: object, value: Scalar) -> Scalar:
        self.blocks[value.level].known[key] = value
        return value

    def index_text(self, index: Index) -> tuple[str, int]:
        """An index as an expression, with its level."""
        parts: list[str] = []
        level = 0
        for atom, coefficient in index.terms:
            if isinstance(atom, Loaded):
                loaded = self.value(atom.array, atom.index)
                text, at = loaded.text, loaded.level
            else:
                text, at = str(atom), self.levels[str(atom)]
            level = max(level, at)
            parts.append(text if coefficient == 1 else f"{coefficient} * {text}")
        if index.constant or not parts:
            parts.append(str(index.constant))
        return " + ".join(parts), level

    # Values ---------------------------------------------------------------------------------------

    def value(self, array: Array, index: tuple[Index, ...]) -> Scalar:
        """The element at an index: remembered, loaded, or computed now."""
        if isinstance(array, Constant):
            return Scalar(literal(array.value), array.kind, 0)
        index = trimmed(array, index)
        key: object = (id(array), index)
        found = self.remembered(key)
        if found is not None:
            return found
        if isinstance(array, Update):
            part = covering_part(array, index)
            if part is not None:
                return self.value(*part)
        elif not isinstance(array, Source) and id(array) not in self.schedule.stored:
            return self.remember(key, self.compute(array, index))
        if isinstance(array, Source) and array.in_register:
            return Scalar(array.buffer, array.kind, 0)
        offset = self.offset(array, index)
        if isinstance(array, Source):  # several arrays may be the same memory
            key = (array.buffer, offset)
            found = self.remembered(key)
            if found is not None:
                return found
        return self.remember(key, self.load(array, offset, self.filled_at(array, index)))

    def filled_at(self, array: Array, index: tuple[Index, ...]) -> int:
        """The level of the loop that fills a buffer anew: where an outer axis has no memory of its own."""
        dropped = self.schedule.contracted.get(id(array), 0)
        atoms = [atom for one in index[:dropped] for atom, _ in one.terms if not isinstance(atom, Loaded)]
        return max((self.levels[str(atom)] for atom in atoms), default=0)

    def load(self, array: Array, offset: Index, least: int = 0) -> Scalar:
        """A read; not outside the loop of level `least`, in which the buffer is written."""
        buffer = self.buffer(array).buffer
        self.loaded.add(buffer)
        text, level = self.index_text(offset)
        kind: Kind = "float" if array.kind == "float" else "int"
        return self.let(f"{buffer}[{text}]", kind, max(level, least))

    def compute(self, array: Array, index: tuple[Index, ...]) -> Scalar:
        """The element of a virtual array, from its operands' elements."""
        match array:
            case Elementwise(template=template, operands=operands):
                values = [self.value(operand, index) for operand in operands]
                if template == "{0}":
                    return values[0]
                text = template.format(*(_parenthesised(value.text) for value in values))
                return self.let(text, array.kind, max((value.level for value in values), default=0))
            case Reindex(operand=operand, index=map):
                return self.value(operand, tuple(one.substitute(index) for one in map))
            case Take(operand=operand):
                return self.value(operand, taken_index(array, index))
            case Constant(value=value):
                return Scalar(literal(value), array.kind, 0)
            case Reshape(operand=operand):
                try:
                    return self.value(operand, reshaped_index(array, index))
                except NotAffine:
                    return self.load(operand, linear(index, array.shape) + Index(self.buffer(operand).offset))
            case _:
                raise AssertionError(f"{type(array).__name__} is not virtual")

    # Statements -----------------------------------------------------------------------------------

    def write(self) -> Body:
        self.tree(self.schedule.tree)
        results = [self.value(array, ()).text for array in self.wanted]
        keep = self.loaded | self.outputs
        lines = list(_flatten(self.blocks[0], "", keep))
        names = set(re.findall(r"[A-Za-z_]\w*", "\n".join(lines)))
        locals = {name: shape for name, shape in self.locals.items() if name in names}
        return Body(lines, locals, results, names)

    def tree(self, nodes: list[Group | Statement]) -> None:
        for node in nodes:
            if isinstance(node, Statement):
                self.leaf(node)
            else:
                self.group(node)

    def group(self, group: Group) -> None:
        starting = [
            statement
            for statement in group.statements
            if isinstance(statement.array, Reduction)
            and statement.output_axes[group.depth] is None
            and None not in statement.output_axes[: group.depth]
        ]
        paths = {id(statement): path for statement, path in walk([group])}
        for statement in starting:
            for _ in self.each_lane():
                self.start_total(statement, group.depth, paths[id(statement)])
        if group.size > 0:
            self.iterate(group)
        for statement in starting:
            self.finish_total(statement)

    def iterate(self, group: Group) -> None:
        if group.unrolled:
            for number in range(group.size):
                self.position.append(Index(number))
                self.tree(group.children)
                self.position.pop()
            return
        rounds = group.size // group.together
        once = min(rounds_between_logs(group, rounds), group.backwards or rounds)
        if rounds > once:
            block = variable(f"j{group.depth}")
            last = Index((rounds // once - 1) * once)
            with self.inside(f"j{group.depth}", f"range({rounds // once})"):
                start = last + block * -once if group.backwards else block * once
                self.loop(group, 0, once, group.together, start)
        if rounds % once or rounds == once:
            self.loop(group, rounds - (rounds % once or once), rounds, group.together)
        if group.size % group.together:
            self.loop(group, rounds * group.together, group.size, 1)

    def loop(self, group: Group, first: int, last: int, together: int, start: Index = ZERO) -> None:
        """Iterations of a group's loop, several at a time, counted from `start`."""
        name = f"i{group.depth}"
        with self.inside(name, f"range({first}, {last})" if first else f"range({last})"):
            at = variable(name) + start
            lanes = [at * together + Index(lane) for lane in range(together)] if together > 1 else self.lanes
            outer, self.lanes = self.lanes, lanes
            self.position.append(at)
            self.tree(group.children)
            self.position.pop()
            self.lanes = outer
        self.take_logs()

    @contextmanager
    def inside(self, name: str, range: str) -> Iterator[None]:
        """A loop around what is written meanwhile."""
        inner = _Block(header=f"for {name} in {range}:")
        self.blocks.append(inner)
        self.levels[name] = len(self.blocks) - 1
        yield
        self.blocks.pop()
        self.block.lines.append(inner)

    def each_lane(self) -> Iterator[None]:
        """Once for each of the iterations that run side by side."""
        if not self.lanes:
            yield
        for lane in self.lanes:
            self.position[0] = lane
            yield

    def leaf(self, statement: Statement) -> None:
        for _ in self.each_lane():
            self.one(statement)

    def one(self, statement: Statement) -> None:
        """A statement at the current position."""
        index = tuple(self.position[: len(statement.sizes)])
        array = statement.array
        match array:
            case CallOutput(call=call):
                inputs = [self.contiguous(operand) for operand in call.operands]
                outputs = [self.whole(output) for output in call.outputs]
                self.loaded.update(self.buffer(output).buffer for output in call.outputs)
                self.block.lines.extend(call.render(inputs, outputs))
            case Reduction(operand=operand, order=order):
                at = tuple(index[order.index(axis)] for axis in range(len(order)))
                self.add_to_total(statement, self.value(operand, at))
            case Update(base=base):
                if statement.part is not None:
                    self.write_part(statement, index)
                elif id(array) not in self.in_place:
                    assert base is not None
                    self.store(array, index, self.value(base, index))
            case _:
                key = (id(array), trimmed(array, index))
                value = self.remember(key, self.compute(array, trimmed(array, index)))
                self.store(array, index, value)

    def contiguous(self, operand: Array) -> str:
        self.loaded.add(self.buffer(operand).buffer)
        return self.whole(operand)

    def whole(self, array: Array) -> str:
        buffer = self.buffer(array)
        return f"{buffer.buffer}[{buffer.offset}:]" if buffer.offset else buffer.buffer

    def store(self, array: Array, index: tuple[Index, ...], value: Scalar) -> None:
        text, _ = self.index_text(self.offset(array, trimmed(array, index)))
        buffer = self.buffer(array).buffer
        self.block.lines.append(_Store(buffer, f"{buffer}[{text}] = {value.text}"))

    def write_part(self, statement: Statement, index: tuple[Index, ...]) -> None:
        part, array = statement.part, statement.array
        assert part is not None
        value = self.value(part.value, index)
        target = tuple(resolve_entry(entry, index) for entry in part.index)
        text, _ = self.index_text(self.offset(array, trimmed(array, target)))
        buffer = self.buffer(array).buffer
        self.block.lines.append(_Store(buffer, f"{buffer}[{text}] {'+=' if part.add else '='} {value.text}"))

    # Totals ---------------------------------------------------------------------------------------

    def start_total(self, statement: Statement, depth: int, path: tuple[Group, ...]) -> None:
        """Begin a reduction: in local variables where possible, else in its buffer."""
        array = statement.array
        assert isinstance(array, Reduction)
        identity = _identity(array)
        inner = range(depth, len(statement.sizes))
        open_axes = [d for d in inner if statement.output_axes[d] is not None]
        groups = {group.depth: group for group in path}
        at: dict[int, Index] = {}
        for d in range(depth):
            axis = statement.output_axes[d]
            assert axis is not None
            at[axis] = self.position[d]
        if all(groups[d].unrolled for d in open_axes):
            for numbers in product(*(range(statement.sizes[d]) for d in open_axes)):
                for d, number in zip(open_axes, numbers, strict=True):
                    at[statement.output_axes[d]] = Index(number)  # type: ignore[index]
                index = trimmed(array, tuple(at[axis] for axis in range(len(array.shape))))
                name = self.fresh("s")
                self.accumulators[(id(array), index)] = name
                self.block.lines.append(f"{name} = {identity}")
                if array.operation == "logs":
                    self.products[name] = self.fresh("s")
                    self.block.lines.append(f"{self.products[name]} = 0.0")
            return
        indent = ""
        lines: list[str] = []
        for d in open_axes:
            axis = statement.output_axes[d]
            assert axis is not None
            name = f"k{d}"
            lines.append(f"{indent}for {name} in range({statement.sizes[d]}):")
            at[axis] = variable(name)
            self.levels[name] = 0
            indent += "    "
        index = tuple(at[axis] for axis in range(len(array.shape)))
        text, _ = self.index_text(self.offset(array, index))
        buffer = self.buffer(array).buffer
        self.loaded.add(buffer)
        self.block.lines.extend([*lines, f"{indent}{buffer}[{text}] = {identity}"])

    def total_index(self, statement: Statement) -> tuple[Index, ...]:
        at = {axis: self.position[d] for d, axis in enumerate(statement.output_axes) if axis is not None}
        return trimmed(statement.array, tuple(at[axis] for axis in range(len(statement.array.shape))))

    def add_to_total(self, statement: Statement, value: Scalar) -> None:
        array = statement.array
        assert isinstance(array, Reduction)
        if not any(axis is None for axis in statement.output_axes):  # nothing to reduce over
            self.store(array, self.total_index(statement), value)
            self.remember((id(array), self.total_index(statement)), value)
            return
        index = self.total_index(statement)
        name = self.accumulators.get((id(array), index))
        template = _combine(array)
        if name is not None:
            self.block.lines.append(f"{name} = {template.format(name, value.text)}")
            if name in self.products and name not in self.pending:
                self.pending.append(name)
            return
        text, _ = self.index_text(self.offset(array, index))
        place = f"{self.buffer(array).buffer}[{text}]"
        self.block.lines.append(f"{place} = {template.format(place, value.text)}")

    def take_logs(self) -> None:
        """Add the logarithms of products of factors, and begin products anew."""
        for name in self.pending:
            total = self.products[name]
            self.block.lines += [f"{total} = {total} + log({name})", f"{name} = 1.0"]
        self.pending.clear()

    def finish_total(self, statement: Statement) -> None:
        """After the loops: totals in local variables are known here, and stored for those who load them."""
        array = statement.array
        self.take_logs()
        mine = [(key, name) for key, name in self.accumulators.items() if key[0] == id(array)]  # type: ignore[index]
        for key, name in mine:
            _, index = key  # type: ignore[misc]
            del self.accumulators[key]
            self.block.known[key] = Scalar(self.products.get(name, name), array.kind, len(self.blocks) - 1)
            self.store(array, index, self.block.known[key])


def _identity(array: Reduction) -> str:
    text = REDUCTIONS[array.operation][0]
    if array.kind == "float":
        return text if "inf" in text else f"{text}.0"
    limits = {"inf": "9223372036854775807", "-inf": "-9223372036854775807"}
    return limits.get(text, text)


def _combine(array: Reduction) -> str:
    if array.kind != "float" and array.operation in ("max", "min"):
        return "{1} if {1} " + (">" if array.operation == "max" else "<") + " {0} else {0}"
    return REDUCTIONS[array.operation][1]


def _parenthesised(text: str) -> str:
    return f"({text})" if text.startswith("-") else text


def _flatten(block: _Block, indent: str, keep: set[str]) -> Iterable[str]:
    for line in block.lines:
        match line:
            case _Block(header=header):
                inner = list(_flatten(line, indent + "    ", keep))
                if inner:
                    yield indent + header
                    yield from inner
            case _Store(buffer=buffer, text=text):
                if buffer in keep:
                    yield indent + text
            case _:
                yield indent + line


__all__ = ["Body", "literal", "strides", "write"]
