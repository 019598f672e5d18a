"""What every method of inference looks like from outside: a name, its settings, and a way to run it.

Each file of the folders named in FOLDERS that holds a value called `driver` is found by `drivers()`. The fields
of its settings describe themselves (see `setting`), so that a command line can offer them as options.
"""

from __future__ import annotations

import dataclasses
import importlib
import math
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from numbers import Integral, Real
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pplc.runtime.contract import Array, Target
from pplc.runtime.words import in_python

if TYPE_CHECKING:
    from pplc.runtime.chains import Observer
    from pplc.runtime.kernels.kernel import Kernel
    from pplc.runtime.results import Result


FOLDERS = ("samplers", "variational", "optimisation")
LARGEST_SEED = 2**63 - 1  # results keep it as an integer of 64 bits


def new_seed() -> int:
    """A seed at random, short enough to be typed again."""
    return secrets.randbelow(2**31)


class SettingsError(ValueError):
    """Settings that make no sense; `problems` lists all of them."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__(in_python("; ".join(problems)))
        self.problems = tuple(problems)


@dataclass(frozen=True)
class Run:
    """What a run is told besides the settings of its method.

    `starts`, shape (chains, size), holds unconstrained initial positions; without it they are drawn at random.
    `observe` is called a few times a second with the progress of all chains, from the calling thread.
    `time_limit` is in seconds; a run that reaches it keeps its draws and is flagged incomplete.
    """

    chains: int = 4
    seed: int = 0
    starts: Array | None = None
    observe: Observer | None = None
    threads: int | None = None  # default: one per processor
    time_limit: float = math.inf
    chunk: int | None = None  # transitions between two returns to Python; default: no returns

    def problems(self) -> list[str]:
        found = [
            f"<{name}> must be {what}, not {getattr(self, name)!r}"
            for name, kind, what in _KINDS
            if getattr(self, name) is not None and not _is_a(kind, getattr(self, name))
        ]
        if found:
            return found
        if self.chains < 1:
            found.append(f"<chains> must be at least 1, not {self.chains}")
        if self.seed < 0:
            found.append(f"<seed> must not be negative, but is {self.seed}")
        if self.seed > LARGEST_SEED:
            found.append(f"<seed> must be less than 2^63, not {self.seed}")
        if self.threads is not None and self.threads < 1:
            found.append(f"<threads> must be at least 1, not {self.threads}")
        if self.chunk is not None and self.chunk < 1:
            found.append(f"<chunk> must be at least 1, not {self.chunk}")
        if not self.time_limit > 0:
            found.append(f"<time_limit> must be positive, not {self.time_limit:g}")
        if self.starts is not None and (self.starts.ndim != 2 or len(self.starts) != self.chains):
            found.append(
                f"<starts> must have one row for each of the {self.chains} chains, not shape {self.starts.shape}"
            )
        return found


_KINDS = (
    ("chains", Integral, "a whole number"),
    ("seed", Integral, "a whole number"),
    ("threads", Integral, "a whole number"),
    ("time_limit", Real, "a number"),
)


def _is_a(kind: type, value: object) -> bool:
    """Whether a value is a number of a kind; truth values are not."""
    return isinstance(value, kind) and not isinstance(value, bool)


@dataclass(frozen=True)
class Driver:
    """A method of inference. `settings` is a frozen dataclass whose defaults are sensible."""

    name: str
    title: str  # one line for a list of methods
    settings: type
    start: Callable[[Target, Any, Run], Result]
    kernels: tuple[Kernel, ...] = ()  # the compiled code that it runs

    def prepare(self) -> None:
        """Begin with what can be done before there is a target, in the background."""
        for kernel in self.kernels:
            kernel.prepare()

    def run(self, target: Target, settings: object = None, run: Run | None = None, **options: Any) -> Result:
        """Run on `target`. `options` are fields of `Run`: chains, seed, observe, ...

        Raises SettingsError, and InitialisationError if no initial point has a finite density.
        """
        settings = self.settings() if settings is None else settings
        run = dataclasses.replace(run or Run(), **options)
        if problems := check(settings) + run.problems():
            raise SettingsError(problems)
        return self.start(target, settings, run)


def setting(
    default: Any,
    help: str,
    *,
    minimum: float | None = None,
    maximum: float | None = None,
    above: float | None = None,
    below: float | None = None,
    choices: tuple[str, ...] = (),
) -> Any:
    """A field of a settings class. `minimum` and `maximum` are allowed values, `above` and `below` are not."""
    metadata = {
        "help": help,
        "minimum": minimum,
        "maximum": maximum,
        "above": above,
        "below": below,
        "choices": choices,
    }
    return dataclasses.field(default=default, metadata=metadata)


def check(settings: Any) -> list[str]:
    """All that is wrong with the values of `settings`, in words (see `pplc.runtime.words`)."""
    problems = []
    for field in dataclasses.fields(settings):
        value, rule = getattr(settings, field.name), field.metadata
        if choices := rule.get("choices"):
            if value not in choices:
                problems.append(f"<{field.name}> must be one of {', '.join(choices)}, not {value!r}")
            continue
        if isinstance(field.default, bool):
            if not isinstance(value, bool):
                problems.append(f"<{field.name}> must be true or false, not {value!r}")
            continue
        if isinstance(field.default, str):
            continue
        if not _is_a(Real, value):
            problems.append(f"<{field.name}> must be a number, not {value!r}")
            continue
        if not math.isfinite(value):
            problems.append(f"<{field.name}> must be a finite number, not {value:g}")
            continue
        if isinstance(field.default, int) and value != int(value):
            problems.append(f"<{field.name}> must be a whole number, not {value:g}")
        if (minimum := rule.get("minimum")) is not None and not value >= minimum:
            problems.append(f"<{field.name}> must be at least {minimum:g}, not {value:g}")
        if (maximum := rule.get("maximum")) is not None and not value <= maximum:
            problems.append(f"<{field.name}> must be at most {maximum:g}, not {value:g}")
        if (above := rule.get("above")) is not None and not value > above:
            problems.append(f"<{field.name}> must be greater than {above:g}, not {value:g}")
        if (below := rule.get("below")) is not None and not value < below:
            problems.append(f"<{field.name}> must be less than {below:g}, not {value:g}")
    return problems


@cache
def drivers() -> dict[str, Driver]:
    """All methods by name, samplers first.

    Files without a driver are not imported: they hold compiled code and would load Numba.
    """
    found = {}
    for folder in FOLDERS:
        for path in sorted((Path(__file__).parent / folder).glob("*.py")):
            if "\ndriver = Driver(" in path.read_text(encoding="utf-8"):
                driver = importlib.import_module(f"pplc.runtime.{folder}.{path.stem}").driver
                found[driver.name] = driver
    return found
