"""What generating one function needs to know: where lines go, what variables are called, how to fail."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from .. import ir
from ..backend.mathlib import helpers
from . import support
from .messages import Site
from .values import Leaf, Slot, Value, renamed
from .writer import Writer

if TYPE_CHECKING:
    from .unit import Unit

_KEYWORDS = """
    False None True and as assert async await break class continue def del elif else except finally for from global if
    import in is lambda nonlocal not or pass raise return try while with yield
    np abs int float complex range len min max round bool compiled entry draw_function library_function library_kernel
    UNSET
    sin cos tan asin acos atan sinh cosh asinh acosh atanh atan2 fmod exp2 log2 log10 pow erf erfc lgamma tgamma sqrt
    floor ceil trunc fabs copysign isnan rint inf nan floats ints maximum minimum fma bits from_bits raw
    strict exact fast
"""


@cache
def reserved() -> frozenset[str]:
    """The names that generated code uses itself."""
    return frozenset(_KEYWORDS.split()) | frozenset(helpers()) | {f.__name__ for f in support.COMPILED}


@dataclass(slots=True)
class Step:
    """One differentiable operation, recorded while its forward text is generated.

    `pull(context, adjoint)` writes the lines that add to the inputs' adjoints, given the text of the result's
    (of several results it finds them itself). Without results it always runs: the operation adds to the target.
    """

    results: tuple[Leaf, ...]
    pull: Callable[[Context, str], None]


@dataclass(slots=True)
class Context:
    """The state of generating one function."""

    unit: Unit
    out: Writer = field(default_factory=Writer)
    variables: dict[ir.Variable, Value] = field(default_factory=dict)
    used: set[str] = field(default_factory=lambda: set(reserved()))
    failing: str = "return"  # the statement that leaves the function after an error was recorded
    random: bool = False  # whether the function has a generator `_rng`
    sums: dict[str, str] = field(default_factory=dict)  # the variables for those of sums.py that there are here
    reads_target: bool = False  # whether `target()` is read, so that a reverse sweep has to know what it was
    steps: list[Step] | None = None  # recorded for a reverse sweep
    in_range: dict[ir.Variable, frozenset[str]] = field(default_factory=dict)  # extents that a loop variable stays in
    passive: set[str] = field(default_factory=set)  # temporaries that do not depend on parameters
    begun: set[str] = field(default_factory=set)  # adjoints that exist
    active: frozenset[str] | None = None  # names of variables that depend on parameters, in a reverse sweep
    active_variables: set[ir.Variable] = field(default_factory=set)
    assigned: frozenset[ir.Variable] = frozenset()  # all that the function writes
    fresh_writes: set[int] = field(default_factory=set)  # assignments (by id) whose old value is never read
    unsized: set[ir.Variable] = field(default_factory=set)  # variables that take the size of what they are given
    resized: set[str] = field(default_factory=set)  # and their names
    steady: set[str] = field(default_factory=set)  # names of variables that have the same sizes at each declaration
    taping: bool = False  # assignments keep what they overwrite
    looked_at: frozenset[str] = frozenset()  # the variables whose old values the reverse sweep looks at
    checking: bool = True  # indices and sizes are checked
    sizing: bool = False  # of what variables are given at least the sizes, and whether calls have failed
    tapes: tuple[int, int] | None = None  # how many numbers (reals, integers) are kept in all, where that is known
    results: dict[int, str] = field(default_factory=dict)  # of calls (by id) whose results the tape keeps: their names
    room: bool = False  # the tapes have room for all that the present loop keeps
    pushes: dict[str, int] = field(default_factory=dict)  # what it keeps, per iteration
    depth: int = 0  # loops around
    counters: list[tuple[str, str]] = field(default_factory=list)  # of `for` loops around: in the program, in the code
    checked: set[str] = field(default_factory=set)  # conditions known to be false here
    fixed: set[str] = field(default_factory=set)  # names of loop variables, which never change in their scope
    counter: int = 0

    # Names ----------------------------------------------------------------------------------

    def name(self, wanted: str) -> str:
        """`wanted`, or something like it that is not used yet."""
        found, number = wanted, 1
        while found in self.used:
            number += 1
            found = f"{wanted}_{number}"
        self.used.add(found)
        return found

    def temporary(self) -> str:
        """A name for an intermediate result; Stan's names never begin with an underscore."""
        self.counter += 1
        return f"_{self.counter}"

    def bind(self, leaf: Leaf) -> Leaf:
        """The leaf under a name (or as a literal), so that its text may be repeated."""
        if leaf.name or is_literal(leaf.text):
            return leaf
        if re.fullmatch(r"_\d+", leaf.text):
            return renamed(leaf, leaf.text)
        bound = renamed(leaf, self.temporary())
        self.out.write(f"{bound} = {leaf}")
        if self.steps is not None and not any(map(self.is_active_name, re.findall(r"[A-Za-z_]\w*", leaf.text))):
            self.passive.add(bound.text)
        return bound

    # Lines ----------------------------------------------------------------------------------

    @contextmanager
    def elsewhere(self, out: Writer) -> Iterator[Writer]:
        """Write to another place for a while."""
        before, self.out = (self.out, self.checked), out
        self.checked = set(self.checked)
        yield out
        self.out, self.checked = before

    @contextmanager
    def block(self, head: str) -> Iterator[None]:
        """Lines that may not run, or run repeatedly."""
        before, self.checked = self.checked, set(self.checked)
        with self.out.block(head):
            yield
        self.checked = before

    def fail_if(
        self, condition: str, site: Site, first: str = "0.0", second: str = "0.0", *, of_size: bool = False
    ) -> None:
        """Leave the function with an error when the condition holds; `of_size`: of the size of a value."""
        if condition in self.checked or not (self.checking or (self.sizing and of_size)):
            return
        code = self.unit.messages.code(site)
        with self.out.block(f"if {condition}:"):
            self.out.write(f"fail(_messages, {code}, {first}, {second})")
            self.out.write(self.failing)

    def is_active(self, leaf: Leaf) -> bool:
        """Whether derivatives with respect to the leaf are wanted."""
        return leaf.kind in "fc" and leaf.name is not None and self.is_active_name(leaf.name)

    def is_active_name(self, name: str) -> bool:
        """Whether a variable depends on parameters, or a temporary may."""
        return name not in self.passive if name.startswith("_") else name in (self.active or ())

    def looks_back(self, leaf: Leaf) -> bool:
        """Whether the reverse sweep needs the values that the variable had."""
        return leaf.name in self.looked_at

    def adjoint_or_zero(self, leaf: Leaf) -> str:
        """The adjoint of a temporary, or zeros where nothing flowed to it."""
        name = f"{leaf.name}_b"
        if name in self.begun:
            return name
        return f"np.zeros({leaf}.shape, {leaf.slot.dtype})" if leaf.rank else leaf.slot.zero

    # Recording ------------------------------------------------------------------------------

    def result(self, text: str, slot: Slot, pull: Callable[[Context, str], None] | None = None, *,
               sources: Sequence[Leaf] = (), fresh: bool = True, contiguous: bool = True) -> Leaf:  # fmt: skip
        """The result of an operation on `sources`; in a recorded sweep it gets a name, and its derivative is kept."""
        leaf = Leaf(text, slot, fresh and slot.rank > 0, contiguous)
        if self.steps is None:
            return leaf
        leaf = self.bind(leaf)
        if pull is not None and slot.kind in "fc" and any(map(self.is_active, sources)):
            self.steps.append(Step((leaf,), pull))
        elif leaf.name:
            self.passive.add(leaf.name)
        return leaf


def is_literal(text: str) -> bool:
    """Whether the text is a number, written out."""
    return text.replace(".", "", 1).replace("-", "", 1).isdigit()


def mentions_temporary(text: str) -> bool:
    """Whether the text contains the name of an intermediate result."""
    return re.search(r"\b_\d+\b", text) is not None
