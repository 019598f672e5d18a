"""Which statements share their loops.

Statements of the same extent run in one loop wherever every value that one needs from the other is ready at the same
iteration; inside a common loop the rest of their nests is grouped by the same rule.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict

from ..arrays import Index
from .blocks import Data, Reads, goes_by_columns, has_long_row, is_expensive, parts, rows_of_a_block
from .elements import loop_variable
from .pieces import pieces, rows_of_a_piece
from .statements import Statement
from .together import choose_together
from .tree import Blocks, Group, Node
from .unrolling import LONG_LOOP, choose_unrolling


def ready_at(producer: Statement, reads: list[tuple[Index, ...]], depth: int) -> bool:
    """Whether reading the producer's array at these indices can share the loop at `depth`."""
    if producer.part is not None or producer.whole or depth >= len(producer.sizes):
        return False
    axis = producer.output_axes[depth]
    if axis is None:
        return False
    wanted = loop_variable(depth) if producer.sizes[depth] != 1 else Index()
    return all(len(index) > axis and index[axis] == wanted for index in reads)


def group_loops(statements: list[Statement], reads: Reads, data: Data) -> list[Node]:
    """Group statements, given in dependency order, by their loops."""
    return [
        node if isinstance(node, Statement) else _outermost(node, reads, data)
        for node in _fused(statements, reads, depth=0)
    ]


def _outermost(group: Group, reads: Reads, data: Data) -> Group | Blocks:
    """A loop that no other is around: as one, or as several that go block by block."""
    columns = {statement for statement in group.statements if goes_by_columns(statement, data)}
    rows = {statement for statement in group.statements if has_long_row(statement)}
    by_columns = bool(columns) and rows <= columns
    if by_columns:
        rows = columns
    if not rows:
        loops = [_finished(Group(group.size, 0, piece), reads) for piece in pieces(group, reads)]
        return Blocks(group.size, rows_of_a_piece(group.size), loops) if len(loops) > 1 else loops[0]
    apart = by_columns or (rows and any(map(is_expensive, group.statements)))
    found = parts(group.statements, reads, rows) if apart else [group.statements]
    loops = [_finished(Group(group.size, 0, part), reads) for part in found]
    for loop in loops:
        loop.by_columns = by_columns and loop.statements[0] in rows
    if len(loops) == 1 and not by_columns:
        return loops[0]
    return Blocks(group.size, rows_of_a_block(rows, by_columns), loops)


def _finished(group: Group, reads: Reads, outer: int = 0) -> Group:
    """A loop with what is inside it; `outer` is the length of the loop around it."""
    group.children = [
        node if isinstance(node, Statement) else _finished(node, reads, group.size)
        for node in _fused(group.statements, reads, group.depth + 1)
    ]
    choose_unrolling(group, outer)
    choose_together(group)
    return group


def _fused(statements: list[Statement], reads: Reads, depth: int) -> list[Group | Statement]:
    """As few loops at `depth` as can be; what is inside them is left open."""
    tree: list[Group | Statement] = []
    place: dict[int, int] = {}
    producers: dict[int, Statement] = {}
    loops: dict[int, list[int]] = defaultdict(list)  # by their size, where they are in the tree
    for statement in statements:
        size = statement.sizes[depth] if depth < len(statement.sizes) else None
        earliest = 0
        for key, read in reads[id(statement)].items():
            producer = producers.get(key)
            if producer is None:
                continue
            shared = (
                size is not None
                and size == (producer.sizes[depth] if depth < len(producer.sizes) else None)
                and ready_at(producer, read, depth)
            )
            earliest = max(earliest, place[key] + (0 if shared else 1))
        producers[id(statement)] = statement
        found = loops[size] if size is not None else []
        for number in found[bisect_left(found, earliest) :]:
            group = tree[number]
            if isinstance(group, Group) and not _hinders(statement, group):
                group.statements.append(statement)
                place[id(statement)] = number
                break
        else:
            place[id(statement)] = len(tree)
            found.append(len(tree))
            tree.append(statement if size is None else Group(size, depth, [statement]))
    return tree


def _hinders(statement: Statement, group: Group) -> bool:
    """Whether one long loop for both would keep what vectorises from doing so."""
    return group.size >= LONG_LOOP and not group.depth and statement.scatters != group.statements[0].scatters
