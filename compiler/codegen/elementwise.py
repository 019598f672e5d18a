"""Functions of the elements of arrays: copying, filling, adding, tapes. Each is written once, for one element.

The unit that calls one defines it for as many axes as it needs, as loops around the element: NumPy's own assignments
would take Numba several times as long to compile.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass

from .unit import Unit
from .writer import Writer


@dataclass(frozen=True, slots=True)
class Elementwise:
    """`name(parameters)`, which does `each` at every position `[at]` of the array `over`, in order."""

    name: str
    parameters: str
    over: str
    each: tuple[str, ...]
    first: str = ""
    result: str = ""

    def call(self, unit: Unit, rank: int, *arguments: str) -> str:
        """The text of a call for arrays of so many axes."""
        name = unit.define((self, rank), f"{self.name}_{rank}", lambda name: self.definition(name, rank))
        return f"{name}({', '.join(arguments)})"

    def definition(self, name: str, rank: int) -> str:
        """The text of the function for arrays of so many axes."""
        at = [f"i{axis}" for axis in range(rank)]
        out = Writer()
        out.write("@compiled")
        with out.block(f"def {name}({self.parameters}):"):
            if self.first:
                out.write(self.first)
            with ExitStack() as loops:
                for axis, position in enumerate(at):
                    loops.enter_context(out.block(f"for {position} in range({self.over}.shape[{axis}]):"))
                for line in self.each:
                    out.write(line.replace("[at]", f"[{', '.join(at)}]"))
            if self.result:
                out.write(f"return {self.result}")
        return out.text


COPY = Elementwise("copy", "to, source", "source", ("to[at] = source[at]",))  # they do not overlap
FILL = Elementwise("fill", "to, number", "to", ("to[at] = number",))
ADD = Elementwise("add", "to, more", "to", ("to[at] += more[at]",))

# The array, which becomes zero, in a copy.
DRAIN = Elementwise("drain", "array", "array", ("array[at] = 0.0",), "result = array.copy()", "result")

# Values about to be overwritten, kept at the end of a tape (whose new end is returned) and taken back.
SAVE = Elementwise(
    "save", "tape, top, array", "array", ("tape[top] = array[at]", "top += 1"), result="top"
)  # fmt: skip
RESTORE = Elementwise("restore", "tape, top, array", "array", ("array[at] = tape[top]", "top += 1"))

# Complex numbers, given their real and imaginary parts.
COMBINE = Elementwise(
    "combine", "real, imaginary", "real", ("result[at] = complex(real[at], imaginary[at])",),
    "result = np.empty(real.shape, np.complex128)", "result",
)  # fmt: skip


def take(unit: Unit, rank: int, axis: int, array: str, indices: str) -> str:
    """The text of a new array: the positions of `array` that are listed, from 1, along one of its axes."""
    name = unit.define(("take", rank, axis), f"take_{axis}_of_{rank}", lambda name: _taking(name, rank, axis))
    return f"{name}({array}, {indices})"


def _taking(name: str, rank: int, axis: int) -> str:
    sizes = ["indices.size" if number == axis else f"array.shape[{number}]" for number in range(rank)]
    to = [f"i{number}" for number in range(rank)]
    source = ["listed" if number == axis else position for number, position in enumerate(to)]
    out = Writer()
    out.write("@compiled")
    with out.block(f"def {name}(array, indices):"):
        out.write(f"result = np.empty(({', '.join(sizes)},), array.dtype)")
        with ExitStack() as loops:
            for number, position in enumerate(to):
                loops.enter_context(out.block(f"for {position} in range({sizes[number]}):"))
                if number == axis:
                    out.write(f"listed = indices[{position}] - 1")
            out.write(f"result[{', '.join(to)}] = array[{', '.join(source)}]")
        out.write("return result")
    return out.text


def copy(unit: Unit, rank: int, to: str, source: str) -> str:
    """The statement `to = source` for a place of so many axes, or none."""
    return COPY.call(unit, rank, to, source) if rank else f"{to} = {source}"


def add(unit: Unit, rank: int, to: str, more: str) -> str:
    """The statement `to += more` for a place of so many axes, or none."""
    return ADD.call(unit, rank, to, more) if rank else f"{to} += {more}"
