"""From a PyTensor graph to the text of a program."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
import pytensor
import pytensor.tensor as pt
from pytensor.graph.basic import Variable
from pytensor.graph.fg import FunctionGraph
from pytensor.graph.replace import clone_replace
from pytensor.graph.traversal import ancestors, graph_inputs, toposort
from pytensor.tensor.subtensor import Subtensor

from ..codegen.loop_op import GeneratedSweep
from ..library.graph import untraced
from ..rewrite import simplify
from ..rewrite.rows import specialise
from ..rewrite.terms_together import together
from . import random_methods
from .arrays import Array, CallOutput, Elementwise, Source, in_order
from .cache import machine_code
from .convert import Converter
from .data_parts import split_off_data
from .functions import Argument
from .llvm import Signature
from .loops import write
from .mathlib import needed
from .program import Bound, Slot, Text, assemble_text, digest, function_text
from .schedule import Data
from .support import gate, lift_conditions


@dataclass
class Built:
    """A program's text with the data it was built for."""

    text: Text
    size: int
    arrays: dict[str, np.ndarray]
    symbols: dict[str, int] = field(default_factory=dict)
    data_names: dict[str, str] = field(default_factory=dict)
    keep_alive: list[object] = field(default_factory=list)
    assumed: dict[str, str] = field(default_factory=dict)

    def bind(self) -> Bound:
        """The program linked with its data."""
        code = machine_code(self.text)
        return Bound(self.text, code, self.arrays, self.symbols, self.data_names, self.keep_alive, self.assumed)


def static_slices(position: Variable, outputs: Sequence[Variable]) -> dict[Variable, slice | int]:
    """Every constant slice or element that the graph takes of the position."""
    found: dict[Variable, slice | int] = {}
    for variable in ancestors(outputs):
        node = variable.owner
        if node is None or not isinstance(node.op, Subtensor) or node.inputs[0] is not position:
            continue
        from pytensor.tensor.subtensor import get_constant_idx

        [entry] = get_constant_idx(node.op.idx_list, node.inputs, allow_partial=True)
        size = position.type.shape[0]
        if isinstance(entry, int | np.integer):
            found[variable] = int(entry) % size
        elif isinstance(entry, slice) and not any(
            isinstance(part, Variable) for part in (entry.start, entry.stop, entry.step)
        ):
            first, last, step = entry.indices(size)
            if step == 1:
                found[variable] = slice(first, max(last, first))
    return found


@untraced
def density_text(position: Any, log_density: Any, data: Mapping[Any, Any], name: str) -> Built:
    """The text of a log density with its gradient: each slice of the position is an input of its own."""
    size = position.type.shape[0]
    if size is None:
        raise ValueError("the position needs a static length")
    terms, conditions = lift_conditions(log_density)
    terms, conditions, derived = specialise(terms, conditions, data)
    terms = together(terms)
    slices = static_slices(position, [terms, *conditions])
    distinct: dict[tuple[int, int, int], Variable] = {}
    replacements = {}
    for variable, where in slices.items():
        key = (where, where + 1, 0) if isinstance(where, int) else (where.start, where.stop, 1)
        if key not in distinct:
            shape = () if key[2] == 0 else (key[1] - key[0],)
            distinct[key] = pt.tensor(f"q_{key[0]}_{key[1]}", dtype="float64", shape=shape)
        replacements[variable] = distinct[key]
    rest = pt.tensor("q_all", dtype="float64", shape=(size,))
    replacements[position] = rest
    [value, *conditions] = clone_replace([terms, *conditions], replacements)
    inputs = {variable: Source(variable.type.shape, "float", "q", key[0]) for key, variable in distinct.items()}
    inputs[rest] = Source((size,), "float", "q", 0)
    present = set(graph_inputs([value]))
    wrt = [variable for variable in inputs if variable in present]
    used = [variable for variable in inputs if variable in set(graph_inputs([value, *conditions]))]
    gradients: Any = pytensor.grad(value, wrt, disconnected_inputs="ignore") if wrt else []
    conditions += _differentiable(gradients)
    known = {**data, **derived}
    graph, arrays = convert_graph(used, [gate(value, conditions), *gradients], known, {v: inputs[v] for v in used})
    graph.derived_from(data if derived else {}, derived)
    result, *slopes = arrays
    gradient = _assemble_gradient(size, [(inputs[v], g) for v, g in zip(wrt, slopes, strict=True)])
    return finish(
        graph,
        gradient,
        [result],
        {"q"},
        f"def {name}(q: floats, grad: floats) -> float:",
        name,
        size,
    )


def _differentiable(gradients: Sequence[Variable]) -> list[Variable]:
    """Conditions under which a gradient exists: it may be missing where a solver in generated code has an answer."""
    nodes = toposort(list(gradients))
    return [pt.eq(node.outputs[-1], 1) for node in nodes if isinstance(node.op, GeneratedSweep) and node.op.tells]


def _assemble_gradient(size: int, slopes: list[tuple[Source, Array]]) -> list[tuple[Array, Source]]:
    """Where each piece of the gradient is written; where pieces overlap they are summed."""
    slopes = [(where, slope) for where, slope in slopes if where.size]
    cuts = sorted({0, size, *(w.offset for w, _ in slopes), *(w.offset + w.size for w, _ in slopes)})
    stores: list[tuple[Array, Source]] = []
    from .arrays import Constant, Index, Reindex
    from .convert.shapes import reshape

    for first, last in pairwise(cuts):
        length = last - first
        terms: list[Array] = []
        exact = None
        for where, slope in slopes:
            if where.offset <= first and last <= where.offset + where.size:
                if where.offset == first and where.size == length:
                    exact = slope
                    terms.append(reshape(slope, (length,)))
                else:
                    flat = reshape(slope, (where.size,))
                    index = (Index(first - where.offset, ((0, 1),)),)
                    terms.append(Reindex((length,), "float", flat, index))
        destination = Source((length,), "float", "grad", first)
        if not terms:
            stores.append((Constant((length,), "float", 0.0), destination))
        elif len(terms) == 1 and exact is not None:
            stores.append((exact, Source(exact.shape, "float", "grad", first)))
        else:
            template = " + ".join(f"{{{number}}}" for number in range(len(terms)))
            stores.append((Elementwise((length,), "float", template, tuple(terms), len(terms)), destination))
    return stores


@dataclass
class Converted:
    """What converting a graph leaves besides the arrays."""

    converter: Converter
    data: dict[str, tuple[Source, np.ndarray]]
    names: dict[str, str]  # of the data, by slot
    assumed: dict[str, str] = field(default_factory=dict)  # digests of data by name, without which it is wrong

    def derived_from(self, data: Mapping[Any, Any], derived: Mapping[Any, Any]) -> None:
        """Note that some data were made of others: they are kept with the program, which is right for those only."""
        made = {variable.name for variable in derived}
        self.names = {slot: name for slot, name in self.names.items() if name not in made}
        self.assumed = {str(variable.name): digest(value) for variable, value in data.items()}


def convert_graph(
    varying: Sequence[Variable], outputs: Sequence[Variable], data: Mapping[Any, Any], sources: dict[Variable, Source]
) -> tuple[Converted, list[Array]]:
    """Simplify a graph and convert it."""
    used = [variable for variable in graph_inputs(outputs) if variable in data]
    missing = [
        v
        for v in graph_inputs(outputs)
        if v not in data and v not in sources and v.owner is None and not hasattr(v, "data")
    ]
    if missing:
        raise ValueError(f"no values for {', '.join(map(str, missing))}")
    graph = FunctionGraph([*varying, *used], list(outputs), clone=True, copy_inputs=True)
    simplify(graph, last=True)
    new = dict(zip([*varying, *used], graph.inputs, strict=True))
    inputs: dict[Variable, Array] = {new[variable]: sources[variable] for variable in varying}
    entries: dict[str, tuple[Source, np.ndarray]] = {}
    names: dict[str, str] = {}
    for number, variable in enumerate(used):
        value = np.asarray(data[variable])
        kind = "float" if np.dtype(variable.type.dtype).kind == "f" else "int"
        source = Source(value.shape, kind, f"d{number}")  # type: ignore[arg-type]
        entries[source.buffer] = (source, value)
        name = variable.name
        names[source.buffer] = f"data{number}" if name is None or name in names.values() else name
        inputs[new[variable]] = source
    converter = Converter(inputs, {new[variable] for variable in varying})
    arrays = converter.convert_all(graph.outputs)
    return Converted(converter, entries, names), arrays


def finish(
    graph: Converted,
    stores: list[tuple[Array, Source]],
    scalars: list[Array],
    arguments: set[str],
    head: str,
    name: str,
    size: int,
    more: Mapping[str, str] | None = None,
) -> Built:
    """Split off what depends on data only and write the program."""
    checks = graph.converter.checks
    roots = [array for array, _ in stores] + scalars
    split, checked = split_off_data(roots, arguments, [array for array, _ in checks])
    slots = [Slot(buffer, source.storage, source.size) for buffer, (source, _) in graph.data.items()]
    slots += [Slot(source.buffer, source.storage, source.size) for source, _ in graph.converter.constants]
    slots += [Slot(source.buffer, source.storage, source.size) for _, source in split.prepared]
    new_stores = [(array, where) for array, (_, where) in zip(split.roots, stores, strict=False)]
    data = Data({slot.name for slot in slots}, split.transposed)
    body = write(new_stores, split.roots[len(stores) :], data)
    idle = split.transposed.keys() - body.names  # all loops over them read other copies
    slots = [slot for slot in slots if slot.name not in idle]
    slots += [Slot(turned.copy.buffer, turned.copy.storage, turned.copy.size) for turned in body.turned]
    functions, exported, names = [], [name], body.names
    prepared = [(array, where) for array, where in split.prepared if where.buffer not in idle]
    if prepared or body.turned:
        preparation = write(prepared)
        for turned in body.turned:
            preparation.add(turned.lines())
        functions.append(function_text("def prepare() -> None:", preparation, slots))
        exported.append("prepare")
        names = names | preparation.names
    functions.append(function_text(head, body, slots, ", ".join(body.scalars)))
    functions += (more or {}).values()
    exported += more or {}
    every = in_order([*roots, *(array for array, _ in prepared)])
    calls = {id(array.call): array.call for array in every if isinstance(array, CallOutput)}
    externals, symbols = {}, {}
    alive: list[object] = []
    for call in calls.values():
        function = call.compiled
        if function is not None and function.name not in externals:
            types = tuple(o.storage for o in call.operands) + tuple(o.storage for o in call.outputs)
            externals[function.name] = Signature(function.name, types, "None")
            symbols[function.name] = function.address
            alive.append(function)
    called = {call for helper in needed(names) for call in helper.calls}
    for signature in random_methods.used(called):
        externals[signature.name] = signature
        symbols[signature.name] = random_methods.addresses()[signature.name]
    text = Text(
        assemble_text(functions, names),
        tuple(exported),
        tuple(slots),
        tuple((source.buffer, limit) for source, (_, limit) in zip(checked, checks, strict=True)),
        tuple(externals.values()),
    )
    arrays = {buffer: value for buffer, (_, value) in graph.data.items()}
    arrays |= {source.buffer: value for source, value in graph.converter.constants}
    return Built(text, size, arrays, symbols, graph.names, alive, graph.assumed)


@untraced
def function_program(
    inputs: Sequence[Any], outputs: Sequence[Any], data: Mapping[Any, Any], name: str
) -> tuple[Built, tuple[Argument, ...], tuple[Argument, ...]]:
    """The text of a function of arrays, with a loop over draws around it."""
    sources: dict[Variable, Source] = {}
    for number, variable in enumerate(inputs):
        if None in variable.type.shape:
            raise ValueError(f"the shape of {variable} is not known")
        kind = "float" if np.dtype(variable.type.dtype).kind == "f" else "int"
        sources[variable] = Source(tuple(variable.type.shape), kind, f"x{number}")  # type: ignore[arg-type]
    graph, arrays = convert_graph(list(inputs), list(outputs), data, sources)
    stores, results = [], []
    for number, (array, output) in enumerate(zip(arrays, outputs, strict=True)):
        kind = "float" if array.kind == "float" else "int"
        stores.append((array, Source(array.shape, kind, f"y{number}")))  # type: ignore[arg-type]
        results.append(Argument(array.shape, output.type.dtype))
    places = [*sources.values(), *(where for _, where in stores)]
    parameters = ", ".join(f"{where.buffer}: {where.storage}" for where in places)
    pieces = ", ".join(f"{where.buffer}[k * {where.size}:]" for where in places)
    loop = (
        f"@fast\ndef over_draws(number: int{', ' if places else ''}{parameters}) -> None:\n"
        f"    for k in range(number):\n        {name}({pieces})\n    return\n"
    )
    buffers = {where.buffer for where in sources.values()}
    built = finish(graph, stores, [], buffers, f"def {name}({parameters}) -> None:", name, 0, {"over_draws": loop})
    types = tuple(Argument(tuple(variable.type.shape), variable.type.dtype) for variable in inputs)
    return built, types, tuple(results)
