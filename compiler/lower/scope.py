"""What the lowering knows at a point of the program: values of variables, the lanes it works on, terms so far."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pplc.grammar.diagnostics import Diagnostic
from pplc.grammar.source import Span

from .. import ir
from .accesses import Access, Dependent, Log
from .frames import ROOT, Frame, Lanes
from .indexing import Selector, element_numbers
from .values import AnyValue, DataTable, TupleValue, Value

LARGEST_LOG = 3e7  # accesses of one statement that are followed element by element


class LoweringError(Exception):
    """A mistake that shows only with the data: an index out of range, sizes that do not match."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.title)
        self.diagnostic = diagnostic


class Ragged(Exception):
    """A size differs between the lanes of a frame, where all lanes must agree."""

    def __init__(self, frame: Frame, sizes: NDArray[Any]) -> None:
        super().__init__("sizes differ between iterations")
        self.frame, self.sizes = frame, sizes


@dataclass(frozen=True, slots=True)
class Binding:
    """What a variable holds. `home` is the frame it was declared in: it has one value per lane of that.

    `written` says what has been assigned (a mask over the lanes of `home` and the value's own axes, of a tuple
    just over the lanes); None means everything. Where the lanes' values are vectors of different `lengths`, they stand
    one after the other in a single one.
    """

    value: AnyValue
    home: Frame
    written: NDArray[np.bool_] | None = None
    lengths: Lanes | None = None

    @property
    def stored(self) -> Frame:
        """The frame whose axes the value has in front."""
        return self.home if self.lengths is None else ROOT


@dataclass
class Loop:
    """A loop being lowered: its frame, its body, the variables that assigns, and who touched them."""

    frame: Frame
    body: ir.Statement
    assigned: frozenset[ir.Variable]
    logs: dict[ir.Variable, Log] = field(default_factory=dict)
    outer: dict[ir.Variable, Binding] = field(default_factory=dict)  # bindings hidden by per-iteration ones

    def records(self) -> tuple[dict[ir.Variable, Log], dict[ir.Variable, Binding]]:
        """Copies of `logs` and `outer`."""
        return {variable: log.copy() for variable, log in self.logs.items()}, dict(self.outer)


@dataclass(frozen=True, slots=True)
class Term:
    """One contribution to the log density: a value, counted once for every lane of `frame`."""

    value: Value
    frame: Frame
    span: Span
    kind: str  # "target", "tilde", "jacobian"


@dataclass(frozen=True, slots=True)
class Check:
    """A condition without which the point is rejected; `text` says what must hold."""

    condition: Any  # boolean tensor
    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Draw:
    """A `~` statement, remembered for the graph of random variables."""

    statement: ir.Tilde
    frame: Frame
    outcome: Value
    arguments: tuple[AnyValue, ...]
    variable: ir.Variable | None  # the parameter or data variable on the left, if it is one
    elements: NDArray[np.int64] | None  # which of its elements, row-major (None: all of it)
    term: Term
    bounds: tuple[Value | None, Value | None] = (None, None)  # of `T[lower, upper]`

    def elements_in(self, shape: tuple[int, ...]) -> NDArray[np.int64]:
        """The row-major numbers of the elements that the statement draws, of a variable of this shape.

        One per lane and element.
        """
        if self.elements is None:
            return np.arange(int(np.prod(shape, dtype=np.int64))).reshape(shape)
        lanes = self.frame.axes
        return np.broadcast_to(self.elements, (*lanes, *self.elements.shape[len(lanes) :]))


@dataclass(frozen=True, slots=True)
class Saved:
    """A scope's state at some point: what its fields held, the sizes of those that grow, and its loops' records."""

    bindings: dict[ir.Variable, Binding]
    own: tuple[Any, ...]
    sizes: tuple[int, ...]
    loops: list[tuple[dict[ir.Variable, Log], dict[ir.Variable, Binding]]]


@dataclass
class Scope:
    """The state of the lowering."""

    table: DataTable
    rng: np.random.Generator = field(default_factory=lambda: np.random.default_rng(0))
    bindings: dict[ir.Variable, Binding] = field(default_factory=dict)
    frame: Frame | None = ROOT  # None: no lane gets here (after return or continue)
    loops: list[Loop] = field(default_factory=list)
    terms: list[Term] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    draws: list[Draw] = field(default_factory=list)
    returned: list[tuple[Frame, AnyValue]] = field(default_factory=list)
    call_depth: int = 0
    emit: Callable[[str], None] | None = None  # takes what is printed where statements run: in transformed data
    entered_loops: int = 0  # how many loops were open when the function being lowered was called
    copies: int = 1  # how often this is lowered: loops around it may run step by step

    @property
    def lanes(self) -> Frame:
        """The frame in force."""
        assert self.frame is not None, "statements after return are not lowered"
        return self.frame

    @property
    def _growing(self) -> tuple[list[Any], ...]:
        """What statements add to."""
        return self.terms, self.checks, self.draws, self.returned, self.loops

    def save(self, accesses: bool = False) -> Saved:
        """Everything that a failed attempt at a statement must leave as it was.

        Who touched what in the loops around is in it only with `accesses`.
        """
        own = (self.frame, self.returned, self.call_depth, self.entered_loops, self.copies)
        loops = [loop.records() for loop in self.loops] if accesses else []
        return Saved(dict(self.bindings), own, tuple(map(len, self._growing)), loops)

    def restore(self, saved: Saved) -> None:
        """Go back to what `save` returned."""
        self.bindings = dict(saved.bindings)
        self.frame, self.returned, self.call_depth, self.entered_loops, self.copies = saved.own
        for items, size in zip(self._growing, saved.sizes, strict=True):
            del items[size:]
        for loop, (logs, outer) in zip(self.loops, saved.loops, strict=False):
            loop.logs, loop.outer = logs, outer

    # Access tracking ------------------------------------------------------------------------------

    def record(self, access: Access, variable: ir.Variable, selectors: list[Selector], shape: tuple[int, ...]) -> None:
        """Note an access to selected elements of a variable, in every loop around that its iterations may share.

        `selectors` (over the lanes in force) and `shape` cover the axes of the frame it is stored in and its own.
        """
        home = self.bindings[variable].home
        watching = [loop for loop in self.loops if variable in loop.assigned and not home.inside(loop.frame)]
        if not watching:
            return
        lane_axes = len(self.lanes.axes)
        elements = element_numbers(selectors, shape, lane_axes)
        kept = elements.ndim - lane_axes
        for loop in watching:
            lanes = self.lanes.lane_numbers(loop.frame)
            lanes = lanes.reshape(lanes.shape + (1,) * kept)
            if np.prod(np.broadcast_shapes(elements.shape, lanes.shape), dtype=float) > LARGEST_LOG:
                raise Dependent("a loop touches too many elements to follow them one by one")
            log = loop.logs.setdefault(variable, Log(int(np.prod(shape, dtype=np.int64))))
            try:
                log.record(access, elements, lanes)
            except Dependent as conflict:
                conflict.variable, conflict.loop = variable, loop
                raise


def map_leaves(value: AnyValue, change: Any) -> AnyValue:
    """The value with `change` applied to each numeric part."""
    if isinstance(value, TupleValue):
        return TupleValue(tuple(map_leaves(element, change) for element in value.elements), value.type)
    return change(value)
