"""One unit of generated code: the module under construction, with all that its functions share."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from .kernels import Kernel
from .library_functions import definition
from .messages import Messages


@dataclass(slots=True)
class Unit:
    """Functions in the order of their definition, made once per key, and the places that can report."""

    messages: Messages = field(default_factory=Messages)
    naming: bool = False  # failures are reported: arguments are checked even where the result would be nan
    explaining: bool = False  # and what makes a density zero
    watching: bool = False  # each nan says where it began
    _parts: list[str] = field(default_factory=list)
    _names: dict[Any, str] = field(default_factory=dict)
    _taken: dict[str, int] = field(default_factory=dict)

    def add(self, text: str) -> None:
        """Append source text at module level."""
        self._parts.append(text)

    def name_for(self, key: Any, wanted: str) -> tuple[str, bool]:
        """The module-level name that belongs to `key`, and whether it is new (then define it)."""
        if key in self._names:
            return self._names[key], False
        number = self._taken.get(wanted, 0) + 1
        self._taken[wanted] = number
        self._names[key] = f"{wanted}__{number}" if number > 1 else f"{wanted}__"
        return self._names[key], True

    def library(self, kernel: Kernel) -> None:
        """Define the functions of the library that the kernel's text calls, if they were not yet."""
        for function in kernel.library:
            line = definition(function)
            if line not in self._parts:
                self.add(line)

    def kernel(self, kernel: Kernel) -> str:
        """The name of the kernel's function, defined if it was not yet."""
        self.library(kernel)
        name, new = self.name_for(("kernel", kernel.source or kernel.rebuilt), kernel.name)
        if new and kernel.source:
            self.add(f"@compiled\ndef {name}{kernel.source}")
        elif new:
            self.add(f"{name} = library_kernel({kernel.rebuilt})")
        return name

    def define(self, key: Any, wanted: str, write: Callable[[str], str]) -> str:
        """The name of a function; `write(name)` gives its source when it is needed for the first time."""
        name, new = self.name_for(key, wanted)
        if new:
            self.add(write(name))
        return name

    def may_fail(self, text: str) -> bool:
        """Whether lines record an error, themselves or in a function that they call."""
        defined = {found[1]: part for part in self._parts if (found := re.match(r"@compiled\ndef (\w+)\(", part))}
        pending, seen = [text], set[str]()
        while pending:
            lines = pending.pop()
            if re.search(r"\bfail\(", lines):
                return True
            new = (set(re.findall(r"\w+", lines)) & set(defined)) - seen
            seen |= new
            pending += [defined[name] for name in new]
        return False

    @contextmanager
    def not_watching(self) -> Iterator[None]:
        """Code in which nan says nothing."""
        before, self.watching = self.watching, False
        yield
        self.watching = before

    @property
    def source(self) -> str:
        return "\n\n".join(self._parts) + "\n"
