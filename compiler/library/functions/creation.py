"""Containers made from sizes: repeated values, zeros, ones, one-hot, evenly spaced, identity."""

from __future__ import annotations

from typing import Any

from ..definitions import Function, Tensor, function
from ..domains import relation, where
from ..graph import pt
from ..supports import Integer, Location
from ._axes import length, of_depth, real, size
from ._complex import by_parts, complex_twin

SIZE = where(nan=False, n=Integer(lower=0))


def _rep_array(core: int) -> Any:
    """New axes in front of an element's own."""

    def build(x: Tensor, *sizes: Tensor) -> Tensor:
        batch = x.ndim - core
        lengths = [length(x, axis) for axis in range(x.ndim)]
        spread = x.dimshuffle(*range(batch), *("x" for _ in sizes), *range(batch, x.ndim))
        return pt.alloc(spread, *lengths[:batch], *map(size, sizes), *lengths[batch:])

    return build


def _rep_array_of(core: int, complex: bool, names: tuple[str, ...]) -> Function:
    """Of elements with so many axes, with sizes of these names."""
    build: Any = by_parts(_rep_array(core)) if complex else _rep_array(core)
    build.names = ("x", *names)
    return Function(
        "rep_array",
        (
            f"(T{', int' * len(names)}) => array[{',' * (len(names) - 1)}] T"
            f" for T in {of_depth(core, complex, lowest=0, highest=2)}",
        ),
        build,
        summary="An array of one, two or three dimensions that holds x everywhere.",
        domain=where(nan=False, **dict.fromkeys(names, Integer(lower=0))),
    )


rep_array = tuple(
    _rep_array_of(core, complex, names)
    for names in (("n",), ("m", "n"), ("k", "m", "n"))
    for core in range(5)
    for complex in (False, True)
)


@function("(real, int) => vector", reference="numpy.full(n, x)", domain=SIZE)
def rep_vector(x: Tensor, n: Tensor) -> Tensor:
    """A vector of n times x."""
    return _rep_array(0)(real(x), n)


@function("(real, int) => row_vector", reference="numpy.full(n, x)", domain=SIZE)
def rep_row_vector(x: Tensor, n: Tensor) -> Tensor:
    """A row vector of n times x."""
    return _rep_array(0)(real(x), n)


@function(
    "(real, int, int) => matrix",
    reference="numpy.full((m, n), x)",
    domain=where(nan=False, m=Integer(lower=0), n=Integer(lower=0)),
)
def rep_matrix(x: Tensor, m: Tensor, n: Tensor) -> Tensor:
    """A matrix of m rows and n columns that is x everywhere."""
    return _rep_array(0)(real(x), m, n)


@function("(row_vector, int) => matrix", name="rep_matrix", domain=where(nan=False, m=Integer(lower=0)))
def rep_rows(x: Tensor, m: Tensor) -> Tensor:
    """A matrix with m rows, all equal to x."""
    return _rep_array(1)(x, m)


@function("(vector, int) => matrix", name="rep_matrix", domain=SIZE)
def rep_columns(x: Tensor, n: Tensor) -> Tensor:
    """A matrix with n columns, all equal to x."""
    columns = [length(x, axis) for axis in range(x.ndim)]
    return pt.alloc(x[..., None], *columns, size(n))


complex_repetitions = (
    complex_twin(rep_vector, "(complex, int) => complex_vector"),
    complex_twin(rep_row_vector, "(complex, int) => complex_row_vector"),
    complex_twin(rep_matrix, "(complex, int, int) => complex_matrix"),
    complex_twin(rep_rows, "(complex_row_vector, int) => complex_matrix"),
    complex_twin(rep_columns, "(complex_vector, int) => complex_matrix"),
)


# Constant containers ----------------------------------------------------------------------------

RISING = relation("upper", "lower", "at least lower", lambda upper, lower: upper >= lower, nan=False)
ONE_HOT = (
    *where(nan=False, n=Integer(lower=1)),
    relation("k", "n", "the number of an element", lambda k, n: (k >= 1) & (k <= n), nan=False),
)
SPACED = (
    *where(nan=False, n=Integer(lower=0), lower=Location(), upper=Location()),
    RISING,
)
_CONTAINERS = {
    "vector": ("vector", "float64"),
    "row_vector": ("row_vector", "float64"),
    "array": ("array[] real", "float64"),
    "int_array": ("array[] int", "int64"),
}


def _filled(value: int, dtype: str) -> Any:
    return lambda n: pt.full((size(n),), pt.constant(value, dtype=dtype))


def _one_hot(dtype: str) -> Any:
    return lambda n, k: pt.cast(pt.eq(pt.arange(size(n)), size(k) - 1), dtype)


def _linspaced(n: Tensor, lower: Tensor, upper: Tensor) -> Tensor:
    """From lower to upper in n points; just upper for n = 1."""
    steps, (lower, upper) = size(n), (real(bound)[..., None] for bound in (lower, upper))
    if isinstance(steps, int) and steps == 1:
        return upper + pt.zeros((1,))
    position = pt.arange(steps, dtype="float64")
    last = pt.maximum(steps - 1, 1)
    return pt.switch(pt.ge(position, steps - 1), upper, lower + position * ((upper - lower) / last))


zeros = tuple(
    Function(f"zeros_{name}", (f"(int) => {type}",), _filled(0, dtype), summary="n zeros.", domain=SIZE)
    for name, (type, dtype) in _CONTAINERS.items()
)
ones = tuple(
    Function(f"ones_{name}", (f"(int) => {type}",), _filled(1, dtype), summary="n ones.", domain=SIZE)
    for name, (type, dtype) in _CONTAINERS.items()
)
one_hots = tuple(
    Function(
        f"one_hot_{name}",
        (f"(int, int) => {type}",),
        _one_hot(dtype),
        summary="n zeros, but 1 in place k.",
        domain=ONE_HOT,
    )
    for name, (type, dtype) in _CONTAINERS.items()
)
linspaced = tuple(
    Function(f"linspaced_{name}", (f"(data int, data real, data real) => {type}",), _linspaced,
             "numpy.linspace(lower, upper, n)",
             summary="n evenly spaced numbers from lower to upper.", domain=SPACED)
    for name, (type, dtype) in _CONTAINERS.items()
    if dtype == "float64"
)  # fmt: skip


@function(
    "(data int, data int, data int) => array[] int",
    reference="numpy.linspace(lower, upper, n).astype(int)",
    domain=(
        *SIZE,
        RISING,
    ),
)
def linspaced_int_array(n: Tensor, lower: Tensor, upper: Tensor) -> Tensor:
    """n ints from lower to upper, evenly spaced; where there are too few ints for that, they stop below upper."""
    steps = size(n)
    if isinstance(steps, int) and steps == 1:
        return pt.as_tensor(upper)[None]
    width, position = upper - lower, pt.arange(steps)
    # Points that outnumber the ints repeat each of them equally often; else the steps are of equal whole length.
    repeated = lower + position // ((steps + width) // (width + 1))
    spaced = lower + position * (width // pt.maximum(pt.as_tensor(steps) - 1, 1))
    return pt.switch(pt.lt(width + 1, steps), repeated, spaced)


@function("(int) => matrix", reference="numpy.eye(n)", domain=SIZE)
def identity_matrix(n: Tensor) -> Tensor:
    """The identity matrix."""
    return pt.eye(size(n))


@function("(int) => vector", reference="numpy.full(n, 1 / n)", domain=where(nan=False, n=Integer(lower=1)))
def uniform_simplex(n: Tensor) -> Tensor:
    """n times 1 / n."""
    return pt.full((size(n),), pt.reciprocal(pt.cast(n, "float64")))


@function("(int) => tuple(vector, real, int, int, int, int)")
def generate_laplace_options(n: Tensor) -> tuple[Tensor, ...]:
    """The default options of the embedded Laplace approximation, starting from n zeros."""
    return _laplace_options(pt.zeros((size(n),)))


@function("(vector) => tuple(vector, real, int, int, int, int)", name="generate_laplace_options")
def laplace_options_from(start: Tensor) -> tuple[Tensor, ...]:
    """The default options of the embedded Laplace approximation, starting from the given values."""
    return _laplace_options(start)


def _laplace_options(start: Tensor) -> tuple[Tensor, ...]:
    """Start, tolerance, most steps, solver, most steps of a line search, whether to fall back on another solver."""
    tolerance = pt.constant(2.0**-26)  # the square root of machine precision
    return start, tolerance, *(pt.constant(n, dtype="int64") for n in (500, 1, 1000, 1))
