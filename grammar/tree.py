"""The syntax tree: what was written, with no meaning yet. Trees are values; spans do not count in `==`."""

from __future__ import annotations

from dataclasses import dataclass, field

from .source import Span


@dataclass(frozen=True, slots=True)
class Node:
    """Anything with a place in the program."""

    span: Span = field(compare=False, repr=False, kw_only=True)


def field_names(node: Node) -> tuple[str, ...]:
    """The names of a node's fields, in order, without its span."""
    names: tuple[str, ...] = getattr(type(node), "__match_args__")  # noqa: B009 (dataclasses add it unseen)
    return names


@dataclass(frozen=True, slots=True)
class Identifier(Node):
    """A name where it is introduced or used."""

    name: str


# Expressions ------------------------------------------------------------------------------------

type Expression = (
    IntegerLiteral | RealLiteral | ImaginaryLiteral | StringLiteral | Variable | Unary | Transpose
    | Binary | Conditional | Group | Indexed | TupleElement | Call | DensityCall | TargetValue
    | ArrayLiteral | RowLiteral | TupleLiteral
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class IntegerLiteral(Node):
    text: str  # digits, underscores as written: "1_000"


@dataclass(frozen=True, slots=True)
class RealLiteral(Node):
    text: str  # "1.5", ".5", "1e3"


@dataclass(frozen=True, slots=True)
class ImaginaryLiteral(Node):
    text: str  # "2.5i"


@dataclass(frozen=True, slots=True)
class StringLiteral(Node):
    text: str  # without the quotes


@dataclass(frozen=True, slots=True)
class Variable(Node):
    name: str


@dataclass(frozen=True, slots=True)
class Unary(Node):
    operator: str  # "!" "-" "+"
    operand: Expression


@dataclass(frozen=True, slots=True)
class Transpose(Node):
    operand: Expression


@dataclass(frozen=True, slots=True)
class Binary(Node):
    operator: str  # "||" "&&" "==" "!=" "<" "<=" ">" ">=" "+" "-" "*" "/" ".*" "./" "%" "\\" "%/%" "^" ".^"
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Conditional(Node):
    """`test ? then : otherwise`."""

    test: Expression
    then: Expression
    otherwise: Expression


@dataclass(frozen=True, slots=True)
class Group(Node):
    """An expression in parentheses."""

    inner: Expression


@dataclass(frozen=True, slots=True)
class Indexed(Node):
    base: Expression
    indices: tuple[Index, ...]


@dataclass(frozen=True, slots=True)
class TupleElement(Node):
    """`base.number`, counted from 1."""

    base: Expression
    number: int


@dataclass(frozen=True, slots=True)
class Call(Node):
    function: Identifier
    arguments: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class DensityCall(Node):
    """`f(outcome | arguments)`."""

    function: Identifier
    outcome: Expression
    arguments: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class TargetValue(Node):
    """`target()`."""


@dataclass(frozen=True, slots=True)
class ArrayLiteral(Node):
    """`{a, b}`."""

    elements: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class RowLiteral(Node):
    """`[a, b]`: a row vector, or a matrix when its elements are rows."""

    elements: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class TupleLiteral(Node):
    """`(a, b)` or `(a,)`."""

    elements: tuple[Expression, ...]


type Index = AllIndex | SingleIndex | RangeIndex


@dataclass(frozen=True, slots=True)
class AllIndex(Node):
    """`:` or nothing between the commas."""


@dataclass(frozen=True, slots=True)
class SingleIndex(Node):
    """One expression; its type says whether it picks one element or several."""

    value: Expression


@dataclass(frozen=True, slots=True)
class RangeIndex(Node):
    """`lower:upper`, either side may be missing (not both: that is AllIndex)."""

    lower: Expression | None
    upper: Expression | None


# Types ------------------------------------------------------------------------------------------

type DeclaredType = SizedType | SizedArray | SizedTuple


@dataclass(frozen=True, slots=True)
class ConstraintArgument(Node):
    """`lower=0` and so on inside `<...>`."""

    keyword: str  # "lower" "upper" "offset" "multiplier"
    value: Expression


@dataclass(frozen=True, slots=True)
class SizedType(Node):
    """`real<lower=0>`, `vector[N]`, `simplex[K]`: any type that is neither array nor tuple."""

    name: str
    constraint: tuple[ConstraintArgument, ...]
    sizes: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class SizedArray(Node):
    """`array[sizes] element`."""

    sizes: tuple[Expression, ...]
    element: SizedType | SizedTuple


@dataclass(frozen=True, slots=True)
class SizedTuple(Node):
    elements: tuple[DeclaredType, ...]


type UnsizedTypeSyntax = UnsizedType | UnsizedArray | UnsizedTuple


@dataclass(frozen=True, slots=True)
class UnsizedType(Node):
    """A type in a function's signature; `void` for a function that returns nothing."""

    name: str


@dataclass(frozen=True, slots=True)
class UnsizedArray(Node):
    """`array[,] element`."""

    dimensions: int
    element: UnsizedType | UnsizedTuple


@dataclass(frozen=True, slots=True)
class UnsizedTuple(Node):
    elements: tuple[UnsizedTypeSyntax, ...]


# Statements -------------------------------------------------------------------------------------

type Statement = (
    Declaration | Assignment | TupleAssignment | Tilde | TargetIncrement | JacobianIncrement | CallStatement
    | If | For | ForEach | While | Break | Continue | Return | Block | Print | Reject | FatalError | Profile | Empty
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Declarator(Node):
    """One declared variable; `legacy_sizes` are those of the old syntax `real x[N]`."""

    identifier: Identifier
    value: Expression | None
    legacy_sizes: tuple[Expression, ...] = ()


@dataclass(frozen=True, slots=True)
class Declaration(Node):
    type: DeclaredType
    declarators: tuple[Declarator, ...]


type Place = Variable | Indexed | TupleElement | TuplePlace


@dataclass(frozen=True, slots=True)
class TuplePlace(Node):
    """The left side of an unpacking assignment: `(a, b, (c, d)) = ...`."""

    elements: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Assignment(Node):
    place: Place
    operator: str  # "=" "+=" "-=" "*=" "/=" ".*=" "./="  (legacy "<-")
    value: Expression


@dataclass(frozen=True, slots=True)
class TupleAssignment(Node):
    place: TuplePlace
    value: Expression


@dataclass(frozen=True, slots=True)
class Truncation(Node):
    """`T[lower, upper]`; either may be missing."""

    lower: Expression | None
    upper: Expression | None


@dataclass(frozen=True, slots=True)
class Tilde(Node):
    """`outcome ~ distribution(arguments) T[,];`"""

    outcome: Expression
    distribution: Identifier
    arguments: tuple[Expression, ...]
    truncation: Truncation | None


@dataclass(frozen=True, slots=True)
class TargetIncrement(Node):
    value: Expression


@dataclass(frozen=True, slots=True)
class JacobianIncrement(Node):
    value: Expression


@dataclass(frozen=True, slots=True)
class CallStatement(Node):
    call: Call


@dataclass(frozen=True, slots=True)
class If(Node):
    test: Expression
    then: Statement
    otherwise: Statement | None


@dataclass(frozen=True, slots=True)
class For(Node):
    """`for (variable in lower:upper) body`."""

    variable: Identifier
    lower: Expression
    upper: Expression
    body: Statement


@dataclass(frozen=True, slots=True)
class ForEach(Node):
    """`for (variable in container) body`."""

    variable: Identifier
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
    """`profile("name") { ... }`."""

    label: StringLiteral
    body: Block


@dataclass(frozen=True, slots=True)
class Empty(Node):
    """A lone `;`."""


# Programs ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Parameter(Node):
    """A formal argument of a function."""

    data_only: bool
    type: UnsizedTypeSyntax
    identifier: Identifier


@dataclass(frozen=True, slots=True)
class FunctionDefinition(Node):
    """A user's function; `body` is None for a forward declaration."""

    result: UnsizedTypeSyntax
    identifier: Identifier
    parameters: tuple[Parameter, ...]
    body: Block | None


@dataclass(frozen=True, slots=True)
class FunctionsBlock(Node):
    definitions: tuple[FunctionDefinition, ...]


@dataclass(frozen=True, slots=True)
class Comment(Node):
    """A comment or `#include` line kept for the formatter; not part of a tree's value."""

    text: str


@dataclass(frozen=True, slots=True)
class Program(Node):
    """A whole program; a block that is not written is None."""

    functions: FunctionsBlock | None
    data: Block | None
    transformed_data: Block | None
    parameters: Block | None
    transformed_parameters: Block | None
    model: Block | None
    generated_quantities: Block | None
    comments: tuple[Comment, ...] = field(default=(), compare=False, repr=False)
