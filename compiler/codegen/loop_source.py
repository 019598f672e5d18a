"""The source of statements as functions: forward, and the sweep that gives the derivative.

`loop_op` makes operations of them; `once` the pair in which the forward pass leaves what the sweep needs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .. import ir
from . import places, tape
from .complex_parts import from_parts, to_parts
from .context import Context
from .leaving import leaving
from .messages import Messages, Output
from .reverse.passes import looking_back, prepare, start_adjoints, values_mentioned
from .reverse.statements import sweep
from .statements import statement
from .structured import without_jumps
from .unit import Unit
from .values import Leaf, Slot, flatten, renamed, slots
from .writer import Writer

if TYPE_CHECKING:
    from .once import Kept


@dataclass(frozen=True, slots=True, eq=False)
class Code:
    """Generated source and what is needed to generate its reverse sweep."""

    source: str
    messages: Messages
    statements: tuple[ir.Statement, ...]
    captured: tuple[ir.Variable, ...]
    written: tuple[ir.Variable, ...]
    active: tuple[bool, ...]  # per input leaf
    outputs: tuple[Slot, ...]  # without the sums
    sums: tuple[str, ...]  # what the statements add to (see sums.py)
    start: ir.Variable | None  # the captured variable that is the target before them
    kept: Kept | None = None  # what the forward pass leaves for the sweep

    @property
    def inputs(self) -> tuple[Slot, ...]:
        return tuple(slot for variable in self.captured for slot in flatten(slots(variable.type)))

    @property
    def has_solvers(self) -> bool:
        """Whether derivatives may be missing where values are not: the sweep solves again, with sensitivities."""
        return any(isinstance(site, Output) and site.kind == "solver-stopped" for site in self.messages.sites)


def _begin(code_captured: Sequence[ir.Variable], written: Sequence[ir.Variable], context: Context) -> list[str]:
    """Parameters for the captured leaves; variables that are written get a copy of their own."""
    parameters = []
    for variable in code_captured:
        leaves = list(flatten(places.declare_name(variable, context)))
        for leaf in leaves:
            assert isinstance(leaf, Leaf)
            if leaf.kind == "c":
                given = context.name(f"{leaf}_given")
                context.out.write(f"{leaf} = {from_parts(given, leaf.slot, context.unit)}")
                parameters.append(given)
            elif variable in written and leaf.rank:
                given = context.name(f"{leaf}_given")
                context.out.write(f"{leaf} = {given}.copy()")
                parameters.append(given)
            else:
                parameters.append(str(leaf))
    return parameters


def _start_sums(kinds: Sequence[str], start: ir.Variable | None, context: Context) -> None:
    for kind in kinds:
        context.sums[kind] = f"_{kind}"
        first = start if kind == "target" else None
        context.out.write(f"_{kind} = {context.variables[first] if first else 0.0}")


def loop_source(
    statements: Sequence[ir.Statement],
    captured: Sequence[ir.Variable],
    written: Sequence[ir.Variable],
    kinds: Sequence[str] = ("target",),
    start: ir.Variable | None = None,
) -> tuple[str, Messages]:
    """The forward function `loop(messages, leaves...)`; `kinds` are the sums that it returns, see `Code`."""
    unit = Unit()
    context = Context(unit)
    with context.elsewhere(Writer()) as body:
        parameters = _begin(captured, written, context)
        _start_sums(kinds, start, context)
        own: list[Leaf] = []
        for variable in written:
            if variable not in context.variables:
                for leaf in flatten(places.declare_name(variable, context)):
                    assert isinstance(leaf, Leaf)
                    context.out.write(f"{leaf} = {leaf.slot.empty if leaf.rank else leaf.slot.unset}")
            own += flatten(context.variables[variable])
        results = [*(to_parts(failed(leaf), leaf.slot) for leaf in own), *["-np.inf"] * len(kinds)]
        context.failing = leaving(results, arrays_among(own), unit)
        for node in statements:
            statement(node, context)
        outputs = [to_parts(str(leaf), leaf.slot) for leaf in own] + [f"_{kind}" for kind in kinds]
        if start is not None:
            outputs[outputs.index("_target")] = f"_target - {context.variables[start]}"
        context.out.write(f"return ({''.join(f'{name}, ' for name in outputs)})")
    context.failing = ""
    unit.add(function_text(parameters, body.lines))
    return unit.source, unit.messages


def failed(leaf: Leaf) -> str:
    """What becomes of a result where the statements fail: arrays stay as large as they are."""
    return str(leaf) if leaf.rank else leaf.slot.zero


def arrays_among(leaves: Iterable[Leaf]) -> list[str]:
    return [str(leaf) for leaf in leaves if leaf.rank]


@dataclass(slots=True)
class Sweep:
    """A forward pass and the sweep that follows it, as lines."""

    parameters: list[str]
    opening: int  # lines of `forward` that come first: variables that are written are copied
    forward: list[str]
    backwards: list[str]
    wanted: list[Leaf]  # the inputs whose adjoints are returned
    seeds: list[Leaf]  # the outputs whose adjoints are given
    code: Code
    context: Context

    @property
    def zeros(self) -> list[str]:
        """Lines that make the adjoints of the inputs."""
        kinds = (f"np.zeros({leaf}.shape, {leaf.slot.dtype})" if leaf.rank else leaf.slot.zero for leaf in self.wanted)
        return [f"{leaf}_b = {zero}" for leaf, zero in zip(self.wanted, kinds, strict=True)]

    @property
    def result(self) -> str:
        texts = [to_parts(f"{leaf}_b", leaf.slot) for leaf in self.wanted]
        if self.code.has_solvers:
            texts.append("1 if _messages[0] == 0.0 else 0")
        return f"({', '.join(texts)}, )"

    @property
    def seed_parameters(self) -> list[str]:
        return [*(f"{leaf}_s" for leaf in self.seeds), *(f"_{kind}_b" for kind in self.code.sums)]

    def ending(self) -> list[str]:
        """The lines of the sweep: from the seeds to the result."""
        out = Writer()
        for leaf in self.seeds:
            seed = f"{leaf}_s{'.copy()' if leaf.rank else ''}"
            parts = from_parts(f"{leaf}_s", leaf.slot, self.context.unit)
            out.write(f"{leaf}_b = {parts if leaf.kind == 'c' else seed}")
        with self.context.elsewhere(out):
            start_adjoints(self.context, {leaf.name for leaf in (*self.seeds, *self.wanted) if leaf.name})
        start = self.code.start
        if start is None:
            return [*out.lines, *self.backwards, f"return {self.result}"]
        amount = f"{self.context.variables[start]}_b = _target_b - _target_s"  # what was added is less than the target
        return [*out.lines, "_target_s = _target_b", *self.backwards, amount, f"return {self.result}"]


def generate_sweep(code: Code, unit: Unit, looked_at: frozenset[str], failing: Callable[[Sweep], str],
                   room: tuple[int, int] | None = None, checking: bool = True,
                   sizing: bool = False) -> Sweep:  # fmt: skip
    """Write both passes; `room` says how many numbers the tapes hold, where that is known."""
    context = Context(unit, reads_target=code.start is not None, looked_at=looked_at, checking=checking)
    context.sizing = sizing
    context.room, context.tapes = room is not None, room
    with context.elsewhere(Writer()) as body:
        parameters = _begin(code.captured, code.written, context)
        leaves = [leaf for variable in code.captured for leaf in flatten(context.variables[variable])]
        wanted: list[Leaf] = [leaf for leaf, active in zip(leaves, code.active, strict=True) if active]
        found = Sweep(parameters, len(body.lines), [], [], wanted, [], code, context)
        names = {str(leaf) for leaf in wanted}
        given = [v for v in code.captured if names & {str(leaf) for leaf in flatten(context.variables[v])}]
        _start_sums(code.sums, code.start, context)
        statements = without_jumps(code.statements, None)
        prepare(statements, given, context)
        context.failing = failing(found)
        context.active = frozenset({*(context.active or ()), *names})
        found.seeds = [
            leaf for variable in code.written for leaf in flatten(context.variables[variable])
            if isinstance(leaf, Leaf) and leaf.kind in "fc"
        ]  # fmt: skip
        found.backwards = sweep(statements, context)
    found.forward = body.lines
    return found


def sweep_source(code: Code) -> str:
    """The function `loop(messages, leaves..., adjoints...)` that returns the adjoints of the active leaves."""

    def generate(looked_at: frozenset[str]) -> tuple[str, frozenset[str]]:
        unit = Unit(code.messages)

        def leave(sweep: Sweep) -> str:
            adjoints = [renamed(leaf, f"{leaf}_b") for leaf in sweep.wanted]
            results = [to_parts(failed(leaf), leaf.slot) for leaf in adjoints] + ["0"] * code.has_solvers
            return leaving(results, arrays_among(adjoints), unit)

        found = generate_sweep(code, unit, looked_at, leave)
        opening, forward = found.forward[: found.opening], found.forward[found.opening :]
        lines = [*opening, *found.zeros, *forward, *found.ending()]
        unit.add(function_text([*found.parameters, *found.seed_parameters], tape.without_unused(lines)))
        return unit.source, values_mentioned(found.backwards, found.context)

    return looking_back(generate)


def function_text(parameters: Sequence[str], lines: list[str]) -> str:
    """The entry of a unit with these lines."""
    out = Writer()
    with out.block(f"def loop({', '.join(['_messages', *parameters])}):"):
        out.extend(lines)
    return "@entry\n" + out.text
