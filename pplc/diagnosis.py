"""What there is to say of a position at which the density, or a variable that follows from it, is not a number."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from pplc.grammar.diagnostics import Diagnostic

    from .built import Built
    from .model import Model
    from .reruns import Reruns

type Floats = NDArray[np.float64]


class Diagnosis:
    """Looks for causes by running a model's statements again; `Model` says what its methods return."""

    def __init__(self, model: Model, built: Built, reruns: Reruns) -> None:
        self.model = model
        self.built = built
        self.reruns = reruns

    def explain(self, position: Floats) -> str:
        """See `Model.explain`."""
        from pplc.compiler.lower.explain import explain
        from pplc.grammar.render import render_one

        position = np.asarray(position, dtype=np.float64)
        problem = self.failure(position)
        if problem is not None:
            return render_one(problem).rstrip()
        return explain(self.model.lowered, position) or self._not_finite(position)

    def _not_finite(self, position: Floats) -> str:
        """What there is to say of a position whose terms are finite, one by one."""
        value, gradient = self.built.density(position)
        if not np.isfinite(value):
            return f"the log density is {value:g}, although all its terms are finite one by one"
        offsets = self.model.offsets
        names = [f"`{name}`" for name, (start, end) in offsets.items() if not np.isfinite(gradient[start:end]).all()]
        return f"the log density is finite, but not its derivatives by {', '.join(names)}" if names else ""

    def failure(self, position: Floats) -> Diagnostic | None:
        """See `Model.failure`."""
        from pplc.compiler.lower.explain import stopped

        if not self.model.program.transformed_parameters + self.model.program.model:
            return None
        position = np.asarray(position, dtype=np.float64)
        found = self.reruns.why(position) or stopped(self.model.lowered, position)
        return self.reruns.nan(position) if found is None and np.isnan(self.model.logp(position)) else found

    def why_nan(self, position: Floats) -> Diagnostic | None:
        """See `Model.why_nan`."""
        from .generated import watched_generation

        found = self.reruns.nan_in_transformed(position) if self.model.transformed_parameters else None
        if found is not None or not self.model.generated_quantities:
            return found
        block, given = watched_generation(self.model.lowered, self.model.constrain(position))
        return block.why_nan(given, np.random.default_rng(0))

    def generation_failure(self, position: Floats) -> Diagnostic | None:
        """See `Model.generation_failure`."""
        from .generated import watched_generation

        block, given = watched_generation(self.model.lowered, self.model.constrain(position))
        return block.failure(given, np.random.default_rng(0))
