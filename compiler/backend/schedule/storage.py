"""Which arrays get memory, and how much of it: the whole, or what one iteration of the outer loops needs."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from math import prod

from ..arrays import (
    Array,
    CallOutput,
    Constant,
    Elementwise,
    Index,
    Reduction,
    Reindex,
    Reshape,
    Source,
    Take,
    Update,
    in_order,
    operands_of,
)
from .blocks import Data, has_long_row
from .elements import index_level, loop_variable
from .groups import group_loops
from .pieces import calls_in_long_bodies
from .statements import Statement, Visit, statements_for, trace
from .tree import Blocks, Node, walk
from .unrolling import CHEAP, LONG_LOOP

LONG_CHAIN = 100  # arrays that are computed where they are needed, one from the other


@dataclass
class Schedule:
    """`stored` arrays have memory (by id); `contracted` says how many leading axes of a buffer were dropped, `blocked`
    which buffers hold only the rows of a block."""

    stored: dict[int, Array]
    statements: list[Statement]
    tree: list[Node]
    contracted: dict[int, int] = field(default_factory=dict)
    blocked: dict[int, Blocks] = field(default_factory=dict)


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


def plan(roots: list[Array], data: Data) -> Schedule:
    """Decide storage and loops for the arrays in `roots`, which are to be filled, and all they need.

    Roots of size 1 that need no memory are computed on demand.
    """
    order = in_order(roots)
    stored: dict[int, Array] = {id(a): a for a in order if isinstance(a, Reduction | Update | CallOutput)}
    stored |= {id(root): root for root in roots if not isinstance(root, Source | Constant)}
    stored |= _before_scattering(order, stored)
    stored |= _behind_many(order, stored)
    for _ in range(8):
        schedule, visits, needs_memory = _attempt(order, stored, data)
        more = {key: array for key, array in needs_memory.items() if key not in stored}
        more |= _worth_storing(schedule, visits, stored) | _beside_long_rows(schedule, visits, stored)
        more |= calls_in_long_bodies(schedule.tree, visits, stored)
        if not more:
            break
        stored |= more
    _contract(schedule, {id(root) for root in roots})
    return schedule


def _before_scattering(order: list[Array], stored: dict[int, Array]) -> dict[int, Array]:
    """What is scattered in a long loop is computed before, in a loop that vectorises, if it costs something."""
    costs: dict[int, float] = {}
    values = [
        part.value.operand if isinstance(part.value, Reindex) else part.value
        for array in order
        if isinstance(array, Update)
        for part in array.parts
        if any(isinstance(entry, tuple) for entry in part.index) and part.value.shape[:1] >= (LONG_LOOP,)
    ]
    return {id(v): v for v in values if isinstance(v, Elementwise) and own_cost(v, stored, costs) > CHEAP}


def _behind_many(order: list[Array], stored: dict[int, Array]) -> dict[int, Array]:
    """Ends of long chains that are used more than once.

    Each statement is traced back through all that is not in memory: in a program of n statements, each of which needs
    the one before, that would take n**2 steps. In a loop that they share such an array is a local variable.
    """
    uses = Counter(id(operand) for array in order for operand in operands_of(array))
    behind: dict[int, int] = {}
    found: dict[int, Array] = {}
    for array in order:
        if isinstance(array, Source | Constant) or id(array) in stored:
            continue
        count = 1 + sum(behind.get(id(operand), 0) for operand in operands_of(array))
        if count > LONG_CHAIN and uses[id(array)] > 1 and isinstance(array, Elementwise) and array.size > 1:
            found[id(array)] = array
            continue
        behind[id(array)] = count
    return found


def _attempt(
    order: list[Array], stored: dict[int, Array], data: Data
) -> tuple[Schedule, dict[int, list[Visit]], dict[int, Array]]:
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
    costs: dict[int, float] = {}
    for statement in statements:
        statement.cost = own_cost(_computed(statement), stored, costs)
    tree = group_loops(statements, dependencies, data)
    return Schedule(stored, statements, tree), visits, needs_memory


def _computed(statement: Statement) -> Array:
    """What one iteration computes."""
    if statement.part is not None:
        return statement.part.value
    return statement.array.operand if isinstance(statement.array, Reduction) else statement.array


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
    found: dict[int, Array] = {}
    for array in in_order([*arrays.values()]):  # what is computed from stored arrays may be cheap
        if id(array) not in evaluations:
            continue
        cost, times = own_cost(array, stored | found, costs), sum(evaluations[id(array)].values())
        if cost * times > cost * array.size + 2 * array.size + 2 * times and not isinstance(array, Reindex | Reshape):
            found[id(array)] = array
    return found


def _beside_long_rows(schedule: Schedule, visits: dict[int, list[Visit]], stored: dict[int, Array]) -> dict[int, Array]:
    """What a loop over long rows computes once for each row, if it costs something: alone it is a loop of vectors.

    Loops by columns meet each row once for each column, so that all but a load costs something.
    """
    costs: dict[int, float] = {}
    found: dict[int, Array] = {}
    inside: set[int] = set()
    for statement, path in walk(schedule.tree):
        by_columns = bool(path) and path[0].by_columns
        if not by_columns and not has_long_row(statement):
            continue
        for visit in visits[id(statement)]:
            array = visit.array
            by_row = array.size == statement.sizes[0] and index_level(visit.index) == 1
            if not by_row or not isinstance(array, Elementwise) or id(array) in inside:
                continue
            if own_cost(array, stored, costs) > (1.0 if by_columns else CHEAP):
                found[id(array)] = array
                inside |= set(map(id, in_order([array])))
    return found


def _contract(schedule: Schedule, kept: set[int]) -> None:
    """Drop leading axes of local buffers that are used up in the same iteration, or all rows but those of a block."""
    paths = {id(statement): path for statement, path in walk(schedule.tree)}
    blocks = {id(loop): node for node in schedule.tree if isinstance(node, Blocks) for loop in node.loops}
    readers: dict[int, list[tuple[Statement, tuple[Index, ...]]]] = defaultdict(list)
    writers: dict[int, list[Statement]] = defaultdict(list)
    for statement in schedule.statements:
        writers[id(statement.array)].append(statement)
        for array, index in statement.reads:
            readers[id(array)].append((statement, index))
    kept = kept | _behind_updates(schedule)
    for key, array in schedule.stored.items():
        if key in kept or isinstance(array, Update | CallOutput):
            continue
        [writer] = writers[key]
        depth = 0
        while depth < len(writer.sizes) and writer.output_axes[depth] == depth:
            wanted = Index() if writer.sizes[depth] == 1 else loop_variable(depth)
            if not all(len(index) > depth and index[depth] == wanted for _, index in readers[key]):
                break
            groups = [paths[id(reader)][depth : depth + 1] for reader, _ in readers[key]]
            if any(group != paths[id(writer)][depth : depth + 1] for group in groups):
                block = blocks.get(id(paths[id(writer)][0]))
                if not depth and block and all(group and blocks.get(id(group[0])) is block for group in groups):
                    schedule.blocked[key] = block
                break
            depth += 1
        schedule.contracted[key] = depth


def _behind_updates(schedule: Schedule) -> set[int]:
    """Stored arrays that a read of an Update may turn out to be a read of.

    Once a short loop is written out, its indices are numbers, and `covering_part` may look through an Update that
    the plan took for opaque. Such arrays must be there as a whole.
    """
    found: set[int] = set()
    pending: list[Array] = []
    for array in schedule.stored.values():
        if isinstance(array, Update):
            pending += _visible_through(array)
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


def _visible_through(array: Update) -> list[Array]:
    """What `covering_part` may find behind an Update: it looks from the last part on, up to one at unknown places."""
    found: list[Array] = []
    for part in reversed(array.parts):
        if not all(isinstance(entry, Index) for entry in part.index):
            return found
        if not part.add:
            found.append(part.value)
    return found if array.base is None else [*found, array.base]
