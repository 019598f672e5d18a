"""Functions of the random programs that are called by the library: parts of sums, systems of equations, integrands.

Solutions are asked for to 1e-12, so that they can be compared with those of SciPy. What the systems make of their
arguments is smooth.
"""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.typed.choices import Choices
from benchmarks.typed.data import LOCAL, LOCAL_KINDS
from benchmarks.typed.expressions import Expressions, Function
from benchmarks.typed.kinds import INT, REAL, Kind, any_kind, array, kind_of, unsized, weighed
from benchmarks.typed.places import Scope
from benchmarks.typed.statements import Statements

STATE = kind_of("vector[2]")
# What `reduce_sum` can cut an array of.
CUT = ("real", "int", "vector[2]", "row_vector[3]", "matrix[2, 2]", "vector[0]", "array[2] real", "array[2] vector[3]")
INTEGRATORS = ("ode_rk45_tol", "ode_ckrk_tol", "ode_bdf_tol", "ode_adams_tol")


@dataclass(frozen=True)
class Callback(Function):
    """A function that another calls; `form` has `{name}`, `{0}` and `{1}` for arguments, `{rest}` for the others."""

    form: str = ""

    def call(self, arguments: list[str]) -> str:
        given = self.form.count("{0}") + self.form.count("{1}")
        return self.form.format(*arguments[:given], name=self.name, rest="".join(f", {a}" for a in arguments[given:]))


class Callbacks:
    def __init__(self, choose: Choices, expressions: Expressions, statements: Statements) -> None:
        self.choose = choose
        self.expressions = expressions
        self.statements = statements

    def define(self) -> str:
        """The definition of a function that what follows passes on."""
        return self.choose.any([self._part_of_sum, self._part_of_sum, self._system, self._equations, self._integrand])()

    def _more(self) -> tuple[list[Kind], list[str], str, str]:
        """Further arguments: their types, names and declarations, and a number between -1 and 1 made of them."""
        kinds = [any_kind(self.choose, 1) for _ in self.choose.count(0, 2)]
        names = [self.choose.name("a") for _ in kinds]
        listed = "".join(f", {unsized(kind)} {name}" for kind, name in zip(kinds, names, strict=True))
        total = " + ".join(weighed(kind, name) for kind, name in zip(kinds, names, strict=True)) or "0.4"
        return kinds, names, listed, f"sin({total})"

    def _part_of_sum(self) -> str:
        element, name = kind_of(self.choose.any(CUT)), self.choose.name("f")
        kinds, names, listed, number = self._more()
        scope = Scope({"s[i]": element, **dict(zip(names, kinds, strict=True)), **LOCAL_KINDS})
        scope.add("out", REAL)
        body = self.statements.several(self.choose.count(0, 2), scope, 1)
        body = f"out += sin({weighed(element, 's[i]')}) * {number} + 0.01 * (start + i); {body} r += out;"
        size = self.choose.any([0, 1, 2, 3])
        sum_of = self.choose.any(["reduce_sum", "reduce_sum", "reduce_sum_static"])
        form = sum_of + "({name}, {0}, {1}{rest})"
        self.expressions.functions.append(Callback(name, [array(size, element), INT, *kinds], REAL, form))
        return (
            f"  real {name}({unsized(array(size, element))} s, int start, int end{listed}) {{ {LOCAL} real r = 0; "
            f"for (i in 1:size(s)) {{ real out = 0.1 * (end - start); {body} }} return r; }}"
        )

    def _system(self) -> str:
        name = self.choose.name("f")
        kinds, _, listed, number = self._more()
        steps = self.choose.any(["{{0.7}}", "{{0.3, 0.9}}", "{{0.2, 0.2 + 0.3, 1.1}}"])
        form = (
            f"{self.choose.any(INTEGRATORS)}({{name}}, {{0}}, 0.05 * {{1}}, {steps}, 1e-11, 1e-11, 100000{{rest}})[1]"
        )
        self.expressions.functions.append(Callback(name, [STATE, INT, *kinds], STATE, form))
        return (
            f"  vector {name}(real t, vector u{listed}) {{ real c = {number}; "
            "return [0.5 * sin(u[2]) - 0.3 * u[1] + c, c * cos(t) - 0.4 * u[1]]'; }"
        )

    def _equations(self) -> str:
        name = self.choose.name("f")
        kinds, _, listed, number = self._more()
        solver = self.choose.any(["solve_newton_tol", "solve_powell_tol"])
        tolerances = "1e-10, 1e-10" if solver == "solve_newton_tol" else "1e-12, 1e-12"
        form = f"{solver}({{name}}, {{0}}, {tolerances}, 1000{{rest}})"
        self.expressions.functions.append(Callback(name, [STATE, *kinds], STATE, form))
        return (
            f"  vector {name}(vector u{listed}) {{ real c = {number}; "
            "return [u[1] - 0.3 * sin(u[2]) - c, u[2] + 0.4 * u[1] - 0.2 * cos(u[1] * c)]'; }"
        )

    def _integrand(self) -> str:
        name = self.choose.name("f")
        form = "integrate_1d({name}, 0.1, 1.2, {{ {0}, {1} }}, {{0.3}}, {{2}}, 1e-11)"
        self.expressions.functions.append(Callback(name, [REAL, REAL], REAL, form))
        return (
            f"  real {name}(real x, real xc, array[] real theta, data array[] real d, data array[] int k) "
            "{ return sin(theta[1] * x) + theta[2] * exp(-d[1] * x) + 0.1 * k[1] * x * theta[1]; }"
        )
