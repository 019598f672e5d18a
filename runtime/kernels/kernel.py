"""Functions written for Numba that are called without it: machine code is kept on disk and loaded through llvmlite.

Numba turns such a function into LLVM code, LLVM turns that into machine code. The first half takes 4 s for a sampler,
and importing Numba 1 s, so it is done before: LLVM code of the package's own kernels comes with the package (see
`shipped`). The second takes 1.5 s, once per machine and version of the source, and can be done beside other work (see
`prepare`). Loading takes 0.05 s.
"""

from __future__ import annotations

import ctypes
import importlib
import threading
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any

from pplc.runtime.kernels import files, machine, shipped
from pplc.runtime.kernels.calling import c_types, describe, flatten
from pplc.runtime.kernels.source import fingerprint

from pplc.folders import cache_folder


class Kernel:
    """A function of NumPy arrays, named tuples of arrays, ints and floats, that returns an int.

    `module` and `name` say where the Numba function lives, `example` returns arguments of the types that it takes. The
    function must not allocate, raise or touch Python (see `pplc.runtime.compiled`), and arrays must be C-contiguous.
    Calls release the GIL.
    """

    def __init__(self, module: str, name: str, example: Callable[[], tuple[object, ...]]) -> None:
        self.module, self.name, self.example = module, name, example
        self._function: Any = None
        self._lock = threading.Lock()

    def __call__(self, *arguments: object) -> int:
        if (types := describe(arguments)) != self.types:
            raise TypeError(f"{self.module}.{self.name} takes {self.types}, not {types}")
        function = self.load()
        result, exception = ctypes.c_int64(), ctypes.c_void_p()
        flat: list[object] = [ctypes.addressof(result), ctypes.addressof(exception)]
        flatten(arguments, flat)
        if function(*flat) != 0:
            raise RuntimeError(f"the compiled function {self.module}.{self.name} failed")
        return result.value

    def load(self) -> Any:
        """The C function; compiled now if it never was on this machine."""
        with self._lock:
            if self._function is None:
                code = files.read(self._path)
                if code is None:
                    code = self._assemble()
                    files.write(self._path, code)
                signature = [ctypes.c_void_p, ctypes.c_void_p, *c_types(self.example())]
                self._function = ctypes.CFUNCTYPE(ctypes.c_int32, *signature)(machine.link(code))
            return self._function

    def prepare(self) -> None:
        """Have the machine code made in the background if it is not there and LLVM alone can make it.

        Numba is not for the background: it would compete for the GIL, and the compiler of models may use it meanwhile.
        """
        if files.read(self._path) is None and shipped.find(self.name, self.source) is not None:
            threading.Thread(target=self.load, name=f"compile {self.name}").start()

    def write(self) -> bytes:
        """The LLVM code, by Numba."""
        from pplc.runtime.compiled import write_code

        return write_code(getattr(importlib.import_module(self.module), self.name), self.example())

    @cached_property
    def types(self) -> object:
        """Of the arguments."""
        return describe(self.example())

    @cached_property
    def source(self) -> str:
        """Changes whenever the LLVM code may."""
        return fingerprint(self.module, self.name, repr(self.types))

    @cached_property
    def _path(self) -> Path:
        folder = Path(cache_folder()) / "kernels"
        return folder / f"{self.module}.{self.name}-{machine.fingerprint(self.source)}.o"

    def _assemble(self) -> bytes:
        bitcode = shipped.find(self.name, self.source)
        code = None if bitcode is None else machine.assemble(bitcode)
        if code is None:
            code = machine.assemble(self.write())
            assert code is not None
        return code
