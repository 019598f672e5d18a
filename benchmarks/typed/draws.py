"""Draws of the random programs whose outcome is certain: a scale that no sum sees, a probability of 1, one position.

So the walk can say what they are, and what is compared is their types, sizes and order.
"""

from __future__ import annotations

from benchmarks.typed.choices import Choices
from benchmarks.typed.data import LOCAL, LOCAL_KINDS
from benchmarks.typed.expressions import Expressions
from benchmarks.typed.kinds import Kind, declared, kind_of, unsized
from benchmarks.typed.places import Scope

NONE = "1e-300"  # a scale
# By type; n is a size of at least 1, m may be 0.
DRAWS = {
    "real": (
        f"normal_rng(<real>, {NONE})", f"student_t_rng(5, <real>, {NONE})", f"logistic_rng(<real>, {NONE})",
        f"double_exponential_rng(<real>, {NONE})", f"gumbel_rng(<real>, {NONE})", "exponential_rng(1e300) + <real>",
        f"skew_normal_rng(<real>, {NONE}, 0.4)", f"cauchy_rng(<real>, {NONE})",
    ),
    "int": (
        "bernoulli_rng(1)", "binomial_rng(2, 1)", "categorical_rng([0, 1]')", "1 + bernoulli_rng(0)",
        "bernoulli_logit_rng(900)", "discrete_range_rng(2, 2)", "binomial_rng(<int>, 1)", "1 + poisson_rng(1e-300)",
        "hypergeometric_rng(<int>, 2, 0)", "categorical_logit_rng([-900, 0.5]')", "ordered_logistic_rng(900, [0.3]')",
        "1 + binomial_rng(0, inv_logit(<real>))", "discrete_range_rng(1, <int>) * 0 + 1",
    ),
    "vector[n]": (
        f"multi_normal_cholesky_rng(<vector[n]>, {NONE} * identity_matrix(n))",
        "multi_normal_rng(<vector[n]>, 1e-200 * identity_matrix(n))",
        f"to_vector(normal_rng(<vector[n]>, {NONE}))", f"to_vector(normal_rng(<row_vector[n]>, rep_array({NONE}, n)))",
    ),
    "array[m] real": (
        f"normal_rng(<vector[m]>, {NONE})", f"normal_rng(<row_vector[m]>, {NONE})",
        f"normal_rng(<array[m] real>, {NONE})", f"normal_rng(<vector[m]>, rep_array({NONE}, m))",
        f"logistic_rng(<array[m] real>, rep_vector({NONE}, m))",
    ),
    "array[m] int": (
        "bernoulli_rng(rep_vector(1, m))", "binomial_rng(<array[m] int>, 1)", "bernoulli_logit_rng(900 + <vector[m]>)",
        "binomial_rng(<array[m] int>, rep_array(1.0, m))", "binomial_rng(2, rep_row_vector(1, m))",
    ),
    "array[n] vector[2]": (f"multi_normal_cholesky_rng(<array[n] vector[2]>, {NONE} * identity_matrix(2))",),
    "array[2] int": ("sort_indices_asc(multinomial_rng([0, 1]', 2))",),
}  # fmt: skip


class Draws:
    def __init__(self, choose: Choices, expressions: Expressions) -> None:
        self.choose = choose
        self.expressions = expressions
        self.functions: list[tuple[str, Kind]] = []

    def define(self) -> str:
        """A function that draws, by what was defined before or by itself."""
        kind, text = self._draw(Scope(dict(LOCAL_KINDS)))
        parameter, name = self.choose.name("a"), f"{self.choose.name('f')}_rng"
        out = self.choose.name("r")
        shift = f" if ({parameter} > 5) return {out};"
        self.functions.append((name, kind))
        body = f"{LOCAL} {declared(kind)} {out} = {text};{shift} {out} = {text}; return {out};"
        return f"  {unsized(kind)} {name}(real {parameter}) {{ {body} }}"

    def declaration(self, scope: Scope) -> str:
        """A variable with a draw as its value."""
        if self.functions and self.choose.chance(0.4):
            name, kind = self.choose.any(self.functions)
            text = f"{name}({self.expressions.filled('<real>', scope, 1)})"
        else:
            kind, text = self._draw(scope)
        variable = self.choose.name("x")
        scope.add(variable, kind)
        return f"{declared(kind)} {variable} = {text};"

    def _draw(self, scope: Scope) -> tuple[Kind, str]:
        sizes = {"n": self.choose.any([1, 2, 3]), "m": self.choose.any([0, 1, 2, 3])}
        named = self.choose.any(list(DRAWS))
        text = self.choose.any(DRAWS[named])
        for name, size in sizes.items():
            text = _sized(text, name, size)
        return kind_of(named, sizes), self.expressions.filled(text, scope, 1, sizes)


def _sized(text: str, name: str, size: int) -> str:
    """The text with a number where it names a size outside of its placeholders."""
    for before, after in (("(", ")"), (", ", ")")):
        text = text.replace(f"{before}{name}{after}", f"{before}{size}{after}")
    return text
