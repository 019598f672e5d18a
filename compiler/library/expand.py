"""What each library name stands for: its overloads for the checker, and the value that serves a call.

Three folders give names. `functions/` gives its values' own. A distribution NAME gives `NAME_lpdf` or
`NAME_lpmf`, and `NAME_cdf`, `NAME_lcdf`, `NAME_lccdf`, `NAME_rng` as far as it defines them. A transform X
gives `X_constrain`, `X_jacobian` and `X_unconstrain`. Declarations are expanded (see shorthand.py) only for
the names asked for.

**Overloads of a distribution.** The general rule: a scalar real argument takes a real, vector, row_vector or
array of reals, a scalar integer one an int or an array of ints (just the scalar where it is not vectorised);
the result is real. `_rng` also takes ints for reals, and returns an array when any argument is a container.
Where that does not fit, `Distribution.signatures` says otherwise. Each of its lines may begin with the suffixes
it is about, and then replaces the general rule for these alone; without them it is about the density and cdfs:

    "(vector|array[] vector, matrix) => real"     the density and the cdfs there are
    "lpdf lcdf: (real, real) => real"             these two functions only
    "rng: (vector, matrix) => vector"
    "cdf: none"                                   there is no such function
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Literal

from ..types import Int, Matrix, Real, Type, Vector, array_of, core_dimensions
from . import registry
from .definitions import Distribution, Function, Parameter, Signature, Support, Transform
from .shorthand import expand, parse_type

type DistributionPart = Literal["log_density", "cdf", "log_cdf", "log_ccdf", "draw"]
type TransformPart = Literal["constrain", "jacobian", "unconstrain"]


@dataclass(frozen=True, slots=True)
class DistributionFunction:
    """One function of a distribution: `part` is the field that holds it (`cdf` may be exp of `log_cdf`)."""

    distribution: Distribution
    part: DistributionPart


@dataclass(frozen=True, slots=True)
class TransformFunction:
    """One function of a transform; `jacobian` constrains and adds the log Jacobian to the target."""

    transform: Transform
    part: TransformPart


type Implementation = Function | DistributionFunction | TransformFunction


def is_library_name(name: str) -> bool:
    """Whether the library has a function of this name (`normal_lpdf`; not `normal`, nor `normal_lupdf`)."""
    return name in all_names()


@cache
def all_names() -> frozenset[str]:
    """Every function name, those with special typing rules (`ode_rk45`, `reduce_sum`, ...) included."""
    return frozenset(registry.functions()) | frozenset(_distribution_functions()) | frozenset(_transform_functions())


def instead_of(name: str) -> str | None:
    """What to write instead of a function that is deprecated; None for all others."""
    if name in registry.functions():
        return next((function.deprecated for function in registry.functions()[name] if function.deprecated), None)
    found = _distribution_functions().get(name)
    return found.distribution.deprecated if found else None


def functions_of(distribution: Distribution) -> dict[str, DistributionFunction]:
    """The functions of a distribution, by name."""
    return {
        name: function for name, function in _distribution_functions().items() if function.distribution is distribution
    }


def functions_of_transform(transform: Transform) -> tuple[str, ...]:
    """The names of the functions that a constraint gives."""
    return tuple(name for name, found in _transform_functions().items() if any(f.transform is transform for f in found))


@cache
def signatures_of(name: str) -> tuple[Signature, ...]:
    """The overloads of a name; none for an unknown name and for functions with special typing rules."""
    return tuple(_overloads(name).values())


@cache
def implementation(name: str, arguments: tuple[Type, ...]) -> Implementation:
    """The value that serves a call with exactly these (promoted) argument types. Raises LookupError if none does."""
    for function in registry.functions().get(name, ()):
        for signature in _of_function(function):
            if signature.arguments == arguments:
                return function
    if arguments in _overloads(name):
        if name in _distribution_functions():
            return _distribution_functions()[name]
        return next(found for found in _transform_functions()[name] if arguments in _by_arguments(_of_transform(found)))
    raise LookupError(f"{name}({', '.join(map(str, arguments))})")


@cache
def _overloads(name: str) -> dict[tuple[Type, ...], Signature]:
    """The overloads by argument types; of two with the same arguments the first counts."""
    found: dict[tuple[Type, ...], Signature] = {}
    for function in registry.functions().get(name, ()):
        for signature in _of_function(function):
            found.setdefault(signature.arguments, signature)
    if found and name.rpartition("_")[2] not in _PARTS:  # other folders do not give this name, and need not be read
        return found
    for transform in _transform_functions().get(name, ()):
        found |= _by_arguments(_of_transform(transform))
    if name in _distribution_functions():
        found |= _by_arguments(_of_distribution(_distribution_functions()[name]))
    return found


def _by_arguments(signatures: Iterator[Signature]) -> dict[tuple[Type, ...], Signature]:
    return {signature.arguments: signature for signature in signatures}


@cache
def _of_function(function: Function) -> tuple[Signature, ...]:
    return tuple(signature for declaration in function.signatures for signature in expand(declaration))


# Distributions ----------------------------------------------------------------------------------

_PARTS: dict[str, DistributionPart] = {
    "lpdf": "log_density",
    "lpmf": "log_density",
    "cdf": "cdf",
    "lcdf": "log_cdf",
    "lccdf": "log_ccdf",
    "rng": "draw",
}


@cache
def _distribution_functions() -> dict[str, DistributionFunction]:
    return {
        f"{name}_{suffix}": DistributionFunction(distribution, _PARTS[suffix])
        for name, distribution in registry.distributions().items()
        for suffix in _suffixes(distribution)
    }


def _suffixes(distribution: Distribution) -> Iterator[str]:
    """The functions that a distribution has."""
    declared = _declared(distribution)
    present = {
        "lpmf" if distribution.discrete else "lpdf": True,
        "cdf": distribution.cdf or distribution.log_cdf,
        "lcdf": distribution.log_cdf,
        "lccdf": distribution.log_ccdf,
        "rng": distribution.draw,
    }
    return (suffix for suffix, exists in present.items() if exists and declared.get(suffix) != ["none"])


def _declared(distribution: Distribution) -> dict[str, list[str]]:
    """The distribution's own declarations by suffix; those for the density and cdfs together under ""."""
    found: dict[str, list[str]] = {}
    for line in distribution.signatures:
        suffixes, colon, declaration = line.partition(": ") if not line.startswith("(") else ("", "", line)
        for suffix in suffixes.split() if colon else [""]:
            found.setdefault(suffix, []).append(declaration)
    return found


def _of_distribution(function: DistributionFunction) -> Iterator[Signature]:
    distribution, part = function.distribution, function.part
    lines = _lines(distribution, part)
    for line in lines or [_general(distribution, part)]:
        if part == "draw" and not lines:
            yield from _draw_results(line, distribution)
        else:
            yield from expand(line)


def _lines(distribution: Distribution, part: DistributionPart) -> list[str]:
    """The distribution's own declarations of one of its functions; none where the general rule holds."""
    declared = _declared(distribution)
    names = [suffix for suffix, of in _PARTS.items() if of == part]
    lines = [line for name in names for line in declared.get(name, [])]
    return lines or (declared.get("", []) if part != "draw" else [])


def declarations_of(function: DistributionFunction) -> list[str]:
    """The shorthand that declares a distribution's function, its own or that of the general rule, for readers."""
    return _lines(function.distribution, function.part) or [_general(function.distribution, function.part)]


def _general(distribution: Distribution, part: DistributionPart) -> str:
    return _general_draw(distribution) if part == "draw" else _general_density(distribution)


def _general_density(distribution: Distribution) -> str:
    outcome = Parameter("outcome", distribution.outcome)
    arguments = (_density_argument(argument) for argument in (outcome, *distribution.parameters))
    return f"({', '.join(arguments)}) => real"


def _density_argument(argument: Parameter) -> str:
    return _value(argument.support, "int|array[] int", "real|vector|row_vector|array[] real", argument.vectorised)


def _general_draw(distribution: Distribution) -> str:
    real = "int|real|vector|row_vector|array[] int|array[] real"
    arguments = (_value(p.support, "int|array[] int", real, p.vectorised) for p in distribution.parameters)
    return f"({', '.join(arguments)}) => {_value(distribution.outcome, 'int', 'real', vectorised=False)}"


def _draw_results(line: str, distribution: Distribution) -> Iterator[Signature]:
    """The overloads of `_rng`: one outcome for scalar arguments, an array of outcomes where one is a container."""
    scalars, containers = (_outcome_type(distribution.outcome, dimensions) for dimensions in (0, 1))
    for signature in expand(line):
        pairs = zip(signature.arguments, distribution.parameters, strict=True)
        many = any(core_dimensions(type) > parameter.support.core for type, parameter in pairs)
        yield Signature(signature.arguments, containers if many else scalars)


def _outcome_type(outcome: Support, dimensions: int) -> Type:
    return array_of(parse_type(_value(outcome, "int", "real", vectorised=False)), dimensions)


def _value(support: Support, integer: str, real: str, vectorised: bool) -> str:
    """How an argument is declared: numbers with their containers, or the vector or matrix it is."""
    match support.integer, support.core:
        case True, 0:
            return integer if vectorised else "int"
        case False, 0:
            return real if vectorised else "real"
        case True, 1:
            return "array[] int"
        case False, 1:
            return "vector"
        case _:
            return "matrix"


# Transforms -------------------------------------------------------------------------------------

_REAL_CONTAINERS = "array[0:7] real|array[0:7] vector|array[0:7] row_vector|array[0:7] matrix|array[8:8] real"


@cache
def _transform_functions() -> dict[str, tuple[TransformFunction, ...]]:
    found: dict[str, tuple[TransformFunction, ...]] = {}
    parts: tuple[TransformPart, ...] = ("constrain", "jacobian", "unconstrain")
    for (name, transform), part in product(registry.transforms().items(), parts):
        key = f"{transform.function_name or name}_{part}"
        found[key] = (*found.get(key, ()), TransformFunction(transform, part))
    return found


def _of_transform(function: TransformFunction) -> Iterator[Signature]:
    """Scalar transforms take containers and their bounds; vectors that become matrices take the matrix' sizes."""
    transform = function.transform
    if not transform.constrained_core:
        bounds = ", real|T" * len(transform.parameters)
        yield from expand(f"(T{bounds}) => T for T in {_REAL_CONTAINERS}")
        return
    kinds = (Real(), Vector(), Matrix())
    constrained = kinds[transform.constrained_core]
    free = constrained if transform.free_matrix_lacks else kinds[transform.unconstrained_core]
    sizes: tuple[Type, ...] = ()
    if free != constrained and function.part != "unconstrain":
        sizes = (Int(),) * max(transform.declared_sizes)
    for dimensions in range(8):
        inner, outer = array_of(free, dimensions), array_of(constrained, dimensions)
        if function.part == "unconstrain":
            yield Signature((outer,), inner)
        else:
            yield Signature((inner, *sizes), outer)
