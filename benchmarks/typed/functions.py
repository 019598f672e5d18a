"""Functions of the random programs: plain, overloaded, recursive, densities, and some that return early."""

from __future__ import annotations

from benchmarks.typed.choices import Choices
from benchmarks.typed.data import LOCAL, LOCAL_KINDS
from benchmarks.typed.expressions import Expressions, Function
from benchmarks.typed.kinds import INT, REAL, Kind, any_kind, declared, unsized
from benchmarks.typed.places import Scope
from benchmarks.typed.statements import Statements

FORMS = ("plain", "plain", "plain", "recursive", "lpdf", "loop")


class Functions:
    def __init__(self, choose: Choices, expressions: Expressions, statements: Statements) -> None:
        self.choose = choose
        self.expressions = expressions
        self.statements = statements

    def define(self) -> str:
        """The definition of a function, which what follows may call."""
        parameters = [any_kind(self.choose) for _ in self.choose.count(1, 3)]
        result = any_kind(self.choose)
        form = self.choose.any(FORMS)
        names = [self.choose.name("a") for _ in parameters]
        if form == "lpdf":
            result = REAL
            while "int" in parameters[0].names():
                parameters[0] = any_kind(self.choose, integers=False)
        scope = Scope({**dict(zip(names, parameters, strict=True)), **LOCAL_KINDS})
        first = f"{LOCAL} {self.statements.declaration(scope)}"
        out = self.choose.name("r")
        first += f" {declared(result)} {out} = {self.expressions.value(result, scope.read_only(), 1)};"
        scope.add(out, result)
        body = self._body(form, result, scope)
        name = self._name(form, parameters)
        listed = [f"{unsized(kind)} {parameter}" for kind, parameter in zip(parameters, names, strict=True)]
        if form == "recursive":
            listed = ["int depth", *listed]
            parameters = [INT, *parameters]
            first += f" if (depth > 1) {out} = {name}(depth - 1, {', '.join(names)});"
        self.expressions.functions.append(Function(name, parameters, result))
        return f"  {unsized(result)} {name}({', '.join(listed)}) {{ {first} {body} return {out}; }}"

    def _body(self, form: str, result: Kind, scope: Scope) -> str:
        text = self.statements.several(self.choose.count(1, 2), scope, 2)
        if form == "loop":
            inner = self.statements.statement(scope, 1, in_loop=True)
            return f"{text} for (q in 1:2) {{ {inner} {self._early_return(result, scope)} }}"
        return f"{self._early_return(result, scope)} {text}" if self.choose.chance(0.3) else text

    def _early_return(self, result: Kind, scope: Scope) -> str:
        return f"if ({self.expressions.test(scope)}) return {self.expressions.value(result, scope, 1)};"

    def _name(self, form: str, parameters: list[Kind]) -> str:
        """A new name, or that of a function with other parameters."""
        plain = [f.name for f in self.expressions.functions if type(f) is Function and not f.is_density]
        names = [name for name in plain if not self._taken(name, parameters)]
        if names and form == "plain" and self.choose.chance(0.3) and not any(map(_is_promoted, parameters)):
            return self.choose.any(names)
        return self.choose.name("f") + ("_lpdf" if form == "lpdf" else "")

    def _taken(self, name: str, parameters: list[Kind]) -> bool:
        """Whether a function of the name has parameters of these types."""
        types = list(map(unsized, parameters))
        return any(f.name == name and list(map(unsized, f.parameters)) == types for f in self.expressions.functions)


def _is_promoted(kind: Kind) -> bool:
    """Whether values of other types may come to be of the type, so that a call may fit two overloads."""
    return any(name in ("int", "real") or name.startswith("complex") for name in kind.names())
