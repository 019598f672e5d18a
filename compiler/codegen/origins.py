"""Where nan comes from: what the payload of a nan refers to, in code that watches (`watching.py`).

A payload is the code of a place in the program that makes nan of numbers (see messages.py) and where in the message
buffer its record begins, or 0 if there was no room for one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pplc.grammar.diagnostics import Diagnostic, Mark
from pplc.grammar.source import Span

from .. import ir
from ..types import ComplexMatrix, Matrix, Type
from .value_text import value_text, when
from .values import Slot, flatten, slots

POSITIONS = 1 << 32  # a payload is code * POSITIONS + position
MOST_CODES = 1 << 18
_LONGEST = 60  # characters of an expression that a sentence repeats
_MOST = 9  # elements of an argument that a sentence shows


@dataclass(frozen=True, slots=True)
class MadeNan:
    """A call that makes nan of numbers: its record holds the position of the first nan in the result, from 1, the
    arguments (but for numerical methods, whose `types` are None), and the counters of the loops around."""

    call: str
    types: tuple[Type, ...] | None
    result: Type
    span: Span
    counters: tuple[str, ...] = ()

    @property
    def slots(self) -> tuple[Slot, ...]:
        return Slot("i", 0), *flatten(*map(slots, self.types or ())), *(Slot("i", 0) for _ in self.counters)

    @property
    def asked_for(self) -> bool:
        """Whether it is `not_a_number()`."""
        return self.types == ()

    def diagnostic(self, values: Sequence[NDArray[np.float64]] | None) -> Diagnostic:
        text = self.span.text
        shown = self.call if text.startswith(self.call) else text if len(text) < _LONGEST else "this"
        given = self._given(self.types, values) if self.types and values else []
        where = f" where {' and '.join(given)}" if given else ""
        label = when(self.counters, values[len(values) - len(self.counters) :]) if values else ""
        return Diagnostic("not-a-number", f"`{shown}` is nan{where}", Mark(self.span, label))

    def _given(self, types: tuple[Type, ...], values: Sequence[NDArray[np.float64]]) -> list[str]:
        """What is said of each argument."""
        from ..library.needs import argument_names

        position, *leaves = values
        told: list[str] = []
        by_element = self._by_element(types)
        for name, type in zip(argument_names(self.call, types), types, strict=False):
            own = [(leaves.pop(0), slot.kind) for slot in flatten(slots(type))]
            if len(own) == 1:
                told += _told(name, *own[0], int(position) - 1 if by_element and type == self.result else None)
        return told

    def _by_element(self, types: tuple[Type, ...]) -> bool:
        """Whether an element of the result is made of the arguments' elements at its position.

        So it is of functions that are defined for numbers, but for products and quotients of matrices.
        """
        from ..library.expand import signatures_of

        matrices = [type for type in types if isinstance(type, Matrix | ComplexMatrix)]
        return len(matrices) < 2 and any(
            len(s.arguments) == len(types)
            and not any(slot.rank for slot in flatten(*map(slots, (*s.arguments, s.result))))
            for s in signatures_of(self.call)
        )


@dataclass(frozen=True, slots=True)
class Unset:
    """A variable that no value was assigned to, or not to all of its elements; it leaves no record."""

    variable: str
    span: Span
    slots: tuple[Slot, ...] = ()
    asked_for: bool = False

    def diagnostic(self, values: Sequence[NDArray[np.float64]] | None) -> Diagnostic:
        title = f"`{self.variable}` is used where it has no value yet, which is nan"
        help = "give it a value, each of its elements if it has several, before it is used"
        return Diagnostic("not-a-number", title, Mark(self.span, "declared here"), help=help)


@dataclass(frozen=True, slots=True)
class Given:
    """A nan among the data or the parameters: its record holds the position of the first, from 1, and the sizes."""

    variable: str
    role: ir.Role
    span: Span
    rank: int
    asked_for: bool = False

    @property
    def slots(self) -> tuple[Slot, ...]:
        return (Slot("i", 0),) * (1 + self.rank)

    def diagnostic(self, values: Sequence[NDArray[np.float64]] | None) -> Diagnostic:
        position, *sizes = map(int, values) if values else (1,)
        at = _index(position - 1, sizes) if sizes else ""
        what = {ir.Role.DATA: "the data", ir.Role.TRANSFORMED_DATA: "the transformed data"}.get(self.role)
        name = f"`{self.variable}{at}`"
        title = f"{what} hold nan: {name}" if what else f"the parameter {name} is nan"
        return Diagnostic("not-a-number", title, Mark(self.span, "declared here"))


type Origin = MadeNan | Unset | Given


def payload(value: Any) -> tuple[int, int] | None:
    """The code and the position that the first nan which has them refers to."""
    numbers = np.ravel(np.asarray(value, np.complex128 if np.iscomplexobj(value) else np.float64)).view(np.float64)
    held = numbers[np.isnan(numbers)].view(np.int64) & ((1 << 50) - 1)
    referring = held[held >= POSITIONS]
    return divmod(int(referring[0]), POSITIONS) if referring.size else None


def _told(name: str, value: NDArray[np.float64], kind: Any, at: int | None) -> list[str]:
    """What an argument is; of a large one the element that the nan is made of, or the first that is not finite."""
    shape = value.shape[:-1] if kind == "c" else value.shape
    if np.prod(shape) <= _MOST:
        return [f"{name} is {value_text(value, kind)}"]
    elements = value.reshape(-1, 2) if kind == "c" else value.ravel()
    if at is None:
        odd = np.flatnonzero(~np.isfinite(elements.reshape(len(elements), -1)).all(1))
        at = int(odd[0]) if odd.size else None
    return [] if at is None else [f"{name}{_index(at, shape)} is {value_text(elements[at], kind)}"]


def _index(position: int, shape: Sequence[int]) -> str:
    return f"[{', '.join(str(int(index) + 1) for index in np.unravel_index(position, tuple(shape)))}]"
