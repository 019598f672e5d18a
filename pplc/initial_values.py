"""Where chains start, from the values a user gives: constrained, for all parameters or some, for all chains or each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pplc.grammar.similar import nearest

from .errors import InitialValuesError

if TYPE_CHECKING:
    from pplc.compiler import ir

    from .model import Model

type Values = Mapping[str, Any]
# Values for all chains or one set per chain; a JSON file with values; an earlier result (a file or a DataTree).
type InitialValues = Values | Sequence[Values] | str | Path | Any

_STREAM = 5  # keeps these random numbers apart from those of the chains


def positions(model: Model, given: InitialValues, chains: int, seed: int, radius: float) -> NDArray[np.float64]:
    """One start per chain, shape (chains, n_unconstrained).

    Parameters without a value are drawn uniformly from (-radius, radius) on the unconstrained scale. Of an earlier
    result the last draw of each chain is taken. Raises InitialValuesError.
    """
    per_chain = _per_chain(given, chains)
    starts = np.empty((chains, model.n_unconstrained))
    for chain, values in enumerate(per_chain):
        random = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(chain, _STREAM)))
        starts[chain] = _position(model, values, random.uniform(-radius, radius, model.n_unconstrained))
    return starts


@dataclass(frozen=True)
class LastDraws:
    """Where the chains of an earlier result ended; there may be fewer or more of them than chains to start."""

    draws: Sequence[Values]


def _per_chain(given: InitialValues, chains: int) -> list[Values]:
    if isinstance(given, str | Path):
        given = read(Path(given))
    tree: Any = given
    if hasattr(tree, "children") and "posterior" in tree.children:  # a DataTree
        given = _last_draws({str(name): array.values for name, array in tree["posterior"].data_vars.items()})
    if isinstance(given, LastDraws):
        return [given.draws[chain % len(given.draws)] for chain in range(chains)]
    if isinstance(given, Mapping):
        return [given] * chains
    if isinstance(given, Sequence) and all(isinstance(values, Mapping) for values in given):
        if len(given) != chains:
            raise InitialValuesError(f"there are initial values for {len(given)} chains, but {chains} chains")
        return list(given)
    raise InitialValuesError(
        f"initial values are a dict, a list of dicts, a file or an earlier result, not a {type(given).__name__}"
    )


def read(path: Path) -> Values | Sequence[Values] | LastDraws:
    """The initial values in a file: of all chains, of each, or the last draws of an earlier result.

    Raises InitialValuesError.
    """
    from pplc.runtime.data.file import R_DUMP, FileError, read_json, read_values

    if path.suffix not in (".nc", ".zarr"):
        try:
            found = read_values(path) if path.suffix.lower() in R_DUMP else read_json(path)
        except FileError as problem:
            raise InitialValuesError(str(problem)) from None
        if not isinstance(found, dict) and not _is_list_of_objects(found):
            holds = "a list of other things" if isinstance(found, list) else "a single value"
            raise InitialValuesError(
                f"{path} holds {holds}, but initial values are an object: {{'name': value, ...}}, or a list of one "
                "such object for each chain"
            )
        return found
    from pplc.runtime.netcdf import read_netcdf
    from pplc.runtime.zarr_folder import read_zarr

    try:
        groups = read_zarr(path) if path.suffix == ".zarr" else read_netcdf(path)
    except OSError as problem:
        raise InitialValuesError(f"{path} cannot be read: {problem}") from None
    if "posterior" not in groups:
        raise InitialValuesError(f"{path} has no group `posterior`")
    return _last_draws({name: array for name, (_, array) in groups["posterior"].arrays.items()})


def _is_list_of_objects(found: Any) -> bool:
    return isinstance(found, list) and bool(found) and all(isinstance(item, dict) for item in found)


def _last_draws(posterior: Mapping[str, NDArray[Any]]) -> LastDraws:
    """The last draw of each chain."""
    chains = min((len(array) for array in posterior.values()), default=0)
    if not chains or any(array.shape[1] == 0 for array in posterior.values()):
        raise InitialValuesError("the earlier result has no draws to start from")
    return LastDraws([{name: array[chain, -1] for name, array in posterior.items()} for chain in range(chains)])


def _position(model: Model, values: Values, random: NDArray[np.float64]) -> NDArray[np.float64]:
    """`random` with the coordinates of the given parameters replaced.

    A bound may depend on earlier parameters, so parameters are placed in order, each with those before it known.
    """
    _check_names(model, values)
    declares = model.program.parameters
    given = [declare.variable.name for declare in declares if _has(values, declare.variable.name)]
    position = random.copy()
    for number, declare in enumerate(declares):
        name = declare.variable.name
        if name not in given:
            continue
        before = {d.variable.name for d in declares[:number]}
        known = {} if before <= {*given} else model.parameter_values(position)
        known |= {other: _value(values, other) for other in given}
        start, end = model.offsets[name]
        _check_numbers(declare, known[name])
        try:
            position[start:end] = model.unconstrain(known, declares[: number + 1])[start:end]
        except (ValueError, TypeError) as problem:
            about = str(problem) if str(problem).startswith("`") else f"`{name}` does not fit: {problem}"
            raise InitialValuesError(f"initial value of {about}") from None
    return position


def _check_numbers(declare: ir.Declare, value: Any) -> None:
    """Raise InitialValuesError for a value that is not made of numbers."""
    from pplc.compiler import ir
    from pplc.compiler.bind.arrays import Problem, numeric

    if isinstance(declare.sized, ir.SizedTuple):
        return
    try:
        numeric(declare.variable.name, value)
    except Problem as problem:
        raise InitialValuesError(f"initial value of {problem}") from None


def _has(values: Values, name: str) -> bool:
    return name in values or f"{name}.1" in values


def _value(values: Values, name: str) -> Any:
    """A parameter's value; tuples may be given whole or, as results name them, in parts `t.1`, `t.2`."""
    if name in values:
        value = values[name]
        if isinstance(value, Mapping):  # a tuple as JSON spells it
            return tuple(_value(value, key) for key in sorted(value, key=int))
        return value.values if hasattr(value, "values") else value
    parts: list[Any] = []
    while _has(values, part := f"{name}.{len(parts) + 1}"):
        parts.append(_value(values, part))
    return tuple(parts)


def _check_names(model: Model, values: Values) -> None:
    """Names of other variables are passed over, so that a whole draw can be given; unknown names are mistakes."""
    from .declared import declares_of

    parameters = [declare.variable.name for declare in model.program.parameters]
    program = model.program
    blocks = (program.data, program.transformed_data, program.transformed_parameters, program.generated_quantities)
    others = {declare.variable.name for block in blocks for declare in declares_of(block)}
    for name in values:
        if name.split(".")[0] in others.union(parameters):
            continue
        near = nearest(name, parameters) if len(name) > 2 else None  # of two letters one is half the name
        hint = f"did you mean `{near}`?" if near else f"its parameters are {', '.join(parameters) or 'none'}"
        raise InitialValuesError(f"initial values are given for `{name}`, which the program does not have; {hint}")
