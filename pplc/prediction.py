"""Prior and posterior predictive draws and pointwise log likelihoods, from the graph of random variables."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pplc.compiler import ir
from pplc.compiler.lower.library_rv import tried_in_vain
from pplc.compiler.lower.program import Lowered
from pplc.compiler.lower.random_variables import Obstacle, RandomGraph, random_graph
from pplc.compiler.lower.values import Value

from .errors import MissingDrawsWarning, NotGenerative

if TYPE_CHECKING:
    from pplc.compiler.backend.random_graph import RandomFunction

    from .outputs import Output

type Arrays = dict[str, NDArray[Any]]


class Predictor:
    """What a lowered program says about draws; functions are compiled when first used."""

    def __init__(self, lowered: Lowered, parameters: Iterable[Output], transformed: Iterable[Output]) -> None:
        self.lowered = lowered
        self.parameters, self.transformed = tuple(parameters), tuple(transformed)

    @cached_property
    def graph(self) -> RandomGraph:
        """The random variables of the program."""
        return random_graph(self.lowered)

    @property
    def observed(self) -> tuple[str, ...]:
        """The data variables that have a distribution."""
        return tuple(name for name in self.graph.conditional if name not in {o.variable.name for o in self.parameters})

    @property
    def left_out(self) -> str:
        """Why some data have no prior predictive draws; empty if all have."""
        return "; ".join(f"{o.text} (line {o.span.line})" for o in self.graph.recurrent.values())

    def prior(self, draws: int, seed: int) -> tuple[Arrays, Arrays]:
        """Prior draws of parameters and transformed parameters, and of the data: each of shape (draws, *shape).

        Data that are drawn given their own earlier values are left out (see `left_out`).

        Raises NotGenerative if a statement stands in the way.
        """
        if self.graph.obstacles:
            raise NotGenerative(_explained(self.graph.obstacles))
        names, function = self._prior_function
        arrays = dict(zip(names, function.over_draws(draws, seed), strict=True))
        self._tell_missing(arrays)
        data = {name: arrays.pop(name) for name in self.observed if name in arrays}
        return arrays, data

    @cached_property
    def _prior_function(self) -> tuple[list[str], RandomFunction]:
        from pytensor.graph.replace import clone_replace

        from pplc.compiler.backend.random_graph import RandomFunction

        values = {self._parameter(o): self.graph.generative[o.described.name] for o in self.parameters}
        graphs = {o.described.name: values[self._parameter(o)] for o in self.parameters}
        transformed = [self.lowered.table.tensor(self.lowered.part(o.variable, o.path)) for o in self.transformed]
        replaced = clone_replace(transformed, values) if transformed else []
        graphs |= {o.described.name: graph for o, graph in zip(self.transformed, replaced, strict=True)}
        graphs |= {name: self.graph.generative[name] for name in self.observed if name not in self.graph.recurrent}
        return list(graphs), RandomFunction([], list(graphs.values()), self.lowered.table.values)

    def posterior_predictive(self, posterior: Mapping[str, NDArray[Any]], seed: int) -> Arrays:
        """New data for each draw of the parameters (arrays of shape (n, *shape)). Raises NotGenerative.

        Data whose distribution depends on their own earlier values are predicted one step ahead, given these.
        """
        if not self.observed:
            raise NotGenerative("no data variable stands on the left of `~`, so there is nothing to predict")
        given = [posterior[o.described.name] for o in self.parameters]
        count = len(given[0]) if given else 1
        arrays = dict(zip(self.observed, self._predictive_function.over_draws(count, seed, *given), strict=True))
        self._tell_missing(arrays)
        return arrays

    def _tell_missing(self, arrays: Arrays) -> None:
        """Warn of outcomes that were not found between their bounds."""
        for name, array in arrays.items():
            distribution = tried_in_vain(self.graph.conditional.get(name))
            missing = int(np.isnan(array).sum()) if array.dtype.kind == "f" and distribution else 0
            if missing:
                warnings.warn(MissingDrawsWarning(name, distribution, missing, array.size), stacklevel=4)

    @cached_property
    def _predictive_function(self) -> RandomFunction:
        from pplc.compiler.backend.random_graph import RandomFunction

        inputs, [*graphs] = self._given_parameters([self.graph.conditional[name] for name in self.observed])
        return RandomFunction(inputs, graphs, self.lowered.table.values)

    def log_likelihood(self, posterior: Mapping[str, NDArray[Any]]) -> Arrays:
        """The log density of each observation for each draw: arrays of shape (n, *observations)."""
        draws, function = self._likelihood_function
        if not draws:
            return {}
        given = [posterior[o.described.name] for o in self.parameters]
        terms = function.over_draws(*given)
        found: Arrays = {}
        for draw, term in zip(draws, terms, strict=True):
            variable = draw.variable
            assert variable is not None
            elements, shape = _observations(draw, self.lowered)
            name = variable.name
            if name not in found:
                found[name] = np.full((len(term), int(np.prod(shape, dtype=np.int64))), np.nan)
            found[name][:, elements.ravel()] = term.reshape(len(term), -1)
        return {
            name: array.reshape((len(array), *self._observation_shape(name, draws))) for name, array in found.items()
        }

    def _observation_shape(self, name: str, draws: list[Any]) -> tuple[int, ...]:
        draw = next(d for d in draws if d.variable.name == name)
        return _observations(draw, self.lowered)[1]

    @cached_property
    def _likelihood_function(self) -> tuple[list[Any], Any]:
        import pytensor.tensor as pt

        from pplc.compiler.backend.functions import compile_function
        from pplc.compiler.lower import expressions
        from pplc.compiler.lower.scope import Scope

        table = self.lowered.table
        draws = [d for d in self.lowered.draws if d.variable is not None and d.variable.role is ir.Role.DATA]
        graphs = []
        for draw in draws:
            value = expressions.lifted(draw.term.value, draw.frame, Scope(table))
            graph = table.tensor(value)
            shape = (*draw.frame.axes, *graph.type.shape[len(draw.frame.axes) :])
            graphs.append(pt.broadcast_to(graph, shape) if tuple(graph.type.shape) != shape else graph)
        if not graphs:
            return [], None
        inputs, graphs = self._given_parameters(graphs)
        return draws, compile_function(inputs, graphs, table.values, "log_likelihood")

    def _given_parameters(self, graphs: list[Any]) -> tuple[list[Any], list[Any]]:
        """Inputs for the parameters, and the graphs as functions of them instead of the position."""
        from pytensor.graph.replace import clone_replace

        inputs = {self._parameter(o): self._parameter(o).type(o.described.name) for o in self.parameters}
        return list(inputs.values()), clone_replace(graphs, inputs)

    def _parameter(self, output: Output) -> Any:
        """A parameter as the other graphs refer to it."""
        return self.lowered.part(output.variable, output.path).numbers


def _observations(draw: Any, lowered: Lowered) -> tuple[NDArray[np.int64], tuple[int, ...]]:
    """Which observation each term of a statement belongs to, and the shape of all observations of the variable."""
    from pplc.compiler.library import registry

    value = lowered.value(draw.variable)
    assert isinstance(value, Value)
    core = registry.distributions()[draw.statement.distribution].outcome.core
    elements = draw.elements_in(value.shape)
    if core:  # a vector or matrix is one observation
        size = int(np.prod(value.shape[len(value.shape) - core :], dtype=np.int64))
        elements = elements[(..., *(0,) * core)] // max(size, 1)
    return elements, value.shape[: len(value.shape) - core]


def _explained(obstacles: Iterable[Obstacle]) -> str:
    lines = [f"  line {o.span.line}: `{o.span.text.strip().splitlines()[0]}`: {o.text}" for o in obstacles]
    return "the program does not say how to draw its parameters:\n" + "\n".join(lines)
