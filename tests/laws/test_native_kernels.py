"""Every special function of the library, and each of its derivatives, is part of the program: Numba compiles none."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

import pplc.compiler.library.functions
import pytest
from pplc.compiler.backend.embedded import scalar_function
from pplc.compiler.library import special

_TOPICS = [f"{pplc.compiler.library.functions.__name__}.{topic.name}"
           for topic in iter_modules(pplc.compiler.library.functions.__path__)]  # fmt: skip
SPECIAL = {
    f"{function.value.__module__.rpartition('.')[2]}.{function.value.__name__}": function
    for module in [special, *map(import_module, _TOPICS)]
    for function in vars(module).values()
    if isinstance(function, special.Special)
}


@pytest.mark.parametrize("name", sorted(SPECIAL))
def test_it_translates(name: str) -> None:
    function = SPECIAL[name]
    for kernel in function.kernels():
        assert scalar_function(kernel) is not None, kernel.__name__
