"""Prior and posterior predictive draws and pointwise log likelihoods of a model, as groups of ArviZ.

`prediction` computes the arrays; here they get their names and dimensions.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pplc.runtime.contract import Variable
from pplc.runtime.drivers import new_seed
from pplc.runtime.groups import DRAWS, Coords, Group, as_datatree, make_group

from .errors import NotGenerative, OptionError

if TYPE_CHECKING:
    import xarray

    from .fit import Fit
    from .model import Model

type Arrays = dict[str, NDArray[Any]]

PRIOR_DRAWS = 1000
_STREAM = 7  # keeps predictions apart from the random numbers of the chains
NOTHING_OBSERVED = "no data variable stands on the left of `~`, so there is nothing to predict"


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
        raise NotGenerative(NOTHING_OBSERVED)
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
