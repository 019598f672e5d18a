"""What a careful statistician would say about a run: findings in plain words, each with what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pplc.runtime import diagnostics
from pplc.runtime.psis import LARGEST_USABLE
from pplc.runtime.results import Draws, Result
from pplc.runtime.summary import Summary, element_names, real_parts

LARGEST_R_HAT = 1.01
SMALLEST_ESS_PER_CHAIN = 100
SMALLEST_EBFMI = 0.3
LARGEST_PLAUSIBLE = 1e12  # no posterior that was meant reaches so far
SMALLEST_GAP = 5.0  # in log density, between chains that are in different places
SMALLEST_DIFFERENCE = 0.1  # in log density, between modes that are not the same
_NAMED = 3  # parameters that a message mentions


@dataclass(frozen=True)
class Finding:
    """`code` names the kind of problem, `message` tells what was seen, `advice` what to do."""

    code: str
    message: str
    advice: str


def find_problems(result: Result, posterior: Mapping[str, NDArray[np.generic]], summary: Summary) -> list[Finding]:
    """Findings about the draws of any driver; `posterior` and `summary` belong to `result.sample.rectangle()`."""
    sample = result.sample.rectangle()
    if not sample.positions.shape[1]:
        return [_no_draws(result)]
    found = [
        _incomplete(result),
        _runaway(summary),
        _unmoved(sample),
        _divergences(sample, posterior),
        _tree_depth(result, sample),
        _energy(sample),
        _pareto_k(result),
        _not_converged(result),
        _modes(result),
        _left_out(result),
        _apart(sample, summary),
        _r_hat(summary),
        _effective_size(summary, len(sample.lengths)),
    ]
    return [finding for finding in found if finding is not None]


def _no_draws(result: Result) -> Finding:
    return Finding(
        "no-draws",
        f"no draw was made after warmup ({result.reason or 'none was asked for'})",
        "let the run go on longer",
    )


def _incomplete(result: Result) -> Finding | None:
    if result.complete:
        return None
    lengths = result.sample.lengths
    return Finding(
        "incomplete",
        f"the run was {result.reason}; the chains have {', '.join(str(n) for n in lengths)} draws",
        "results use the part in which all chains are equally long",
    )


def _runaway(summary: Summary) -> Finding | None:
    """A posterior that cannot be normalised lets chains wander off without end."""
    largest = np.abs(np.stack([summary.column("q5"), summary.column("q95")])).max(axis=0)
    bad = np.flatnonzero(largest > LARGEST_PLAUSIBLE)
    if not bad.size:
        return None
    worst = bad[np.argmax(largest[bad])]
    return Finding(
        "runaway",
        f"draws of {summary.names[worst]} are as large as {largest[worst]:.1g}: the posterior may be improper",
        "give every parameter a proper prior or bounds, and check that the data informs those without",
    )


def _unmoved(sample: Draws) -> Finding | None:
    """Chains whose transitions were all refused."""
    if "diverging" not in (sample.statistics.dtype.names or ()) or sample.positions.shape[1] < 2:
        return None
    still = np.flatnonzero((sample.positions == sample.positions[:, :1]).all(axis=(1, 2)))
    if not still.size or not sample.positions.shape[2]:
        return None
    every = "no chain" if still.size == len(sample.positions) > 1 else ""
    which = f"chain{'s' if still.size > 1 else ''} {', '.join(str(chain + 1) for chain in still)} never"
    return Finding(
        "unmoved",
        f"{every or which} moved: all draws are the same point",
        "do not use these draws: give other starts (<init>), a smaller <step_size> or a longer <warmup>, and look for "
        "statements whose log density is not finite near that point",
    )


def _divergences(sample: Draws, posterior: Mapping[str, NDArray[np.generic]]) -> Finding | None:
    if "diverging" not in (sample.statistics.dtype.names or ()):
        return None
    diverging = sample.statistics["diverging"]
    count = int(diverging.sum())
    if not count:
        return None
    where = _where_they_cluster(diverging, posterior)
    return Finding(
        "divergences",
        f"{count} of {diverging.size} transitions diverged"
        + (f", mostly at {where}" if where else "")
        + ": parts of the posterior may be missing",
        "raise <target_accept> towards 0.99; if they persist, reparameterise (a scale that nears 0 while others "
        "depend on it calls for a non-centred form) or tighten vague priors",
    )


def _where_they_cluster(diverging: NDArray[np.bool_], posterior: Mapping[str, NDArray[np.generic]]) -> str:
    """Scalars whose values at divergences lie lowest or highest among all draws."""
    candidates = []
    for name, values in real_parts(posterior):
        if values.ndim > 3 or values[0, 0].size > 1000:
            continue
        flat = np.asarray(values, np.float64).reshape(diverging.size, -1)
        at = np.median(flat[diverging.ravel()], axis=0)
        # The rank of that median, from -1/2 to 1/2: 0 for a quantity that is constant, or nan.
        rank = ((flat < at).mean(axis=0) - (flat > at).mean(axis=0)) / 2
        # How far the median of n values chosen blindly strays from the middle: about 1 / (2 sqrt(n)).
        strength = np.abs(rank) * 2 * np.sqrt(diverging.sum())
        for element, label in enumerate(element_names(name, values.shape[2:])):
            side = "low" if rank[element] < 0 else "high"
            candidates.append((strength[element], abs(rank[element]), f"{side} values of {label}"))
    clear = [entry for entry in candidates if entry[0] > 3 and entry[1] > 0.2]
    return " and ".join(text for *_, text in sorted(clear, reverse=True)[:2])


def _tree_depth(result: Result, sample: Draws) -> Finding | None:
    limit = getattr(result.settings, "max_depth", None)
    if limit is None:
        return None
    hits = int((sample.statistics["tree_depth"] >= limit).sum())
    if not hits:
        return None
    total = sample.statistics.size
    return Finding(
        "tree-depth",
        f"{hits} of {total} transitions stopped at the tree depth limit of {limit}: sampling is correct but slow",
        "strong correlations or very different scales are usual causes: try <metric=dense>, rescale, or raise "
        "<max_depth>",
    )


def _energy(sample: Draws) -> Finding | None:
    if "energy" not in (sample.statistics.dtype.names or ()) or sample.statistics.shape[1] < diagnostics.FEWEST_DRAWS:
        return None
    fractions = diagnostics.ebfmi(sample.statistics["energy"])
    low = np.flatnonzero(fractions < SMALLEST_EBFMI)
    if not low.size:
        return None
    listed = ", ".join(f"{chain + 1} ({fractions[chain]:.2f})" for chain in low)
    return Finding(
        "e-bfmi",
        f"the energy moves too little between draws in chain {listed}: E-BFMI is below {SMALLEST_EBFMI}",
        "heavy tails or a funnel: reparameterise, or use priors with lighter tails",
    )


def _pareto_k(result: Result) -> Finding | None:
    values = np.atleast_1d(result.report.get("pareto_k", -np.inf))
    if len(values) == len(result.sample.lengths):
        values = values[result.sample.lengths > 0]  # others are left out
    if not (values > LARGEST_USABLE).any():
        return None
    return Finding(
        "pareto-k",
        f"the approximation misses parts of the posterior: Pareto k is {', '.join(f'{k:.2f}' for k in values)}, "
        f"which should be below {LARGEST_USABLE}",
        "do not rely on these draws: use <method=nuts>, "
        + ("or <rank=full-rank>, or reparameterise" if hasattr(result.settings, "rank") else "or reparameterise"),
    )


def _not_converged(result: Result) -> Finding | None:
    converged = np.atleast_1d(result.report.get("converged", True))
    if converged.all() or not result.complete:
        return None
    return Finding(
        "not-converged",
        f"the objective was still improving in {(~converged).sum()} of {converged.size} optimisations",
        "raise <iterations>",
    )


def _modes(result: Result) -> Finding | None:
    found = result.report.get("modes")
    if found is None or np.ptp(found) < SMALLEST_DIFFERENCE:
        return None
    return Finding(
        "modes",
        "climbs from different starts ended at different heights: log densities "
        + ", ".join(f"{height:.5g}" for height in found),
        "the highest was taken; there may be a still higher one, and other modes may hold more of the posterior",
    )


def _left_out(result: Result) -> Finding | None:
    lengths = result.sample.lengths
    if not result.complete or lengths.all():
        return None
    return Finding(
        "left-out",
        f"{(lengths == 0).sum()} of {lengths.size} optimisations ended far below the best and are left out",
        "look for several modes, or choose starts",
    )


def _apart(sample: Draws, summary: Summary) -> Finding | None:
    """Chains that stay where the log density is lower than anywhere the best chain goes."""
    if "lp" not in (sample.statistics.dtype.names or ()) or sample.statistics.shape[1] < diagnostics.FEWEST_DRAWS:
        return None
    if not (summary.column("r_hat") > LARGEST_R_HAT).any():
        return None
    heights = np.median(sample.statistics["lp"], axis=1)
    best = int(np.argmax(heights))
    highest, lowest = sample.statistics["lp"].max(axis=1), sample.statistics["lp"][best].min()
    low = np.flatnonzero((highest < lowest) & (heights[best] - heights > SMALLEST_GAP))
    if not low.size:
        return None
    listed = ", ".join(f"{chain + 1} ({heights[chain]:.5g})" for chain in low)
    return Finding(
        "apart",
        f"the log density stays lower in chain {listed} than in chain {best + 1} ({heights[best]:.5g}): they are in "
        "another mode, or stuck on the way",
        "do not average over them: use other starts (<init>) or another <seed>, order parameters that can be swapped, "
        "or leave these chains out after a look at both modes",
    )


def _r_hat(summary: Summary) -> Finding | None:
    values = summary.column("r_hat")
    bad = np.flatnonzero(values > LARGEST_R_HAT)
    if not bad.size:
        return None
    return Finding(
        "r-hat",
        f"chains disagree: R-hat is above {LARGEST_R_HAT} for {_count(bad, summary)}, "
        f"worst {_worst(bad, -values, values, r_hat_text, summary)}",
        "run longer (more warmup and draws); if it stays, look for several modes or parameters that are not identified",
    )


def _effective_size(summary: Summary, chains: int) -> Finding | None:
    wanted = SMALLEST_ESS_PER_CHAIN * chains
    values = np.minimum(summary.column("ess_bulk"), summary.column("ess_tail"))
    bad = np.flatnonzero(values < wanted)
    if not bad.size:
        return None
    return Finding(
        "ess",
        f"fewer than {wanted} effective draws for {_count(bad, summary)}, "
        f"fewest {_worst(bad, values, values, '{:.3g}'.format, summary)}",
        "make more draws; estimates of these parameters, of their tails above all, are still rough",
    )


def _count(bad: NDArray[np.intp], summary: Summary) -> str:
    return f"{bad.size} of {len(summary.names)} quantities"


def _worst(
    bad: NDArray[np.intp],
    order: NDArray[np.float64],
    values: NDArray[np.float64],
    text: Callable[[float], str],
    summary: Summary,
) -> str:
    worst = bad[np.argsort(order[bad])][:_NAMED]
    return ", ".join(f"{summary.names[i]} ({text(values[i])})" for i in worst)


def r_hat_text(value: float) -> str:
    """With the decimals that tell 1.01 from 1.014; of chains that do not move it is as large as rounding lets it."""
    return "> 100" if value > 100 else f"{value:.3f}"
