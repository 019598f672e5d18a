"""From PyTensor's ops to array expressions: one function per op, registered on the op's class."""

import pkgutil
from importlib import import_module

from .registry import Converter, Unsupported, convert

__all__ = ["Converter", "Unsupported", "convert"]

for _module in pkgutil.iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")
