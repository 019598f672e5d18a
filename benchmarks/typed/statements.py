"""Statements of the random programs: assignments, control flow, declarations, densities."""

from __future__ import annotations

from benchmarks.typed.choices import Choices
from benchmarks.typed.expressions import BOUNDED_BY_SINE, Expressions, Function
from benchmarks.typed.kinds import COMPLEX, INT, REAL, any_kind, declared, kind_of, tuple_of, weighed
from benchmarks.typed.places import Place, Places, Scope

VECTOR = kind_of("vector[3]")
DENSITIES = (
    "<vector[3]> ~ normal(<vector[3]>, exp(<real>));", "target += <real>;", "target += <vector[3]>;",
    "<real> ~ normal(<real>, 1.5) T[-2, ];", "<real> ~ normal(<real>, 2) T[-1.5, 1.5];", "target += <array[2] real>;",
    "<real> ~ cauchy(<real>, 2);", "<array[2] real> ~ std_normal();",
)  # fmt: skip
FORMS = ("for", "for", "for", "each", "each", "if", "if", "while", "local", "local", "ragged")


class Statements:
    def __init__(self, choose: Choices, places: Places, expressions: Expressions) -> None:
        self.choose = choose
        self.places = places
        self.expressions = expressions
        self.value = expressions.value
        self.effects: list[Function] = []  # functions that change the target

    def body(self, scope: Scope, depth: int, *, in_loop: bool = False, densities: bool = False) -> str:
        return self.several(self.choose.count(1, 3), scope, depth, in_loop=in_loop, densities=densities)

    def several(self, count: range, scope: Scope, depth: int, *, in_loop: bool = False, densities: bool = False) -> str:
        return " ".join(self.statement(scope, depth, in_loop=in_loop, densities=densities) for _ in count)

    def statement(self, scope: Scope, depth: int, *, in_loop: bool = False, densities: bool = False) -> str:
        """A statement that nests others to so many levels; `densities` says that it may stand in the model."""
        if densities and self.choose.chance(0.3):
            return self._density(scope)
        if depth == 0 or self.choose.chance(0.5):
            return self._unpacking(scope) if self.choose.chance(0.08) else self._assignment(scope)
        inner = scope.inner()
        match self.choose.any(FORMS):
            case "for":
                name = self.choose.name("i")
                inner.loops.append(name)
                bounds = self.choose.any(["1:2", "1:K", "1:g[1]", "2:K", "2:1"])
                return (
                    f"for ({name} in {bounds}) {{ {self.body(inner, depth - 1, in_loop=True, densities=densities)} }}"
                )
            case "each":
                return self._for_each(scope, inner, depth - 1, densities)
            case "while":
                name = self.choose.name("c")
                body = self.body(inner, depth - 1, in_loop=True, densities=densities)
                return f"{{ int {name} = 0; while ({name} < 2) {{ {name} += 1; {body} }} }}"
            case "local":
                first = self.declaration(inner)
                return f"{{ {first} {self.body(inner, depth - 1, in_loop=in_loop, densities=densities)} }}"
            case "ragged":
                return self._ragged(scope)
            case _:
                return self._branch(inner, depth - 1, in_loop, densities)

    def _for_each(self, scope: Scope, inner: Scope, depth: int, densities: bool) -> str:
        """A loop over the elements of a variable or a value."""
        containers = ("array", "vector", "matrix", "row_vector")
        name, kind = self.choose.any([(name, kind) for name, kind in scope.readable.items() if kind.name in containers])
        container = self.value(kind, scope, 1) if kind.name == "array" and self.choose.chance(0.4) else name
        element = kind.elements[0] if kind.name == "array" else REAL
        each = self.choose.name("e")
        inner.add(each, element, writable=False)
        kept = self._kept(inner, weighed(element, each))
        return f"for ({each} in {container}) {{ {kept} {self.body(inner, depth, in_loop=True, densities=densities)} }}"

    def _branch(self, inner: Scope, depth: int, in_loop: bool, densities: bool) -> str:
        leave = self.choose.any([" break;", " continue;"]) if in_loop and self.choose.chance(0.3) else ""
        otherwise = ""
        if self.choose.chance(0.5):
            otherwise = f" else {{ {self.body(inner.inner(), depth, in_loop=in_loop, densities=densities)} }}"
        test = self.expressions.test(inner)
        return f"if ({test}) {{ {self.body(inner, depth, in_loop=in_loop, densities=densities)}{leave} }}{otherwise}"

    def _ragged(self, scope: Scope) -> str:
        """A vector whose length is a value."""
        name, size = self.choose.name("u"), self.value(INT, scope, 0)
        declaration = f"vector[{size}] {name} = head({self.value(VECTOR, scope, 1)}, {size}); {name}[1] *= 0.5;"
        return f"{{ {declaration} {self._kept(scope, f'sum({name})')} {self._kept(scope, f'{name}[rows({name})]')} }}"

    def _kept(self, scope: Scope, number: str) -> str:
        """A statement that keeps a number in a variable, if there is one."""
        reals = self.places.parts(scope.writable, REAL, scope)
        return f"{self.choose.any(reals)} = sin({number});" if reals else ""

    def declaration(self, scope: Scope, *, integers: bool = True) -> str:
        kind = any_kind(self.choose, integers=integers)
        name = self.choose.name("x")
        first = self.value(kind, scope, 2)
        scope.add(name, kind)
        return (
            f"{declared(kind)} {name}; {name} = {first};"
            if self.choose.chance(0.3)
            else f"{declared(kind)} {name} = {first};"
        )

    def _assignment(self, scope: Scope) -> str:
        place = self.places.place(scope)
        if place.compound and place.kind.name in (*BOUNDED_BY_SINE, "complex") and self.choose.chance(0.35):
            return self._complex_update(place.text, scope) if place.kind == COMPLEX else self._update(place, scope)
        value = self.value(place.kind, scope, 2)
        return f"{place.text} = {value};" if value != place.text else self._assignment(scope)

    def _update(self, place: Place, scope: Scope) -> str:
        change = self.choose.any(("+= <same>", "-= <same>", "*= <real>", "/= 2 + <real>"))
        text = f"{place.text} {self.expressions.filled(change, scope, 1, same=place.kind)};"
        bound = f"= sin({place.text})" if self.choose.chance(0.5) else "*= 0.5"
        return f"{text} {place.text} {bound};"

    def _complex_update(self, path: str, scope: Scope) -> str:
        change = self.choose.any(("*= <complex> / 2", "/= 2", "*= 0.5i", f"= conj({path})"))
        return f"{path} {self.expressions.filled(change, scope, 0)};"

    def _unpacking(self, scope: Scope) -> str:
        one, other = self.places.place(scope), self.places.place(scope)
        if _variable(one) == _variable(other):  # of places that overlap, the language does not say which comes first
            return self._assignment(scope)
        return f"({one.text}, {other.text}) = {self.value(tuple_of(one.kind, other.kind), scope, 2)};"

    def _density(self, scope: Scope) -> str:
        own = [function for function in self.expressions.functions if function.is_density]
        if self.effects and self.choose.chance(0.3):
            return self._effect(self.choose.any(self.effects), scope)
        chosen = self.choose.any([*DENSITIES, *(own * 4)])
        if isinstance(chosen, str):
            return self.expressions.filled(chosen, scope, 1)
        tilde = self.choose.chance(0.5)
        outcome, *arguments = [self.value(kind, scope, 1) for kind in chosen.parameters]
        if tilde:
            return f"{outcome} ~ {chosen.name.removesuffix('_lpdf')}({', '.join(arguments)});"
        return f"target += {chosen.call([outcome, *arguments])};"

    def _effect(self, function: Function, scope: Scope) -> str:
        call = function.call([self.value(kind, scope, 1) for kind in function.parameters])
        if function.result.name == "void":
            return f"{call};"
        reals = self.places.parts(scope.writable, REAL, scope)
        return f"{self.choose.any(reals)} = sin({call});" if reals else f"target += {call};"


def _variable(place: Place) -> str:
    return place.text.split("[")[0].split(".")[0]
