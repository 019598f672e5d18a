"""Statements: the loop nests that fill arrays, and what each reads."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..arrays import (
    Array,
    CallOutput,
    Constant,
    Elementwise,
    Index,
    Part,
    Reduction,
    Reindex,
    Reshape,
    Source,
    Take,
    Update,
)
from .elements import (
    Access,
    NotAffine,
    is_virtual,
    loaded_accesses,
    loop_variable,
    operand_accesses,
    resolve_entry,
    trimmed,
)


@dataclass(eq=False)
class Statement:
    """One nest of loops: loop d runs over `sizes[d]`, and is the array's axis `output_axes[d]` (or none)."""

    array: Array
    sizes: tuple[int, ...]
    output_axes: tuple[int | None, ...]
    reads: list[Access]  # values it needs at iteration (i0, i1, ...)
    sources: list[tuple[Source, tuple[Index, ...]]] = field(
        default_factory=list
    )  # the same of arrays that are in memory from the start
    part: Part | None = None
    whole: bool = False  # a Call: reads all of its operands
    initial: bool = False  # copies the base of an Update
    after: list[Statement] = field(default_factory=list)  # statements on the same array that come first
    cost: float = 0.0  # of one iteration, in multiplications

    @property
    def scatters(self) -> bool:
        """Whether it writes where an index array says: such a loop does not vectorise."""
        return self.part is not None and any(isinstance(entry, tuple) for entry in self.part.index)


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
    sources: list[tuple[Source, tuple[Index, ...]]] = []
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
        elif isinstance(array, Source):
            sources.append((array, at))
        pending.extend(loaded_accesses(at))
    statement.reads, statement.sources = reads, sources
    return visits
