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
import traceback
import warnings
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass, replace
from itertools import batched, chain
from pathlib import Path
from typing import Any

import numpy as np
import pytensor
import stanli
from pplc.compiler.backend import fallback, machine
from pplc.compiler.backend.schedule import groups
from pplc.compiler.codegen import loader
from pplc.compiler.frontend import read_source
from pplc.compiler.library.definitions import Signature
from pplc.compiler.library.expand import all_names, signatures_of
from pplc.compiler.types import Array, FunctionType, Int, Real, String, Tuple, Type, Void, scalar_of

import pplc
from benchmarks.alike import graph_key
from benchmarks.arguments import arguments_of
from benchmarks.calls import Case, Program, program_of
from benchmarks.calls import Path as Way
from pplc.model import Model
from pplc.origin import Given

TOLERANCE = 1e-8
BATCH = 24  # calls in one program

type Results = list[tuple[float, np.ndarray]]  # value and gradient at each point


@dataclass
class Outcome:
    """How one call fared."""

    function: str
    signature: str
    path: str
    status: str
    error: float = 0.0
    message: str = ""


# Comparison -------------------------------------------------------------------------------------


def examine(cases: list[Case], batch: int = BATCH) -> Iterator[list[Outcome]]:
    """Compare the calls with Stan's where stanli can do them, and with differences where it cannot.

    Of calls that lower to the same graph and that Stan gives the same numbers, one stands for all.
    """
    groups: dict[Any, list[Asked]] = {}
    for case in cases:
        refusal = _flaw(case)
        asked = Asked(case, *((None, refusal) if refusal else _theirs([case])))
        groups.setdefault(_key(asked), []).append(asked)
    firsts = [group[0] for group in groups.values()]
    same = {
        first.case: [asked.case for asked in group[1:]] for first, group in zip(firsts, groups.values(), strict=True)
    }
    known = [asked for asked in firsts if asked.stan is not None]
    alone = [asked for asked in firsts if asked.stan is None]
    for group in batched(known, batch):
        yield _repeated(_compare([(asked.case, asked.stan) for asked in group]), same)
    for group in batched([asked for asked in alone if asked.case.path != Way.GRAPH], batch):
        yield _repeated(_compare_with_graph([(asked.case, asked.refusal) for asked in group]), same)
    in_graph = [asked for asked in alone if asked.case.path == Way.GRAPH]
    for few in batched(in_graph, max(1, batch // 4)):  # each is evaluated for every coordinate of all
        yield _repeated(_differentiate([(asked.case, asked.refusal) for asked in few]), same)


@dataclass(frozen=True)
class Asked:
    """A call with stanli's answer at each point, or why there is none."""

    case: Case
    stan: Results | None
    refusal: str


def _key(asked: Asked) -> Any:
    case = asked.case
    if case.path != Way.GRAPH:
        return case
    program = program_of([case])
    key = graph_key(model_of(program))
    answer = [(f"{value:.12g}", *(f"{x:.11g}" for x in gradient)) for value, gradient in asked.stan or []]
    return case if key is None else (key, *(p.tobytes() for p in program.positions), *answer, asked.refusal)


def _repeated(outcomes: Iterator[tuple[Case, Outcome]], same: dict[Case, list[Case]]) -> list[Outcome]:
    """The outcomes, each also for the calls that are the same."""
    return [replace(o, signature=str(other)) for case, o in outcomes for other in (case, *same[case])]


def _flaw(case: Case) -> str:
    """Why stanli is not asked about a call."""
    if case.complex:
        return "stanli has no complex numbers"
    if case.name.startswith("gp_") and str(case.signature.arguments[-1]) == "array[] real":
        return "stanli takes the first of several length scales for all dimensions"
    if case.name.startswith("beta_neg_binomial_") and case.name.endswith("cdf"):
        return "Stan's series stops early: its cdfs are 1e-3 off the sums of its own masses"
    first = case.signature.arguments[:2]
    if case.name == "ordered_probit_lpmf" and first == (Array(Int(), 1), Real()):
        return "Stan adds up as many outcomes as there are locations: the first"
    if case.name == "poisson_log_glm_lpmf" and first[0] == Int():
        return "Stan subtracts the log factorial of one outcome for many rows once"
    return ""


def _compare(group: list[tuple[Case, Results]]) -> Iterator[tuple[Case, Outcome]]:
    cases = [case for case, _ in group]
    program, model, ours, problem = _ours(cases)
    if ours is None or not _finite(ours):
        if len(group) > 1:
            yield from _compare(group[: len(group) // 2])
            yield from _compare(group[len(group) // 2 :])
        elif ours is None:
            yield cases[0], _unable(cases[0], problem)
        else:
            stan = group[0][1]
            message = f"ours {ours[0][0]:.10g} {_short(ours[0][1])}, Stan {stan[0][0]:.10g} {_short(stan[0][1])}"
            same = all(
                np.array_equal(np.isfinite(g), np.isfinite(h)) for (_, g), (_, h) in zip(ours, stan, strict=True)
            )
            yield cases[0], _outcome(cases[0], "invalid" if same else "differs", np.inf, message)
        return
    generated = [model.constrain(p, generated=True) for p in program.positions] if model.generated_quantities else []
    for number, ((case, stan), (begin, end)) in enumerate(zip(group, program.ranges, strict=True)):
        pairs = [(g[begin:end], h) for (_, g), (_, h) in zip(ours, stan, strict=True)]
        if case.path == Way.GENERATED:
            pairs = [(np.array([point[f"g{number}"]]), h[-1:]) for point, (_, h) in zip(generated, stan, strict=True)]
        if not all(np.isfinite(h).all() for _, h in pairs) and all(np.array_equal(*p, equal_nan=True) for p in pairs):
            yield case, _outcome(case, "invalid", np.inf, f"both {pairs[0][0]}")
            continue
        worst, message = 0.0, ""
        for point, (g, h) in enumerate(pairs):
            value = abs(g[-1] - h[-1]) / max(1.0, abs(h[-1]))
            slope = float(np.linalg.norm(g[:-1] - h[:-1]) / max(1e-3, np.linalg.norm(h[:-1])))
            if not max(value, slope) <= worst:
                worst = float(max(value, slope))
                ours_text, stan_text = f"{g[-1]:.12g} {_short(g[:-1])}", f"{h[-1]:.12g} {_short(h[:-1])}"
                message = f"value and gradient {ours_text}, Stan {stan_text} ({point})"
        status = "agrees" if worst <= TOLERANCE else "differs"
        if status == "differs" and case.path != Way.GENERATED and _closer(model, program, ours, (begin, end), stan):
            status = "closer"
        yield case, _outcome(case, status, worst, message * (worst > TOLERANCE))


def _compare_with_graph(group: list[tuple[Case, str]]) -> Iterator[tuple[Case, Outcome]]:
    """Calls in generated code beside the same calls in the graph."""
    program, _, graph, problem = _ours([replace(case, path=Way.GRAPH) for case, _ in group])
    if len(group) > 1 and (graph is None or not _finite(graph)):
        yield from _compare_with_graph(group[: len(group) // 2])
        yield from _compare_with_graph(group[len(group) // 2 :])
        return
    if graph is None or not _finite(graph):
        case, refusal = group[0]
        yield case, _unable(case, problem, refusal) if graph is None else _outcome(case, "invalid", message=refusal)
        return
    refusals = dict(group)
    parts = [[(v, g[begin:end]) for v, g in graph] for begin, end in program.ranges]
    for case, outcome in _compare([(case, part) for (case, _), part in zip(group, parts, strict=True)]):
        agrees = outcome.status == "agrees"
        yield case, replace(outcome, status="alone", message=refusals[case]) if agrees else outcome


def _closer(model: Model, program: Program, ours: Results, within: tuple[int, int], stan: Results) -> bool:
    """Whether our values are Stan's and our gradients much nearer to differences of them than Stan's are."""
    begin, end = within
    for position, (_, gradient), (_, other) in zip(program.positions, ours, stan, strict=True):
        g, h, slopes = gradient[begin:end], other, _slopes(model, position, slice(begin, end))
        if abs(g[-1] - h[-1]) > TOLERANCE * max(1.0, abs(h[-1])):
            return False
        error, theirs = np.linalg.norm(g - slopes), np.linalg.norm(h - slopes)
        if error > 1e-7 * max(1.0, np.linalg.norm(slopes)) or (error > 1e-9 and error > 0.2 * theirs):
            return False
    return True


def _differentiate(group: list[tuple[Case, str]]) -> Iterator[tuple[Case, Outcome]]:
    """Our gradient beside central differences of our value."""
    cases = [case for case, _ in group]
    program, model, ours, problem = _ours(cases)
    if len(group) > 1 and (ours is None or not _finite(ours)):
        yield from _differentiate(group[: len(group) // 2])
        yield from _differentiate(group[len(group) // 2 :])
        return
    if ours is None:
        yield cases[0], _unable(cases[0], problem, group[0][1])
        return
    if not _finite(ours):
        yield cases[0], _outcome(cases[0], "invalid", np.inf, group[0][1])
        return
    slopes = [_slopes(model, position) for position in program.positions]
    for (case, refusal), (begin, end) in zip(group, program.ranges, strict=True):
        error = max(
            float(np.linalg.norm(g[begin:end] - s[begin:end]) / max(1.0, np.linalg.norm(g[begin:end])))
            for (_, g), s in zip(ours, slopes, strict=True)
        )
        yield case, _outcome(case, "alone" if error <= 1e-5 else "differs", error, refusal)


def _slopes(model: Model, position: np.ndarray, among: slice = slice(None), step: float = 1e-4) -> np.ndarray:
    """Differences in some coordinates; their error is of fourth order."""

    def slope(direction: np.ndarray) -> float:
        along = [model.logp_dlogp(position + k * direction)[0] for k in (-2, -1, 1, 2)]
        return (along[0] - 8 * along[1] + 8 * along[2] - along[3]) / (12 * step)

    return np.array([slope(direction) for direction in step * np.eye(len(position))[among]])


def _short(numbers: np.ndarray) -> str:
    return np.array2string(numbers[:6], precision=10, max_line_width=10**6)


def _finite(results: Results) -> bool:
    return all(np.isfinite(value) and np.isfinite(gradient).all() for value, gradient in results)


def _outcome(case: Case, status: str, error: float = 0.0, message: str = "") -> Outcome:
    return Outcome(case.name, str(case), case.path, status, error, message)


def _unable(case: Case, problem: str, refusal: str = "") -> Outcome:
    status, _, message = problem.partition(": ")
    return _outcome(case, status, message=f"{message} [Stan: {refusal or 'accepts it'}]")


def _ours(cases: list[Case]) -> tuple[Program, Model, Results | None, str]:
    program = program_of(cases)
    model = model_of(program)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            results = [model.logp_dlogp(position) for position in program.positions]
            if model.generated_quantities:
                model.constrain(program.positions[0], generated=True)
            return program, model, results, ""
    except pplc.PplcError as problem:
        return program, model, None, "refused: " + " / ".join(str(problem).strip().splitlines()[:4])
    except Exception as problem:
        frame = traceback.extract_tb(problem.__traceback__)[-1]
        place = f"{Path(frame.filename).name}:{frame.lineno}"
        status = "numba" if isinstance(problem, NeedsNumba) else "failed"
        text = f"{status}: {type(problem).__name__}: {str(problem)[:160]} ({place})".replace("\n", " ")
        return program, model, None, text


class NeedsNumba(Exception):
    """With --native: something is not compiled by our own back end."""


def _without_numba() -> None:
    """Whatever would be compiled by Numba fails instead."""

    def refuse(*arguments: Any) -> Any:
        raise NeedsNumba(f"the operation {arguments[0].op}" if arguments[1:] else "a block")

    fallback.numba_function = loader.load_compiled = refuse


class Fleeting(Given):
    """A program and its data, compiled without being kept on disk."""

    key = None


def model_of(program: Program) -> Model:
    return Model(Fleeting(read_source(program.text), program.data, [], "ppl"))


def _theirs(cases: list[Case]) -> tuple[Results | None, str]:
    program = program_of(cases, stan=True)
    try:
        peer = stanli.Model(stan_code=program.text, data=program.data)
        return [peer.log_prob_grad(position) for position in program.positions], ""
    except Exception as problem:
        return None, str(problem).strip().replace("\n", " / ")[:300]


# Choice -----------------------------------------------------------------------------------------


def cases_of(name: str, sample: int, ways: Collection[Way] = tuple(Way)) -> list[Case]:
    """The calls of a function: all signatures, or a few that have every type at every place as far as they go."""
    possible = [s for s in signatures_of(name) if usable(s)]
    chosen = possible if not sample else covering(possible, sample, np.random.default_rng(list(name.encode())))
    plan = [(s, frozenset[int](), Way.GRAPH) for s in chosen]
    for number, signature in enumerate(chosen[:2]):
        reals = [i for i, t in enumerate(signature.arguments) if scalar_of(t) != Int()]
        as_data = frozenset(reals if number == 0 else reals[:1])
        if reals and not (number == 1 and len(reals) == 1):
            plan.append((signature, as_data, Way.GRAPH))
    elsewhere = covering(possible, min(ELSEWHERE, sample or ELSEWHERE), np.random.default_rng(list(name.encode())))
    if not name.endswith("_jacobian"):  # which may not be called there
        plan += [(s, frozenset(), way) for way in (Way.LOOP, Way.GENERATED) for s in elsewhere]
    return [Case(name, s, d, way, arguments_of(name, s, d)) for s, d, way in plan if way in ways]


ELSEWHERE = 3  # signatures of each function that are also called in loops and generated quantities


def usable(signature: Signature) -> bool:
    parts = (*signature.arguments, signature.result)
    return not any(isinstance(t, FunctionType | Void | String) or _has_tuple(t) for t in parts[:-1]) and not isinstance(
        signature.result, Void
    )


def _has_tuple(type: Type) -> bool:
    return isinstance(type, Tuple) or (isinstance(type, Array) and isinstance(type.element, Tuple))


def covering(signatures: list[Signature], most: int, random: np.random.Generator) -> list[Signature]:
    """At most so many signatures, chosen so that pairs of place and type are covered soon."""
    simple = [s for s in signatures if not any(isinstance(t, Array) and t.dimensions > 2 for t in s.arguments)]
    left = [simple[i] for i in random.permutation(len(simple))]
    chosen: list[Signature] = []
    seen: set[Any] = set()
    while left and len(chosen) < most:
        best = max(left, key=lambda s: len(_features(s) - seen))
        if chosen and not _features(best) - seen:
            break
        chosen.append(best)
        seen |= _features(best)
        left.remove(best)
    return chosen


def _features(signature: Signature) -> set[Any]:
    return {*enumerate(signature.arguments), len(signature.arguments), (len(signature.arguments), signature.result)}


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
        _without_numba()
    if options.light:
        compile_lightly()
    pytensor.config.traceback__limit = 0  # where each node was made; nobody asks here
    names = [n for n in sorted(all_names()) if _matches(n, options.functions) and not _matches(n, options.without)]
    names = [n for n in names if not n.endswith("_rng")]
    part, parts = map(int, options.part.split("/"))
    done = {(o.function, o.signature, o.path) for o in known}
    for some_names in batched(names[part - 1 :: parts], options.together):
        started = time.process_time()
        every = {name: cases_of(name, options.sample, options.ways) for name in some_names}
        left = [case for cases in every.values() for case in cases if (case.name, str(case), case.path) not in done]
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
                print("    ", outcome.status, outcome.path, outcome.function, outcome.signature,
                      f"{outcome.error:.1e}", outcome.message)  # fmt: skip
    _report(known)


def _read(file: Path | None) -> list[Outcome]:
    """What an earlier run has found."""
    if file is None or not file.exists():
        return []
    return [Outcome(**json.loads(line)) for line in file.read_text(encoding="utf-8").splitlines()]


def compile_lightly() -> None:
    """Short loops stay loops and LLVM optimises little: programs compile several times as fast, and run slower."""
    machine.LEVEL = 1
    groups.UNROLL_INNER = groups.UNROLL_OUTER = 1


def _matches(name: str, patterns: list[str]) -> bool:
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)


def _report(outcomes: list[Outcome]) -> None:
    """How many calls of each path had which outcome."""
    for path in Way:
        counts = Counter(o.status for o in outcomes if o.path == path)
        print(f"{path:10} {', '.join(f'{count} {status}' for status, count in counts.items())}")
    for (function, path, status), count in Counter(
        (o.function, o.path, o.status) for o in outcomes if o.status not in ("agrees", "alone", "skipped")
    ).items():
        print(f"    {function} ({path}): {count} {status}")


if __name__ == "__main__":
    main()
