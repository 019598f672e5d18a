"""The overloads of every name are those that Stan's compiler lists (version 2.40 in development, 24,246 in all).

`signatures.digest` has a line for each name: how many overloads it has, and the start of the SHA-256 of their
texts, sorted, one per line. The compiler's list does not show which arguments must be data.
"""

from __future__ import annotations

import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest
from pplc.compiler.library import expand, registry
from pplc.compiler.library.definitions import Signature
from pplc.compiler.types import Int, Real, Vector

DIGEST = {
    name: (int(count), digest)
    for name, count, digest in map(str.split, Path(__file__).with_name("signatures.digest").read_text().splitlines())
}


def test_every_name_has_exactly_its_overloads() -> None:
    different = {}
    for name, (count, digest) in DIGEST.items():
        texts = sorted({str(Signature(s.arguments, s.result)) for s in expand.signatures_of(name)})
        if sha256("\n".join(texts).encode()).hexdigest()[:12] != digest:
            different[name] = f"{len(texts)} overloads, should be {count}"
    assert not different


def test_what_stan_has_gives_no_other_name() -> None:
    """A distribution with a cdf that Stan does not have would be a mistake; one that Stan does not know is none."""
    families = [
        *({name} for name in registry.functions()),
        *(set(expand.functions_of(distribution)) for distribution in registry.distributions().values()),
        *(set(expand.functions_of_transform(transform)) for transform in registry.transforms().values()),
    ]
    overloaded = {name for name in expand.all_names() if expand.signatures_of(name)}
    assert set(DIGEST) <= overloaded
    for family in families:
        assert family & overloaded <= set(DIGEST) or not family & set(DIGEST), family


def test_every_overload_is_served() -> None:
    for name in ("pow", "log_sum_exp", "normal_lpdf", "simplex_jacobian", "to_matrix", "multiply"):
        for signature in expand.signatures_of(name):
            assert expand.implementation(name, signature.arguments)


def test_an_overload_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(LookupError, match=r"exp\(vector, int\)"):
        expand.implementation("exp", (Vector(), Int()))
    assert expand.signatures_of("no_such_function") == ()


def test_higher_order_names_are_known() -> None:
    assert expand.is_library_name("ode_rk45")
    assert expand.is_library_name("reduce_sum")
    assert not expand.is_library_name("normal_lupdf")


def test_arguments_that_must_be_data_are_marked() -> None:
    (signature,) = expand.signatures_of("linspaced_vector")
    assert signature.data_only == (True, True, True)
    assert expand.signatures_of("to_int")[-1].data_only == (True,)
    assert Signature((Real(),), Int(), (True,)) in expand.signatures_of("to_int")


def test_looking_up_names_imports_nothing_heavy() -> None:
    program = (
        "import sys; from pplc.compiler.library import expand; "
        "[expand.signatures_of(name) for name in ('exp', 'normal_lpdf', 'simplex_constrain', 'pow')]; "
        "print({'numpy', 'scipy', 'pytensor', 'numba'} & set(sys.modules))"
    )
    output = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert output.strip() == "set()"
