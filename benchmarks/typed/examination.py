"""A random program over all types beside what walking its tree gives, and beside stanli where that runs it.

Compared are the density without Jacobians, transformed parameters and generated quantities with the walk, the gradient
with differences of the density, and density, gradient and quantities with stanli.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import stanli
from pplc.compiler import frontend, ir
from pplc.grammar.diagnostics import Severity
from pplc.grammar.source import Source

import pplc
from benchmarks.quantities import disagreement
from benchmarks.typed import programs
from benchmarks.typed.data import DATA
from benchmarks.typed.machine import Machine, as_value, numbers
from pplc.declared import outputs_of, structured
from pplc.model import Model

VALUES, SLOPES, STEPS = 1e-9, 1e-6, (1e-3, 1e-4, 1e-5)


def examine(number: int) -> tuple[str, str]:
    """The outcome, with its reason.

    agrees, walked (agrees, but stanli does not run it), differs (from the walk or from differences), unlike (stanli's
    gradient or quantities), refused, failed (an exception that is no message), mistaken (the Stan compiler refuses the
    program, too), accepted or stricter (only one of the two refuses it), invalid (no finite density).
    """
    text = programs.program(number)
    _, found = frontend.read_program(Source("program", text), [], "ppl")
    mistakes = [mistake for mistake in found if mistake.severity is Severity.ERROR]
    try:
        stanli.stan_to_mir(text)
    except Exception as problem:
        return ("mistaken" if mistakes else "accepted"), str(problem)[-200:]
    if mistakes:
        return "stricter", mistakes[0].title
    try:
        model = pplc.compile_model(text, DATA)
        position = np.random.default_rng(number).uniform(-1, 1, model.n_unconstrained)
        value, gradient = model.logp_dlogp(position)
        wrong = _beside_walk(model, position) if np.isfinite(value) else ""
    except pplc.PplcError as problem:
        return "refused", str(problem)[:300]
    except Exception as problem:
        return "failed", f"{type(problem).__name__}: {str(problem)[:300]}"
    if wrong:
        return "differs", wrong
    if not np.isfinite(value):
        return "invalid", model.explain(position)[:200]
    slopes = _worst_slope(model, position, gradient)
    if not slopes <= SLOPES:
        return "differs", f"gradient {slopes:.1e} from differences"
    return _beside_stan(text, model, position, gradient, slopes)


def _beside_walk(model: Model, position: np.ndarray) -> str:
    """What differs from the walk, or nothing."""
    program = model.program
    blocks = (program.parameters, program.transformed_parameters, program.generated_quantities)
    outputs = [output for block in blocks for output in outputs_of(model.lowered, block)]
    ours = structured(outputs, model.constrain(position, generated=True))
    given = dict(DATA)
    machine = Machine({d.variable: as_value(given[d.variable.name], d.variable.type) for d in program.data})
    machine.run(program.transformed_data)
    for declare in program.parameters:
        machine.values[declare.variable] = as_value(ours[declare.variable], declare.variable.type)
    machine.run(program.transformed_parameters)
    inner = Machine(machine.values)
    inner.target = machine.target
    inner.run(program.model)
    with_model = inner.target
    machine.run(program.generated_quantities)
    for node in (*program.transformed_parameters, *program.generated_quantities):
        if isinstance(node, ir.Declare):
            variable = node.variable
            error = _error(numbers(as_value(ours[variable], variable.type)), numbers(machine.values[variable]))
            if not error <= VALUES:
                return f"{variable.name} {error:.1e} from the walk"
    error = _error([model.logp(position, jacobian=False)], [with_model])
    return "" if error <= VALUES else f"density {error:.1e} from the walk"


def _error(ours: Any, walked: Any) -> float:
    one, other = np.array(ours, complex), np.array(walked, complex)
    if one.shape != other.shape:
        return np.inf
    with np.errstate(invalid="ignore"):
        errors = np.abs(one - other) / np.maximum(1.0, np.abs(other))
    same = (one == other) | (np.isnan(one) & np.isnan(other))
    return float(np.nan_to_num(np.where(same, 0, errors), nan=np.inf).max(initial=0))


def _worst_slope(model: Model, position: np.ndarray, gradient: np.ndarray) -> float:
    """How far the gradient is from differences of the density, by the best of several steps in each coordinate."""
    size = max(1.0, float(np.linalg.norm(gradient)))
    worst = 0.0
    for place in range(position.size):
        along = np.eye(position.size)[place]
        slopes = [_slope(model, position, along, step) for step in STEPS]
        errors = [abs(slope - gradient[place]) for slope in slopes]
        if min(abs(one - other) for one, other in pairwise(slopes)) <= SLOPES * size:  # no kink in between
            worst = max(worst, float(np.nan_to_num(min(errors), nan=np.inf)))
    return worst / size


def _slope(model: Model, position: np.ndarray, along: np.ndarray, step: float) -> float:
    at = [model.logp_dlogp(position + k * step * along)[0] for k in (1, -1, 2, -2)]
    return (8 * (at[0] - at[1]) - (at[2] - at[3])) / (12 * step)


def _beside_stan(text: str, model: Model, position: np.ndarray, gradient: np.ndarray, slopes: float) -> tuple[str, str]:
    try:
        peer = stanli.Model(stan_code=text, data=DATA)
        _, expected = peer.log_prob_grad(position)
        worst = disagreement(model, peer, position)
    except Exception as problem:
        return "walked", f"gradient {slopes:.1e} from differences; {str(problem).strip()[:100]}"
    error = float(np.linalg.norm(gradient - expected) / max(1e-3, np.linalg.norm(expected)))
    same = error <= 1e-8 and worst.error <= 1e-8
    return "agrees" if same else "unlike", f"gradient {error:.1e}, {worst.variable} {worst.error:.1e}"
