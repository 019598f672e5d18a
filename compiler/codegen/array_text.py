"""Graphs over arrays of any size, as the text of one function: loops written out, nothing allocated in between.

An array that exists has a name; one that does not is a rule for the text of its element at given positions.
Elementwise operations, views and gathers only change the rule. Memory is filled where an array is a result, is
read more than once, or is an operand of a product of matrices.

Serves graphs whose sizes are not known while generating (a function called with vectors of several lengths).
An operation without a rule raises NotArray, and the call goes through PyTensor's own back end instead.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from ..library.definitions import KernelFunction
from .array_algebra import ALGEBRA, library_kernel, rule_of
from .array_pieces import PIECES
from .array_rule import DTYPE, NotArray, Positions, Rule
from .library_functions import is_kernel, kernels_in
from .scalar_text import NotScalar, scalar_op_text

_RULES = PIECES | ALGEBRA
_NEUTRAL = {
    "Add": "0",
    "Mul": "1",
    "MulWithoutZeros": "1",
    "Maximum": "-np.inf",
    "Minimum": "np.inf",
    "AND": "True",
    "OR": "False",
}
MOST_LISTED = 1024  # numbers of a constant that are written out
_LARGEST = "9223372036854775807"
_NEUTRAL_OF_INTS = {"Maximum": f"-{_LARGEST}", "Minimum": _LARGEST}
_COMBINE = {
    "Add": "{0} += {1}",
    "Mul": "{0} *= {1}",
    "MulWithoutZeros": "{0} *= {1} if {1} != 0.0 else 1.0",
    "AND": "{0} = {0} and {1}",
    "OR": "{0} = {0} or {1}",
    "Maximum": "{0} = maximum({0}, {1})",
    "Minimum": "{0} = minimum({0}, {1})",
}
_COMBINE_INTS = {"Maximum": "{0} = max({0}, {1})", "Minimum": "{0} = min({0}, {1})"}  # fmt: skip


def array_function(inputs: Sequence[Any], outputs: Sequence[Any]) -> tuple[str, tuple[KernelFunction, ...]]:
    """The text of a function from its parameter list on, `(a0, a1): ...`, and the kernels of the library it calls."""
    from pytensor.graph.traversal import io_toposort

    same: dict[Any, Any] = {}
    order = list(_once(_inlined(io_toposort(list(inputs), list(outputs)), same), same))
    writer = Function(same)
    used = [source for node in order for source in node.inputs]
    writer.uses.update(map(writer.meant, [*used, *outputs, *outputs]))  # a result is put into memory
    parameters = [f"a{number}" for number in range(len(inputs))]
    for name, variable in zip(parameters, inputs, strict=True):
        writer.rules[variable] = writer.named(name, variable.type.ndim)
    for node in order:
        writer.node(node)
    results = [writer.result(output) for output in outputs]
    lines = [f"({', '.join(parameters)}):", *writer.lines, f"return {', '.join(results)}"]
    return "\n    ".join(lines), kernels_in(order)


def _inlined(nodes: Iterable[Any], same: dict[Any, Any]) -> Iterator[Any]:
    """The nodes, with those of inner graphs in the place of an op that is a graph; `same` says which variables
    are then others."""
    from pytensor.compile.builders import OpFromGraph

    for node in nodes:
        if not isinstance(node.op, OpFromGraph):
            yield node
            continue
        graph = node.op.fgraph.unfreeze()
        same.update(zip(graph.inputs, node.inputs, strict=True))
        yield from _inlined(graph.toposort(), same)
        same.update(zip(node.outputs, graph.outputs, strict=True))


def _once(nodes: Iterable[Any], same: dict[Any, Any]) -> Iterator[Any]:
    """The nodes without those that compute what one before has computed; derivatives repeat much of their function."""
    from pytensor.graph.basic import Constant

    seen: dict[Any, Any] = {}
    for node in nodes:
        sources = [meant(source, same) for source in node.inputs]
        key = (node.op, *(source.signature() if isinstance(source, Constant) else source for source in sources))
        first = seen.setdefault(key, node)
        if first is node:
            yield node
        else:
            same.update(zip(node.outputs, first.outputs, strict=True))


def meant(variable: Any, same: dict[Any, Any]) -> Any:
    """The variable that stands for this one."""
    while variable in same:
        variable = same[variable]
    return variable


class Function:
    """The lines written so far and the rules of the variables seen."""

    def __init__(self, same: dict[Any, Any]) -> None:
        self.same = same
        self.uses: Counter[Any] = Counter()
        self.rules: dict[Any, Rule] = {}
        self.lines: list[str] = []
        self.given: set[str] = set()  # arrays that are results
        self.solutions: dict[Any, Rule] = {}  # of systems with a triangular matrix
        self.count = 0

    def meant(self, variable: Any) -> Any:
        """The variable that stands for this one."""
        return meant(variable, self.same)

    # Names and memory -----------------------------------------------------------------------

    def fresh(self, prefix: str) -> str:
        self.count += 1
        return f"{prefix}{self.count}"

    def named(self, name: str, rank: int) -> Rule:
        sizes = tuple(f"{name}.shape[{axis}]" for axis in range(rank))
        return Rule(sizes, (lambda at: f"{name}[{', '.join(at)}]") if rank else (lambda at: name), name)

    def bound(self, text: str, prefix: str = "n") -> str:
        """The text of a number under a name, unless it is short."""
        if text.isidentifier() or text.replace(".", "", 1).isdigit():
            return text
        name = self.fresh(prefix)
        self.lines.append(f"{name} = {text}")
        return name

    def loops(self, sizes: Sequence[str], depth: int = 0) -> list[str]:
        """Open a loop per size; the positions. Lines inside are indented by `depth` + number of sizes."""
        positions = []
        for number, size in enumerate(sizes):
            positions.append("0" if size == "1" else self.fresh("i"))
            head = f"for {positions[-1]} in range({size}):" if size != "1" else "if True:"
            self.lines.append("    " * (depth + number) + head)
        return positions

    def memory(self, rule: Rule, dtype: str) -> Rule:
        """The array filled in."""
        if rule.name is not None or not rule.rank:
            return rule
        name = self.fresh("v")
        sizes = [self.bound(size) for size in rule.sizes]
        self.lines.append(f"{name} = np.empty(({', '.join(sizes)},), {DTYPE.get(dtype, 'np.int64')})")
        if rule.items:
            self.lines += [f"{name}[{position}] = {item}" for position, item in enumerate(rule.items)]
        else:
            at = self.loops(sizes)
            self.lines.append("    " * len(sizes) + f"{name}[{', '.join(at)}] = {rule.element(at)}")
        return Rule(tuple(sizes), lambda at: f"{name}[{', '.join(at)}]", name)

    def result(self, variable: Any) -> str:
        variable = self.meant(variable)
        rule = self.rule(variable)
        if not rule.rank:
            return rule.text
        filled = self.memory(rule, variable.type.dtype)
        assert filled.name is not None
        if filled.name.startswith("a") or filled.name in self.given:  # neither an argument nor the same array twice
            return f"{filled.name}.copy()"
        self.given.add(filled.name)
        return filled.name

    def rule(self, variable: Any) -> Rule:
        from pytensor.graph.basic import Constant

        variable = self.meant(variable)
        if variable not in self.rules:
            if not isinstance(variable, Constant):
                raise NotArray(str(variable))
            self.rules[variable] = self.constant(variable)
        return self.rules[variable]

    def constant(self, variable: Any) -> Rule:
        data = variable.data
        if data is None or not hasattr(data, "ndim"):
            text = _literal(data)
            return Rule((), lambda at: text)
        if data.size == 1:
            text = _literal(data.item())
            return Rule(("1",) * data.ndim, lambda at: text)
        if data.size > MOST_LISTED:
            raise NotArray("large constant")
        name = self.fresh("c")
        listed = repr(data.ravel().tolist()).replace("inf", "np.inf").replace("nan", "np.nan")
        shaped = f".reshape({data.shape})" if data.ndim > 1 else ""
        self.lines.append(f"{name} = np.array({listed}, {DTYPE.get(str(data.dtype), 'np.int64')}){shaped}")
        return Rule(tuple(map(str, data.shape)), self.named(name, data.ndim).element, name)

    def store(self, variable: Any, rule: Rule) -> None:
        """Keep the rule of a result; fill memory where it would be computed again and again."""
        if not rule.rank:
            text = rule.text
            if self.uses[variable] > 1 and not rule.cheap:
                text = self.bound(text, "x")
            self.rules[variable] = Rule((), lambda at: text)
        elif self.uses[variable] > 1 and not rule.cheap and all(size == "1" for size in rule.sizes):
            text = self.bound(rule.element(["0"] * rule.rank), "x")
            self.rules[variable] = Rule(rule.sizes, lambda at: text)
        elif self.uses[variable] > 1 and not rule.cheap:
            self.rules[variable] = self.memory(rule, variable.type.dtype)
        else:
            self.rules[variable] = rule

    # Operations -----------------------------------------------------------------------------

    def node(self, node: Any) -> None:
        results = self.operation(node, [self.rule(source) for source in node.inputs])
        for variable, rule in zip(node.outputs, results if isinstance(results, list) else [results], strict=True):
            self.store(variable, rule)

    def operation(self, node: Any, operands: list[Rule]) -> Rule | list[Rule]:
        """The rule of each result of a node; one that has a single result may give it as it is."""
        from pytensor.scalar.basic import ScalarOp

        name = type(node.op).__name__
        if name in ("Sum", "Prod", "ProdWithoutZeros", "Max", "Min", "All", "Any", "CAReduce"):
            name = "reduce"
        if rule := rule_of(node.op, _RULES):
            return rule(self, node, operands)
        if hasattr(node.op, "gufunc_signature") and is_kernel(node.op):
            return library_kernel(self, node, operands)
        if method := getattr(self, f"_{name}", None):
            return method(node, operands)
        if isinstance(node.op, ScalarOp):
            return self._of_numbers(node, operands)
        raise NotArray(name)

    def _Elemwise(self, node: Any, operands: list[Rule]) -> Rule:
        rank = node.outputs[0].type.ndim
        if not rank:
            return self._of_numbers(node, operands)
        types = [source.type for source in node.inputs]
        sizes = []
        for axis in range(rank):
            known = [o.sizes[axis] for o, t in zip(operands, types, strict=True) if t.shape[axis] != 1]
            sizes.append(self.bound(known[0]) if known else "1")

        def element(at: Positions) -> str:
            texts = []
            for operand, type in zip(operands, types, strict=True):
                own = ["0" if type.shape[axis] == 1 else at[axis] for axis in range(type.ndim)]
                texts.append(operand.element(own))
            try:
                return scalar_op_text(node.op.scalar_op, texts, node)
            except NotScalar as problem:
                raise NotArray(str(problem)) from None

        listed = next((operand.items for operand in operands if operand.items), ())
        if listed and all(o.items or t.shape == (1,) for o, t in zip(operands, types, strict=True)):
            return self._listed([element([str(position)]) for position in range(len(listed))])
        element(["0"] * rank)  # refuse now what has no text
        return Rule(tuple(sizes), element, cheap=False)

    def _of_numbers(self, node: Any, operands: list[Rule]) -> Rule:
        """An operation on numbers."""
        texts = [operand.text for operand in operands]
        op = getattr(node.op, "scalar_op", node.op)
        if node.outputs[0].type.dtype == "int64" and all(map(_is_integer, texts)):  # what comes of the number of axes
            found = _literal(int(op.impl(*(int(text.strip("()")) for text in texts))))
            return Rule((), lambda at: found)
        try:
            text = scalar_op_text(op, texts, node)
        except NotScalar as problem:
            raise NotArray(str(problem)) from None
        return Rule((), lambda at: text, cheap=False)

    def _DimShuffle(self, node: Any, operands: list[Rule]) -> Rule:
        (operand,) = operands
        order = node.op.new_order
        sizes = tuple("1" if source == "x" else operand.sizes[source] for source in order)

        def element(at: Positions) -> str:
            own = ["0"] * operand.rank
            for position, source in zip(at, order, strict=True):
                if source != "x":
                    own[source] = position
            return operand.element(own)

        return Rule(sizes, element, cheap=operand.cheap)

    def _reduce(self, node: Any, operands: list[Rule]) -> Rule:
        (operand,) = operands
        kind = type(node.op.scalar_op).__name__.removeprefix("Scalar")
        if kind not in _COMBINE:
            raise NotArray(kind)
        axes = tuple(range(operand.rank)) if node.op.axis is None else tuple(node.op.axis)
        kept = [axis for axis in range(operand.rank) if axis not in axes]
        dtype = node.outputs[0].type.dtype
        neutral, combine = _NEUTRAL[kind], _COMBINE[kind]
        if dtype.startswith("float"):
            neutral += ".0" if neutral in "01" else ""
        elif kind in _COMBINE_INTS:
            neutral, combine = _NEUTRAL_OF_INTS[kind], _COMBINE_INTS[kind]
        sizes = {axis: self.bound(size) for axis, size in enumerate(operand.sizes)}
        name = self.fresh("v")
        if kept:
            shape = ", ".join(sizes[axis] for axis in kept)
            self.lines.append(f"{name} = np.empty(({shape},), {DTYPE.get(dtype, 'np.int64')})")
        outer = self.loops([sizes[axis] for axis in kept])
        total = self.fresh("t")
        depth = len(kept)
        self.lines.append("    " * depth + f"{total} = {neutral}")
        if operand.rank == 1 and sizes[0].isdigit() and int(sizes[0]) <= 4:  # the numbers of a shape, for example
            for position in range(int(sizes[0])):
                self.lines.append(combine.format(total, operand.element([str(position)])))
            return Rule((), lambda at: total)
        inner = self.loops([sizes[axis] for axis in axes], depth)
        at = dict(zip([*kept, *axes], [*outer, *inner], strict=True))
        text = operand.element([at[axis] for axis in range(operand.rank)])
        self.lines.append("    " * (depth + len(axes)) + combine.format(total, text))
        if not kept:
            return Rule((), lambda at: total)
        self.lines.append("    " * depth + f"{name}[{', '.join(outer)}] = {total}")
        return Rule(tuple(sizes[axis] for axis in kept), lambda at: f"{name}[{', '.join(at)}]", name)

    def _CumOp(self, node: Any, operands: list[Rule]) -> Rule:
        (operand,) = operands
        axis = node.op.axis
        sizes = [self.bound(size) for size in operand.sizes]
        name, total, dtype = self.fresh("v"), self.fresh("t"), node.outputs[0].type.dtype
        self.lines.append(f"{name} = np.empty(({', '.join(sizes)},), {DTYPE.get(dtype, 'np.int64')})")
        others = [number for number in range(operand.rank) if number != axis]
        outer = self.loops([sizes[number] for number in others])
        depth = "    " * len(others)
        neutral, operator = ("0", "+=") if node.op.mode == "add" else ("1", "*=")
        self.lines.append(f"{depth}{total} = {neutral}{'.0' if dtype.startswith('float') else ''}")
        (position,) = self.loops([sizes[axis]], len(others))
        at = list(outer)
        at.insert(axis, position)
        self.lines.append(f"{depth}    {total} {operator} {operand.element(at)}")
        self.lines.append(f"{depth}    {name}[{', '.join(at)}] = {total}")
        return Rule(tuple(sizes), lambda at: f"{name}[{', '.join(at)}]", name)

    # Sizes and numbers ----------------------------------------------------------------------

    def _Shape_i(self, node: Any, operands: list[Rule]) -> Rule:
        size = operands[0].sizes[node.op.i]
        return Rule((), lambda at: size)

    def _Shape(self, node: Any, operands: list[Rule]) -> Rule:
        return self._listed(list(operands[0].sizes))

    def _MakeVector(self, node: Any, operands: list[Rule]) -> Rule:
        return self._listed([operand.text for operand in operands])

    def _listed(self, texts: list[str]) -> Rule:
        def element(at: Positions) -> str:
            if at[0].isdigit():
                return texts[int(at[0])]
            raise NotArray("a position in a list of numbers")

        return Rule((str(len(texts)),), element, items=tuple(texts))

    def _ScalarFromTensor(self, node: Any, operands: list[Rule]) -> Rule:
        return operands[0]

    _TensorFromScalar = _ScalarFromTensor

    def _SpecifyShape(self, node: Any, operands: list[Rule]) -> Rule:
        return operands[0]

    # Made from nothing ----------------------------------------------------------------------

    def _Alloc(self, node: Any, operands: list[Rule]) -> Rule:
        value, *sizes = operands
        shape = node.inputs[0].type.shape

        def element(at: Positions) -> str:
            own = at[len(at) - value.rank :]
            return value.element(["0" if size == 1 else p for size, p in zip(shape, own, strict=True)])

        return Rule(tuple(self.bound(size.text) for size in sizes), element, cheap=value.cheap)

    def _ARange(self, node: Any, operands: list[Rule]) -> Rule:
        start, stop, step = (operand.text for operand in operands)
        if step not in ("1", "1.0"):
            raise NotArray("a step")
        length = f"max({stop} - {start}, 0)"
        if any(source.type.dtype == "float64" for source in node.inputs):  # whole numbers all the same
            length = f"int({length})"
        return Rule((self.bound(length),), lambda at: f"({start} + {at[0]})")

    def _Eye(self, node: Any, operands: list[Rule]) -> Rule:
        rows, columns, offset = (operand.text for operand in operands)
        value = "1.0 if {0} + %s == {1} else 0.0" % offset  # noqa: UP031
        return Rule((rows, columns), lambda at: f"({value.format(*at)})")

    # Products -------------------------------------------------------------------------------

    def _Dot(self, node: Any, operands: list[Rule]) -> Rule:
        left, right = (
            operand if operand.cheap else self.memory(operand, source.type.dtype)
            for operand, source in zip(operands, node.inputs, strict=True)
        )
        rows, inner, columns = (self.bound(size) for size in (left.sizes[0], left.sizes[1], right.sizes[1]))
        name, total, dtype = self.fresh("v"), self.fresh("t"), node.outputs[0].type.dtype
        self.lines.append(f"{name} = np.empty(({rows}, {columns}), {DTYPE.get(dtype, 'np.int64')})")
        i, j = self.loops([rows, columns])
        self.lines.append(f"        {total} = {'0.0' if dtype == 'float64' else '0'}")
        (k,) = self.loops([inner], 2)
        self.lines.append(f"            {total} += {left.element([i, k])} * {right.element([k, j])}")
        self.lines.append(f"        {name}[{i}, {j}] = {total}")
        return Rule((rows, columns), lambda at: f"{name}[{', '.join(at)}]", name)

    def _Reshape(self, node: Any, operands: list[Rule]) -> Rule:
        source, shape = operands
        wanted = [shape.element([str(axis)]) for axis in range(int(shape.sizes[0]))]
        if "(-1)" in wanted:  # the axis that takes what remains
            rest = [size for size in wanted if size != "(-1)"]
            whole = " * ".join(source.sizes) or "1"
            wanted[wanted.index("(-1)")] = self.bound(f"({whole}) // max({' * '.join(rest) or '1'}, 1)")
        filled = self.memory(source, node.inputs[0].type.dtype)
        name = self.fresh("v")
        self.lines.append(f"{name} = {filled.name}.copy().reshape(({', '.join(wanted)},))")
        return self.named(name, len(wanted))


def _is_integer(text: str) -> bool:
    return text.strip("()").removeprefix("-").isdigit()


def _literal(value: Any) -> str:
    if value is None:
        return "None"
    if isinstance(value, bool | int):
        return f"({value})" if value < 0 else str(value)
    if value != value:
        return "nan"
    if value in (float("inf"), float("-inf")):
        return "inf" if value > 0 else "(-inf)"
    return f"({value!r})" if isinstance(value, complex) or value < 0 else repr(value)
