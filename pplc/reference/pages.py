"""The pages of the reference manual, as Markdown: a topic of functions, a family of distributions, the constraints."""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from itertools import groupby
from typing import Any

from pplc.compiler.check.higher_order import call_form
from pplc.compiler.check.operators import BINARY
from pplc.compiler.library import registry
from pplc.compiler.library.definitions import Condition, Distribution, Function, Parameter, Signature, Transform
from pplc.compiler.library.expand import declarations_of, functions_of, functions_of_transform, signatures_of
from pplc.compiler.library.shorthand import expand
from pplc.compiler.types import core_dimensions

from . import callbacks
from .examples import distribution_line, function_line, transform_line

_LONGEST_FORMULA = 12  # lines of source that a page shows; longer ones explain nothing at a glance

_OF_CONTAINERS = """\
The density of several outcomes is the product of the densities of each, and likewise for the cdf; `_rng` returns an
array where one of its arguments is a container. An argument or outcome outside of what the table says rejects the
point."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Something a reader looks up: its name, its text, the line to run."""

    name: str
    text: str
    line: str


@dataclass(frozen=True, slots=True)
class Page:
    """A page; `stem` is the name of its file."""

    stem: str
    title: str
    opening: str
    entries: tuple[Entry, ...]

    def __str__(self) -> str:
        parts = [f"# {self.title}", self.opening, *(_entry(entry) for entry in self.entries)]
        return "\n\n".join(parts) + "\n"


def _entry(entry: Entry) -> str:
    return f"## {entry.name}\n\n{entry.text}\n\n```ppl\n{entry.line}\n```"


def pages() -> list[Page]:
    """Every page but the index."""
    return [*_topics(), *_families(), _constraints()]


def index(pages: Iterable[Page]) -> str:
    """The page that leads to all others."""
    pages = list(pages)
    topics = "\n".join(f"- [{page.title}]({page.stem}.md): {', '.join(_links(page))}" for page in pages)
    return (
        "# Functions, distributions and constraints\n\n"
        "Written from the library's declarations by `python -m pplc.reference`. Every entry has a line that can be\n"
        "run: an expression in `print`, or a statement. In signatures\n\n"
        "- `|` stands for one overload per alternative, and `T` for the same type throughout;\n"
        "- `elementwise` functions also take vectors, matrices and arrays, all of one shape or beside numbers;\n"
        "  `matrixwise` ones take vectors and matrices, but no arrays;\n"
        "- a `data` argument must not depend on parameters.\n\n"
        "## Pages\n\n"
        f"{topics}\n"
    )


def _links(page: Page) -> Iterator[str]:
    return (f"[{entry.name}]({page.stem}.md#{entry.name.lower()})" for entry in page.entries)


# Functions ----------------------------------------------------------------------------------------


def _topics() -> Iterator[Page]:
    found: dict[str, list[Function]] = {}
    for overloads in registry.functions().values():
        for function in overloads:
            found.setdefault(_topic_of(function), []).append(function)
    for topic, functions in sorted(found.items()):
        names = dict.fromkeys(function.name for function in functions)
        entries = tuple(_function(name, [f for f in functions if f.name == name]) for name in names)
        opening = _escaped(_docstring(f"functions.{topic}"))
        if topic == "higher_order":
            opening = f"{opening}\n\nThe lines below pass these functions:\n\n```ppl\n{callbacks.FUNCTIONS}```"
        yield Page(topic.replace("_", "-"), _title(topic), opening, entries)


def _topic_of(function: Function) -> str:
    """The file that declares it."""
    return next(topic for topic, values in _declared().items() if any(value is function for value in values))


def _declared() -> dict[str, list[Any]]:
    folder = import_module("pplc.compiler.library.functions").__name__
    found: dict[str, list[Any]] = {}
    for name, module in sorted(sys.modules.items()):
        if name.startswith(f"{folder}.") and not name.rpartition(".")[2].startswith("_"):
            values = found.setdefault(name.rpartition(".")[2], [])
            for value in vars(module).values():
                values += value if isinstance(value, tuple | list) else [value]
    return found


def _function(name: str, functions: list[Function]) -> Entry:
    """One name on one page; the signatures that do the same stand together."""
    operators = [f"`{symbol}`" for symbol, names in BINARY.items() if name in names]
    parts = [f"Also written {' or '.join(operators)}.\n"] if operators else []
    if deprecated := next((function.deprecated for function in functions if function.deprecated), None):
        parts.append(f"**Deprecated**: {deprecated}.\n")
    for (call, summary), same in groupby(functions, key=lambda function: (_call(function), function.summary)):
        group = list(same)
        references = dict.fromkeys(function.reference for function in group if function.reference)
        says = [_escaped(" ".join(summary.split("\n\n")[0].split())), *(f"Equals `{text}`." for text in references)]
        parts.append(f"`{call}`: {' '.join(filter(None, says))}\n")
        declared = [line for function in group for line in function.signatures] or [call_form(name)]
        parts += [f"- `{line}`" for line in declared if line] + [""]
        parts += [f"{words}\n" for words in dict.fromkeys(map(_domain, group)) if words]
    signatures = [s for function in functions for line in function.signatures for s in expand(line)]
    return Entry(name, "\n".join(parts).strip(), function_line(name, signatures))


def _domain(function: Function) -> str:
    """What its arguments must be, apart from sizes, which say themselves."""
    conditions = [condition for condition in function.domain if isinstance(condition, Condition)]
    return f"Domain: {_musts(conditions)}." if conditions else ""


def _musts(conditions: Iterable[Condition]) -> str:
    return "; ".join(f"`{condition.arguments[0]}` must {condition.text}" for condition in conditions)


def _call(function: Function) -> str:
    """The function with the names of its arguments, where they have any."""
    if function.build is None:
        return function.name
    parameters = inspect.signature(function.build).parameters.values()
    if any(parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD) for parameter in parameters):
        return function.name
    return f"{function.name}({', '.join(parameter.name.strip('_') for parameter in parameters)})"


# Distributions ------------------------------------------------------------------------------------


def _families() -> Iterator[Page]:
    found: dict[str, list[Distribution]] = {}
    for distribution in registry.distributions().values():
        found.setdefault(_family_of(distribution), []).append(distribution)
    for family, distributions in sorted(found.items()):
        title = family[0].upper() + family[1:]
        stem = re.sub("[^a-z0-9]+", "-", family.lower()).strip("-")
        entries = tuple(_distribution(distribution) for distribution in distributions)
        yield Page(stem, title, _OF_CONTAINERS, entries)


def _family_of(distribution: Distribution) -> str:
    """The chapter of the manual that its source names: "Functions reference, FAMILY: NAME"."""
    return distribution.source.partition(", ")[2].partition(":")[0] or "other distributions"


def _distribution(distribution: Distribution) -> Entry:
    rows = (Parameter("outcome", distribution.outcome), *distribution.parameters)
    parts = [_escaped(_docstring(f"distributions.{distribution.name}")) + "\n"]
    if distribution.deprecated:
        parts.append(f"**Deprecated**: {distribution.deprecated}.\n")
    parts += ["| argument | is |", "|---|---|", *(f"| `{row.name}` | {row.support.text} |" for row in rows), ""]
    relations = [condition for condition in distribution.domain if isinstance(condition, Condition)]
    if musts := [condition for condition in relations if not condition.zero]:
        parts.append(f"Besides, {_musts(musts)}.\n")
    if distribution.takes is not None:
        parts.append("Beyond the support of the outcome the density is zero.\n")
    if formula := _formula(distribution):
        parts += [f"Log density, at `{formula[0]}`:\n", f"```python\n{formula[1]}\n```\n"]
    for declared, names in _same_declarations(distribution):
        parts += [f"{', '.join(f'`{name}`' for name in names)}:\n", *(f"- `{line}`" for line in declared), ""]
    facts = [f"Equals `{distribution.reference}`."] if distribution.reference else []
    facts += [f"Source: {distribution.source}."] if distribution.source else []
    parts.append(" ".join(facts))
    return Entry(distribution.name, "\n".join(parts), distribution_line(distribution))


def _formula(distribution: Distribution) -> tuple[str, str] | None:
    """The arguments of the log density and the body that computes it, as the library has it."""
    function = distribution.log_density
    if not inspect.isfunction(function) or function.__name__ == "<lambda>":
        return None
    lines = inspect.getsource(function).rstrip().split("\n")
    start = next(number for number, line in enumerate(lines) if line.rstrip().endswith(":"))
    if lines[0].startswith(" ") or len(lines) - start > _LONGEST_FORMULA:
        return None
    body = inspect.cleandoc("\n".join(lines[start + 1 :]))
    return ", ".join(inspect.signature(function).parameters), body


def _same_declarations(distribution: Distribution) -> Iterator[tuple[tuple[str, ...], list[str]]]:
    """The distribution's functions, those with the same signatures together."""
    found: dict[tuple[str, ...], list[str]] = {}
    for name, function in functions_of(distribution).items():
        found.setdefault(tuple(declarations_of(function)), []).append(name)
    yield from found.items()


# Constraints --------------------------------------------------------------------------------------


def _constraints() -> Page:
    entries = tuple(_constraint(transform) for transform in registry.transforms().values())
    opening = (
        "What a declaration can ask of its values. A parameter moves in unconstrained space and is mapped to the\n"
        "values that satisfy its constraint; the log Jacobian of the map is part of the density."
    )
    return Page("constraints", "Constraints", opening, entries)


def _constraint(transform: Transform) -> Entry:
    module = sys.modules[transform.constrain.__module__]
    functions = "".join(f"\n- {_constraint_function(name, transform)}" for name in functions_of_transform(transform))
    text = f"{_escaped(inspect.cleandoc(module.__doc__ or ''))}\n\nAs functions:\n{functions}"
    return Entry(transform.name, text, transform_line(transform))


def _constraint_function(name: str, transform: Transform) -> str:
    domain = transform.domain if name.endswith("_unconstrain") else transform.free_domain
    conditions = [condition for condition in domain if isinstance(condition, Condition)]
    return f"`{name}{_signature(name, transform)}`" + (f": {_musts(conditions)}" if conditions else "")


def _signature(name: str, transform: Transform) -> Signature:
    """The function's overload for one value; constraints on vectors and on matrices may share a name."""
    return next(
        signature
        for signature in signatures_of(name)
        if max(map(core_dimensions, (signature.arguments[0], signature.result))) == transform.constrained_core
    )


# Words --------------------------------------------------------------------------------------------


def _docstring(module: str) -> str:
    return inspect.cleandoc(import_module(f"pplc.compiler.library.{module}").__doc__ or "")


def _escaped(text: str) -> str:
    """The text with nothing in it that Markdown would read as its own, indented formulas excepted."""
    blocks = text.split("\n\n")
    return "\n\n".join(block if block.startswith("    ") else _escaped_line(block) for block in blocks)


def _escaped_line(text: str) -> str:
    pieces = text.split("`")  # what stands in backticks is code already
    pieces[::2] = (re.sub(r"([*<|])", r"\\\1", piece) for piece in pieces[::2])
    return "`".join(pieces)


def _title(topic: str) -> str:
    words = topic.replace("_", " ")
    return words[0].upper() + words[1:]
