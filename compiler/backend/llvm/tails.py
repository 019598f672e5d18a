"""Short loops over long functions: vectors to the end, with the last one in part masked.

LLVM does the iterations that do not fill a vector one by one, and thinks that a loop of five iterations is not worth a
vector. One iteration of a long function takes nearly as long as a vector of four, though.
"""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Mapping

from .inlining import OPERATIONS, called

WIDTH = 4  # iterations that are a vector of 256 bits
SHORT = range(WIDTH + 1, 16)  # iterations; of more, LLVM makes vectors, and one by one at the end costs less than masks
LONG_BODY = 60  # operations

MARK = ", !llvm.loop "  # of such a loop, in a module's text
_PLACEHOLDER = "!masked"
# So few iterations are masked anyway: told so, and to make vectors whatever they cost, LLVM made slower ones.
_HINT = f'!{{!"llvm.loop.vectorize.width", i32 {WIDTH}}}'


def attachment(loop: ast.For, function: ast.FunctionDef, sizes: Mapping[str, int], usable: frozenset[str]) -> str:
    """What to write after the jump back to the head of a loop of a function.

    `sizes` are the operations of the functions that become part of it, `usable` those that vectors may call. Only
    loops are marked that are likely to become vectors.
    """
    if not _is_short(loop):
        return ""
    nodes = [node for statement in loop.body for node in ast.walk(statement)]
    own = sum(isinstance(node, OPERATIONS) for node in nodes)
    if own + sum(sizes.get(called(node), 0) for node in nodes) < LONG_BODY:
        return ""
    calls = {called(node) for node in nodes if isinstance(node, ast.Call)}
    if not calls <= usable or not _has_vectors(loop, function):
        return ""
    return MARK + _PLACEHOLDER


def _is_short(loop: ast.For) -> bool:
    match loop.iter:
        case ast.Call(args=[ast.Constant(int(count))]):
            return count in SHORT and count % WIDTH != 0
        case _:
            return False


def _has_vectors(loop: ast.For, function: ast.FunctionDef) -> bool:
    """Whether iterations are independent but for sums and products, and write to neighbours in arrays of their own."""
    decorators = {ast.unparse(decorator) for decorator in function.decorator_list}
    counter = ast.unparse(loop.target)
    known: set[str] = {counter}
    written = _written(loop)
    arrays: set[str] = set()
    for statement in loop.body:
        match statement:
            case ast.Assign([ast.Name(name)], ast.BinOp(ast.Name(same), ast.Add() | ast.Mult(), right)) if (
                name == same and name not in known
            ):
                read, new = right, None
                if "fast" not in decorators or name in _names(loop, but=statement):
                    return False
            case ast.Assign([ast.Name(name)], value):
                read, new = value, name
            case ast.Assign([ast.Subscript(ast.Name(array), index)], value) if _is_own(array, function):
                read, new = value, None
                place = ast.unparse(index)
                if array in arrays or (place != counter and not place.startswith(f"{counter} + ")):
                    return False
                arrays.add(array)
            case _:
                return False
        numbers = {node.id for node in ast.walk(read) if isinstance(node, ast.Name)} & written
        if not numbers <= known:
            return False
        known |= {new} if new else set()
    return True


def _written(loop: ast.For) -> set[str]:
    """The variables and arrays that an iteration writes to."""
    targets = [target for node in loop.body if isinstance(node, ast.Assign) for target in node.targets]
    return {node.id for target in targets for node in ast.walk(target) if isinstance(node, ast.Name)}


def _names(loop: ast.For, but: ast.stmt) -> set[str]:
    """The names in a loop, outside of one of its statements."""
    others = (node for statement in loop.body if statement is not but for node in ast.walk(statement))
    return {node.id for node in others if isinstance(node, ast.Name)}


def _is_own(array: str, function: ast.FunctionDef) -> bool:
    """Whether an array is known to share no memory with others: an argument, or local."""
    for node in function.body:
        match node:
            case ast.Assign([ast.Name(name)], value) if name == array:
                return called(value) in ("floats", "ints")
    return any(argument.arg == array for argument in function.args.args)


def numbered(text: str) -> str:
    """A module's text with a description for each of these loops."""
    count = text.count(_PLACEHOLDER)
    if not count:
        return text
    numbers = itertools.count(1)
    text = re.sub(_PLACEHOLDER, lambda _: f"!{next(numbers)}", text)
    loops = [f"!{number} = distinct !{{!{number}, !0}}" for number in range(1, count + 1)]
    return "\n".join([text, f"!0 = {_HINT}", *loops, ""])


def without(text: str) -> str:
    """A module's text for a processor that has no masks for vectors."""
    return re.sub(rf"{re.escape(MARK)}!\d+", "", text)
