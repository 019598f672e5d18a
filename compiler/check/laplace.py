"""The embedded Laplace approximation: two functions, each with its arguments in a tuple."""

from __future__ import annotations

from pplc.grammar import tree
from pplc.grammar.source import Span

from .. import ir
from .scopes import Scope, normalised

_HELPERS = ("bernoulli_logit", "neg_binomial_2_log", "poisson_log")
NAMES = (
    *(f"laplace_{what}" for what in ("marginal", "marginal_tol", "latent_rng", "latent_tol_rng")),
    *(f"laplace_{what}" for what in ("latent_solve", "latent_solve_tol")),
    *(f"laplace_marginal{tol}_{helper}_lpmf" for helper in _HELPERS for tol in ("", "_tol")),
    *(f"laplace_latent{tol}_{helper}_rng" for helper in _HELPERS for tol in ("", "_tol")),
)
_KNOWN = frozenset(NAMES)


def is_laplace(name: str) -> bool:
    """Whether it is one of these functions."""
    return normalised(name) in _KNOWN


def check_laplace(
    function: tree.Identifier, arguments: tuple[ir.Expression, ...], span: Span, scope: Scope
) -> ir.LibraryCall | None:
    """A call of one of them."""
    raise NotImplementedError
