"""Calls every signature of the library in a small program and compares value and gradient with Stan's, through stanli.

    python -m benchmarks.signatures                          a few signatures of each function
    python -m benchmarks.signatures --sample 0               all of them
    python -m benchmarks.signatures --functions NAME ...     these functions only (prefixes ending in *)
    python -m benchmarks.signatures --part 2/8 --json FILE   the second of eight batches, results as JSON

A program holds several calls, each multiplied by a parameter of its own: the gradient with respect to that parameter
is the call's value, constants included. Outcomes: agrees, differs, refused (by us), failed (an exception that is no
message), alone (stanli cannot do it; then our gradient is compared with differences of our value), invalid (neither
has a finite value there), skipped (functions of functions).
"""

from __future__ import annotations

import argparse
import fnmatch
import json
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import stanli
from pplc.compiler.library.definitions import Signature
from pplc.compiler.library.expand import all_names, signatures_of
from pplc.compiler.types import (
    Array,
    Complex,
    ComplexMatrix,
    ComplexRowVector,
    ComplexVector,
    FunctionType,
    Int,
    Matrix,
    Real,
    RowVector,
    String,
    Tuple,
    Type,
    Vector,
    Void,
    element_of,
    scalar_of,
)

import pplc
from benchmarks.arguments import Argument, arguments_of

TOLERANCE = 1e-8
POINTS = 3
BATCH = 8  # calls in one program

# The signs or phases of these vectors are arbitrary: what is compared does not depend on them.
INVARIANT = {
    "eigenvectors_sym": "abs({})",
    "eigenvectors": "abs({})",
    "svd_U": "abs({})",
    "svd_V": "abs({})",
    "eigendecompose_sym": "abs({}.1)",
    "eigendecompose": "abs({}.1)",
    "svd": "abs({}.1)",
}


@dataclass
class Outcome:
    """How one call fared."""

    function: str
    signature: str
    status: str
    error: float = 0.0
    message: str = ""


@dataclass(frozen=True)
class Case:
    """A call of a function: the signature and which of its arguments are data."""

    name: str
    signature: Signature
    data: frozenset[int] = frozenset()
    arguments: list[Argument] = field(default_factory=list, compare=False, repr=False)

    def __str__(self) -> str:
        marked = f" with {', '.join(str(d + 1) for d in sorted(self.data))} as data" if self.data else ""
        return f"{self.signature}{marked}"


# Programs ---------------------------------------------------------------------------------------


@dataclass
class Program:
    """The text of a program that makes some calls, its data, and where each call's numbers stand in a position."""

    text: str
    data: dict[str, Any]
    positions: list[np.ndarray]
    ranges: list[tuple[int, int]]


def program_of(cases: list[Case]) -> Program:
    """All calls in one program; the last coordinate of each range is the factor of the call."""
    data: dict[str, Any] = {}
    lines: dict[str, list[str]] = {"data": [], "parameters": []}
    pieces: list[list[np.ndarray]] = [[] for _ in range(POINTS)]
    model: list[str] = []
    transformed: list[str] = []
    ranges, offset = [], 0
    for number, case in enumerate(cases):
        begin = offset
        texts = []
        for place, argument in enumerate(case.arguments):
            names = []
            for letter, part in zip("xy", argument.parts or (argument,), strict=False):
                name = f"{letter}{number}_{place}"
                names.append(name)
                lines[part.block].append(f"{part.declared} {name};")
                if part.block == "data":
                    data[name] = part.value
                else:
                    offset += len(part.value[0])
                    for point in range(POINTS):
                        pieces[point].append(part.value[point])
            texts.append(argument.build.format(*names))
        lines["parameters"].append(f"real f{number};")
        offset += 1
        for point in range(POINTS):
            pieces[point].append(np.array([0.7 + 0.1 * point]))
        ranges.append((begin, offset))
        kind = case.name.rsplit("_", 1)[-1]
        bar = kind in ("lpdf", "lpmf", "cdf", "lcdf", "lccdf") and len(texts) > 1
        separators = texts[0] + " | " + ", ".join(texts[1:]) if bar else ", ".join(texts)
        call = INVARIANT.get(case.name, "{}").format(f"{case.name}({separators})")
        if kind == "jacobian":  # may be called there only
            transformed.append(f"real j{number} = total({call});")
            call = f"j{number}"
        model.append(f"target += f{number} * total({call});")
    summed = [*map(_summed, cases), *([Real()] if transformed else [])]
    totals = "".join(dict.fromkeys(text for type in summed for text in total_functions(type)))
    text = (
        f"functions {{\n{totals}}}\ndata {{ {' '.join(lines['data'])} }}\n"
        f"parameters {{ {' '.join(lines['parameters'])} }}\n"
        f"transformed parameters {{ {' '.join(transformed)} }}\nmodel {{\n" + "\n".join(model) + "\n}\n"
    )
    return Program(text, data, [np.concatenate(p) for p in pieces], ranges)


def _summed(case: Case) -> Type:
    """The type of what is added up."""
    result = case.signature.result
    if case.name not in INVARIANT:
        return result
    first = result.elements[0] if isinstance(result, Tuple) else result
    return Matrix() if first == ComplexMatrix() else first


def total_functions(type: Type) -> Iterator[str]:
    """Definitions of `total` for a type and its elements: the sum of all numbers, with weights that tell them apart."""
    match type:
        case Int() | Real():
            body = "return x;"
            type = Real()
        case Complex():
            body = "return get_real(x) + 0.7 * get_imag(x);"
        case Vector():
            body = "real t = 0; for (i in 1:size(x)) t += cos(i) * x[i]; return t;"
        case RowVector():
            yield from total_functions(Vector())
            body = "return total(x');"
        case Matrix():
            yield from total_functions(Vector())
            body = "return total(to_vector(x));"
        case ComplexVector() | ComplexRowVector():
            yield from total_functions(Vector() if type == ComplexVector() else RowVector())
            body = "return total(get_real(x)) + 0.7 * total(get_imag(x));"
        case ComplexMatrix():
            yield from total_functions(Matrix())
            body = "return total(get_real(x)) + 0.7 * total(get_imag(x));"
        case Tuple(elements):
            for element in elements:
                yield from total_functions(element)
            body = f"return {' + '.join(f'{1 + 0.3 * i:g} * total(x.{i + 1})' for i in range(len(elements)))};"
        case Array():
            yield from total_functions(element_of(type))
            body = "real t = 0; for (i in 1:size(x)) t += cos(i) * total(x[i]); return t;"
        case _:
            raise TypeError(f"no total of {type}")
    yield f"real total({type} x) {{ {body} }}\n"


# Comparison -------------------------------------------------------------------------------------


def examine(cases: list[Case]) -> list[Outcome]:
    """Compare the calls, all in one program if that goes well and one by one otherwise."""
    program = program_of(cases)
    ours, problem = _ours(program)
    theirs, refusal = _theirs(program) if ours is not None else (None, "")
    single = len(cases) == 1
    usable = ours is not None and theirs is not None and _finite(ours) and _finite(theirs)
    if not usable and not single:
        return [outcome for case in cases for outcome in examine([case])]
    if not usable:
        return [_odd(cases[0], program, ours, problem, theirs, refusal)]
    outcomes = []
    for case, (begin, end) in zip(cases, program.ranges, strict=True):
        pairs = [(g[begin:end], h[begin:end]) for (_, g), (_, h) in zip(ours, theirs, strict=True)]
        worst, message = 0.0, ""
        for point, (g, h) in enumerate(pairs):
            value = abs(g[-1] - h[-1]) / max(1.0, abs(h[-1]))
            slope = float(np.linalg.norm(g[:-1] - h[:-1]) / max(1e-3, np.linalg.norm(h[:-1])))
            if max(value, slope) > worst:
                worst = float(max(value, slope))
                message = (
                    f"value {g[-1]:.12g}, Stan {h[-1]:.12g}; gradient {_short(g[:-1])}, Stan {_short(h[:-1])} ({point})"
                )
        status = "agrees" if worst <= TOLERANCE else "differs"
        outcomes.append(Outcome(case.name, str(case), status, worst, message if status == "differs" else ""))
    return outcomes


def _short(numbers: np.ndarray) -> str:
    return np.array2string(numbers[:6], precision=10, max_line_width=10**6)


def _finite(results: list[tuple[float, np.ndarray]]) -> bool:
    return all(np.isfinite(value) and np.isfinite(gradient).all() for value, gradient in results)


def _odd(case: Case, program: Program, ours: Any, problem: str, theirs: Any, refusal: str) -> Outcome:
    """The outcome of a call that one side has no finite answer for."""
    if ours is None:
        status, _, message = problem.partition(": ")
        if status == "refused" and not refusal:
            _, refusal = _theirs(program)
            message += f" [Stan: {refusal or 'accepts it'}]"
        return Outcome(case.name, str(case), status, message=message)
    if theirs is None:
        if not _finite(ours):
            return Outcome(case.name, str(case), "invalid", message=refusal)
        error = _difference_error(program)
        return Outcome(case.name, str(case), "alone" if error <= 1e-5 else "differs", error, refusal)
    message = f"ours {ours[0][0]:.10g} {_short(ours[0][1])}, Stan {theirs[0][0]:.10g} {_short(theirs[0][1])}"
    same = not _finite(ours) and not _finite(theirs)
    return Outcome(case.name, str(case), "invalid" if same else "differs", float("inf"), message)


def _difference_error(program: Program, step: float = 1e-5) -> float:
    """How far our gradient is from central differences of our value, relative to its norm."""
    model = pplc.compile_model(program.text, program.data)
    worst = 0.0
    for position in program.positions:
        gradient = model.logp_dlogp(position)[1]
        moves = step * np.eye(len(position))
        slopes = [(model.logp_dlogp(position + m)[0] - model.logp_dlogp(position - m)[0]) / (2 * step) for m in moves]
        worst = max(worst, float(np.linalg.norm(gradient - slopes) / max(1.0, np.linalg.norm(gradient))))
    return worst


def _ours(program: Program) -> tuple[list[tuple[float, np.ndarray]] | None, str]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model = pplc.compile_model(program.text, program.data)
            return [model.logp_dlogp(position) for position in program.positions], ""
    except pplc.PplcError as problem:
        return None, "refused: " + " / ".join(str(problem).strip().splitlines()[:4])
    except Exception as problem:
        frame = traceback.extract_tb(problem.__traceback__)[-1]
        place = f"{Path(frame.filename).name}:{frame.lineno}"
        return None, f"failed: {type(problem).__name__}: {str(problem)[:160]} ({place})".replace("\n", " ")


def _theirs(program: Program) -> tuple[list[tuple[float, np.ndarray]] | None, str]:
    try:
        peer = stanli.Model(stan_code=program.text, data=program.data)
        return [peer.log_prob_grad(position) for position in program.positions], ""
    except Exception as problem:
        return None, str(problem).strip().replace("\n", " / ")[:300]


# Choice -----------------------------------------------------------------------------------------


def cases_of(name: str, sample: int) -> list[Case]:
    """The calls of a function: all signatures, or a few that have every type at every place as far as they go."""
    usable = [s for s in signatures_of(name) if _usable(s)]
    chosen = usable if not sample else _covering(usable, sample, np.random.default_rng(list(name.encode())))
    plan = [(s, frozenset[int]()) for s in chosen]
    for number, signature in enumerate(chosen[:2]):
        reals = [i for i, t in enumerate(signature.arguments) if scalar_of(t) != Int()]
        as_data = frozenset(reals if number == 0 else reals[:1])
        if reals and not (number == 1 and len(reals) == 1):
            plan.append((signature, as_data))
    return [Case(name, s, d, arguments_of(name, s, POINTS, d)) for s, d in plan]


def _usable(signature: Signature) -> bool:
    parts = (*signature.arguments, signature.result)
    return not any(isinstance(t, FunctionType | Void | String) or _has_tuple(t) for t in parts[:-1]) and not isinstance(
        signature.result, Void
    )


def _has_tuple(type: Type) -> bool:
    return isinstance(type, Tuple) or (isinstance(type, Array) and isinstance(type.element, Tuple))


def _covering(signatures: list[Signature], most: int, random: np.random.Generator) -> list[Signature]:
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
    parser.add_argument("--part", default="1/1", help="which of how many batches")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    names = [n for n in sorted(all_names()) if any(fnmatch.fnmatchcase(n, p) for p in options.functions)]
    part, parts = map(int, options.part.split("/"))
    outcomes: list[Outcome] = []
    for name in names[part - 1 :: parts]:
        started = time.process_time()
        found = _of_function(name, options.sample)
        outcomes += found
        counts = Counter(o.status for o in found)
        seconds = time.process_time() - started
        print(f"{name:40} {', '.join(f'{n} {s}' for s, n in counts.items()):40} {seconds:6.1f} s", flush=True)
        for outcome in found:
            if outcome.status in ("differs", "refused", "failed", "invalid", "alone"):
                print(f"    {outcome.status} {outcome.signature} {outcome.error:.1e} {outcome.message}", flush=True)
    print(", ".join(f"{count} {status}" for status, count in Counter(o.status for o in outcomes).items()))
    if options.json:
        options.json.write_text(json.dumps([asdict(o) for o in outcomes], indent=1), encoding="utf-8")


def _of_function(name: str, sample: int) -> list[Outcome]:
    if name.endswith("_rng"):
        return []
    cases = cases_of(name, sample)
    if not cases:
        return [Outcome(name, "", "skipped")]
    return [o for start in range(0, len(cases), BATCH) for o in examine(cases[start : start + BATCH])]


if __name__ == "__main__":
    main()
