"""PyTensor's scalar ops as expressions of the loop language."""

from __future__ import annotations

from collections.abc import Callable
from functools import singledispatch
from typing import Any

import pytensor.scalar as ps
import pytensor.scalar.math as psm
from pytensor.tensor.math import MulWithoutZeros

from ...library.kernels.operation import TextOp
from ...library.ops.power import Power
from ...rewrite.logs_of_products import Exponent, Mantissa, NormalExponent, NormalMantissa

# op class -> (expression, cost of one evaluation in multiplications)
EXPRESSIONS: dict[type, tuple[str, float]] = {
    ps.Add: ("+", 1), ps.Mul: ("*", 1), ps.AND: ("&", 1), ps.OR: ("|", 1), ps.XOR: ("^", 1),
    ps.Sub: ("{0} - {1}", 1), ps.TrueDiv: ("{0} / {1}", 4), ps.Neg: ("-{0}", 1),
    ps.Reciprocal: ("1.0 / {0}", 4), ps.Sqr: ("{0} * {0}", 1), ps.Sqrt: ("sqrt({0})", 5), ps.Identity: ("{0}", 0),
    ps.LT: ("{0} < {1}", 1), ps.GT: ("{0} > {1}", 1), ps.LE: ("{0} <= {1}", 1), ps.GE: ("{0} >= {1}", 1),
    ps.EQ: ("{0} == {1}", 1), ps.NEQ: ("{0} != {1}", 1),
    ps.IsNan: ("isnan(float({0}))", 1), ps.IsInf: ("fabs(float({0})) == inf", 1),
    ps.Switch: ("{1} if {0} else {2}", 1), ps.Second: ("{1}", 0),
    ps.Exp: ("exp({0})", 15), ps.Exp2: ("exp2({0})", 15), ps.Expm1: ("expm1({0})", 20),
    ps.Log: ("log({0})", 15), ps.Log1p: ("log1p({0})", 20), ps.Log2: ("log2({0})", 15), ps.Log10: ("log10({0})", 15),
    ps.Sin: ("sin({0})", 30), ps.Cos: ("cos({0})", 30), ps.Tan: ("tan({0})", 30),
    ps.ArcSin: ("asin({0})", 30), ps.ArcCos: ("acos({0})", 30), ps.ArcTan: ("atan({0})", 30),
    ps.ArcTan2: ("atan2({0}, {1})", 40), ps.Sinh: ("sinh({0})", 30), ps.Cosh: ("cosh({0})", 30),
    ps.Tanh: ("tanh({0})", 20), ps.ArcSinh: ("asinh({0})", 30), ps.ArcCosh: ("acosh({0})", 30),
    ps.ArcTanh: ("atanh({0})", 30), ps.Pow: ("power({0}, {1})", 40), Power: ("power({0}, {1})", 40),
    psm.Erf: ("erf({0})", 30), psm.Erfc: ("erfc({0})", 30), psm.Erfcx: ("erfcx({0})", 30),
    psm.GammaLn: ("log_gamma({0})", 40), psm.Gamma: ("gamma({0})", 60),
    psm.Psi: ("digamma({0})", 40), psm.TriGamma: ("trigamma({0})", 40),
    psm.Sigmoid: ("sigmoid({0})", 20), psm.Softplus: ("softplus({0})", 30), psm.Log1mexp: ("log1mexp({0})", 30),
    Mantissa: ("mantissa({0})", 5), Exponent: ("exponent({0})", 3),
    NormalMantissa: ("normal_mantissa({0})", 5), NormalExponent: ("normal_exponent({0})", 3),
    MulWithoutZeros: ("{1} if {0} == 0.0 else ({0} if {1} == 0.0 else {0} * {1})", 3),
}  # fmt: skip


@singledispatch
def expression(op: Any, inputs: list[str], output: str) -> tuple[str, float] | None:
    """The expression of a scalar op in {0}, {1}, ... and its cost; None when there is none.

    `inputs` and `output` are dtypes.
    """
    found = EXPRESSIONS.get(type(op))
    if found is None:
        return None
    text, cost = found
    if text in ("+", "*", "&", "|", "^"):
        if text in "+*" and output == "bool":
            text = {"+": "|", "*": "&"}[text]
        return f" {text} ".join(f"{{{n}}}" for n in range(len(inputs))), cost * (len(inputs) - 1)
    return text, cost


def _register(*classes: type) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def wrap(function: Callable[..., Any]) -> Callable[..., Any]:
        for one in classes:
            expression.register(one)(function)
        return function

    return wrap


@_register(TextOp)
def text(op: TextOp, inputs: list[str], output: str) -> tuple[str, float]:
    return f"{op.text}({', '.join(f'{{{number}}}' for number in range(op.nin))})", 40


@_register(ps.Maximum, ps.Minimum)
def extremum(op: Any, inputs: list[str], output: str) -> tuple[str, float]:
    if output.startswith("float"):
        name = "maximum" if isinstance(op, ps.Maximum) else "minimum"
        return f"{name}({{0}}, {{1}})", 2
    sign = ">" if isinstance(op, ps.Maximum) else "<"
    return f"{{0}} if {{0}} {sign} {{1}} else {{1}}", 1


@_register(ps.Clip)
def clip(op: Any, inputs: list[str], output: str) -> tuple[str, float]:
    return "{1} if {0} < {1} else ({2} if {0} > {2} else {0})", 2


@_register(ps.Abs)
def absolute(op: Any, inputs: list[str], output: str) -> tuple[str, float]:
    return ("fabs({0})" if output.startswith("float") else "-{0} if {0} < 0 else {0}"), 1


@_register(ps.Sign)
def sign(op: Any, inputs: list[str], output: str) -> tuple[str, float]:
    if output.startswith("float"):
        return "1.0 if {0} > 0.0 else (-1.0 if {0} < 0.0 else {0})", 2
    return "1 if {0} > 0 else (-1 if {0} < 0 else 0)", 2


@_register(ps.Floor, ps.Ceil, ps.Trunc, ps.RoundHalfToEven, ps.RoundHalfAwayFromZero)
def rounding(op: Any, inputs: list[str], output: str) -> tuple[str, float]:
    if isinstance(op, ps.RoundHalfAwayFromZero):
        return "copysign(floor(fabs({0}) + 0.5), {0})", 3
    names = {ps.Floor: "floor", ps.Ceil: "ceil", ps.Trunc: "trunc", ps.RoundHalfToEven: "rint"}
    return f"{names[type(op)]}(float({{0}}))", 1


@_register(ps.IntDiv)
def integer_division(op: Any, inputs: list[str], output: str) -> tuple[str, float]:
    return ("floor({0} / {1})" if output.startswith("float") else "{0} // {1}"), 5


@_register(ps.Mod)
def modulo(op: Any, inputs: list[str], output: str) -> tuple[str, float]:
    return ("{0} - floor({0} / {1}) * {1}" if output.startswith("float") else "{0} % {1}"), 6


@_register(ps.Invert)
def invert(op: Any, inputs: list[str], output: str) -> tuple[str, float] | None:
    return ("not {0}", 1) if output == "bool" else ("-1 - {0}", 1)


@_register(ps.Cast)
def cast(op: Any, inputs: list[str], output: str) -> tuple[str, float] | None:
    if inputs[0] == "bool" or inputs[0] == output:
        return ("float({0})", 1) if output.startswith("float") else ("{0}", 0)
    if output == "bool":
        return "{0} != 0", 1
    if output.startswith("float"):
        return "float({0})", 1
    if "int" in output:
        return "int({0})", 1
    return None
