"""Methods of `numpy.random.Generator` in compiled code: calls of the C functions that NumPy offers for this.

NumPy documents them (numpy/random/distributions.h) and keeps them visible in its library. A generator is known to
compiled code by the address of its C state. The functions below are templates of `generic`, named by the method.
"""

# mypy: ignore-errors

from __future__ import annotations

import ctypes
from collections.abc import Collection, Mapping
from functools import cache

import numpy as np

from .llvm import Signature

BINOMIAL_STATE = 32  # words, more than NumPy's `binomial_t` has


def random(rng):
    return random_standard_uniform(rng)  # noqa: F821


def uniform(rng, low, high):
    return random_uniform(rng, low, high - low)  # noqa: F821


def standard_normal(rng):
    return random_standard_normal(rng)  # noqa: F821


def normal(rng, mean, deviation):
    return random_normal(rng, mean, deviation)  # noqa: F821


def lognormal(rng, mean, deviation):
    return random_lognormal(rng, mean, deviation)  # noqa: F821


def standard_exponential(rng):
    return random_standard_exponential(rng)  # noqa: F821


def exponential(rng, scale):
    return random_exponential(rng, scale)  # noqa: F821


def standard_gamma(rng, shape):
    return random_standard_gamma(rng, shape)  # noqa: F821


def gamma(rng, shape, scale):
    return random_gamma(rng, shape, scale)  # noqa: F821


def chisquare(rng, freedom):
    return random_chisquare(rng, freedom)  # noqa: F821


def beta(rng, a, b):
    return random_beta(rng, a, b)  # noqa: F821


def standard_t(rng, freedom):
    return random_standard_t(rng, freedom)  # noqa: F821


def laplace(rng, location, scale):
    return random_laplace(rng, location, scale)  # noqa: F821


def logistic(rng, location, scale):
    return random_logistic(rng, location, scale)  # noqa: F821


def rayleigh(rng, scale):
    return random_rayleigh(rng, scale)  # noqa: F821


def weibull(rng, shape):
    return random_weibull(rng, shape)  # noqa: F821


def vonmises(rng, mean, concentration):
    return random_vonmises(rng, mean, concentration)  # noqa: F821


def poisson(rng, mean):
    return random_poisson(rng, mean)  # noqa: F821


def geometric(rng, probability):
    return random_geometric(rng, probability)  # noqa: F821


def binomial(rng, count, probability):
    state = np.zeros(BINOMIAL_STATE, np.int64)
    return random_binomial(rng, probability, count, raw(state))  # noqa: F821


def integers(rng, low, high):
    return random_bounded_uint64(rng, low, high - 1 - low, 0, 0)  # noqa: F821


METHODS = {
    function.__name__: function
    for function in (
        random, uniform, standard_normal, normal, lognormal, standard_exponential, exponential, standard_gamma, gamma,
        chisquare, beta, standard_t, laplace, logistic, rayleigh, weibull, vonmises, poisson, geometric, binomial,
        integers,
    )
}  # fmt: skip

_FLOATS = {
    "random_standard_uniform": 0, "random_uniform": 2, "random_standard_normal": 0, "random_normal": 2,
    "random_lognormal": 2, "random_standard_exponential": 0, "random_exponential": 1, "random_standard_gamma": 1,
    "random_gamma": 2, "random_chisquare": 1, "random_beta": 2, "random_standard_t": 1, "random_laplace": 2,
    "random_logistic": 2, "random_rayleigh": 1, "random_weibull": 1, "random_vonmises": 2,
}  # fmt: skip

SIGNATURES: Mapping[str, Signature] = {
    **{name: Signature(name, ("int", *["float"] * count), "float") for name, count in _FLOATS.items()},
    "random_poisson": Signature("random_poisson", ("int", "float"), "int"),
    "random_geometric": Signature("random_geometric", ("int", "float"), "int"),
    "random_binomial": Signature("random_binomial", ("int", "float", "int", "ints"), "int"),
    "random_bounded_uint64": Signature("random_bounded_uint64", ("int",) * 5, "int"),
}


@cache
def addresses() -> dict[str, int]:
    """Where the C functions are in this process; empty where NumPy does not show them."""
    import numpy.random._generator as compiled

    library = ctypes.CDLL(compiled.__file__)
    try:
        return {name: ctypes.cast(getattr(library, name), ctypes.c_void_p).value or 0 for name in SIGNATURES}
    except AttributeError:
        return {}


def used(names: Collection[str]) -> tuple[Signature, ...]:
    """The C functions among the names that a program calls."""
    return tuple(signature for name, signature in SIGNATURES.items() if name in names)


def address_of(rng: np.random.Generator) -> int:
    """What compiled code takes for a generator; it must live as long as it is used."""
    return int(rng.bit_generator.ctypes.bit_generator.value)
