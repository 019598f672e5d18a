"""What is made of nan is nan, if it is allowed at all: a function that passes over it would give a wrong number."""

from __future__ import annotations

import numpy as np
import pytensor.tensor as pt
import pytest
from function_cases import case_of
from pplc.compiler.library import registry
from pplc.compiler.library.evaluation import evaluate
from pplc.compiler.library.expand import implementation, signatures_of
from pplc.compiler.library.needs import Needed, needed
from pplc.compiler.types import is_discrete

# Comparisons, as in Stan: the other number, and whether x < 0 does not hold.
PASSED_OVER = {"fmax", "fmin", "step"}


def functions() -> list[str]:
    """Those with a graph whose result is not made of integers."""
    names = [name for name, (first, *_) in registry.functions().items() if first.build and name not in PASSED_OVER]
    return sorted(name for name in names if not is_discrete(signatures_of(name)[0].result))


@pytest.mark.parametrize("name", functions())
def test_nan_is_handed_on(name: str) -> None:
    signature = signatures_of(name)[0]
    function = implementation(name, signature.arguments)
    given = case_of(function, signature).arguments
    for place, value in enumerate(given):
        if isinstance(value, tuple) or np.asarray(value).dtype.kind != "f" or not np.size(value):
            continue
        arguments = [pt.constant(np.full_like(v, np.nan) if n == place else v) for n, v in enumerate(given)]
        needs = [found for found in needed(name, signature.arguments) if isinstance(found, Needed)]
        if not all(evaluate(pt.all(found.truth(arguments))) for found in needs):
            continue  # the call is refused
        found = function.build(*arguments)
        results = [evaluate(pt.as_tensor(result)) for result in (found if isinstance(found, tuple) else (found,))]
        assert any(np.isnan(result).any() for result in results), (place, results)
