"""Array expressions with static shapes: what a PyTensor graph becomes before loops are made of it.

There are few kinds. `Source`, `Constant`, `Elementwise`, `Reindex`, `Take` and `Reshape` say what an
element at a given index is, so a loop can compute it in place; `Reduction`, `Update` and `Call` need memory
or an accumulator. A matrix product is a `Reduction` of an `Elementwise` product, which is how it fuses
with what surrounds it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from math import prod
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from .fallback import NumbaFunction

type Kind = Literal["float", "int", "bool"]
type Shape = tuple[int, ...]
type Array = Source | Constant | Elementwise | Reindex | Take | Reshape | Reduction | Update | CallOutput


# Indices ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Loaded:
    """The integer found in an index array at some index: an atom of another index."""

    array: Array
    index: tuple[Index, ...]


type Atom = str | int | Loaded  # a loop variable, an axis number of the result, or a loaded integer


@dataclass(frozen=True, slots=True)
class Index:
    """constant + sum of coefficient * atom."""

    constant: int = 0
    terms: tuple[tuple[Atom, int], ...] = ()

    def __add__(self, other: Index) -> Index:
        terms = dict(self.terms)
        for atom, coefficient in other.terms:
            terms[atom] = terms.get(atom, 0) + coefficient
        kept = sorted(((a, c) for a, c in terms.items() if c), key=lambda term: _order(term[0]))
        return Index(self.constant + other.constant, tuple(kept))

    def __mul__(self, factor: int) -> Index:
        if factor == 0:
            return Index()
        return Index(self.constant * factor, tuple((atom, c * factor) for atom, c in self.terms))

    def divided(self, divisor: int) -> Index:
        """The quotient, of an index that is a multiple of the divisor."""
        return Index(self.constant // divisor, tuple((atom, factor // divisor) for atom, factor in self.terms))

    def substitute(self, values: Mapping[Atom, Index] | tuple[Index, ...]) -> Index:
        """Replace axis numbers by indices."""
        result = Index(self.constant)
        for atom, coefficient in self.terms:
            assert isinstance(atom, int)
            result = result + values[atom] * coefficient
        return result

    @property
    def is_constant(self) -> bool:
        return not self.terms


def _order(atom: Atom) -> tuple[Any, ...]:
    """A sort key that is the same in every process: equal programs have equal code, which is kept on disk."""
    if not isinstance(atom, Loaded):
        return (0, str(atom))
    parts = tuple((one.constant, tuple((_order(inner), c) for inner, c in one.terms)) for one in atom.index)
    return (1, atom.array.serial, parts)


def variable(atom: Atom) -> Index:
    """The index that is just this atom."""
    return Index(0, ((atom, 1),))


def strides(shape: Shape) -> tuple[int, ...]:
    """Row-major strides in elements."""
    return tuple(prod(shape[axis + 1 :]) for axis in range(len(shape)))


def linear(index: tuple[Index, ...], shape: Shape) -> Index:
    """The offset of an element in a row-major array."""
    result = Index()
    for one, stride in zip(index, strides(shape), strict=True):
        result = result + one * stride
    return result


# Arrays -----------------------------------------------------------------------------------------


@dataclass(eq=False)
class _Array:
    shape: Shape
    kind: Kind
    serial: int = field(init=False, repr=False, default_factory=count().__next__)  # in the order they are made

    @cached_property
    def size(self) -> int:
        return prod(self.shape)

    @property
    def storage(self) -> str:
        """The loop language's type of a buffer that holds it."""
        return "floats" if self.kind == "float" else "ints"


@dataclass(eq=False)
class Source(_Array):
    """An array in memory, row-major, starting at element `offset` of a named buffer."""

    buffer: str
    offset: int = 0


@dataclass(eq=False)
class Constant(_Array):
    """The same number everywhere."""

    value: float | int | bool


def is_zero(array: Array) -> bool:
    """Whether an array is known to be 0 everywhere."""
    return isinstance(array, Constant) and array.value == 0


@dataclass(eq=False)
class Elementwise(_Array):
    """`template` applied to operands element by element; an operand's axis of length 1 is stretched.

    `template` is an expression of the loop language with {0}, {1}, ... for the operands; `cost` is in
    units of a multiplication.
    """

    template: str
    operands: tuple[Array, ...]
    cost: float


@dataclass(eq=False)
class Reindex(_Array):
    """Element i of the result is element `index(i)` of the operand; `index` is written in axis numbers."""

    operand: Array
    index: tuple[Index, ...]


@dataclass(eq=False)
class Take(_Array):
    """Like Reindex, but some indices of the operand are looked up in integer arrays.

    `index` has one entry per operand axis: an Index in axis numbers of the result, or a pair of an integer
    array (known to hold valid indices) and the result's axes by which that array is indexed.
    """

    operand: Array
    index: tuple[Index | tuple[Array, tuple[Index, ...]], ...]


@dataclass(eq=False)
class Reshape(_Array):
    """The operand's elements in row-major order under another shape."""

    operand: Array


REDUCTIONS: dict[str, tuple[str, str]] = {  # kind -> (identity, how to add one value to the total)
    "sum": ("0", "{0} + {1}"),
    "prod": ("1", "{0} * {1}"),
    "max": ("-inf", "maximum({0}, {1})"),
    "min": ("inf", "minimum({0}, {1})"),
    "logs": ("1", "{0} * {1}"),  # the sum of logarithms: see `products`
}


@dataclass(eq=False)
class Reduction(_Array):
    """A total over some axes of the operand. `order` is the order in which loops run over its axes."""

    operation: str
    operand: Array
    axes: tuple[int, ...]
    order: tuple[int, ...]


@dataclass(eq=False)
class Part:
    """One write of an Update: element j of `value` goes to (or is added to) `index(j)` of the target."""

    value: Array
    index: tuple[Index | tuple[Array, tuple[Index, ...]], ...]
    add: bool


@dataclass(eq=False)
class Update(_Array):
    """`base` (None: undefined) overwritten or incremented by parts, in order."""

    base: Array | None
    parts: tuple[Part, ...]


@dataclass(eq=False)
class Call:
    """A function called on whole arrays.

    `render(inputs, outputs)` gives the lines that call it, given names of contiguous arrays; `compiled` is the function
    itself where Numba compiles it, else it is one of `mathlib`.
    """

    operands: tuple[Array, ...]
    shapes: tuple[Shape, ...]
    kinds: tuple[Kind, ...]
    render: Callable[[list[str], list[str]], list[str]]
    compiled: NumbaFunction | None = None
    outputs: tuple[CallOutput, ...] = field(init=False)

    def __post_init__(self) -> None:
        pairs = zip(self.shapes, self.kinds, strict=True)
        self.outputs = tuple(CallOutput(shape, kind, self, number) for number, (shape, kind) in enumerate(pairs))


@dataclass(eq=False)
class CallOutput(_Array):
    """One result of a Call."""

    call: Call
    number: int


def operands_of(array: Array) -> tuple[Array, ...]:
    """The arrays an array is directly computed from."""
    match array:
        case Source() | Constant():
            return ()
        case Elementwise(operands=operands):
            return operands
        case Reindex(operand=operand) | Reshape(operand=operand) | Reduction(operand=operand):
            return (operand,)
        case Take(operand=operand, index=index):
            return (operand, *(entry[0] for entry in index if isinstance(entry, tuple)))
        case Update(base=base, parts=parts):
            found = [] if base is None else [base]
            for part in parts:
                found += [part.value, *(entry[0] for entry in part.index if isinstance(entry, tuple))]
            return tuple(found)
        case CallOutput(call=call):
            return call.operands


def in_order(roots: list[Array]) -> list[Array]:
    """Every array the roots depend on, operands first."""
    done: set[int] = set()
    order: list[Array] = []
    stack: list[tuple[Array, bool]] = [(root, False) for root in reversed(roots)]
    while stack:
        array, expanded = stack.pop()
        if expanded:
            order.append(array)
        elif id(array) not in done:
            done.add(id(array))
            stack.append((array, True))
            stack.extend((operand, False) for operand in operands_of(array) if id(operand) not in done)
    return order
