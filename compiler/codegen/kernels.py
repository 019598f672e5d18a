"""Library calls in generated code: from the one PyTensor definition to Python source, for values and adjoints.

Kernels know reals and ints only: a complex leaf is two of their arguments or results, its real and imaginary part.

A kernel is made once per name, argument types and active arguments.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from .. import types
from ..library import densities
from ..library.definitions import Function, KernelFunction
from ..library.expand import DistributionFunction, TransformFunction, implementation, signatures_of
from ..library.functions._complex import make, parts
from ..library.needs import Needed, needed
from .array_text import NotArray, array_function
from .context import Context
from .graphs import gradients
from .library_functions import kernels_in
from .scalar_text import NotScalar, scalar_function
from .values import Leaf, Slot, flatten, slots


@dataclass(frozen=True, slots=True)
class Kernel:
    """`inline` texts with {0}, {1}, ... for the arguments, or the source of a function `name`.

    A function without source text is made from the graph when Numba compiles a call of it (`rebuilt`: what
    fallback.library_kernel is called with). `uses` says how often each argument occurs in the texts; `booleans`
    which results are truth values, `library` which kernels of the library the texts call.
    """

    results: tuple[str, ...] = ()
    name: str = ""
    source: str = ""
    uses: tuple[int, ...] = ()
    booleans: tuple[bool, ...] = ()
    rebuilt: str = ""
    library: tuple[KernelFunction, ...] = ()

    @property
    def inline(self) -> bool:
        return not self.name

    def reads(self, argument: int) -> bool:
        """Whether the function's text mentions an argument: derivatives often need none of the values."""
        return not self.source or re.search(rf"\ba{argument}\b", self.source.partition(":")[2]) is not None


@cache
def value_kernel(name: str, arguments: tuple[types.Type, ...]) -> Kernel:
    """The kernel for the value of a library call; its results are the leaves of the result."""
    inputs, outputs = value_graph(name, arguments)
    return _kernel(name, inputs, outputs, f"{name!r}, {tuple(map(str, arguments))!r}, None")


@cache
def adjoint_kernel(name: str, arguments: tuple[types.Type, ...], active: tuple[bool, ...]) -> Kernel:
    """The kernel from the arguments' leaves and the adjoints of the result's to those of the active arguments."""
    inputs, outputs = adjoint_graph(name, arguments, active)
    rebuilt = f"{name!r}, {tuple(map(str, arguments))!r}, {active!r}"
    return _kernel(f"{name}_adjoint", inputs, outputs, rebuilt)


@cache
def adjoint_from_result(name: str, arguments: tuple[types.Type, ...], active: tuple[bool, ...]) -> Kernel | None:
    """The same of a function of numbers whose result is known: its last argument. None where there is no text."""
    values, results = value_graph(name, arguments)
    inputs, outputs = _adjoints_of(values, results, arguments, active)
    *outputs, result = _special_forms([*outputs, *results])
    try:
        return _of_numbers(f"{name}_adjoint_from_result", [*inputs, result], outputs)
    except NotScalar:
        return None


def adjoint_graph(
    name: str, arguments: tuple[types.Type, ...], active: tuple[bool, ...]
) -> tuple[list[Any], list[Any]]:
    """Arguments and result adjoints as inputs, adjoints of the active arguments as outputs."""
    return _adjoints_of(*value_graph(name, arguments), arguments, active)


def _adjoints_of(
    inputs: list[Any], outputs: list[Any], arguments: tuple[types.Type, ...], active: tuple[bool, ...]
) -> tuple[list[Any], list[Any]]:
    adjoints = [output.astype("float64").type() for output in outputs]
    kinds = [slot.kind for slot in flatten(*map(slots, arguments))]
    wanted = [flag for flag, kind in zip(active, kinds, strict=True) for _ in range(1 + (kind == "c"))]
    given = {y: adjoint for y, adjoint in zip(outputs, adjoints, strict=True) if y.type.dtype == "float64"}
    by = [leaf for leaf, flag in zip(inputs, wanted, strict=True) if flag]
    return [*inputs, *adjoints], gradients(given, by)


def value_graph(name: str, arguments: tuple[types.Type, ...]) -> tuple[list[Any], list[Any]]:
    """Input and output tensors of a library call: one per leaf, of complex leaves two."""
    tensors = [_symbol(slots(argument)) for argument in arguments]
    result = _build(name, arguments, tensors)
    shape = slots(next(s.result for s in signatures_of(name) if s.arguments == arguments))
    return _in_parts(tuple(tensors), tuple(map(slots, arguments))), _in_parts(result, shape)


def _in_parts(tensors: Any, shape: Any) -> list[Any]:
    """The tensors of nested leaves, complex ones as two."""
    found: list[Any] = []
    for tensor, slot in zip(flatten(tensors), flatten(shape), strict=True):
        found += parts(tensor) if slot.kind == "c" else [tensor]
    return found


def _build(name: str, arguments: tuple[types.Type, ...], tensors: list[Any]) -> Any:
    """The graph of a call, from the library value that serves it."""
    found = implementation(name, arguments)
    match found:
        case Function(build=build) if build is not None:
            return build(*tensors)
        case DistributionFunction(distribution):
            kind = name.rpartition("_")[2]
            terms = densities.pointwise(distribution, kind, tensors, arguments, 0)
            return terms.prod() if kind == "cdf" else terms.sum()
        case TransformFunction(transform, part) if part != "jacobian":
            return getattr(transform, part)(*tensors)
        case _:
            raise LookupError(name)


def operands(leaves: list[Leaf], context: Context) -> list[Leaf]:
    """The leaves as kernels take them: of a complex one its real and its imaginary part."""
    found = []
    for leaf in leaves:
        if leaf.kind != "c":
            found.append(leaf)
            continue
        bound = leaf if leaf.text.isidentifier() else context.bind(leaf)
        slot = Slot("f", leaf.rank)
        found += [Leaf(f"({bound}).{part}", slot, contiguous=not leaf.rank) for part in ("real", "imag")]
    return found


def checked_needs(name: str, arguments: tuple[types.Type, ...], naming: bool) -> tuple[int, ...]:
    """The numbers of a call's needs that are checked; those where the result would be nan only for `naming`."""
    return tuple(
        number
        for number, needs in enumerate(needed(name, arguments))
        if isinstance(needs, Needed) and (naming or not needs.condition.nan)
    )


@cache
def validity_kernel(name: str, arguments: tuple[types.Type, ...], numbers: tuple[int, ...]) -> Kernel:
    """Whether the values of a call's arguments are what some of its needs, by number, say."""
    inputs, outputs = validity_graph(name, arguments, numbers)
    rebuilt = f"{name!r}, {tuple(map(str, arguments))!r}, {' '.join(map(str, numbers))!r}"
    return _kernel(f"{name}_valid", inputs, outputs, rebuilt)


def validity_graph(
    name: str, arguments: tuple[types.Type, ...], numbers: tuple[int, ...]
) -> tuple[list[Any], list[Any]]:
    """Arguments as inputs, the truth values of some of a call's needs as outputs."""
    import pytensor.tensor as pt

    tensors = [_symbol(slots(argument)) for argument in arguments]
    needs = [found for found in map(needed(name, arguments).__getitem__, numbers) if isinstance(found, Needed)]
    truths = [found.truth(tensors) for found in needs]
    inputs = _in_parts(tuple(tensors), tuple(map(slots, arguments)))
    return inputs, [pt.all(truth) if truth.ndim else pt.as_tensor(truth) for truth in truths]


def _symbol(shape: Any) -> Any:
    import pytensor.tensor as pt

    if isinstance(shape, Slot) and shape.kind == "c":
        return make(*(_symbol(Slot("f", shape.rank)) for _ in range(2)))
    if isinstance(shape, Slot):
        return pt.tensor(dtype=shape.tensor_dtype, shape=(None,) * shape.rank)
    return tuple(map(_symbol, shape))


def _special_forms(outputs: Sequence[Any]) -> list[Any]:
    from ..rewrite.pipeline import special_forms

    return [_truth(output) for output in special_forms(outputs)]


def _kernel(name: str, inputs: Sequence[Any], outputs: Sequence[Any], rebuilt: str) -> Kernel:
    outputs = _special_forms(outputs)
    try:
        return _of_numbers(name, inputs, outputs)
    except NotScalar:
        booleans = _booleans(outputs)
        try:
            source, library = array_function(inputs, outputs)
            return Kernel(name=name, source=source, booleans=booleans, library=library)
        except NotArray:
            return Kernel(name=name, booleans=booleans, rebuilt=rebuilt)


def _of_numbers(name: str, inputs: Sequence[Any], outputs: Sequence[Any]) -> Kernel:
    from pytensor.graph.traversal import io_toposort

    booleans = _booleans(outputs)
    lines, results = scalar_function(list(inputs), list(outputs))
    library = kernels_in(io_toposort(list(inputs), outputs))
    uses = tuple(sum(text.count(f"{{{n}}}") for text in (*lines, *results)) for n in range(len(inputs)))
    if not lines and sum(map(len, results)) < 80:
        return Kernel(tuple(results), uses=uses, booleans=booleans, library=library)
    parameters = [f"a{number}" for number in range(len(inputs))]
    body = [*lines, f"return {', '.join(results)}"]
    source = "\n    ".join([f"({', '.join(parameters)}):", *(line.format(*parameters) for line in body)])
    return Kernel(name=name, source=source, booleans=booleans, library=library)


def _booleans(outputs: Sequence[Any]) -> tuple[bool, ...]:
    return tuple(output.type.dtype == "bool" for output in outputs)


def _truth(output: Any) -> Any:
    """A comparison's truth value instead of the integer made of it."""
    from pytensor.scalar.basic import Cast
    from pytensor.tensor.elemwise import Elemwise

    match output.owner_op_and_inputs:
        case (Elemwise(scalar_op=Cast()), truth) if truth.type.dtype == "bool" and not truth.ndim:
            return truth
        case _:
            return output
