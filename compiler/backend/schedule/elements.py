"""What an element of an array is computed from, as far as its index tells.

An index is written in loop variables, or holds numbers once a loop is written out.
"""

from __future__ import annotations

from ..arrays import (
    Array,
    CallOutput,
    Constant,
    Elementwise,
    Index,
    Loaded,
    Reduction,
    Reindex,
    Reshape,
    Source,
    Take,
    Update,
    linear,
    strides,
    variable,
)

type Access = tuple[Array, tuple[Index, ...]]


def loop_variable(depth: int) -> Index:
    """The variable of the loop at this depth of a nest."""
    return variable(f"i{depth}")


def index_level(index: tuple[Index, ...]) -> int:
    """The number of loops that must be open for this index to be known."""
    return max(loops_of(index), default=-1) + 1


def loops_of(index: tuple[Index, ...]) -> set[int]:
    """The depths of the loops whose variables an index is made of."""
    found: set[int] = set()
    for one in index:
        for atom, _ in one.terms:
            found |= loops_of(atom.index) if isinstance(atom, Loaded) else {int(str(atom)[1:])}
    return found


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
