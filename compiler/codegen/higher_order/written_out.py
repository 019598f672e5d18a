"""Adapters of a user's function whose sizes are known: its values and derivatives as straight-line code.

Nothing is allocated or looped over, what values and derivatives have in common is computed once, and derivatives
that are zero whatever the arguments are leave no trace. Each function here returns a text from the parameter list
on, or None where the graphs have none; the adapters of functions of any size serve then (`adapters`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ...rewrite.pipeline import simplify
from ..graphs import gradients
from ..scalar_text import NotScalar, scalar_function
from ..writer import Writer

if TYPE_CHECKING:
    from .adapters import Callback

LONGEST = 600  # lines


def values(callback: Callback) -> str | None:
    """The text of `adapters.value_adapter`."""
    found = _texts(callback, [])
    if found is None:
        return None
    lines, results, _ = found
    out = Writer()
    with out.block(f"(_messages, {', '.join([*_own(callback), '_out', *callback.names])}):"):
        out.extend(lines)
        for row, result in enumerate(results):
            out.write(f"_out[{row}] = {result}")
    return out.text


def number(callback: Callback) -> str | None:
    """The text of `adapters.plain_adapter`."""
    found = _texts(callback, [])
    if found is None:
        return None
    lines, [result], _ = found
    out = Writer()
    with out.block(f"({', '.join(['_messages', *_own(callback), *callback.names])}):"):
        out.extend(lines)
        out.write(f"return {result}")
    return out.text


def derivatives(callback: Callback, wanted: Sequence[bool]) -> str | None:
    """The text of `adapters.linear_adapter`."""
    columns = [number for number, want in enumerate(wanted) if want]
    active = [callback.own + number for number, want in enumerate(callback.active) if want]
    found = _texts(callback, [*columns, *active], values=False)
    if found is None:
        return None
    lines, _, blocks = found
    out = Writer()
    matrices = [f"_m{number}" for number in columns]
    parameters = ["_messages", *_own(callback), *matrices, "_by_argument", *callback.names]
    with out.block(f"({', '.join(parameters)}):"):
        out.extend(lines)
        places = [(matrix, 0) for matrix in matrices]
        at = 0
        for block in blocks[len(matrices) :]:
            places.append(("_by_argument", at))
            at += len(block[0])
        for (matrix, start), block in zip(places, blocks, strict=True):
            for row, entries in enumerate(block):
                for column, entry in enumerate(entries):
                    out.write(f"{matrix}[{row}, {start + column}] = {entry}")
    return out.text


def slope(callback: Callback, initial: int) -> str | None:
    """The text of `kernels.coupled.slope`: the state's rate of change, and that of its sensitivities."""
    active = [callback.own + number for number, want in enumerate(callback.active) if want]
    found = _texts(callback, [1, *active] if initial or active else [])
    if found is None:
        return None
    lines, results, blocks = found
    n = len(results)
    out = Writer()
    head = ["_messages", "_o0", "_o1", "_out", "_n", "_initial", "_extra", "_by_state", "_by_argument"]
    with out.block(f"({', '.join([*head, *callback.names])}):"):
        out.extend(lines)
        for row, result in enumerate(results):
            out.write(f"_out[{row}] = {result}")
        if not blocks:
            return out.text
        by_state, *by_argument = blocks
        constant = [[entries[k] for entries in block] for block in by_argument for k in range(len(block[0]))]
        used = [j for j in range(n) if any(by_state[i][j] != "0.0" for i in range(n))]
        for row in range(n):
            for j in used:
                if by_state[row][j] != "0.0":
                    out.write(f"_j{row}_{j} = {by_state[row][j]}")
        with out.block(f"for _k in range({n}, {n + n * (initial * n + len(constant))}, {n}):"):
            for j in used:
                out.write(f"_s{j} = _o1[_k + {j}]")
            for row in range(n):
                terms = [f"_j{row}_{j} * _s{j}" for j in used if by_state[row][j] != "0.0"]
                out.write(f"_out[_k + {row}] = {' + '.join(terms) or '0.0'}")
        for k, column in enumerate(constant):
            at = n + (initial * n + k) * n
            for row, entry in enumerate(column):
                if entry != "0.0":
                    out.write(f"_out[{at + row}] += {entry}")
    return out.text


def _own(callback: Callback) -> list[str]:
    return [f"_o{number}" for number in range(callback.own)]


def _texts(
    callback: Callback, columns: Sequence[int], values: bool = True
) -> tuple[list[str], list[str], list[list[list[str]]]] | None:
    """Lines, the texts of the function's values (none of them unless wanted), and of its derivatives by some of its
    leaves: per leaf one list for each element of the value."""
    import pytensor.tensor as pt
    from pytensor.gradient import NullTypeGradError
    from pytensor.graph.fg import FunctionGraph

    graphs = callback.graphs
    if graphs is None:
        return None
    outputs: list[Any] = list(graphs.results) if values else []
    symbols = [symbol for leaf in columns for symbol in graphs.arguments[leaf].flat]
    try:
        for result in graphs.results if symbols else ():
            outputs += gradients({result: pt.ones_like(result)}, symbols)
        graph = FunctionGraph([symbol for leaf in graphs.arguments for symbol in leaf.flat], outputs)
        simplify(graph, derived=True)
        lines, texts = scalar_function(graph.inputs, graph.outputs)
    except (NotScalar, NotImplementedError, NullTypeGradError):
        return None
    if len(lines) > LONGEST:
        return None
    names, loads = _loads(callback)
    filled = [text.format(*names) for text in texts]
    own = len(graphs.results) if values else 0
    entries = iter(filled[own:])
    by_row = [[[next(entries) for _ in graphs.arguments[leaf].flat] for leaf in columns] for _ in graphs.results]
    blocks = [[row[k] for row in by_row] for k in range(len(columns))]
    return [*loads, *(line.format(*names) for line in lines)], filled[:own], blocks


def _loads(callback: Callback) -> tuple[list[str], list[str]]:
    """A name per number among the arguments, and the lines that look it up."""
    assert callback.graphs is not None
    names, lines = [], []
    for source, symbols in zip([*_own(callback), *callback.names], callback.graphs.arguments, strict=True):
        for at in np.ndindex(symbols.shape):
            names.append(f"_{symbols[at].name}")
            lines.append(f"{names[-1]} = {source}[{', '.join(map(str, at))}]" if at else f"{names[-1]} = {source}")
    return names, lines
