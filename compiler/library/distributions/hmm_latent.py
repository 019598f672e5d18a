"""hmm_latent(log_omega, Gamma, rho): the hidden states of a Markov chain, given its observations."""

from __future__ import annotations

from ..definitions import Distribution, Parameter
from ..functions.hmm import hmm_marginal
from ..graph import pt
from ..kernels import hmm
from ..supports import IntegerArray, Matrix, Simplex

draw_states = hmm.draw_states


def log_density(z, log_omega, Gamma, rho):
    """One chain at a time: the density of states and observations over that of the observations."""
    z = z - 1
    observed = pt.sum(log_omega[z, pt.arange(z.shape[0])])
    moved = pt.sum(pt.log(Gamma[z[:-1], z[1:]])) + pt.log(rho[z[0]])
    return observed + moved - hmm_marginal(log_omega, Gamma, rho)


def draw(rng, log_omega, Gamma, rho):
    return draw_states(rng, log_omega, Gamma, rho)


hmm_latent = Distribution(
    name="hmm_latent",
    outcome=IntegerArray(lower=1),
    parameters=(
        Parameter("log_omega", Matrix(), vectorised=False),
        Parameter("Gamma", Matrix(), vectorised=False),
        Parameter("rho", Simplex(), vectorised=False),
    ),
    log_density=log_density,
    draw=draw,
    source="Functions reference, hidden Markov models: hmm_latent_rng",
    signatures=("lpmf: none", "rng: (matrix, matrix, vector) => array[] int"),
)
