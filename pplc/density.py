"""The log density of a model as functions: of a point (a dict) or a position (an array), in parts, differentiated.

A *point* is a dict from parameter name to its unconstrained values (an array of one axis); a *position* is all of
them in one array, in Stan's order. `Bijection` leads from one to the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from pplc.compiler import ir
from pplc.compiler.library.graph import added
from pplc.compiler.lower.program import Lowered, total
from pplc.compiler.lower.scope import Term
from pplc.runtime.contract import LogDensity

type Floats = NDArray[np.float64]
type Point = Mapping[str, Any]
type Part = Literal["all", "data", "parameters", "potentials"]

PARTS = get_args(Part.__value__)


@dataclass(frozen=True)
class Bijection:
    """Between points and positions; `offsets` says where each parameter begins and ends in a position."""

    offsets: Mapping[str, tuple[int, int]]
    size: int

    def dict_to_array(self, point: Point) -> Floats:
        """The position of a point. Raises KeyError for missing and unknown parameters, ValueError for wrong lengths."""
        if missing := [name for name in self.offsets if name not in point]:
            raise KeyError(f"no value is given for {', '.join(missing)}")
        position = np.empty(self.size)
        self.write(point, position)
        return position

    def write(self, point: Point, position: Floats) -> None:
        """Write the values of some parameters into a position. Raises KeyError and ValueError as `dict_to_array`."""
        self.check_names(point)
        for name, given in point.items():
            start, end = self.offsets[name]
            values = np.asarray(given, dtype=np.float64).ravel()
            if len(values) != end - start:
                raise ValueError(f"`{name}` has {end - start} unconstrained values, not {len(values)}")
            position[start:end] = values

    def check_names(self, names: Iterable[str]) -> None:
        """Raises KeyError for names that no parameter has."""
        if unknown := [name for name in names if name not in self.offsets]:
            raise KeyError(f"no parameter is called {', '.join(unknown)}; there are {', '.join(self.offsets)}")

    def array_to_dict(self, position: Floats) -> dict[str, Floats]:
        """The point at a position."""
        position = self.position(position)
        return {name: position[start:end].copy() for name, (start, end) in self.offsets.items()}

    def position(self, where: Point | Floats) -> Floats:
        """Either form as a position. Raises ValueError for one of another length."""
        if isinstance(where, Mapping):
            return self.dict_to_array(where)
        position = np.asarray(where, dtype=np.float64)
        if position.shape != (self.size,):
            raise ValueError(f"a position has shape ({self.size},), not {position.shape}")
        return position


class DensityFunctions:
    """Compiled functions of a lowered program's log density; each is compiled when first used."""

    def __init__(self, lowered: Lowered) -> None:
        self.lowered = lowered
        self.bijection = Bijection(lowered.offsets, lowered.size)
        self._totals: dict[tuple[bool, Part], Any] = {}

    def log_density(self, where: Point | Floats, jacobian: bool = True, part: Part = "all") -> float:
        """The log density of a part of the model."""
        return self._compiled(jacobian, part)(self.bijection.position(where))[0]

    def gradient(self, where: Point | Floats, jacobian: bool = True, part: Part = "all") -> Floats:
        """Its gradient with respect to the position, shape (size,)."""
        return self._compiled(jacobian, part)(self.bijection.position(where))[1]

    def without_jacobian(self) -> LogDensity:
        """The log density of the parameters as declared, for samplers and optimisers."""
        compiled = self._compiled(False, "all")
        return LogDensity(compiled.address, compiled.size, keep_alive=compiled)

    def hessian(self, where: Point | Floats, jacobian: bool = True) -> Floats:
        """The matrix of second derivatives, shape (size, size): one product with each unit vector."""
        position = self.bijection.position(where)
        directions = np.eye(self.lowered.size)
        positions = np.broadcast_to(position, directions.shape)
        (rows,) = self._hessian_products[jacobian].over_draws(positions, directions)
        return (rows + rows.T) / 2

    def terms(self, where: Point | Floats) -> list[tuple[int, float]]:
        """What each statement adds: (line, value), Jacobian terms at the line of the declaration."""
        values = self._term_function(self.bijection.position(where)) if self.lowered.terms else ()
        pairs = zip(self.lowered.terms, values, strict=True)
        return [(term.span.line, float(value)) for term, value in pairs]

    def _compiled(self, jacobian: bool, part: Part) -> Any:
        from pplc.compiler.backend.density import compile_log_density

        if part not in PARTS:
            raise ValueError(f"there is no part {part!r}; the parts are {', '.join(PARTS)}")
        key = jacobian, part
        if key not in self._totals:
            graph = self.lowered.log_density(jacobian) if part == "all" else self._sum(jacobian, part)
            name = f"log_density_{part}"
            self._totals[key] = compile_log_density(self.lowered.position, graph, self.lowered.table.values, name)
        return self._totals[key]

    def _sum(self, jacobian: bool, part: Part) -> Any:
        with_jacobian = jacobian and part == "parameters"
        terms = [t for t in self.lowered.terms if self._part_of(t) == part or (with_jacobian and t.kind == "jacobian")]
        graphs = [total(term, self.lowered.table) for term in terms]
        return added(graphs)

    def _part_of(self, term: Term) -> Part | None:
        if term.kind == "jacobian":
            return None
        for draw in self.lowered.draws:
            if draw.term is term:
                observed = draw.variable is not None and draw.variable.role is not ir.Role.PARAMETER
                return "data" if observed else "parameters" if draw.variable is not None else "potentials"
        return "potentials"

    @cached_property
    def _hessian_products(self) -> _HessianProducts:
        return _HessianProducts(self.lowered)

    @cached_property
    def _term_function(self) -> Any:
        from pplc.compiler.backend.functions import compile_function

        graphs = [total(term, self.lowered.table) for term in self.lowered.terms]
        return compile_function([self.lowered.position], graphs, self.lowered.table.values, "terms")


class _HessianProducts(dict[bool, Any]):
    """Functions of position and direction, with and without the Jacobian, compiled when first used."""

    def __init__(self, lowered: Lowered) -> None:
        super().__init__()
        self.lowered = lowered

    def __missing__(self, jacobian: bool) -> Any:
        import pytensor

        from pplc.compiler.backend.functions import compile_function

        lowered = self.lowered
        direction = lowered.position.type("direction")
        gradient = pytensor.grad(lowered.log_density(jacobian), lowered.position, disconnected_inputs="ignore")
        product = pytensor.grad((gradient * direction).sum(), lowered.position, disconnected_inputs="ignore")
        self[jacobian] = compile_function([lowered.position, direction], [product], lowered.table.values, "hessian")
        return self[jacobian]


class ConditionalDensity:
    """The log density as a function of some parameters, the others held fixed: that of these given the others, but for
    a constant.

    Samplers that update one block of parameters after another are built on it.
    """

    def __init__(self, functions: DensityFunctions, names: Sequence[str], start: Floats) -> None:
        functions.bijection.check_names(names)
        self._functions = functions
        spans = [functions.bijection.offsets[name] for name in names]
        self._where = np.concatenate([np.arange(start, end) for start, end in spans] or [np.zeros(0, np.int64)])
        self._position = np.array(start, dtype=np.float64)

    @property
    def size(self) -> int:
        """The number of unconstrained values of the chosen parameters."""
        return len(self._where)

    def set_extra_values(self, point: Point) -> None:
        """Hold the parameters in `point` at its values from now on; errors as of `Bijection.dict_to_array`."""
        self._functions.bijection.write(point, self._position)

    def __call__(self, values: Floats) -> tuple[float, Floats]:
        """The log density and its gradient with respect to the chosen parameters, both at `values`, shape (size,)."""
        given = np.asarray(values, dtype=np.float64)
        if given.shape != (self.size,):
            raise ValueError(f"the chosen parameters have shape ({self.size},), not {given.shape}")
        self._position[self._where] = given
        log_density, gradient = self._functions._compiled(True, "all")(self._position)
        return log_density, gradient[self._where]
