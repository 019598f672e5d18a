"""The typed program as text, for `--emit ir` and for tests: one statement to a line, promotions and types visible."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import assert_never

from . import ir


def print_program(program: ir.Program) -> str:
    """The whole program; blocks that are empty are left out."""
    blocks: list[tuple[str, Iterable[ir.Statement]]] = [
        ("data", program.data),
        ("transformed data", program.transformed_data),
        ("parameters", program.parameters),
        ("transformed parameters", program.transformed_parameters),
        ("model", program.model),
        ("generated quantities", program.generated_quantities),
    ]
    lines = [line for function in program.functions for line in _function(function)]
    for name, statements in blocks:
        body = [line for statement in statements for line in _statement(statement)]
        if body:
            lines += [f"{name}:", *_indented(body)]
    return "".join(f"{line}\n" for line in lines)


def _function(function: ir.Function) -> Iterator[str]:
    pairs = zip(function.data_only, function.parameters, strict=True)
    arguments = ", ".join(f"{'data ' if data else ''}{variable.type} {variable.name}" for data, variable in pairs)
    yield f"{function.result} {function.name}({arguments}):"
    if function.body:
        yield from _indented(_body(function.body))


def _indented(lines: Iterable[str]) -> list[str]:
    return [f"  {line}" for line in lines]


# Statements ---------------------------------------------------------------------------------------


def _statement(statement: ir.Statement) -> Iterator[str]:
    match statement:
        case ir.Declare(variable, sized, initial):
            value = f" = {print_expression(initial)}" if initial else ""
            yield f"{_sized(sized)} {variable.name}{value}"
        case ir.Assign(place, value):
            yield f"{_place(place)} = {print_expression(value)}"
        case ir.Unpack(places, value):
            yield f"{_targets(places)} = {print_expression(value)}"
        case ir.Tilde():
            yield _tilde(statement)
        case ir.TargetIncrement(value):
            yield f"target += {print_expression(value)}"
        case ir.JacobianIncrement(value):
            yield f"jacobian += {print_expression(value)}"
        case ir.CallStatement(call):
            yield print_expression(call)
        case ir.If(test, then, otherwise):
            yield f"if {print_expression(test)}:"
            yield from _indented(_body(then))
            if otherwise:
                yield "else:"
                yield from _indented(_body(otherwise))
        case ir.For(variable, lower, upper, body):
            yield f"for {variable.name} in {print_expression(lower)}:{print_expression(upper)}:"
            yield from _indented(_body(body))
        case ir.ForEach(variable, container, body):
            yield f"for {variable.type} {variable.name} in {print_expression(container)}:"
            yield from _indented(_body(body))
        case ir.While(test, body):
            yield f"while {print_expression(test)}:"
            yield from _indented(_body(body))
        case ir.Break():
            yield "break"
        case ir.Continue():
            yield "continue"
        case ir.Return(value):
            yield f"return {print_expression(value)}" if value else "return"
        case ir.Block():
            yield "block:"
            yield from _indented(_body(statement))
        case ir.Print(arguments):
            yield f"print({_list(arguments)})"
        case ir.Reject(arguments):
            yield f"reject({_list(arguments)})"
        case ir.FatalError(arguments):
            yield f"fatal_error({_list(arguments)})"
        case ir.Profile(label, body):
            yield f'profile "{label}":'
            yield from _indented(_body(body))
        case _:
            assert_never(statement)


def _body(statement: ir.Statement) -> list[str]:
    """The statements inside a block, or the one that stands in the place of a block."""
    statements = statement.statements if isinstance(statement, ir.Block) else (statement,)
    return [line for inner in statements for line in _statement(inner)] or ["nothing"]


def _tilde(statement: ir.Tilde) -> str:
    text = f"{print_expression(statement.outcome)} ~ {statement.distribution}({_list(statement.arguments)})"
    if statement.truncation:
        lower, upper = statement.truncation.lower, statement.truncation.upper
        text += f" T[{_optional(lower)}, {_optional(upper)}]"
    own = [*([statement.function] if statement.function else []), *(function for _, function in statement.cdfs)]
    return text + (f"  # {', '.join(function.name for function in own)} of the program" if own else "")


def _place(place: ir.Place) -> str:
    steps = (f".{step}" if isinstance(step, int) else f"[{_indices(step)}]" for step in place.path)
    return place.variable.name + "".join(steps)


def _targets(targets: tuple[ir.UnpackTarget, ...]) -> str:
    inside = ", ".join(_targets(target) if isinstance(target, tuple) else _place(target) for target in targets)
    return f"({inside})"


def _sized(sized: ir.SizedType) -> str:
    """A declared type: `array[N] vector<lower=0>[K]`."""
    array = f"array[{_list(sized.array_sizes)}] " if sized.array_sizes else ""
    match sized:
        case ir.Sized(type, _, inner, constraint):
            name = str(type).rpartition("] ")[2]
            bounds = f"<{constraint.name}({_list(constraint.arguments)})>" if constraint else ""
            return f"{array}{name}{bounds}" + (f"[{_list(inner)}]" if inner else "")
        case ir.SizedTuple(_, _, elements):
            return f"{array}tuple({', '.join(map(_sized, elements))})"
        case _:
            assert_never(sized)


# Expressions --------------------------------------------------------------------------------------


def print_expression(expression: ir.Expression) -> str:
    """An expression on one line; `real(x)` is the promotion of x."""
    match expression:
        case ir.IntegerLiteral(value):
            return str(value)
        case ir.RealLiteral(value):
            return repr(value)
        case ir.ImaginaryLiteral(value):
            return f"{value!r}i"
        case ir.StringLiteral(text):
            return f'"{text}"'
        case ir.Reference(variable):
            return variable.name
        case ir.FunctionReference():
            return expression.name
        case ir.Promote(inner):
            return f"{expression.type}({print_expression(inner)})"
        case ir.Conditional(test, then, otherwise):
            return f"({print_expression(test)} ? {print_expression(then)} : {print_expression(otherwise)})"
        case ir.And(left, right):
            return f"({print_expression(left)} && {print_expression(right)})"
        case ir.Or(left, right):
            return f"({print_expression(left)} || {print_expression(right)})"
        case ir.LibraryCall(name, arguments):
            return f"{name}({_list(arguments)})"
        case ir.UserCall(function, arguments):
            return f"{function.name}({_list(arguments)})"
        case ir.Indexed(base, indices):
            return f"{print_expression(base)}[{_indices(indices)}]"
        case ir.TupleElement(base, number):
            return f"{print_expression(base)}.{number}"
        case ir.TargetValue():
            return "target()"
        case ir.ArrayLiteral(elements):
            return f"{{{_list(elements)}}}"
        case ir.RowVectorLiteral(elements):
            return f"[{_list(elements)}]"
        case ir.MatrixLiteral(rows):
            return f"[{_list(rows)}]"
        case ir.TupleLiteral(elements):
            return f"({_list(elements)}{',' if len(elements) == 1 else ''})"
        case _:
            assert_never(expression)


def _list(expressions: Iterable[ir.Expression]) -> str:
    return ", ".join(map(print_expression, expressions))


def _indices(indices: tuple[ir.Index, ...]) -> str:
    return ", ".join(map(_index, indices))


def _index(index: ir.Index) -> str:
    match index:
        case ir.Single(value) | ir.Multiple(value):
            return print_expression(value)
        case ir.Between(lower, upper):
            return f"{_optional(lower)}:{_optional(upper)}"
        case ir.All():
            return ":"
        case _:
            assert_never(index)


def _optional(expression: ir.Expression | None) -> str:
    return print_expression(expression) if expression else ""
