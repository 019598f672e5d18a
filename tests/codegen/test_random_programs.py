# ruff: noqa: E501  (program texts read better on one line)
"""Random programs: the generated loop and its reverse sweep against the tree-walking interpreter."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, event, given, note, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from pplc.compiler import ir
from pplc.compiler.codegen import loader, once
from pplc.compiler.codegen.loop_source import Code, loop_source, sweep_source
from pplc.compiler.codegen.messages import new_buffer

from .interpreter import Machine, gradient
from .programs import checked

FUNCTIONS = """
real bend(real x, vector v) {
  real s = x;
  for (i in 1:rows(v)) {
    if (i == 3) continue;
    s = tanh(s * v[i]) + x;
    if (s > 0.9) break;
    if (s < -1.5) return s * v[1];
  }
  return s + 0.5 * v[rows(v)];
}
real fold(real x, int n) { if (n <= 0) return sin(x); return 0.5 * fold(x * 0.9 + 0.1, n - 1) + x; }
vector spin(vector v, real x) {
  vector[rows(v)] r = v;
  for (k in 1:2) { r[k] = r[k + 1] * x; r[k + 1] += sin(r[k]); }
  return r;
}
tuple(real, vector) both(vector v, real x) { return (sum(v) * x, v * x); }
real down(vector v, int i) { if (i < 1) return 0.3; real r = v[i] * down(v, i - 1); while (r > 0.5) { r *= 0.5; if (r < 0.3) return r; } return sin(r); }
int pick(vector v) { for (i in 1:rows(v)) { if (v[i] > 0) return i; } return 1; }
void add_lp(real x, vector v) { for (u in v) { if (u > 0.4) break; target += u * sin(x); } }
"""
DECLARATIONS = (
    "data { int N; array[3] int g; vector[3] y; } parameters { real a; real b; vector[3] v; matrix[2, 3] m; }"
)
START = """
real s = a; real t = 0.3; vector[3] w = v * b; vector[3] z = rep_vector(0.1, 3); matrix[2, 3] q = m; int k = 1; real h;
array[2] vector[3] A; A[1] = v; A[2] = sin(v) * a; tuple(real, vector[3]) p = (a * b, v - a); array[2, 3] int J; J[1] = g;
J[2] = {1, k, 2}; array[3] real R; for (r in 1:3) R[r] = v[r] * r;
"""
SCALARS = (
    "a",
    "b",
    "s",
    "t",
    "v[2]",
    "w[1]",
    "w[k]",
    "z[g[2]]",
    "q[1, 3]",
    "q[2, k]",
    "m[2, 2]",
    "y[1]",
    "A[1, 2]",
    "A[2][k]",
    "p.1",
    "p.2[g[k]]",
    "R[J[2, k]]",
    "0.5",
    "-1.25",
)
VECTORS = (
    "v",
    "w",
    "z",
    "y",
    "w[g]",
    "m[1]'",
    "q[2]'",
    "q[1, g]'",
    "A[2]",
    "A[1, g]",
    "p.2",
    "to_vector(R)",
    "A[1 + J[2, 1] % 2]",
    "spin(z, a)",
    "col(q, 2)[{1, 2, 2}]",
)


@st.composite
def scalar(draw: st.DrawFn, loops: Sequence[str] = (), depth: int = 2) -> str:
    """An expression that stays moderate for moderate variables."""
    names = [
        *SCALARS,
        *(f"{name}[{i}]" for i in loops for name in ("v", "w", "y", "z")),
        *(f"q[2, {i}]" for i in loops),
    ]
    if depth == 0:
        return draw(st.sampled_from(names))
    one, other = (draw(scalar(loops, depth - 1)) for _ in range(2))
    vector_, other_vector = draw(st.sampled_from(VECTORS)), draw(st.sampled_from(VECTORS))
    return draw(
        st.sampled_from([
            one, f"({one} + {other})", f"({one} - {other})", f"{one} * {other}", f"sin({one})", f"tanh({one})",
            f"exp(sin({one}))", f"{one} / (2.5 + sin({other}))", f"inv_logit({one})", f"square(sin({one}))",
            f"({one} < {other} ? {one} : cos({other}))", f"bend(sin({one}), {vector_})", f"fold(sin({one}), 2)",
            f"dot_product({vector_}, w)", f"log_sum_exp({vector_})", f"sum({vector_})", f"0.1 * normal_lpdf({one} | {other}, 2)",
            f"both({vector_}, {one}).1", f"down({vector_}, 3)", f"({vector_})[pick({other_vector})]", f"({one} > 0 && {other} < 0.5 || k > 1 ? {one} : {other})",
        ])
    )  # fmt: skip


@st.composite
def vector(draw: st.DrawFn, loops: Sequence[str] = ()) -> str:
    one, other = draw(st.sampled_from(VECTORS)), draw(st.sampled_from(VECTORS))
    x = draw(scalar(loops, 1))
    return draw(
        st.sampled_from([
            one, f"{one} + {other}", f"sin({one})", f"tanh({x}) * {one}", f"0.5 * ({one} .* {other})", f"rep_vector({x}, 3)",
            f"({x} > 0.2 ? {one} : {other})", f"append_row({x}, ({one})[2:3])", f"spin({one}, sin({x}))", f"both({one}, {x}).2",
            f"append_row(({one})[:1], tail({other}, 2))", f"({one}')' - {other}",
        ])
    )  # fmt: skip


@st.composite
def statement(draw: st.DrawFn, loops: tuple[str, ...], depth: int, in_loop: bool) -> str:
    index = draw(st.sampled_from(["1", "2", "3", "k", "g[1]", *loops, *(f"g[{i}]" for i in loops)]))
    x = draw(scalar(loops))
    kinds = ["scalar", "element", "vector", "slice", "gather", "row", "entry", "target", "int", "unpack", "call", "compound",
             "array", "tuple"]  # fmt: skip
    if depth:
        kinds += ["for", "for", "if", "if", "while", "each", "local"]
    if in_loop:
        kinds += ["break", "continue"]
    match draw(st.sampled_from(kinds)):
        case "scalar":
            return f"{draw(st.sampled_from('st'))} = sin({x});"
        case "element":
            return f"{draw(st.sampled_from('wz'))}[{index}] = tanh({x});"
        case "vector":
            return f"{draw(st.sampled_from('wz'))} = sin({draw(vector(loops))});"
        case "slice":
            return draw(st.sampled_from(["w[2:3] = w[1:2];", "w[:2] = z[2:];", "q[:, 2] = w[1:2];", "q[1:2, 1:2] = m[:, 2:3];",
                                         "z[3:2] = z[1:0];", "z[k:] = tail(w, 4 - k);"]))  # fmt: skip
        case "gather":
            return draw(
                st.sampled_from(
                    ["w[g] = v;", "z[{2, 2}] = w[2:3];", "q[{2, 1}, g] = m;", "q[1, {3, 1}] = w[:2]';", "w = w[g];"]
                )
            )
        case "row":
            return f"q[{draw(st.sampled_from(['1', '2']))}] = sin({draw(st.sampled_from(VECTORS))})';"
        case "entry":
            return f"q[1, {index}] = cos({x});"
        case "target":
            return f"target += {draw(st.one_of(scalar(loops), vector(loops)))};"
        case "int":
            return draw(st.sampled_from(["k = 1 + (k + 1) % 3;", "k = g[k];", f"k = {index};"]))
        case "unpack":
            return draw(
                st.sampled_from(["(s, t) = (t, sin(s));", f"(h, w) = both(z, sin({x}));", "(w[1], z[2]) = (s, w[1]);"])
            )
        case "compound":
            place = draw(
                st.sampled_from(["s", "t", f"w[{index}]", f"q[2, {index}]", f"R[{index}]", "p.1", f"A[2, {index}]"])
            )
            return draw(st.sampled_from([
                f"{place} += sin({x});", f"{place} -= tanh({x});", f"{place} *= cos({x});", f"{place} /= 2 + sin({x});",
                f"w += sin({draw(st.sampled_from(VECTORS))});", "q .*= sin(m);", "z -= 0.1;", "A[1] *= 0.7;", "z ./= 2 + sin(w);",
            ]))  # fmt: skip
        case "array":
            one = draw(vector(loops))
            return draw(st.sampled_from([
                f"A[1] = sin({one});", f"A[J[2, 2] == 1 ? 1 : 2] = tanh({one});", f"A[2, {index}] = sin({x});", "A = {A[2], w};",
                f"A[:, {index}] = {{sin({x}), t}};", f"R[{index}] = cos({x});", "R = {s, t, sin(R[1])};", "R[:2] = R[2:];",
                f"A[{{2, 1}}] = {{sin({one}), z}};", f"J[2, {index}] = 1 + (J[2, 1] + {index}) % 3;", "J[1] = J[2];",
                f"for (row in A) {{ s = sin(s + row[{index}]); w[{index}] = s; }}", "for (r in R) t = sin(t * r);",
            ]))  # fmt: skip
        case "tuple":
            return draw(st.sampled_from([
                f"p.1 = sin({x});", f"p.2[{index}] = tanh({x});", f"p.2 = sin({draw(vector(loops))});", f"p = both(sin(w), sin({x}));",
                "(p.1, p.2) = (sin(t), z);", "(s, p) = (sin(p.1), (s, w));", "p.2[{2, 1}] = w[2:3];",
            ]))  # fmt: skip
        case "call":
            return f"add_lp({x}, {draw(st.sampled_from(VECTORS))});"
        case "for":
            name = f"i{len(loops)}"
            body = draw(block((*loops, name), depth - 1, True))
            bounds = draw(st.sampled_from(["1:3", "2:N", "k:3", "1:k", "3:2"]))
            return f"for ({name} in {bounds}) {{ {body} }}"
        case "each":
            name = f"u{len(loops)}{depth}"
            body = draw(block(loops, depth - 1, True))
            container = draw(st.sampled_from(["v", "sin(v)", "m"]))
            return f"for ({name} in {container}) {{ s = sin(s + {name}); {body} }}"
        case "if":
            other = draw(st.sampled_from(["", "else"]))
            then = draw(block(loops, depth - 1, in_loop))
            otherwise = f"else {{ {draw(block(loops, depth - 1, in_loop))} }}" if other else ""
            return f"if ({draw(scalar(loops, 1))} > {draw(st.sampled_from(['0', '0.3', 't', 'k - 2']))}) {{ {then} }} {otherwise}"
        case "while":
            name = f"c{len(loops)}{depth}"
            body = draw(block(loops, depth - 1, True))
            return f"{{ int {name} = 0; while ({name} < 3 && s < 2) {{ {name} += 1; {body} }} }}"
        case "local":
            body = draw(block(loops, depth - 1, in_loop))
            w, r = f"l{len(loops)}{depth}", f"r{len(loops)}{depth}"
            return (f"{{ vector[k + 1] {w}; for (j in 1:k + 1) {w}[j] = sin({x} * j); real {r} = {w}[k]; {body} "
                    f"target += {r} * sum({w}); }}")  # fmt: skip
        case "break":
            return f"if ({x} > 0.7) break;"
        case _:
            return f"if ({x} < -0.3) {{ t += 0.1; continue; }}"


@st.composite
def block(draw: st.DrawFn, loops: tuple[str, ...] = (), depth: int = 2, in_loop: bool = False) -> str:
    return " ".join(draw(st.lists(statement(loops, depth, in_loop), min_size=1, max_size=4)))


PROGRAMS = block()
# No number is zero, nor equal to another: there a step in the imaginary direction would decide a comparison.
APART = 0.01 * np.sqrt(np.arange(2, 13))
POINTS = st.lists(st.floats(-1.2, 1.2).map(lambda x: round(x, 3)), min_size=11, max_size=11).map(
    lambda x: list(x + APART)
)
DATA = {"N": 3, "g": np.array([3, 1, 2]), "y": np.array([0.4, -0.7, 1.1])}


def both_ways(body: str, point: Sequence[float], plain: bool = True) -> tuple[Any, Any]:
    """(value, gradient) of the target by the interpreter, and by generated code."""
    program = checked(
        f"functions {{ {FUNCTIONS} }} {DECLARATIONS} model {{ {START} {body}"
        " target += s + 2 * t + dot_product(w, z) + sum(to_vector(q)) + 0.1 * k + p.1 * sum(p.2) + dot_product(A[1], A[2]) + sum(sin(R)); }"
    )
    data = {node.variable: DATA[node.variable.name] for node in program.data}
    parameters = [node.variable for node in program.parameters]

    def values(x: Any) -> dict[ir.Variable, Any]:
        parts = (x[0], x[1], x[2:5], x[5:].reshape(2, 3))
        return {**data, **dict(zip(parameters, parts, strict=True))}

    def interpreted(x: Any) -> Any:
        machine = Machine(values(x))
        machine.run(program.model)
        return machine.target

    at = np.array(point)
    expected = gradient(interpreted, at)
    captured = tuple(values(at))
    source, messages = loop_source(program.model, captured, [])
    code = Code(source, messages, program.model, captured, (), (False,) * 3 + (True,) * 4, (), ("target",), None)
    note(source)
    backwards = sweep_source(code)
    note(backwards)
    arguments = [np.float64(v) if isinstance(v, float) else v for v in values(at).values()]
    load = loader.load_plain if plain else loader.load_compiled
    buffer = new_buffer()
    (value,) = load(source).loop(buffer, *arguments)
    assert messages.error(buffer) is None
    adjoints = load(backwards).loop(new_buffer(), *arguments, 1.0)
    known = {variable.name for variable in data}
    kept = once.keep(
        code, [np.asarray(v) if variable.name in known else np.shape(v) for variable, v in values(at).items()]
    )
    if kept is not None:  # the passes one after the other, without a second forward pass
        event("forward pass run once")
        note(kept.forward + kept.sweep)
        left = load(kept.forward).loop(new_buffer(), *arguments)
        again = load(kept.sweep).loop(new_buffer(), *arguments, *left, 1.0)
        assert_allclose(left[0], value, rtol=1e-14, atol=1e-14)
        assert [np.shape(end) for end in left[1:]] == [shape for _, shape in kept.results]
        for one, other in zip(again, adjoints, strict=True):
            assert_allclose(one, other, rtol=1e-12, atol=1e-14)
    return expected, (value, np.concatenate([np.ravel(part) for part in adjoints]))


EXAMPLES = int(os.environ.get("RANDOM_PROGRAMS", "25"))


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True)
@given(PROGRAMS, POINTS)
def test_value_and_gradient(body: str, point: list[float]) -> None:
    note(body)
    (value, slope), (found, adjoint) = both_ways(body, point)
    assume(np.isfinite(value) and np.isfinite(slope).all() and np.abs(slope).max() < 1e6)
    assert_allclose(found, value, rtol=1e-10, atol=1e-10)
    assert_allclose(adjoint, slope, rtol=1e-8, atol=1e-8 * max(1.0, np.abs(slope).max()))


@pytest.mark.slow
@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(PROGRAMS, POINTS)
def test_compiled_code_agrees(body: str, point: list[float]) -> None:
    (value, slope), (found, adjoint) = both_ways(body, point, plain=False)
    assume(np.isfinite(value) and np.isfinite(slope).all() and np.abs(slope).max() < 1e6)
    assert_allclose(found, value, rtol=1e-10, atol=1e-10)
    assert_allclose(adjoint, slope, rtol=1e-8, atol=1e-8 * max(1.0, np.abs(slope).max()))
