"""One density as a component of a mixture: graph, generated code and Stan, with arguments at their edges.

Graphs are evaluated by PyTensor's Python machine and generated code runs as Python, so that nothing is compiled.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import numpy as np
import pytensor
import stanli
from pplc.compiler.codegen import loader
from pplc.compiler.codegen.loop_source import Code, loop_source, sweep_source
from pplc.compiler.codegen.messages import new_buffer
from pplc.compiler.library.definitions import Distribution, Parameter
from pplc.compiler.library.densities import parameters_of
from pytensor.compile.mode import Mode
from scalar_calls import call, number, parts_of, point, reals_of

import pplc

type Answer = tuple[float, np.ndarray]
type Evaluate = Callable[[np.ndarray], Answer]

REJECTED = math.nan, np.array([])
WHOLE = ("0", "1", "5")


def components(distribution: Distribution) -> Iterator[str]:
    """Programs: log_sum_exp of the density and a parameter, with the usual whole numbers, then each of them moved.

    A real argument is a quotient, so that nothing is known of it.
    """
    places = reals_of(distribution)
    numbers = [number(distribution, i, p) for i, p in enumerate(parameters_of(distribution))]
    arguments = [f"{text} / one" if i in places else text for i, text in enumerate(numbers)]
    declared = " ".join(f"real x{i};" for i in places)
    name = f"{distribution.name}_{parts_of(distribution)[0]}"
    moved = [(i, whole) for i in range(len(arguments)) if i not in places for whole in WHOLE if whole != arguments[i]]
    for i, whole in [(None, ""), *moved]:
        density = call(name, [whole if place == i else text for place, text in enumerate(arguments)])
        yield f"parameters {{ {declared} real other; real one; }} model {{ target += log_sum_exp({density}, other); }}"


def edges(parameter: Parameter) -> list[float]:
    """The ends of a real argument's interval, what lies beyond them, 0, the infinities and nan."""
    support = parameter.support
    ends = [bound for bound in (support.lower, support.upper) if bound is not None]
    return [0.0, math.inf, -math.inf, math.nan, *ends, *(bound + side for bound in ends for side in (-1.0, 1.0))]


def points(distribution: Distribution) -> Iterator[np.ndarray]:
    """Each argument at its edges while the others are moderate, then two of them."""
    base = [*point(distribution), -0.4, 1.0]
    places = [edges(parameters_of(distribution)[i]) for i in reals_of(distribution)]
    for i, values in enumerate(places):
        for value in values:
            moved = [*base]
            moved[i] = value
            yield np.array(moved)
            for j, others in enumerate(places[:i]):
                for other in others[: 2 + 4 * (len(places) < 4)]:
                    moved[j] = other
                    yield np.array(moved)
                moved[j] = base[j]


def in_graph(text: str) -> Evaluate:
    lowered = pplc.compile_model(text).lowered
    density = lowered.log_density()
    slopes = pytensor.grad(density, lowered.position, disconnected_inputs="ignore")
    table = lowered.table.values
    inputs = [lowered.position, *table]
    function = pytensor.function(inputs, [density, slopes], mode=Mode("py", None), on_unused_input="ignore")

    def evaluate(at: np.ndarray) -> Answer:
        value, gradient = function(at, *table.values())
        return float(value), gradient

    return evaluate


def generated(text: str) -> Evaluate:
    """The model block as generated code, and its reverse sweep."""
    program = pplc.compile_model(text).program
    parameters = [node.variable for node in program.parameters]
    source, messages = loop_source(program.model, parameters, [])
    active = (True,) * len(parameters)
    code = Code(source, messages, program.model, tuple(parameters), (), active, (), ("target",), None)
    loop, sweep = loader.load_plain(source).loop, loader.load_plain(sweep_source(code)).loop

    def evaluate(at: np.ndarray) -> Answer:
        numbers = [np.float64(x) for x in at]
        buffer = new_buffer()
        (value,) = loop(buffer, *numbers)
        if messages.error(buffer) is not None:
            return REJECTED
        return float(value), np.array(sweep(new_buffer(), *numbers, 1.0))

    return evaluate


def in_stan(text: str) -> Evaluate:
    model = stanli.Model(stan_code=text)

    def evaluate(at: np.ndarray) -> Answer:
        try:
            value, gradient = model.log_prob_grad(at)
        except (RuntimeError, ValueError):
            return REJECTED
        return value, np.asarray(gradient)

    return evaluate
