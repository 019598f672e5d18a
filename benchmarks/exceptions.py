"""Calls functions and distributions with arguments they are not defined for: who raises an error, we or Stan (stanli)?

    python -m benchmarks.exceptions                            every name, two overloads of each
    python -m benchmarks.exceptions --functions NAME ...       these only (patterns with *)
    python -m benchmarks.exceptions --ways density             as part of the log density only
    python -m benchmarks.exceptions --probes empty 'size *'    these replacements only
    python -m benchmarks.exceptions --output FILE [--report]   go on where an earlier run stopped; only count

Starting from valid arguments, one after the other is replaced: nan, infinities, negative numbers, zeros, integers
out of range, vectors and matrices of other sizes, without elements, not symmetric, not positive definite. Each call is
made as part of a log density (arguments are parameters) and in transformed data (arguments are data). Outcomes:

    agrees      neither raises an error, and numbers and gradients are the same
    both        both raise an error; ours names the function and the argument
    unnamed     Stan raises an error, our value is nan, but nothing says why
    elsewhere   both raise an error, ours does not name the argument that was replaced
    accepted    Stan raises an error, we have a number
    stricter    we raise an error, Stan has a number
    explained   we raise an error, Stan's number is nan
    value, gradient, number     neither raises an error, but the numbers differ (`number`: Stan's is nan, ours is not)
    failed      an exception of ours that is no message
    alone       stanli cannot do the call, or not with these arguments; `alone, named` if ours is an error
"""

from __future__ import annotations

import argparse
import fnmatch
import json
import os
import select
import signal
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import pytensor
import stanli
from pplc.compiler.frontend import read_source
from pplc.compiler.library.definitions import Signature
from pplc.compiler.library.expand import all_names, signatures_of
from pplc.compiler.library.needs import argument_names
from pplc.compiler.types import Array, Type

import pplc
from benchmarks.calls.choice import covering, usable
from benchmarks.calls.compiling import Fleeting, compile_lightly
from benchmarks.calls.misfits import Call, Program, Way, probes, program_of, valid
from pplc.model import Model

TOLERANCE = 1e-8
PATIENCE = 60  # seconds for an answer of stanli's
# What stanli says where it is stanli, not Stan, that does not take an argument: empty arrays of ints, and numbers among
# the arguments of a distribution beside empty containers.
NOT_STANS = (
    "unsupported",
    "malformed",
    "not supported",
    "must be int data",
    "is not integer-valued",
    "has size = 1, but",
    "does not match matrix rows",
)


@dataclass
class Outcome:
    """How one probe fared; `argument` is its number, 0 if all containers were replaced."""

    function: str
    signature: str
    way: str
    argument: int
    probe: str
    status: str
    message: str = ""


@dataclass(frozen=True)
class Answer:
    """What one compiler makes of a call: a value with its gradient, or the message of an error."""

    value: float = np.nan
    gradient: tuple[float, ...] = ()
    error: str | None = None
    failed: bool = False

    def __str__(self) -> str:
        if self.error is not None:
            return f"error: {self.error}"
        return f"{self.value:.10g} [{' '.join(f'{g:.6g}' for g in self.gradient[:6])}]"


# Comparison -------------------------------------------------------------------------------------


def examine(name: str, signature: Signature, way: Way, patterns: list[str]) -> Iterator[Outcome]:
    """The outcomes of the chosen probes of one overload."""
    ours, theirs = Ours(), Theirs()
    call = valid(name, signature)
    refusal = theirs(program_of(call, way, stan=True)).error
    for probe in (call, *(probe for probe in probes(call) if _matches(probe.text, patterns))):
        mine = ours(program_of(probe, way))
        stan = None if refusal else theirs(program_of(probe, way, stan=True))
        if stan is not None and stan.error is not None and any(words in stan.error for words in NOT_STANS):
            stan = None
        status = _alone(mine) if stan is None else _status(mine, stan, probe)
        message = f"ours {mine}" + (f", Stan {stan}" if stan is not None else f" [{refusal or 'not taken by stanli'}]")
        yield Outcome(name, str(signature), way, probe.changed or 0, probe.text, status, message * (status != "agrees"))


def _alone(mine: Answer) -> str:
    return "failed" if mine.failed else "alone, named" if mine.error is not None else "alone"


def _status(mine: Answer, stan: Answer, probe: Call) -> str:
    if mine.failed:
        return "failed"
    if stan.error is not None:
        if mine.error is None:
            return "accepted" if np.isfinite(mine.value) or mine.value == np.inf else "unnamed"
        return "both" if _named(mine.error, probe) else "elsewhere"
    if mine.error is not None:
        return "explained" if np.isnan(stan.value) else "stricter"
    if np.isnan(stan.value):
        return "agrees" if not np.isfinite(mine.value) else "number"
    if probe.name.endswith("_rng"):
        return "agrees"
    if not np.isclose(mine.value, stan.value, rtol=TOLERANCE, atol=1e-12):
        return "value"
    expected = np.asarray(stan.gradient)
    if not np.isfinite(expected).all():
        return "agrees"
    error = np.abs(np.asarray(mine.gradient) - expected).max(initial=0.0)
    return "gradient" if not error <= 1e-7 * max(1e-3, np.abs(expected).max(initial=0.0)) else "agrees"


def _named(message: str, probe: Call) -> bool:
    """Whether a message names the function and, if one argument was replaced, that argument."""
    if "[index-out-of-range]" in message:
        return True
    if f"`{probe.name}`" not in message:
        return False
    if not probe.changed or "[argument-sizes]" in message:
        return True
    names = argument_names(probe.name, probe.signature.arguments)
    return len(names) < probe.changed or names[probe.changed - 1] in message.replace("`", " ")


# Answers ----------------------------------------------------------------------------------------


class Ours:
    """Our answer; the compiled program is kept until another one is asked for."""

    def __init__(self) -> None:
        self.key, self.model = "", None

    def __call__(self, program: Program) -> Answer:
        try:
            if self.model is None or self.key != program.key:
                self.key, self.model = program.key, Model(Fleeting(read_source(program.text), program.data, [], "ppl"))
            value, gradient = self.model.logp_dlogp(program.position)
            if not np.isfinite(value) and (problem := self.model.failure(program.position)) is not None:
                return Answer(error=problem.title)
            return Answer(value, tuple(gradient))
        except pplc.PplcError as problem:
            lines = str(problem).strip().splitlines()
            return Answer(error=lines[0])
        except Exception as problem:
            frame = traceback.extract_tb(problem.__traceback__)[-1]
            place = f"{Path(frame.filename).name}:{frame.lineno}"
            return Answer(error=f"{type(problem).__name__}: {str(problem)[:160]} ({place})", failed=True)


class Theirs:
    """Stan's. It is asked in a process of its own: where integers are divided by 0 stanli takes that with it, and some
    decompositions of matrices with nan do not end."""

    def __call__(self, program: Program) -> Answer:
        reading, writing = os.pipe()
        child = os.fork()
        if not child:
            try:
                os.write(writing, json.dumps(asdict(_asked(program))).encode())
            finally:
                os._exit(0)
        os.close(writing)
        with open(reading, "rb") as answer:
            answered, _, _ = select.select([answer], [], [], PATIENCE)
            if not answered:
                os.kill(child, signal.SIGKILL)
            found = answer.read()
        os.waitpid(child, 0)
        return Answer(**json.loads(found)) if found else Answer(error="unsupported: stanli ends the process, or hangs")


def _asked(program: Program) -> Answer:
    try:
        value, gradient = stanli.Model(stan_code=program.text, data=program.data).log_prob_grad(program.position)
        return Answer(value, tuple(gradient))
    except Exception as problem:
        return Answer(error=" ".join(str(problem).split())[:200])


# Command ----------------------------------------------------------------------------------------


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--functions", nargs="+", default=["*"])
    parser.add_argument("--except", dest="without", nargs="+", default=[], help="not these functions")
    parser.add_argument("--sample", type=int, default=2, help="overloads per function")
    parser.add_argument("--ways", nargs="+", type=Way, choices=list(Way), default=list(Way))
    parser.add_argument("--probes", nargs="+", default=["*"], help="which replacements (patterns with *)")
    parser.add_argument("--part", default="1/1", help="which of how many processes")
    parser.add_argument(
        "--output", type=Path, help="a line of JSON per probe; overloads that have some are not tried again"
    )
    parser.add_argument("--report", action="store_true", help="only count what --output has")
    options = parser.parse_args()
    known = _read(options.output)
    if options.report:
        _report(known)
        return
    warnings.simplefilter("ignore")
    pytensor.config.traceback__limit = 0
    compile_lightly()
    done = {(o.function, o.signature, o.way) for o in known}
    part, parts = map(int, options.part.split("/"))
    names = [n for n in sorted(all_names()) if _matches(n, options.functions) and not _matches(n, options.without)]
    for name in names[part - 1 :: parts]:
        started = time.process_time()
        found: list[Outcome] = []
        for signature, way in _plan(name, options.sample, options.ways):
            if (name, str(signature), way) not in done:
                found += examine(name, signature, way, options.probes)
        if not found:
            continue
        known += found
        if options.output:
            with options.output.open("a", encoding="utf-8") as file:
                file.writelines(f"{json.dumps(asdict(outcome))}\n" for outcome in found)
        counts = ", ".join(f"{n} {s}" for s, n in Counter(o.status for o in found).items())
        print(f"{name:36} {counts} {time.process_time() - started:.1f} s", flush=True)
        for o in found:
            if o.status not in ("agrees", "both", "explained", "alone", "alone, named"):
                print(f"    {o.status}: {o.way} {o.signature} argument {o.argument} {o.probe}: {o.message}", flush=True)
    _report(known)


def _plan(name: str, sample: int, ways: list[Way]) -> Iterator[tuple[Signature, Way]]:
    """Overloads, and where they can be called."""
    signatures = [s for s in signatures_of(name) if usable(s) and s.arguments and all(map(_is_plain, s.arguments))]
    for signature in covering(signatures, sample, np.random.default_rng(list(name.encode()))):
        for way in ways:
            if not name.endswith("_rng" if way == Way.DENSITY else "_jacobian"):
                yield signature, way


def _is_plain(type: Type) -> bool:
    return not isinstance(type, Array) or type.dimensions == 1


def _matches(name: str, patterns: list[str]) -> bool:
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)


def _read(file: Path | None) -> list[Outcome]:
    if file is None or not file.exists():
        return []
    return [Outcome(**json.loads(line)) for line in file.read_text(encoding="utf-8").splitlines()]


def _report(outcomes: list[Outcome]) -> None:
    for way in Way:
        counts = Counter(o.status for o in outcomes if o.way == way)
        print(f"{way:10} {', '.join(f'{count} {status}' for status, count in counts.most_common())}")


if __name__ == "__main__":
    main()
