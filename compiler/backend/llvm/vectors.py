"""How wide the vectors of a function should be, on processors where the widest do not always pay.

Of a loop's iterations those that do not fill a vector run one by one, so wide vectors are for long loops, and for those
that they divide.
"""

from __future__ import annotations

import ast

LONG = 256  # iterations
WIDTH = 8  # iterations that are a wide vector
SHARE = 0.95  # of a function's work that is in long loops, for wide vectors

WIDE = ' alignstack(64) "prefer-vector-width"="512"'


def attribute(function: ast.FunctionDef) -> str:
    """The attribute of a function for wide vectors, where most of its work is in long innermost loops."""
    work = {False: 0.0, True: 0.0}
    for statement in function.body:
        _weigh(statement, 1.0, 1.0, work)
    return WIDE if work[True] and work[True] >= SHARE * (work[True] + work[False]) else ""


def _weigh(node: ast.stmt, times: float, innermost: float, work: dict[bool, float]) -> None:
    """Add how often the statements in a statement run, to those of loops of many iterations or to the others.

    `times`: how often it runs itself; `innermost`: the iterations of the loop that it stands in.
    """
    match node:
        case ast.For(iter=ast.Call(args=[*first, ast.Constant(value=int(last))])) if all(
            isinstance(start, ast.Constant) for start in first
        ):
            count = last - sum(start.value for start in first)  # type: ignore[attr-defined]
            for inner in node.body:
                _weigh(inner, times * count, count if count > 1 else innermost, work)
        case ast.For() | ast.While() | ast.If():  # of unknown length, or no straight line
            work[False] += times * sum(isinstance(inner, ast.stmt) for inner in ast.walk(node))
        case _:
            work[innermost >= LONG or innermost % WIDTH == 0] += times
