"""What the code generator knows of a function that takes a function and solves something with it.

Every solver, whatever it solves, becomes two expressions: its result, and the matrix of derivatives of the result
(flattened) by every number that the result depends on. A reverse sweep multiplies the adjoint of the result by that
matrix, so nothing else has to be kept. The matrix comes first: where it cannot be had, the result is nan.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pplc.grammar.source import Span

from ... import ir
from ..context import Context
from ..messages import Output
from ..values import Leaf, Slot, contiguous
from . import adapters
from .specialise import Kernel, Replacement, hands_on, specialise


@dataclass(frozen=True, slots=True)
class Solver:
    """One function of the library. Its arguments are a function, `control` leaves of its own, and those passed on.

    `trailing`: how many of its own come after those passed on (in the old interfaces); `smooth`: which of its own
    arguments the result has derivatives by; `own`: how many arguments the function is called with besides those
    passed on; `vectors`: which of these are as long as the first of the control leaves (the others are numbers), as the
    function's result is; `rank`: axes of the result; `shape`: its sizes, from the shapes
    of the solver's own arguments.
    """

    name: str
    control: int
    own: int
    rank: int
    write: Callable[[Problem], tuple[str, str]]
    shape: Callable[[list[tuple[int, ...]]], tuple[int, ...]]
    smooth: tuple[bool, ...] = ()
    trailing: int = 0
    vectors: tuple[bool, ...] = ()
    least: tuple[
        tuple[int, str, str], ...
    ] = ()  # control leaves, their names, and ">" or ">=": how they compare with 0
    filled: tuple[tuple[int, str], ...] = ()  # containers that must not be empty
    alike: tuple[tuple[int, int, str], ...] = ()  # pairs that must be equally long, with a sentence about {0} and {1}

    def compared_sizes(self) -> Iterator[tuple[int, int | None, str]]:
        """A control leaf, the one that it must be as long as (None: it must not be empty), and a sentence about {0} and
        {1}, the two lengths."""
        for number, what in self.filled:
            yield number, None, f"`{self.name}`: {what} must not be empty"
        for first, other, text in self.alike:
            yield first, other, f"`{self.name}`: {text}"

    def size_mistake(self, lengths: Sequence[int]) -> str | None:
        """What is wrong with the lengths of the control leaves (0 for numbers)."""
        for first, other, text in self.compared_sizes():
            length, wanted = lengths[first], 0 if other is None else lengths[other]
            if length == 0 if other is None else length != wanted:
                return text.format(length, wanted)
        return None

    def divide(self, call: ir.LibraryCall) -> tuple[ir.FunctionReference, list[ir.Expression], list[ir.Expression]]:
        """The function, the solver's own arguments and those passed on."""
        reference, *others = call.arguments
        assert isinstance(reference, ir.FunctionReference)
        end = len(others) - self.trailing
        leading = self.control - self.trailing
        return reference, [*others[:leading], *others[end:]], others[leading:end]


def too_small(name: str, what: str, compared: str) -> str:
    """The sentence about an argument {0} that does not compare with 0 as it must, by ">" or ">="."""
    return f"`{name}`: {what} is {{0}}, but must be {'positive' if compared == '>' else 'at least 0'}"


@dataclass(frozen=True, slots=True)
class Problem:
    """One call of a solver: its arguments, each a name or a literal, and which of them are active."""

    solver: Solver
    control: tuple[Leaf, ...]
    active: tuple[bool, ...]  # per control leaf
    callback: adapters.Callback
    span: Span
    context: Context

    @property
    def differentiated(self) -> bool:
        """Whether derivatives are wanted at all."""
        return any(self.active) or any(self.callback.active)

    def call(self, kernel: Kernel, replacements: Mapping[str, Replacement], *arguments: object) -> str:
        """The text of a call of a kernel; where it hands on arguments these are added."""
        name = specialise(self.context.unit, kernel, replacements, self.callback.names)
        texts = [contiguous(a) if isinstance(a, Leaf) else str(a) for a in arguments]
        if hands_on(kernel):
            texts += map(contiguous, self.callback.forwarded)
        return f"{name}({', '.join(['_messages', *texts])})"

    def bind(self, text: str) -> str:
        """A name for the value of a text."""
        name = self.context.temporary()
        self.context.out.write(f"{name} = {text}")
        return name

    def message(self, *parts: str | Slot, help: str | None = None) -> int:
        """The code of a message with values."""
        return self.context.unit.messages.code(Output("solver-stopped", parts, self.span, help))
