"""A run of a method on a model: from named initial values to named draws, with what gives reason to doubt them."""

from __future__ import annotations

import dataclasses
import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pplc.runtime.contract import Target
from pplc.runtime.drivers import Driver, Run, SettingsError
from pplc.runtime.expansion import expand_draws
from pplc.runtime.groups import Coords, Group, result_groups
from pplc.runtime.results import Result

from .errors import InitialisationFailed, OptionError
from .initial_values import InitialValues, positions
from .nan_draws import nan_warnings

if TYPE_CHECKING:
    from pplc.runtime.initial import InitialisationError
    from pplc.runtime.summary import Summary
    from pplc.runtime.warnings import Finding

    from .model import Model

type Arrays = dict[str, NDArray[Any]]


@dataclass(frozen=True)
class Fit:
    """A run of a driver with its named draws; all shapes begin with (chain, draw)."""

    model: Model
    target: Target
    result: Result
    posterior: Arrays
    missing: int = 0  # draws without generated quantities
    error: Exception | None = None  # what prevented them, if it was not the user

    @property
    def interrupted(self) -> bool:
        """Whether the user stopped it before its end."""
        return self.result.reason == "interrupted" or (self.missing > 0 and self.error is None)

    @cached_property
    def summary(self) -> Summary:
        """Means, quantiles and diagnostics of every number in a draw."""
        from pplc.runtime.summary import summarise

        return summarise(self.posterior)

    @cached_property
    def findings(self) -> list[Finding]:
        """What gives reason to doubt the draws."""
        from pplc.runtime.warnings import Finding, find_problems

        found = find_problems(self.result, self.posterior, self.summary)
        if self.result.refused:
            found = [self._with_reason(finding) if finding.code == "divergences" else finding for finding in found]
        if self.missing:
            why = "the run was interrupted" if self.error is None else f"of an error in pplc ({self.error!r})"
            message = f"{self.missing} draws have no generated quantities (they hold nan), because {why}"
            found.append(Finding("not-generated", message, "the other variables are complete"))
        return found

    def _with_reason(self, finding: Finding) -> Finding:
        """Divergences with what the points had to do with it that have no log density."""
        at = self.result.refused_at
        assert at is not None
        points = [position for position in at if np.isfinite(position).all()]
        problems = [self.model.failure(position) for position in points]
        told = Counter((p.mark.span.line, p.title) for p in problems if p is not None)
        lines = Counter(line for line, _ in told.elements())
        reason = ""
        if lines:
            line = lines.most_common(1)[0][0]
            reason = f", in line {line} for example because {next(t for number, t in told if number == line)}"
        elif points and (terms := self.model.explain(points[-1])):
            reason = f", for example in {terms.splitlines()[0]}"
        message = f"{finding.message} ({self.result.refused} ended where the log density is not finite{reason})"
        return dataclasses.replace(finding, message=message)

    def groups(self, coords: Coords | None = None) -> dict[str, Group]:
        """What ArviZ calls posterior, sample_stats, observed_data and so on. Raises OptionError for wrong labels."""
        try:
            return result_groups(
                self.result,
                self.target,
                posterior=self.posterior,
                coords=coords,
                attributes={"model": self.model.name},
                **data_groups(self.model),
            )
        except ValueError as problem:
            raise OptionError([str(problem)]) from None


def fit(model: Model, driver: Driver, settings: Any, run: Run, inits: InitialValues | None = None) -> Fit:
    """Run a driver. Raises OptionError, InitialValuesError, InitialisationFailed."""
    from pplc.runtime.initial import InitialisationError

    if problems := run.problems():
        raise OptionError(problems)
    target = model.target()
    if inits is not None:
        radius = getattr(settings, "init_radius", 2.0)
        run = dataclasses.replace(run, starts=positions(model, inits, run.chains, run.seed, radius))
    try:
        result = driver.run(target, settings, run)
    except SettingsError as problem:
        raise OptionError(problem.problems) from None
    except InitialisationError as problem:
        raise InitialisationFailed(_why(model, problem)) from None
    draws = result.sample.rectangle()
    expansion = expand_draws(draws, target, run.seed, run.threads)
    for warning in nan_warnings(model, draws.positions, expansion):
        warnings.warn(warning, stacklevel=3)
    return Fit(model, target, result, expansion.values, expansion.missing, expansion.error)


def _why(model: Model, problem: InitialisationError) -> str:
    """Which statement has no finite log density, and for what values of the parameters."""
    if problem.position is None:
        return str(problem)
    lines = [str(problem)]
    if explanation := model.explain(problem.position):
        lines += ["at the last point tried:", *(f"  {line}" for line in explanation.splitlines())]
    values = model.constrain(problem.position)
    if values := {p.name: values[p.name] for p in model.parameters}:
        lines.append(f"with {', '.join(f'{name} = {_short(value)}' for name, value in values.items())}")
    for name, value in data_arrays(model).items():
        lines += [f"note: the data variable {name} holds {odd}" for odd in _odd_values(name, value)]
    if not problem.stopped:
        lines.append("help: declare the bounds within which the log density is finite, or give initial values there")
    return "\n".join(lines)


def _odd_values(name: str, value: NDArray[Any]) -> Iterator[str]:
    """nan and infinities in data, each with the first element that holds one."""
    if value.dtype.kind not in "fc":
        return
    for what, found in (("nan", np.isnan(value)), ("an infinity", np.isinf(value))):
        if found.any():
            at = [int(index) + 1 for index in np.unravel_index(int(found.argmax()), found.shape)]
            more = int(found.sum()) - 1
            where = f" in {name}[{','.join(map(str, at))}]" if at else ""
            yield f"{what}{where}{f' and {more} more' if more else ''}"


def _short(value: NDArray[Any]) -> str:
    return np.array2string(np.asarray(value), precision=3, threshold=6, edgeitems=2, separator=", ").replace("\n", "")


# Data --------------------------------------------------------------------------------------------


def data_groups(model: Model) -> dict[str, Any]:
    """The data as `result_groups` takes it: that which has a distribution, the other, and the names of dimensions."""
    arrays = data_arrays(model)
    observed = {name for name in arrays if name.split(".")[0] in model.observed_names}
    return {
        "observed_data": {name: array for name, array in arrays.items() if name in observed},
        "constant_data": {name: array for name, array in arrays.items() if name not in observed},
        "data_dims": model.data_dims,
    }


def data_arrays(model: Model) -> Arrays:
    """The data by name, tuples in parts."""
    return dict(entry for name, value in model.data.items() for entry in _parts(name, value))


def _parts(name: str, value: Any) -> Iterator[tuple[str, NDArray[Any]]]:
    """A tuple as its elements `t.1`, `t.2`."""
    if isinstance(value, tuple):
        for number, element in enumerate(value):
            yield from _parts(f"{name}.{number + 1}", element)
    else:
        yield name, np.asarray(value)
