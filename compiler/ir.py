"""The typed program: names resolved, sugar gone, every expression with a type and a span.

What the checker guarantees: every implicit promotion is a `Promote`; compound assignments are plain ones;
operators are calls of their library function (`+` is `add`, `*` is `multiply`, `a'` is `transpose`, ...);
`&&`, `||` and `?:` keep their own nodes because they evaluate only one side; loops over containers stay
`ForEach`; every variable has one `Variable` object, shared by all its uses.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, IntEnum
from typing import TypeGuard

from pplc.grammar.source import Span

from .types import Type


class Role(Enum):
    """Where a variable was declared."""

    DATA = "data"
    TRANSFORMED_DATA = "transformed data"
    PARAMETER = "parameters"
    TRANSFORMED_PARAMETER = "transformed parameters"
    MODEL = "model"
    GENERATED = "generated quantities"
    LOCAL = "local"
    LOOP = "loop"
    ARGUMENT = "argument"


class Level(IntEnum):
    """What an expression's value depends on: only data (or literals), or parameters too.

    Judged by declarations, not by what is computed: a local variable of the model is PARAMETER, whatever is
    assigned to it, and an int variable or argument is DATA, although it may come from comparing parameters.
    """

    DATA = 0
    PARAMETER = 1


@dataclass(frozen=True, slots=True)
class Node:
    span: Span = field(compare=False, repr=False, kw_only=True)


# Variables --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class Variable:
    """A declared variable. Identity counts: two variables of the same name in different scopes differ."""

    name: str
    type: Type
    role: Role
    level: Level
    span: Span = field(repr=False)


@dataclass(frozen=True, slots=True)
class Constraint(Node):
    """How a declaration restricts its values.

    `name` is a file in `library/transforms/`: `lower`, `upper`, `lower_upper`, `offset_multiplier`,
    `simplex`, `ordered`, ...; `arguments` are the bounds in the order the transform takes them
    (`lower_upper`: lower then upper; `offset_multiplier`: offset then multiplier, a missing one is a
    literal 0 or 1).
    """

    name: str
    arguments: tuple[Expression, ...] = ()


type SizedType = Sized | SizedTuple


@dataclass(frozen=True, slots=True)
class Sized(Node):
    """A declared non-tuple type: array sizes, then the sizes of the vector or matrix inside.

    `type` has the array dimensions in it; `cov_matrix[K]` has inner sizes (K, K), `simplex[K]` (K,),
    `cholesky_factor_cov[M]` (M, M).
    """

    type: Type
    array_sizes: tuple[Expression, ...]
    inner_sizes: tuple[Expression, ...]
    constraint: Constraint | None


@dataclass(frozen=True, slots=True)
class SizedTuple(Node):
    """A declared tuple or array of tuples."""

    type: Type
    array_sizes: tuple[Expression, ...]
    elements: tuple[SizedType, ...]


# Expressions ------------------------------------------------------------------------------------

type Expression = (
    IntegerLiteral | RealLiteral | ImaginaryLiteral | StringLiteral | Reference | FunctionReference | Promote
    | Conditional | And | Or | LibraryCall | UserCall | Indexed | TupleElement | TargetValue
    | ArrayLiteral | RowVectorLiteral | MatrixLiteral | TupleLiteral
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Typed(Node):
    """An expression: a node with a type and a level."""

    type: Type = field(kw_only=True)
    level: Level = field(kw_only=True)


def is_expression(node: Node) -> TypeGuard[Expression]:
    return isinstance(node, Typed)


@dataclass(frozen=True, slots=True)
class IntegerLiteral(Typed):
    value: int


@dataclass(frozen=True, slots=True)
class RealLiteral(Typed):
    value: float


@dataclass(frozen=True, slots=True)
class ImaginaryLiteral(Typed):
    value: float  # the imaginary part


@dataclass(frozen=True, slots=True)
class StringLiteral(Typed):
    """Only as an argument of print, reject and fatal_error."""

    value: str


@dataclass(frozen=True, slots=True)
class Reference(Typed):
    """The value of a variable."""

    variable: Variable


@dataclass(frozen=True, slots=True)
class FunctionReference(Typed):
    """A function passed by name to a higher-order function: a user's, or a library one (`library` set)."""

    function: Function | None
    library: str | None = None

    @property
    def name(self) -> str:
        """The name of the function."""
        return self.function.name if self.function else self.library or ""


@dataclass(frozen=True, slots=True)
class Promote(Typed):
    """int -> real -> complex, elementwise in containers; `type` is the wider type."""

    value: Expression


@dataclass(frozen=True, slots=True)
class Conditional(Typed):
    test: Expression
    then: Expression
    otherwise: Expression


@dataclass(frozen=True, slots=True)
class And(Typed):
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Or(Typed):
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class LibraryCall(Typed):
    """A call of a library function or density (`normal_lpdf`; `_lupdf` becomes `_lpdf`, constants are kept).

    Arguments are promoted to the chosen signature. Higher-order functions (`ode_rk45`, `reduce_sum`, ...)
    are library calls too, with a FunctionReference among their arguments.
    """

    name: str
    arguments: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class UserCall(Typed):
    function: Function
    arguments: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Indexed(Typed):
    """`base[indices]` with no chains: `a[i][j]` with a single i is `a[i, j]`."""

    base: Expression
    indices: tuple[Index, ...]


@dataclass(frozen=True, slots=True)
class TupleElement(Typed):
    base: Expression
    number: int  # from 1


@dataclass(frozen=True, slots=True)
class TargetValue(Typed):
    """`target()`."""


@dataclass(frozen=True, slots=True)
class ArrayLiteral(Typed):
    elements: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class RowVectorLiteral(Typed):
    elements: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class MatrixLiteral(Typed):
    rows: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class TupleLiteral(Typed):
    elements: tuple[Expression, ...]


type Index = Single | Multiple | Between | All


@dataclass(frozen=True, slots=True)
class Single(Node):
    """An int: takes one element and drops the dimension."""

    value: Expression


@dataclass(frozen=True, slots=True)
class Multiple(Node):
    """An array of ints."""

    value: Expression


@dataclass(frozen=True, slots=True)
class Between(Node):
    """`lower:upper`, inclusive, empty when upper < lower; None means from the first or to the last."""

    lower: Expression | None
    upper: Expression | None


@dataclass(frozen=True, slots=True)
class All(Node):
    pass


# Statements -------------------------------------------------------------------------------------

type Statement = (
    Declare | Assign | Unpack | Tilde | TargetIncrement | JacobianIncrement | CallStatement | If | For | ForEach
    | While | Break | Continue | Return | Block | Print | Reject | FatalError | Profile
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Declare(Node):
    """A declaration in a block or a body; `initial` is the value given with it."""

    variable: Variable
    sized: SizedType
    initial: Expression | None


@dataclass(frozen=True, slots=True)
class Place(Node):
    """Where an assignment writes: a variable, then a path of index lists and tuple element numbers.

    `x[i, 2:].1[j]` is path ((Single i, Between 2:), 1, (Single j,)).
    """

    variable: Variable
    path: tuple[tuple[Index, ...] | int, ...]
    type: Type


@dataclass(frozen=True, slots=True)
class Assign(Node):
    """`place = value`; `x += e` is `x = x + e`."""

    place: Place
    value: Expression


@dataclass(frozen=True, slots=True)
class Unpack(Node):
    """`(a, (b, c)) = value`: the value is evaluated once and copied, then its parts are assigned."""

    places: tuple[UnpackTarget, ...]
    value: Expression


type UnpackTarget = Place | tuple[UnpackTarget, ...]


@dataclass(frozen=True, slots=True)
class Truncation(Node):
    lower: Expression | None
    upper: Expression | None


@dataclass(frozen=True, slots=True)
class Tilde(Node):
    """`outcome ~ distribution(arguments) T[,]`.

    `distribution` is the name without suffix (`normal`); `function` is the user's `_lpdf`/`_lpmf` when
    it is one of theirs; `cdfs` are the user's `_lcdf`/`_lccdf` found for the truncation, by suffix.
    """

    outcome: Expression
    distribution: str
    arguments: tuple[Expression, ...]
    truncation: Truncation | None
    function: Function | None = None
    cdfs: tuple[tuple[str, Function], ...] = ()


@dataclass(frozen=True, slots=True)
class TargetIncrement(Node):
    """`target += value`; a container counts with the sum of its elements."""

    value: Expression


@dataclass(frozen=True, slots=True)
class JacobianIncrement(Node):
    value: Expression


@dataclass(frozen=True, slots=True)
class CallStatement(Node):
    call: UserCall | LibraryCall


@dataclass(frozen=True, slots=True)
class If(Node):
    test: Expression
    then: Statement
    otherwise: Statement | None


@dataclass(frozen=True, slots=True)
class For(Node):
    variable: Variable
    lower: Expression
    upper: Expression
    body: Statement


@dataclass(frozen=True, slots=True)
class ForEach(Node):
    """`for (x in c)`, as the Stan compiler means it.

    A variable c is read as the loop runs, so that the body may change what comes; any other c is computed before. A
    matrix is gone through by two loops, rows outside and columns inside, of which `break` leaves the inner one.
    """

    variable: Variable
    container: Expression
    body: Statement


@dataclass(frozen=True, slots=True)
class While(Node):
    test: Expression
    body: Statement


@dataclass(frozen=True, slots=True)
class Break(Node):
    pass


@dataclass(frozen=True, slots=True)
class Continue(Node):
    pass


@dataclass(frozen=True, slots=True)
class Return(Node):
    value: Expression | None


@dataclass(frozen=True, slots=True)
class Block(Node):
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Print(Node):
    arguments: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Reject(Node):
    arguments: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class FatalError(Node):
    arguments: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Profile(Node):
    label: str
    body: Block


# Programs ---------------------------------------------------------------------------------------


@dataclass(slots=True, eq=False)
class Function:
    """A user's function. `body` is filled in after all signatures are known, for recursion.

    `parameters` carry Role.ARGUMENT; a `data` argument has Level.DATA.
    """

    name: str
    parameters: tuple[Variable, ...]
    data_only: tuple[bool, ...]
    result: Type
    span: Span
    body: Block | None = None


@dataclass(frozen=True, slots=True)
class Program(Node):
    """A checked program. Data and parameters are declarations; the other blocks are statements in order."""

    functions: tuple[Function, ...]
    data: tuple[Declare, ...]
    transformed_data: tuple[Statement, ...]
    parameters: tuple[Declare, ...]
    transformed_parameters: tuple[Statement, ...]
    model: tuple[Statement, ...]
    generated_quantities: tuple[Statement, ...]
