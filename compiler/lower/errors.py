"""Mistakes that show when a program meets its data, one function each."""

from __future__ import annotations

from pplc.grammar.diagnostics import Diagnostic, Mark
from pplc.grammar.source import Span

from ..codegen import guards
from .scope import LoweringError


def index_out_of_range(
    span: Span, name: str, position: int, found: int, extent: int, element: int | None = None, when: str = ""
) -> LoweringError:
    """element: of a multiple index, which of its numbers it is; when: in which iteration of the loops around."""
    what = f"{'this' if element is None else f'element {element}'} is {found}{when and f' when {when}'}"
    allowed = f"1 to {extent}" if extent else "nothing (the dimension is empty)"
    return LoweringError(
        Diagnostic(
            "index-out-of-range",
            f"index {found} is outside dimension {position} of `{name}`, which has {extent} elements",
            Mark(span, f"{what}; allowed is {allowed}"),
        )
    )


def ragged_literal(span: Span, shapes: list[tuple[int, ...]]) -> LoweringError:
    sizes = " and ".join(_sizes(shape) for shape in shapes[:2])
    return LoweringError(
        Diagnostic("ragged-elements", f"the elements have different sizes: {sizes}", Mark(span, "in this expression"))
    )


def size_mismatch(span: Span, name: str, declared: tuple[int, ...], found: tuple[int, ...]) -> LoweringError:
    return LoweringError(
        Diagnostic(
            "size-mismatch",
            f"`{name}` has size {_sizes(declared)}, but the value assigned to it has size {_sizes(found)}",
            Mark(span, f"this has size {_sizes(found)}"),
        )
    )


def bound_size(span: Span, name: str, shape: tuple[int, ...], found: tuple[int, ...]) -> LoweringError:
    title = guards.OTHER_SIZE.format(_sizes(shape), _sizes(found), name=name)
    return LoweringError(Diagnostic("size-mismatch", title, Mark(span, f"this has size {_sizes(found)}")))


def argument_sizes(span: Span, name: str, shapes: list[tuple[int, ...]], reason: str) -> LoweringError:
    sizes = ", ".join(_sizes(shape) for shape in shapes)
    return LoweringError(
        Diagnostic(
            "argument-sizes",
            f"the sizes of the arguments of `{name}` do not fit together: {sizes}",
            Mark(span, reason),
        )
    )


def sizes_differ(span: Span, sentence: str) -> LoweringError:
    return LoweringError(Diagnostic("argument-sizes", sentence, Mark(span)))


def outside_domain(span: Span, sentence: str) -> LoweringError:
    return LoweringError(Diagnostic("outside-domain", sentence, Mark(span)))


def negative_size(span: Span, name: str, size: int) -> LoweringError:
    return LoweringError(
        Diagnostic("negative-size", f"the size of `{name}` is negative: {size}", Mark(span, f"this is {size}"))
    )


def impossible_size(span: Span, name: str, problem: str) -> LoweringError:
    return LoweringError(Diagnostic("impossible-size", f"`{name}` {problem}", Mark(span)))


def not_supported(span: Span, what: str) -> LoweringError:
    return LoweringError(Diagnostic("not-supported", f"{what} is not supported yet", Mark(span, "used here")))


def violated(span: Span, problem: str) -> LoweringError:
    return LoweringError(Diagnostic("constraint-violated", problem, Mark(span, "in transformed data")))


def rejected(span: Span, text: str) -> LoweringError:
    return LoweringError(
        Diagnostic("always-rejected", "the program rejects its data", Mark(span, text or "reached for this data"))
    )


def domain(span: Span, name: str, text: str) -> LoweringError:
    return LoweringError(
        Diagnostic("argument-value", f"`{name}` is given a value it has no answer for", Mark(span, text))
    )


def _sizes(shape: tuple[int, ...]) -> str:
    return "×".join(map(str, shape)) if shape else "one number"
