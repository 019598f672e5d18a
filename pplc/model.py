"""A program met with its data: everything one can ask of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pplc.compiler import ir
from pplc.runtime.contract import LogDensity, Target

from .outputs import Output, element_names, outputs_of, part

if TYPE_CHECKING:
    from pplc.compiler.backend.density import CompiledDensity
    from pplc.compiler.lower.program import Lowered

type Floats = NDArray[np.float64]


class Model:
    """A compiled model; made by `compile_model`.

    Positions are vectors of length `n_unconstrained`, in Stan's order of the unconstrained parameters.
    Named values are dicts from variable name to a NumPy array of the declared shape, on the constrained scale.
    """

    def __init__(self, program: ir.Program, data: Mapping[str, Any], name: str = "model") -> None:
        self.program = program
        self.data = dict(data)
        self.name = name

    # The graph ------------------------------------------------------------------------------------

    @cached_property
    def lowered(self) -> Lowered:
        """The program as a graph (see `pplc.compiler.lower`)."""
        from pplc.compiler.lower.program import lower_program
        from pplc.compiler.lower.scope import LoweringError

        from .errors import ProgramError

        try:
            return lower_program(self.program, self.data)
        except LoweringError as problem:
            raise ProgramError([problem.diagnostic]) from None

    @cached_property
    def _density(self) -> CompiledDensity:
        from pplc.compiler.backend.density import compile_log_density

        lowered = self.lowered
        return compile_log_density(lowered.position, lowered.log_density(), lowered.table.values)

    # Names and shapes -----------------------------------------------------------------------------

    @property
    def n_unconstrained(self) -> int:
        """The length of a position."""
        return self.lowered.size

    @cached_property
    def parameters(self) -> tuple[Output, ...]:
        """The parameters, in declaration order."""
        return outputs_of(self.program.parameters, self._size)

    @cached_property
    def transformed_parameters(self) -> tuple[Output, ...]:
        """The variables of the transformed parameters block."""
        return outputs_of(_declares(self.program.transformed_parameters), self._size)

    @cached_property
    def generated_quantities(self) -> tuple[Output, ...]:
        """The variables of the generated quantities block."""
        return outputs_of(_declares(self.program.generated_quantities), self._size)

    @property
    def constrained_names(self) -> list[str]:
        """The names of all numbers in a draw: parameters, transformed parameters, generated quantities."""
        return [name for output in self._outputs for name in element_names(output.described)]

    @property
    def _outputs(self) -> tuple[Output, ...]:
        return self.parameters + self.transformed_parameters + self.generated_quantities

    def _size(self, e: ir.Expression) -> int:
        from pplc.compiler.lower.expressions import one_integer
        from pplc.compiler.lower.scope import Scope

        return one_integer(e, Scope(self.lowered.table, bindings=dict(self.lowered.bindings)))

    # Density --------------------------------------------------------------------------------------

    def logp_dlogp(self, position: Floats) -> tuple[float, Floats]:
        """The log density at a position and its gradient; constants kept, Jacobian included."""
        return self._density(position)

    @property
    def logp_dlogp_address(self) -> int:
        """Address of `double f(const double *position, double *gradient)`: thread-safe, without Python.

        It stays valid as long as this model lives.
        """
        return self._density.address

    # Between constrained and unconstrained ----------------------------------------------------------

    def unconstrain(self, values: Mapping[str, Any]) -> Floats:
        """The position of named parameter values. Raises ValueError where one violates its constraint."""
        from pplc.compiler.lower.parameters import unconstrain
        from pplc.compiler.lower.scope import Scope

        missing = [d.variable.name for d in self.program.parameters if d.variable.name not in values]
        if missing:
            raise ValueError(f"no value is given for {', '.join(missing)}")
        lowered = self.lowered
        known = {v: b for v, b in lowered.bindings.items() if v.role in (ir.Role.DATA, ir.Role.TRANSFORMED_DATA)}
        return unconstrain(self.program.parameters, values, Scope(lowered.table, bindings=known))

    def constrain(self, position: Floats, *, generated: bool = False, seed: int = 0) -> dict[str, NDArray[Any]]:
        """Parameters and transformed parameters (and, if asked, generated quantities) at a position, by name."""
        draws = np.asarray(position, dtype=np.float64)[None]
        values = self.expand(draws, seed) if generated else self._expand_density_part(draws)
        return {name: array[0] for name, array in values.items()}

    def expand(self, positions: Floats, seed: int = 0) -> dict[str, NDArray[Any]]:
        """All variables of the results for draws of shape (n, n_unconstrained); each array has shape (n, *shape).

        `seed` drives the random numbers of generated quantities.
        """
        values = self._expand_density_part(positions)
        if self.generated_quantities:
            values |= self._generate(values, positions, seed)
        return values

    @cached_property
    def _constrain_function(self) -> Any:
        from pplc.compiler.backend.functions import compile_function
        from pplc.compiler.lower.values import Value

        lowered = self.lowered
        leaves = [_leaf(lowered.value(o.variable), o.path) for o in self.parameters + self.transformed_parameters]
        assert all(isinstance(leaf, Value) for leaf in leaves)
        graphs = [lowered.table.tensor(leaf) for leaf in leaves]
        return compile_function([lowered.position], graphs, lowered.table.values, "constrain")

    def _expand_density_part(self, positions: Floats) -> dict[str, NDArray[Any]]:
        outputs = self.parameters + self.transformed_parameters
        if not outputs:
            return {}
        arrays = self._constrain_function.over_draws(np.ascontiguousarray(positions))
        return {o.described.name: array for o, array in zip(outputs, arrays, strict=True)}

    @cached_property
    def _generated_block(self) -> Any:
        from pplc.compiler.codegen.block import compile_block
        from pplc.compiler.lower.walk import mentioned

        used = sorted(mentioned(self.program.generated_quantities), key=lambda v: (v.span.start, v.name))
        bindings = self.lowered.bindings
        constant = [v for v in used if v.role in (ir.Role.DATA, ir.Role.TRANSFORMED_DATA)]
        moving = [v for v in used if v in bindings and v not in constant]
        outputs = [d.variable for d in _declares(self.program.generated_quantities)]
        block = compile_block(self.program.generated_quantities, [*constant, *moving], outputs, random=True)
        return block, constant, moving, outputs

    def _generate(self, values: Mapping[str, NDArray[Any]], positions: Floats, seed: int) -> dict[str, NDArray[Any]]:
        from pplc.compiler.lower.generated import numbers

        block, constant, moving, outputs = self._generated_block
        known = [numbers(self.lowered.value(v)) for v in constant]
        by_variable: dict[ir.Variable, list[Output]] = {}
        for output in self.parameters + self.transformed_parameters:
            by_variable.setdefault(output.variable, []).append(output)
        stacked = [_nested([(o.path, values[o.described.name]) for o in by_variable[v]]) for v in moving]
        if not stacked:  # nothing to count draws by
            draws = [block(known, np.random.default_rng([seed, n])) for n in range(len(positions))]
            results = tuple(_stack([draw[k] for draw in draws]) for k in range(len(outputs)))
        else:
            results = block.over_draws(known, stacked, seed).values
        found = dict(zip(outputs, results, strict=True))
        return {o.described.name: np.asarray(part(found[o.variable], o.path)) for o in self.generated_quantities}

    # For drivers ------------------------------------------------------------------------------------

    def target(self) -> Target:
        """What samplers and other drivers take."""
        density = self._density
        return Target(
            LogDensity(density.address, density.size, keep_alive=density),
            tuple(output.described for output in self._outputs),
            self.expand,
            self.explain,
            tuple(self._coordinate_names()),
        )

    def _coordinate_names(self) -> list[str]:
        names = []
        for name, (start, end) in self.lowered.offsets.items():
            count = end - start
            names += [name] if count == 1 else [f"{name}.{k + 1}" for k in range(count)]
        return names

    def explain(self, position: Floats) -> str:
        """Why the log density is not finite at a position: the statement and what it evaluates to."""
        from pplc.compiler.lower.explain import explain

        return explain(self.lowered, np.asarray(position, dtype=np.float64))


def _declares(statements: Sequence[ir.Statement]) -> list[ir.Declare]:
    return [s for s in statements if isinstance(s, ir.Declare)]


def _leaf(value: Any, path: tuple[int, ...]) -> Any:
    for number in path:
        value = value.elements[number]
    return value


def _nested(parts: list[tuple[tuple[int, ...], Any]]) -> Any:
    """The tuple structure that paths describe."""
    if parts[0][0] == ():
        return parts[0][1]
    heads = sorted({path[0] for path, _ in parts})
    return tuple(_nested([(path[1:], value) for path, value in parts if path[0] == head]) for head in heads)


def _stack(values: list[Any]) -> Any:
    if isinstance(values[0], tuple):
        return tuple(_stack([v[k] for v in values]) for k in range(len(values[0])))
    return np.stack([np.asarray(v) for v in values])
