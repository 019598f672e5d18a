"""The order in which a graph is rewritten."""

from __future__ import annotations

import os
import pkgutil
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from typing import Any

from pytensor.compile.mode import optdb
from pytensor.graph.fg import FunctionGraph
from pytensor.graph.rewriting.basic import MergeOptimizer, WalkingGraphRewriter
from pytensor.graph.rewriting.db import RewriteDatabaseQuery

from . import canonical_forms, cofactors, copies
from .assumptions import forget_diagonal_writes
from .definition import Rewrite


@cache
def _pytensor_rewrites(among: tuple[str, ...]) -> Any:
    """PyTensor's canonical, stable and special forms, and ours `among` them; nothing about memory, BLAS or C.

    The library's log_sum_exp is stable as it stands: `local_log_sum_exp` would take its largest element off again.
    `local_pow_to_nested_squaring` makes a Composite, which has no derivative and which only Numba knows;
    `reuse_decomposition_multiple_solves` makes LU factors, for which Numba calls Python.
    `selection_dot_to_indexing` fails on a constant matrix without rows.
    """
    forget_diagonal_writes()
    canonical_forms.register()
    cofactors.register()
    copies.register()
    for name in among:
        optdb["stabilize"].register(name, rewrites()[name].rewriter)
    query = RewriteDatabaseQuery(
        include=[
            "merge",
            "canonicalize",
            "stabilize",
            "specialize",
            "slogdet_specialization",
            *canonical_forms.NAMES,
            cofactors.NAME,
            copies.NAME,
            *among,
        ],
        exclude=[
            "inplace",
            "fusion",
            "blas",
            "cxx_only",
            "scan",
            "BlasOpt",
            "c_blas",
            "local_careduce_fusion",
            "local_log_sum_exp",
            "local_pow_to_nested_squaring",
            "reuse_decomposition_multiple_solves",
            "selection_dot_to_indexing",
            *canonical_forms.REPLACED,
            copies.REPLACED,
        ],
    )
    return optdb.query(query)


def special_forms(outputs: Sequence[Any]) -> list[Any]:
    """The same outputs in PyTensor's stable and special forms, as copies of which no derivative will be taken."""
    graph = FunctionGraph(outputs=list(outputs), clone=True, copy_inputs=False)
    _apply([rewrite for rewrite in active() if rewrite.first], graph)
    _pytensor_rewrites(()).rewrite(graph)
    _apply([rewrite for rewrite in active() if rewrite.everywhere], graph)
    return list(graph.outputs)


@cache
def rewrites() -> dict[str, Rewrite]:
    """Every rewrite of this folder, by name."""
    package = import_module(__package__)
    modules = (import_module(f"{__package__}.{found.name}") for found in pkgutil.iter_modules(package.__path__))
    found = (getattr(module, "rewrite", None) for module in modules)
    return {rewrite.name: rewrite for rewrite in found if isinstance(rewrite, Rewrite)}


def is_off(name: str) -> bool:
    """Whether a rewrite is switched off by its name or with all others."""
    off = os.environ.get("PPLC_REWRITES_OFF", "").split(",")
    return "all" in off or name in off


def active() -> list[Rewrite]:
    """The rewrites that are not switched off."""
    return [rewrite for name, rewrite in rewrites().items() if not is_off(name)]


def simplify(graph: FunctionGraph, derived: bool = False, last: bool = False) -> None:
    """See the package."""
    found = active()
    if derived or last:
        _apply([rewrite for rewrite in found if rewrite.first], graph)
    _pytensor_rewrites(tuple(rewrite.name for rewrite in found if rewrite.among)).rewrite(graph)
    _apply([rewrite for rewrite in found if not (rewrite.first or rewrite.last or rewrite.among)], graph)
    if last:
        _apply([rewrite for rewrite in found if rewrite.last], graph)
    MergeOptimizer().rewrite(graph)  # what rewrites made that was there already


def _apply(chosen: Sequence[Rewrite], graph: FunctionGraph) -> None:
    """One after the other, each wherever it changes something."""
    for rewrite in chosen:
        WalkingGraphRewriter(rewrite.rewriter, ignore_newtrees=False).rewrite(graph)
