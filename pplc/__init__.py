"""pplc: models written in the Stan language, compiled and sampled without a C++ toolchain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .compile import compile_model as compile_model
    from .errors import DataError as DataError
    from .errors import GenerationWarning as GenerationWarning
    from .errors import InitialisationFailed as InitialisationFailed
    from .errors import InitialValuesError as InitialValuesError
    from .errors import NanWarning as NanWarning
    from .errors import NotGenerative as NotGenerative
    from .errors import OptionError as OptionError
    from .errors import PplcError as PplcError
    from .errors import ProgramError as ProgramError
    from .errors import ProgramWarning as ProgramWarning
    from .model import Model as Model
    from .sampling import SamplingWarning as SamplingWarning
    from .variables import logp as logp

_HOMES = {
    "compile_model": "compile",
    "Model": "model",
    "PplcError": "errors",
    "ProgramError": "errors",
    "DataError": "errors",
    "InitialValuesError": "errors",
    "InitialisationFailed": "errors",
    "GenerationWarning": "errors",
    "NanWarning": "errors",
    "NotGenerative": "errors",
    "OptionError": "errors",
    "ProgramWarning": "errors",
    "SamplingWarning": "sampling",
    "logp": "variables",
}

__all__ = [
    "DataError",
    "GenerationWarning",
    "InitialValuesError",
    "InitialisationFailed",
    "Model",
    "NanWarning",
    "NotGenerative",
    "OptionError",
    "PplcError",
    "ProgramError",
    "ProgramWarning",
    "SamplingWarning",
    "compile_model",
    "logp",
]


def __getattr__(name: str) -> Any:
    """Import parts when they are first used, so that `import pplc` is immediate."""
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
