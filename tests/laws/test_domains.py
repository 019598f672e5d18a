"""Where the library's functions are declared to be defined: beyond it no result looks like an ordinary number."""

from __future__ import annotations

import numpy as np
import pytensor.tensor as pt
import pytest
from function_cases import case_of
from pplc.compiler.library import registry
from pplc.compiler.library.definitions import Function, Signature
from pplc.compiler.library.evaluation import evaluate
from pplc.compiler.library.expand import all_names, signatures_of
from pplc.compiler.library.needs import Needed, needed
from pplc.compiler.library.shorthand import expand
from pplc.compiler.types import Int, Real

OUTSIDE = (-np.inf, -2.5, -1.0, -0.5, 0.0, 0.5, 1.5, 2.5, 1e3, np.inf, np.nan)


def scalar_signature(function: Function) -> Signature | None:
    found = (signature for line in function.signatures for signature in expand(line))
    return next((s for s in found if s.arguments and all(t in (Int(), Real()) for t in s.arguments)), None)


DECLARED = [
    (function, signature)
    for functions in registry.functions().values()
    for function in functions
    if function.domain and (signature := scalar_signature(function)) is not None
]


@pytest.mark.parametrize(("function", "signature"), DECLARED, ids=[function.name for function, _ in DECLARED])
def test_what_is_not_checked_is_nan(function: Function, signature: Signature) -> None:
    """A condition that nobody looks at while sampling must show in the value."""
    usual = [np.asarray(value) for value in case_of(function, signature).arguments]
    for needs in needed(function.name, signature.arguments):
        if not isinstance(needs, Needed) or not needs.condition.nan:
            continue
        for value in OUTSIDE:
            arguments = [*usual]
            position = needs.positions[0]
            if signature.arguments[position] == Int() and not float(value).is_integer():
                continue
            arguments[position] = np.asarray(value, usual[position].dtype)
            graphs = [pt.constant(argument) for argument in arguments]
            if bool(evaluate(pt.as_tensor(needs.truth(graphs)))):
                continue
            result = evaluate(function.build(*graphs))
            assert not np.isfinite(result), (function.name, arguments, result)


def test_every_call_knows_what_it_needs() -> None:
    """Conditions name arguments that there are, whatever the overload."""
    for name in all_names():
        for signature in signatures_of(name)[:3]:
            needed(name, signature.arguments)
