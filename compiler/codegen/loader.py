"""Generated source to callable functions: compiled by Numba and kept on disk, or run as plain Python.

The same text serves both. Compiled, it is a module file named by the hash of all it depends on, so that Numba's
own cache beside it stays valid as long as the name does; plain, it is executed with NumPy's functions in
place of `math`'s, which raise where compiled code gives inf or nan.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import sys
from functools import cache
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np

from . import support

_HEADER = "from pplc.compiler.codegen.prelude import *\n\n"


def cache_folder() -> Path:
    """Where generated modules live: $PPLC_CACHE_DIR or ~/.cache/pplc, below `generated`."""
    base = os.environ.get("PPLC_CACHE_DIR") or Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "pplc"
    return Path(base) / "generated"


def load_compiled(source: str) -> ModuleType:
    """The module of this source, its functions compiled (or read from the cache) when first called."""
    return _load_compiled(source, str(cache_folder()))


@cache
def _load_compiled(source: str, folder: str) -> ModuleType:
    text = _HEADER + source
    name = "pplc_generated_" + hashlib.sha256((text + _fingerprint()).encode()).hexdigest()[:20]
    path = Path(folder) / f"{name}.py"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_suffix(f".{os.getpid()}")
        temporary.write_text(text)
        temporary.replace(path)  # another process may be writing the same file
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # Numba's cache pickles types that name their module
    spec.loader.exec_module(module)
    return module


@cache
def load_plain(source: str) -> SimpleNamespace:
    """The source executed as plain Python: no compilation, for work that is small."""
    namespace: dict[str, Any] = {
        **vars(support), "np": np, "math": _PLAIN_MATH, "compiled": _as_it_is, "entry": _as_it_is,
        "library_kernel": _plain_kernel, "draw_function": _plain_draw,
    }  # fmt: skip
    exec(compile(source, "<generated>", "exec"), namespace)
    return SimpleNamespace(**namespace)


def _plain_kernel(*arguments: Any) -> Any:
    from .fallback import library_kernel

    return library_kernel(*arguments)


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


def _lgamma(x: float) -> Any:
    from scipy.special import gammaln

    return gammaln(x)


def _erf(x: float) -> Any:
    from scipy.special import erf

    return erf(x)


def _erfc(x: float) -> Any:
    from scipy.special import erfc

    return erfc(x)


_PLAIN_MATH = SimpleNamespace(
    exp=np.exp, expm1=np.expm1, log=np.log, log1p=np.log1p, log2=np.log2, log10=np.log10, sqrt=np.sqrt, sin=np.sin,
    cos=np.cos, tan=np.tan, asin=np.arcsin, acos=np.arccos, atan=np.arctan, atan2=np.arctan2, sinh=np.sinh,
    cosh=np.cosh, tanh=np.tanh, asinh=np.arcsinh, acosh=np.arccosh, atanh=np.arctanh, floor=np.floor, ceil=np.ceil,
    pow=np.float_power, isnan=np.isnan, isinf=np.isinf, lgamma=_lgamma, erf=_erf, erfc=_erfc, inf=np.inf, nan=np.nan,
)  # fmt: skip
