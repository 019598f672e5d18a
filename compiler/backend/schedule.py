"""Which arrays get memory, and which loops run together.

A *statement* fills one array (or one part of it) by a nest of loops. Statements of the same extent run in
one loop wherever every value that one needs from the other is ready at the same iteration; inside a common
loop the rest of their nests is grouped by the same rule. What is computed and used in one iteration then
never touches memory.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import prod

from .arrays import (
    Array,
    CallOutput,
    Constant,
    Elementwise,
    Index,
    Loaded,
    Part,
    Reduction,
    Reindex,
    Reshape,
    Source,
    Take,
    Update,
    in_order,
    linear,
    operands_of,
    strides,
    variable,
)

type Access = tuple[Array, tuple[Index, ...]]

UNROLL_INNER = 8  # inner loops up to this length are written out, so that the loop around them vectorises
UNROLL_OUTER = 4
UNROLL_TOTAL = 64
UNROLL_SUMS = 32  # cheap sums inside a long loop: with the data turned (see `program`), the long loop vectorises
LONG_LOOP = 64
CHEAP = 12.0


@dataclass(eq=False)
class Statement:
    """One nest of loops: loop d runs over `sizes[d]`, and is the array's axis `output_axes[d]` (or none)."""

    array: Array
    sizes: tuple[int, ...]
    output_axes: tuple[int | None, ...]
    reads: list[Access]  # values it needs at iteration (i0, i1, ...)
    part: Part | None = None
    whole: bool = False  # a Call: reads all of its operands
    initial: bool = False  # copies the base of an Update
    after: list[Statement] = field(default_factory=list)  # statements on the same array that come first

    @property
    def scatters(self) -> bool:
        """Whether it writes where an index array says: such a loop does not vectorise."""
        return self.part is not None and any(isinstance(entry, tuple) for entry in self.part.index)


@dataclass(eq=False)
class Group:
    """A loop around some statements; inside it they are grouped again."""

    size: int
    depth: int
    statements: list[Statement]
    children: list[Group | Statement] = field(default_factory=list)
    unrolled: bool = False


@dataclass
class Schedule:
    """`stored` arrays have memory (by id); `contracted` says how many leading axes of a buffer were dropped."""

    stored: dict[int, Array]
    statements: list[Statement]
    tree: list[Group | Statement]
    contracted: dict[int, int]


def loop_variable(depth: int) -> Index:
    """The variable of the loop at this depth of a nest."""
    return variable(f"i{depth}")


# What an element needs ----------------------------------------------------------------------------


def trimmed(array: Array, index: tuple[Index, ...]) -> tuple[Index, ...]:
    """An axis of length 1 is always indexed by 0."""
    return tuple(Index() if size == 1 else one for one, size in zip(index, array.shape, strict=True))


def operand_accesses(array: Array, index: tuple[Index, ...], stored: dict[int, Array]) -> list[Access]:
    """The operands' elements from which element `index` of a virtual array is computed."""
    match array:
        case Elementwise(operands=operands):
            return [(operand, trimmed(operand, index)) for operand in operands]
        case Reindex(operand=operand, index=map):
            return [(operand, trimmed(operand, tuple(one.substitute(index) for one in map)))]
        case Take(operand=operand):
            return [(operand, taken_index(array, index)), *(loaded_accesses(taken_index(array, index)))]
        case Reshape(operand=operand):
            return [(operand, reshaped_index(array, index))]
        case Update():
            part = covering_part(array, index)
            assert part is not None
            return [part]
        case _:
            return []


def taken_index(array: Take, index: tuple[Index, ...]) -> tuple[Index, ...]:
    """Where a Take looks in its operand."""
    return trimmed(array.operand, tuple(resolve_entry(entry, index) for entry in array.index))


def resolve_entry(entry: Index | tuple[Array, tuple[Index, ...]], index: tuple[Index, ...]) -> Index:
    """An entry of a Take's or Part's index at iteration `index`."""
    if isinstance(entry, Index):
        return entry.substitute(index)
    lookup, map = entry
    return variable(Loaded(lookup, trimmed(lookup, tuple(one.substitute(index) for one in map))))


def loaded_accesses(index: tuple[Index, ...]) -> list[Access]:
    """The index arrays' elements an index needs."""
    return [(atom.array, atom.index) for one in index for atom, _ in one.terms if isinstance(atom, Loaded)]


class NotAffine(Exception):
    """An index into a reshaped array has no closed form; its operand must be in memory."""


def reshaped_index(array: Reshape, index: tuple[Index, ...]) -> tuple[Index, ...]:
    """The operand's index for element `index` of a Reshape; raises NotAffine."""
    operand = array.operand
    if operand.size == 0:  # never evaluated
        return tuple(Index() for _ in operand.shape)
    kept_from = [axis for axis, size in enumerate(operand.shape) if size != 1]
    kept_to = [axis for axis, size in enumerate(array.shape) if size != 1]
    if [operand.shape[axis] for axis in kept_from] == [array.shape[axis] for axis in kept_to]:
        moved = dict(zip(kept_from, kept_to, strict=True))
        return tuple(index[moved[axis]] if axis in moved else Index() for axis in range(len(operand.shape)))
    offset = linear(index, array.shape)
    if len(operand.shape) == 1:
        return (offset,)
    result = []
    for stride, size in zip(strides(operand.shape), operand.shape, strict=True):
        mine = Index(offset.constant // stride, tuple((a, c // stride) for a, c in offset.terms if c % stride == 0))
        rest = Index(offset.constant % stride, tuple((a, c) for a, c in offset.terms if c % stride))
        # Exact only when the terms taken for this axis and those left over cannot carry into each other.
        if offset.terms and not _is_split(array, index, mine, rest, stride, size):
            raise NotAffine
        offset = rest
        result.append(mine)
    return tuple(result)


def _is_split(array: Reshape, index: tuple[Index, ...], mine: Index, rest: Index, stride: int, size: int) -> bool:
    """Whether 0 <= rest < stride and 0 <= mine < size for all values of the atoms."""
    limits: dict[object, int] = {}
    for one, extent in zip(index, array.shape, strict=True):
        if len(one.terms) == 1 and one.terms[0][1] == 1 and one.constant == 0:
            limits[one.terms[0][0]] = extent - 1
        elif one.terms:
            return False
    for value, bound in ((mine, size), (rest, stride)):
        if any(c < 0 for _, c in value.terms):
            return False
        if value.constant + sum(limits[atom] * c for atom, c in value.terms) >= bound:
            return False
    return True


def covering_part(array: Update, index: tuple[Index, ...]) -> Access | None:
    """The value behind element `index` of an Update when it is known which part (or the base) wrote it.

    Known when the index is constant along every axis that parts tell apart.
    """
    for part in reversed(array.parts):
        if any(not isinstance(entry, Index) for entry in part.index):
            return None
        position: dict[int, Index] = {}
        inside = True
        for entry, one, size in zip(part.index, index, array.shape, strict=True):
            assert isinstance(entry, Index)
            if entry.is_constant:
                if not one.is_constant:
                    if size == 1:
                        continue
                    return None
                inside &= one.constant == entry.constant
                continue
            if len(entry.terms) != 1:
                return None
            [(axis, step)] = entry.terms
            assert isinstance(axis, int)
            extent = part.value.shape[axis]
            found = one
            if one.is_constant:
                quotient, rest = divmod(one.constant - entry.constant, step)
                inside &= rest == 0 and 0 <= quotient < extent
                found = Index(quotient)
            elif extent != size or entry.constant or step != 1:
                return None
            if position.setdefault(axis, found) != found:  # a diagonal
                if not (position[axis].is_constant and found.is_constant):
                    return None
                inside = False
        if inside:
            if part.add:
                return None
            return part.value, tuple(position.get(axis, Index()) for axis in range(len(part.value.shape)))
    return None if array.base is None else (array.base, trimmed(array.base, index))


def is_virtual(array: Array, index: tuple[Index, ...], stored: dict[int, Array]) -> bool:
    """Whether the element is computed where it is needed instead of being loaded."""
    match array:
        case Update():
            return covering_part(array, index) is not None
        case Source() | Constant() | Reduction() | CallOutput():
            return False
        case _:
            return id(array) not in stored


# Statements ---------------------------------------------------------------------------------------


def index_level(index: tuple[Index, ...]) -> int:
    """The number of loops that must be open for this index to be known."""
    level = 0
    for one in index:
        for atom, _ in one.terms:
            if isinstance(atom, Loaded):
                level = max(level, index_level(atom.index))
            else:
                level = max(level, int(str(atom)[1:]) + 1)
    return level


def statements_for(array: Array) -> list[Statement]:
    """The loop nests that fill an array, their reads not yet traced."""
    axes = tuple(range(len(array.shape)))
    match array:
        case Reduction(operand=operand, axes=reduced, order=order):
            kept = [axis for axis in range(len(operand.shape)) if axis not in reduced]
            sizes = tuple(operand.shape[axis] for axis in order)
            return [Statement(array, sizes, tuple(None if a in reduced else kept.index(a) for a in order), [])]
        case Update(base=base, parts=parts):
            found = [] if base is None else [Statement(array, array.shape, axes, [], initial=True)]
            for part in parts:
                none = (None,) * len(part.value.shape)
                earlier = [s for s in found if s.part is None or not (s.part.add and part.add)]
                found.append(Statement(array, part.value.shape, none, [], part=part, after=earlier))
            return found
        case CallOutput():
            return [Statement(array, (), (), [], whole=True)]
        case _:
            return [Statement(array, array.shape, axes, [])]


def root_accesses(statement: Statement, index: tuple[Index, ...], stored: dict[int, Array]) -> list[Access]:
    """What a statement's innermost line needs at iteration `index`."""
    array = statement.array
    match array:
        case CallOutput(call=call):
            return [(operand, tuple(Index() for _ in operand.shape)) for operand in call.operands]
        case Reduction(operand=operand, order=order):
            return [(operand, trimmed(operand, tuple(index[order.index(a)] for a in range(len(operand.shape)))))]
        case Update(base=base):
            if statement.part is None:
                assert base is not None
                return [(base, trimmed(base, index))]
            part = statement.part
            target = tuple(resolve_entry(entry, index) for entry in part.index)
            return [(part.value, trimmed(part.value, index)), *loaded_accesses(target)]
        case _:
            return []


@dataclass(frozen=True, slots=True)
class Visit:
    """A virtual array met while tracing a statement."""

    array: Array
    index: tuple[Index, ...]


def trace(statement: Statement, stored: dict[int, Array], needs_memory: dict[int, Array]) -> list[Visit]:
    """Fill in `statement.reads`; return the virtual arrays on the way. Operands that must be in memory are noted."""
    index = tuple(loop_variable(depth) for depth in range(len(statement.sizes)))
    index = tuple(Index() if n == 1 else one for one, n in zip(index, statement.sizes, strict=True))
    reads: list[Access] = []
    visits: list[Visit] = []
    seen: set[tuple[int, tuple[Index, ...]]] = set()

    def accesses(array: Array, at: tuple[Index, ...]) -> list[Access]:
        try:
            return operand_accesses(array, at, stored)
        except NotAffine:
            assert isinstance(array, Reshape)
            if id(array.operand) in stored:
                reads.append((array.operand, ()))  # by its offset: all of it must be there
            else:
                needs_memory[id(array.operand)] = array.operand
            return []

    virtual_root = isinstance(statement.array, Elementwise | Reindex | Take | Reshape)
    pending = accesses(statement.array, index) if virtual_root else root_accesses(statement, index, stored)
    while pending:
        array, at = pending.pop()
        if (id(array), at) in seen:
            continue
        seen.add((id(array), at))
        if statement.whole and not isinstance(array, Source) and id(array) not in stored:
            needs_memory[id(array)] = array
        if is_virtual(array, at, stored):
            visits.append(Visit(array, at))
            pending.extend(accesses(array, at))
        elif id(array) in stored or not isinstance(array, Constant | Source):
            reads.append((array, at))
        pending.extend(loaded_accesses(at))
    statement.reads = reads
    return visits


# Grouping -----------------------------------------------------------------------------------------


def ready_at(producer: Statement, reads: list[tuple[Index, ...]], depth: int) -> bool:
    """Whether reading the producer's array at these indices can share the loop at `depth`."""
    if producer.part is not None or producer.whole or depth >= len(producer.sizes):
        return False
    axis = producer.output_axes[depth]
    if axis is None:
        return False
    wanted = loop_variable(depth) if producer.sizes[depth] != 1 else Index()
    return all(len(index) > axis and index[axis] == wanted for index in reads)


def group_loops(
    statements: list[Statement],
    dependencies: dict[int, dict[int, list[tuple[Index, ...]]]],
    depth: int,
    outer: int = 0,
) -> list[Group | Statement]:
    """Group statements, given in dependency order, by the loop at `depth`."""
    tree: list[Group | Statement] = []
    place: dict[int, int] = {}
    for statement in statements:
        size = statement.sizes[depth] if depth < len(statement.sizes) else None
        earliest = 0
        for producer in statements:
            if producer is statement:
                break
            reads = dependencies[id(statement)].get(id(producer))
            if reads is None:
                continue
            shared = (
                size is not None
                and size == (producer.sizes[depth] if depth < len(producer.sizes) else None)
                and ready_at(producer, reads, depth)
            )
            earliest = max(earliest, place[id(producer)] + (0 if shared else 1))
        for number in range(earliest, len(tree)):
            node = tree[number]
            if size is not None and isinstance(node, Group) and node.size == size and not _hinders(statement, node):
                node.statements.append(statement)
                place[id(statement)] = number
                break
        else:
            tree.append(statement if size is None else Group(size, depth, [statement]))
            place[id(statement)] = len(tree) - 1
    for node in tree:
        if isinstance(node, Group):
            node.children = group_loops(node.statements, dependencies, depth + 1, node.size)
            _choose_unrolling(node, outer)
    return tree


def _hinders(statement: Statement, group: Group) -> bool:
    """Whether one long loop for both would keep what vectorises from doing so."""
    return group.size >= LONG_LOOP and group.depth == 0 and statement.scatters != group.statements[0].scatters


def _choose_unrolling(group: Group, outer: int) -> None:
    inner = [child for child in group.children if isinstance(child, Group)]
    if not all(child.unrolled for child in inner):
        group.unrolled = group.size <= 1
        return
    leaves = prod([group.size, *(_written_out(child) for child in inner)])
    limit = UNROLL_INNER if group.depth else UNROLL_OUTER
    long = bool(group.depth) and outer >= LONG_LOOP
    if long and all(_is_cheap_sum(s) and not _runs_along(s, group.depth) for s in group.statements):
        limit = UNROLL_SUMS
    group.unrolled = group.size <= limit and leaves <= UNROLL_TOTAL


def _is_cheap_sum(statement: Statement) -> bool:
    array = statement.array
    return isinstance(array, Reduction) and array.operation == "sum" and _innermost_cost(array.operand) <= CHEAP


def _runs_along(statement: Statement, depth: int) -> bool:
    """Whether the loop at `depth` reads neighbours in memory where the loop around it would stride."""
    inner, outer = loop_variable(depth), loop_variable(depth - 1)
    return any(len(index) > 1 and index[-1] == inner and outer in index[:-1] for _, index in statement.reads)


def _innermost_cost(array: Array) -> float:
    """The cost of what changes in the innermost loop: operands with as many elements as the whole."""
    if not isinstance(array, Elementwise):
        return 1.0
    inner = (operand for operand in array.operands if operand.size == array.size)
    return array.cost + sum(map(_innermost_cost, inner))


def _written_out(group: Group) -> int:
    inner = [_written_out(child) for child in group.children if isinstance(child, Group)]
    return max(group.size, 1) * max(sum(inner), 1)


def walk(tree: list[Group | Statement], path: tuple[Group, ...] = ()) -> Iterator[tuple[Statement, tuple[Group, ...]]]:
    """Every statement with the loops around it."""
    for node in tree:
        if isinstance(node, Group):
            yield from walk(node.children, (*path, node))
        else:
            yield node, path


# The plan -----------------------------------------------------------------------------------------


def own_cost(array: Array, stored: dict[int, Array], known: dict[int, float]) -> float:
    """What computing one element costs, in multiplications, counting a load as 1."""
    cost = known.get(id(array))
    if cost is None:
        match array:
            case Constant():
                cost = 0.0
            case Elementwise(operands=operands, cost=here):
                cost = here + sum(
                    1.0 if id(o) in stored else own_cost(o, stored, known) for o in operands if o.size > 1
                )
            case Reindex(operand=operand) | Reshape(operand=operand):
                cost = 1.0 if id(operand) in stored else own_cost(operand, stored, known)
            case Take(operand=operand):
                cost = 1.0 + (1.0 if id(operand) in stored else own_cost(operand, stored, known))
            case _:
                cost = 1.0
        known[id(array)] = cost
    return cost


def plan(roots: list[Array]) -> Schedule:
    """Decide storage and loops for the arrays in `roots`, which are to be filled, and all they need.

    Roots of size 1 that need no memory are computed on demand.
    """
    order = in_order(roots)
    stored = {id(a): a for a in order if isinstance(a, Reduction | Update | CallOutput)}
    stored |= {id(root): root for root in roots if not isinstance(root, Source | Constant)}
    stored |= _before_scattering(order, stored)
    for _ in range(8):
        schedule, visits, needs_memory = _attempt(order, stored)
        more = {key: array for key, array in needs_memory.items() if key not in stored}
        more |= _worth_storing(schedule, visits, stored)
        if not more:
            break
        stored |= more
    schedule.contracted = _contractions(schedule, {id(root) for root in roots})
    return schedule


def _before_scattering(order: list[Array], stored: dict[int, Array]) -> dict[int, Array]:
    """What is scattered in a long loop is computed before, in a loop that vectorises, if it costs something."""
    costs: dict[int, float] = {}
    values = [
        part.value
        for array in order
        if isinstance(array, Update)
        for part in array.parts
        if any(isinstance(entry, tuple) for entry in part.index) and part.value.shape[:1] >= (LONG_LOOP,)
    ]
    return {id(v): v for v in values if isinstance(v, Elementwise) and own_cost(v, stored, costs) > CHEAP}


def _attempt(order: list[Array], stored: dict[int, Array]) -> tuple[Schedule, dict[int, list[Visit]], dict[int, Array]]:
    statements: list[Statement] = []
    by_array: dict[int, list[Statement]] = {}
    visits: dict[int, list[Visit]] = {}
    needs_memory: dict[int, Array] = {}
    dependencies: dict[int, dict[int, list[tuple[Index, ...]]]] = {}
    calls: dict[int, Statement] = {}
    for array in order:
        if id(array) not in stored:
            continue
        if isinstance(array, CallOutput) and id(array.call) in calls:
            by_array[id(array)] = [calls[id(array.call)]]
            continue
        by_array[id(array)] = statements_for(array)
        if isinstance(array, CallOutput):
            calls[id(array.call)] = by_array[id(array)][0]
        for statement in by_array[id(array)]:
            visits[id(statement)] = trace(statement, stored, needs_memory)
            needed: dict[int, list[tuple[Index, ...]]] = defaultdict(list)
            for earlier in statement.after:
                needed[id(earlier)].append(())
            for read, index in statement.reads:
                for producer in by_array.get(id(read), ()):
                    needed[id(producer)].append(index)
            dependencies[id(statement)] = needed
            statements.append(statement)
    tree = group_loops(statements, dependencies, 0)
    return Schedule(stored, statements, tree, {}), visits, needs_memory


def _worth_storing(schedule: Schedule, visits: dict[int, list[Visit]], stored: dict[int, Array]) -> dict[int, Array]:
    """Virtual arrays that would be computed so often that memory is cheaper."""
    evaluations: dict[int, dict[object, int]] = defaultdict(dict)
    arrays: dict[int, Array] = {}
    for statement, path in walk(schedule.tree):
        for visit in visits[id(statement)]:
            if visit.array.size <= 1 or isinstance(visit.array, Update):
                continue
            level = index_level(visit.index)
            key = (tuple(id(group) for group in path[:level]), visit.index)
            evaluations[id(visit.array)][key] = prod(statement.sizes[:level])
            arrays[id(visit.array)] = visit.array
    costs: dict[int, float] = {}
    found = {}
    for key, counts in evaluations.items():
        array = arrays[key]
        cost, times = own_cost(array, stored, costs), sum(counts.values())
        if cost * times > cost * array.size + 2 * array.size + 2 * times and not isinstance(array, Reindex | Reshape):
            found[key] = array
    return found


def _contractions(schedule: Schedule, kept: set[int]) -> dict[int, int]:
    """For each local buffer, how many leading axes can be dropped because it is used up in the same iteration."""
    paths = {id(statement): path for statement, path in walk(schedule.tree)}
    readers: dict[int, list[tuple[Statement, tuple[Index, ...]]]] = defaultdict(list)
    writers: dict[int, list[Statement]] = defaultdict(list)
    for statement in schedule.statements:
        writers[id(statement.array)].append(statement)
        for array, index in statement.reads:
            readers[id(array)].append((statement, index))
    result = {}
    kept = kept | _behind_updates(schedule)
    for key, array in schedule.stored.items():
        if key in kept or isinstance(array, Update | CallOutput):
            continue
        [writer] = writers[key]
        depth = 0
        while depth < len(writer.sizes) and writer.output_axes[depth] == depth:
            wanted = Index() if writer.sizes[depth] == 1 else loop_variable(depth)
            if not all(
                len(paths[id(reader)]) > depth
                and paths[id(reader)][depth] is paths[id(writer)][depth]
                and len(index) > depth
                and index[depth] == wanted
                for reader, index in readers[key]
            ):
                break
            depth += 1
        result[key] = depth
    return result


def _behind_updates(schedule: Schedule) -> set[int]:
    """Stored arrays that a read of an Update may turn out to be a read of.

    Once a short loop is written out, its indices are numbers, and `covering_part` may look through an Update that
    the plan took for opaque. Such arrays must be there as a whole.
    """
    found: set[int] = set()
    pending: list[Array] = []
    for array in schedule.stored.values():
        if isinstance(array, Update) and all(isinstance(entry, Index) for part in array.parts for entry in part.index):
            pending += [part.value for part in array.parts if not part.add]
            pending += [] if array.base is None else [array.base]
    seen: set[int] = set()
    while pending:
        array = pending.pop()
        if id(array) in seen:
            continue
        seen.add(id(array))
        if id(array) in schedule.stored:
            found.add(id(array))
        else:
            pending.extend(operands_of(array))
    return found


__all__ = ["Group", "Schedule", "Statement", "operands_of", "plan", "walk"]
