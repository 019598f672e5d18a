"""Mistakes in expressions: operands, literals, conditions, indices, tuples."""

from __future__ import annotations

from pplc.grammar.diagnostics import Diagnostic, Mark, Severity
from pplc.grammar.source import Span

from ...types import Array, Int, Real, RowVector, Type, Vector, core_dimensions, scalar_of
from .words import a, count

_ELEMENTWISE_HELP = {"*": ".*", "/": "./", "^": ".^"}


def operand_types(operator: str, span: Span, left: tuple[Span, Type], right: tuple[Span, Type]) -> Diagnostic:
    """An operator between two types that it does not join."""
    (left_span, left_type), (right_span, right_type) = left, right
    return Diagnostic(
        code="operand-type",
        title=f"`{operator}` does not take {a(left_type)} and {a(right_type)}",
        mark=Mark(span, f"{left_type} {operator} {right_type}"),
        related=tuple(
            Mark(place, f"this is {a(type)}")
            for place, type in ((left_span, left_type), (right_span, right_type))
            if place.line != span.line
        ),
        help=_operand_help(operator, left_type, right_type),
    )


def _operand_help(operator: str, left: Type, right: Type) -> str | None:
    if operator in ("&&", "||") and Real() in (left, right):
        return "compare the real with a number: `x > 0`"
    if operator in ("%", "%/%"):
        return f"`{operator}` divides integers" + ("; for reals use `fmod`" if operator == "%" else "")
    if operator in ("==", "!=", "<", "<=", ">", ">=") and (core_dimensions(left) or core_dimensions(right)):
        return "comparisons take single numbers; compare containers element by element in a loop"
    if isinstance(left, Array) or isinstance(right, Array):
        return "arrays are not added or multiplied; turn them into vectors with `to_vector`"
    if operator in _ELEMENTWISE_HELP and left == right and core_dimensions(left):
        elementwise = f"to combine them element by element write `{_ELEMENTWISE_HELP[operator]}`"
        return f"{elementwise}, for the sum of the products `dot_product(u, v)`" if operator == "*" else elementwise
    if operator in ("+", "-") and {left, right} == {Vector(), RowVector()}:
        return "transpose one of them: `x'`"
    return None


def operand_type(operator: str, span: Span, operand: Type) -> Diagnostic:
    """A prefix or postfix operator on a type that it does not apply to."""
    helps = {
        "!": "`!` negates the integer that a comparison gives",
        "'": "only vectors, row vectors and matrices can be transposed",
    }
    return Diagnostic(
        code="operand-type",
        title=f"`{operator}` does not take {a(operand)}",
        mark=Mark(span, f"the operand is {a(operand)}"),
        help=helps.get(operator),
    )


def condition_type(what: str, span: Span, type: Type) -> Diagnostic:
    """A condition that is not an int."""
    return Diagnostic(
        code="condition-type",
        title=f"the condition of {what} has to be an int, not {a(type)}",
        mark=Mark(span, f"this is {a(type)}"),
        help="write a comparison, for example `x > 0` or `x != 0`" if isinstance(type, Real) else None,
    )


def branch_types(span: Span, then: tuple[Span, Type], otherwise: tuple[Span, Type]) -> Diagnostic:
    """The two sides of `?:` have no type in common."""
    return Diagnostic(
        code="branch-types",
        title=f"both sides of `? :` need one type, here they are {a(then[1])} and {a(otherwise[1])}",
        mark=Mark(span),
        related=(Mark(then[0], f"{then[1]}"), Mark(otherwise[0], f"{otherwise[1]}")),
    )


def mixed_array(span: Span, type: Type, first: Span, expected: Type) -> Diagnostic:
    """The elements of an array literal differ in type."""
    return Diagnostic(
        code="mixed-array",
        title=f"the elements of an array need one type, but this one is {a(type)} among {expected}s",
        mark=Mark(span, f"this is {a(type)}"),
        related=(Mark(first, f"the first element is {a(expected)}"),),
        help="a tuple `(a, b)` can hold values of different types",
    )


def row_vector_element(span: Span, type: Type) -> Diagnostic:
    """An element of `[a, b]` that is not a number (and the first is no row)."""
    return Diagnostic(
        code="row-vector-element",
        title=f"`[...]` makes a row vector of numbers or a matrix of row vectors, it cannot hold {a(type)}",
        mark=Mark(span, f"this is {a(type)}"),
        help="an array is written `{a, b}`; transpose a vector to use it as a row: `v'`",
    )


def matrix_row(span: Span, type: Type) -> Diagnostic:
    """A row of a matrix literal that is not a row vector."""
    return Diagnostic(
        code="matrix-row",
        title=f"each row of a matrix has to be a row vector, not {a(type)}",
        mark=Mark(span, f"this is {a(type)}"),
        help="transpose a vector to use it as a row: `v'`" if isinstance(type, Vector) else None,
    )


def integer_too_large(span: Span) -> Diagnostic:
    """An integer literal outside 32 bits."""
    return Diagnostic(
        code="integer-too-large",
        title="this number is too large for an int",
        mark=Mark(span, "the largest int is 2147483647"),
        help=f"as a real number, write `{span.text}.0`",
    )


def function_as_value(span: Span, name: str) -> Diagnostic:
    """A function's name stands where a value is needed."""
    return Diagnostic(
        code="function-as-value",
        title=f"`{name}` is a function, and a value is needed here",
        mark=Mark(span, "a function"),
        help=f"call it: `{name}(...)`; a variable of that name has to be declared first",
    )


def void_value(span: Span, name: str) -> Diagnostic:
    """A function that returns nothing is used for its value."""
    return Diagnostic(
        code="void-value",
        title=f"`{name}` returns nothing, so it cannot be used in an expression",
        mark=Mark(span, "no value comes back"),
        help=f"call it as a statement of its own: `{name}(...);`",
    )


def index_type(span: Span, type: Type) -> Diagnostic:
    """An index that is neither an int nor an array of ints."""
    return Diagnostic(
        code="index-type",
        title=f"an index has to be an int, an array of ints or a range, not {a(type)}",
        mark=Mark(span, f"this is {a(type)}"),
    )


def integer_expected(what: str, span: Span, type: Type) -> Diagnostic:
    """A bound of a range, of a loop or a size that is not an int."""
    return Diagnostic(
        code="integer-expected",
        title=f"{what} has to be an int, not {a(type)}",
        mark=Mark(span, f"this is {a(type)}"),
        help="`to_int(x)` turns a real that does not depend on parameters into an int"
        if isinstance(type, Real)
        else None,
    )


def not_indexable(span: Span, type: Type, indices: int) -> Diagnostic:
    """More indices than the value has dimensions."""
    dimensions = core_dimensions(type)
    if dimensions == 0:
        title = f"{a(type)} has no elements to index"
        help = "the elements of a tuple are `t.1`, `t.2`, ..." if not isinstance(scalar_of(type), Int | Real) else None
    else:
        found = count(indices, "index", "indices")
        title = f"{a(type)} has {count(dimensions, 'dimension')}, but here are {found}"
        help = None
    return Diagnostic(code="too-many-indices", title=title, mark=Mark(span), help=help)


def not_a_tuple(span: Span, type: Type) -> Diagnostic:
    """`.1` on something that is no tuple."""
    help = "a range is written `a:b`" if ".." in span.text else None
    if core_dimensions(type):
        help = "index containers with brackets: `x[1]`"
    return Diagnostic(
        code="not-a-tuple",
        title=f"only a tuple has numbered elements, this is {a(type)}",
        mark=Mark(span, f"this is {a(type)}"),
        help=help,
    )


def tuple_element(span: Span, number: int, size: int) -> Diagnostic:
    """`.n` with n outside the tuple."""
    elements = f"`.1` to `.{size}`" if size > 1 else "only `.1`"
    return Diagnostic(
        code="tuple-element",
        title=f"this tuple has {count(size, 'element')}, there is no `.{number}`",
        mark=Mark(span, f"it has {elements}"),
    )


# Warnings ---------------------------------------------------------------------------------------


def integer_division(span: Span, left: str, right: str) -> Diagnostic:
    """`/` between ints drops the remainder."""
    if left.isdigit():
        real = f"{left}.0 / {right}"
    elif right.isdigit():
        real = f"{left} / {right}.0"
    else:
        real = f"{left} * 1.0 / {right}"
    return Diagnostic(
        code="integer-division",
        title="dividing an int by an int drops the fraction",
        mark=Mark(span, "both sides are ints"),
        help=f"for the fraction write `{real}`; if dropping it is meant, `{left} %/% {right}` says so",
        severity=Severity.WARNING,
    )


def matrix_power(span: Span, left: str, right: str) -> Diagnostic:
    """`matrix ^ number` works element by element."""
    return Diagnostic(
        code="matrix-power",
        title="`^` raises each element of a matrix to the power, it is not the matrix power",
        mark=Mark(span),
        help=f"write `{left} .^ {right}` if that is meant, else `matrix_power({left}, {right})`",
        severity=Severity.WARNING,
    )


def chained_comparison(span: Span, first: str, middle: str, operators: tuple[str, str], last: str) -> Diagnostic:
    """`a < b < c` compares c with 0 or 1."""
    inner, outer = operators
    return Diagnostic(
        code="chained-comparison",
        title=f"this compares the 0 or 1 of `{first} {inner} {middle}` with `{last}`",
        mark=Mark(span),
        help=f"write `{first} {inner} {middle} && {middle} {outer} {last}` if that is meant",
        severity=Severity.WARNING,
    )
