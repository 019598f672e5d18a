"""Numba functions compiled ahead of time: machine code is kept on disk and loaded without importing Numba.

Importing Numba and calling one function from its own cache takes about 1.6 s of CPU; loading the same
machine code through llvmlite takes 0.1 s. Samplers are therefore compiled once per machine and version of
their source, and an ordinary run never imports Numba for them.
"""

from __future__ import annotations

import ctypes
import hashlib
import importlib
import importlib.util
import os
import struct
import tempfile
import threading
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from pplc.folders import cache_folder

_HEADER = struct.Struct("<8sI")  # magic word, length of the symbol's name
_MAGIC = b"pplcobj1"
_ROOT = Path(__file__).parent
_KEPT_VERSIONS = 8
_KERNEL_SOURCES = ("compiled.py", "density.py", "generator.py", "dynamics/*.py", "adaptation/*.py", "variational/*.py")


class Kernel:
    """A function of NumPy arrays, named tuples of arrays, ints and floats, that returns an int.

    `module` and `name` say where the Numba function lives; the module is imported only when no compiled
    code for these argument types is on disk. Calls release the GIL. The function must not allocate, raise
    or touch Python (see `pplc.runtime.compiled`), and arrays must be C-contiguous.
    """

    def __init__(self, module: str, name: str) -> None:
        self.module, self.name = module, name
        self._loaded: dict[str, Any] = {}
        self._lock = threading.Lock()

    def __call__(self, *arguments: object) -> int:
        function = self.load(*arguments)
        result, exception = ctypes.c_int64(), ctypes.c_void_p()
        flat: list[object] = [ctypes.addressof(result), ctypes.addressof(exception)]
        for argument in arguments:
            _flatten(argument, flat)
        if function(*flat) != 0:
            raise RuntimeError(f"the compiled function {self.module}.{self.name} failed")
        return result.value

    def load(self, *arguments: object) -> Any:
        """The C function for arguments of these types; compiled now if it never was on this machine."""
        types = repr([_describe(argument) for argument in arguments])
        with self._lock:
            if types not in self._loaded:
                key = _fingerprint(self.module, self.name, types)
                path = Path(cache_folder()) / "kernels" / f"{self.module}.{self.name}-{key}.o"
                stored = _read(path)
                if stored is None:
                    stored = self._compile(arguments)
                    _write(path, *stored)
                self._loaded[types] = _link(*stored, arguments)
            return self._loaded[types]

    def _compile(self, arguments: tuple[object, ...]) -> tuple[str, bytes]:
        import numba
        from pplc.runtime.compiled import build_object

        function = getattr(importlib.import_module(self.module), self.name)
        return build_object(function, tuple(numba.typeof(argument) for argument in arguments))


def _fallback_directory() -> Path:
    """A folder of this user that is writable where a home folder is not."""
    user = os.getuid() if hasattr(os, "getuid") else os.environ.get("USERNAME", "user")
    return Path(tempfile.gettempdir()) / f"pplc-{user}"


def _describe(argument: object) -> object:
    match argument:
        case np.ndarray():
            if not argument.flags.c_contiguous:
                raise ValueError("a compiled function takes C-contiguous arrays")
            dtype = argument.dtype.descr if argument.dtype.names else argument.dtype.str
            return ("array", argument.ndim, dtype)
        case tuple():
            return (type(argument).__qualname__, *map(_describe, argument))
        case int():
            return "int"
        case float():
            return "float"
        case _:
            raise TypeError(f"a compiled function cannot take a {type(argument).__name__}")


def _flatten(argument: Any, into: list[object]) -> None:
    """Append what Numba's calling convention passes: an array is (owner, parent, items, item size, data, shape,
    strides); a tuple is its members."""
    match argument:
        case np.ndarray():
            into += (None, None, argument.size, argument.itemsize, argument.ctypes.data)
            into += argument.shape
            into += argument.strides
        case tuple():
            for member in argument:
                _flatten(member, into)
        case _:
            into.append(argument)


def _c_types(argument: Any) -> list[Any]:
    match argument:
        case np.ndarray():
            word = ctypes.c_ssize_t
            return [ctypes.c_void_p, ctypes.c_void_p, word, word, ctypes.c_void_p, *[word] * (2 * argument.ndim)]
        case tuple():
            return [c_type for member in argument for c_type in _c_types(member)]
        case float():
            return [ctypes.c_double]
        case _:
            return [ctypes.c_int64]


def _fingerprint(module: str, name: str, types: str) -> str:
    """Names a compiled function by its own source, that of all it may call, and its types."""
    specification = importlib.util.find_spec(module)
    if specification is None or specification.origin is None:
        raise ModuleNotFoundError(f"no module named {module}", name=module)
    digest = hashlib.sha256(Path(specification.origin).read_bytes())
    digest.update(f"{_environment()} {module} {name} {types}".encode())
    return digest.hexdigest()[:32]


@cache
def _environment() -> str:
    """All that the machine code depends on besides: sources, compiler and processor."""
    import llvmlite.binding as llvm

    sources = hashlib.sha256()
    for pattern in _KERNEL_SOURCES:
        for path in sorted(_ROOT.glob(pattern)):
            sources.update(path.read_bytes())
    features = llvm.get_host_cpu_features().flatten()
    return f"{sources.hexdigest()} {version('numba')} {version('llvmlite')} {llvm.get_host_cpu_name()} {features}"


def _read(path: Path) -> tuple[str, bytes] | None:
    for candidate in (path, _fallback_directory() / path.name):
        try:
            content = candidate.read_bytes()
        except OSError:
            continue
        digest, content = content[:32], content[32:]
        if hashlib.sha256(content).digest() != digest or content[:8] != _MAGIC:
            continue  # cut short or foreign: compile again
        length = _HEADER.unpack_from(content)[1]
        name, code = content[_HEADER.size :][:length], content[_HEADER.size + length :]
        return name.decode(), code
    return None


def _write(path: Path, name: str, code: bytes) -> None:
    content = _HEADER.pack(_MAGIC, len(name.encode())) + name.encode() + code
    content = hashlib.sha256(content).digest() + content
    for target in (path, _fallback_directory() / path.name):
        try:
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as file:
                file.write(content)
            os.replace(file.name, target)
            _forget_old(target)
        except OSError:
            continue  # without a cache, the next run compiles again
        return


def _forget_old(newest: Path) -> None:
    """Keep a few versions of a kernel (other environments may use them), not all that ever were."""
    versions = newest.parent.glob(f"{newest.name.rsplit('-', 1)[0]}-*.o")
    for path in sorted(versions, key=lambda path: path.stat().st_mtime)[:-_KEPT_VERSIONS]:
        path.unlink(missing_ok=True)


_engines: list[Any] = []  # machine code lives as long as its engine


def _link(name: str, code: bytes, arguments: tuple[object, ...]) -> Any:
    import llvmlite.binding as llvm

    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    machine = llvm.Target.from_default_triple().create_target_machine()
    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), machine)
    engine.add_object_file(llvm.ObjectFileRef.from_data(code))
    engine.finalize_object()
    _engines.append(engine)
    signature = [ctypes.c_void_p, ctypes.c_void_p]
    for argument in arguments:
        signature += _c_types(argument)
    return ctypes.CFUNCTYPE(ctypes.c_int32, *signature)(engine.get_function_address(name))
