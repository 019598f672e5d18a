# ruff: noqa: E501  (statements read better on one line)
"""Texts of random programs, three bodies over the same kinds of variables each: see `random_programs`."""

from __future__ import annotations

import random
from collections.abc import Callable

DATA = {"N": 3, "K": 2, "g": [3, 1, 2], "h": [2, 2, 1], "y": [0.4, -0.7, 1.1],
        "X": [[0.3, -0.2, 0.5], [1.1, 0.4, -0.6], [-0.9, 0.7, 0.2]]}  # fmt: skip
FUNCTIONS = """
  real bend(real x, vector u) {
    real s = x;
    for (i in 1:rows(u)) {
      if (i == 3) continue;
      s = tanh(s * u[i]) + x;
      if (s > 0.9) break;
      if (s < -1.5) return s * u[1];
    }
    return s + 0.5 * u[rows(u)];
  }
  real fold(real x, int n) { if (n <= 0) return sin(x); return 0.5 * fold(x * 0.9 + 0.1, n - 1) + x; }
  vector spin(vector u, real x) {
    vector[rows(u)] p = u;
    for (k in 1:rows(u) - 1) { p[k] = p[k + 1] * x; p[k + 1] += sin(p[k]); }
    return p;
  }
  real kink_lpdf(vector u, real x) { if (x > 0) return -x * dot_self(u); return normal_lpdf(u | x, 2); }
  void add_lp(real x, vector u) { for (e in u) { if (e > 0.4) break; target += e * sin(x); } u ~ normal(x, 3); }
  matrix twist(matrix f, array[] int at) { matrix[rows(f), cols(f)] e = f; e[at] = f'; e[2, at] = e[1]; return e; }
"""
BLOCKS = """data {{ int N; int K; array[N] int g; array[N] int h; vector[N] y; matrix[N, N] X; }}
transformed data {{ {data} }}
parameters {{ real a; real b; vector[N] v; matrix[N, N] m; }}
transformed parameters {{ {parameters} }}
model {{
  {model}
  target += {total};
  v ~ normal(ys + 0.1 * yw, 2);
}}
generated quantities {{ {quantities} }}
"""
LOCALS = {"s": "real", "t": "real", "w": "vector[N]", "z": "vector[N]", "r": "row_vector[N]", "q": "matrix[N, N]",
          "R": "array[N] real", "A": "array[N] vector[N]", "C": "array[K] matrix[N, N]"}  # fmt: skip


class Writer:
    """Writes one body, whose variables have names with a prefix; it reads those with the prefixes `outer`, too.

    Transformed parameters cannot be ints, so there the body has none of its own (`integers`). In the model there are
    densities (`densities`).
    """

    def __init__(
        self,
        choose: random.Random,
        prefix: str,
        outer: tuple[str, ...],
        *,
        parameters: bool,
        integers: bool = True,
        densities: bool = False,
    ) -> None:
        self.densities = densities
        self.choose = choose
        self.prefix = prefix
        self.integers = integers
        self.positions = f"{prefix if integers else 'y'}I"
        self.reals = [f"{p}{n}" for p in (prefix, *outer) for n in ("s", "t")]
        self.vectors = [f"{p}{n}" for p in (prefix, *outer) for n in ("w", "z")] + ["y"]
        self.matrices = [f"{p}q" for p in (prefix, *outer)] + ["X"]
        self.prefixes = (prefix, *outer)
        if parameters:
            self.reals += ["a", "b"]
            self.vectors += ["v"]
            self.matrices += ["m"]
        self.loops: list[str] = []
        self.names = 0

    def one_of(self, *options: str | Callable[[], str]) -> str:
        option = self.choose.choice(options)
        return option if isinstance(option, str) else option()

    # Expressions --------------------------------------------------------------------------------

    def index(self) -> str:
        """A position between 1 and 3."""
        return self.one_of("1", "2", "3", "N", "g[2]", *(2 * self.loops), *(f"g[{i}]" for i in self.loops),
                           *(f"h[{i}]" for i in self.loops), *(f"max(1, {i} - 1)" for i in self.loops),
                           f"{self.positions}[2]")  # fmt: skip

    def two(self) -> str:
        """The number of a matrix of C."""
        return self.one_of("1", "2", "K", *(f"min(K, {i})" for i in self.loops), "h[3]")

    def all(self) -> str:
        """An index that has three positions, in any order, and again."""
        return self.one_of("", ":", "g", "h", "1:3", "{3, 1, 1}", self.positions, "1:", ":N")

    def pair(self) -> str:
        return self.one_of("1:2", "2:3", "2:", ":2", "{3, 1}", "{2, 2}", "head(g, 2)")

    def any(self, names: list[str]) -> str:
        return self.choose.choice(names)

    def local(self, name: str) -> str:
        return self.choice_of_prefix() + name

    def choice_of_prefix(self) -> str:
        return self.choose.choice(self.prefixes)

    def real(self, depth: int = 2) -> str:
        at = self.index
        leaf = [
            self.any(self.reals), f"{self.any(self.vectors)}[{at()}]", f"{self.any(self.matrices)}[{at()}, {at()}]",
            f"{self.local('R')}[{at()}]", f"{self.local('A')}[{at()}, {at()}]", f"{self.local('A')}[{at()}][{at()}]",
            f"{self.local('C')}[{self.two()}, {at()}, {at()}]", f"{self.local('r')}[{at()}]", "0.5", "-1.25",
            f"1.0 * {self.positions}[{at()}]",
        ]  # fmt: skip
        if depth == 0:
            return self.any(leaf)
        x, other, u, f = self.real(depth - 1), self.real(depth - 1), self.vector(depth - 1), self.matrix(depth - 1)
        return self.any([
            *leaf, f"({x} + {other})", f"({x} - {other})", f"{x} * {other}", f"sin({x})", f"exp(sin({x}))",
            f"{x} / (2.5 + sin({other}))", f"inv_logit({x})", f"({x} < {other} ? {x} : cos({other}))", f"sum({u})",
            f"bend(sin({x}), {u})", f"fold(sin({x}), 2)", f"dot_product({u}, {self.vector(0)})", f"log_sum_exp({u})",
            f"mean({u})", f"normal_lpdf({u} | {x}, exp(sin({other})))", f"sum(diagonal({f}))", f"max({u})", f"sd({u})",
            f"0.1 * prod(sin({u}))", f"cauchy_lpdf({x} | {self.any(self.vectors)}, 2)", f"log1p_exp({x})",
            f"squared_distance({u}, {self.vector(0)})", f"({x} > 0 && {other} < 0.5 || K > 1 ? {x} : {other})",
            f"fmax({x}, {other})", f"quad_form(sin({f}), sin({u}))", f"log_determinant(tcrossprod(sin({f})) + identity_matrix(3))",
            f"sum(({f})[{self.all()}, {self.pair()}])", f"dot_self(({u})[{self.pair()}])", f"poisson_log_lpmf(2 | {u})",
        ])  # fmt: skip

    def vector(self, depth: int = 1) -> str:
        at = self.index
        leaf = [
            self.any(self.vectors), f"{self.any(self.vectors)}[{self.all()}]", f"{self.local('A')}[{at()}]",
            f"{self.any(self.matrices)}[{self.all()}, {at()}]", f"{self.any(self.matrices)}[{at()}]'",
            f"{self.local('A')}[{at()}, {self.all()}]", f"to_vector({self.local('R')})", f"{self.local('r')}'",
            f"{self.local('C')}[{self.two()}, {self.all()}, {at()}]", f"to_vector({self.local('A')}[{self.all()}, {at()}])",
            f"{self.local('A')}[{self.all()}][{at()}]",
        ]  # fmt: skip
        if depth == 0:
            return self.any(leaf)
        u, other, x, f = self.vector(depth - 1), self.vector(depth - 1), self.real(depth - 1), self.matrix(depth - 1)
        return self.any([
            *leaf, f"({u} + {other})", f"sin({u})", f"tanh({x}) * {u}", f"({u} .* {other})", f"rep_vector({x}, 3)",
            f"softmax({u})", f"cumulative_sum({u})", f"sort_asc({u})", f"reverse({u})", f"{f} * {u}", f"diagonal({f})",
            f"append_row(({u})[{self.pair()}], {x})", f"spin({u}, sin({x}))", f"rows_dot_product({f}, {self.matrix(0)})",
            f"({x} > 0.2 ? {u} : {other})", f"append_row(head({u}, 1), tail({other}, 2))", f"{x} - {u}", f"{u} / (2 + sin({x}))",
            f"mdivide_left_spd(tcrossprod(sin({f})) + identity_matrix(3), {u})", f"col({f}, {at()})",
            f"(({f})[{self.all()}, {self.all()}])[{self.all()}, {at()}]", f"exp(sin({u}))", f"({u})[sort_indices_asc({other})]",
        ])  # fmt: skip

    def matrix(self, depth: int = 1) -> str:
        leaf = [self.any(self.matrices), f"{self.local('C')}[{self.two()}]",
                f"{self.any(self.matrices)}[{self.all()}, {self.all()}]",
                f"{self.local('C')}[{self.two()}, {self.all()}, {self.all()}]"]  # fmt: skip
        if depth == 0:
            return self.any(leaf)
        f, other, u = self.matrix(depth - 1), self.matrix(depth - 1), self.vector(depth - 1)
        return self.any([
            *leaf, f"{f}'", f"({f} * {other})", f"({f} .* {other})", f"sin({f})", f"({f} - {other})", f"{u} * {self.vector(0)}'",
            f"diag_matrix({u})", f"rep_matrix({u}, 3)", f"add_diag({f}, {u})", f"diag_pre_multiply({u}, {f})",
            f"append_col(({f})[{self.all()}, {self.pair()}], {u})", f"append_row({u}', ({f})[{self.pair()}])", f"twist({f}, g)",
            f"cholesky_decompose(tcrossprod(sin({f})) + identity_matrix(3))", f"to_matrix(to_array_1d({f}), 3, 3)",
        ])  # fmt: skip

    # Statements ---------------------------------------------------------------------------------

    def assignment(self) -> str:
        p, at, all = self.prefix, self.index, self.all
        x, u, f = f"sin({self.real()})", f"sin({self.vector()})", f"sin({self.matrix()})"
        op = self.one_of("=", "=", "=", "+=", "-=")
        scale = self.one_of("*=", "/=")
        return self.any([
            f"{p}{self.one_of('s', 't')} {op} {x};", f"{p}{self.one_of('w', 'z')}[{at()}] {op} {x};",
            f"{p}q[{at()}, {at()}] {op} {x};", f"{p}R[{at()}] {op} {x};", f"{p}A[{at()}, {at()}] {op} {x};",
            f"{p}A[{at()}][{at()}] = {x};", f"{p}C[{self.two()}, {at()}, {at()}] {op} {x};", f"{p}r[{at()}] = {x};",
            f"{p}{self.one_of('w', 'z')} {op} {u};", f"{p}{self.one_of('w', 'z')}[{all()}] = {u};", f"{p}A[{at()}] {op} {u};",
            f"{p}q[{all()}, {at()}] = {u};", f"{p}A[{at()}, {all()}] = {u};", f"{p}C[{self.two()}, {all()}, {at()}] = {u};",
            f"{p}w[{self.pair()}] = ({u})[{self.pair()}];", f"{p}q[{at()}, {self.pair()}] = ({u})[{self.pair()}]';",
            f"{p}r = ({u})';", f"{p}q[{at()}] = ({u})';", f"{p}q[{at()}, {all()}] = ({u})';", f"{p}C[{self.two()}, {at()}] = ({u})';",
            f"{p}q {op} {f};", f"{p}C[{self.two()}] {op} {f};", f"{p}q[{all()}, {all()}] = {f};", f"{p}q[{all()}] = {f};",
            f"{p}C[{self.two()}, {all()}, {all()}] = {f};", f"{p}q[{self.pair()}, {self.pair()}] = ({f})[{self.pair()}, {self.pair()}];",
            f"{p}C[{{2, 1}}] = {{{f}, {self.matrix(0)}}};", f"{p}A[{all()}] = {{{u}, {self.vector(0)}, {self.vector(0)}}};",
            f"{p}A[{self.pair()}] = {{{u}, {self.vector(0)}}};", f"{p}R = {{{x}, {self.real(0)}, {self.real(0)}}};",
            f"{p}R[{all()}] = to_array_1d({u});", f"{p}A[{all()}, {at()}] = to_array_1d({u});", f"{p}w {scale} (2 + {x});",
            f"{p}q[{at()}, {at()}] {scale} (2 + {x});", f"{p}w .*= {u};", *self.integer_assignments(),
            f"{p}A = {{{u}, {p}A[1], {p}A[{at()}]}};", f"{p}q *= 0.3;", f"{p}z = {p}z[{all()}];", f"{p}C = {{{f}, {p}C[1]}};",
        ])  # fmt: skip

    def integer_assignments(self) -> list[str]:
        if not self.integers:
            return []
        return [
            f"{self.positions}[{self.one_of('1', '3', 'K')}] = {self.index()};", f"{self.positions} = sort_indices_asc({self.vector()});",
            f"{self.positions}[2:] = {{{self.index()}, {self.index()}}};",
        ]  # fmt: skip

    def density(self) -> str:
        """A statement that changes the target."""
        x, other, u, f = self.real(1), self.real(0), self.vector(), self.matrix()
        scale = f"exp(sin({self.real(1)}))"
        return self.any([
            f"{u} ~ normal({self.vector(0)}, {scale});", f"{x} ~ student_t(4, {other}, {scale});", f"{u} ~ kink({x});",
            f"sin({x}) ~ normal({other}, {scale}) T[-1.5, ];", f"sin({x}) ~ logistic({other}, {scale}) T[, 2 + sin({x})];",
            f"sin({x}) ~ cauchy({other}, 2) T[-1.1, 2 + sin({other})];", f"g ~ poisson_log({u});", f"h ~ categorical_logit({u});",
            f"g[{self.index()}] ~ categorical(softmax({u}));", f"g ~ neg_binomial_2_log({u}, {scale});",
            f"{self.local('A')} ~ multi_normal_cholesky({u}, cholesky_decompose(tcrossprod(sin({f})) + identity_matrix(3)));",
            f"{{2, 1, 3}} ~ binomial_logit(5, {u});", f"to_vector({f}) ~ double_exponential({x}, {scale});",
            f"{self.local('R')} ~ normal({u}, {scale});", f"{{0, 1, 1}} ~ bernoulli_logit_glm(sin({f}), {x}, {u});",
            f"y ~ normal_id_glm(sin({f}), {u}, {self.vector(0)}, {scale});", f"target += normal_lupdf({u} | {x}, 2);",
            f"target += log_mix(inv_logit({x}), normal_lpdf({u} | {other}, 1), kink_lpdf({u} | 0.3));", f"target += {u};",
            f"target += {self.local('R')};", f"add_lp({x}, {u});", f"{u} ~ multi_normal({self.vector(0)}, add_diag(tcrossprod({f}), 1));",
            f"target += normal_lcdf({u} | {x}, {scale});", f"{{1, 0, 1}} ~ bernoulli_logit({self.local('R')});",
            f"target += lognormal_lpdf(exp(sin({u})) | {x}, {scale});", f"target += bernoulli_lpmf({{1, 0, 1}} | inv_logit({u}));",
        ])  # fmt: skip

    def statement(self, depth: int) -> str:
        if self.densities and self.choose.random() < 0.3:
            return self.density()
        if depth == 0 or self.choose.random() < 0.55:
            return self.assignment()
        self.names += 1
        name = f"i{self.prefix}{self.names}"
        kind = self.choose.choice(["for", "for", "for", "each", "if", "if", "while", "local"])
        if kind == "for":
            bounds = self.one_of("1:3", "1:N", "2:N", "1:K", "3:2", "1:3")
            self.loops.append(name)
            body = self.body(depth - 1) + (self.leave() if self.choose.random() < 0.25 else "")
            self.loops.pop()
            return f"for ({name} in {bounds}) {{ {body} }}"
        if kind == "each":
            container = self.one_of(f"sin({self.vector(0)})", f"{self.matrix(0)}", f"{self.prefix}R")
            return f"for ({name} in {container}) {{ {self.prefix}s = sin({self.prefix}s + {name}); {self.body(depth - 1)} }}"
        if kind == "while":
            body = self.body(depth - 1)
            return f"{{ int {name} = 0; while ({name} < 3 && {self.prefix}s < 2) {{ {name} += 1; {body} }} }}"
        if kind == "local":
            old = self.vectors, self.reals
            self.vectors, self.reals = [*self.vectors, f"l{name}"], [*self.reals, f"x{name}"]
            body = self.body(depth - 1)
            self.vectors, self.reals = old
            return f"{{ vector[N] l{name} = {self.vector()}; real x{name} = {self.real()}; {body} {self.prefix}t += sum(l{name}); }}"
        otherwise = f" else {{ {self.body(depth - 1)} }}" if self.choose.random() < 0.5 else ""
        condition = self.one_of(f"{self.real(1)} > {self.real(0)}", f"{self.index()} == {self.index()}", "K == 2",
                                f"{self.real(1)} > 0 && {self.index()} != 2")  # fmt: skip
        return f"if ({condition}) {{ {self.body(depth - 1)} }}{otherwise}"

    def leave(self) -> str:
        return f" if ({self.real(1)} > 0.7) {self.one_of('break', 'continue')}; {self.assignment()}"

    def body(self, depth: int) -> str:
        return " ".join(self.statement(depth) for _ in range(self.choose.randint(1, 3)))

    def block(self, statements: int) -> str:
        """Declarations, first values of all variables, and so many statements."""
        p = self.prefix
        declared = " ".join(f"{type} {p}{name};" for name, type in LOCALS.items())
        if self.integers:
            declared += f" array[N] int {p}I = {{1, 3, 2}};"
        base = "y" if "a" not in self.reals else "v"
        start = (
            f"{p}s = {base}[1]; {p}t = 0.3; {p}w = {base} * 0.7; {p}z = rep_vector(0.1, 3); {p}r = {base}' - 0.2;"
            f" {p}q = {base} * y'; for (j in 1:3) {p}R[j] = {base}[j] * j;"
            f" {p}A = {{{base}, sin({base}), y}}; {p}C[1] = X; {p}C[2] = {p}q;"
        )
        return f"{declared} {start} " + "\n  ".join(self.statement(2) for _ in range(statements))


def program(number: int) -> str:
    """The text of the program of a number."""
    choose = random.Random(number)
    total = ("{0}s + 2 * {0}t + dot_product({0}w, {0}z) + sum({0}r) + sum(sin({0}q)) + sum({0}R) + dot_product({0}A[1], {0}A[2])"
             " + sum({0}A[3]) + sum({0}C[1]) - sum(cos({0}C[2]))")  # fmt: skip
    kept = choose.random() < 0.5
    data = Writer(choose, "y", (), parameters=False).block(choose.randint(1, 3))
    body = Writer(choose, "p", ("y",), parameters=True, integers=not kept, densities=not kept).block(
        choose.randint(2, 6)
    )
    outer = ("p", "y") if kept else ("y",)
    quantities = Writer(choose, "o", outer, parameters=True).block(choose.randint(1, 4))
    return f"functions {{{FUNCTIONS}}}\n" + BLOCKS.format(
        data=data,
        parameters=body if kept else "",
        model="" if kept else body,
        quantities=quantities,
        total=total.format("p"),
    )
