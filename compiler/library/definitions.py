"""The kinds of things the language knows: each distribution, function and transform is one of these values.

**The axes convention.** A graph-building function works on the *trailing* axes of its arguments: a scalar
has none of its own, a vector one, a matrix two, arrays add theirs in front. Whatever axes lie in front of
those are batch axes (a loop lowered as a whole puts its index there); arguments then either all have
exactly one batch axis in front (possibly of length 1), or none has. Integers that are sizes or indices
are never batched. So `log_sum_exp(x)` of a vector reduces `axis=-1`, never `axis=None`.

A complex number has one axis more, the last, of length 2: its real and its imaginary part (PyTensor has no
gradients through complex tensors). The other axes are those of the same container of reals.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from ..types import Type

type KernelFunction = Callable[..., Any]  # a plain function of numbers and arrays, which is compiled (see kernels/)
Tensor = Any  # a pytensor.tensor.TensorVariable; named here so that this file imports no PyTensor


@dataclass(frozen=True, slots=True)
class Signature:
    """One overload. `data_only` marks arguments that must not depend on parameters."""

    arguments: tuple[Type, ...]
    result: Type
    data_only: tuple[bool, ...] = ()

    @property
    def parameters(self) -> tuple[tuple[bool, Type], ...]:
        """Whether each argument must be data only, and its type: as in a `FunctionType`."""
        data_only = self.data_only or (False,) * len(self.arguments)
        return tuple(zip(data_only, self.arguments, strict=True))

    def __str__(self) -> str:
        inside = ", ".join(f"{'data ' if data else ''}{type}" for data, type in self.parameters)
        return f"({inside}) => {self.result}"


# Supports ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Support:
    """Where a distribution's outcome or parameter lives.

    `core` is its number of trailing axes (0 for a number, 1 for a vector, 2 for a matrix); `integer`
    says whether it holds integers; `holds(x)` builds a boolean graph over the leading axes that is true
    where x lies in the support (None: anything goes); `text` completes "must be ...". What else must hold, but
    makes results nan where it does not, is `implied`: it is looked at only to say what is wrong. `problem(x)` says
    that of an array, where it takes more than the first element outside: "must be ..., but ...". `constraint` is the
    name of the transform whose values are the support.
    """

    text: str
    core: int = 0
    integer: bool = False
    holds: Callable[[Tensor], Tensor] | None = None
    lower: float | None = None  # the interval of a scalar support, where it is one
    upper: float | None = None
    open_below: bool = False  # without `lower` itself
    open_above: bool = False
    finite: bool = False
    implied: Callable[[Tensor], Tensor] | None = None
    problem: Callable[[Any], str | None] | None = None
    constraint: str | None = None


@dataclass(frozen=True, slots=True)
class Parameter:
    """An argument of a distribution; `vectorised` is False where Stan takes one value only."""

    name: str
    support: Support
    vectorised: bool = True


@dataclass(frozen=True, slots=True)
class Condition:
    """What a call needs of the values of its arguments.

    `arguments` are the names of those it is about, the first the one that is outside; `holds` takes their tensors
    and gives truth values of any shape; `text` completes "must ...". With `nan` the result is nan (a log density:
    or -inf) wherever the condition fails, so that it need not be looked at while sampling, only to say what is
    wrong. `problem` says that of their values where it takes more than the first element outside: "must ..., but ...".
    With `zero` a density is zero there, which is no error: it is named only to who asks why a point is rejected.
    """

    arguments: tuple[str, ...]
    text: str
    holds: Callable[..., Tensor]
    nan: bool = True
    problem: Callable[..., str | None] | None = None
    zero: bool = False


@dataclass(frozen=True, slots=True)
class Sizes:
    """Axes, counted from the end, that must be equally long: pairs of one of the first and one of the other argument.

    None as the other axis: the first must not be empty, unless the other has such an axis as `unless` and nothing
    along it; no pairs at all: all axes of two containers of equal rank. `text` is a sentence about the first argument
    in which {0} and {1} are the two lengths.
    """

    arguments: tuple[str, str]
    axes: tuple[tuple[int, int | None], ...]
    text: str
    unless: int | None = None


type Domain = tuple[Condition | Sizes, ...]


# Definitions ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Distribution:
    """A distribution, from which its `_lpdf`/`_lpmf`, cdfs, `_rng` and signatures follow.

    All functions take the outcome first and follow the axes convention with the supports' `core` axes as
    trailing axes; `log_density` and the cdfs return one value per leading position (they broadcast,
    the caller sums). `draw(rng, *parameters)` draws one outcome from a `numpy.random.Generator` and is
    compiled by Numba (write outcomes with core axes as a new array); an integer outcome is an int. It is a
    plain function of `rng` methods, `math`, the lazy `np` and kernels, which `kernels.native.compile_kernel`
    compiles. `reference` is evaluated by tests only: an expression for a frozen SciPy-like distribution in
    the parameters' names (`lambda_` for lambda).

    `log_density` may assume valid parameters and an outcome in its support, boundary included; limits that
    depend on parameters (n <= N) it answers itself, with -inf. The cdfs of discrete distributions take any integer.
    Where parameters do not tell how large the outcome is, `draw_needs` says what else `draw` takes, in the
    order of `_rng`: "size", the length of the outcome's last axis, before the parameters (`lkj_corr_rng`), or
    "total", the sum of the counts, after them (`multinomial_rng`). Parameters are checked one by one before a draw;
    where they do not fit each other it is nan, or `kernels.draws.NO_OUTCOME` for an integer.
    `draw_between(rng, lower, upper, *parameters)` draws an outcome given that it lies between bounds, however far out;
    without it outcomes are drawn until one does.
    """

    name: str
    outcome: Support
    parameters: tuple[Parameter, ...]
    log_density: Callable[..., Tensor]
    log_cdf: Callable[..., Tensor] | None = None
    log_ccdf: Callable[..., Tensor] | None = None
    cdf: Callable[..., Tensor] | None = None  # where exp(log_cdf) is not the natural form
    draw: Callable[..., Any] | None = None
    reference: str | None = None
    source: str = ""  # section of the manual or paper
    signatures: tuple[str, ...] = ()  # extra or replacing signatures where the general rule does not fit
    deprecated: str | None = None
    draw_needs: Literal["", "size", "total"] = ""
    draw_between: Callable[..., Any] | None = None
    takes: Support | None = None  # the outcomes that have a density, where that is zero beyond the support
    domain: Domain = ()  # how parameters and outcome must fit each other
    cdf_arguments: tuple[Parameter, ...] = ()  # what the cdfs take, where that is not what the density takes
    cdf_domain: Domain = ()  # how the outcome of cdfs must fit the parameters, if they do not extend beyond the support
    draw_domain: Domain = ()  # what `_rng` needs beyond what the density needs
    unchecked_if_empty: bool = False  # a density of no outcomes is 0 whatever the values of its parameters
    cdfs_unchecked_if_empty: bool = False  # nor do the cdfs of no outcomes look at them

    @property
    def discrete(self) -> bool:
        """Whether the outcome is integer, so that the suffix is `_lpmf`."""
        return self.outcome.integer

    def __repr__(self) -> str:  # stable: PyTensor's caches use it as a key
        return f"Distribution({self.name})"


@dataclass(frozen=True, slots=True)
class Body:
    """What a function does, in the language itself: statements about its arguments, and functions that they call.

    Generated code learns sizes as it runs, which graphs have to know before they are built.
    """

    statements: str
    helpers: str = ""


@dataclass(frozen=True, slots=True)
class Function:
    """A library function for some of its signatures; several values may share a name.

    `signatures` are written as in the manual: "(matrix, vector) => vector". `build` takes one tensor per
    argument (a Python tuple for a Stan tuple) and follows the axes convention; it is None while the
    function is only known to the checker. `domain` says for which arguments it is defined (see domains.py).
    `in_language` is what generated code calls instead, where a graph of it does not serve all sizes.
    """

    name: str
    signatures: tuple[str, ...]
    build: Callable[..., Any] | None
    reference: str | None = None  # NumPy/SciPy expression in the arguments' names, evaluated by tests only
    source: str = ""
    deprecated: str | None = None
    summary: str = field(default="", compare=False)
    domain: Domain = field(default=(), compare=False)
    in_language: Body | None = field(default=None, compare=False)

    def __call__(self, *arguments: Any) -> Any:
        """The graph of a call."""
        assert self.build is not None, f"{self.name} has no graph"
        return self.build(*arguments)

    def __repr__(self) -> str:
        return f"Function({self.name}{self.signatures[0] if self.signatures else ''})"


@dataclass(frozen=True, slots=True)
class InLanguage:
    """What a constraint's functions do to one value x, as bodies of functions in the language itself (see `Body`).

    In `constrain` `free(e);` counts e as the log Jacobian, or nowhere; bounds are L and U (so are offset and
    multiplier), sizes K and N. Without `unconstrain` the graphs serve all sizes, and `constrain` is for `X_jacobian`
    only. `helpers` is what they call.
    """

    constrain: str
    unconstrain: str = ""
    helpers: str = ""


@dataclass(frozen=True, slots=True)
class Transform:
    """A constraint: the bijection from unconstrained space, with its log Jacobian determinant.

    `constrain(x, *arguments)`, `unconstrain(y, *arguments)` and `log_jacobian(x, *arguments)` work on the
    trailing `unconstrained_core`/`constrained_core` axes and broadcast over leading ones; `log_jacobian`
    returns one value per leading position. `unconstrained_shape(shape)` maps the shape of one constrained
    value (sizes are ints) to that of its unconstrained one.

    `problem(y, *arguments)` is a NumPy function: None if y satisfies the constraint within Stan's tolerance (1e-8),
    else what is wrong, for error messages. `holds(y, *arguments)` is a boolean graph over the leading axes, true where
    y satisfies it. `sizes(shape)` says what is wrong with a shape of which there are no free values. With
    `needs_elements` a value without elements violates the constraint.

    A declaration names one size for each axis, or as many as one of `size_counts` (one size of a matrix is that of rows
    and columns). Where `takes_shape`, x does not tell the sizes of y: constrain and log_jacobian need the keyword
    `shape`, the core shape of one constrained value. x's last axis must have a static length wherever it has a core.

    As functions of the language, `X_constrain` and so on where X is `function_name`, they are defined where
    `free_domain` (of x, the arguments and sizes K or M and N) and `domain` (of y and the arguments) say. Those that
    lay free numbers out as a vector for a declaration take them as a matrix there, which has the rows and columns of y
    less `free_matrix_lacks`.

    A density of y is one of its `coordinates(shape)`, an index into one value: `log_jacobian` is the log determinant
    of the map to them. They are None where it is the area of a surface. They serve tests only.

    `in_language` says the same for generated code.
    """

    name: str
    constrain: Callable[..., Tensor]
    unconstrain: Callable[..., Tensor]
    log_jacobian: Callable[..., Tensor]
    problem: Callable[..., str | None]
    holds: Callable[..., Tensor]
    constrained_core: int = 0
    unconstrained_core: int = 0
    unconstrained_shape: Callable[[tuple[int, ...]], tuple[int, ...]] = lambda shape: shape
    parameters: tuple[str, ...] = ()  # names of its arguments: ("lower", "upper")
    size_counts: tuple[int, ...] = ()
    takes_shape: bool = False
    sizes: Callable[[tuple[int, ...]], str | None] = lambda shape: None
    needs_elements: bool = False
    finite_volume: bool = False  # so that a flat density of its values can be normalised
    function_name: str = ""  # `name`, unless it is another
    free_matrix_lacks: tuple[int, int] | None = None
    coordinates: Callable[[tuple[int, ...]], Any] | None = lambda shape: ...
    free_domain: Domain = ()
    domain: Domain = ()
    in_language: InLanguage | None = None  # without it there is no `X_jacobian` in generated code

    @property
    def declared_sizes(self) -> tuple[int, ...]:
        """How many sizes a declaration may name."""
        return self.size_counts or (self.constrained_core,)

    def lack(self, shape: tuple[int, ...]) -> str | None:
        """What is wrong with values of this shape for want of elements; an array of no values lacks nothing."""
        outer, core = len(shape) - self.constrained_core, shape[len(shape) - self.constrained_core :]
        return "must have elements" if self.needs_elements and all(shape[:outer]) and not all(core) else None


def function(
    *signatures: str,
    name: str | None = None,
    reference: str | None = None,
    source: str = "",
    deprecated: str | None = None,
    domain: Domain = (),
    in_language: Body | None = None,
) -> Callable[[Callable[..., Any]], Function]:
    """Turn a graph-building Python function into a library function of the same name."""

    def wrap(build: Callable[..., Any]) -> Function:
        return Function(
            name or build.__name__,
            signatures,
            build,
            reference,
            source,
            deprecated,
            (build.__doc__ or "").strip(),
            domain,
            in_language,
        )

    return wrap
