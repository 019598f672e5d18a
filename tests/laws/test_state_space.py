"""Hidden Markov models and Kalman filters against the definitions: every path summed, the joint normal written out."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise, product
from typing import Any

import numpy as np
import pytensor
import pytensor.tensor as pt
import pytest
import scipy.special
import scipy.stats
from pplc.compiler.library.kernels import hmm
from pplc.compiler.library.registry import distributions, functions
from pytensor.compile.mode import Mode

INTERPRETED = Mode(linker="py", optimizer=None)


def gradients_by_differences(value: Callable[..., float], arrays: list[np.ndarray]) -> list[np.ndarray]:
    """Central differences of a function of arrays in every element of each."""
    found = []
    for number, array in enumerate(arrays):
        slopes = np.zeros_like(array)
        for index in np.ndindex(array.shape):
            moved = []
            for step in (1e-6, -1e-6):
                changed = [np.array(a) for a in arrays]
                changed[number][index] += step
                moved.append(value(*changed))
            slopes[index] = (moved[0] - moved[1]) / 2e-6
        found.append(slopes)
    return found


def compiled(build: Callable[..., Any], arrays: list[np.ndarray]) -> tuple[Callable[..., Any], Callable[..., Any]]:
    inputs = [pt.tensor(shape=array.shape, dtype="float64") for array in arrays]
    value = build(*inputs)
    functions = (pytensor.function(inputs, out, mode=INTERPRETED) for out in (value, pt.grad(value, inputs)))
    return tuple(functions)


# Hidden Markov models ---------------------------------------------------------------------------


@pytest.fixture
def chain() -> list[np.ndarray]:
    rng = np.random.default_rng(3)
    return [rng.normal(-2.0, 3.0, (3, 5)), rng.dirichlet(np.ones(3), 3), rng.dirichlet(np.ones(3))]


def path_log_densities(log_omega: np.ndarray, gamma: np.ndarray, rho: np.ndarray) -> dict[tuple[int, ...], float]:
    """The log density of the observations along every path of hidden states."""
    states, count = log_omega.shape
    found = {}
    for path in product(range(states), repeat=count):
        moves = sum(np.log(gamma[a, b]) for a, b in pairwise(path))
        found[path] = np.log(rho[path[0]]) + moves + sum(log_omega[k, n] for n, k in enumerate(path))
    return found


def test_the_marginal_sums_over_paths(chain: list[np.ndarray]) -> None:
    (marginal,) = functions()["hmm_marginal"]
    value, gradient = compiled(marginal.build, chain)
    expected = scipy.special.logsumexp(list(path_log_densities(*chain).values()))
    np.testing.assert_allclose(value(*chain), expected, rtol=1e-13)

    def unnormalised(log_omega: np.ndarray, gamma: np.ndarray, rho: np.ndarray) -> float:
        return float(scipy.special.logsumexp(list(path_log_densities(log_omega, gamma, rho).values())))

    for ours, theirs in zip(gradient(*chain), gradients_by_differences(unnormalised, chain), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-6, atol=1e-8)


def test_state_probabilities_sum_paths(chain: list[np.ndarray]) -> None:
    (probabilities,) = functions()["hmm_hidden_state_prob"]
    inputs = [pt.tensor(shape=array.shape, dtype="float64") for array in chain]
    found = pytensor.function(inputs, probabilities.build(*inputs), mode=INTERPRETED)(*chain)
    paths = path_log_densities(*chain)
    weights = scipy.special.softmax(list(paths.values()))
    expected = np.zeros((3, 5))
    for path, weight in zip(paths, weights, strict=True):
        expected[path, range(5)] += weight
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-14)


def test_drawn_states_follow_their_density(chain: list[np.ndarray]) -> None:
    rng = np.random.default_rng(9)
    latent = distributions()["hmm_latent"]
    draws = [tuple(int(k) for k in latent.draw(rng, *chain)) for _ in range(4000)]
    z = pt.ivector("z")
    density = pytensor.function([z], latent.log_density(z, *map(pt.constant, chain)), mode=INTERPRETED)
    likeliest = [
        tuple(k + 1 for k in p) for p, _ in sorted(path_log_densities(*chain).items(), key=lambda i: -i[1])[:5]
    ]
    for path in likeliest:
        probability = float(np.exp(density(np.array(path, dtype="int32"))))
        spread = np.sqrt(probability * (1 - probability) / len(draws))
        assert abs(draws.count(path) / len(draws) - probability) < 4.5 * spread


def test_what_is_no_markov_chain_has_no_density(chain: list[np.ndarray]) -> None:
    log_omega, gamma, rho = chain
    assert np.isnan(hmm.log_marginal(log_omega, gamma * 1.01, rho))
    assert np.isnan(hmm.log_marginal(log_omega, gamma, rho * 0.9))
    assert hmm.log_marginal(np.full((3, 5), -np.inf), gamma, rho) == -np.inf


@pytest.mark.parametrize("at", [(0, 0), (2, 4)])
def test_nan_is_handed_on(chain: list[np.ndarray], at: tuple[int, int]) -> None:
    log_omega, gamma, rho = chain
    unknown = log_omega.copy()
    unknown[at] = np.nan
    assert np.isnan(hmm.log_marginal(unknown, gamma, rho))


def test_a_batch_of_chains_is_a_stack(chain: list[np.ndarray]) -> None:
    (marginal,) = functions()["hmm_marginal"]
    log_omega, gamma, rho = chain
    stack = np.stack([log_omega, log_omega + 1.0])
    x = pt.tensor3()
    value = pytensor.function(
        [x], marginal.build(x, pt.constant(gamma[None]), pt.constant(rho[None])), mode=INTERPRETED
    )
    single = hmm.log_marginal(*chain)
    np.testing.assert_allclose(value(stack), [single, single + 5.0], rtol=1e-13)


# Linear Gaussian models -------------------------------------------------------------------------


def joint_log_density(
    y: np.ndarray, F: np.ndarray, G: np.ndarray, V: np.ndarray, W: np.ndarray, m0: np.ndarray, C0: np.ndarray
) -> float:
    """All observations as one normal vector, its moments written out from the model's equations."""
    size, count = y.shape
    powers = [np.linalg.matrix_power(G, k) for k in range(count + 1)]
    mean = np.concatenate([F.T @ powers[t + 1] @ m0 for t in range(count)])
    covariance = np.zeros((size * count, size * count))
    for s, t in product(range(count), repeat=2):
        states = powers[s + 1] @ C0 @ powers[t + 1].T
        for u in range(min(s, t) + 1):
            states = states + powers[s - u] @ W @ powers[t - u].T
        block = F.T @ states @ F + (V if s == t else 0.0)
        covariance[s * size : (s + 1) * size, t * size : (t + 1) * size] = block
    deviation = y.T.ravel() - mean
    sign, log_determinant = np.linalg.slogdet(2 * np.pi * covariance)
    assert sign > 0
    return float(-0.5 * log_determinant - 0.5 * deviation @ np.linalg.solve(covariance, deviation))


@pytest.fixture
def state_space() -> list[np.ndarray]:
    rng = np.random.default_rng(4)

    def covariance(size: int) -> np.ndarray:
        factor = rng.normal(size=(size, size))
        return factor @ factor.T + 0.3 * np.eye(size)

    return [
        rng.normal(size=(2, 4)), rng.normal(size=(3, 2)), 0.6 * rng.normal(size=(3, 3)),
        covariance(2), covariance(3), rng.normal(size=3), covariance(3),
    ]  # fmt: skip


def test_the_filter_integrates_the_states_out(state_space: list[np.ndarray]) -> None:
    value, gradient = compiled(distributions()["gaussian_dlm_obs"].log_density, state_space)
    np.testing.assert_allclose(value(*state_space), joint_log_density(*state_space), rtol=1e-11)
    expected = gradients_by_differences(joint_log_density, state_space)
    for number, (ours, theirs) in enumerate(zip(gradient(*state_space), expected, strict=True)):
        if number in (3, 4, 6):  # covariances: only symmetric changes are meaningful
            ours, theirs = ours + ours.T, theirs + theirs.T
        np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-6)


def test_a_vector_is_the_diagonal_of_the_observations_covariance(state_space: list[np.ndarray]) -> None:
    y, F, G, V, *rest = state_space
    density = distributions()["gaussian_dlm_obs"].log_density
    matrix, _ = compiled(density, [y, F, G, np.diag(np.diag(V)), *rest])
    vector, slopes = compiled(density, [y, F, G, np.diag(V), *rest])
    np.testing.assert_allclose(
        vector(y, F, G, np.diag(V), *rest), matrix(y, F, G, np.diag(np.diag(V)), *rest), rtol=1e-14
    )
    assert slopes(y, F, G, np.diag(V), *rest)[3].shape == (2,)


def test_an_invalid_covariance_rejects_the_point(state_space: list[np.ndarray]) -> None:
    value, _ = compiled(distributions()["gaussian_dlm_obs"].log_density, state_space)
    for number in (3, 4, 6):
        broken = list(state_space)
        broken[number] = -broken[number]
        assert np.isnan(value(*broken))
