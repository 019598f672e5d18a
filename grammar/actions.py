"""What each rule of `ppl.lark` builds: one function or method per rule, of the rule's span and its children."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final, assert_never

from . import errors, tree
from .diagnostics import Diagnostic
from .names import constrained_types
from .source import Span
from .tree import Expression, Identifier

# Numbers of tuple elements are machine integers in Stan, too.
LARGEST_INDEX: Final = 2**62 - 1

# A call of such a function with a lone argument is a density with nothing to the right of the bar.
CONDITIONING_SUFFIXES: Final = ("_lpdf", "_lpmf", "_lupdf", "_lupmf", "_cdf", "_lcdf", "_lccdf")

BLOCKS: Final = {
    "functions": "functions",
    "data": "data",
    "transformed_data": "transformed data",
    "parameters": "parameters",
    "transformed_parameters": "transformed parameters",
    "model": "model",
    "generated_quantities": "generated quantities",
}


def constructor(node: Callable[..., Any]) -> Callable[..., Any]:
    """Build `node` from a rule whose children are exactly its fields."""
    return lambda span, *children: node(*children, span=span)


def collector(node: Callable[..., Any]) -> Callable[..., Any]:
    """Build `node` from a rule whose children are the elements of its last field, which stands alone."""
    return lambda span, *children: node(children, span=span)


def headed_collector(node: Callable[..., Any]) -> Callable[..., Any]:
    """The same with one field before."""
    return lambda span, head, *children: node(head, children, span=span)


def constraint_argument(keyword: str) -> Callable[..., tree.ConstraintArgument]:
    return lambda span, value: tree.ConstraintArgument(keyword, value, span=span)


def children_only(span: Span, *children: Any) -> tuple[Any, ...]:
    return children


def call(span: Span, function: Identifier, arguments: tuple[Expression, ...]) -> Expression:
    if len(arguments) == 1 and function.name.endswith(CONDITIONING_SUFFIXES):
        return tree.DensityCall(function, arguments[0], (), span=span)
    return tree.Call(function, arguments, span=span)


ACTIONS: Final[dict[str, Callable[..., Any]]] = {
    "identifier": constructor(Identifier),
    # functions
    "functions": collector(tree.FunctionsBlock),
    "library": lambda span, *definitions: tree.Program(
        tree.FunctionsBlock(definitions, span=span), None, None, None, None, None, None, span=span
    ),
    "function": constructor(tree.FunctionDefinition),
    "no_body": lambda span: None,
    "void": lambda span: tree.UnsizedType("void", span=span),
    "parameter_list": children_only,
    "parameter": lambda span, kind, name: tree.Parameter(False, kind, name, span=span),
    "data_parameter": lambda span, kind, name: tree.Parameter(True, kind, name, span=span),
    "unsized_array": constructor(tree.UnsizedArray),
    "unsized_tuple": collector(tree.UnsizedTuple),
    "unsized_name": constructor(tree.UnsizedType),
    "commas": lambda span, *brackets: len(brackets) - 1,
    # declarations
    "declarator": lambda span, name, sizes, value: tree.Declarator(name, value, sizes or (), span=span),
    "declaration": headed_collector(tree.Declaration),
    "sized_array": constructor(tree.SizedArray),
    "sized_type": constructor(tree.SizedType),
    "sized_tuple": collector(tree.SizedTuple),
    "sizes": children_only,
    "constraint": children_only,
    "lower": constraint_argument("lower"),
    "upper": constraint_argument("upper"),
    "offset": constraint_argument("offset"),
    "multiplier": constraint_argument("multiplier"),
    # statements
    "block": collector(tree.Block),
    "if_then": lambda span, test, then: tree.If(test, then, None, span=span),
    "if_else": constructor(tree.If),
    "while_loop": constructor(tree.While),
    "for_range": constructor(tree.For),
    "for_each": constructor(tree.ForEach),
    "profile": constructor(tree.Profile),
    "assignment_operator": lambda span, operator: operator,
    "call_statement": lambda span, function, arguments: tree.CallStatement(
        tree.Call(function, arguments, span=span), span=span
    ),
    "tilde": constructor(tree.Tilde),
    "truncation": constructor(tree.Truncation),
    "target_increment": constructor(tree.TargetIncrement),
    "jacobian_increment": constructor(tree.JacobianIncrement),
    "print_statement": collector(tree.Print),
    "reject_statement": collector(tree.Reject),
    "fatal_error_statement": collector(tree.FatalError),
    "return_statement": constructor(tree.Return),
    "break_statement": constructor(tree.Break),
    "continue_statement": constructor(tree.Continue),
    "empty": constructor(tree.Empty),
    # expressions
    "arguments": children_only,
    "conditional": constructor(tree.Conditional),
    "binary": lambda span, left, operator, right: tree.Binary(operator, left, right, span=span),
    "unary": constructor(tree.Unary),
    "transpose": constructor(tree.Transpose),
    "variable": lambda span, identifier: tree.Variable(identifier.name, span=span),
    "integer_literal": constructor(tree.IntegerLiteral),
    "real_literal": constructor(tree.RealLiteral),
    "imaginary_literal": constructor(tree.ImaginaryLiteral),
    "group": constructor(tree.Group),
    "tuple_literal": lambda span, first, others: tree.TupleLiteral((first, *others), span=span),
    "array_literal": collector(tree.ArrayLiteral),
    "row_literal": collector(tree.RowLiteral),
    "call": call,
    "density_call": constructor(tree.DensityCall),
    "target_value": constructor(tree.TargetValue),
    "indexed": headed_collector(tree.Indexed),
    "all_index": constructor(tree.AllIndex),
    "single_index": constructor(tree.SingleIndex),
    "range_from": lambda span, lower: tree.RangeIndex(lower, None, span=span),
    "range_to": lambda span, upper: tree.RangeIndex(None, upper, span=span),
    "range_index": constructor(tree.RangeIndex),
    "string": lambda span, text: tree.StringLiteral(text[1:-1], span=span),
}


class Builder:
    """The rules that can find a mistake, or old syntax, in what they build; it goes to `diagnostics`."""

    def __init__(self, legacy: bool) -> None:
        self.legacy = legacy
        self.diagnostics: list[Diagnostic] = []

    def actions(self) -> dict[str, Callable[..., Any]]:
        """The action of every rule."""
        own = (
            self.program, self.legacy_unsized_array, self.stored_declaration, self.local_declaration,
            self.old_sizes, self.assignment, self.tuple_element,
        )  # fmt: skip
        blocks = {name: self.block(name) for name in BLOCKS if name != "functions"}
        return ACTIONS | blocks | {action.__name__: action for action in own}

    def block(self, name: str) -> Callable[..., tuple[str, tree.Block]]:
        def build(span: Span, *parts: Any) -> tuple[str, tree.Block]:
            statements = tuple(part for part in parts if not isinstance(part, str))  # less a keyword of two words
            return name, tree.Block(statements, span=span)

        return build

    def program(self, span: Span, *parts: tree.FunctionsBlock | tuple[str, tree.Block]) -> tree.Program:
        found: dict[str, Any] = dict.fromkeys(BLOCKS)
        order = list(BLOCKS)
        latest = order[0]
        for part in parts:
            name, block = ("functions", part) if isinstance(part, tree.FunctionsBlock) else part
            if (first := found[name]) is not None:
                self.diagnostics.append(errors.repeated_block(BLOCKS[name], block.span, first.span))
            elif order.index(name) < order.index(latest):
                self.diagnostics.append(
                    errors.misplaced_block(BLOCKS[name], block.span, BLOCKS[latest], found[latest].span)
                )
            else:
                latest = name
            found[name] = found[name] or block
        return tree.Program(**found, span=span)

    def legacy_unsized_array(self, span: Span, element: tree.UnsizedType, dimensions: int) -> tree.UnsizedArray:
        self.diagnostics.append(errors.old_unsized_array(span, element, dimensions, self.legacy))
        return tree.UnsizedArray(dimensions, element, span=span)

    def stored_declaration(self, span: Span, kind: tree.DeclaredType, *names: tree.Declarator) -> tree.Declaration:
        """A declaration in `data` or `parameters`: a value cannot be given."""
        for name in names:
            if name.value is not None:
                self.diagnostics.append(errors.value_of_input(name.identifier.span, name.value.span))
        return tree.Declaration(kind, names, span=span)

    def local_declaration(self, span: Span, kind: tree.DeclaredType, *names: tree.Declarator) -> tree.Declaration:
        """A declaration of a variable that lives inside a block: its type cannot be constrained."""
        for element in sized_types(kind):
            if element.constraint or element.name in constrained_types():
                self.diagnostics.append(errors.constrained_local(element))
        return tree.Declaration(kind, names, span=span)

    def old_sizes(self, span: Span, *sizes: Expression) -> tuple[Expression, ...]:
        self.diagnostics.append(errors.old_array(sizes[0].span.to(sizes[-1].span), self.legacy))
        return sizes

    def assignment(self, span: Span, place: Expression, operator: str, value: Expression) -> tree.Statement:
        target = as_place(place)
        if target is None:
            self.diagnostics.append(errors.not_a_place(place.span))
            return tree.Empty(span=span)
        if operator == "<-":
            self.diagnostics.append(errors.old_assignment(Span(span.source, place.span.end, value.span.start)))
        if isinstance(target, tree.TuplePlace) and operator in ("=", "<-"):
            return tree.TupleAssignment(target, value, span=span)
        return tree.Assignment(target, operator, value, span=span)

    def tuple_element(self, span: Span, base: Expression, dotted: str) -> tree.TupleElement:
        number = int(dotted[1:])
        if number > LARGEST_INDEX:
            self.diagnostics.append(errors.large_tuple_index(Span(span.source, span.end - len(dotted) + 1, span.end)))
        return tree.TupleElement(base, number, span=span)


def sized_types(kind: tree.DeclaredType) -> Iterator[tree.SizedType]:
    """The types that a declared type is made of."""
    match kind:
        case tree.SizedType():
            yield kind
        case tree.SizedArray(_, element):
            yield from sized_types(element)
        case tree.SizedTuple(elements):
            for part in elements:
                yield from sized_types(part)
        case _:
            assert_never(kind)


def as_place(expression: Expression) -> tree.Place | None:
    """The expression as something that can be assigned to, or None."""
    match expression:
        case tree.Variable():
            return expression
        case tree.Indexed(base) | tree.TupleElement(base):
            return expression if not isinstance(base, tree.TupleLiteral) and as_place(base) else None
        case tree.TupleLiteral(elements):
            places = [place for element in elements if (place := as_place(element)) is not None]
            return tree.TuplePlace(tuple(places), span=expression.span) if len(places) == len(elements) else None
        case _:
            return None
