"""A program with its data: everything one can ask of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pplc.runtime.contract import LogDensity, Target, Variable

from .built import Built
from .outputs import element_names

if TYPE_CHECKING:
    import xarray

    from pplc.compiler import ir
    from pplc.compiler.lower.program import Lowered
    from pplc.grammar.diagnostics import Diagnostic

    from .density import ConditionalDensity, DensityFunctions, Part, Point
    from .diagnosis import Diagnosis
    from .effects import Effects
    from .facts import Facts
    from .origin import Origin
    from .outputs import Output
    from .prediction import Predictor
    from .profiling import Section
    from .reruns import Reruns
    from .variables import Variables

type Floats = NDArray[np.float64]


class Model:
    """A compiled model; made by `compile_model`.

    Positions are vectors of length `n_unconstrained`, in Stan's order of the unconstrained parameters.
    Named values are dicts from variable name to a NumPy array of the declared shape, on the constrained scale.
    """

    def __init__(self, origin: Origin, name: str = "model") -> None:
        self._built = Built(origin)
        self.name = name

    def __reduce__(self) -> tuple[Any, ...]:
        """In another process the model is found on disk, or compiled anew."""
        return Model, (self._built.origin.portable(), self.name)

    @property
    def program(self) -> ir.Program:
        """The typed program. Raises ProgramError."""
        return self._built.origin.program

    @property
    def warnings(self) -> tuple[Diagnostic, ...]:
        """What the compiler has to say about a program that it accepts."""
        return self._built.warnings

    @property
    def data(self) -> dict[str, Any]:
        """The values of the data variables, as NumPy arrays (tuples as Python tuples). Raises DataError."""
        return self._built.data

    @property
    def lowered(self) -> Lowered:
        """The program as a graph (see `pplc.compiler.lower`). Raises ProgramError."""
        return self._built.lowered

    # Names and shapes -----------------------------------------------------------------------------

    @property
    def facts(self) -> Facts:
        """Sizes, names and shapes."""
        return self._built.facts

    @property
    def n_unconstrained(self) -> int:
        """The length of a position."""
        return self.facts.size

    @property
    def offsets(self) -> dict[str, tuple[int, int]]:
        """Where each parameter begins and ends in a position."""
        return self.facts.offsets

    @property
    def parameters(self) -> tuple[Variable, ...]:
        """The parameters, in declaration order; a tuple is as many variables as it has parts, named `t.1`, `t.2`."""
        return self.facts.parameters

    @property
    def transformed_parameters(self) -> tuple[Variable, ...]:
        """The variables of the transformed parameters block."""
        return self.facts.transformed_parameters

    @property
    def generated_quantities(self) -> tuple[Variable, ...]:
        """The variables of the generated quantities block."""
        return self.facts.generated_quantities

    @property
    def observed_names(self) -> tuple[str, ...]:
        """The data variables that have a distribution."""
        return self.facts.observed

    @property
    def data_dims(self) -> dict[str, tuple[str, ...]]:
        """The dimension names of the data variables, after the variables that give their sizes."""
        return self.facts.data_dims

    @property
    def constrained_names(self) -> list[str]:
        """The names of all numbers in a draw: parameters, transformed parameters, generated quantities."""
        return [name for variable in self.facts.outputs for name in element_names(variable)]

    def _outputs_of(self, block: Sequence[ir.Statement]) -> tuple[Output, ...]:
        """What a block declares, with its variables."""
        from .declared import outputs_of

        return outputs_of(self.lowered, block)

    # Variables ------------------------------------------------------------------------------------

    @cached_property
    def predictor(self) -> Predictor:
        """The graph of random variables, and draws from it (see `pplc.prediction`)."""
        from .prediction import Predictor

        return Predictor(
            self.lowered,
            self._outputs_of(self.program.parameters),
            self._outputs_of(self.program.transformed_parameters),
        )

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
        if name not in self.named_vars:
            raise KeyError(f"the graph has no variable {name!r}; it has {', '.join(self.named_vars)}")
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

    @property
    def profiled(self) -> bool:
        """Whether the transformed parameters or the model have `profile` sections."""
        return self.facts.profiled

    def profile_times(self, position: Floats | None = None) -> list[Section]:
        """How long one gradient of each `profile` section's terms takes, measured apart (see `pplc.profiling`)."""
        from .profiling import section_times

        return section_times(self, np.zeros(self.n_unconstrained) if position is None else position)

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
        """The log density at a position and its gradient; constants kept, Jacobian included.

        Print statements of the transformed parameters and the model act at each call; a `fatal_error` is raised as
        a ProgramError.
        """
        if self._effects is not None and (fatal := self._effects(np.asarray(position, dtype=np.float64))):
            from .errors import ProgramError

            raise ProgramError([fatal])
        return self._built.density(position)

    @cached_property
    def _effects(self) -> Effects | None:
        """What the program does besides its density, if anything."""
        if not self._built.has_effects:
            return None
        from .effects import Effects

        return Effects(self._reruns)

    @cached_property
    def _reruns(self) -> Reruns:
        """The statements behind the density, run one by one."""
        from .reruns import Reruns

        return Reruns(self)

    @property
    def logp_dlogp_address(self) -> int:
        """Address of `double f(const double *position, double *gradient)`: thread-safe, without Python.

        It stays valid as long as this model lives.
        """
        return self._built.density.address

    @property
    def generated_source(self) -> str:
        """The loops from which the log density and its gradient are compiled, as text."""
        return self._built.density.source

    # Between constrained and unconstrained ----------------------------------------------------------

    def unconstrain(self, values: Mapping[str, Any], only: Sequence[ir.Declare] | None = None) -> Floats:
        """The position of named parameter values. Raises ValueError where one violates its constraint.

        only: the first few parameters, if the position's beginning is enough.
        """
        from pplc.compiler import ir
        from pplc.compiler.lower.parameters import unconstrain
        from pplc.compiler.lower.scope import Scope

        declares = self.program.parameters if only is None else only
        missing = [d.variable.name for d in declares if d.variable.name not in values]
        if missing:
            raise ValueError(f"no value is given for {', '.join(missing)}")
        lowered = self.lowered
        known = {v: b for v, b in lowered.bindings.items() if v.role in (ir.Role.DATA, ir.Role.TRANSFORMED_DATA)}
        return unconstrain(declares, values, Scope(lowered.table.copy(), bindings=known))

    def parameter_values(self, position: Floats) -> dict[str, Any]:
        """The parameters at a position as `unconstrain` takes them, tuples as tuples."""
        from .declared import structured

        values = structured(self._outputs_of(self.program.parameters), self.constrain(position))
        return {variable.name: value for variable, value in values.items()}

    def constrain(self, position: Floats, *, generated: bool = False, seed: int = 0) -> dict[str, NDArray[Any]]:
        """Parameters and transformed parameters (and, if asked, generated quantities) at a position, by name."""
        draws = np.asarray(position, dtype=np.float64)[None]
        if draws.shape != (1, self.n_unconstrained):
            raise ValueError(f"a position has shape ({self.n_unconstrained},), not {draws.shape[1:]}")
        values = self.expand(draws, seed) if generated else self._built.over_draws(draws)
        return {name: array[0] for name, array in values.items()}

    def expand(self, positions: Floats, seed: int = 0) -> dict[str, NDArray[Any]]:
        """All variables of the results for draws of shape (n, n_unconstrained); each array has shape (n, *shape).

        `seed` drives the random numbers of generated quantities, which are nan where they cannot be computed (so that
        integers become floating-point numbers if some cannot).
        """
        from pplc.runtime.expansion import with_nan

        values = self._built.over_draws(positions)
        if self.generated_quantities:
            found, _ = self._built.generated.draw(values, len(positions), np.random.default_rng(seed))
            values |= {name: with_nan(array) for name, array in found.items()}
        return values

    # For drivers ------------------------------------------------------------------------------------

    def target(self) -> Target:
        """What samplers and other drivers take."""
        from pplc.runtime.watched import watched

        log_density = LogDensity(self._built.density.address, self._built.density.size, keep_alive=self._built.density)
        if self._effects is not None:
            log_density = watched(log_density, self._effects.watch)
        generated = self._built.generated if self.generated_quantities else None
        if self._built.computed:
            _ = self._built.constrain  # compiled here, not by the threads that use it
        return Target(
            log_density,
            self.facts.outputs,
            self._built.over_draws,
            self.explain,
            None if generated is None else generated.draw,
            tuple(variable.name for variable in self.generated_quantities),
            in_order=generated is not None and generated.prints,
            without_jacobian=self._without_jacobian,
        )

    def _without_jacobian(self) -> LogDensity:
        """The log density of the parameters as declared, whose mode Stan's `optimize` seeks."""
        from pplc.runtime.watched import watched

        log_density = self.density.without_jacobian()
        return log_density if self._effects is None else watched(log_density, self._effects.watch)

    # Why not ----------------------------------------------------------------------------------------

    @cached_property
    def _diagnosis(self) -> Diagnosis:
        from .diagnosis import Diagnosis

        return Diagnosis(self, self._built, self._reruns)

    def explain(self, position: Floats) -> str:
        """Why the log density or its gradient is not finite at a position; an empty string if both are.

        What fails first, or the terms that are not finite, or the parameters whose derivatives are not.
        """
        return self._diagnosis.explain(position)

    def failure(self, position: Floats) -> Diagnostic | None:
        """What stops the statements at a position: an argument outside a function's domain, `reject`, a constraint.

        Where nan stops them, or the log density is nan: what made nan of numbers.
        """
        return self._diagnosis.failure(position)

    def why_nan(self, position: Floats) -> Diagnostic | None:
        """Where it began that transformed parameters or generated quantities are nan at a position, if any are."""
        return self._diagnosis.why_nan(position)

    def generation_failure(self, position: Floats) -> Diagnostic | None:
        """What stops the generated quantities at a position, if anything does with some random numbers."""
        return self._diagnosis.generation_failure(position)

    # Inference --------------------------------------------------------------------------------------

    def sample(self, method: str = "nuts", **options: Any) -> xarray.DataTree:
        """Run a method of inference; see `pplc.sampling.sample` for the options and what is returned."""
        from .sampling import sample

        return sample(self, method, **options)

    def sample_prior_predictive(self, draws: int = 1000, *, seed: int | None = None, **options: Any) -> xarray.DataTree:
        """Draws from the prior, and data drawn given these; see `pplc.predictive`. Raises NotGenerative."""
        from .predictive import sample_prior_predictive

        return sample_prior_predictive(self, draws, seed=seed, **options)

    def sample_posterior_predictive(
        self, posterior: xarray.DataTree, *, seed: int | None = None, **options: Any
    ) -> xarray.DataTree:
        """New data for each draw of a result of `sample`; see `pplc.predictive`. Raises NotGenerative."""
        from .predictive import sample_posterior_predictive

        return sample_posterior_predictive(self, posterior, seed=seed, **options)

    def log_likelihood(self, posterior: xarray.DataTree, **options: Any) -> xarray.DataTree:
        """The log density of each observation for each draw of a result of `sample`; see `pplc.predictive`."""
        from .predictive import log_likelihood

        return log_likelihood(self, posterior, **options)
