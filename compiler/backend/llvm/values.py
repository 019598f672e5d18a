"""What the loop language has: types, functions of the machine, and operands of LLVM."""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass

FLAGS = {"strict": "", "exact": "contract", "fast": "contract reassoc nsz arcp"}


LLVM_TYPE = {
    "float": "double",
    "int": "i64",
    "bool": "i1",
    "floats": "ptr",
    "ints": "ptr",
    "complex": "{double, double}",  # in memory; elsewhere its two parts
    "complexs": "ptr",
    "None": "void",
}


ELEMENT = {"floats": "float", "ints": "int", "complexs": "complex"}
BYTES = {"float": 8, "int": 8, "complex": 16}


INTRINSICS = {  # loop language name -> LLVM intrinsic on doubles
    "sqrt": "llvm.sqrt.f64",
    "floor": "llvm.floor.f64",
    "ceil": "llvm.ceil.f64",
    "trunc": "llvm.trunc.f64",
    "rint": "llvm.rint.f64",
    "fabs": "llvm.fabs.f64",
    "copysign": "llvm.copysign.f64",
    "fma": "llvm.fma.f64",
    "maximum": "llvm.maximum.f64",
    "minimum": "llvm.minimum.f64",
    "fence": "llvm.arithmetic.fence.f64",  # its argument, of which nothing is rearranged with what comes after
}


LIBM = {  # functions of the C library, with their number of arguments
    "sin": 1, "cos": 1, "tan": 1, "asin": 1, "acos": 1, "atan": 1, "sinh": 1, "cosh": 1, "tanh": 1,
    "asinh": 1, "acosh": 1, "atanh": 1, "atan2": 2, "fmod": 2, "hypot": 2,
    "exp": 1, "log": 1, "log1p": 1, "expm1": 1, "exp2": 1, "log2": 1, "log10": 1, "pow": 2,
    "erf": 1, "erfc": 1, "lgamma": 1, "tgamma": 1,
}  # fmt: skip


class LanguageError(Exception):
    """The text is not in the loop language: a bug of the compiler, never a mistake of a user."""


@dataclass(frozen=True, slots=True)
class Value:
    """An LLVM operand with its loop-language type; `root` names the array a pointer came from.

    Arrays with sizes, complex numbers and tuples (see `generic`) have `parts` instead of a text.
    """

    text: str
    type: str
    root: str = ""
    parts: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class Signature:
    """How a function of the module is called."""

    name: str
    arguments: tuple[str, ...]
    result: str


def float_literal(value: float) -> Value:
    """A double written bit by bit, so that it is read back exactly."""
    return Value(f"0x{struct.unpack('>Q', struct.pack('>d', value))[0]:016X}", "float")


def is_literal(operand: Value) -> bool:
    return operand.text.startswith("0x")


def is_far(operand: Value) -> bool:
    """Whether this is a number written out, and so large or small that few like it make one beyond the range."""
    if not is_literal(operand):
        return False
    [value] = struct.unpack(">d", bytes.fromhex(operand.text[2:]))
    return not 1e-100 < abs(value) < 1e100 and 0 < abs(value) < math.inf
