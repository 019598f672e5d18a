"""Many statements of one form are one about vectors: the same density and gradient, from a program that stays short."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytensor.tensor as pt
import pytest
from pplc.compiler.rewrite import terms_together
from pytensor.graph.traversal import toposort
from pytensor.tensor.basic import MakeVector

import pplc as package

MANY = 40
VALUES = np.random.default_rng(0).normal(size=(MANY, 3)).round(2)

# By name: declarations and statements for number {n} (the value {v}), and what else there is to declare and say.
FORMS: dict[str, tuple[str, str, str]] = {
    "numbers": ("real x{n};", "x{n} ~ normal({v}, s);", ""),
    "numbers with a bound": ("real<lower=0> x{n};", "x{n} ~ gamma(abs({v}) + 1, s);", ""),
    "constants and neighbours": ("", "z[{n}] ~ student_t({n}, {v}, s);", ""),
    "neighbours out of order": ("", "z[41 - {n}] ~ normal({v}, s);", ""),
    "vectors": ("vector[3] x{n}; real m{n};", "m{n} ~ normal(0, s); x{n} ~ normal(m{n}, {n});", ""),
    "some alike": ("real x{n};", "x{n} ~ cauchy(z[{n} % 3 + 1], s);", ""),
    "all alike": ("", "target += -exp(z[1]) * s;", ""),
    "counts": ("", "{n} ~ poisson_log(z[{n}] * s);", ""),
    "known data": ("", "y[{n}, 1] ~ neg_binomial_2_log(z[{n}], s);", ""),
    "powers": ("real<lower=0> x{n};", "target += -x{n}^({n} % 3 + 1) - pow(x{n}, s);", ""),
    "matrices": ("matrix[2, 2] x{n};", "target += -sum(x{n} .* x{n}) * s + sum(x{n}[1]);", ""),
    "the larger": ("real x{n};", "target += -square(fmax(x{n}, z[{n}]) - s);", ""),
    "mixtures": (
        "real x{n};",
        "target += log_mix(0.3, normal_lpdf(x{n} | {v}, s), normal_lpdf(x{n} | z[{n}], 1));",
        "",
    ),
}


def density(name: str) -> tuple[float, Any, str]:
    declared, said, also = FORMS[name]
    pairs = list(enumerate(VALUES[:, 0], 1))
    text = f"""
    data {{ array[{MANY}, 1] int y; }}
    parameters {{ real<lower=0> s; vector[{MANY}] z; {" ".join(declared.format(n=n) for n, _ in pairs)} }}
    model {{ s ~ exponential(1); z ~ std_normal(); {also} {" ".join(said.format(n=n, v=v) for n, v in pairs)} }}
    """
    model = package.compile_model(text, {"y": np.arange(MANY)[:, None]})
    position = np.random.default_rng(1).uniform(-1, 1, model.n_unconstrained)
    return *model.logp_dlogp(position), model.generated_source


@pytest.mark.parametrize("name", FORMS)
def test_density_is_the_same(name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PPLC_CACHE_DIR", str(tmp_path / "together"))
    value, gradient, source = density(name)
    monkeypatch.setenv("PPLC_CACHE_DIR", str(tmp_path / "apart"))
    monkeypatch.setattr(terms_together, "FEWEST", 10**6)
    expected, slopes, longer = density(name)
    assert value == pytest.approx(expected, rel=1e-12)
    np.testing.assert_allclose(gradient, slopes, rtol=1e-11, atol=1e-12)
    assert len(source) < len(longer)


def test_operands_that_are_the_same_are_not_copied() -> None:
    x, s = pt.vector("x", shape=(MANY,)), pt.scalar("s")
    terms = [pt.log(pt.exp(s) + 1) * x[k] for k in range(MANY)]
    total = terms_together.together(pt.add(*terms))
    assert not any(isinstance(node.op, MakeVector) for node in toposort([total]))
    assert total.eval({x: VALUES[:, 0], s: 0.3}) == pytest.approx(np.log(np.exp(0.3) + 1) * VALUES[:, 0].sum())


def test_long_arrays_stay_apart() -> None:
    x = pt.matrix("x", shape=(MANY, 1000))
    value = pt.add(*(pt.sum(pt.exp(x[k])) for k in range(MANY)))
    assert terms_together.together(value) is value
