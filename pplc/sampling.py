"""`Model.sample`: a method of inference by name, with its settings, to an ArviZ DataTree."""

from __future__ import annotations

import dataclasses
import difflib
import warnings
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from pplc.runtime.drivers import Driver, Run, check, drivers, new_seed
from pplc.runtime.groups import Coords, as_datatree
from pplc.runtime.words import in_python

from .errors import OptionError
from .fit import fit
from .initial_values import InitialValues
from .predictive import predictions

if TYPE_CHECKING:
    import xarray

    from .model import Model


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
