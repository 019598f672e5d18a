"""Each construct of the language makes the tree that it should, with exact spans."""

from __future__ import annotations

from pathlib import Path

import pytest
from pplc.grammar import tree
from pplc.grammar.includes import included_texts
from pplc.grammar.parser import parse, parse_text
from pplc.grammar.source import Source, Span

NOWHERE = Span(Source("", ""), 0, 0)  # spans do not count when trees are compared


def parsed(text: str) -> tree.Program:
    program, diagnostics = parse_text(text)
    assert not diagnostics
    assert program is not None
    return program


def statements(text: str) -> tuple[tree.Statement, ...]:
    block = parsed(f"model {{ {text} }}").model
    assert block is not None
    return block.statements


def statement(text: str) -> tree.Statement:
    (only,) = statements(text)
    return only


def expression(text: str) -> tree.Expression:
    increment = statement(f"target += {text};")
    assert isinstance(increment, tree.TargetIncrement)
    return increment.value


def declared(text: str) -> tree.DeclaredType:
    block = parsed(f"parameters {{ {text}; }}").parameters
    assert block is not None
    (declaration,) = block.statements
    assert isinstance(declaration, tree.Declaration)
    return declaration.type


def function(text: str) -> tree.FunctionDefinition:
    block = parsed(f"functions {{ {text} }}").functions
    assert block is not None
    (only,) = block.definitions
    return only


def lisp(node: tree.Expression) -> str:
    """An expression with all its parentheses."""
    match node:
        case tree.IntegerLiteral(text) | tree.RealLiteral(text) | tree.ImaginaryLiteral(text):
            return text
        case tree.Variable(name):
            return name
        case tree.Unary(operator, operand):
            return f"({operator}{lisp(operand)})"
        case tree.Transpose(operand):
            return f"({lisp(operand)}')"
        case tree.Binary(operator, left, right):
            return f"({lisp(left)} {operator} {lisp(right)})"
        case tree.Conditional(test, then, otherwise):
            return f"({lisp(test)} ? {lisp(then)} : {lisp(otherwise)})"
        case tree.TupleElement(base, number):
            return f"{lisp(base)}.{number}"
        case _:
            return type(node).__name__


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("a + b * c", "(a + (b * c))"),
        ("a - b - c", "((a - b) - c)"),
        ("-a^b", "(-(a ^ b))"),
        ("a^-b", "(a ^ (-b))"),
        ("a^b^c", "(a ^ (b ^ c))"),
        ("a^-b^c * d", "((a ^ (-(b ^ c))) * d)"),
        ("a .^ b'", "(a .^ (b'))"),
        ("-a'", "(-(a'))"),
        ("!a == b", "((!a) == b)"),
        ("a * b \\ c", "(a * (b \\ c))"),
        ("a %/% b * c % d", "(((a %/% b) * c) % d)"),
        ("a .* b ./ c", "((a .* b) ./ c)"),
        ("a < b < c", "((a < b) < c)"),
        ("a == b < c", "(a == (b < c))"),
        ("a || b && c", "(a || (b && c))"),
        ("a || b ? c : d ? e : f", "((a || b) ? c : (d ? e : f))"),
        ("a ? b ? c : d : e", "(a ? (b ? c : d) : e)"),
        ("a<-b", "(a < (-b))"),
        ("1 .* a", "(1 .* a)"),
        ("1.*a", "(1. * a)"),
        ("a.1.2", "a.1.2"),
        ("- - a", "(-(-a))"),
    ],
)
def test_precedence(text: str, meaning: str) -> None:
    assert lisp(expression(text)) == meaning


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("1_000", tree.IntegerLiteral),
        ("1.", tree.RealLiteral),
        ("1.5e-3", tree.RealLiteral),
        (".5", tree.RealLiteral),
        (".5E+1_0", tree.RealLiteral),
        ("3e8", tree.RealLiteral),
        ("2i", tree.ImaginaryLiteral),
        (".5e1i", tree.ImaginaryLiteral),
        ("1.i", tree.ImaginaryLiteral),
        ("T", tree.Variable),
        ("target()", tree.TargetValue),
        ("(a)", tree.Group),
        ("(a,)", tree.TupleLiteral),
        ("(a, b)", tree.TupleLiteral),
        ("{a, b}", tree.ArrayLiteral),
        ("[a, b]", tree.RowLiteral),
        ("[]", tree.RowLiteral),
        ("f()", tree.Call),
        ("f(a)", tree.Call),
        ("f_lpdf(a)", tree.DensityCall),
        ("f(a | )", tree.DensityCall),
        ("f(a | b, c)", tree.DensityCall),
        ("(f(a))[1]", tree.Indexed),
        ("{1, 2}[1]", tree.Indexed),
    ],
)
def test_primary_expressions(text: str, node: type) -> None:
    assert type(expression(text)) is node


def test_indices() -> None:
    node = expression("a[1, :, , b:, :c, d:e, x ? 1 : 2]")
    assert isinstance(node, tree.Indexed)
    kinds = [type(index) for index in node.indices]
    single, all_of, span = tree.SingleIndex, tree.AllIndex, tree.RangeIndex
    assert kinds == [single, all_of, all_of, span, span, span, single]
    after, before = node.indices[3], node.indices[4]
    assert isinstance(after, span)
    assert isinstance(before, span)
    assert (after.upper, before.lower) == (None, None)
    empty = expression("a[]")
    assert isinstance(empty, tree.Indexed)
    assert empty.indices == (tree.AllIndex(span=NOWHERE),)


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("a = 1;", tree.Assignment),
        ("a[1].2 ./= b;", tree.Assignment),
        ("(a, (b[1], c)) = f();", tree.TupleAssignment),
        ("f(a);", tree.CallStatement),
        ("f_lpdf(a);", tree.CallStatement),
        ("a ~ f();", tree.Tilde),
        ("a + 1 ~ f(b) T[, 1];", tree.Tilde),
        ("{1, 2} ~ f();", tree.Tilde),
        ("target += a;", tree.TargetIncrement),
        ("jacobian += a;", tree.JacobianIncrement),
        ("if (a) b = 1;", tree.If),
        ("for (i in 1:2) a = i;", tree.For),
        ("for (x in xs) a = x;", tree.ForEach),
        ("while (1) { }", tree.While),
        ("break;", tree.Break),
        ("continue;", tree.Continue),
        ("return;", tree.Return),
        ("return a;", tree.Return),
        ("{ a = 1; }", tree.Block),
        ('print("a", b, 1);', tree.Print),
        ("reject(a);", tree.Reject),
        ("fatal_error(a);", tree.FatalError),
        ('profile("p") { }', tree.Profile),
        (";", tree.Empty),
        ("real x;", tree.Declaration),
        ("{real x;}", tree.Block),
    ],
)
def test_statements(text: str, node: type) -> None:
    assert type(statement(text)) is node


def test_else_belongs_to_the_nearest_if() -> None:
    outer = statement("if (a) if (b) ; else while (c) if (d) ; else ;")
    assert isinstance(outer, tree.If)
    assert outer.otherwise is None
    inner = outer.then
    assert isinstance(inner, tree.If)
    assert isinstance(inner.otherwise, tree.While)
    assert isinstance(inner.otherwise.body, tree.If)
    assert inner.otherwise.body.otherwise is not None


def test_truncation() -> None:
    sampled = [statement(f"y ~ f() {text};") for text in ("T[1, 2]", "T[1, ]", "T[, 2]", "T[,]")]
    bounds = [(s.truncation.lower, s.truncation.upper) for s in sampled if isinstance(s, tree.Tilde) and s.truncation]
    assert [(a is not None, b is not None) for a, b in bounds] == [
        (True, True), (True, False), (False, True), (False, False)
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "int x", "int<lower=1, upper=K> x", "real<upper=3, lower=1> x", "complex z", "real<offset=1, multiplier=2> x",
        "vector<lower=(a > b ? a : b)>[N] x", "row_vector[3] x", "matrix<multiplier=s>[M, N] x", "simplex[K] x",
        "complex_vector[3] x", "complex_row_vector[3] x", "complex_matrix[2, 2] x", "sum_to_zero_vector[K] x",
        "sum_to_zero_matrix[K, L] x", "unit_vector[K] x", "ordered[K] x", "positive_ordered[K] x", "corr_matrix[K] x",
        "cov_matrix[K] x", "cholesky_factor_corr[K] x", "cholesky_factor_cov[K] x", "cholesky_factor_cov[M, N] x",
        "column_stochastic_matrix[M, N] x", "row_stochastic_matrix[M, N] x", "array[2, 3] vector[3] x",
        "tuple(real<lower=0>, simplex[3]) x", "tuple(int,) x", "array[2] tuple(array[3] int, tuple(real, real)) x",
        "real x, y, T",
    ],
)  # fmt: skip
def test_declared_types(text: str) -> None:
    kind = declared(text)
    assert kind.span.text == text.removesuffix(", y, T").removesuffix(" x").removesuffix(" z")


def test_sized_type() -> None:
    kind = declared("vector<upper=2, lower=a>[N + 1] x")
    assert isinstance(kind, tree.SizedType)
    assert [argument.keyword for argument in kind.constraint] == ["upper", "lower"]
    assert [size.span.text for size in kind.sizes] == ["N + 1"]
    assert kind.constraint[1].span.text == "lower=a"


def test_functions() -> None:
    definition = function("array[,] vector f(data tuple(int, array[] real) x, real T) { return x; }")
    assert definition.identifier.name == "f"
    assert definition.result == tree.UnsizedArray(2, tree.UnsizedType("vector", span=NOWHERE), span=NOWHERE)
    first, second = definition.parameters
    assert (first.data_only, second.data_only, second.identifier.name) == (True, False, "T")
    assert isinstance(first.type, tree.UnsizedTuple)
    forward = function("void g();")
    assert forward.body is None
    assert forward.result == tree.UnsizedType("void", span=NOWHERE)


def test_blocks_that_are_not_written_are_none() -> None:
    program = parsed("transformed   data { } generated\tquantities { }")
    assert program.data is None
    assert program.transformed_data is not None
    assert program.generated_quantities is not None
    assert parsed("") == parsed(" // nothing\n")


def test_a_library_of_functions() -> None:
    program, diagnostics = parse_text("real f(real x) { return x; }\nvoid g() { }", "lib.stanfunctions")
    assert not diagnostics
    assert program is not None
    assert program.functions is not None
    assert [definition.identifier.name for definition in program.functions.definitions] == ["f", "g"]


def test_spans_are_exact() -> None:
    text = "model {\n  y[1] ~ normal( mu + 1 , /* sd */ sigma' ) T[ 0 , ];\n  if (a) { b = 1; }\n}"
    tilde, conditional = statements(text[len("model {") : -1])
    assert isinstance(tilde, tree.Tilde)
    assert tilde.span.text == "y[1] ~ normal( mu + 1 , /* sd */ sigma' ) T[ 0 , ];"
    assert [argument.span.text for argument in tilde.arguments] == ["mu + 1", "sigma'"]
    assert (tilde.outcome.span.text, tilde.distribution.span.text) == ("y[1]", "normal")
    assert tilde.truncation is not None
    assert tilde.truncation.span.text == "T[ 0 , ]"
    assert conditional.span.text == "if (a) { b = 1; }"
    assert (conditional.span.line, conditional.span.column) == (3, 2)


def test_comments_are_kept_but_do_not_count() -> None:
    program = parsed("// one\nmodel { /* two\n */ }")
    assert [comment.text for comment in program.comments] == ["// one", "/* two\n */"]
    assert program == parsed("model {}")


def test_reserved_words_of_the_future_are_names_to_the_parser() -> None:
    for name in ("repeat", "until", "true", "var", "static", "foo__", "generated", "quantities", "transformed"):
        parsed(f"data {{ int {name}; }}")


# Includes -----------------------------------------------------------------------------------------------


def test_includes(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    (tmp_path / "a" / "n.stan").write_text("int N;\n#include <m.stan>\n")
    (tmp_path / "b" / "n.stan").write_text("not this one")
    (tmp_path / "b" / "m.stan").write_text("int M;")
    (tmp_path / "three.stan").write_text("3")
    text = 'data {\n#include n.stan\n} transformed data { real x = #include "three.stan"\n + 1; }'
    source = Source(str(tmp_path / "main.stan"), text)
    program, diagnostics = parse(source, [tmp_path / "a", tmp_path / "b"])
    assert not diagnostics
    assert program == parsed("data { int N; int M; } transformed data { real x = 3 + 1; }")
    assert program is not None
    assert program.data is not None
    inner = program.data.statements[1].span
    assert inner.source.name == str(tmp_path / "b" / "m.stan")
    chain = []
    while (span := inner.source.included_from) is not None:
        chain.append((Path(span.source.name).name, span.line))
        inner = span
    assert chain == [("n.stan", 2), ("main.stan", 2)]


def test_includes_beside_the_program(tmp_path: Path) -> None:
    """A leading slash is that of the program's folder, and what is included looks there, too."""
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "n.stan").write_text("int N;\n#include /parts/m.stan\n#include parts/k.stan\n")
    (tmp_path / "parts" / "m.stan").write_text("int M;")
    (tmp_path / "parts" / "k.stan").write_text("int K;")
    source = Source(str(tmp_path / "main.stan"), "data {\n#include /parts/n.stan\n}")
    program, diagnostics = parse(source)
    assert not diagnostics
    assert program == parsed("data { int N; int M; int K; }")
    assert {text for _, text in included_texts(source, [])} >= {"int M;", "int K;"}


def test_function_libraries_are_included_once(tmp_path: Path) -> None:
    (tmp_path / "f.stanfunctions").write_text("real f(real x) { return x; }")
    include = "#include f.stanfunctions\n"
    program, diagnostics = parse(Source(str(tmp_path / "m.stan"), f"functions {{\n{include}{include}}}"))
    assert not diagnostics
    assert program is not None
    assert program.functions is not None
    assert len(program.functions.definitions) == 1


def test_include_in_a_comment_is_no_include() -> None:
    parsed("// #include nothing\n/* #include nothing */")
