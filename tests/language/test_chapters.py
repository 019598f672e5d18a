"""The chapters of the language: every program in them is checked, and what its comments claim is true.

In a program, `// error: [code]` and `// warning: [code]` stand on the lines where the checker finds just these;
`// = value` stands behind the declaration of a variable of the transformed data, whose value it is
once the lines with errors are gone;
`// stops: text` stands on the line where the program ends with a message that has the text.
"""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pplc.compiler.frontend import read_program
from pplc.compiler.lower.values import TupleValue
from pplc.grammar.source import Source

import pplc

CLAIM = re.compile(r"// (error|warning): \[([a-z-]+)\]")
VALUE = re.compile(r"(\w+) = .*; // = (.+)$")
STOP = re.compile(r"// stops: (.+)$")


def programs() -> Iterator[Any]:
    """The programs of all chapters, named after the heading before them."""
    for chapter in sorted(Path(__file__).parent.glob("*.md")):
        heading, count = "", 0
        for part in re.finditer(r"^#+ ([^\n]+)$|^```stan\n(.*?)^```$", chapter.read_text(), re.MULTILINE | re.DOTALL):
            if part[1]:
                heading, count = part[1], 0
            else:
                count += 1
                yield pytest.param(part[2], id=f"{chapter.stem}: {heading} {count}")


@pytest.mark.parametrize("text", list(programs()))
def test_program(text: str) -> None:
    lines = list(enumerate(text.splitlines(), 1))
    claimed = {(number, *claim.groups()) for number, line in lines for claim in CLAIM.finditer(line)}
    _, found = read_program(Source("chapter.stan", text))
    assert {(d.mark.span.line, d.severity.value, d.code) for d in found} == claimed
    values = {value[1]: value[2] for _, line in lines if (value := VALUE.search(line))}
    stops = [(number, stop[1]) for number, line in lines if (stop := STOP.search(line))]
    if values:
        check_values("\n".join("" if "// error" in line else line for _, line in lines), values)
    for number, message in stops:
        with pytest.raises(pplc.PplcError) as problem:
            _ = pplc.compile_model(text).lowered
        assert message in str(problem.value)
        assert f":{number}:" in str(problem.value)


def check_values(text: str, claimed: dict[str, str]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        bindings = pplc.compile_model(text).lowered.bindings
    found = {variable.name: plain(binding.value) for variable, binding in bindings.items()}
    for name, value in claimed.items():
        np.testing.assert_allclose(found[name], json.loads(value), rtol=1e-12, err_msg=name)


def plain(value: Any) -> Any:
    """A lowered value as numbers; a tuple as the list of its elements."""
    return [plain(element) for element in value.elements] if isinstance(value, TupleValue) else value.numbers


def test_chapters_are_found() -> None:
    assert sum(1 for _ in programs()) > 40
