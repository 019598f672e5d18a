"""Graphs of random variables as compiled functions: each `LibraryRV` becomes a loop that draws.

All draws of a call come from one generator, whose address is an input of the compiled code. Where a parameter lies
outside its support, and where no draw of many falls between the bounds of a truncated variable, there is no outcome:
nan, or NO_OUTCOME for an integer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any

import numpy as np
import pytensor.tensor as pt
from numpy.typing import NDArray
from pytensor.graph.basic import Apply
from pytensor.graph.op import Op
from pytensor.graph.traversal import io_toposort

from ..library.kernels.draws import NO_OUTCOME
from ..lower.library_rv import MOST_ATTEMPTS, LibraryRV
from .functions import compile_function
from .random_methods import address_of

_serial = count()


class DrawLoop(Op):  # type: ignore[misc]
    """Outcomes of a distribution. Two with equal inputs still differ, so each has a number."""

    __props__ = ("source", "number", "output_type")

    def __init__(self, source: str, output_type: Any) -> None:
        self.source, self.number, self.output_type = source, next(_serial), output_type

    def make_node(self, *inputs: Any) -> Apply:
        return Apply(self, list(inputs), [self.output_type()])

    def perform(self, node: Apply, inputs: Sequence[Any], storage: list[list[Any]]) -> None:
        raise NotImplementedError("draws are compiled")


class RandomFunction:
    """Draws the outputs of a graph of random variables.

    `inputs` are graph inputs given at each call, `data` the others with their values.
    """

    def __init__(self, inputs: Sequence[Any], outputs: Sequence[Any], data: Mapping[Any, NDArray[Any]]) -> None:
        generator = pt.lscalar("generator")
        drawn = _with_loops(list(outputs), generator)
        self._function = compile_function([*inputs, generator], drawn, data, "draw")

    def over_draws(self, number: int, seed: int, *values: Any) -> list[NDArray[Any]]:
        """The outputs `number` times, for inputs of shape (number, *shape); random numbers depend on the seed."""
        rng = np.random.default_rng(seed)
        addresses = np.full(number, address_of(rng), np.int64)
        return [_with_nan(result) for result in self._function.over_draws(*values, addresses)]


def _with_nan(values: NDArray[Any]) -> NDArray[Any]:
    """Integers some of which could not be drawn, as floating-point numbers with nan."""
    if values.dtype.kind != "i" or not (missing := values == NO_OUTCOME).any():
        return values
    return np.where(missing, np.nan, values)


def _with_loops(outputs: list[Any], generator: Any) -> list[Any]:
    """The graph with loops in the place of random variables.

    A variable may stand in the graph several times, once for each that depends on it; its generator tells that it is
    the same, and it is drawn once.
    """
    new: dict[Any, Any] = {}
    drawn: dict[Any, Any] = {}
    for node in io_toposort([], outputs):
        given = [new.get(variable, variable) for variable in node.inputs]
        if isinstance(node.op, LibraryRV):
            own = node.inputs[0]
            if own not in drawn:
                drawn[own] = _loop(node, given[2:], generator)
            new[node.outputs[1]] = drawn[own]
        elif any(old is not now for old, now in zip(node.inputs, given, strict=True)):
            new.update(zip(node.outputs, node.clone_with_new_inputs(given).outputs, strict=True))
    return [new.get(output, output) for output in outputs]


def _loop(node: Apply, arguments: list[Any], generator: Any) -> Any:
    """The draws of one random variable."""
    op, output = node.op, node.outputs[1]
    core = len(op.core_shape)
    batch = tuple(output.type.shape[: output.type.ndim - core])
    valid = _valid(op, arguments)
    arguments = [valid, *arguments]
    cores = [0, *op.ndims_params]
    texts = [_element(f"a{n}", a, c, batch) for n, (a, c) in enumerate(zip(arguments, cores, strict=True))]
    source = _source(op, batch, texts, [f"a{n}" for n in range(len(arguments))])
    return DrawLoop(source, output.type.clone(shape=(*batch, *op.core_shape)))(generator, *arguments)


def _valid(op: LibraryRV, arguments: list[Any]) -> Any:
    """Whether the parameters of each outcome lie in their supports, as integers."""
    from ..library.densities import draw_validity

    own = arguments[:-2] if op.truncated else arguments
    truths = [truth for _, _, truth in draw_validity(op.distribution, own)]
    if not truths:
        return pt.constant(1, dtype="int64")
    valid = truths[0]
    for truth in truths[1:]:
        valid = pt.and_(valid, truth)
    return pt.cast(valid, "int64")


def _element(name: str, argument: Any, core: int, batch: tuple[int, ...]) -> str:
    """The text of an argument's value for the outcome at i0, i1, ...; axes of length one are repeated."""
    axes = argument.type.ndim - core
    first = len(batch) - axes
    at = ["0" if argument.type.shape[axis] == 1 else f"i{first + axis}" for axis in range(axes)]
    return f"{name}[{', '.join(at)}]" if at else name


def _source(op: LibraryRV, batch: tuple[int, ...], texts: list[str], names: list[str]) -> str:
    """The function `loop(messages, rng, valid, arguments...)`."""
    integer = op.dtype.startswith("int")
    missing, kind = (str(NO_OUTCOME), "np.int64") if integer else ("nan", "np.float64")
    valid, *given = texts
    lower, upper = given[-2:] if op.truncated else ("", "")
    passed = [lower, upper, *given[:-2]] if op.between else given[:-2] if op.truncated else given
    draw = f"draw__({', '.join(['rng', *passed])})"
    shape = (*batch, *op.core_shape)
    lines = [f"out = np.full(({', '.join(map(str, shape))},), {missing}, {kind})" if shape else f"out = {missing}"]
    indent = ""
    for axis, size in enumerate(batch):
        lines.append(f"{indent}for i{axis} in range({size}):")
        indent += "    "
    lines += [f"{indent}if {valid} != 0:", f"{indent}    value = {draw}"]
    indent += "    "
    if op.between:
        lines += [f"{indent}if {lower} > {upper}:", f"{indent}    value = {missing}"]
    elif op.truncated:
        lines += [
            f"{indent}attempts = 1",
            f"{indent}while (value < {lower} or value > {upper}) and attempts < {MOST_ATTEMPTS}:",
            f"{indent}    value = {draw}",
            f"{indent}    attempts += 1",
            f"{indent}if value < {lower} or value > {upper}:",
            f"{indent}    value = {missing}",
        ]
    for axis, size in enumerate(op.core_shape):
        lines.append(f"{indent}for k{axis} in range({size}):")
        indent += "    "
    inner = ", ".join(f"k{axis}" for axis in range(len(op.core_shape)))
    place = ", ".join([*(f"i{axis}" for axis in range(len(batch))), *([inner] if inner else [])])
    lines.append(f"{indent}out{f'[{place}]' if place else ''} = value{f'[{inner}]' if inner else ''}")
    body = "\n    ".join([*lines, "return (out, )"])
    return f"draw__ = draw_function({op.draw_name!r})\n\ndef loop(messages, rng, {', '.join(names)}):\n    {body}\n"
