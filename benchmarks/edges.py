"""Calls functions of numbers at the edges of their domains and far outside, and compares with Stan's, through stanli.

    python -m benchmarks.edges                       every function that has an overload of numbers alone
    python -m benchmarks.edges --functions NAME ...  these only (patterns with *)

Where Stan raises an error or its density is no number, ours must not be a number either; where Stan has a number, ours
must be that number, and the gradient where Stan's is finite.
"""

from __future__ import annotations

import argparse
import fnmatch
import time
import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, product

import numpy as np
import pytensor
import stanli
from pplc.compiler.library.definitions import Signature
from pplc.compiler.library.expand import all_names, signatures_of
from pplc.compiler.types import Int, Real

from benchmarks.calls.compiling import model_of
from benchmarks.calls.programs import Program

TOLERANCE = 1e-8
TINY = 1e-300  # numbers whose size is below it are all the same
REALS = (0.0, 1.0, -1.0, 0.3, -0.3, 2.5, -2.5, 1e-8, -1e-8, 1 - 1e-9, 20.0, -20.0, 3e3, -3e3, 1e12, -1e12, 1e-200,
         1e200, np.inf, -np.inf, np.nan)  # fmt: skip
INTS = (0, 1, 2, -1, 5, 40)
MOST = 1500  # points of one call


@dataclass
class Difference:
    """A point at which we and Stan differ."""

    point: tuple[float, ...]
    kind: str
    text: str


def calls(name: str) -> Iterator[Signature]:
    """Overloads of real numbers, or of real and whole ones, with a real result."""
    for signature in signatures_of(name):
        kinds = set(signature.arguments)
        if signature.result == Real() and Real() in kinds <= {Int(), Real()}:
            yield signature


def compare(name: str, signature: Signature) -> Iterator[Difference]:
    """The differences at all points, those with every choice of the whole numbers included."""
    kinds = signature.arguments
    fixed = signature.data_only or (False,) * len(kinds)
    known = [i for i, kind in enumerate(kinds) if kind == Int() or fixed[i]]
    for values in product(*(INTS if kinds[i] == Int() else (1e-8,) for i in known)):
        chosen = dict(zip(known, values, strict=True))
        yield from _compare(name, signature, chosen)


def _compare(name: str, signature: Signature, chosen: dict[int, float]) -> Iterator[Difference]:
    program = _program(name, signature, chosen)
    model = model_of(program)
    try:
        peer = stanli.Model(stan_code=program.text, data=program.data)
    except RuntimeError as problem:
        raise LookupError(str(problem)) from None
    free = len(signature.arguments) - len(chosen)
    reals = REALS if free < 3 else REALS[:8] + REALS[-3:]
    for point in islice(product(reals, repeat=free), MOST):
        position = np.array(point)
        try:
            value, slopes = peer.log_prob_grad(position)
        except (RuntimeError, ValueError) as problem:
            value, slopes = None, str(problem).strip().splitlines()[0][:120]
        found, gradient = model.logp_dlogp(position)
        kind = _kind(found, gradient, value, slopes)
        if kind:
            shown = f"ours {found:.12g} {gradient}, Stan {'error' if value is None else f'{value:.12g}'} {slopes}"
            yield Difference((*chosen.values(), *point), kind, shown)


def _kind(found: float, gradient: np.ndarray, value: float | None, slopes: object) -> str:
    """What is different, or nothing."""
    if value is None:
        return "accepted" if np.isfinite(found) or found == np.inf else ""
    if not np.isfinite(value):
        same = found == value or np.isnan(found) or found == -np.inf
        return "" if same else "no number in Stan"
    if not np.isfinite(found):
        return "no number here"
    if abs(found - value) > TOLERANCE * max(TINY, abs(value)) and abs(found - value) > 1e-14:
        return "value"
    expected = np.asarray(slopes)
    if not np.isfinite(expected).all():
        return ""
    if not np.isfinite(gradient).all():
        return "no gradient here"
    if np.abs(gradient - expected).max(initial=0) > 1e-7 * max(1e-10, np.abs(expected).max(initial=0)):
        return "gradient"
    return ""


def _program(name: str, signature: Signature, chosen: dict[int, float]) -> Program:
    names = [f"a{i}" for i in range(len(signature.arguments))]
    data = " ".join(f"{signature.arguments[i]} a{i};" for i in chosen)
    parameters = " ".join(f"real {n};" for i, n in enumerate(names) if i not in chosen)
    text = f"data {{ {data} }}\nparameters {{ {parameters} }}\nmodel {{ target += {name}({', '.join(names)}); }}\n"
    return Program(text, {f"a{i}": value for i, value in chosen.items()}, [], [])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--functions", nargs="+", default=["*"])
    parser.add_argument("--except", dest="without", nargs="+", default=["*_lpdf", "*_lpmf", "*cdf", "*_rng"])
    parser.add_argument("--show", type=int, default=4, help="how many differences of each kind to print")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    pytensor.config.traceback__limit = 0
    total: Counter[str] = Counter()
    for name in sorted(all_names()):
        patterns = ((name, p) for p in options.functions)
        if not any(fnmatch.fnmatchcase(*pair) for pair in patterns):
            continue
        if any(fnmatch.fnmatchcase(name, p) for p in options.without):
            continue
        for signature in calls(name):
            started = time.process_time()
            try:
                found = list(compare(name, signature))
            except LookupError as problem:
                print(f"{name}{signature}: {problem}", flush=True)
                total["unknown to stanli"] += 1
                continue
            kinds = Counter(d.kind for d in found)
            total.update(kinds or {"agree": 1})
            seconds = time.process_time() - started
            print(f"{name}{signature}: {dict(kinds) or 'agrees'} {seconds:.1f} s", flush=True)
            for kind in kinds:
                for difference in islice((d for d in found if d.kind == kind), options.show):
                    print("    ", kind, difference.point, difference.text, flush=True)
    print(dict(total))


if __name__ == "__main__":
    main()
