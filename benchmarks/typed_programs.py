# ruff: noqa: E501  (statements read better on one line)
"""Random programs over all types: tuples, complex numbers, arrays of anything, constrained parameters, own functions.

`random_programs --types` runs them. Their values are bounded, so that loops do not overflow, and every int is 1 or 2, so that
it may be an index.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from benchmarks.typed_kinds import Kind, declared, name_of, unsized, weighed

DATA = {"N": 3, "K": 2, "g": [2, 1, 2], "y": [0.4, -0.7, 1.1], "X": [[0.3, -0.2, 0.5], [1.1, 0.4, -0.6]],
        "P": [[[0.2, 0.9], [-0.4, 0.3]], [[0.1, -0.8], [0.7, 0.6]]]}  # fmt: skip
BLOCKS = """functions {{
{functions}
}}
data {{ int N; int K; array[3] int g; vector[N] y; matrix[K, N] X; array[K] matrix[K, K] P; }}
transformed data {{ {data} }}
parameters {{ {parameters} }}
transformed parameters {{
  {transformed}
}}
model {{
  {model}
}}
generated quantities {{
  {quantities}
}}
"""
KNOWN = {"g": ("array", 3, "int"), "y": ("vector", 3), "X": ("matrix", 2, 3), "P": ("array", 2, ("matrix", 2, 2))}
SINABLE = ("real", "vector", "row_vector", "matrix")
DECLARED = {  # types of parameters, and the values they have
    "real": "real", "real<lower=-0.5>": "real", "real<upper=2>": "real", "real<lower=-1, upper=2>": "real", "complex": "complex",
    "real<offset=0.3, multiplier=1.5>": "real", "vector[3]": ("vector", 3), "vector<lower=y - 1>[3]": ("vector", 3),
    "vector<offset=0.2, multiplier=exp(y)>[3]": ("vector", 3), "row_vector<lower=-2, upper=2>[2]": ("row_vector", 2),
    "matrix[2, 3]": ("matrix", 2, 3), "matrix<upper=X + 3>[2, 3]": ("matrix", 2, 3), "simplex[3]": ("vector", 3),
    "ordered[3]": ("vector", 3), "positive_ordered[2]": ("vector", 2), "unit_vector[3]": ("vector", 3),
    "sum_to_zero_vector[3]": ("vector", 3), "sum_to_zero_matrix[2, 3]": ("matrix", 2, 3), "cov_matrix[2]": ("matrix", 2, 2),
    "corr_matrix[2]": ("matrix", 2, 2), "cholesky_factor_cov[2]": ("matrix", 2, 2), "cholesky_factor_corr[3]": ("matrix", 3, 3),
    "cholesky_factor_cov[3, 2]": ("matrix", 3, 2), "column_stochastic_matrix[3, 2]": ("matrix", 3, 2),
    "row_stochastic_matrix[2, 3]": ("matrix", 2, 3), "complex_vector[2]": ("complex_vector", 2),
    "complex_matrix[2, 2]": ("complex_matrix", 2, 2), "vector[1]": ("vector", 1), "complex_row_vector[1]": ("complex_row_vector", 1),
}  # fmt: skip


class Scope:
    """Variables that can be read, and those of them that can be written."""

    def __init__(self, readable: dict[str, Kind], writable: dict[str, Kind]) -> None:
        self.readable = readable
        self.writable = writable
        self.loops: list[str] = []

    def inner(self) -> Scope:
        scope = Scope(dict(self.readable), dict(self.writable))
        scope.loops = list(self.loops)
        return scope

    def add(self, name: str, kind: Kind, *, writable: bool = True) -> None:
        self.readable[name] = kind
        if writable:
            self.writable[name] = kind


class Writer:
    def __init__(self, choose: random.Random) -> None:
        self.choose = choose
        self.functions: list[tuple[str, list[Kind], Kind]] = []
        self.texts: list[str] = []
        self.names = 0

    def name(self, prefix: str) -> str:
        self.names += 1
        return f"{prefix}{self.names}"

    def any(self, options: list[Any]) -> Any:
        return self.choose.choice(options)

    def chance(self, p: float) -> bool:
        return self.choose.random() < p

    # Types --------------------------------------------------------------------------------------

    def kind(self, depth: int = 2, integers: bool = True) -> Kind:
        size = lambda: self.choose.choice([1, 2, 2, 3, 3])  # noqa: E731
        options: list[Callable[[], Kind]] = [lambda: "real"] * 3
        options += [lambda: ("vector", size())] * 2
        options += [lambda: "complex", lambda: ("row_vector", size()), lambda: ("matrix", size(), size()),
                    lambda: ("complex_vector", size()), lambda: ("complex_matrix", size(), size()),
                    lambda: ("complex_row_vector", size())]  # fmt: skip
        if integers:
            options.append(lambda: "int")
        if depth:
            inner = lambda: self.kind(depth - 1, integers)  # noqa: E731
            options += [lambda: ("array", size(), inner())] * 5
            options += [lambda: ("tuple", inner(), inner()), lambda: ("tuple", inner(), inner(), inner())] * 2
        return self.any(options)()

    # Expressions --------------------------------------------------------------------------------

    def at(self, size: int, scope: Scope) -> str:
        """An index for so many positions."""
        fixed = [str(i) for i in range(1, size + 1)]
        if size == 1:
            return "1"
        return self.any([*fixed, *scope.loops, f"g[{self.any(['1', '2', '3'])}]", *self.ints(scope),
                         *(["g[1] + 1"] if size == 3 else [])])  # fmt: skip

    def ints(self, scope: Scope) -> list[str]:
        return [path for name, kind in scope.readable.items() for path in self.paths(name, kind, "int", scope, 2)][:6]

    def paths(self, text: str, kind: Kind, wanted: Kind, scope: Scope, depth: int = 4) -> list[str]:
        """Ways from a value to a part of the wanted type, at constant positions or loop variables."""
        found = [text] if kind == wanted else []
        if depth == 0:
            return found
        fixed = lambda size: self.any([*map(str, range(1, size + 1)), *(scope.loops if size > 1 else [])])  # noqa: E731
        match name_of(kind):
            case "array":
                found += self.paths(f"{text}[{fixed(kind[1])}]", kind[2], wanted, scope, depth - 1)
            case "tuple":
                for number, element in enumerate(kind[1:], 1):
                    found += self.paths(f"{text}.{number}", element, wanted, scope, depth - 1)
            case "matrix" | "complex_matrix":
                prefix = "complex_" if kind[0].startswith("c") else ""
                row, column = (f"{prefix}row_vector", kind[2]), (f"{prefix}vector", kind[1])
                found += self.paths(f"{text}[{fixed(kind[1])}]", row, wanted, scope, 0)
                found += self.paths(f"{text}[{self.all(kind[1])}, {fixed(kind[2])}]", column, wanted, scope, 0)
                found += self.paths(
                    f"{text}[{fixed(kind[1])}, {fixed(kind[2])}]",
                    f"{'complex' if prefix else 'real'}",
                    wanted,
                    scope,
                    0,
                )
            case "vector" | "row_vector":
                found += self.paths(f"{text}[{fixed(kind[1])}]", "real", wanted, scope, 0)
            case "complex_vector" | "complex_row_vector":
                found += self.paths(f"{text}[{fixed(kind[1])}]", "complex", wanted, scope, 0)
        return found

    def all(self, size: int) -> str:
        """An index that keeps so many positions of so many."""
        options = [":", f"1:{size}", "1:", f":{size}"]
        if size == 2:
            options += ["{2, 1}", "{1, 1}", "g[2:3]", "g[:2]"]
        if size == 3:
            options += ["g", "{3, 1, 2}", "{2, 2, 3}"]
        return self.any(options)

    def reads(self, kind: Kind, scope: Scope) -> list[str]:
        found = [path for name, of in scope.readable.items() for path in self.paths(name, of, kind, scope)]
        if name_of(kind) == "array":
            # the arrays of one part of each element: x[:].1 is no Stan, x[:, 2] is
            for name, of in scope.readable.items():
                if name_of(of) == "array" and of[1] == kind[1]:
                    rest = of[2]
                    if rest == kind[2]:
                        found += [f"{name}[{self.all(kind[1])}]"]
                    for path in self.paths("", rest, kind[2], scope, 1):
                        if path.startswith("[") and "." not in path:
                            found += [f"{name}[{self.all(kind[1])}, {path[1:-1]}]"]
        return found

    def value(self, kind: Kind, scope: Scope, depth: int = 2) -> str:
        """A bounded expression of the type."""
        reads = self.reads(kind, scope)
        if reads and (depth == 0 or self.chance(0.4)):
            return self.any(reads)
        if depth > 0 and self.chance(0.12):
            return f"({self.test(scope, depth - 1)} ? {self.value(kind, scope, depth - 1)} : {self.value(kind, scope, depth - 1)})"
        calls = [f for f in self.functions if f[2] == kind]
        if calls and depth > 0 and self.chance(0.5):
            name, arguments, _ = self.any(calls)
            first, *rest = [self.argument(a, scope, depth - 1) for a in arguments]
            return f"{name}({first}{' |' if name.endswith('_lpdf') else ',' if rest else ''} {', '.join(rest)})"
        if name_of(kind) in SINABLE and depth > 0:
            return f"sin({self.free(kind, scope, depth)})"
        match name_of(kind):
            case "int":
                return self.any(["1", "2", "g[2]", *scope.loops])
            case "real":
                return self.any(["0.3", "-0.7", "y[2]", "X[1, 3]", "1"])
            case "complex":
                return self.complex(scope, depth)
            case "array":
                return f"{{{', '.join(self.value(kind[2], scope, depth - 1 if depth > 0 else 0) for _ in range(kind[1]))}}}"
            case "tuple":
                return f"({', '.join(self.value(element, scope, max(0, depth - 1)) for element in kind[1:])})"
            case "row_vector":
                return f"[{', '.join(self.value('real', scope, 0) for _ in range(kind[1]))}]"
            case "vector":
                return f"[{', '.join(self.value('real', scope, 0) for _ in range(kind[1]))}]'"
            case "matrix":
                return f"[{', '.join(self.value(('row_vector', kind[2]), scope, 0) for _ in range(kind[1]))}]"
            case "complex_row_vector":
                return f"[{', '.join(self.complex(scope, max(0, depth - 1)) for _ in range(kind[1]))}]"
            case "complex_vector":
                return f"[{', '.join(self.complex(scope, max(0, depth - 1)) for _ in range(kind[1]))}]'"
            case _:
                return f"[{', '.join(self.value(('complex_row_vector', kind[2]), scope, 0) for _ in range(kind[1]))}]"

    def argument(self, kind: Kind, scope: Scope, depth: int) -> str:
        if kind == "real" and self.chance(0.15):
            return self.value("int", scope, 0)
        if kind == "complex" and self.chance(0.2):
            return self.value("real", scope, depth)
        return self.value(kind, scope, depth)

    def complex(self, scope: Scope, depth: int) -> str:
        if depth == 0:
            return self.any(
                [
                    *self.reads("complex", scope),
                    "to_complex(0.3, -0.4)",
                    "0.5i",
                    f"to_complex({self.value('real', scope, 0)}, 0.2)",
                ]
            )
        x, z, w = (
            self.value("real", scope, depth - 1),
            self.value("complex", scope, depth - 1),
            self.value("complex", scope, depth - 1),
        )
        vector = self.value(("complex_vector", 2), scope, 0)
        free = self.any([f"({z} + {w})", f"{z} * {w}", f"conj({z})", f"({z} - {x})", f"{z} / (4 + {x})", f"-{z}", f"exp({z} / 4)", f"sum({vector})",
                         f"{x} * {z}", f"to_complex({x}, get_imag({w}))", f"dot_product({vector}, {vector})", f"{z} * 1i"])  # fmt: skip
        return f"({free} / 6)"

    def free(self, kind: Kind, scope: Scope, depth: int) -> str:
        """An expression of a real type that may be large."""
        d = depth - 1
        e = lambda k=kind: self.value(k, scope, d)  # noqa: E731
        real = lambda: self.value("real", scope, d)  # noqa: E731
        name = name_of(kind)
        options = [lambda: f"({e()} + {e()})", lambda: f"({e()} - {e()})", lambda: f"{real()} * {e()}", lambda: f"-{e()}",
                   lambda: f"exp({e()})", lambda: f"inv_logit({e()})", lambda: f"square({e()})", lambda: f"{e()} / (3 + {real()})"]  # fmt: skip
        if name == "real":
            size = self.any([1, 2, 3])
            u = lambda: self.value(("vector", size), scope, d)  # noqa: E731
            options += [lambda: f"{e()} * {e()}", lambda: f"dot_product({u()}, {u()})", lambda: f"log_sum_exp({u()})", lambda: f"sum({u()})",
                        lambda: f"get_real({self.value('complex', scope, d)})", lambda: f"norm({self.value('complex', scope, d)})",
                        lambda: f"get_imag({self.value('complex', scope, d)})", lambda: f"mean({self.value(('array', size, 'real'), scope, d)})",
                        lambda: f"normal_lpdf({real()} | {real()}, exp({real()}))", lambda: f"sum({self.value(('matrix', 2, size), scope, d)})",
                        lambda: f"{self.value('int', scope, 0)} + {real()}", lambda: f"fmax({e()}, {e()})", lambda: f"({real()})^2",
                        lambda: f"({self.value('int', scope, 0)} %/% 2) * {real()}", lambda: f"{u()}' * {u()}", lambda: f"size({self.value(('array', size, 'real'), scope, 0)})"]  # fmt: skip
        elif name in ("vector", "row_vector"):
            n = kind[1]
            other = ("row_vector" if name == "vector" else "vector", n)
            options += [lambda: f"({e()} .* {e()})", lambda: f"{self.value(other, scope, d)}'", lambda: f"({e()} + {real()})", lambda: f"({e()})[{self.all(n)}]",
                        lambda: f"{'to_vector' if name == 'vector' else 'to_row_vector'}({self.value(('array', n, 'real'), scope, d)})",
                        lambda: f"{self.value(('matrix', n, 2), scope, d)} * {self.value(('vector', 2), scope, d)}" if name == "vector" else
                        f"{self.value(('row_vector', 2), scope, d)} * {self.value(('matrix', 2, n), scope, d)}", lambda: f"cumulative_sum({e()})",
                        lambda: f"get_real({self.value((f'complex_{name}', n), scope, d)})", lambda: f"get_imag({self.value((f'complex_{name}', n), scope, d)})"]  # fmt: skip
            if name == "vector":
                options += [lambda: f"softmax({e()})", lambda: f"rep_vector({real()}, {n})"]
        else:
            r, c = kind[1:]
            options += [lambda: f"({e()} .* {e()})", lambda: f"{self.value(('matrix', c, r), scope, d)}'", lambda: f"({e()})[{self.all(r)}, {self.all(c)}]",
                        lambda: f"{self.value(('matrix', r, 2), scope, d)} * {self.value(('matrix', 2, c), scope, d)}", lambda: f"rep_matrix({real()}, {r}, {c})",
                        lambda: f"{self.value(('vector', r), scope, d)} * {self.value(('row_vector', c), scope, d)}",
                        lambda: f"get_imag({self.value(('complex_matrix', r, c), scope, d)})"]  # fmt: skip
        return self.any(options)()

    def test(self, scope: Scope, depth: int = 1) -> str:
        x, other = self.value("real", scope, depth), self.value("real", scope, 0)
        return self.any([f"{x} > {other}", f"{self.value('int', scope, 0)} == {self.value('int', scope, 0)}",
                         f"{x} > 0 && {other} < 0.5", f"{x} < -0.2 || {self.value('int', scope, 0)} > 1", "K == 2"])  # fmt: skip

    # Statements ---------------------------------------------------------------------------------

    def place(self, scope: Scope) -> tuple[str, Kind, bool]:
        """A part of a variable to write, its type, and whether a compound assignment may write it."""
        path = self.any(list(scope.writable))
        kind = scope.writable[path]
        while self.chance(0.75):
            match name_of(kind):
                case "array":
                    if self.chance(0.2):  # a multi-index: the type stays
                        return f"{path}[{self.all(kind[1])}]", kind, False
                    path, kind = f"{path}[{self.at(kind[1], scope)}]", kind[2]
                case "tuple":
                    number = self.any(list(range(1, len(kind))))
                    path, kind = f"{path}.{number}", kind[number]
                case "vector" | "row_vector" | "complex_vector" | "complex_row_vector":
                    if self.chance(0.3):
                        return f"{path}[{self.all(kind[1])}]", kind, False
                    scalar = "complex" if kind[0].startswith("c") else "real"
                    return f"{path}[{self.at(kind[1], scope)}]", scalar, True
                case "matrix" | "complex_matrix":
                    prefix, scalar = ("complex_", "complex") if kind[0].startswith("c") else ("", "real")
                    r, c = kind[1:]
                    return self.any([
                        (f"{path}[{self.at(r, scope)}]", (f"{prefix}row_vector", c), False),
                        (f"{path}[{self.at(r, scope)}, {self.all(c)}]", (f"{prefix}row_vector", c), False),
                        (f"{path}[{self.all(r)}, {self.at(c, scope)}]", (f"{prefix}vector", r), False),
                        (f"{path}[{self.at(r, scope)}, {self.at(c, scope)}]", scalar, True),
                        (f"{path}[{self.all(r)}, {self.all(c)}]", kind, False),
                    ])  # fmt: skip
                case _:
                    return path, kind, True
        return path, kind, True

    def assignment(self, scope: Scope) -> str:
        path, kind, compound = self.place(scope)
        name = name_of(kind)
        if compound and name in SINABLE and self.chance(0.35):
            x = self.value("real", scope, 1)
            return self.any([f"{path} += {self.value(kind, scope, 1)};", f"{path} -= {self.value(kind, scope, 1)};", f"{path} *= {x};",
                             f"{path} /= 2 + {x};"]) + (f" {path} = sin({path});" if self.chance(0.5) else f" {path} *= 0.5;")  # fmt: skip
        if compound and name == "complex" and self.chance(0.35):
            return self.any(
                [
                    f"{path} *= {self.value('complex', scope, 0)} / 2;",
                    f"{path} /= 2;",
                    f"{path} *= 0.5i;",
                    f"{path} = conj({path});",
                ]
            )
        value = self.value(kind, scope, 2)
        return f"{path} = {value};" if value != path else self.assignment(scope)

    def unpack(self, scope: Scope) -> str:
        (one, first, _), (other, second, _) = self.place(scope), self.place(scope)
        if one.split("[")[0].split(".")[0] == other.split("[")[0].split(".")[0]:
            return self.assignment(scope)
        return f"({one}, {other}) = {self.value(('tuple', first, second), scope, 2)};"

    def statement(self, scope: Scope, depth: int, *, in_loop: bool = False, densities: bool = False) -> str:
        if densities and self.chance(0.3):
            return self.density(scope)
        if depth == 0 or self.chance(0.5):
            return self.unpack(scope) if self.chance(0.08) else self.assignment(scope)
        more = {"densities": densities}
        inner = scope.inner()
        match self.any(["for", "for", "for", "each", "each", "if", "if", "while", "local", "local", "ragged"]):
            case "for":
                name = self.name("i")
                inner.loops.append(name)
                bounds = self.any(["1:2", "1:K", "1:g[1]", "2:K", "2:1"])
                return f"for ({name} in {bounds}) {{ {self.body(inner, depth - 1, in_loop=True, **more)} }}"
            case "each":
                return self.each(scope, inner, depth, densities)
            case "while":
                name = self.name("c")
                return f"{{ int {name} = 0; while ({name} < 2) {{ {name} += 1; {self.body(inner, depth - 1, in_loop=True, **more)} }} }}"
            case "local":
                return f"{{ {self.declare(inner)} {self.body(inner, depth - 1, in_loop=in_loop, **more)} }}"
            case "ragged":
                name, size = self.name("u"), self.value("int", scope, 0)
                return (f"{{ vector[{size}] {name} = head({self.value(('vector', 3), scope, 1)}, {size}); {name}[1] *= 0.5; "
                        f"{self.sink(scope, f'sum({name})')} {self.sink(scope, f'{name}[rows({name})]')} }}")  # fmt: skip
            case _:
                leave = self.any([" break;", " continue;"]) if in_loop and self.chance(0.3) else ""
                otherwise = (
                    f" else {{ {self.body(inner.inner(), depth - 1, in_loop=in_loop, **more)} }}"
                    if self.chance(0.5)
                    else ""
                )
                return f"if ({self.test(scope)}) {{ {self.body(inner, depth - 1, in_loop=in_loop, **more)}{leave} }}{otherwise}"

    def sink(self, scope: Scope, real: str) -> str:
        """A statement that keeps a number in a variable."""
        reals = [path for name, kind in scope.writable.items() for path in self.paths(name, kind, "real", scope)]
        return f"{self.any(reals)} = sin({real});" if reals else ""

    def each(self, scope: Scope, inner: Scope, depth: int, densities: bool) -> str:
        arrays = [
            (n, k) for n, k in scope.readable.items() if name_of(k) in ("array", "vector", "matrix", "row_vector")
        ]
        container, kind = self.any(arrays)
        if name_of(kind) == "array" and self.chance(0.4):
            container = self.value(kind, scope, 1)
        element = kind[2] if kind[0] == "array" else "real"
        name = self.name("e")
        inner.add(name, element, writable=False)
        return f"for ({name} in {container}) {{ {self.sink(inner, weighed(element, name))} {self.body(inner, depth - 1, in_loop=True, densities=densities)} }}"

    def body(self, scope: Scope, depth: int, *, in_loop: bool = False, densities: bool = False) -> str:
        return " ".join(
            self.statement(scope, depth, in_loop=in_loop, densities=densities) for _ in range(self.choose.randint(1, 3))
        )

    def declare(self, scope: Scope, *, integers: bool = True) -> str:
        kind = self.kind(2, integers)
        name = self.name("x")
        first = self.value(kind, scope, 2)
        scope.add(name, kind)
        if self.chance(0.3):
            return f"{declared(kind)} {name}; {name} = {first};"
        return f"{declared(kind)} {name} = {first};"

    def density(self, scope: Scope) -> str:
        x, other = self.value("real", scope, 1), self.value("real", scope, 0)
        u, w = self.value(("vector", 3), scope, 1), self.value(("vector", 3), scope, 0)
        own = [f for f in self.functions if f[0].endswith("_lpdf")]
        options = [f"{u} ~ normal({w}, exp({x}));", f"target += {x};", f"target += {u};", f"{x} ~ normal({other}, 1.5) T[-2, ];",
                   f"{x} ~ normal({other}, 2) T[-1.5, 1.5];", f"target += {self.value(('array', 2, 'real'), scope, 1)};",
                   f"{x} ~ cauchy({other}, 2);", f"{self.value(('array', 2, 'real'), scope, 1)} ~ std_normal();"]  # fmt: skip
        for name, (first, *arguments), _ in own:
            outcome = self.value(first, scope, 1)
            rest = ", ".join(self.value(a, scope, 0) for a in arguments)
            options += [f"{outcome} ~ {name[:-5]}({rest});", f"target += {name}({outcome} | {rest});"] * 2
        return self.any(options)

    # Functions ----------------------------------------------------------------------------------

    def function(self) -> None:
        """A function that earlier functions have not called; the name may have other overloads."""
        arguments = [self.kind(2) for _ in range(self.choose.randint(1, 3))]
        result = self.kind(2)
        form = self.any(["plain", "plain", "plain", "recursive", "lpdf", "loop"])
        scope = Scope({}, {})
        names = [self.name("a") for _ in arguments]
        if form == "lpdf":
            result = "real"
            while name_of(arguments[0]) == "int" or "int" in str(arguments[0]):
                arguments[0] = self.kind(2, integers=False)
        for name, kind in zip(names, arguments, strict=True):
            scope.add(name, kind, writable=False)
        local = Scope(scope.readable, {})
        # a function has no data: what the expressions name has to come in
        head = "int K = 2; array[3] int g = {2, 1, 2}; vector[3] y = [0.4, -0.7, 1.1]'; matrix[2, 3] X = [[0.3, -0.2, 0.5], [1.1, 0.4, -0.6]];"
        for name in ("y", "X"):
            local.add(name, KNOWN[name], writable=False)
        head += " " + self.declare(local)
        local.add(out := self.name("r"), result)
        head += f" {declared(result)} {out} = {self.value(result, Scope({k: v for k, v in local.readable.items() if k != out}, {}), 1)};"
        text = " ".join(self.statement(local, 2) for _ in range(self.choose.randint(1, 2)))
        if form == "loop":
            text += f" for (q in 1:2) {{ {self.statement(local, 1, in_loop=True)} if ({self.test(local)}) return {self.value(result, local, 1)}; }}"
        elif self.chance(0.3):
            text = f"if ({self.test(local)}) return {self.value(result, local, 1)}; {text}"
        same = [f[0] for f in self.functions if not f[0].endswith("_lpdf") and [unsized(a) for a in f[1]] != [unsized(a) for a in arguments]
                and all([unsized(a) for a in h[1]] != [unsized(a) for a in arguments] for h in self.functions if h[0] == f[0])]  # fmt: skip
        call = (
            self.any(same)
            if same
            and form == "plain"
            and self.chance(0.3)
            and not any("int" in str(a) or "complex" in str(a) or "real" in str(a) for a in arguments)
            else self.name("f")
        )
        if form == "lpdf":
            call += "_lpdf"
        listed = ", ".join(f"{unsized(kind)} {name}" for kind, name in zip(arguments, names, strict=True))
        if form == "recursive":
            again = ", ".join(names)
            self.texts.append(
                f"  {unsized(result)} {call}(int depth, {listed}) {{ {head} if (depth > 1) {out} = {call}(depth - 1, {again}); {text} return {out}; }}"
            )
            self.functions.append((call, ["int", *arguments], result))
            return
        self.texts.append(f"  {unsized(result)} {call}({listed}) {{ {head} {text} return {out}; }}")
        self.functions.append((call, arguments, result))

    # Programs -----------------------------------------------------------------------------------

    def parameter(self) -> tuple[str, str, Kind]:
        text, kind = self.any(list(DECLARED.items()))
        form = self.choose.random()
        if "y -" in text or "(y)" in text or "X +" in text:  # bounds have the shape of one element of an array
            form = max(form, 0.35)
        name = self.name("p")
        if form < 0.25:
            size = self.any([1, 2, 3])
            return f"array[{size}] {text}", name, ("array", size, kind)
        if form < 0.35:
            return f"array[2, {self.any([1, 2])}] {text}", name, ("array", 2, ("array", 1, kind))
        if form < 0.5:
            other, kind2 = self.any(list(DECLARED.items()))
            return f"tuple({text}, {other})", name, ("tuple", kind, kind2)
        if form < 0.6:
            other, kind2 = self.any(list(DECLARED.items()))
            return f"array[2] tuple({text}, {other})", name, ("array", 2, ("tuple", kind, kind2))
        return text, name, kind

    def program(self) -> str:
        for _ in range(self.choose.randint(2, 4)):
            self.function()
        scope = Scope(dict(KNOWN), {})
        data = " ".join(self.declare(scope) for _ in range(self.choose.randint(0, 2)))
        if scope.writable:
            data += " " + " ".join(self.statement(scope, 2) for _ in range(self.choose.randint(0, 2)))
        known = Scope(scope.readable, {})
        known.add("p0", ("vector", 3), writable=False)
        parameters = "vector[3] p0;"
        for _ in range(self.choose.randint(1, 3)):
            text, name, kind = self.parameter()
            if text.startswith("array[2, ") and kind[2][1] == 1:
                size = int(text[len("array[2, ") : text.index("]")])
                kind = ("array", 2, ("array", size, kind[2][2]))
            parameters += f" {text} {name};"
            known.add(name, kind, writable=False)
        inside = Scope(dict(known.readable), {})
        kept = self.chance(0.6)
        transformed, model = "", ""
        count = self.choose.randint(1, 3)
        if kept:
            transformed = " ".join(self.declare(inside, integers=False) for _ in range(count))
            transformed += "\n  " + "\n  ".join(self.statement(inside, 2) for _ in range(self.choose.randint(1, 4)))
            if self.chance(0.2):
                transformed += f" jacobian += {self.value('real', inside, 1)};"
            visible = Scope(dict(inside.readable), {})
        else:
            model = " ".join(self.declare(inside) for _ in range(count))
            visible = known
        if kept:
            local = Scope(dict(inside.readable), {})
            model = (
                self.declare(local)
                + "\n  "
                + " ".join(self.statement(local, 1, densities=True) for _ in range(self.choose.randint(0, 3)))
            )
            model += f"\n  target += {weighed(*reversed(next(iter(local.writable.items()))))};"
        else:
            model += "\n  " + "\n  ".join(
                self.statement(inside, 2, densities=True) for _ in range(self.choose.randint(1, 5))
            )
        for name, kind in inside.writable.items():
            model += f"\n  target += {weighed(kind, name)};"
        model += "\n  p0 ~ normal(0.1, 2);"
        after = Scope(dict(visible.readable), {})
        quantities = " ".join(self.declare(after) for _ in range(self.choose.randint(1, 3)))
        quantities += "\n  " + "\n  ".join(self.statement(after, 2) for _ in range(self.choose.randint(0, 3)))
        return BLOCKS.format(
            functions="\n".join(self.texts),
            data=data,
            parameters=parameters,
            transformed=transformed,
            model=model,
            quantities=quantities,
        )


def program(number: int) -> str:
    """The text of the program of a number."""
    return Writer(random.Random(number)).program()
