"""What is known of an array while its text is written: its sizes, and the text of its element."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .array_text import Function

type Positions = Sequence[str]
# From a node and the rules of its operands to the rule of its result, or a list with one for each result.
type Maker = Callable[[Function, Any, list[Rule]], Rule | list[Rule]]


class NotArray(Exception):
    """An operation that has no rule here."""


@dataclass(frozen=True, slots=True)
class Rule:
    """The sizes of an array and the text of its element; `name` where it is in memory."""

    sizes: tuple[str, ...]
    element: Callable[[Positions], str]
    name: str | None = None
    cheap: bool = True  # reading an element costs no arithmetic
    items: tuple[str, ...] = ()  # the texts of the elements, of a short list such as the sizes of an array

    @property
    def rank(self) -> int:
        return len(self.sizes)

    def part(self, places: Positions, sizes: tuple[str, ...]) -> Rule:
        """The array of these sizes that stands at `places` along the axes in front."""
        return Rule(sizes, lambda inner: self.element([*places, *inner]))

    @property
    def text(self) -> str:
        """A number's text."""
        assert not self.sizes
        return self.element(())


DTYPE = {"float64": "np.float64", "complex128": "np.complex128", "bool": "np.int64"}


def literal(value: Any) -> str:
    """The text of a number."""
    if value is None:
        return "None"
    if isinstance(value, bool | int):
        return f"({value})" if value < 0 else str(value)
    if value != value:
        return "nan"
    if value in (float("inf"), float("-inf")):
        return "inf" if value > 0 else "(-inf)"
    return f"({value!r})" if isinstance(value, complex) or value < 0 else repr(value)
