"""Laws of the gradients of functions whose containers have no elements, or one: they are Stan's, or differences."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytensor
import pytensor.tensor as pt
import pytest
import stanli
from function_cases import Case
from pplc.compiler.library.evaluation import evaluate
from pplc.compiler.types import Array, Int, Matrix, Real, RowVector, Type, Vector
from test_empty_containers import CASES, is_rejected, shortened

STEP = 1e-4
NAMES = {Vector(): "vector", RowVector(): "row_vector", Matrix(): "matrix", Real(): "real", Int(): "int"}


def cases() -> list[Any]:
    """One overload of each function that can be given parameters, the others among the slow tests."""
    found, seen = [], set()
    for case in CASES:
        marks = [pytest.mark.slow] if case.function.name in seen else []
        found += [pytest.param(case, size, marks=marks, id=f"{case} of {size}") for size in (0, 1)]
        if any(value.dtype.kind == "f" for value in case.arguments):
            seen.add(case.function.name)
    return found


class Sum:
    """The sum of all that a function gives, as a graph of those arguments that may be parameters."""

    def __init__(self, case: Case, size: int) -> None:
        self.case = case
        self.values = shortened(case, size)
        data = case.signature.data_only or (False,) * len(self.values)
        self.moving = [value.dtype.kind == "f" and not d for value, d in zip(self.values, data, strict=True)]
        graphs = [
            pt.tensor(dtype="float64", shape=value.shape) if moves else pt.constant(value)
            for value, moves in zip(self.values, self.moving, strict=True)
        ]
        found = case.function.build(*graphs)
        parts = [pt.as_tensor(part) for part in (found if isinstance(found, tuple | list) else [found])]
        self.total = pt.add(0.0, *(part.sum() for part in parts if part.dtype.startswith("float")))
        self.inputs = [graph for graph, moves in zip(graphs, self.moving, strict=True) if moves]
        self.at = [np.array(value) for value, moves in zip(self.values, self.moving, strict=True) if moves]

    def value(self, at: list[np.ndarray]) -> float:
        return float(evaluate(self.total, dict(zip(self.inputs, at, strict=True))))

    def gradients(self) -> list[np.ndarray]:
        graphs = pytensor.grad(self.total, self.inputs, disconnected_inputs="ignore", return_disconnected="zero")
        known = dict(zip(self.inputs, self.at, strict=True))
        return [evaluate(graph, known) for graph in graphs]

    def differences(self) -> list[np.ndarray]:
        return [
            np.reshape([self._difference(number, place) for place in np.ndindex(value.shape)], value.shape)
            for number, value in enumerate(self.at)
        ]

    def _difference(self, number: int, place: tuple[int, ...]) -> float:
        def moved(distance: float) -> float:
            at = [value.copy() for value in self.at]
            at[number][place] += distance
            return self.value(at)

        near, far = (moved(k * STEP) - moved(-k * STEP) for k in (1, 2))
        return (8 * near - far) / (12 * STEP)

    def stan(self) -> np.ndarray | None:
        """Stan's gradient, all arguments after each other; None where stanli has no answer."""
        names = [f"x{number}" for number in range(len(self.values))]
        blocks: dict[bool, list[str]] = {False: [], True: []}
        for name, type, value, moves in zip(
            names, self.case.signature.arguments, self.values, self.moving, strict=True
        ):
            blocks[moves].append(f"{declared(type, value.shape)} {name};")
        data = {n: v.tolist() for n, v, moves in zip(names, self.values, self.moving, strict=True) if not moves}
        call = f"{self.case.function.name}({', '.join(names)})"
        call = call if self.case.signature.result == Real() else f"sum({call})"
        text = "data {{ {} }} parameters {{ {} }} model {{ target += {}; }}"
        try:
            model = stanli.Model(stan_code=text.format(*map(" ".join, blocks.values()), call), data=data)
            return np.asarray(model.log_prob_grad(np.concatenate([np.ravel(value) for value in self.at]))[1])
        except RuntimeError:
            return None


def declared(type: Type, shape: tuple[int, ...]) -> str:
    if isinstance(type, Array):
        return f"array[{shape[0]}] {NAMES[type.element]}"
    return NAMES[type] + (f"[{', '.join(map(str, shape))}]" if shape else "")


@pytest.mark.parametrize(("case", "size"), cases())
def test_gradients(case: Case, size: int) -> None:
    if is_rejected(case, shortened(case, size)):
        return
    found = Sum(case, size)
    if not found.inputs:
        return
    gradients = found.gradients()
    assert [gradient.shape for gradient in gradients] == [value.shape for value in found.at]
    if not np.isfinite(found.value(found.at)):
        return
    expected = found.stan() if any(value.size for value in found.at) else None
    if expected is None:
        expected = np.concatenate([np.ravel(slope) for slope in found.differences()])
    np.testing.assert_allclose(np.concatenate([np.ravel(g) for g in gradients]), expected, rtol=1e-6, atol=1e-6)
