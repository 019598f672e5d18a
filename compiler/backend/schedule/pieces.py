"""Long loops whose body is long are cut into several that go block by block.

A processor looks some hundred instructions ahead. Where one iteration is longer, and each of its instructions waits for
the one before, as in sqrt(exp(x) / (1 + exp(x))), most of its units are idle. So the values of long functions are put
into memory, and the iteration is cut there: the next ones can begin meanwhile, and what they compute waits in the first
level of the cache.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..arrays import Array, Elementwise, operands_of
from .blocks import Reads, in_turn
from .statements import Statement, Visit
from .tree import Group, Node
from .unrolling import LONG_LOOP

CALL = 15.0  # the cost of a long function
LONG_BODY = 60.0  # the cost of an iteration that is too long
PIECE = 32.0  # the cost of an iteration that is long enough
OPEN = 4  # pieces that may become longer
ROWS = range(256, 768, 4)  # of a block
WANTED = 480  # of them: less than 512, as arrays a power of 2 apart are in each other's way in the cache
SAME_ARGUMENT = ("-{0}", "fabs({0})")  # sigmoid(x), sigmoid(-x), log(1 + exp(x)) all begin with exp(-|x|)


def is_call(array: Array) -> bool:
    """Whether an element is the value of a long function."""
    return isinstance(array, Elementwise) and array.cost >= CALL


def calls_in_long_bodies(
    tree: list[Node], visits: Mapping[int, list[Visit]], stored: Mapping[int, Array]
) -> dict[int, Array]:
    """Long functions of vectors that are computed in the midst of a long iteration."""
    found: dict[int, Array] = {}
    for group in tree:
        if not isinstance(group, Group) or not _is_plain(group):
            continue
        arrays = {id(visit.array): visit.array for s in group.statements for visit in visits[id(s)]}
        arrays |= {id(s.array): s.array for s in group.statements}
        inside = [array for array in arrays.values() if array.size == group.size]
        if _cost(inside) > LONG_BODY:
            found |= {id(array): array for array in inside if is_call(array)}
    return {key: array for key, array in found.items() if key not in stored}


def _is_plain(group: Group) -> bool:
    """Whether it is long, and has no loop in it."""
    return group.size >= LONG_LOOP and all(len(s.sizes) == 1 and not s.scatters for s in group.statements)


def _cost(arrays: Iterable[Array]) -> float:
    """What an iteration costs that computes an element of each; functions of one argument share most of their work."""
    total, arguments = 0.0, set[int]()
    for array in arrays:
        if not isinstance(array, Elementwise):
            total += 1.0
        elif not is_call(array):
            total += array.cost
        elif _argument(array) not in arguments:
            total += array.cost
            arguments.add(_argument(array))
    return total


def _argument(call: Elementwise) -> int:
    """Identifies the argument of a function, but for its sign."""
    array: Array = call.operands[0]
    while isinstance(array, Elementwise) and array.template in SAME_ARGUMENT:
        array = array.operands[0]
    return id(array)


def pieces(group: Group, reads: Reads) -> list[list[Statement]]:
    """The statements of a loop as those of several that follow each other, each no longer than need be."""
    if not _is_plain(group):
        return [group.statements]
    inside = {id(statement): _computed(statement, group.size) for statement in group.statements}

    def cost(statements: list[Statement]) -> float:
        return _cost({key: array for s in statements for key, array in inside[id(s)].items()}.values())

    if cost(group.statements) <= LONG_BODY:
        return [group.statements]
    return in_turn(group.statements, reads, lambda statement, piece: cost([*piece, statement]) <= PIECE, OPEN)


def _computed(statement: Statement, size: int) -> dict[int, Array]:
    """The arrays of which a statement computes an element in each iteration."""
    read = {id(array) for array, _ in statement.reads}
    found: dict[int, Array] = {}
    waiting = [statement.array]
    while waiting:
        array = waiting.pop()
        if id(array) not in found and array.size in (1, size):
            found[id(array)] = array
            waiting += [operand for operand in operands_of(array) if id(operand) not in read]
    return {key: array for key, array in found.items() if array.size == size or array is statement.array}


def rows_of_a_piece(size: int) -> int:
    """How many rows go together: whole vectors of them, and if possible none left over."""
    if size < ROWS.stop:
        return size
    return min(ROWS, key=lambda number: (size % number > 0, abs(number - WANTED)))
