"""Compiles the valid test programs of the Stan compiler that have parameters, with data made from their declarations.

    python -m benchmarks.good_programs PATH               PATH: a checkout of stan-dev/stanc3
    python -m benchmarks.good_programs PATH --part 2/8    the second of eight batches
    python -m benchmarks.good_programs PATH --only TEXT   programs whose path contains it (--without: does not)
    python -m benchmarks.good_programs PATH --log FILE    append outcomes to FILE, and skip programs that it names
    python -m benchmarks.good_programs PATH --graph       no machine code: programs become graphs, which takes seconds

Each program runs in a process of its own, so that one that hangs or crashes costs its own outcome only.
Sizes are small and values satisfy their constraints. Where stanli takes the program too, gradients at a point are
compared. Outcomes: agrees, differs, alone (stanli refuses it), not finite (nor is Stan's), refused (with our message),
rejected (the data made up do not suit the program, nor do they for stanli), failed (an exception that is no message),
external (declares functions without defining them), random data (drawn in transformed data, so not comparable), no
parameters; with --graph: lowered.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import traceback
import warnings
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytensor.tensor as pt
import stanli
from pplc.compiler import ir
from pplc.compiler.frontend import read_program, read_source
from pplc.compiler.library.evaluation import evaluate
from pplc.compiler.lower import expressions, parameters
from pplc.compiler.lower.frames import ROOT
from pplc.compiler.lower.program import bound
from pplc.compiler.lower.scope import Binding, Scope
from pplc.compiler.lower.values import DataTable, Value, from_parts
from pplc.compiler.types import Array, Matrix, Real, RowVector, Type, Vector, element_of, is_complex, is_discrete
from pplc.compiler.walk import nodes

import pplc
from benchmarks.stanc3 import programs
from pplc.model import Model
from pplc.origin import Known, bind

TOLERANCE = 1e-8
SECONDS = 300  # for one program
INTEGERS = (2, 1, 0)  # every int, moved into its bounds; the next where the program rejects those before


# Data -------------------------------------------------------------------------------------------


class NegativeSize(Exception):
    """The integers made up give a container of the data a size below zero."""


def made_up(program: ir.Program, integer: int) -> dict[str, Any]:
    """Values for the data of a program, as its JSON file would hold them."""
    random = np.random.default_rng(1)
    scope = Scope(DataTable())
    data: dict[str, Any] = {}
    for declare in program.data:
        name = declare.variable.name
        arrays = _made(name, declare.sized, integer, (), scope, random)
        scope.bindings[declare.variable] = Binding(bound(arrays, declare.sized), ROOT)
        data[name] = _json(arrays, declare.sized)
    return data


def _made(
    name: str, sized: ir.SizedType, integer: int, outer: tuple[int, ...], scope: Scope, random: np.random.Generator
) -> Any:
    """An array, or a tuple of them; `outer` are the sizes of arrays of tuples around it."""
    if isinstance(sized, ir.SizedTuple):
        copies = (*outer, *(expressions.one_integer(size, scope) for size in sized.array_sizes))
        return tuple(_made(name, element, integer, copies, scope, random) for element in sized.elements)
    part = parameters.part_of(name, sized, scope)
    if min(part.shape, default=0) < 0 or part.size < 0:
        raise NegativeSize(f"`{name}` has the sizes {part.shape}")
    if is_discrete(sized.type):
        names = part.transform.parameters if part.transform else ()
        bounds = (evaluate(argument, scope.table.values) for argument in part.arguments)
        limits = dict(zip(names, bounds, strict=True))
        value = np.clip(integer, limits.get("lower", -np.inf), limits.get("upper", np.inf))
        return np.broadcast_to(value, (*outer, *part.shape)).astype(np.int64)
    size = part.size * int(np.prod(outer, dtype=np.int64))
    block = pt.constant(random.uniform(0.1, 0.5, size).reshape((*outer, part.size)))
    value = parameters.constrained(name, sized, block, outer, scope)
    assert isinstance(value, Value)
    numbers = evaluate(value.numbers, scope.table.values)
    if sized.constraint is None:
        numbers = _suitable(numbers, sized.type)
    return from_parts(numbers) if is_complex(sized.type) else numbers


def _suitable(numbers: np.ndarray, type: Type) -> np.ndarray:
    """Numbers that suit most functions: vectors are simplexes and ordered, square matrices factors of correlations."""
    if type == Array(Real()):
        return np.sort(numbers, axis=-1) / 2 + 0.5  # it may be times, after an initial one
    while isinstance(type, Array):
        type = element_of(type)
    if type == Matrix() and numbers.shape[-1] == numbers.shape[-2]:
        return np.broadcast_to(np.eye(numbers.shape[-1]), numbers.shape)
    if type in (Vector(), RowVector()):
        return np.sort(numbers / numbers.sum(axis=-1, keepdims=True), axis=-1)
    return numbers


def _json(value: Any, sized: ir.SizedType, at: tuple[int, ...] = ()) -> Any:
    """The value as JSON holds it, that at a position in the arrays of tuples around it."""
    if isinstance(sized, ir.SizedTuple):
        return _tuples(value, sized, at, len(sized.array_sizes))
    array = np.asarray(value)[at]
    if array.dtype.kind == "c":
        array = np.stack([array.real, array.imag], axis=-1)
    return array.tolist()


def _tuples(value: Any, sized: ir.SizedTuple, at: tuple[int, ...], axes: int) -> Any:
    """A tuple, or the array of tuples along so many axes more."""
    if not axes:
        pairs = enumerate(zip(value, sized.elements, strict=True), 1)
        return {str(number): _json(part, element, at) for number, (part, element) in pairs}
    first = value
    while isinstance(first, tuple):
        first = first[0]
    return [_tuples(value, sized, (*at, position), axes - 1) for position in range(np.shape(first)[len(at)])]


# Programs ---------------------------------------------------------------------------------------


def examine(path: Path, graph_only: bool = False) -> tuple[str, str]:
    """The outcome for one program, and what is to be said about it."""
    program, _ = read_program(read_source(path), [path.parent], "ppl")
    if program is None:
        return "refused", "by the checker"
    if not program.parameters:
        return "no parameters", ""
    if any(function.body is None for function in program.functions):
        return "external", ""
    first = None
    for integer in INTEGERS if program.data else INTEGERS[:1]:
        outcome = _examine(path, program, integer, graph_only)
        if outcome[0] != "rejected":
            return outcome
        first = first or outcome
    assert first is not None
    return first


def _examine(path: Path, program: ir.Program, integer: int, graph_only: bool) -> tuple[str, str]:
    data: dict[str, Any] = {}
    try:
        data = made_up(program, integer)
        model = Model(Known(read_source(path), None, program, (), bind(program.data, data)), path.stem)
        if graph_only:
            model.lowered.log_density()
            return "lowered", ""
        position = np.random.default_rng(2).uniform(-0.5, 0.5, model.n_unconstrained)
        value, gradient = model.logp_dlogp(position)
    except NegativeSize as problem:
        return "rejected", str(problem)
    except pplc.PplcError as problem:
        status, message = _refusal(problem), " / ".join(str(problem).strip().splitlines()[:4])
        if status == "rejected" and _stan_takes(path, data):
            return "differs", f"Stan takes it; {message}"
        return status, message
    except Exception as problem:
        inner = getattr(problem, "diagnostic", None)
        if inner is not None:
            return "rejected", inner.title
        frames = traceback.extract_tb(problem.__traceback__)
        places = " < ".join(f"{Path(f.filename).name}:{f.lineno}" for f in reversed(frames[-3:]))
        return "failed", f"{type(problem).__name__}: {str(problem)[:200]} ({places})".replace("\n", " ")
    try:
        peer = stanli.Model(stan_file=str(path), data=data)
        other, expected = peer.log_prob_grad(position)
    except Exception as problem:
        return "alone", f"{value:.6g}; " + str(problem).strip().replace("\n", " / ")[:150]
    if np.isfinite(gradient).all() and not np.isfinite(expected).all():
        return "alone", "Stan's gradient is not finite, ours is"
    if not np.isfinite(value) and not np.isfinite(other):
        return "not finite", ""
    if any(
        isinstance(n, ir.LibraryCall | ir.UserCall) and _name(n).endswith("_rng")
        for n in nodes(program.transformed_data)
    ):
        return "random data", ""
    scale = max(1e-3, float(np.linalg.norm(expected)))
    error = float(np.linalg.norm(gradient - expected)) / scale
    return ("agrees" if error <= TOLERANCE else "differs"), f"{error:.1e}, value {value:.6g}, Stan {other:.6g}"


def _stan_takes(path: Path, data: dict[str, Any]) -> bool:
    """Whether stanli finds a log density at some point."""
    try:
        peer = stanli.Model(stan_file=str(path), data=data)
        return bool(np.isfinite(peer.log_prob_grad(np.full(peer.n_params, 0.3))[0]))
    except Exception:
        return False


def _name(call: ir.LibraryCall | ir.UserCall) -> str:
    return call.name if isinstance(call, ir.LibraryCall) else call.function.name


_DATA_MISTAKES = {"always-rejected", "constraint-violated", "reject", "fatal-error", "index-out-of-range",
                  "size-mismatch", "argument-sizes", "argument-value", "negative-size", "impossible-size",
                  "ragged-elements", "outside-domain", "not-a-number", "solver-stopped",
                  "recursion-too-deep"}  # fmt: skip


def _refusal(problem: Exception) -> str:
    """Whether we refuse the program, or the program its data."""
    codes = {diagnostic.code for diagnostic in getattr(problem, "diagnostics", ())}
    return "rejected" if codes & _DATA_MISTAKES or isinstance(problem, pplc.DataError) else "refused"


def _chosen(options: argparse.Namespace) -> Iterator[Path]:
    part, parts = map(int, options.part.split("/"))
    folder = options.checkout / "test" / "integration" / "good"
    found = [p for p in programs(folder) if p.suffix == ".stan" and options.only in str(p)]
    found = [p for p in found if not options.without or options.without not in str(p)]
    with_parameters = [p for p in found if "parameters" in p.read_text(encoding="utf-8", errors="replace")]
    yield from with_parameters[part - 1 :: parts]


def _seconds() -> float:
    """Processor time of the processes that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _apart(path: Path, graph_only: bool) -> tuple[str, str]:
    """`examine` in a forked process, which is ended when it takes too long."""
    ours, theirs = multiprocessing.Pipe(duplex=False)

    def run() -> None:
        try:
            theirs.send(examine(path, graph_only))
        except BaseException as problem:
            theirs.send(("failed", f"{type(problem).__name__}: {problem}"))

    child = multiprocessing.get_context("fork").Process(target=run)
    child.start()
    theirs.close()
    try:
        return ours.recv() if ours.poll(SECONDS) else ("failed", f"takes longer than {SECONDS} s")
    except EOFError:
        child.join()
        return "failed", f"the process ended with code {child.exitcode}"
    finally:
        child.kill()
        child.join()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkout", type=Path)
    parser.add_argument("--part", default="1/1")
    parser.add_argument("--only", default="")
    parser.add_argument("--without", default="", help="leave out programs whose path contains it")
    parser.add_argument("--graph", action="store_true", help="stop when the program is a graph")
    parser.add_argument("--log", type=Path, help="a file of outcomes to go on with")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    folder = options.checkout / "test" / "integration" / "good"
    known = _outcomes(options.log)
    for path in _chosen(options):
        name = str(path.relative_to(folder))
        if name in known:
            continue
        before = _seconds()
        status, message = _apart(path, options.graph)
        known[name] = status
        print(f"{name:70} {_seconds() - before:6.1f} s {status:14} {message}", flush=True)
        if options.log:
            with options.log.open("a", encoding="utf-8") as file:
                print(name, status, message, sep="\t", file=file)
    print(", ".join(f"{count} {status}" for status, count in Counter(known.values()).most_common()))


def _outcomes(log: Path | None) -> dict[str, str]:
    """The status of each program that a log names."""
    if log is None or not log.exists():
        return {}
    rows = (line.split("\t") for line in log.read_text(encoding="utf-8").splitlines())
    return {name: status for name, status, *_ in rows}


if __name__ == "__main__":
    main()
