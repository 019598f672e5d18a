"""What docs/adding.md shows is a distribution and a function: they obey the laws as those of the library do."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytensor.tensor as pt
import pytest
import scipy.special
import test_distributions as laws
from pplc.compiler.library.definitions import Distribution, Tensor, function
from univariate import PYTHON

GUIDE = (Path(__file__).parents[2] / "docs" / "adding.md").read_text()
DISTRIBUTION, FUNCTION = re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)


def defined(source: str, **known: Any) -> dict[str, Any]:
    names = {"__package__": "pplc.compiler.library.distributions", **known}
    exec(source, names)
    return names


@pytest.mark.parametrize(
    "law",
    [
        laws.test_log_density_is_that_of_the_reference,
        laws.test_log_cdf_is_that_of_the_reference,
        laws.test_density_has_mass_one,
        laws.test_slope_of_the_cdf_is_the_density,
        laws.test_draws_follow_the_reference,
    ],
    ids=lambda law: law.__name__.removeprefix("test_"),
)
def test_the_distribution(law: Any) -> None:
    [distribution] = {value for value in defined(DISTRIBUTION).values() if isinstance(value, Distribution)}
    law(distribution)


def test_the_function() -> None:
    found = defined(FUNCTION, function=function, Tensor=Tensor, pt=pt)["log_mean_exp"]
    x = np.array([700.0, 800.0, 801.0])
    expected = eval(found.reference, {"scipy": scipy, "numpy": np, "x": x})
    np.testing.assert_allclose(found.build(pt.as_tensor(x)).eval(mode=PYTHON), expected, rtol=1e-14)
