"""The formatter changes the layout and nothing else, and what it has laid out it leaves alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pplc.grammar.formatter import format_program
from pplc.grammar.parser import parse
from pplc.grammar.source import Source
from pplc.grammar.wrapping import WIDTH

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted((ROOT / "examples").rglob("*.ppl"))


def formatted(text: str, name: str = "m.stan") -> str:
    """The canonical layout, after checking that it means the same and is its own canonical layout."""
    source = Source(name, text)
    program, _ = parse(source, keep_old=True)
    assert program is not None
    result = format_program(program, source)
    again = Source(name, result)
    same, _ = parse(again, keep_old=True)
    assert same == program
    assert ["".join(c.text.split()) for c in same.comments] == ["".join(c.text.split()) for c in program.comments]
    assert format_program(same, again) == result
    return result


def body(text: str) -> str:
    """The canonical layout of statements."""
    lines = formatted(f"model {{ {text} }}").splitlines()
    assert lines[0] == "model {"
    assert lines[-1] == "}"
    return "\n".join(line.removeprefix("  ") for line in lines[1:-1])


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("a=b+c*d;", "a = b + c * d;"),
        ("a= - b^ - c' ;", "a = -b^-c';"),
        ("a=2 .^x .* 3 ./ y\\z %/% 2;", "a = 2 .^ x .* 3 ./ y \\ z %/% 2;"),
        ("a = !b==-c||d;", "a = !b == -c || d;"),
        ("a<-b;", "a <- b;"),
        ("a=b<-c;", "a = b < -c;"),
        ("a=b?c:d;", "a = b ? c : d;"),
        ("a[ 1 , : ,2 : ,x?1:2]=t . 1;", None),
        ("a[ 1 , : ,2 : ,x?1:2]=t .1 .2;", "a[1, :, 2:, x ? 1 : 2] = t.1.2;"),
        ("y~normal ( mu,sigma )T[ 0, ];", "y ~ normal(mu, sigma) T[0,];"),
        ("target+=normal_lpdf(y|mu , sigma)+f( );", "target += normal_lpdf(y | mu, sigma) + f();"),
        ("array [2,3]vector [ 4 ]x={ [1,2]' ,{3} };", "array[2, 3] vector[4] x = {[1, 2]', {3}};"),
        ("tuple( real,array[2]int)t=( 1,{2,3} );", "tuple(real, array[2] int) t = (1, {2, 3});"),
        ("tuple(int ,)t=(1 ,);", "tuple(int,) t = (1,);"),
        ("return ( a );", "return (a);"),
        ("return-a;", "return -a;"),
        ("print( \"a\",-1 ) ;", 'print("a", -1);'),
        ("for(i in 1 : N+1)a=i;", "for (i in 1:N + 1)\n  a = i;"),
        ("for(x in{1,2}){a=x;}", "for (x in {1, 2}) {\n  a = x;\n}"),
        ("if(a)b=1;else c=2;", "if (a)\n  b = 1;\nelse\n  c = 2;"),
        ("if(a){b=1;}else if(c){;}else{d=2;}", "if (a) {\n  b = 1;\n} else if (c) {\n  ;\n} else {\n  d = 2;\n}"),
        ("if(a)if(b)c=1;else d=1;", "if (a)\n  if (b)\n    c = 1;\n  else\n    d = 1;"),
        ("while(a){ }", "while (a) {}"),
        ("profile(\"p\"){a=1;}", 'profile("p") {\n  a = 1;\n}'),
        ("{real x;{;}}", "{\n  real x;\n  {\n    ;\n  }\n}"),
        ("a=1;b=2;\n\n\n\nc=3;", "a = 1;\nb = 2;\n\nc = 3;"),
    ],
)  # fmt: skip
def test_statements(text: str, result: str | None) -> None:
    if result is None:
        assert parse(Source("m", f"model {{ {text} }}"))[0] is None  # `t . 1` is no element of a tuple
    else:
        assert body(text) == result


def test_blocks_and_functions() -> None:
    text = """functions{real f(data array[ , ]real x,vector y);void g( ){return;}}data{int<lower = 0,upper=K>N;
      vector<offset=m , multiplier=s>[N]y;}transformed   data{}model{}generated  quantities{real z=1;}"""
    assert formatted(text) == (
        "functions {\n"
        "  real f(data array[,] real x, vector y);\n"
        "  void g() {\n"
        "    return;\n"
        "  }\n"
        "}\n"
        "data {\n"
        "  int<lower=0, upper=K> N;\n"
        "  vector<offset=m, multiplier=s>[N] y;\n"
        "}\n"
        "transformed data {}\n"
        "model {}\n"
        "generated quantities {\n"
        "  real z = 1;\n"
        "}\n"
    )


@pytest.mark.parametrize("character", ["\x85", "\x1c", "\xa0", "\u2028"])
def test_lines_end_at_line_feeds_only(character: str) -> None:
    """Python's `splitlines` and `strip` know others, some of which are bytes of letters in old encodings."""
    text = f"model {{\n  real x; // a{character}b{character}\n  real y; /* c{character}d\n  e{character} */\n}}\n"
    assert formatted(text) == text


def test_comments_stay_where_they_were() -> None:
    text = """// first

/* of
   many
   lines */
data { // what is known
      // the size
  int N;// rows
  real y; /* why */ real z;
  // last
}
model {
  if (a) // yes
    b = 1; // now
  // otherwise
  else c = f(a, // first
    /* second */ b);
}
// end
"""
    assert formatted(text) == (
        "// first\n\n/* of\n   many\n   lines */\n"
        "data { // what is known\n"
        "  // the size\n"
        "  int N; // rows\n"
        "  real y; /* why */\n"
        "  real z;\n"
        "  // last\n"
        "}\n"
        "model {\n"
        "  if (a) // yes\n"
        "    b = 1; // now\n"
        "  // otherwise\n"
        "  else\n"
        "    c = f(a, // first\n"
        "          /* second */ b);\n"
        "}\n"
        "// end\n"
    )


def test_includes_stay(tmp_path: Path) -> None:
    (tmp_path / "n.stan").write_text("int N;")
    (tmp_path / "one.stan").write_text("1")
    text = "data {\n      #include n.stan\n}\nmodel { real x = \n#include one.stan\n; }"
    assert formatted(text, str(tmp_path / "m.stan")) == (
        "data {\n  #include n.stan\n}\nmodel {\n  real x =\n      #include one.stan\n      ;\n}\n"
    )


def test_long_lines_are_wrapped_at_the_outermost_brackets() -> None:
    call = "normal_lpdf(y[n] | alpha[group[n]] + beta * x[n], sigma)"
    lines = body(f"target += log_sum_exp({call}, {call}) + {call} + sum({{{', '.join(['12345'] * 20)}}});").splitlines()
    assert lines[0] == "target += log_sum_exp(normal_lpdf(y[n] | alpha[group[n]] + beta * x[n], sigma),"
    assert lines[1] == " " * 22 + f"{call})"
    assert lines[2].startswith(f"    + {call}")
    assert all(len(line) <= WIDTH - 2 for line in lines)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_examples(path: Path) -> None:
    text = path.read_text()
    assert all(len(line) <= WIDTH or "//" in line for line in formatted(text, str(path)).splitlines())


def test_a_library_of_functions() -> None:
    assert formatted("real f(){return 1;}", "a.stanfunctions") == "real f() {\n  return 1;\n}\n"


def test_an_empty_program() -> None:
    assert formatted("") == ""
    assert formatted("\n\n// only this\n\n") == "// only this\n"


# Programs of every shape, token by token, with comments and line ends anywhere between the tokens.
NAMES = st.sampled_from(["a", "b1", "T", "1", "2.", ".5", "3i", "1e3"])
OPERATORS = ["+", "-", "*", "/", ".*", "./", "^", ".^", "\\", "%/%", "%", "<", ">=", "==", "&&", "||"]
EXPRESSIONS = st.recursive(
    NAMES,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(OPERATORS), inner).map(" ".join),
        st.tuples(st.sampled_from(["-", "!", "+"]), inner).map(" ".join),
        st.tuples(inner, inner, inner).map(lambda abc: "( {} ? {} : {} )".format(*abc)),
        st.lists(inner, min_size=1, max_size=3).map(lambda items: f"f ( {' , '.join(items)} ) '"),
        st.lists(inner, min_size=1, max_size=3).map(lambda items: f"{{ {' , '.join(items)} }}"),
        st.tuples(inner, inner).map(lambda ab: "x [ {} : , {} ] .1".format(*ab)),
        inner.map(lambda a: f"( {a} )"),
    ),
    max_leaves=12,
)
STATEMENTS = st.recursive(
    st.one_of(
        EXPRESSIONS.map(lambda e: f"y = {e} ;"),
        EXPRESSIONS.map(lambda e: f"y ~ g ( {e} ) T [ , 1 ] ;"),
        EXPRESSIONS.map(lambda e: f"array [ {e} ] real y ;"),
        st.just(";"),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: f"{{ {' '.join(items)} }}"),
        st.tuples(EXPRESSIONS, inner).map(lambda pair: "if ( {} ) {}".format(*pair)),
        st.tuples(EXPRESSIONS, inner, inner).map(lambda abc: "if ( {} ) {{ {} }} else {}".format(*abc)),
        st.tuples(EXPRESSIONS, inner).map(lambda pair: "for ( i in 1 : {} ) {}".format(*pair)),
    ),
    max_leaves=6,
)
TRIVIA = st.sampled_from(["", "", "", "", "", " // note\n", "\n// alone\n", " /* in */ ", "\n\n\n", "\n"])


@given(STATEMENTS, st.data())
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_any_program(statement: str, data: st.DataObject) -> None:
    tokens = f"model {{ {statement} }}".split(" ")
    trivia = data.draw(st.lists(TRIVIA, min_size=len(tokens), max_size=len(tokens)))
    formatted("".join(f"{token} {extra}" for token, extra in zip(tokens, trivia, strict=True)))
