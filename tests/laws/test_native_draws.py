"""The machine code of a draw gives what NumPy's generator gives from the same seed, for every distribution."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from pplc.compiler.backend.cache import machine_code
from pplc.compiler.codegen.draws import plain_draw_function
from pplc.compiler.codegen.messages import Messages
from pplc.compiler.codegen.native_block import NativeBlock, program_text
from pplc.compiler.codegen.rows import KINDS, placed, widths
from pplc.compiler.codegen.values import Slot
from pplc.compiler.library.registry import distributions
from test_multivariate_draws import PARAMETERS, draw_arguments
from univariate import REFERRED, cases

COUNT = 50
UNIVARIATE = sorted(d.name for d in REFERRED if d.draw and d.name not in PARAMETERS)


def arguments_of(name: str) -> tuple[Any, ...]:
    return draw_arguments(name) if name in PARAMETERS else cases(distributions()[name])[0][0]


def slot_of(value: Any) -> Slot:
    array = np.asarray(value)
    return Slot("i" if array.dtype.kind == "i" else "f", array.ndim)


def native_draws(name: str, arguments: tuple[Any, ...], like: Any) -> Any:
    """Draws with fixed arguments; an outcome looks like `like`."""
    names = ", ".join(f"a{n}" for n in range(len(arguments)))
    rows = ", ".join(f"_{row}" for row in KINDS.values())
    [place] = places = placed([(slot_of(like), np.shape(like))])
    source = (
        f"draw__ = draw_function({name!r})\n\n@entry\ndef block({rows}, _messages, _rng, {names}):\n"
        f"    x = draw__(_rng, {names})\n    {place.line('x')}\n"
    )
    slots = tuple(map(slot_of, arguments))
    text = program_text(source, list(zip(slots, map(np.shape, arguments), strict=True)), [], widths(places))
    block = NativeBlock(text, machine_code(text), "", slots, (), tuple(places), (place.slot,), (), Messages())
    return block.over_draws(arguments, [], COUNT, np.random.default_rng(3)).values[0]


@pytest.mark.parametrize("name", [*UNIVARIATE, *sorted(PARAMETERS)])
def test_draws_are_numpys(name: str) -> None:
    arguments = tuple(np.asarray(a)[()] for a in arguments_of(name))
    rng = np.random.default_rng(3)
    expected = [plain_draw_function(name)(rng, *arguments) for _ in range(COUNT)]
    np.testing.assert_allclose(native_draws(name, arguments, expected[0]), np.stack(expected), rtol=1e-9, atol=1e-12)
