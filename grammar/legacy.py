"""Old syntax and old names to those of today: a rewritten tree, warnings, and the same change as edits of the text.

What the grammar marks LEGACY is dealt with here, and the functions that Stan removed or renamed in version 2.33:
`increment_log_prob`, `get_lp`, `if_else`, `normal_log` and its kind, calls of `..._cdf` without a bar.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple, cast

from . import errors, tree
from .diagnostics import Diagnostic
from .lexer import scan
from .names import densities
from .source import Source, Span

RENAMED: Final = {
    "fabs": "abs",
    "multiply_log": "lmultiply",
    "binomial_coefficient_log": "lchoose",
    "cov_exp_quad": "gp_exp_quad_cov",
}
CDF_SUFFIXES: Final = {"_cdf_log": "_lcdf", "_ccdf_log": "_lccdf", "_cdf": "_cdf", "_lcdf": "_lcdf", "_lccdf": "_lccdf"}
# Whether a text can have an old name: most programs need not be looked at more closely.
SUSPECT: Final = re.compile(
    r"\b(?:increment_log_prob|get_lp|if_else|[a-zA-Z]\w*_(?:log|l?c?cdf)|" + "|".join(RENAMED) + r")\s*\("
)


class Edit(NamedTuple):
    """Put `text` in place of a part of the program."""

    span: Span
    text: str


@dataclass
class Modern:
    """A modern program, what was old in it, and the edits of the text that lead there."""

    program: tree.Program
    warnings: list[Diagnostic] = field(default_factory=list)
    edits: list[Edit] = field(default_factory=list)


def modernise(program: tree.Program) -> Modern:
    """The program without old syntax and old names. The warnings are about names; the parser gave those about form."""
    modern = Modern(program)
    definitions = program.functions.definitions if program.functions else ()
    rewriter = Rewriter(modern, {d.identifier.name: d for d in definitions}, used_distributions(program))
    modern.program = cast(tree.Program, rewriter.rewrite(program))
    old_comments = (comment for comment in program.comments if re.match(r"#(?!include\s)", comment.text))
    modern.edits += [Edit(Span(c.span.source, c.span.start, c.span.start + 1), "//") for c in old_comments]
    return modern


def upgraded_text(source: Source, edits: Iterable[Edit]) -> str:
    """The text of a source after the edits that concern it."""
    text = source.text
    for span, replacement in sorted(edits, key=lambda edit: (edit.span.start, edit.span.end), reverse=True):
        if span.source is source:
            text = text[: span.start] + replacement + text[span.end :]
    return text


def used_distributions(program: tree.Program) -> set[str]:
    """The names that stand to the right of a `~`."""
    found: set[str] = set()
    remaining: list[tree.Node] = [program]
    while remaining:
        node = remaining.pop()
        remaining += children(node)
        if isinstance(node, tree.Tilde):
            found.add(node.distribution.name)
    return found


def children(node: tree.Node) -> list[tree.Node]:
    """The nodes right under a node."""
    fields = [getattr(node, name) for name in tree.field_names(node)]
    parts = [part for field in fields for part in (field if isinstance(field, tuple) else (field,))]
    return [part for part in parts if isinstance(part, tree.Node)]


@dataclass
class Rewriter:
    """Rewrites trees from the leaves up."""

    modern: Modern
    functions: dict[str, tree.FunctionDefinition]  # the user's own
    used: set[str]  # distributions in `~` statements

    def rewrite(self, root: tree.Node) -> Any:
        """The tree without anything old; no recursion, because expressions can be deep."""
        done: dict[int, Any] = {}
        stack = [root]
        while stack:
            if pending := [child for child in children(stack[-1]) if id(child) not in done]:
                stack += pending
            else:
                node = stack.pop()
                done[id(node)] = self.one(with_children(node, done))
        return done[id(root)]

    def one(self, node: tree.Node) -> tree.Node | tuple[tree.Node, ...]:
        """A node whose children are modern already."""
        match node:
            case tree.Call():
                return self.call(node)
            case tree.CallStatement(call=tree.TargetIncrement() as increment):
                return increment
            case tree.FunctionDefinition(identifier=identifier):
                if (suffix := self.density_suffix(identifier.name)) is not None:
                    name = tree.Identifier(identifier.name.removesuffix("_log") + suffix, span=identifier.span)
                    self.note(identifier.span, name.name, [Edit(identifier.span, name.name)])
                    return tree.FunctionDefinition(node.result, name, node.parameters, node.body, span=node.span)
            case tree.Assignment(place, "<-", value):
                start = errors.after(place.span.end, place.span, "<-")
                self.modern.edits.append(Edit(Span(node.span.source, start, start + 2), "="))
                return tree.Assignment(place, "=", value, span=node.span)
            case tree.UnsizedArray(dimensions, element) if not node.span.text.startswith("array"):
                commas = "," * (dimensions - 1)
                self.modern.edits.append(Edit(node.span, f"array[{commas}] {element.span.text}"))
            case tree.Declaration(declarators=declarators) if any(d.legacy_sizes for d in declarators):
                return self.declaration(node)
        return node

    def call(self, call: tree.Call) -> tree.Expression | tree.TargetIncrement:
        """A function call, perhaps of an old function."""
        name, arguments = call.function.name, call.arguments
        renamed: str | None = None
        if name in self.functions:
            if (suffix := self.density_suffix(name)) is None:
                if name.endswith("_cdf") and len(arguments) > 1:
                    return self.with_bar(call, name)
                return call
            return self.with_bar(call, name.removesuffix("_log") + suffix)
        match name, arguments:
            case "increment_log_prob", (value,):
                span = call.span
                edits = [
                    Edit(Span(span.source, span.start, value.span.start), "target += "),
                    Edit(Span(span.source, value.span.end, errors.after(value.span.end, span, ")") + 1), ""),
                ]
                self.note(call.function.span, "target += ...", edits)
                return tree.TargetIncrement(value, span=span)
            case "get_lp", ():
                self.note(call.function.span, "target()", [Edit(call.function.span, "target")])
                return tree.TargetValue(span=call.span)
            case "if_else", (test, then, otherwise):
                edits = [
                    Edit(call.function.span, ""),
                    Edit(comma(test, then), " ?"),
                    Edit(comma(then, otherwise), " :"),
                ]
                self.note(call.function.span, "a ? b : c", edits)
                return tree.Group(tree.Conditional(test, then, otherwise, span=call.span), span=call.span)
        renamed = RENAMED.get(name)
        if renamed is not None:
            self.note(call.function.span, renamed, [Edit(call.function.span, renamed)])
            return tree.Call(tree.Identifier(renamed, span=call.function.span), arguments, span=call.span)
        if (new := modern_density(name)) is not None and arguments:
            return self.with_bar(call, new)
        return call

    def with_bar(self, call: tree.Call, name: str) -> tree.DensityCall:
        """The call of a density or cdf, with a bar after its first argument."""
        function = tree.Identifier(name, span=call.function.span)
        first, *others = call.arguments
        edits = [Edit(call.function.span, name)]
        if others:
            edits.append(Edit(comma(first, others[0]), " |"))
        if name == call.function.name:
            self.modern.warnings.append(errors.missing_bar(function.span, first.span))
            self.modern.edits += edits[1:]
        else:
            self.note(call.function.span, f"{name}({first.span.text} | ...)", edits)
        return tree.DensityCall(function, first, tuple(others), span=call.span)

    def density_suffix(self, name: str) -> str | None:
        """The suffix that the user's function `name` should have, when it is an old density used in a `~`."""
        base = name.removesuffix("_log")
        definition = self.functions.get(name)
        if definition is None or base == name or base not in self.used or not definition.parameters:
            return None
        if base in densities() or base + "_lpdf" in self.functions or base + "_lpmf" in self.functions:
            return None
        outcome = definition.parameters[0].type
        element = outcome.element if isinstance(outcome, tree.UnsizedArray) else outcome
        return "_lpmf" if isinstance(element, tree.UnsizedType) and element.name == "int" else "_lpdf"

    def declaration(self, node: tree.Declaration) -> tuple[tree.Declaration, ...]:
        """One declaration for each variable, the sizes of arrays before their types."""
        kind, result = node.type, []
        for i, declarator in enumerate(node.declarators):
            sizes = declarator.legacy_sizes
            prefix = ""
            own_type = kind
            if sizes:
                text = sizes[0].span.to(sizes[-1].span).text
                prefix = f"array[{text}] "
                own_type = array_of(sizes, kind)
                start = errors.after(declarator.identifier.span.end, declarator.span, "[")
                end = errors.after(sizes[-1].span.end, declarator.span, "]") + 1
                self.modern.edits.append(Edit(Span(node.span.source, start, end), ""))
            if i == 0:
                self.modern.edits.append(Edit(Span(node.span.source, kind.span.start, kind.span.start), prefix))
            else:
                here = comma(node.declarators[i - 1], declarator)
                self.modern.edits.append(Edit(here, f"; {prefix}{kind.span.text}"))
            plain = tree.Declarator(declarator.identifier, declarator.value, span=declarator.span)
            result.append(tree.Declaration(own_type, (plain,), span=node.span))
        return tuple(result)

    def note(self, span: Span, replacement: str, edits: list[Edit]) -> None:
        self.modern.warnings.append(errors.old_name(span, replacement))
        self.modern.edits += edits


def array_of(sizes: tuple[tree.Expression, ...], element: tree.DeclaredType) -> tree.SizedArray:
    if isinstance(element, tree.SizedArray):
        return tree.SizedArray((*sizes, *element.sizes), element.element, span=element.span)
    return tree.SizedArray(sizes, element, span=element.span)


def modern_density(name: str) -> str | None:
    """The name today of a library density or cdf that is called without a bar."""
    for old, new in CDF_SUFFIXES.items():
        if (base := name.removesuffix(old)) != name and base in densities():
            return base + new
    base = name.removesuffix("_log")
    return f"{base}_{densities()[base]}" if base != name and base in densities() else None


def comma(left: tree.Node, right: tree.Node) -> Span:
    """The comma between two nodes."""
    source, start = left.span.source, left.span.end
    between = Source("", source.text[start : right.span.start])
    found = next(token.span for token in scan(between, legacy=True) if token.text == ",")
    return Span(source, start + found.start, start + found.end)


def with_children(node: tree.Node, new: dict[int, Any]) -> tree.Node:
    """The node with what its children have become, the same object if nothing changed."""

    def replaced(field: Any) -> Any:
        if isinstance(field, tuple):
            results = [new[id(part)] if isinstance(part, tree.Node) else part for part in field]
            return tuple(r for result in results for r in (result if isinstance(result, tuple) else (result,)))
        return alone(new[id(field)]) if isinstance(field, tree.Node) else field

    old = [getattr(node, name) for name in tree.field_names(node)]
    fields = [replaced(field) for field in old]
    return node if all(map(same, fields, old)) else type(node)(*fields, span=node.span)


def same(new: Any, old: Any) -> bool:
    """Whether a field has the very values it had."""
    if isinstance(new, tuple) and isinstance(old, tuple):
        return len(new) == len(old) and all(a is b for a, b in zip(new, old, strict=True))
    return new is old


def alone(value: Any) -> Any:
    """A node in a place where only one can stand: several declarations become a block."""
    if isinstance(value, tuple):
        return value[0] if len(value) == 1 else tree.Block(value, span=value[0].span)
    return value
