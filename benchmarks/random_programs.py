"""Random programs beside Stan: whatever statements and indices do together, stanli has to agree.

    python -m benchmarks.random_programs                  100 programs
    python -m benchmarks.random_programs --first 500 --count 50
    python -m benchmarks.random_programs --show 17        the program of a number
    python -m benchmarks.random_programs --types          programs over all types (`benchmarks/typed`)

A program has three random bodies over the same kinds of variables: in the transformed data, in the transformed
parameters or the model, where the density looks at everything they leave, and in the generated quantities. They assign
to and read elements, slices, gathers (positions named twice, too), rows and columns of vectors, matrices and arrays of
both, in nested loops, branches, `while`, with `break` and `continue`, through functions of their own and of the
library. Compared are the gradient and all quantities.
"""

from __future__ import annotations

import argparse
import warnings
from collections import Counter

import numpy as np
import stanli
from pplc.compiler import frontend
from pplc.grammar.source import Source

import pplc
from benchmarks import points
from benchmarks.quantities import disagreement
from benchmarks.random_bodies import DATA, program
from benchmarks.typed import examination, programs

TOLERANCE = 1e-8


def examine(number: int) -> tuple[str, str]:
    """The outcome, with its reason.

    agrees, differs, closer (Stan's gradient is not that of its own density), refused, failed (an exception that is no
    message), alone (stanli does not run it), invalid (no finite density in either), mistaken (both say that it is no
    program), accepted (only the Stan compiler says so).
    """
    text = program(number)
    position = np.random.default_rng(number).uniform(-1, 1, 14)
    try:
        peer = stanli.Model(stan_code=text, data=DATA)
        expected, slope = peer.log_prob_grad(position)
    except Exception as problem:
        reason = str(problem).strip()
        if reason.startswith(("Semantic error", "Syntax error")):
            _, mistakes = frontend.read_program(Source("program", text), [], "ppl")
            return ("mistaken" if mistakes else "accepted"), reason[-200:]
        return "alone", reason[:200]
    try:
        model = pplc.compile_model(text, DATA)
        value, gradient = model.logp_dlogp(position)
    except pplc.PplcError as problem:
        return "refused", str(problem)[:300]
    except Exception as problem:
        return "failed", f"{type(problem).__name__}: {str(problem)[:300]}"
    if not np.isfinite(expected) or not np.isfinite(slope).all():
        return ("invalid" if not np.isfinite(value) or not np.isfinite(gradient).all() else "alone"), ""
    error = float(np.linalg.norm(gradient - slope) / max(1e-3, np.linalg.norm(slope)))
    if not error <= TOLERANCE:
        exact = points.has_its_gradient(peer, position, np.random.default_rng(number))
        return ("differs" if exact or error > 1e-5 else "closer"), f"gradient {error:.1e}"
    worst = disagreement(model, peer, position)
    return (
        "differs" if worst.error > TOLERANCE else "agrees"
    ), f"gradient {error:.1e}, {worst.variable} {worst.error:.1e}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--show", type=int)
    parser.add_argument("--types", action="store_true")
    options = parser.parse_args()
    if options.show is not None:
        print((programs.program if options.types else program)(options.show))
        return
    warnings.simplefilter("ignore")
    counts: Counter[str] = Counter()
    for number in range(options.first, options.first + options.count):
        status, message = (examination.examine if options.types else examine)(number)
        counts[status] += 1
        print(number, status, message, flush=True)
    print(", ".join(f"{count} {status}" for status, count in counts.most_common()))


if __name__ == "__main__":
    main()
