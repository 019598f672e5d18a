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

    from .density import ConditionalDensity, DensityFunctions, Part, Point
    from .prediction import Predictor
    from .variables import Variables

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

    # Variables ------------------------------------------------------------------------------------

    @cached_property
    def predictor(self) -> Predictor:
        """The graph of random variables, and draws from it (see `pplc.prediction`)."""
        from .prediction import Predictor

        return Predictor(self.lowered, self.parameters, self.transformed_parameters)

    @cached_property
    def _variables(self) -> Variables:
        from .variables import Variables

        return Variables(self.lowered, self.predictor.graph)

    @property
    def free_RVs(self) -> list[Any]:
        """The parameters that have a distribution, as random variables of the graph."""
        return self._variables.free_RVs

    @property
    def observed_RVs(self) -> list[Any]:
        """The data that have a distribution, as random variables given the parameters."""
        return self._variables.observed_RVs

    @property
    def deterministics(self) -> list[Any]:
        """The transformed parameters as graphs."""
        return self._variables.deterministics

    @property
    def potentials(self) -> list[Any]:
        """What `target +=` and `~` on expressions add to the log density, one scalar graph each."""
        return self._variables.potentials

    @property
    def missing_values(self) -> list[Any]:
        """Data that are estimated because they are missing; the language has none yet, so this is empty."""
        return []

    @property
    def named_vars(self) -> dict[str, Any]:
        """Random variables, parameters and transformed parameters by name."""
        return self._variables.named_vars

    def __getitem__(self, name: str) -> Any:
        """A variable of the graph; `model["z"].owner.op` tells what a random variable is."""
        return self.named_vars[name]

    # Density --------------------------------------------------------------------------------------

    @cached_property
    def density(self) -> DensityFunctions:
        """The log density in parts and derivatives (see `pplc.density`)."""
        from .density import DensityFunctions

        return DensityFunctions(self.lowered)

    def logp(self, where: Point | Floats, *, jacobian: bool = True, part: Part = "all") -> float:
        """The log density at a point (dict of unconstrained values) or position, of the whole model or a part of it.

        part: "all", "data" (statements about data), "parameters" (about parameters) or "potentials".
        """
        return self.density.log_density(where, jacobian, part)

    def dlogp(self, where: Point | Floats, *, jacobian: bool = True, part: Part = "all") -> Floats:
        """The gradient of `logp` with respect to the position, shape (n_unconstrained,)."""
        return self.density.gradient(where, jacobian, part)

    def d2logp(self, where: Point | Floats, *, jacobian: bool = True) -> Floats:
        """The Hessian of `logp`, shape (n_unconstrained, n_unconstrained)."""
        return self.density.hessian(where, jacobian)

    def terms(self, where: Point | Floats) -> list[tuple[int, float]]:
        """What each statement adds to the log density: pairs of line and value."""
        return self.density.terms(where)

    def logp_dlogp_function(self, grad_vars: Sequence[str] | None = None) -> ConditionalDensity:
        """The density as a function of some parameters, the others held fixed (at 0 until `set_extra_values`)."""
        from .density import ConditionalDensity

        names = list(self.lowered.offsets) if grad_vars is None else list(grad_vars)
        return ConditionalDensity(self.density, names, np.zeros(self.n_unconstrained))

    def initial_point(self, seed: int | None = None, radius: float = 2.0) -> dict[str, Floats]:
        """A point: zeros, or with a seed uniform draws from (-radius, radius), on the unconstrained scale."""
        size = self.n_unconstrained
        start = np.zeros(size) if seed is None else np.random.default_rng(seed).uniform(-radius, radius, size)
        return self.array_to_dict(start)

    def dict_to_array(self, point: Point) -> Floats:
        """The position of a point."""
        return self.density.bijection.dict_to_array(point)

    def array_to_dict(self, position: Floats) -> dict[str, Floats]:
        """The point at a position."""
        return self.density.bijection.array_to_dict(position)

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
