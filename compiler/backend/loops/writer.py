"""Goes through a schedule and writes its loops, the values computed in them, and what is stored."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from ..arrays import (
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
    variable,
)
from ..products import rounds_between_logs
from ..schedule import (
    Blocks,
    Data,
    Group,
    Node,
    NotAffine,
    Statement,
    covering_part,
    plan,
    reshaped_index,
    resolve_entry,
    taken_index,
    trimmed,
    walk,
)
from .body import Body, identifiers
from .buffers import Buffers
from .columns import Block, Columns
from .lines import Lines, Scalar, Store, literal
from .totals import Totals

ZERO = Index()
NO_DATA = Data()


def write(stores: Iterable[tuple[Array, Source]], scalars: Iterable[Array] = (), data: Data = NO_DATA) -> Body:
    """Lines that fill each destination with its array and compute the scalars (arrays of shape ()).

    Of some matrices among the data the lines want a copy made once.
    """
    return Writer(list(stores), list(scalars), data).write()


class Writer:
    """Where writing is: the loops that are open, and the memory and totals of the schedule."""

    def __init__(self, stores: list[tuple[Array, Source]], scalars: list[Array], data: Data) -> None:
        given: dict[int, Source] = {}
        roots: list[Array] = []
        for array, destination in stores:
            # A destination of its own: inputs, and arrays wanted twice, are copied.
            if isinstance(array, Source | Constant | CallOutput) or id(array) in given:
                array = Elementwise(array.shape, array.kind, "{0}", (array,), 0.0)
            given[id(array)] = destination
            roots.append(array)
        wanted: list[Array] = [
            Elementwise((), s.kind, "{0}", (s,), 0.0) if isinstance(s, Source | Constant) else s for s in scalars
        ]
        self.wanted = wanted
        self.data = data
        self.outputs = {destination.buffer for _, destination in stores}
        self.schedule = plan(roots + wanted, data)
        self.buffers = Buffers(self.schedule, given, wanted)
        self.lines = Lines()
        self.totals = Totals(self)
        self.columns = Columns(self)
        self.position: list[Index] = []  # value of each loop variable of the current nest
        self.lanes: list[Index] = []  # values of the outermost one, where several iterations run side by side

    # Text -----------------------------------------------------------------------------------------

    def index_text(self, index: Index) -> tuple[str, int]:
        """An index as an expression, with its level."""
        parts: list[str] = []
        level = 0
        for atom, coefficient in index.terms:
            if isinstance(atom, Loaded):
                loaded = self.value(atom.array, atom.index)
                text, at = loaded.text, loaded.level
            else:
                text, at = str(atom), self.lines.levels[str(atom)]
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
        found = self.lines.remembered(key)
        if found is not None:
            return found
        if isinstance(array, Update):
            part = covering_part(array, index)
            if part is not None:
                return self.value(*part)
        elif not isinstance(array, Source) and id(array) not in self.schedule.stored:
            return self.lines.remember(key, self.compute(array, index))
        if isinstance(array, Source):
            array, index = self.columns.turned(array, index)
        offset = self.buffers.offset(array, index)
        if isinstance(array, Source):  # several arrays may be the same memory
            key = (array.buffer, offset)
            found = self.lines.remembered(key)
            if found is not None:
                return found
        return self.lines.remember(key, self.load(array, offset, self.filled_at(array, index)))

    def filled_at(self, array: Array, index: tuple[Index, ...]) -> int:
        """The level of the loop that fills a buffer anew: where an outer axis has no memory of its own."""
        dropped = self.schedule.contracted.get(id(array), 0)
        atoms = [atom for one in index[:dropped] for atom, _ in one.terms if not isinstance(atom, Loaded)]
        return max((self.lines.levels[str(atom)] for atom in atoms), default=0)

    def load(self, array: Array, offset: Index, least: int = 0) -> Scalar:
        """A read; not outside the loop of level `least`, in which the buffer is written."""
        buffer = self.buffers.of(array).buffer
        self.buffers.read.add(buffer)
        text, level = self.index_text(offset)
        kind: Kind = "float" if array.kind == "float" else "int"
        return self.lines.let(f"{buffer}[{text}]", kind, max(level, least))

    def compute(self, array: Array, index: tuple[Index, ...]) -> Scalar:
        """The element of a virtual array, from its operands' elements."""
        match array:
            case Elementwise(template=template, operands=operands):
                values = [self.value(operand, index) for operand in operands]
                if template == "{0}":
                    return values[0]
                text = template.format(*(_parenthesised(value.text) for value in values))
                return self.lines.let(text, array.kind, max((value.level for value in values), default=0))
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
                    return self.load(operand, linear(index, array.shape) + Index(self.buffers.of(operand).offset))
            case _:
                raise AssertionError(f"{type(array).__name__} is not virtual")

    # Statements -----------------------------------------------------------------------------------

    def write(self) -> Body:
        self.tree(self.schedule.tree)
        results = [self.value(array, ()).text for array in self.wanted]
        lines = self.lines.text(self.buffers.read | self.outputs)
        names = identifiers(lines)
        locals = {name: shape for name, shape in self.buffers.locals.items() if name in names}
        return Body(lines, locals, results, names, [*self.columns.copies.values()])

    def tree(self, nodes: Sequence[Node]) -> None:
        for node in nodes:
            match node:
                case Statement():
                    self.leaf(node)
                case Group():
                    self.group(node)
                case Blocks():
                    self.blocks(node)

    def group(self, group: Group) -> None:
        with self.totals_of([group]):
            if group.size > 0:
                self.iterate(group, group.size)

    def blocks(self, blocks: Blocks) -> None:
        """Loops that do some rows each, again and again, and then what is left over."""
        number, rest = divmod(blocks.size, blocks.rows)
        with self.totals_of(blocks.loops):
            if number > 1:
                with self.lines.inside("b", f"range({number})"):
                    self.one_block(blocks, variable("b"), blocks.rows)
            else:
                self.one_block(blocks, ZERO, blocks.rows)
            if rest:
                self.one_block(blocks, Index(number), rest)

    def one_block(self, blocks: Blocks, block: Index, rows: int) -> None:
        self.buffers.block = block
        for loop in blocks.loops:
            if loop.by_columns:
                self.columns.write(loop, Block(block * blocks.rows, rows, blocks.rows))
            else:
                self.iterate(loop, rows, block * blocks.rows)

    @contextmanager
    def totals_of(self, groups: list[Group]) -> Iterator[None]:
        """The reductions over loops that run meanwhile."""
        starting = [
            (statement, path)
            for statement, path in walk(groups)
            if isinstance(statement.array, Reduction)
            and statement.output_axes[groups[0].depth] is None
            and None not in statement.output_axes[: groups[0].depth]
        ]
        for statement, path in starting:
            for _ in self.each_lane():
                self.totals.start(statement, groups[0].depth, path)
        yield
        for statement, _ in starting:
            self.totals.finish(statement)

    def iterate(self, group: Group, size: int, start: Index = ZERO) -> None:
        """`size` iterations of a group's loop, the first of which is `start`, a multiple of those side by side."""
        if group.unrolled:
            for number in range(size):
                self.position.append(Index(number))
                self.tree(group.children)
                self.position.pop()
            return
        rounds = size // group.together
        if rounds:
            self.rounds(group, rounds, start.divided(group.together))
        if size % group.together:
            self.loop(group, rounds * group.together, size, 1, start)

    def rounds(self, group: Group, rounds: int, start: Index) -> None:
        """Rounds of iterations side by side, in blocks where something is due after some of them."""
        once = min(rounds_between_logs(group, rounds), group.backwards or rounds)
        if rounds > once:
            block = variable(f"j{group.depth}")
            last = Index((rounds // once - 1) * once)
            with self.lines.inside(f"j{group.depth}", f"range({rounds // once})"):
                inner = last + block * -once if group.backwards else block * once
                self.loop(group, 0, once, group.together, start + inner)
        if rounds % once or rounds == once:
            self.loop(group, rounds - (rounds % once or once), rounds, group.together, start)

    def loop(self, group: Group, first: int, last: int, together: int, start: Index) -> None:
        """Iterations of a group's loop, several at a time, counted from `start`."""
        name = f"i{group.depth}"
        with self.lines.inside(name, f"range({first}, {last})" if first else f"range({last})"):
            at = variable(name) + start
            lanes = [at * together + Index(lane) for lane in range(together)] if together > 1 else self.lanes
            outer, self.lanes = self.lanes, lanes
            self.position.append(at)
            self.tree(group.children)
            self.position.pop()
            self.lanes = outer
        self.totals.take_logs()

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
                outputs = [self.buffers.whole(output) for output in call.outputs]
                self.buffers.read.update(self.buffers.of(output).buffer for output in call.outputs)
                for line in call.render(inputs, outputs):
                    self.lines.write(line)
            case Reduction(operand=operand, order=order):
                at = tuple(index[order.index(axis)] for axis in range(len(order)))
                self.totals.add(statement, self.value(operand, at))
            case Update(base=base):
                if statement.part is not None:
                    self.write_part(statement, index)
                elif id(array) not in self.buffers.in_place:
                    assert base is not None
                    self.store(array, index, self.value(base, index))
            case _:
                key = (id(array), trimmed(array, index))
                value = self.lines.remember(key, self.compute(array, trimmed(array, index)))
                self.store(array, index, value)

    def contiguous(self, operand: Array) -> str:
        """An array as the argument of a call that reads it."""
        self.buffers.read.add(self.buffers.of(operand).buffer)
        return self.buffers.whole(operand)

    def element(self, array: Array, index: tuple[Index, ...]) -> str:
        """An element of a stored array as the text of its place."""
        text, _ = self.index_text(self.buffers.offset(array, index))
        return f"{self.buffers.of(array).buffer}[{text}]"

    def store(self, array: Array, index: tuple[Index, ...], value: Scalar, operator: str = "=") -> None:
        place = self.element(array, trimmed(array, index))
        self.lines.write(Store(self.buffers.of(array).buffer, f"{place} {operator} {value.text}"))

    def write_part(self, statement: Statement, index: tuple[Index, ...]) -> None:
        part = statement.part
        assert part is not None
        value = self.value(part.value, index)
        target = tuple(resolve_entry(entry, index) for entry in part.index)
        self.store(statement.array, target, value, "+=" if part.add else "=")


def _parenthesised(text: str) -> str:
    return f"({text})" if text.startswith("-") else text
