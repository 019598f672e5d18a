"""Calls of library functions beside stanli, or beside the graph or differences where stanli cannot do them."""

from __future__ import annotations

import traceback
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import batched
from pathlib import Path
from typing import Any

import numpy as np
import stanli
from pplc.compiler.types import Array, Int, Real

import pplc
from benchmarks.calls.alike import graph_key
from benchmarks.calls.compiling import NeedsNumba, model_of
from benchmarks.calls.programs import Case, Program, Way, program_of
from pplc.model import Model

TOLERANCE = 1e-8
BATCH = 24  # calls in one program

type Results = list[tuple[float, np.ndarray]]  # value and gradient at each point


@dataclass
class Outcome:
    """How one call fared."""

    function: str
    signature: str
    way: str
    status: str
    error: float = 0.0
    message: str = ""


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
    for group in batched([asked for asked in alone if asked.case.way != Way.GRAPH], batch):
        yield _repeated(_compare_with_graph([(asked.case, asked.refusal) for asked in group]), same)
    in_graph = [asked for asked in alone if asked.case.way == Way.GRAPH]
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
    if case.way != Way.GRAPH:
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
        if case.way == Way.GENERATED:
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
        if status == "differs" and case.way != Way.GENERATED and _closer(model, program, ours, (begin, end), stan):
            status = "closer"
        yield case, _outcome(case, status, worst, message * (worst > TOLERANCE))


def _compare_with_graph(group: list[tuple[Case, str]]) -> Iterator[tuple[Case, Outcome]]:
    """Calls in generated code beside the same calls in the graph."""
    program, _, graph, problem = _ours([replace(case, way=Way.GRAPH) for case, _ in group])
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
    return Outcome(case.name, str(case), case.way, status, error, message)


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


def _theirs(cases: list[Case]) -> tuple[Results | None, str]:
    program = program_of(cases, stan=True)
    try:
        peer = stanli.Model(stan_code=program.text, data=program.data)
        return [peer.log_prob_grad(position) for position in program.positions], ""
    except Exception as problem:
        return None, str(problem).strip().replace("\n", " / ")[:300]
