"""The variables of a model as nodes of its graph, by the role they play."""

from __future__ import annotations

from typing import Any

from pplc.compiler import ir
from pplc.compiler.lower.library_rv import LibraryRV
from pplc.compiler.lower.program import Lowered, total
from pplc.compiler.lower.random_variables import RandomGraph
from pplc.compiler.lower.values import Value


class Variables:
    """Random variables, transformed parameters and potentials of a lowered program."""

    def __init__(self, lowered: Lowered, graph: RandomGraph) -> None:
        from pplc.compiler.backend import for_pytensor  # noqa: F401  (so that users can evaluate what they are given)

        self.lowered, self.graph = lowered, graph

    @property
    def free_RVs(self) -> list[Any]:
        """The parameters that have a distribution, as random variables."""
        names = [declare.variable.name for declare in self.lowered.program.parameters]
        return [self.graph.conditional[name] for name in names if name in self.graph.conditional]

    @property
    def observed_RVs(self) -> list[Any]:
        """The data variables that have a distribution, as random variables given the parameters."""
        names = {declare.variable.name for declare in self.lowered.program.parameters}
        return [variable for name, variable in self.graph.conditional.items() if name not in names]

    @property
    def deterministics(self) -> list[Any]:
        """The transformed parameters, as functions of the position."""
        return [graph for name, graph in self._declared(self.lowered.program.transformed_parameters)]

    @property
    def potentials(self) -> list[Any]:
        """What `target +=` and `~` on expressions add to the log density."""
        drawn = {id(draw.term) for draw in self.lowered.draws if draw.variable is not None}
        terms = (t for t in self.lowered.terms if t.kind != "jacobian" and id(t) not in drawn)
        return [total(term, self.lowered.table) for term in terms]

    @property
    def named_vars(self) -> dict[str, Any]:
        """All of them by name; a parameter without a distribution as the value it takes."""
        found = dict(self._declared(self.lowered.program.parameters))
        found |= self.graph.conditional
        return found | dict(self._declared(self.lowered.program.transformed_parameters))

    def _declared(self, statements: Any) -> list[tuple[str, Any]]:
        values = (
            (statement.variable.name, self.lowered.value(statement.variable))
            for statement in statements
            if isinstance(statement, ir.Declare)
        )
        return [(name, self.lowered.table.tensor(value)) for name, value in values if isinstance(value, Value)]


def logp(random: Any, value: Any) -> Any:
    """The graph of the log density of a random variable at `value`, elementwise.

    `random` is a variable such as `model["z"]` whose owner is a random variable of the library; truncation by a
    declared bound counts as in the model, that is not at all: a bound restricts where the density is defined but does
    not divide it. Raises TypeError for other variables.
    """
    import pytensor.tensor as pt

    node = getattr(random, "owner", None)
    if node is None or not isinstance(node.op, LibraryRV):
        raise TypeError(f"{random} is not a random variable of the library, so it has no log density of its own")
    parameters = node.inputs[2:]
    if node.op.truncated:
        *parameters, lower, upper = parameters
    value = pt.as_tensor(value)
    density = node.op.distribution.log_density(value, *parameters)
    if node.op.truncated:
        density = pt.switch(pt.and_(pt.ge(value, lower), pt.le(value, upper)), density, float("-inf"))
    return density
