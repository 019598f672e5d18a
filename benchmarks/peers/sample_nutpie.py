"""Samples a model written for PyMC with nutpie, in a process of its own: NAME DATA OUTPUT; prints the summary.

Runs in any Python that has nutpie and PyMC, which need not be that of pplc. OUTPUT is as in `sample_stanli`.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

type Data = dict[str, Any]


def eight_schools_noncentered(data: Data) -> Any:
    import pymc as pm

    with pm.Model() as model:
        mu = pm.Normal("mu", 0, 5)
        tau = pm.HalfCauchy("tau", 5)
        theta_trans = pm.Normal("theta_trans", shape=data["J"])
        theta = pm.Deterministic("theta", mu + tau * theta_trans)
        pm.Normal("y", theta, data["sigma"], observed=data["y"])
    return model


def wells_dist100_model(data: Data) -> Any:
    import pymc as pm

    with pm.Model() as model:
        alpha = pm.Flat("alpha")
        beta = pm.Flat("beta", shape=1)
        pm.Bernoulli("switched", logit_p=alpha + beta[0] * (np.array(data["dist"]) / 100), observed=data["switched"])
    return model


def logearn_interaction_z(data: Data) -> Any:
    import pymc as pm

    height, male = np.array(data["height"], float), np.array(data["male"], float)
    z = (height - height.mean()) / height.std(ddof=1)
    with pm.Model() as model:
        beta = pm.Flat("beta", shape=4)
        sigma = pm.HalfFlat("sigma")
        mean = beta[0] + beta[1] * z + beta[2] * male + beta[3] * z * male
        pm.Normal("earn", mean, sigma, observed=np.log(data["earn"]))
    return model


def radon_variable_intercept_slope_noncentered(data: Data) -> Any:
    import pymc as pm

    county = np.array(data["county_idx"]) - 1
    floor = np.array(data["floor_measure"], float)
    with pm.Model() as model:
        sigma_y = pm.HalfNormal("sigma_y", 1)
        sigma_alpha = pm.HalfNormal("sigma_alpha", 1)
        sigma_beta = pm.HalfNormal("sigma_beta", 1)
        alpha_raw = pm.Normal("alpha_raw", shape=data["J"])
        beta_raw = pm.Normal("beta_raw", shape=data["J"])
        mu_alpha = pm.Normal("mu_alpha", 0, 10)
        mu_beta = pm.Normal("mu_beta", 0, 10)
        alpha = pm.Deterministic("alpha", mu_alpha + sigma_alpha * alpha_raw)
        beta = pm.Deterministic("beta", mu_beta + sigma_beta * beta_raw)
        pm.Normal("log_radon", alpha[county] + floor * beta[county], sigma_y, observed=data["log_radon"])
    return model


MODELS: dict[str, Callable[[Data], Any]] = {
    function.__name__: function
    for function in (
        eight_schools_noncentered,
        wells_dist100_model,
        logearn_interaction_z,
        radon_variable_intercept_slope_noncentered,
    )
}


def main(name: str, data: str, output: str) -> None:
    import arviz as az
    import nutpie

    compiled = nutpie.compile_pymc_model(MODELS[name](json.loads(Path(data).read_text(encoding="utf-8"))))
    began = time.perf_counter()
    trace = nutpie.sample(compiled, draws=1000, chains=4, seed=1, progress_bar=False)
    seconds = time.perf_counter() - began
    print(az.summary(trace))
    arrays = {}
    for variable, values in trace.posterior.data_vars.items():
        for index in np.ndindex(values.shape[2:]):
            label = f"{variable}[{','.join(str(i + 1) for i in index)}]" if index else str(variable)
            arrays[label] = values.values[(slice(None), slice(None), *index)]
    np.savez(output, seconds=seconds, **arrays)


if __name__ == "__main__":
    main(*sys.argv[1:])
