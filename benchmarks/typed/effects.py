"""Functions of the random programs that change the target: `_lp` with and without a result, and `_jacobian`."""

from __future__ import annotations

from benchmarks.typed.choices import Choices
from benchmarks.typed.data import LOCAL, LOCAL_KINDS
from benchmarks.typed.expressions import Expressions, Function
from benchmarks.typed.kinds import REAL, Kind, any_kind, declared, unsized, weighed
from benchmarks.typed.places import Scope
from benchmarks.typed.statements import Statements


class Effects:
    def __init__(self, choose: Choices, expressions: Expressions, statements: Statements) -> None:
        self.choose = choose
        self.expressions = expressions
        self.statements = statements
        self.jacobians: list[Function] = []

    def define(self) -> str:
        """The definition of a function for the model, which later ones may call, or for a transformation."""
        parameters = [any_kind(self.choose) for _ in self.choose.count(1, 2)]
        names = [self.choose.name("a") for _ in parameters]
        listed = ", ".join(f"{unsized(kind)} {name}" for kind, name in zip(parameters, names, strict=True))
        scope = Scope({**dict(zip(names, parameters, strict=True)), **LOCAL_KINDS})
        first = f"{LOCAL} {self.statements.declaration(scope)}"
        if self.choose.chance(0.3):
            return self._transformation(parameters, listed, first, scope)
        name = f"{self.choose.name('f')}_lp"
        seen = " ".join(f"target += {weighed(kind, of)};" for of, kind in scope.writable.items())
        body = f"{first} {self.statements.several(self.choose.count(1, 3), scope, 2, densities=True)} {seen}"
        if self.choose.chance(0.5):
            self.statements.effects.append(Function(name, parameters, REAL))
            value = self.expressions.value(REAL, scope, 1)
            early = f"if ({self.expressions.test(scope)}) return 0.25;" if self.choose.chance(0.4) else ""
            return f"  real {name}({listed}) {{ {first} {early} {body[len(first) :]} return {value}; }}"
        self.statements.effects.append(Function(name, parameters, Kind("void")))
        early = f"if ({self.expressions.test(scope)}) return;" if self.choose.chance(0.4) else ""
        return f"  void {name}({listed}) {{ {first} {early} {body[len(first) :]} }}"

    def _transformation(self, parameters: list[Kind], listed: str, first: str, scope: Scope) -> str:
        result, name = any_kind(self.choose, integers=False), f"{self.choose.name('f')}_jacobian"
        change = self.expressions.filled("jacobian += <real>;", scope, 1)
        body = f"{first} {self.statements.statement(scope, 2)} for (q in 1:2) {change}"
        value = self.expressions.value(result, scope, 1)
        self.jacobians.append(Function(name, parameters, result))
        return f"  {unsized(result)} {name}({listed}) {{ {body} return {value}; }}"

    def declaration(self, scope: Scope) -> str:
        """A transformed parameter that such a function makes, if there is one."""
        if not self.jacobians:
            return ""
        function = self.choose.any(self.jacobians)
        name = self.choose.name("x")
        call = function.call([self.expressions.value(kind, scope, 1) for kind in function.parameters])
        scope.add(name, function.result)
        return f"{declared(function.result)} {name} = {call};"
