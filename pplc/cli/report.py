"""The summary of a result as text: one row per number, long vectors abbreviated, doubts in plain words."""

from __future__ import annotations

import math
import shutil
import sys
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TextIO

import numpy as np
from numpy.typing import NDArray

from pplc.cli.terminal import coloured, paint
from pplc.profiling import Section
from pplc.progress import duration
from pplc.runtime.summary import Summary, real_parts
from pplc.runtime.warnings import LARGEST_R_HAT, SMALLEST_ESS_PER_CHAIN, Finding, r_hat_text
from pplc.runtime.words import on_command_line

HEADINGS = ("", "mean", "sd", "5%", "50%", "95%", "MCSE", "ESS bulk", "ESS tail", "R-hat")
LONGEST = 8  # vectors of more elements are abbreviated
SHOWN = 4  # to so many

type Cell = tuple[str, str]  # text and style ("" for none)


def summary_text(
    summary: Summary,
    shapes: Mapping[str, tuple[int, ...]],
    chains: int,
    full: bool = False,
    stream: TextIO | None = None,
) -> str:
    """The table; `shapes` are those of the variables, in the summary's order, without chain and draw."""
    headings = ("", "value") if _is_point(summary) else HEADINGS
    rows = [[(heading, "bold") for heading in headings], *_rows(summary, shapes, chains, full)]
    rows = [row[: len(headings)] for row in rows]
    widths = [max(len(row[column][0]) for row in rows) for column in range(len(headings))]
    colour = coloured(sys.stdout if stream is None else stream)
    return "".join(f"{_line(row, widths, colour)}\n" for row in rows)


def _is_point(summary: Summary) -> bool:
    """Whether there is one draw, as of an optimisation, of which a distribution cannot be told."""
    return bool(np.isnan(summary.column("sd")).all() and np.isfinite(summary.column("mean")).any())


def profile_text(sections: Sequence[Section], gradients: int) -> str:
    """Where the time of a run with so many gradients went, by the labels of `profile` statements."""
    rows = [("profile", "terms", "per gradient", f"{gradients} gradients")]
    for section in sections:
        if section.seconds is None:
            rows.append((section.label, "0", "not measured: it adds nothing to the density itself", ""))
        else:
            total = duration(section.seconds * gradients)
            rows.append((section.label, str(section.terms), f"{section.seconds * 1e6:.3g} us", total))
    widths = [max(len(row[column]) for row in rows if row[3]) for column in range(4)]
    widths[0] = max(len(row[0]) for row in rows)
    lines = [
        f"{label:<{widths[0]}}  {terms:>{widths[1]}}  {each:>{widths[2]}}  {total:>{widths[3]}}"
        for label, terms, each, total in rows
    ]
    return "".join(f"{line.rstrip()}\n" for line in lines)


def _line(row: Sequence[Cell], widths: Sequence[int], colour: bool) -> str:
    cells = []
    for number, ((text, style), width) in enumerate(zip(row, widths, strict=True)):
        padded = f"{text:<{width}}" if number == 0 else f"{text:>{width}}"
        cells.append(paint(padded, style, sys.stdout) if style and colour else padded)
    return "  ".join(cells).rstrip()


def _rows(summary: Summary, shapes: Mapping[str, tuple[int, ...]], chains: int, full: bool) -> Iterator[list[Cell]]:
    first = 0
    for shape in shapes.values():
        size = math.prod(shape)
        shown = size if full or size <= LONGEST else SHOWN
        for row in range(first, first + shown):
            yield _row(summary.names[row], summary.table[row], chains)
        if shown < size:
            yield _rest(size - shown, summary.table[first + shown : first + size], chains)
        first += size


def _row(name: str, values: NDArray[np.float64], chains: int) -> list[Cell]:
    mean, sd, low, middle, high, mcse, bulk, tail, r_hat = (float(value) for value in values)
    numbers = [(_number(value, sd), "") for value in (mean, sd, low, middle, high)]
    return [(name, ""), *numbers, (_small(mcse), ""), *_quality(bulk, tail, r_hat, chains, "", "")]


def _rest(count: int, table: NDArray[np.float64], chains: int) -> list[Cell]:
    """The elements that are not shown: the worst of their diagnostics."""
    bulk, tail = (float(np.nanmin(c, initial=np.inf)) for c in (table[:, -3], table[:, -2]))
    r_hat = float(np.nanmax(table[:, -1], initial=-np.inf))
    bulk, tail, r_hat = (value if math.isfinite(value) else math.nan for value in (bulk, tail, r_hat))
    label = (f"  ... {count:,} more", "dim")
    return [label, *[("", "")] * 6, *_quality(bulk, tail, r_hat, chains, ">= ", "<= ")]


def _quality(bulk: float, tail: float, r_hat: float, chains: int, least: str, most: str) -> list[Cell]:
    few = SMALLEST_ESS_PER_CHAIN * chains
    sizes = [("-" if math.isnan(n) else f"{least}{n:.0f}", "warning" if n < few else "") for n in (bulk, tail)]
    shown = "-" if math.isnan(r_hat) else most * (r_hat <= 100) + r_hat_text(r_hat)
    return [*sizes, (shown, "error" if r_hat > LARGEST_R_HAT else "")]


def _number(value: float, sd: float) -> str:
    """With as many decimals as the standard deviation has for three significant digits."""
    if not math.isfinite(value):
        return str(value)
    scale = sd if math.isfinite(sd) and sd > 0 else abs(value)
    if scale == 0:
        return "0"
    decimals = 2 - math.floor(math.log10(scale))
    if decimals > 6 or abs(value) >= 1e7:
        return f"{value:.3g}" if scale == abs(value) else f"{value:.5g}"
    return f"{value:.{max(0, decimals)}f}"


def _small(value: float) -> str:
    return "-" if math.isnan(value) else f"{value:.0f}" if 100 <= value < 1e6 else f"{value:.2g}"


def findings_text(findings: Iterable[Finding]) -> str:
    """Each finding with what to do about it, wrapped to the terminal."""
    width = min(shutil.get_terminal_size((100, 24)).columns, 120)
    return "".join(
        f"{paint('warning', 'warning', sys.stdout)}: {_wrapped(on_command_line(f.message), width, 9)}\n"
        f"   {paint('help', 'bold', sys.stdout)}: {_wrapped(on_command_line(f.advice), width, 9)}\n"
        for f in findings
    )


def _wrapped(text: str, width: int, indent: int) -> str:
    return textwrap.fill(text, width, initial_indent=" " * indent, subsequent_indent=" " * indent).strip()


def shapes_of(posterior: Mapping[str, NDArray[Any]]) -> dict[str, tuple[int, ...]]:
    """The shapes of the variables that a summary has rows for."""
    return {name: values.shape[2:] for name, values in real_parts(posterior) if values.size}
