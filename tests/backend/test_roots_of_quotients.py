"""Roots of quotients that cancel altogether."""

from __future__ import annotations

import pytensor
import pytensor.tensor as pt
from pplc.compiler.rewrite.roots_of_quotients import turn_root
from pytensor.graph.fg import FunctionGraph
from pytensor.graph.rewriting.basic import WalkingGraphRewriter


def test_nothing_is_made_of_what_cancels() -> None:
    u, v = (pt.tensor(name, shape=(5,), dtype="float64") for name in "uv")
    graph = FunctionGraph([u, v], [u / (v * pt.sqr(pt.sqrt(u / v)))], clone=True)
    before = pytensor.printing.debugprint(graph, file="str")
    with pytensor.config.change_flags(on_opt_error="raise"):
        WalkingGraphRewriter(turn_root).rewrite(graph)
    assert pytensor.printing.debugprint(graph, file="str") == before
