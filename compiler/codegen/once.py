"""A forward pass that is run once: what it keeps for the sweep, as further results of the same operation.

Results of an operation have sizes known beforehand. How much a pass keeps is known where no parameter has a say in
which statements run; then what decides it is run at once, with any parameters, to see. Where that cannot be told (or
would take long) the sweep runs its own forward pass.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .. import ir
from ..types import Array, Int
from ..walk import children, dependent, is_recursive, mentioned, reachable
from . import sums, tilde, trial
from .activity import counters
from .leaving import leaving
from .loop_source import Code, Sweep, arrays_among, failed, function_text, generate_sweep
from .reverse.passes import looking_back, values_mentioned
from .unit import Unit
from .values import Leaf, Slot, flatten, slots

MOST_KEPT = 4_000_000  # numbers
SIZES = ("size", "rows", "cols", "num_elements", "dims")
ORDERS = ("sort_indices_asc", "sort_indices_desc")
UNFORESEEN = (
    *(ir.While, ir.Break, ir.Continue, ir.Return, ir.Print, ir.Reject, ir.FatalError, ir.Unpack, ir.ForEach),
    *(ir.CallStatement, ir.FunctionReference),
)
ENDLESS = (ir.While, ir.FunctionReference)  # in a function: with the numbers of the trial it may take for ever


@dataclass(frozen=True, slots=True)
class Kept:
    """`forward` returns `results` after the outputs and the target; `sweep` takes all of these before the seeds."""

    forward: str
    sweep: str
    results: tuple[tuple[Slot, tuple[int, ...]], ...]


def keep(code: Code, given: Sequence[Any]) -> Kept | None:
    """The two passes of a piece of code; `given` has the value of each input leaf, or its shape where it varies.

    None where what is kept depends on parameters, or is not worth a trial.
    """
    if code.start is not None or any(slot.kind == "c" for slot in (*code.inputs, *code.outputs)):
        return None
    if not _is_foreseeable(code, given):
        return None
    looked_at, local = looking_back(lambda looked_at: _needed(code, looked_at))
    if looked_at is None:
        return None
    found = _trial(code, given, looked_at, local)
    if found is None or sum(found.tapes) > MOST_KEPT:
        return None
    results = [
        (Slot("i", 0), ()),
        (Slot("f", 1), (found.tapes[0],)),
        (Slot("i", 1), (found.tapes[1],)),
        *((leaf.slot, shape) for leaf, shape in zip(local, found.shapes, strict=True)),
    ]
    forward = _forward(code, looked_at, local, found.tapes)
    return Kept(forward, _backwards(code, looked_at, local, found.tapes), tuple(results))


# What is needed ---------------------------------------------------------------------------------


def _is_foreseeable(code: Code, given: Sequence[Any]) -> bool:
    """Whether data alone decide which statements run, how often, and on how much."""
    values = iter(given)
    leaves = [[next(values) for _ in flatten(slots(variable.type))] for variable in code.captured]
    varying = {
        variable for variable, own in zip(code.captured, leaves, strict=True)
        if not all(isinstance(value, np.ndarray) for value in own)
    }  # fmt: skip
    nodes = list(_nodes(code.statements))
    if any(isinstance(node, UNFORESEEN) for node in nodes):
        return False
    if not all(_may_be_tried(node.function) for node in nodes if isinstance(node, ir.UserCall)):
        return False
    varying = dependent(varying, _flows(nodes))
    return not any(_is_integer(node) and mentioned(node) & varying for node in nodes)


def _may_be_tried(function: ir.Function) -> bool:
    """Whether a user's function adds to no target, and ends whatever its arguments are."""
    inside = list(reachable(function.body))
    called = [function, *(node.function for node in inside if isinstance(node, ir.UserCall))]
    ends = not any(isinstance(node, ENDLESS) for node in inside) and not any(map(is_recursive, called))
    return ends and not any(map(sums.added_by, called))


def _is_integer(node: Any) -> bool:
    """Whether a node is an integer that may have a say: not the size of something.

    Nor the order of something, which is as long whatever it is; what is taken out of it would be an integer again.
    """
    if not isinstance(node, ir.Typed) or (isinstance(node, ir.LibraryCall) and node.name in (*SIZES, *ORDERS)):
        return False
    type = node.type.element if isinstance(node.type, Array) else node.type
    return isinstance(type, Int)


def _nodes(part: object) -> Iterator[ir.Node]:
    """Every node of statements, with what stands for `~`."""
    for node in children(part):
        if isinstance(node, ir.Tilde):
            yield from _nodes(tuple(tilde.statements(node)))
        else:
            yield node
            yield from _nodes(node)


def _flows(nodes: Sequence[ir.Node]) -> Iterator[tuple[ir.Variable, Any]]:
    """Pairs of a variable and what it is given, wherever that happens."""
    for node in nodes:
        match node:
            case ir.Declare(variable, _, initial) if initial is not None:
                yield variable, initial
            case ir.Assign(place, value):
                yield place.variable, (value, place.path)
            case ir.For(variable, lower, upper, _):
                yield variable, (lower, upper)
            case _:
                pass


def _needed(code: Code, looked_at: frozenset[str]) -> tuple[tuple[frozenset[str] | None, list[Leaf]], frozenset[str]]:
    """What the sweep looks back at, and the local variables it mentions; None where it uses other results."""
    found = generate_sweep(code, Unit(code.messages), looked_at, lambda sweep: "pass")
    again = values_mentioned(found.backwards, found.context)
    own = {leaf for variable in code.written for leaf in flatten(found.context.variables[variable])}
    loops = counters(code.statements)
    text, whole = "\n".join(found.backwards), "\n".join(found.ending())
    local = [
        leaf for variable in sorted(found.context.assigned, key=lambda variable: variable.span.start)
        for leaf in flatten(found.context.variables[variable])
        if variable not in loops and isinstance(leaf, Leaf) and leaf not in own and re.search(rf"\b{leaf}\b", whole)
    ]  # fmt: skip
    targets = re.findall(r"^ *((?:_\d+, )*_\d+) = |^ *for (_\d+) in", text, re.MULTILINE)
    made = {name for pair in targets for one in pair for name in one.split(", ")}
    used = set(re.findall(r"\b_\d+\b", text))
    usable = used <= made and not any(leaf.kind == "c" for leaf in local) and not _has_size_of_a_result(code, found)
    return (looked_at if usable else None, local), again


def _has_size_of_a_result(code: Code, found: Sweep) -> bool:
    """Whether a variable may be as large as what a user's function returns, which parameters may decide."""
    leaves = (leaf for variable in found.context.unsized for leaf in flatten(found.context.variables[variable]))
    return any(isinstance(node, ir.UserCall) for node in _nodes(code.statements)) and any(leaf.rank for leaf in leaves)


# The trial --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Found:
    tapes: tuple[int, int]
    shapes: list[tuple[int, ...]]


def _trial(code: Code, given: Sequence[Any], looked_at: frozenset[str], local: list[Leaf]) -> _Found | None:
    """What the forward pass keeps, with numbers for the parameters that need not be fit for it."""
    unit = Unit(code.messages)
    sweep = generate_sweep(code, unit, looked_at, lambda sweep: "raise ValueError", checking=False, sizing=True)
    ends = ["_top", "_mark", *(f"{leaf}.shape" if leaf.rank else "()" for leaf in local)]
    unit.add(function_text(sweep.parameters, [*sweep.forward, f"return ({', '.join(ends)}, )"]))
    values = [
        np.ascontiguousarray(value) if isinstance(value, np.ndarray) and value.ndim
        else value[()] if isinstance(value, np.ndarray)
        else np.full(value, 0.5) if value else 0.5
        for value in given
    ]  # fmt: skip
    found = trial.outcome(unit.source, values)
    if found is None:
        return None
    reals, integers, *shapes = found
    return _Found((int(reals), int(integers)), [tuple(map(int, shape)) for shape in shapes])


# The two passes ---------------------------------------------------------------------------------


def _forward(code: Code, looked_at: frozenset[str], local: list[Leaf], tapes: tuple[int, int]) -> str:
    unit = Unit(code.messages)

    def leave(sweep: Sweep) -> str:
        own, sums = _own(code, sweep), ["-np.inf"] * len(code.sums)
        results = [*map(failed, own), *sums, "0", "_tape", "_marks", *map(failed, local)]
        return leaving(results, ["_tape", "_marks", *arrays_among([*own, *local])], unit)

    sweep = generate_sweep(code, unit, looked_at, leave, tapes)
    sums = [f"_{kind}" for kind in code.sums]
    results = [*map(str, _own(code, sweep)), *sums, "1", "_tape", "_marks", *map(str, local)]
    unit.add(function_text(sweep.parameters, [*sweep.forward, f"return ({', '.join(results)}, )"]))
    return unit.source


def _own(code: Code, sweep: Sweep) -> list[Leaf]:
    """The leaves of the variables that are results."""
    return [leaf for variable in code.written for leaf in flatten(sweep.context.variables[variable])]


def _backwards(code: Code, looked_at: frozenset[str], local: list[Leaf], tapes: tuple[int, int]) -> str:
    unit = Unit(code.messages)
    sweep = generate_sweep(code, unit, looked_at, lambda sweep: "pass", tapes)
    own = _own(code, sweep)
    lines = []
    for leaf in (*own, *local):
        restored = leaf.rank and leaf.name in looked_at
        lines.append(f"{leaf} = {leaf}_end{'.copy()' if restored else ''}")
    lines += [*sweep.zeros, "if _ok == 0:", f"    return {sweep.result}"]
    lines += [f"_top = {tapes[0]}", f"_mark = {tapes[1]}"]
    ends = [f"{leaf}_end" for leaf in own]
    ends += [f"_{kind}_end" for kind in code.sums]
    given = [*sweep.parameters, *ends, "_ok", "_tape", "_marks", *(f"{leaf}_end" for leaf in local)]
    unit.add(function_text([*given, *sweep.seed_parameters], [*lines, *sweep.ending()]))
    return unit.source
