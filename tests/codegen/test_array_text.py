"""Library functions of arrays as text: calls in loops that must run in order agree with Stan and need no Numba."""

from __future__ import annotations

import pytest
from pplc.compiler.codegen import kernels
from pplc.compiler.library.expand import signatures_of

from ..lower.against_stan import assert_agrees

# Each line of a loop's body reads `v` of the iteration before.
CALLS = {
    "softmax": "v = softmax(v + x);",
    "log_softmax": "v = 0.3 * log_softmax(v + x);",
    "cumulative_sum": "v = 0.1 * cumulative_sum(v + x);",
    "append_row": "v = 0.2 * append_row(v[2], append_row(v[:1] + v[3], v[1]));",
    "prod": "v = v / (1 + square(prod(v + x)));",
    "prod of zeros": "v = 0.1 * v + prod([0.0, 1.5, v[1]]) + prod(v[2:3] - v[2]);",
    "mean": "v = v - mean(v * v') + variance(x * v');",
    "categorical_logit": "target += categorical_logit_lpmf(k[n] | v); v[k[n]] += 0.3 * (x[1] - v[k[n]]);",
    "categorical_logit of several": "target += categorical_logit_lpmf(k | v); v = 0.5 * v;",
    "categorical": "target += categorical_lpmf(k | inv_logit(v) / sum(inv_logit(v))); v = 0.5 * v;",
    "ordered_logistic": "target += ordered_logistic_lpmf(k[n] | v[1], c); v = 0.5 * v;",
    "ordered_logistic of several": "target += ordered_logistic_lpmf(k | rep_vector(v[1], 4), c); v = 0.5 * v;",
    "sizes": "v = v / cols(v') + 0.1 * rows(v) * x / dims(v)[1];",
    "lmgamma": "v = 0.1 * lmgamma(2, 2 + v .* v);",
    "gather": "v = 0.5 * v[{2, 3, 1}]; v[{1, 2}] += x[{3, 3}];",
}


@pytest.mark.parametrize("body", CALLS.values(), ids=CALLS)
def test_agrees_with_stan(body: str) -> None:
    program = f"""
        data {{ int N; array[N] int k; }}
        parameters {{ vector[3] x; ordered[2] c; }}
        model {{
            vector[3] v = 0.5 * x;
            for (n in 1:N) {{ {body} }}
            target += sum(square(v)) - dot_self(c);
        }}
    """
    assert_agrees(program, {"N": 4, "k": [1, 3, 2, 3]})


@pytest.mark.parametrize(
    "name",
    ["categorical_lpmf", "categorical_logit_lpmf", "ordered_logistic_lpmf", "softmax", "log_softmax", "cumulative_sum",
     "prod", "mean", "variance", "append_row", "append_col"],
)  # fmt: skip
def test_has_a_text(name: str) -> None:
    """Without one a call costs a minute of compilation by Numba and an allocation each time."""
    for signature in signatures_of(name):
        arguments = signature.arguments
        if "complex" in str(signature) or "array[,]" in str(signature):
            continue
        active = tuple("int" not in str(type) for type in arguments)
        made = [kernels.value_kernel(name, arguments)]
        made += [kernels.adjoint_kernel(name, arguments, active)] if any(active) else []
        assert not any(kernel.rebuilt for kernel in made), str(signature)
