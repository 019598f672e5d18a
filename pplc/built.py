"""The compiled parts of a model: loaded from the cache on disk, or compiled and stored there."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pplc.runtime.console import say
from pplc.runtime.contract import Variable

if TYPE_CHECKING:
    from pplc.compiler.backend.density import CompiledDensity
    from pplc.compiler.backend.functions import CompiledFunction
    from pplc.compiler.lower.program import Lowered
    from pplc.grammar.diagnostics import Diagnostic

    from .facts import Facts
    from .generated import GeneratedQuantities
    from .origin import Origin
    from .snapshot import Snapshot


class Built:
    """The parts of a compiled model, each made when it is first wanted; a snapshot has all that sampling needs."""

    def __init__(self, origin: Origin) -> None:
        self.origin = origin

    @cached_property
    def snapshot(self) -> Snapshot | None:
        """The model as an earlier process left it on disk."""
        from .snapshot import load

        return load(self.origin.key, self.origin.source) if self.origin.key is not None else None

    @property
    def warnings(self) -> tuple[Diagnostic, ...]:
        """What the compiler has to say about a program that it accepts."""
        return self.snapshot.warnings if self.snapshot is not None else self.origin.warnings

    @property
    def data(self) -> dict[str, Any]:
        """The values of the data variables, as NumPy arrays (tuples as Python tuples). Raises DataError."""
        return self.snapshot.data if self.snapshot is not None else self.origin.values

    @cached_property
    def lowered(self) -> Lowered:
        """The program as a graph. Raises ProgramError."""
        from pplc.compiler.lower.program import lower_program
        from pplc.compiler.lower.scope import LoweringError

        from .errors import ProgramError

        try:
            return lower_program(self.origin.program, self.data, say)
        except LoweringError as problem:
            raise ProgramError([problem.diagnostic]) from None

    @cached_property
    def facts(self) -> Facts:
        """Sizes, names and shapes."""
        from .facts import facts_of

        return self.snapshot.facts if self.snapshot is not None else facts_of(self.lowered)

    @property
    def computed(self) -> tuple[Variable, ...]:
        """The variables that follow from a position: all but the generated quantities."""
        return self.facts.parameters + self.facts.transformed_parameters

    @cached_property
    def has_effects(self) -> bool:
        """Whether the density prints or may end the run; such a program has no snapshot."""
        if self.snapshot is not None:
            return False
        from .effects import density_has_effects

        return density_has_effects(self.lowered)

    @cached_property
    def density(self) -> CompiledDensity:
        """The log density and its gradient; compiled, they are left on disk with the rest. Raises PplcError."""
        if self.snapshot is not None:
            return self.snapshot.density
        from pytensor.gradient import NullTypeGradError

        from pplc.compiler.backend.density import compile_log_density

        from .errors import PplcError

        lowered = self.lowered
        try:
            density = compile_log_density(lowered.position, lowered.log_density(), lowered.table.values)
        except NullTypeGradError as problem:
            reason = str(problem).rpartition("op is undefined. ")[2]
            raise PplcError(f"the log density has no gradient: {reason}") from None
        if self.key is not None:
            self._keep(self.key, density)
        return density

    @cached_property
    def key(self) -> str | None:
        """Under which the compiled model is left on disk; None for one that has to be made anew."""
        from .effects import has_effects

        if self.origin.key is None or self.snapshot is not None:
            return self.origin.key
        if not all(isinstance(value, np.ndarray) for value in self.data.values()):
            return None  # tuples as data are read anew
        prints = self.has_effects or has_effects(self.origin.program.transformed_data)
        return None if prints else self.origin.key

    def _keep(self, key: str, density: CompiledDensity) -> None:
        """Leave the compiled model on disk for later processes; `constrain` follows when it is wanted."""
        from .snapshot import Snapshot, save

        _ = self._computed_graphs  # whose data belong to the table
        table = {str(variable.name): array for variable, array in self.lowered.table.values.items()}
        save(key, Snapshot(self.facts, self.data, density, None, self.warnings), table, self.origin.source)

    @cached_property
    def constrain(self) -> CompiledFunction:
        """From a position to the values of `computed`."""
        if self.snapshot is not None and self.snapshot.constrain is not None:
            return self.snapshot.constrain
        from pplc.compiler.backend.functions import compile_function

        from .snapshot import save_constrain

        lowered = self.lowered
        constrain = compile_function([lowered.position], self._computed_graphs, lowered.table.values, "constrain")
        if self.key is not None:
            save_constrain(self.key, constrain)
        return constrain

    @cached_property
    def _computed_graphs(self) -> list[Any]:
        """The values of `computed` as graphs; those of known values are data of the lowered program."""
        from .declared import outputs_of

        program, lowered = self.origin.program, self.lowered
        outputs = outputs_of(lowered, program.parameters + program.transformed_parameters)
        return [lowered.table.tensor(lowered.part(output.variable, output.path)) for output in outputs]

    def over_draws(self, positions: NDArray[np.float64]) -> dict[str, NDArray[Any]]:
        """The values of `computed` by name, for positions of shape (draws, n_unconstrained)."""
        if not self.computed:
            return {}
        arrays = self.constrain.over_draws(np.ascontiguousarray(positions))
        return {
            variable.name: array.view(np.complex128)[..., 0] if variable.dtype == "complex128" else array
            for variable, array in zip(self.computed, arrays, strict=True)
        }

    @cached_property
    def generated(self) -> GeneratedQuantities:
        """The generated quantities, which are kept on disk by themselves."""
        from .generated import generated_quantities
        from .snapshot import load_generated, save_generated

        key, source = self.origin.key, self.origin.source
        found = load_generated(key, source) if key is not None else None
        if found is not None:
            return found
        made = generated_quantities(self.lowered)
        if key is not None:
            save_generated(key, made, source)
        return made
