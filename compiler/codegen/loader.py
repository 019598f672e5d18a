"""Generated source to callable functions: compiled by Numba and kept on disk, or run as plain Python.

The same text serves both. Compiled, it is a module file named by the hash of all it depends on, so that Numba's
own cache beside it stays valid as long as the name does; plain, it is executed with NumPy's functions in
place of `math`'s, which raise where compiled code gives inf or nan.
"""

from __future__ import annotations

import ast
import hashlib
import importlib.util
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np

from pplc.folders import cache_folder, write_whole

from ..library.graph import special
from . import support
from .library_functions import plain_function

_HEADER = "from pplc.compiler.codegen.prelude import *\n\n"

# Where a program calls itself too often its own message comes before Python's: a call that a solver makes is as many
# as 20 in Python, which take memory only, as none of them goes through C.
sys.setrecursionlimit(max(sys.getrecursionlimit(), 20 * support.DEEPEST_RECURSION))


def load_compiled(source: str) -> ModuleType:
    """The module of this source, its functions compiled (or read from the cache) when first called."""
    return _load_compiled(source, f"{cache_folder()}/generated")


@cache
def _load_compiled(source: str, folder: str) -> ModuleType:
    text = _HEADER + source
    name = "pplc_generated_" + hashlib.sha256((text + _fingerprint()).encode()).hexdigest()[:20]
    path = Path(folder) / f"{name}.py"
    if not path.exists():
        write_whole(path, text.encode())  # another process or thread may be writing the same file
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # Numba's cache pickles types that name their module
    spec.loader.exec_module(module)
    return module


@cache
def load_plain(source: str) -> SimpleNamespace:
    """The source executed as plain Python: no compilation, for work that is small."""
    return plain(source)


def plain(source: str, **others: Any) -> SimpleNamespace:
    """The source executed as plain Python, where some names mean something else."""
    namespace: dict[str, Any] = {
        **plain_names(), **vars(support), "np": np, "float": np.float64, "compiled": _as_it_is, "entry": _as_it_is,
        "library_kernel": _plain_kernel, "draw_function": _plain_draw, "library_function": plain_function, **others,
    }  # fmt: skip
    exec(compile(_with_numpy_floats(source, namespace), "<generated>", "exec"), namespace)
    return SimpleNamespace(**namespace)


def _with_numpy_floats(source: str, namespace: dict[str, Any]) -> ast.Module:
    """The program with every float literal a NumPy number: dividing those by zero gives inf, as compiled code does."""

    class Replace(ast.NodeTransformer):
        def visit_Constant(self, node: ast.Constant) -> ast.expr:
            name = f"_literal_{len(namespace)}"
            match node.value:
                case float(value):
                    namespace[name] = np.float64(value)
                case complex() as value:
                    namespace[name] = np.complex128(value)
                case _:
                    return node
            return ast.copy_location(ast.Name(name, ast.Load()), node)

    return ast.fix_missing_locations(Replace().visit(ast.parse(source)))


def _plain_kernel(*arguments: Any) -> Any:
    from .fallback import plain_kernel

    return plain_kernel(*arguments)


def _plain_draw(name: str) -> Any:
    from .draws import plain_draw_function

    return plain_draw_function(name)


@cache
def _fingerprint() -> str:
    """What compiled modules depend on besides their text: the support functions and the versions that compile."""
    import numba

    return "\n".join([Path(support.__file__).read_text(), numba.__version__, np.__version__, sys.version])


def _as_it_is(function: Any) -> Any:
    return function


def _special(name: str) -> Callable[[Any], Any]:
    """A function of SciPy's, which is imported by the first call: few programs make one."""
    return lambda x: getattr(special, name)(x)


@cache
def plain_names() -> dict[str, Any]:
    """The scalar functions of generated code, uncompiled: NumPy's where it has them, else the backend's texts."""
    from ..backend.mathlib import helpers

    names: dict[str, Any] = {
        name: getattr(np, name)
        for name in (
            "sin", "cos", "tan", "sinh", "cosh", "tanh", "exp", "exp2", "log", "log1p", "expm1", "log2", "log10",
            "sqrt", "floor", "ceil", "trunc", "fabs", "fmod", "copysign", "isnan", "rint", "maximum",
            "minimum", "inf", "nan",
        )
    }  # fmt: skip
    names |= {
        "asin": np.arcsin, "acos": np.arccos, "atan": np.arctan, "asinh": np.arcsinh, "acosh": np.arccosh,
        "atanh": np.arctanh, "atan2": np.arctan2, "pow": np.float_power, "power": np.float_power,
        "erf": _special("erf"), "erfc": _special("erfc"), "erfcx": _special("erfcx"),
        "lgamma": _special("gammaln"), "tgamma": _special("gamma"), "digamma": _special("psi"),
        "floats": np.empty, "ints": _ints, "fma": _fma, "exact": _as_it_is, "fast": _as_it_is,
        "strict": _as_it_is, "aside": _as_it_is, "complex": np.complex128, "bits": _bits, "from_bits": _from_bits,
        "float": np.float64, "np": np, "raw": np.ravel,
    }  # fmt: skip
    taken = set(names)
    for helper in helpers().values():
        if helper.name not in taken:
            exec("from __future__ import annotations\n" + helper.source, names)
    return names


def _ints(size: int) -> Any:
    return np.empty(size, np.int64)


def _fma(a: float, b: float, c: float) -> float:
    return a * b + c


def _bits(x: float) -> Any:
    return np.float64(x).view(np.int64)


def _from_bits(x: int) -> Any:
    return np.int64(x).view(np.float64)
