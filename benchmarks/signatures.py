"""Calls every signature of the library in small programs and compares value and gradient with Stan's, through stanli.

    python -m benchmarks.signatures                          a few signatures of each function
    python -m benchmarks.signatures --sample 0 --light       all of them, compiled with few optimisations
    python -m benchmarks.signatures --functions NAME ...     these functions only (patterns with *)
    python -m benchmarks.signatures --part 2/8               the second of eight processes
    python -m benchmarks.signatures --ways loop --together 20 --native
                                     functions share programs; what only Numba compiles is listed and not run
    python -m benchmarks.signatures --output FILE            go on where an earlier run stopped
    python -m benchmarks.signatures --output FILE --report   the counts of earlier runs

A few signatures of each function are called a second time inside a generated loop, and a third time in generated
quantities. Outcomes: agrees, closer (Stan's value; our gradient agrees with differences of it, Stan's does not),
differs, refused (by us), failed (an exception that is no message), alone (stanli cannot do it; then our gradient agrees
with differences of our value, in loops and generated quantities with the graph's), invalid (neither has a finite value
there), skipped (functions of functions), numba (with --native: needs Numba).
"""

from __future__ import annotations

import argparse
import fnmatch
import json
import time
from collections import Counter
from dataclasses import asdict
from itertools import batched, chain
from pathlib import Path

import numpy as np
import pytensor
from pplc.compiler.library.expand import all_names

from benchmarks.calls.choice import cases_of
from benchmarks.calls.comparison import BATCH, Outcome, examine
from benchmarks.calls.compiling import compile_lightly, without_numba
from benchmarks.calls.programs import Way


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--functions", nargs="+", default=["*"])
    parser.add_argument("--sample", type=int, default=5, help="signatures per function; 0 means all")
    parser.add_argument("--ways", nargs="+", type=Way, choices=list(Way), default=list(Way), help="where it is called")
    parser.add_argument("--except", dest="without", nargs="+", default=[], help="not these functions")
    parser.add_argument("--part", default="1/1", help="which of how many processes")
    parser.add_argument("--light", action="store_true", help="compile with few optimisations, which is faster")
    parser.add_argument("--native", action="store_true", help="do not run what needs Numba")
    parser.add_argument("--together", type=int, default=1, help="functions whose calls share programs")
    parser.add_argument("--batch", type=int, default=BATCH, help="calls in one program")
    parser.add_argument(
        "--seconds", type=float, default=np.inf, help="of the processor for one function; then the next"
    )
    parser.add_argument("--output", type=Path, help="a line of JSON per call; calls that have one are not made again")
    parser.add_argument("--report", action="store_true", help="only count what --output has")
    options = parser.parse_args()
    known = _read(options.output)
    if options.report:
        _report(known)
        return
    if options.native:
        without_numba()
    if options.light:
        compile_lightly()
    pytensor.config.traceback__limit = 0  # where each node was made; nobody asks here
    names = [n for n in sorted(all_names()) if _matches(n, options.functions) and not _matches(n, options.without)]
    names = [n for n in names if not n.endswith("_rng")]
    part, parts = map(int, options.part.split("/"))
    done = {(o.function, o.signature, o.way) for o in known}
    for some_names in batched(names[part - 1 :: parts], options.together):
        started = time.process_time()
        every = {name: cases_of(name, options.sample, options.ways) for name in some_names}
        left = [case for cases in every.values() for case in cases if (case.name, str(case), case.way) not in done]
        nothing = [name for name, cases in every.items() if not cases and (name, "", Way.GRAPH) not in done]
        found: list[Outcome] = []
        skipped = [[Outcome(name, "", Way.GRAPH, "skipped") for name in nothing]]
        for some in chain(skipped, examine(left, options.batch)):
            found += some
            if options.output:
                with options.output.open("a", encoding="utf-8") as file:
                    file.writelines(f"{json.dumps(asdict(outcome))}\n" for outcome in some)
            if time.process_time() - started > options.seconds:
                break
        known += found
        if not found:
            continue
        counts = ", ".join(f"{n} {s}" for s, n in Counter(o.status for o in found).items())
        rest = f"{len(left) - len(found)} left" if len(left) > len(found) else ""
        label = f"{some_names[0]} to {some_names[-1]}" if options.together > 1 else some_names[0]
        print(f"{label:40} {counts:40} {time.process_time() - started:6.1f} s {rest}", flush=True)
        for outcome in found:
            if outcome.status in ("differs", "refused", "failed", "invalid"):
                print("    ", outcome.status, outcome.way, outcome.function, outcome.signature,
                      f"{outcome.error:.1e}", outcome.message)  # fmt: skip
    _report(known)


def _read(file: Path | None) -> list[Outcome]:
    """What an earlier run has found."""
    if file is None or not file.exists():
        return []
    return [Outcome(**json.loads(line)) for line in file.read_text(encoding="utf-8").splitlines()]


def _matches(name: str, patterns: list[str]) -> bool:
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)


def _report(outcomes: list[Outcome]) -> None:
    """How many calls of each way had which outcome."""
    for way in Way:
        counts = Counter(o.status for o in outcomes if o.way == way)
        print(f"{way:10} {', '.join(f'{count} {status}' for status, count in counts.items())}")
    for (function, way, status), count in Counter(
        (o.function, o.way, o.status) for o in outcomes if o.status not in ("agrees", "alone", "skipped")
    ).items():
        print(f"    {function} ({way}): {count} {status}")


if __name__ == "__main__":
    main()
