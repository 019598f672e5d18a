"""Inference on a model: runs a driver from named initial values and turns what it leaves behind into ArviZ groups."""

from __future__ import annotations

import dataclasses
import difflib
import secrets
import warnings
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pplc.runtime.contract import Target, Variable
from pplc.runtime.drivers import Driver, Run, SettingsError, check, drivers
from pplc.runtime.expansion import expand_draws
from pplc.runtime.groups import DRAWS, Coords, Group, as_datatree, make_group, result_groups
from pplc.runtime.results import Result
from pplc.runtime.words import in_python

from .errors import InitialisationFailed, NotGenerative, OptionError
from .initial_values import InitialValues, positions
from .nan_draws import nan_warnings

if TYPE_CHECKING:
    import xarray

    from pplc.runtime.summary import Summary
    from pplc.runtime.warnings import Finding

    from .model import Model

type Arrays = dict[str, NDArray[Any]]

PRIOR_DRAWS = 1000
_STREAM = 7  # keeps predictions apart from the random numbers of the chains


class SamplingWarning(UserWarning):
    """A finding about a run that a user should know before trusting its draws."""


def sample(
    model: Model,
    method: str = "nuts",
    *,
    chains: int = 4,
    seed: int | None = None,
    inits: InitialValues | None = None,
    coords: Coords | None = None,
    predict: bool = False,
    progress: bool = True,
    threads: int | None = None,
    time_limit: float = float("inf"),
    **settings: Any,
) -> xarray.DataTree:
    """Run a method of inference on a model and return an ArviZ DataTree.

    method: the name of a driver: "nuts", "hmc", "advi", ...
    seed: of all random numbers; None takes one at random, which the result's attributes tell.
    inits: constrained values by name (a dict, a list of one dict per chain, a JSON file), or an earlier result whose
        last draws to start from. Parameters without a value start at random.
    coords: labels of dimensions, by the dimension's name; a dimension is named after the variable that sizes it.
    predict: also draw from the prior and predict the data, where the program allows.
    progress: show how far the chains are on the terminal.
    settings: those of the method: draws, warmup, target_accept, ...

    The groups are posterior (parameters, transformed parameters, generated quantities), sample_stats, observed_data
    (data that has a distribution) and constant_data (other data); with save_warmup=True warmup_posterior and
    warmup_sample_stats; with predict=True posterior_predictive, log_likelihood, prior and prior_predictive.

    Raises OptionError, InitialValuesError, InitialisationFailed. Doubts about the draws are issued as SamplingWarning.
    """
    driver, chosen = choose(method, settings)
    run = Run(
        _plain(chains), new_seed() if seed is None else _plain(seed), None, None, _plain(threads), _plain(time_limit)
    )
    driver.prepare()
    if progress:
        from .progress import watch

        with watch() as observe:
            found = fit(model, driver, chosen, dataclasses.replace(run, observe=observe), inits)
    else:
        found = fit(model, driver, chosen, run, inits)
    for finding in found.findings:
        warnings.warn(in_python(f"{finding.message}; {finding.advice}"), SamplingWarning, stacklevel=3)
    groups = found.groups(coords)
    if predict:
        groups |= predictions(found, coords)[0]
    return as_datatree(groups)


def choose(method: str, settings: Mapping[str, Any]) -> tuple[Driver, Any]:
    """The driver of a method and its settings, checked. Raises OptionError."""
    if method not in drivers():
        raise OptionError([f"there is no method {method!r}; the methods are {', '.join(drivers())}"])
    driver = drivers()[method]
    names = [field.name for field in dataclasses.fields(driver.settings)]
    unknown = [name for name in settings if name not in names]
    if unknown:
        raise OptionError([_unknown_setting(name, names, method) for name in unknown])
    chosen = driver.settings(**{name: _plain(value) for name, value in settings.items()})
    if problems := check(chosen):
        raise OptionError(problems)
    return driver, chosen


def _plain(value: Any) -> Any:
    """A number of NumPy's as Python's, which compiled code is called with."""
    return value.item() if isinstance(value, np.generic) else value


def _unknown_setting(name: str, names: Sequence[str], method: str) -> str:
    near = difflib.get_close_matches(name, [*names, "chains", "seed", "inits", "coords", "predict"], 1, 0.6)
    hint = f"did you mean {near[0]}?" if near else f"it has {', '.join(names)}"
    return f"{method} has no setting {name}; {hint}"


def new_seed() -> int:
    """A seed at random, short enough to be typed again."""
    return secrets.randbelow(2**31)


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


def _why(model: Model, problem: Any) -> str:
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


# Data -------------------------------------------------------------------------------------------


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


# Predictions ------------------------------------------------------------------------------------


def predictions(found: Fit, coords: Coords | None = None, draws: int = PRIOR_DRAWS) -> tuple[dict[str, Group], str]:
    """The groups that a program's distributions yield, and why some are missing (or an empty string)."""
    groups: dict[str, Group] = {}
    reason = ""
    model, seed = found.model, found.result.seed
    groups |= _posterior_predictive(model, found.posterior, seed, coords)
    groups |= _log_likelihood(model, found.posterior, coords)
    try:
        groups |= _prior(model, draws, seed, coords)
        reason = model.predictor.left_out
    except NotGenerative as problem:
        reason = str(problem)
    return groups, reason


def sample_prior_predictive(
    model: Model, draws: int = PRIOR_DRAWS, *, seed: int | None = None, coords: Coords | None = None
) -> xarray.DataTree:
    """Draws of the parameters from their prior and of the data given these: groups prior and prior_predictive.

    Raises NotGenerative where a statement prevents it.
    """
    if draws < 1:
        raise OptionError([f"<draws> must be at least 1, not {draws}"])
    return as_datatree(_prior(model, draws, new_seed() if seed is None else seed, coords))


def sample_posterior_predictive(
    model: Model, posterior: xarray.DataTree, *, seed: int | None = None, coords: Coords | None = None
) -> xarray.DataTree:
    """New data for every draw of an earlier result: the group posterior_predictive.

    Raises NotGenerative if no data variable has a distribution.
    """
    arrays = _parameters_of(model, posterior)
    groups = _posterior_predictive(model, arrays, new_seed() if seed is None else seed, coords)
    if not groups:
        raise NotGenerative("no data variable stands on the left of `~`, so there is nothing to predict")
    return as_datatree(groups)


def log_likelihood(model: Model, posterior: xarray.DataTree, *, coords: Coords | None = None) -> xarray.DataTree:
    """The log density of every observation for every draw of an earlier result: the group log_likelihood.

    Raises NotGenerative if no data variable has a distribution.
    """
    groups = _log_likelihood(model, _parameters_of(model, posterior), coords)
    if not groups:
        raise NotGenerative("no data variable stands on the left of `~`, so there is no likelihood to take apart")
    return as_datatree(groups)


def _parameters_of(model: Model, tree: xarray.DataTree) -> Arrays:
    """The parameters' draws in a DataTree. Raises OptionError if they are not those of this model."""
    if not hasattr(tree, "children"):
        kind = type(tree).__name__
        raise OptionError(
            [f"an earlier result is a DataTree, as `sample` returns and arviz.from_netcdf reads, not a {kind}"]
        )
    if "posterior" not in tree.children:
        raise OptionError(["the result has no group `posterior`"])
    group = tree["posterior"]
    arrays = {}
    for parameter in model.parameters:
        name, shape = parameter.name, parameter.shape
        if name not in group.data_vars:
            raise OptionError([f"the result has no parameter `{name}`, so it belongs to another program"])
        array = arrays[name] = np.asarray(group[name].values)
        if array.shape[2:] != shape:
            raise OptionError([f"`{name}` has shape {array.shape[2:]} in the result, but {shape} in this model"])
    return arrays


def _prior(model: Model, draws: int, seed: int, coords: Coords | None) -> dict[str, Group]:
    parameters, data = model.predictor.prior(draws, _seed(seed, 0))
    described = {variable.name: variable for variable in model.parameters + model.transformed_parameters}
    groups = {"prior": _labelled({name: a[None] for name, a in parameters.items()}, described, coords)}
    if data:
        groups["prior_predictive"] = _labelled({name: a[None] for name, a in data.items()}, _data(model), coords)
    return groups


def _posterior_predictive(model: Model, posterior: Arrays, seed: int, coords: Coords | None) -> dict[str, Group]:
    if not model.predictor.observed:
        return {}
    flat, leading = _flat(model, posterior)
    drawn = model.predictor.posterior_predictive(flat, _seed(seed, 1))
    arrays = {name: a.reshape(*leading, *a.shape[1:]) for name, a in drawn.items()}
    return {"posterior_predictive": _labelled(arrays, _data(model), coords)}


def _log_likelihood(model: Model, posterior: Arrays, coords: Coords | None) -> dict[str, Group]:
    flat, leading = _flat(model, posterior)
    found = model.predictor.log_likelihood(flat)
    if not found:
        return {}
    arrays = {name: a.reshape(*leading, *a.shape[1:]) for name, a in found.items()}
    described = {  # the last dimensions of a vector-valued observation are not there
        name: Variable(name, a.shape[2:], _data(model)[name].dims[: a.ndim - 2])
        for name, a in arrays.items()
        if name in _data(model)
    }
    return {"log_likelihood": _labelled(arrays, described, coords)}


def _flat(model: Model, posterior: Arrays) -> tuple[Arrays, tuple[int, int]]:
    """The parameters with chains and draws in one dimension, and how many of each there are."""
    names = [parameter.name for parameter in model.parameters]
    if not names:
        raise OptionError(["the program has no parameters, so there is nothing to predict from"])
    first = posterior[names[0]]
    return {n: posterior[n].reshape(-1, *posterior[n].shape[2:]) for n in names}, (first.shape[0], first.shape[1])


def _labelled(arrays: Arrays, described: Mapping[str, Variable], coords: Coords | None) -> Group:
    try:
        group = make_group(arrays, described, coords or {}, DRAWS)
    except ValueError as problem:
        raise OptionError([str(problem)]) from None
    group.attributes["inference_library"] = "pplc"
    return group


def _data(model: Model) -> dict[str, Variable]:
    return {name: Variable(name, (), dims) for name, dims in model.data_dims.items()}


def _seed(seed: int, purpose: int) -> int:
    return int(np.random.SeedSequence(seed, spawn_key=(_STREAM, purpose)).generate_state(1)[0])
